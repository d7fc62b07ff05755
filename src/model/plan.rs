//! What is to change, and why: plain data that can be printed, compared, saved and applied exactly as saved.
//!
//! The plan is the one part of the model that is written to disk (`rollbook plan --out`), so it derives its JSON form.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Access, Cell, EmployeeId, FieldName, Finding, GroupId, GroupKind, UserId, UserStatus, Value};

/// The place in the author's files that decided something.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Origin {
    /// The file, as it is shown to people (`status.csv`, `demo.yaml`).
    pub file: Arc<str>,
    /// The line, from 1; a rule of several rows is named by its first.
    pub line: u32,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// Why something is done, or is not: a sentence, and the line that decided it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Reason {
    /// In the author's words: "status rule `leavers`".
    pub text: Arc<str>,
    /// Where the rule stands, if a rule decided.
    pub origin: Option<Arc<Origin>>,
}

impl Reason {
    /// A reason that no line of the author's stands behind.
    #[must_use]
    pub fn plain(text: impl Into<Arc<str>>) -> Self {
        Self { text: text.into(), origin: None }
    }

    /// A reason with the line that decided.
    #[must_use]
    pub fn at(text: impl Into<Arc<str>>, origin: &Arc<Origin>) -> Self {
        Self { text: text.into(), origin: Some(Arc::clone(origin)) }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        match &self.origin {
            Some(origin) => write!(f, " ({origin})"),
            None => Ok(()),
        }
    }
}

/// What the engine decided for one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// A user is to be made.
    Create,
    /// The user is to be changed.
    Update,
    /// The user is to be given access again, and changed where needed.
    Reactivate,
    /// The user's access is to end.
    Deactivate,
    /// The user is as it should be, or there is rightly none.
    Unchanged,
    /// The status rules leave this person alone.
    Ignore,
    /// The filter leaves this person out.
    OutOfScope,
    /// The person's start date has not come.
    Wait,
    /// Something that decides was not delivered; nothing is done.
    Undecided,
    /// Two records or users claim the same account or address; nothing is done until a person has settled it.
    Conflict,
    /// The user is on the `never_touch` list.
    Protected,
    /// The recipe's own rules failed on this person (`fail`, `when_empty: error`, a script error).
    Fail,
}

impl Verdict {
    /// Every verdict, in the order of the report.
    pub const ALL: [Self; 12] = [
        Self::Create,
        Self::Update,
        Self::Reactivate,
        Self::Deactivate,
        Self::Unchanged,
        Self::Ignore,
        Self::OutOfScope,
        Self::Wait,
        Self::Undecided,
        Self::Conflict,
        Self::Protected,
        Self::Fail,
    ];

    /// The word used in plans, examples and JSON.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Reactivate => "reactivate",
            Self::Deactivate => "deactivate",
            Self::Unchanged => "unchanged",
            Self::Ignore => "ignore",
            Self::OutOfScope => "out_of_scope",
            Self::Wait => "wait",
            Self::Undecided => "undecided",
            Self::Conflict => "conflict",
            Self::Protected => "protected",
            Self::Fail => "fail",
        }
    }

    /// Whether something is to be written.
    #[must_use]
    pub fn writes(self) -> bool {
        matches!(self, Self::Create | Self::Update | Self::Reactivate | Self::Deactivate)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Everything a run is going to do, and everybody it leaves alone, each with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The recipe's name.
    pub recipe: Arc<str>,
    /// The day the plan was made for, in the recipe's time zone.
    pub today: Date,
    /// Groups and teams to make before anybody can be in them.
    pub new_groups: Vec<NewGroup>,
    /// Groups and teams whose name is another one now, or that are to be given a key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub group_changes: Vec<GroupChange>,
    /// One entry per employee read, in the source's order, then one per linked user whose employee is gone. Boxed, as they
    /// move from plan to outcome: a list of them all, made anew from another, would be there twice.
    pub people: Vec<Box<PersonPlan>>,
    /// Values that no row of a value table knows, sorted.
    pub table_misses: Vec<TableMiss>,
    /// What needs attention and belongs to no single person.
    pub findings: Vec<Finding>,
    /// The counts that limits are measured against.
    pub figures: Figures,
}

/// The counts that the brake measures against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Figures {
    /// Employees the source gave.
    pub employees: usize,
    /// Entries of the source that are no employees.
    pub unreadable: usize,
    /// Employees that have a user: linked before, or found by this plan.
    pub linked: usize,
    /// Employees that the last finished full sync read; `None` before the first.
    pub previous_employees: Option<usize>,
    /// Users read from the target.
    pub users: usize,
}

/// A group or team that must be made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NewGroup {
    /// Group or team.
    pub kind: GroupKind,
    /// The name as it will be spelt.
    pub name: Arc<str>,
    /// The key by which it can be found when its name has changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Arc<str>>,
    /// The first rule that needs it.
    pub reason: Reason,
}

/// A group or team that is another one by its name, or gets a key. Who leads it and what is above it stay.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct GroupChange {
    /// Group or team.
    pub kind: GroupKind,
    /// The target's id.
    pub group: GroupId,
    /// The name it has.
    pub before: Arc<str>,
    /// What is to change.
    pub change: GroupUpdate,
    /// The row that asks for it.
    pub reason: Reason,
}

/// What changes of a group or team.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupUpdate {
    /// It was found by its key, and is called this now.
    Rename(Arc<str>),
    /// It was found by its name, and is to be found by this key from now on.
    GiveKey(Arc<str>),
}

impl fmt::Display for GroupUpdate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rename(name) => write!(f, "renamed to `{name}`"),
            Self::GiveKey(key) => write!(f, "given the key `{key}`"),
        }
    }
}

