//! What was seen of the portal as long as the target is open, so that nothing is asked for twice.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;

use super::api::Row;
use super::fields::{EMAIL, EXPIRES, USER_TYPE, USERNAME};
use super::wire;
use crate::model::UserId;

/// Somebody in the portal: a user, or a person who is invited and is no user yet (apis/learnupon.md §2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Who {
    User(u64),
    Invited(u64),
}

impl Who {
    const INVITED: &str = "invite:";

    /// From the id that the engine has.
    pub(super) fn of(id: &UserId) -> Option<Self> {
        match id.as_str().strip_prefix(Self::INVITED) {
            Some(invite) => invite.parse().ok().map(Self::Invited),
            None => id.as_str().parse().ok().map(Self::User),
        }
    }

    pub(super) fn id(self) -> UserId {
        UserId::new(self.to_string())
    }
}

impl fmt::Display for Who {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => id.fmt(f),
            Self::Invited(id) => write!(f, "{}{id}", Self::INVITED),
        }
    }
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SeenGroup {
    pub(super) id: u64,
    pub(super) title: Arc<str>,
    /// Whether the portal said that nobody was in it.
    pub(super) is_empty: bool,
}

/// What writes need to know of a user.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct SeenUser {
    pub(super) user_type: Option<Arc<str>>,
    pub(super) expires: Option<Date>,
}

/// Everything.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) users: HashMap<u64, SeenUser>,
    /// Logins in lower case: of users that were listed or made, and of those being made.
    pub(super) logins: HashSet<String>,
    /// Nothing before they were read.
    pub(super) groups: Option<Vec<SeenGroup>>,
    /// Whether they were read for the listing of users that comes next, so that who is in them is what it was.
    pub(super) groups_are_new: bool,
    /// By group and user.
    pub(super) automatic: HashSet<(u64, u64)>,
    /// By group and user, with the id of the entry.
    pub(super) managers: HashMap<(u64, u64), u64>,
}

impl Seen {
    /// Takes in one user of a listing.
    pub(super) fn user(&mut self, id: u64, row: &Row) {
        let seen = SeenUser {
            user_type: wire::text(row, USER_TYPE).map(Arc::from),
            expires: wire::text(row, EXPIRES).and_then(wire::day),
        };
        self.users.insert(id, seen);
        self.logins.extend([EMAIL, USERNAME].iter().filter_map(|key| wire::text(row, key)).map(fold));
    }
}

/// How logins are compared.
pub(super) fn fold(login: &str) -> String {
    login.trim().to_lowercase()
}
