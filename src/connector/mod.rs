//! The outside services, in our words: a [`Source`] gives records, a [`Target`] gives its users and carries out writes.
//!
//! A connector knows only `model`: it never sees a recipe, and decides nothing. What it can do is data that it declares.
//! Everything one vendor needs is in one folder: `mod.rs` speaks our words, `api.rs` speaks the wire's.

pub mod directory;
pub mod file;
mod find;
pub mod hibob;
mod http;
mod jobs;
pub mod leapsome;
pub mod learnamp;
pub mod learnupon;
pub mod open;
mod rows;
pub mod secrets;
pub mod three_sixty;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use jiff::Timestamp;

pub use self::find::Wanted;
pub use self::http::chat::post_to_chat;
pub use self::http::count::{Calls, ServiceCalls, service_calls};
pub use crate::model::ConnectorSettings;
use crate::model::plan::GroupUpdate;
use crate::model::{
    Access, EmployeeId, FieldName, FieldPath, Finding, Group, GroupId, GroupKind, Membership, RecordLayout, Roster,
    SourceCatalogue, TargetCatalogue, User, UserId, UserLayout, UserStatus, Value, Whose,
};

/// Where people come from.
#[async_trait]
pub trait Source: Send + Sync {
    /// Every field the source offers.
    async fn catalogue(&self) -> Result<SourceCatalogue, ConnectorError>;

    /// Everybody, with the columns of the layout. Read as a stream: what the layout does not ask for is never held.
    async fn roster(&self, layout: &RecordLayout) -> Result<Roster, ConnectorError>;

    /// These employees, with the columns of the layout, in as few calls as the source allows. Who is not there is left
    /// out. Ids may come from outside and be anything: one that cannot be an employee's is nobody's.
    async fn people(&self, ids: &[EmployeeId], layout: &RecordLayout) -> Result<Roster, ConnectorError>;

    /// What can only be seen by asking: whether everything that the layout names is delivered, and for whom.
    async fn examine(&self, layout: &RecordLayout) -> Result<Examination, ConnectorError>;

    /// The calls that this has made; nothing where there are none to make.
    fn calls(&self) -> Option<Calls> {
        None
    }
}

/// Where users are kept.
#[async_trait]
pub trait Target: Send + Sync {
    /// Every field the target takes now, custom fields included.
    async fn catalogue(&self) -> Result<TargetCatalogue, ConnectorError>;

    /// The groups and teams there are.
    async fn groups(&self) -> Result<Vec<Group>, ConnectorError>;

    /// Every user, with the fields of the layout, sorted by id. What no listing gives (`TargetField::listed`,
    /// `GroupSupport::listed`) is not delivered here, and memberships are then left out.
    async fn users(&self, layout: &UserLayout) -> Result<Vec<User>, ConnectorError>;

    /// These users with everything, asked for one by one: for those of whom it is not remembered. In any order; who is
    /// gone is left out. Only for targets whose listings leave something out.
    async fn details(&self, users: &[UserId], layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        let _ = (users, layout);
        Ok(Vec::new())
    }

    /// The calls that this has made; nothing where there are none to make.
    fn calls(&self) -> Option<Calls> {
        None
    }

    /// The users who have a wanted id or one of the wanted values, compared without case and outer spaces; sorted by id.
    /// Somebody who cannot log in is found as well. Each has what [`Self::details`] gives too; what no call tells is not
    /// delivered, so that what is remembered holds. A field that no listing gives finds nobody, unless the target has a
    /// call for it.
    async fn find(&self, wanted: &[Wanted], layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        find::among_everybody(self, wanted, layout).await
    }

    /// Every account with its dates, sorted by id: what is shown to people who follow up on invitations.
    async fn accounts(&self) -> Result<Vec<Account>, ConnectorError>;

    /// How many writes of a kind are taken at once, and how many such calls may be under way.
    fn pace(&self, kind: WriteKind) -> Pace;

    /// What people should know before so much is written: how long it takes, and a limit that it would not fit into.
    async fn forecast(&self, load: &Load) -> Result<Forecast, ConnectorError> {
        let _ = load;
        Ok(Forecast::default())
    }

    /// What can only be seen by asking: permissions, settings of the tenant, limits (`check --live`).
    async fn examine(&self, layout: &UserLayout) -> Result<Examination, ConnectorError> {
        let _ = layout;
        Ok(Examination::default())
    }