/// One person in the plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonPlan {
    /// The employee id.
    pub employee: EmployeeId,
    /// The name people know, for the report; the address or id where there is none.
    pub name: Arc<str>,
    /// The work address, for the report.
    pub email: Option<Arc<str>>,
    /// Whether the source delivered this employee in this run (`false`: a linked user whose employee is gone).
    pub in_roster: bool,
    /// The user, if there is one.
    pub user: Option<UserId>,
    /// Whether the pair employee and user is new and has to be remembered; why they belong together.
    pub new_link: Option<Reason>,
    /// What is decided.
    pub verdict: Verdict,
    /// What decided it.
    pub reason: Reason,
    /// The changes, if any.
    pub changes: Option<Box<Changes>>,
    /// What somebody should look at.
    pub findings: Vec<Finding>,
    /// Whether no group rule matched, though the recipe has some and the person is active.
    pub no_group_rule: bool,
}

/// The changes to one person's account.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Changes {
    /// The user's status before, for all but creations.
    pub status_before: Option<UserStatus>,
    /// The user of an earlier run that is gone from the target, and whom this creation replaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<UserId>,
    /// How a new user gets access; only for [`Verdict::Create`].
    pub access: Option<Access>,
    /// Fields, in the recipe's order.
    pub fields: Vec<FieldChange>,
    /// Managers and other references to users, written in the second pass.
    pub references: Vec<ReferenceChange>,
    /// Memberships to add; people who are to be in a group by the same rule share one.
    pub join: Vec<Arc<MembershipChange>>,
    /// Memberships to remove; always ours.
    pub leave: Vec<Arc<MembershipChange>>,
}

impl Changes {
    /// Whether there is nothing to write.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.access.is_none()
            && self.fields.is_empty()
            && self.references.is_empty()
            && self.join.is_empty()
            && self.leave.is_empty()
    }
}

/// One field's change. Small (40 bytes): a first sync has thirty of them for everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "WrittenFieldChange", into = "WrittenFieldChange")]
pub struct FieldChange {
    mapping: Arc<Mapping>,
    /// What the target holds; nothing where that is not known, as of every new user.
    before: Option<Box<Cell>>,
    /// What it will hold; `None` clears.
    pub after: Option<Value>,
}

/// What the changes of one field have in common, whoever they are for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Mapping {
    /// The target field.
    pub field: FieldName,
    /// Whether people log in with this field.
    pub login: bool,
    /// The row that maps it.
    pub reason: Reason,
}

impl FieldChange {
    /// A change by a mapping: `before` is not delivered where the target could not say or the user is new.
    #[must_use]
    pub fn new(mapping: &Arc<Mapping>, before: Cell, after: Option<Value>) -> Self {
        let before = before.is_delivered().then(|| Box::new(before));
        Self { mapping: Arc::clone(mapping), before, after }
    }

    /// The target field.
    #[must_use]
    pub fn field(&self) -> &FieldName {
        &self.mapping.field
    }

    /// Whether people log in with this field.
    #[must_use]
    pub fn login(&self) -> bool {
        self.mapping.login
    }

    /// The row that maps it.
    #[must_use]
    pub fn reason(&self) -> &Reason {
        &self.mapping.reason
    }

    /// Puts something in place of the values that it has, for people who may not see them.
    pub fn hide(&mut self, hidden: &Value) {
        if let Some(Cell::Value(before)) = self.before.as_deref_mut() {
            before.clone_from(hidden);
        }
        if let Some(after) = &mut self.after {
            after.clone_from(hidden);
        }
    }

    /// What the target holds; not delivered where the target could not say or the user is new.
    #[must_use]
    pub fn before(&self) -> &Cell {
        self.before.as_deref().unwrap_or(&Cell::NotDelivered)
    }
}

/// The JSON form of [`FieldChange`].
#[derive(Serialize, Deserialize)]
#[serde(rename = "FieldChange")]
struct WrittenFieldChange {
    field: FieldName,
    before: Cell,
    after: Option<Value>,
    login: bool,
    reason: Reason,
}

impl From<WrittenFieldChange> for FieldChange {
    fn from(WrittenFieldChange { field, before, after, login, reason }: WrittenFieldChange) -> Self {
        Self::new(&Arc::new(Mapping { field, login, reason }), before, after)
    }
}

impl From<FieldChange> for WrittenFieldChange {
    fn from(change: FieldChange) -> Self {
        let before = change.before().clone();
        let Mapping { field, login, reason } = Mapping::clone(&change.mapping);
        Self { field, before, after: change.after, login, reason }
    }
}

/// A reference from one user to others, such as the manager.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferenceChange {
    /// The target field.
    pub field: FieldName,
    /// The users it refers to now.
    pub before: Vec<UserId>,
    /// The people it will refer to; empty clears.
    pub after: Vec<PersonRef>,
    /// The row that maps it.
    pub reason: Reason,
}

/// Somebody a reference leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonRef {
    /// A user that exists.
    User(UserId),
    /// An employee whose user this plan creates.
    New(EmployeeId),
}

/// One membership's change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MembershipChange {
    /// The group's name, as people read it.
    pub name: Arc<str>,
    /// The group's id; `None` while the group itself is still to be made.
    pub group: Option<GroupId>,
    /// The role.
    pub role: Arc<str>,
    /// The rule that asks for it, or why it goes.
    pub reason: Reason,
}

/// A value in the source that no row of a value table knows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct TableMiss {
    /// The table's file.
    pub file: Arc<str>,
    /// The value nobody knows.
    pub key: Arc<str>,
    /// How many people have it.
    pub people: usize,
    /// The row with the nearest key: its line and that key.
    pub nearest: Option<(u32, Arc<str>)>,
    /// A row ready to paste: the key, and empty cells for the other columns.
    pub row: Arc<str>,
}
