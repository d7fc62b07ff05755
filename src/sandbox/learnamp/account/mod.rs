//! The account: everything that calls read and change. It knows the rules of the fact sheet and nothing of HTTP.

pub(crate) mod denial;
mod draft;
mod life;
mod members;
mod open;
mod show;
mod team;
mod user;

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use serde::Serialize;

use self::denial::Denial;
pub(crate) use self::draft::number;
pub use self::team::Team;
pub(crate) use self::team::TeamDraft;
pub use self::user::{Status, User};

/// The state.
#[derive(Debug, Default)]
pub(crate) struct Account {
    pub(crate) users: BTreeMap<u64, User>,
    /// Who has an address, in lower case, deactivated users too.
    by_email: HashMap<String, u64>,
    by_external_id: HashMap<String, u64>,
    pub(crate) teams: BTreeMap<u64, Team>,
    /// Custom fields by name, each with whether nobody can be without.
    pub(crate) custom_fields: BTreeMap<String, bool>,
    pub(crate) mails: Vec<Mail>,
    owner: u64,
    last_id: u64,
}

/// An invitation that went out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mail {
    /// To which address.
    pub to: String,
    /// The id of the user.
    pub user: u64,
}

impl Account {
    fn new_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    pub(crate) fn user(&self, id: u64) -> Result<&User, Denial> {
        self.users.get(&id).ok_or(Denial::NotFound)
    }

    /// Who has exactly this external id (apis/learnamp.md §4).
    pub(crate) fn with_external_id(&self, external_id: &str) -> Result<u64, Denial> {
        self.by_external_id.get(external_id).copied().ok_or(Denial::NotFound)
    }

    /// A user by id, address or external id.
    pub(crate) fn user_named(&self, name: &str) -> Option<u64> {
        let id = name.parse().ok().filter(|id| self.users.contains_key(id));
        id.or_else(|| self.by_email.get(&name.to_lowercase()).or_else(|| self.by_external_id.get(name)).copied())
    }

    /// A team by id, name or external id.
    pub(crate) fn team_named(&self, name: &str) -> Option<u64> {
        let id = name.parse().ok().filter(|id| self.teams.contains_key(id));
        let named = |team: &&Team| team.name == name || team.integration_external_id.as_deref() == Some(name);
        id.or_else(|| self.teams.values().find(named).map(|team| team.id))
    }

    /// How many users each team has.
    pub(crate) fn team_sizes(&self) -> HashMap<u64, usize> {
        let mut sizes = HashMap::new();
        for team in self.users.values().flat_map(User::teams) {
            *sizes.entry(team).or_default() += 1;
        }
        sizes
    }
}

/// A day as it is told: `2026-03-01` (apis/learnamp.md §3).
fn day(text: &str) -> Option<Date> {
    text.parse().ok().filter(|_| text.len() == "2026-03-01".len())
}
