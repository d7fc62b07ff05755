//! What can happen in Leapsome by hand: what people do there, and what an administrator does on its screens.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::company::Attribute;
use super::company::team::Kind;

/// Something that happens. Users are named by id, address or external id, teams by id or name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// An administrator makes somebody.
    Add(Fields),
    /// An administrator changes somebody.
    Change(Change),
    /// An administrator sends an invitation.
    Invite(Whom),
    /// Somebody accepts their invitation.
    Accept(Whom),
    /// An administrator deletes somebody (apis/leapsome.md §4).
    Delete(Whom),
    /// Somebody becomes a Super-Admin, or is one no longer (§4).
    SuperAdmin(Role),
    /// An administrator makes a team.
    Team(NewTeam),
    /// An administrator gives a team another name.
    RenameTeam(Rename),
    /// An administrator puts somebody into a team.
    Join(Membership),
    /// An administrator takes somebody out of a team.
    Leave(Membership),
    /// An administrator makes a custom attribute (§2.3).
    Define(Attribute),
    /// An administrator takes a custom attribute away.
    Undefine(Attributed),
    /// The day moves on; where the company wants it, whoever's end date has passed is deactivated (§4).
    Day(Day),
}

/// Somebody new, or other values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    /// As `PATCH` takes them.
    pub fields: Map<String, Json>,
}

/// Other values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Who.
    pub user: String,
    /// As `PATCH` takes them.
    pub fields: Map<String, Json>,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Whom {
    /// Who.
    pub user: String,
}

/// A role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// Who.
    pub user: String,
    /// Whether they have it.
    pub is: bool,
}

/// A team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTeam {
    /// Its name.
    pub name: String,
    /// What kind of team.
    #[serde(default)]
    pub kind: Kind,
    /// The id of another system.
    #[serde(default)]
    pub external_id: Option<String>,
}

/// Another name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rename {
    /// Which team.
    pub team: String,
    /// The new name.
    pub name: String,
}

/// Who is in what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Membership {
    /// Who.
    pub user: String,
    /// In which team.
    pub team: String,
}

/// A custom attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attributed {
    /// Its id.
    pub id: String,
}

/// A day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Day {
    /// Not before the company's own.
    pub date: Date,
}
