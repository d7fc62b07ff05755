//! The world as the engine wants it: the roster, the users and groups, and what earlier runs left behind.

use std::collections::BTreeMap;

use super::complete::{KnownUsers, users_that_count};
use crate::connector::{Source, Target};
use crate::engine::{Inputs, Memory};
use crate::model::{Group, Roster, Unlisted, User};
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
    /// What is known of users where listings leave it out.
    pub(super) known: KnownUsers,
}

/// How everything is read.
#[derive(Debug, Clone, Copy)]
pub struct Reading {
    /// When it is.
    pub now: Now,
    /// Whether the target is asked about every user, instead of trusting what is remembered.
    pub verify: bool,
}

impl Reading {
    /// With trust in what is remembered.
    #[must_use]
    pub fn at(now: Now) -> Self {
        Self { now, verify: false }
    }
}

impl Gathered {
    /// What the engine takes.
    #[must_use]
    pub fn inputs(&self, now: Now) -> Inputs<'_> {
        Inputs { roster: &self.roster, users: &self.users, groups: &self.groups, memory: &self.memory, now }
    }
}

/// Reads the source beside target and memory. Those two come one after the other: a machine of two cores has no more than two
/// hands.
///
/// # Errors
/// When any of them cannot be read: then there is nothing to decide on.
pub async fn gather(
    recipe: &Recipe,
    source: &dyn Source,
    target: &dyn Target,
    store: &Store,
    reading: Reading,
) -> Result<Gathered, RunError> {
    let roster = async { source.roster(&recipe.layout).await.map_err(RunError::from) };
    let rest = async {
        let groups = target.groups().await?;
        let users = target.users(&recipe.user_layout).await?;
        let known = known(recipe, store, reading.verify).await?;
        Ok::<_, RunError>((groups, users, memory(recipe, store).await?, known))
    };
    let (roster, (groups, users, memory, known)) = tokio::try_join!(roster, rest)?;
    let mut gathered = Gathered { roster, users, groups, memory, known };
    gathered.complete(recipe, target, reading.now).await?;
    Ok(gathered)
}

impl Gathered {
    /// Lays what is known over the users, and asks about those who matter and of whom something is not known.
    async fn complete(&mut self, recipe: &Recipe, target: &dyn Target, now: Now) -> Result<(), RunError> {
        if self.known.unlisted.is_none() {
            return Ok(());
        }
        self.known.lay_over(&mut self.users);
        let mut wanting = users_that_count(recipe, &self.inputs(now));
        wanting.retain(|user| !self.known.is_whole(user));
        if wanting.is_empty() {
            return Ok(());
        }
        tracing::info!(users = wanting.len(), "asking about users of whom not everything is known");
        self.known.learn(&target.details(&wanting, &recipe.user_layout).await?);
        self.known.lay_over(&mut self.users);
        Ok(())
    }
}

async fn known(recipe: &Recipe, store: &Store, verify: bool) -> Result<KnownUsers, RunError> {
    let unlisted = Unlisted::of(&recipe.target_catalogue, &recipe.user_layout);
    let by_user = if unlisted.is_none() || verify { BTreeMap::new() } else { store.known(&recipe.name).await? };
    Ok(KnownUsers::new(unlisted, by_user))
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
