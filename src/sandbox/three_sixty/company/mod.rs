//! The company: everything that calls read and change. It knows the rules of the fact sheet and nothing of HTTP.

pub(crate) mod bulk;
pub(crate) mod custom_field;
pub(crate) mod denial;
pub(crate) mod draft;
pub(crate) mod group;
pub(crate) mod id;
pub(crate) mod life;
pub(crate) mod mapping;
pub(crate) mod start;
pub(crate) mod user;

use std::collections::{BTreeMap, HashMap};

use jiff::{Timestamp, ToSpan as _};

use self::bulk::Operation;
use self::custom_field::CustomField;
use self::denial::{Denial, missing};
use self::group::Groups;
use self::id::{Id, Ids};
use self::mapping::Mapping;
use self::user::User;

/// The state.
#[derive(Debug)]
pub(crate) struct Company {
    ids: Ids,
    root: Id,
    groups: Groups,
    users: BTreeMap<Id, User>,
    /// Who has an address, in lower case, or a user name: deleted users too.
    by_mail: HashMap<String, Id>,
    by_username: HashMap<String, Id>,
    custom_fields: BTreeMap<Id, CustomField>,
    mappings: BTreeMap<Id, Mapping>,
    operations: Vec<Operation>,
    mails: Vec<Mail>,
    clock: Clock,
}

/// The time of day, which stands still where a day is given.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Clock {
    Real,
    Still(Timestamp),
}

impl Clock {
    pub(crate) fn now(self) -> Timestamp {
        match self {
            Self::Real => Timestamp::now(),
            Self::Still(now) => now,
        }
    }
}

/// A mail that would have been sent.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Mail {
    /// The id of the user it goes to.
    pub user: String,
    /// `invitation` or `activation`.
    pub kind: &'static str,
}

impl Company {
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn users(&self) -> &BTreeMap<Id, User> {
        &self.users
    }

    pub(crate) fn user(&self, id: Id) -> Result<&User, Denial> {
        self.users.get(&id).ok_or(missing("userNotFound"))
    }

    pub(crate) fn custom_fields(&self) -> &BTreeMap<Id, CustomField> {
        &self.custom_fields
    }

    pub(crate) fn mappings(&self) -> &BTreeMap<Id, Mapping> {
        &self.mappings
    }

    pub(crate) fn operations(&self) -> &[Operation] {
        &self.operations
    }

    pub(crate) fn mails(&self) -> &[Mail] {
        &self.mails
    }

    /// Who has an address in whatever case, a user name, or an external id.
    pub(crate) fn find(&self, text: &str) -> Option<Id> {
        let mapped = || self.mappings.values().find(|mapping| mapping.value == text).map(|mapping| mapping.target_id);
        let id = text.parse().ok().filter(|id| self.users.contains_key(id));
        id.or_else(|| self.by_mail.get(&text.to_lowercase()).or_else(|| self.by_username.get(text)).copied())
            .or_else(mapped)
            .filter(|id| self.users.contains_key(id))
    }

    /// Moves the day on; planned deactivations that are due happen with the next call.
    pub(crate) fn move_to(&mut self, day: jiff::civil::Date) -> Option<()> {
        let noon = noon(day)?;
        if noon < self.now() {
            return None;
        }
        self.clock = Clock::Still(noon);
        Some(())
    }
}

/// Noon of a day, in UTC.
pub(crate) fn noon(day: jiff::civil::Date) -> Option<Timestamp> {
    let midnight = day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    midnight.checked_add(12.hours()).ok()
}
