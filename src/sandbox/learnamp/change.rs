//! What an administrator does by hand, on Learn Amp's own screens. Nothing of it counts as a call, and nothing is mailed.

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::account::{Account, TeamDraft};
use super::switches::Switches;
use crate::sandbox::refusal::Refusal;

pub use super::account::Status;

/// Something done by hand. Users are named by id, address or external id; teams by id, name or external id.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// Somebody new.
    Add(Add),
    /// Other values in fields; `null` clears one.
    Edit(Edit),
    /// Somebody is invited, accepts, or is planned to be invited.
    Status(SetStatus),
    /// Somebody is deactivated.
    Deactivate(Whom),
    /// Somebody is back.
    Reactivate(Whom),
    /// A new team.
    Team(NewTeam),
    /// Another name, manager or parent of a team; `null` clears one.
    EditTeam(EditTeam),
    /// A custom field, or whether nobody can be without it.
    Define(Define),
    /// A custom field is taken away, with its values.
    Undefine(Undefine),
}

/// Somebody new.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Add {
    /// Fields by their names in the API.
    pub fields: Map<String, Json>,
    /// `confirmed` if left out.
    #[serde(default = "Add::confirmed")]
    pub status: Status,
}

impl Add {
    fn confirmed() -> Status {
        Status::Confirmed
    }
}

/// Other values.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// Who.
    pub user: String,
    /// Fields by their names in the API.
    pub fields: Map<String, Json>,
}

/// How far somebody has come.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetStatus {
    /// Who.
    pub user: String,
    /// How far.
    pub status: Status,
}

/// A user.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Whom {
    /// Who.
    pub user: String,
}

/// A team.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTeam {
    /// Fields by their names in the API.
    pub fields: Map<String, Json>,
}

/// Other values of a team.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EditTeam {
    /// Which.
    pub team: String,
    /// Fields by their names in the API.
    pub fields: Map<String, Json>,
}

/// A custom field.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Define {
    /// What it is called.
    pub name: String,
    /// Whether nobody can be without.
    #[serde(default)]
    pub required: bool,
}

/// A custom field.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Undefine {
    /// What it is called.
    pub name: String,
}

impl Change {
    /// Does it. The id of what was made, where something was.
    pub(super) fn make(self, account: &mut Account, switches: &Switches) -> Result<Option<u64>, Refusal> {
        let user = |account: &Account, name: &str| account.user_named(name).ok_or_else(|| unknown("user", name));
        let team = |account: &Account, name: &str| account.team_named(name).ok_or_else(|| unknown("team", name));
        let made = match self {
            Self::Add(add) => account.add(&add, switches).map(Some),
            Self::Edit(edit) => account.edit(user(account, &edit.user)?, &edit.fields, switches).map(|()| None),
            Self::Status(set) => account.set_status(user(account, &set.user)?, set.status).map(|()| None),
            Self::Deactivate(whom) => account.deactivate(user(account, &whom.user)?, switches).map(|()| None),
            Self::Reactivate(whom) => account.reactivate(user(account, &whom.user)?, switches).map(|()| None),
            Self::Team(new) => {
                TeamDraft::of(&new.fields).and_then(|draft| account.create_team(draft, switches)).map(Some)
            }
            Self::EditTeam(edit) => {
                let id = team(account, &edit.team)?;
                TeamDraft::of(&edit.fields).and_then(|draft| account.update_team(id, draft, switches)).map(|()| None)
            }
            Self::Define(define) => {
                account.custom_fields.insert(define.name, define.required);
                Ok(None)
            }
            Self::Undefine(undefine) => {
                account.custom_fields.remove(&undefine.name).ok_or_else(|| unknown("custom field", &undefine.name))?;
                for user in account.users.values_mut() {
                    user.custom.remove(&undefine.name);
                }
                Ok(None)
            }
        };
        made.map_err(|denial| {
            Refusal::new(
                format!("Learn Amp would refuse it: {}", denial.words()),
                "`GET /sandbox/users` and `GET /sandbox/teams` show how things are",
            )
        })
    }
}

fn unknown(what: &str, name: &str) -> Refusal {
    Refusal::new(format!("there is no {what} `{name}`"), "`GET /sandbox/users` and `GET /sandbox/teams` list them")
}
