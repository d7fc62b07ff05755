//! An account in the target as the engine sees one.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::text_newtype;
use super::{Cell, Cells, FieldName};

text_newtype! {
    /// The target's own id of a user.
    UserId
}

text_newtype! {
    /// The target's own id of a group or team.
    GroupId
}

/// Whether a user can log in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserStatus {
    /// Has access.
    Active,
    /// Was invited and has not accepted yet.
    Invited,
    /// Has no access.
    Inactive,
}

impl fmt::Display for UserStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Active => "active",
            Self::Invited => "invited",
            Self::Inactive => "inactive",
        })
    }
}

/// How a new user gets access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Pending, with an invitation by mail.
    Invite,
    /// Active at once, with a welcome mail.
    ActiveWithEmail,
    /// Active at once, silently.
    Active,
}

/// A group, or a flat team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupKind {
    /// People join and leave; a person can be in many.
    Group,
    /// A person is in one, through a field of theirs.
    Team,
}

impl fmt::Display for GroupKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Group => "group",
            Self::Team => "team",
        })
    }
}

/// A group or team that exists in the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The target's id.
    pub id: GroupId,
    /// The name, exactly as the target spells it.
    pub name: Arc<str>,
    /// The key that it has in another system, where the target keeps one.
    pub key: Option<Arc<str>>,
    /// Group or team.
    pub kind: GroupKind,
}

/// One person's place in one group.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Membership {
    /// The group.
    pub group: GroupId,
    /// The role, as the target names it.
    pub role: Arc<str>,
}

/// What is read of users.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UserLayout {
    /// The fields, in the order of [`User::cells`]: those the recipe writes or identifies by.
    pub fields: Vec<FieldName>,
    /// Whether anybody asks for their groups. Where nobody does, a target that has to ask for them leaves them out.
    pub memberships: bool,
}

impl UserLayout {
    /// Users with these fields and their groups.
    #[must_use]
    pub fn with_groups(fields: Vec<FieldName>) -> Self {
        Self { fields, memberships: true }
    }

    /// The place of a field, added at the end if it is new.
    pub fn place(&mut self, name: &FieldName) -> usize {
        self.find(name).unwrap_or_else(|| {
            self.fields.push(name.clone());
            self.fields.len() - 1
        })
    }

    /// The place of a field that is already there.
    #[must_use]
    pub fn find(&self, name: &FieldName) -> Option<usize> {
        self.fields.iter().position(|known| known == name)
    }
}

/// One account in the target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The target's id.
    pub id: UserId,
    /// Active, invited or inactive.
    pub status: UserStatus,
    /// One cell per field of the layout. Users in fields of type user are given by user id:
    /// [`super::Value::Person`] for one, [`super::Value::List`] for several.
    pub cells: Cells,
    /// The groups this user is in, sorted; users who are in the same share the list. Teams are not listed here: they
    /// are the value of a field.
    pub memberships: Arc<[Membership]>,
}

impl User {
    /// The cell at a place of the layout; what was not read counts as not delivered.
    #[must_use]
    pub fn cell(&self, place: usize) -> &Cell {
        self.cells.get(place).unwrap_or(&Cell::NotDelivered)
    }
}
