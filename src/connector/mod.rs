//! The outside services, in our words: a [`Source`] gives records, a [`Target`] gives its users and carries out writes.
//!
//! A connector knows only `model`: it never sees a recipe, and decides nothing. What it can do is data that it declares.
//! Everything one vendor needs is in one folder: `mod.rs` speaks our words, `api.rs` speaks the wire's.

pub mod directory;
pub mod file;
pub mod hibob;
mod http;
pub mod open;
pub mod secrets;

use std::sync::Arc;

use async_trait::async_trait;
use jiff::Timestamp;

pub use crate::model::ConnectorSettings;
use crate::model::{
    Access, EmployeeId, FieldName, FieldPath, Group, GroupId, GroupKind, Membership, Record, RecordLayout, Roster,
    SourceCatalogue, TargetCatalogue, User, UserId, UserLayout, UserStatus, Value, Whose,
};

/// Where people come from.
#[async_trait]
pub trait Source: Send + Sync {
    /// Every field the source offers.
    async fn catalogue(&self) -> Result<SourceCatalogue, ConnectorError>;

    /// Everybody, with the columns of the layout. Read as a stream: what the layout does not ask for is never held.
    async fn roster(&self, layout: &RecordLayout) -> Result<Roster, ConnectorError>;

    /// One person, with the columns of the layout; nothing if the source has no such person.
    async fn person(&self, id: &EmployeeId, layout: &RecordLayout) -> Result<Option<Record>, ConnectorError>;

    /// What can only be seen by asking: whether everything that the layout names is delivered, and for whom.
    async fn examine(&self, layout: &RecordLayout) -> Result<Examination, ConnectorError>;
}

/// Where users are kept.
#[async_trait]
pub trait Target: Send + Sync {
    /// Every field the target takes now, custom fields included.
    async fn catalogue(&self) -> Result<TargetCatalogue, ConnectorError>;

    /// The groups and teams there are.
    async fn groups(&self) -> Result<Vec<Group>, ConnectorError>;

    /// Every user, with the fields of the layout, sorted by id.
    async fn users(&self, layout: &UserLayout) -> Result<Vec<User>, ConnectorError>;

    /// Every account with its dates, sorted by id: what is shown to people who follow up on invitations.
    async fn accounts(&self) -> Result<Vec<Account>, ConnectorError>;

    /// How many writes are taken at once, and how many such calls may be under way.
    fn pace(&self) -> Pace;

    /// Carries out some writes and answers each, in order. Each is done whole or not at all, and asking for
    /// something that is already so counts as done.
    ///
    /// # Errors
    /// When nothing can be said of any of the writes (the target is gone, credentials were refused).
    async fn write(&self, writes: &[Write]) -> Result<Vec<Result<Written, WriteError>>, ConnectorError>;
}

/// What a source was found to be when it was asked (`check --live`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Examination {
    /// How many people it gives.
    pub people: usize,
    /// What is so, in words: sizes and times.
    pub facts: Vec<String>,
    /// What may be wrong.
    pub doubts: Vec<Doubt>,
}

/// Something that a run would suffer from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// Whether a run would be of no use before it is mended.
    pub grave: bool,
    /// The field that it is about, if it is about one.
    pub field: Option<FieldPath>,
    /// What is wrong, without personal data.
    pub message: String,
    /// What to do, in the words of the source's own screens.
    pub help: String,
}

/// One account as the target's own screens list it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The target's id.
    pub id: UserId,
    /// Active, invited or inactive.
    pub status: UserStatus,
    /// What the person logs in with.
    pub login: Arc<str>,
    /// When the account was made, where the target says.
    pub created: Option<Timestamp>,
    /// When the latest invitation was sent, if one was and the target says.
    pub invited: Option<Timestamp>,
}

/// How fast a target can be written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Writes in one call.
    pub batch: usize,
    /// Calls under way at the same time.
    pub concurrency: usize,
}

/// One change, in the target's own ids. Made in an order that is safe to stop after any of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Make a group or team. One of that name that exists already is the answer.
    CreateGroup {
        /// Group or team.
        kind: GroupKind,
        /// Its name.
        name: Arc<str>,
    },
    /// Make a user.
    CreateUser {
        /// Whose account it is; targets with a place for an outside key may keep it.
        employee: EmployeeId,
        /// How they get access.
        access: Access,
        /// The fields; none refers to users.
        fields: Vec<(FieldName, Value)>,
    },
    /// Change fields; `None` clears.
    UpdateUser {
        /// The user.
        user: UserId,
        /// The fields; none refers to users.
        fields: Vec<(FieldName, Option<Value>)>,
    },
    /// Give access again.
    Reactivate {
        /// The user.
        user: UserId,
        /// How they get access.
        access: Access,
    },
    /// Point a field at other users; an empty list clears.
    SetReferences {
        /// The user.
        user: UserId,
        /// The field.
        field: FieldName,
        /// The users it will refer to.
        to: Vec<UserId>,
    },
    /// Put a user into a group.
    AddMembership {
        /// The user.
        user: UserId,
        /// Group and role.
        membership: Membership,
    },
    /// Take a user out of a group.
    RemoveMembership {
        /// The user.
        user: UserId,
        /// Group and role.
        membership: Membership,
    },
    /// End a user's access; nothing is deleted.
    Deactivate {
        /// The user.
        user: UserId,
    },
}

/// What a write led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// The group that was made, or was there.
    Group(GroupId),
    /// The user that was made.
    User(UserId),
    /// Done.
    Done,
}

/// Why one write was not done; the others went on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct WriteError {
    /// What the target objected to, in plain words.
    pub message: String,
    /// What to do.
    pub hint: String,
    /// Whose move it is.
    pub whose: Whose,
}

/// A connector could not do its work at all.
#[derive(Debug, thiserror::Error)]
pub enum ConnectorError {
    /// The section of the recipe does not make sense to the connector.
    #[error("{message}")]
    Settings {
        /// What is wrong.
        message: String,
        /// What to do.
        help: String,
    },
    /// A file or service is not there, or cannot be reached.
    #[error("{message}")]
    Unavailable {
        /// What is not there.
        message: String,
        /// What to do.
        help: String,
    },
    /// The service does not accept the credentials, or they do not allow what is asked for.
    #[error("{message}")]
    Credentials {
        /// What was refused.
        message: String,
        /// What to do.
        help: String,
    },
    /// What came is not what it should be: cut off, not JSON, wrong encoding.
    #[error("{message}")]
    Malformed {
        /// What is wrong and where, without personal data.
        message: String,
        /// What to do.
        help: String,
    },
}

impl ConnectorError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &str {
        match self {
            Self::Settings { help, .. }
            | Self::Unavailable { help, .. }
            | Self::Credentials { help, .. }
            | Self::Malformed { help, .. } => help,
        }
    }
}
