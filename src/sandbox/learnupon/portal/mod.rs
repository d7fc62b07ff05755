//! The simulated portal: its users, groups, invitations and custom user data, and its day.

mod choices;
mod custom;
mod generate;
mod groups;
mod invites;
mod load;
mod rules;
mod user;
mod write;

use std::collections::BTreeMap;

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::Serialize;

pub(crate) use self::choices::TIMEZONES;
pub use self::custom::Definition;
pub use self::groups::{Group, GroupManager, Membership};
pub(crate) use self::invites::number;
pub use self::invites::{Invite, InviteStatus};
pub use self::rules::Rule;
pub use self::user::User;
pub(crate) use self::user::{Version, shown};
use super::settings::{People, Settings};
use super::switches::Switches;
use crate::sandbox::SandboxError;
use crate::sandbox::refusal::Refusal;

/// The portal.
#[derive(Debug)]
pub(crate) struct Portal {
    day: Date,
    pub(crate) users: BTreeMap<u64, User>,
    /// Users by what they log in with, in lower case.
    logins: BTreeMap<String, u64>,
    pub(crate) groups: BTreeMap<u64, Group>,
    /// By user and group.
    pub(crate) memberships: BTreeMap<(u64, u64), Membership>,
    pub(crate) managers: BTreeMap<u64, GroupManager>,
    pub(crate) invites: BTreeMap<u64, Invite>,
    pub(crate) definitions: BTreeMap<u64, Definition>,
    rules: Vec<Rule>,
    pub(crate) mails: Vec<Mail>,
    next_id: u64,
}

/// Why the portal does not do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// It makes no sense.
    Invalid(String),
    /// It exists already.
    Duplicate(String),
    /// There is no such thing.
    NotFound,
}

impl Fault {
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::Invalid(message.into())
    }
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        const HELP: &str = "`GET /sandbox/users`, `/sandbox/groups` and `/sandbox/invites` list what there is";
        match fault {
            Fault::Invalid(message) | Fault::Duplicate(message) => Self::new(message, HELP),
            Fault::NotFound => Self::new("there is no such thing", HELP),
        }
    }
}

/// A mail that went out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mail {
    /// To whom.
    pub to: String,
    /// What about.
    pub kind: MailKind,
    /// When.
    pub sent: Timestamp,
}

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MailKind {
    /// An account was made.
    Welcome,
    /// An account is offered.
    Invitation,
}

impl Portal {
    /// The first id of users; the admin has it.
    const FIRST_USER: u64 = 1001;

    /// Reads or makes the users that the settings ask for.
    pub(crate) fn open(settings: &Settings, day: Date) -> Result<Self, SandboxError> {
        let mut portal = Self {
            day,
            users: BTreeMap::new(),
            logins: BTreeMap::new(),
            groups: BTreeMap::new(),
            memberships: BTreeMap::new(),
            managers: BTreeMap::new(),
            invites: BTreeMap::new(),
            definitions: custom::usual(),
            rules: Vec::new(),
            mails: Vec::new(),
            next_id: Self::FIRST_USER,
        };
        match &settings.people {
            People::Admin => portal.put_user(User::admin(portal.now())),
            People::Generated { count, seed } => {
                portal.put_user(User::admin(portal.now()));
                generate::generate(&mut portal, *count, *seed);
            }
            People::File(path) => load::load(&mut portal, path, &settings.switches)?,
        }
        Ok(portal)
    }

    pub(crate) fn day(&self) -> Date {
        self.day
    }

    /// The portal's day at the clock's time.
    pub(crate) fn now(&self) -> Timestamp {
        let time: Time = Zoned::new(Timestamp::now(), TimeZone::UTC).time();
        let time = time.with().subsec_nanosecond(0).build().unwrap_or(time);
        self.day.to_datetime(time).to_zoned(TimeZone::UTC).map_or(Timestamp::UNIX_EPOCH, |now| now.timestamp())
    }

    /// Lets the day move on; accounts whose time is over lose their access (apis/learnupon.md §2.2).
    pub(crate) fn move_to(&mut self, day: Date) -> Result<(), Fault> {
        if day < self.day {
            return Err(Fault::invalid("the day does not move back"));
        }
        self.day = day;
        let now = self.now();
        for user in self.users.values_mut().filter(|user| user.enabled && user.expired(day)) {
            user.enabled = false;
            user.updated_at = now;
        }
        Ok(())
    }

    fn new_id(&mut self) -> u64 {
        let id = self.next_id;
        self.next_id += 1;
        id
    }

    fn mail(&mut self, to: &str, kind: MailKind) {
        let sent = self.now();
        self.mails.push(Mail { to: to.to_owned(), kind, sent });
    }

    /// A user by id, or by what they log in with.
    pub(crate) fn user_named(&self, name: &str) -> Option<&User> {
        let by_id = name.parse::<u64>().ok().and_then(|id| self.users.get(&id));
        by_id.or_else(|| self.users.get(self.logins.get(&name.to_lowercase())?))
    }

    /// Users whose email or user name is exactly this.
    pub(crate) fn find(&self, key: Key, value: &str, switches: &Switches) -> Option<&User> {
        let user = self.users.get(self.logins.get(&value.trim().to_lowercase())?)?;
        let held = match key {
            Key::Email => &user.email,
            Key::Username => &user.username,
        };
        let same = |held: &str| {
            if switches.search_ignores_case {
                held.to_lowercase() == value.trim().to_lowercase()
            } else {
                held == value
            }
        };
        held.as_deref().is_some_and(same).then_some(user)
    }
}

/// What a person can be found by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    Email,
    Username,
}