    /// Carries out some writes and answers each, in order. Asking for something that is already so counts as done. A
    /// write that takes several calls and fails between them answers the error, or what is there and the trouble: the next
    /// run sees what is missing as a difference.
    ///
    /// # Errors
    /// When nothing can be said of any of the writes (the target is gone, credentials were refused).
    async fn write(&self, writes: &[Write]) -> Result<Vec<Result<Written, WriteError>>, ConnectorError>;
}

/// What a source or target was found to be when it was asked (`check --live`).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Examination {
    /// How many people a source gives.
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
    /// The source field that it is about, if it is about one.
    pub field: Option<FieldPath>,
    /// What is wrong, without personal data.
    pub message: String,
    /// What to do, in the words of the service's own screens.
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
    /// Until when an invitation that waits can be accepted, where the target says.
    pub invitation_ends: Option<Timestamp>,
}

/// The kinds of write that a target may take at different paces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteKind {
    /// Groups and teams are made.
    Groups,
    /// Users are made and changed, access begins and ends.
    Users,
    /// Managers and other references.
    References,
    /// Groups are joined and left.
    Memberships,
}

/// How much a run is about to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Load {
    /// Users to make.
    pub creates: usize,
    /// Users to change, or to give access again.
    pub updates: usize,
    /// References to set.
    pub references: usize,
    /// Memberships to add and to remove.
    pub memberships: usize,
    /// Users whose access ends.
    pub deactivations: usize,
}

/// What is to be expected of writing so much.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Forecast {
    /// How long it takes by the target's limits, where it has some.
    pub takes: Option<Duration>,
    /// What does not fit.
    pub findings: Vec<Finding>,
}

/// How fast a target can be written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Writes in one call of [`Target::write`]; one person's writes of a phase are never parted, so it may be some more.
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
        /// Its key in another system, where the target keeps one.
        key: Option<Arc<str>>,
    },
    /// Change a group's or team's name or key, and nothing else of it.
    UpdateGroup {
        /// Group or team.
        kind: GroupKind,
        /// The target's id.
        group: GroupId,
        /// The change.
        change: GroupUpdate,
    },
    /// Make a user.
    CreateUser {
        /// Whose account it is; targets with a place for an outside key may keep it.
        employee: EmployeeId,
        /// How they get access.
        access: Access,
        /// The fields; none refers to users.
        fields: Vec<(FieldName, Value)>,
        /// Groups that the user is about to join, for targets that want one at once. What the answer does not name is
        /// asked for later.
        memberships: Vec<Membership>,
    },
    /// Change fields; `None` clears.
    UpdateUser {
        /// The user.
        user: UserId,
        /// The fields; none refers to users.
        fields: Vec<(FieldName, Option<Value>)>,
    },
    /// Give access again, or for the first time to somebody who is invited only.
    Reactivate {
        /// The user.
        user: UserId,
        /// What they are now: inactive, or invited where [`TargetCatalogue::can_activate`].
        from: UserStatus,
        /// How they get access.
        access: Access,
        /// Groups that the user should be in, for targets that want one at once.
        memberships: Vec<Membership>,
    },
    /// Point a field at other users; an empty list clears.
    SetReferences {
        /// The user.
        user: UserId,
        /// The field.
        field: FieldName,
        /// The users it refers to now, as far as that is known.
        from: Vec<UserId>,
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
    /// The user that was made, or has access again.
    User(GivenAccess),
    /// Done.
    Done,
}

/// A user who was made, or was given access again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenAccess {
    /// The target's id.
    pub user: UserId,
    /// Which of the groups in the write they are in already.
    pub joined: Vec<Membership>,
    /// What failed after that, if something did: the user is there, and the next run sees what is missing.
    pub trouble: Option<WriteError>,
}

impl GivenAccess {
    /// A user who has everything that was asked for, and is in no group yet.
    #[must_use]
    pub fn whole(user: UserId) -> Self {
        Self { user, joined: Vec::new(), trouble: None }
    }
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

impl WriteError {
    /// The answer to [`Write::UpdateGroup`] of a target whose groups and teams are never found by a key.
    pub(crate) fn no_group_keys() -> Self {
        Self {
            message: "this target cannot change groups and teams".to_owned(),
            hint: "change the group or team on the target's own screens".to_owned(),
            whose: Whose::Target,
        }
    }
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
