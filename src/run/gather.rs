//! The world as the engine wants it: the roster, the users and groups, and what earlier runs left behind.

use crate::connector::{Source, Target};
use crate::engine::{Inputs, Memory};
use crate::model::{Group, Roster, User};
use crate::recipe::Recipe;
use crate::run::RunError;
use crate::run::report::employees_to_measure_by;
use crate::stage::today::Now;
use crate::store::Store;

/// Everything read for one plan.
#[derive(Debug)]
pub struct Gathered {
    /// The employees.
    pub roster: Roster,
    /// The users.
    pub users: Vec<User>,
    /// The groups and teams.
    pub groups: Vec<Group>,
    /// What earlier runs left behind.
    pub memory: Memory,
}

impl Gathered {
    /// What the engine takes.
    #[must_use]
    pub fn inputs(&self, now: Now) -> Inputs<'_> {
        Inputs { roster: &self.roster, users: &self.users, groups: &self.groups, memory: &self.memory, now }
    }
}

/// Reads source, target and memory at the same time.
///
/// # Errors
/// When any of them cannot be read: then there is nothing to decide on.
pub async fn gather(
    recipe: &Recipe,
    source: &dyn Source,
    target: &dyn Target,
    store: &Store,
) -> Result<Gathered, RunError> {
    let roster = async { source.roster(&recipe.layout).await.map_err(RunError::from) };
    let users = async {
        let groups = target.groups().await?;
        let users = target.users(&recipe.user_layout).await?;
        Ok::<_, RunError>((groups, users))
    };
    let (roster, (groups, users), memory) = tokio::try_join!(roster, users, memory(recipe, store))?;
    Ok(Gathered { roster, users, groups, memory })
}

async fn memory(recipe: &Recipe, store: &Store) -> Result<Memory, RunError> {
    let name = &recipe.name;
    Ok(Memory {
        links: store.links(name).await?.into_iter().map(|link| (link.employee, link.user)).collect(),
        intents: store.intents(name).await?.into_iter().map(|intent| (intent.employee, intent.login)).collect(),
        previous_employees: store.last_finished(name).await?.map(employees_to_measure_by),
        memberships: store.owned_by_user(name, "membership").await?,
        references: store.owned_by_user(name, "reference").await?,
    })
}
