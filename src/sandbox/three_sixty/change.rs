//! What an administrator does by hand, on 360Learning's own screens. Nothing of it counts as a call.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Deserialize;

use super::company::Company;
use super::company::denial::Denial;
use super::company::id::Id;
use super::company::mapping::Target;
use super::switches::Switches;
use crate::sandbox::refusal::Refusal;

pub use super::company::draft::Draft;
pub use super::company::group::Role;
pub use super::company::user::Status;

/// Something done by hand. Users are named by id, address, user name or external id; groups and custom fields by id or
/// name.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// Somebody new, with everything that belongs to them.
    Add(Add),
    /// Other values in fields; `null` clears one.
    Edit(Edit),
    /// Somebody accepts their invitation.
    Activate(Whom),
    /// Somebody is deactivated.
    Delete(Whom),
    /// Somebody gets a role in a group.
    Join(InGroup),
    /// Somebody loses a role in a group.
    Leave(InGroup),
    /// Somebody gets a manager.
    Manage(Pair),
    /// Somebody loses a manager.
    Unmanage(Pair),
    /// A custom value is set, or cleared by `null`.
    Value(Value),
    /// Somebody gets an external id.
    Map(Map),
    /// A new group.
    Group(NewGroup),
    /// The day moves on; planned deactivations that are due happen.
    Day(Day),
}

/// Somebody new.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Add {
    /// Fields by their names in the API.
    pub fields: Draft,
    /// Active if left out.
    #[serde(default = "Add::active")]
    pub status: Status,
    /// Groups to be a learner of.
    #[serde(default)]
    pub groups: Vec<String>,
    /// Managers, who are there already.
    #[serde(default)]
    pub managers: Vec<String>,
    /// Custom values by field.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// External ids by platform.
    #[serde(default)]
    pub external_ids: BTreeMap<String, String>,
}

impl Add {
    fn active() -> Status {
        Status::Active
    }
}

/// Other values.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// Who.
    pub user: String,
    /// Fields by their names in the API.
    pub fields: Draft,
}

/// A user.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Whom {
    /// Who.
    pub user: String,
}

/// A user's role in a group.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InGroup {
    /// Who.
    pub user: String,
    /// In which.
    pub group: String,
    /// `learner` if left out.
    #[serde(default = "InGroup::learner")]
    pub role: Role,
}

impl InGroup {
    fn learner() -> Role {
        Role::Learner
    }
}

/// A user and their manager.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// Who.
    pub user: String,
    /// By whom.
    pub manager: String,
}

/// A custom value.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Value {
    /// Whose.
    pub user: String,
    /// Of which field.
    pub field: String,
    /// The value, or none.
    pub value: Option<String>,
}

/// An external id.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Map {
    /// Whose.
    pub user: String,
    /// Of which platform.
    pub platform: String,
    /// The id.
    pub value: String,
}

/// A group.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewGroup {
    /// Its name.
    pub name: String,
    /// The one above.
    pub parent: String,
    /// Whether it is public.
    #[serde(default)]
    pub public: bool,
}

/// A day.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Day {
    /// The new day; not before the company's own.
    pub date: Date,
}

impl Change {
    /// Does it. The id of what was made, where something was.
    pub(super) fn make(self, company: &mut Company, switches: &Switches) -> Result<Option<String>, Refusal> {
        let user = |company: &Company, text: &str| find(company.find(text), "user", text);
        let group = |company: &Company, text: &str| find(company.group_named(text), "group", text);
        let done = |result: Result<(), Denial>| result.map(|()| None);
        let result = match self {
            Self::Add(add) => company.add(add, switches).map(|id| Some(id.to_string())),
            Self::Edit(edit) => done(company.change(user(company, &edit.user)?, edit.fields, switches)),
            Self::Activate(whom) => done(company.activate(user(company, &whom.user)?, switches)),
            Self::Delete(whom) => done(company.delete(user(company, &whom.user)?, switches)),
            Self::Join(to) => {
                let (group, user) = (group(company, &to.group)?, user(company, &to.user)?);
                company.join(group, to.role, user, switches).map(|_| None)
            }
            Self::Leave(from) => {
                let (group, user) = (group(company, &from.group)?, user(company, &from.user)?);
                done(company.leave(group, from.role, user, switches))
            }
            Self::Manage(pair) => done(company.manage(user(company, &pair.user)?, user(company, &pair.manager)?)),
            Self::Unmanage(pair) => done(company.unmanage(user(company, &pair.user)?, user(company, &pair.manager)?)),
            Self::Value(value) => {
                done(company.set_value(user(company, &value.user)?, &value.field, value.value.as_deref()))
            }
            Self::Map(map) => {
                let target_id = user(company, &map.user)?;
                let to = Target { platform: map.platform, target_type: "user".to_owned(), target_id, value: map.value };
                company.map(to, switches).map(|mapping| Some(mapping.id.to_string()))
            }
            Self::Group(new) => {
                let parent = group(company, &new.parent)?;
                company.add_group(new.name, new.public, parent, switches.most_groups).map(|id| Some(id.to_string()))
            }
            Self::Day(day) => {
                company.move_to(day.date).ok_or_else(|| Refusal::new("the day is over", "give a later `date`"))?;
                company.deactivate_due(switches);
                Ok(None)
            }
        };
        result.map_err(|denial| {
            Refusal::new(
                format!("360Learning would answer `{}`", denial.code),
                "360Learning's API reference says when; `GET /sandbox/users` shows how things are",
            )
        })
    }
}

fn find(found: Option<Id>, what: &str, text: &str) -> Result<Id, Refusal> {
    found.ok_or_else(|| {
        Refusal::new(format!("there is no {what} `{text}`"), "`GET /sandbox/users` and `GET /sandbox/groups` list them")
    })
}
