//! What was seen of the account as long as the target is open, so that nothing is asked for twice.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::Value as Json;

use super::api::Row;
use super::fields::{self, CUSTOM};
use super::wire;
use crate::connector::rows;
use crate::model::{Cell, UserId, UserStatus, Value};

/// What was seen.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) users: HashMap<u64, SeenUser>,
    /// The teams, once they were read.
    pub(super) teams: Option<Vec<SeenTeam>>,
    /// The addresses of those who are made or being made, in lower case.
    pub(super) claimed: HashSet<String>,
    /// Names of custom fields that the account does not have.
    pub(super) unknown_custom: HashSet<Arc<str>>,
}

/// A user, with what every update has to send, and what only some listings tell.
#[derive(Debug, Clone)]
pub(super) struct SeenUser {
    pub(super) email: Arc<str>,
    pub(super) first_name: Arc<str>,
    pub(super) last_name: Arc<str>,
    pub(super) status: UserStatus,
    pub(super) is_owner: bool,
    /// The override manager, where it is certain.
    pub(super) manager: Cell,
    /// Custom fields as they were listed.
    custom: Option<Box<Json>>,
}

impl SeenUser {
    pub(super) fn of(row: &Row) -> Self {
        let text = |key: &str| Arc::from(rows::text(row, key).unwrap_or_default());
        Self {
            email: text("email"),
            first_name: text("firstName"),
            last_name: text("lastName"),
            status: status(row),
            is_owner: matches!(rows::text(row, "role"), Some("owner" | "super_admin")),
            manager: certain_manager(row),
            custom: row.get(CUSTOM).cloned().map(Box::new),
        }
    }

    /// What is known beyond what every listing gives.
    pub(super) fn more(&self, name: &str) -> Cell {
        if name == fields::MANAGER {
            return self.manager.clone();
        }
        let custom = self.custom.as_deref().filter(|_| !fields::is_standard(name));
        custom.map_or(Cell::NotDelivered, |custom| {
            fields::read(&Row::from_iter([(CUSTOM.to_owned(), custom.clone())]), name)
        })
    }
}

/// The override manager: whoever is shown and does not manage the primary team; nobody where nobody is shown. Else it
/// cannot be told (apis/learnamp.md §4.3).
fn certain_manager(row: &Row) -> Cell {
    match (row.contains_key("manager"), wire::id_in(row, "manager")) {
        (true, None) => Cell::Empty,
        (true, Some(shown)) if fields::team_manager(row) != Some(shown) => {
            Cell::Value(Value::Person(shown.to_string().into()))
        }
        _ => Cell::NotDelivered,
    }
}

/// From the label, or the code of the filter. Whoever is not invited waits for nothing: with single sign-on they can log
/// in (apis/learnamp.md §4.1, §4.3).
pub(super) fn status(row: &Row) -> UserStatus {
    let label = match row.get("status") {
        Some(Json::Object(inner)) => rows::text(inner, "status"),
        Some(Json::String(label)) => Some(label.as_str()),
        _ => None,
    };
    let label = label.unwrap_or_default().trim().to_lowercase().replace('_', " ");
    match label.as_str() {
        "deactivated" => UserStatus::Inactive,
        "invite pending" | "invite scheduled" => UserStatus::Invited,
        _ => UserStatus::Active,
    }
}

/// A team.
#[derive(Debug, Clone)]
pub(super) struct SeenTeam {
    pub(super) id: u64,
    pub(super) name: Arc<str>,
    pub(super) key: Option<Arc<str>>,
}

impl SeenTeam {
    pub(super) fn of(row: &Row) -> Option<Self> {
        let key = rows::text(row, "integrationExternalId").map(Arc::from);
        Some(Self { id: rows::id(row, "id")?, name: rows::text(row, "name")?.into(), key })
    }
}

impl Seen {
    /// Notes a user as an answer shows them. One without a name or address is no user in the long form.
    pub(super) fn user(&mut self, row: &Row) -> Option<u64> {
        let id = rows::id(row, "id")?;
        self.users.insert(id, SeenUser::of(row));
        Some(id)
    }

    /// The team with exactly this name; of several the first.
    pub(super) fn team(&self, name: &str) -> Option<&SeenTeam> {
        self.teams.as_ref()?.iter().filter(|team| &*team.name == name).min_by_key(|team| team.id)
    }

    /// Notes a team that was made or changed.
    pub(super) fn note_team(&mut self, team: SeenTeam) {
        let teams = self.teams.get_or_insert_default();
        teams.retain(|other| other.id != team.id);
        teams.push(team);
    }
}

/// The id that Learn Amp has for a user.
pub(super) fn id_of(user: &UserId) -> Option<u64> {
    user.as_str().parse().ok()
}

pub(super) fn user_id(id: u64) -> UserId {
    UserId::new(id.to_string())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn user(value: Json) -> SeenUser {
        SeenUser::of(value.as_object().unwrap())
    }

    #[test]
    fn the_override_manager_is_only_told_where_it_is_certain() {
        let team = |manager: u64| json!({ "id": 1, "manager": { "id": manager } });
        let manager = |row: Json| user(row).manager;
        assert_eq!(manager(json!({ "manager": null, "primaryTeam": null })), Cell::Empty);
        assert_eq!(manager(json!({ "manager": { "id": 7 }, "primaryTeam": team(7) })), Cell::NotDelivered);
        let person = Cell::Value(Value::Person("7".into()));
        assert_eq!(manager(json!({ "manager": { "id": 7 }, "primaryTeam": team(8) })), person);
        assert_eq!(manager(json!({ "manager": { "id": "7" }, "primaryTeam": null })), person);
        assert_eq!(manager(json!({ "id": 1 })), Cell::NotDelivered, "the short form");
    }

    #[test]
    fn labels_and_codes_of_a_status_are_read_in_any_case_and_an_unknown_one_is_access() {
        let of = |status: Json| user(json!({ "status": status })).status;
        for label in ["Deactivated", "deactivated", "DEACTIVATED"] {
            assert_eq!(of(json!({ "status": label, "time": "Yesterday" })), UserStatus::Inactive);
        }
        assert_eq!(of(json!({ "status": "Invite pending" })), UserStatus::Invited);
        assert_eq!(of(json!("invite_scheduled")), UserStatus::Invited);
        for other in
            [json!({ "status": "Confirmed" }), json!({ "status": "Not yet invited" }), json!("Pending deactivation")]
        {
            assert_eq!(of(other), UserStatus::Active);
        }
    }
}
