//! Groups, memberships and group managers (apis/learnupon.md §3).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query as Asked, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::{Map, Value as Json, json};

use super::body::{good, unwrapped};
use super::list::{Name, Query, page};
use super::refusal::{faulty, refuse};
use crate::sandbox::learnupon::portal::{Fault, Group, Key, Membership, Portal, Version, number, shown};
use crate::sandbox::learnupon::simulation::Simulation;
use crate::sandbox::learnupon::switches::Switches;

type Shared = State<Arc<Simulation>>;

/// `GET /groups`, `?title=`.
pub(super) async fn list(State(simulation): Shared, Asked(query): Asked<Query>) -> Response {
    let (switches, portal) = (simulation.switches(), simulation.portal());
    let title = query.get("title").map(|title| title.trim().to_lowercase());
    let fits = |group: &&Group| match &title {
        Some(title) if switches.title_part => group.title.to_lowercase().contains(title),
        Some(title) => group.title.to_lowercase() == *title,
        None => true,
    };
    page(&switches, Name::GROUPS, &query, portal.groups.values().filter(fits), |group| show_group(&portal, group))
}

fn show_group(portal: &Portal, group: &Group) -> Json {
    let members = portal.memberships.values().filter(|membership| membership.group_id == group.id).count();
    json!({
        "id": group.id,
        "title": group.title,
        "description": group.description,
        "created_at": shown(group.created_at),
        "updated_at": shown(group.updated_at),
        "number_of_members": members,
    })
}

/// `POST /groups`.
pub(super) async fn create(State(simulation): Shared, headers: HeaderMap, body: Bytes) -> Response {
    let made = unwrapped(&headers, &body, "Group").and_then(|sent| {
        let text = |key: &str| sent.get(key).and_then(Json::as_str).map(str::to_owned);
        simulation.portal().create_group(
            &text("title").unwrap_or_default(),
            text("description"),
            &simulation.switches(),
        )
    });
    with_id(&simulation.switches(), made)
}

/// `PUT /groups/{id}`.
pub(super) async fn rename(
    State(simulation): Shared,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let renamed = unwrapped(&headers, &body, "Group").and_then(|sent| {
        let id = id.parse().map_err(|_| Fault::NotFound)?;
        let title = sent.get("title").and_then(Json::as_str).unwrap_or_default();
        simulation.portal().rename_group(id, title, &simulation.switches()).map(|()| id)
    });
    with_id(&simulation.switches(), renamed)
}

/// `DELETE /groups/{id}`.
pub(super) async fn delete(State(simulation): Shared, Path(id): Path<String>) -> Response {
    let deleted = id.parse().map_err(|_| Fault::NotFound).and_then(|id| simulation.portal().delete_group(id));
    gone(&simulation.switches(), &deleted)
}

/// `GET /group_memberships`: the members of a group, or the groups of a user; 404 without either (§1).
pub(super) async fn memberships(State(simulation): Shared, Asked(query): Asked<Query>) -> Response {
    let (switches, portal) = (simulation.switches(), simulation.portal());
    let asked = |key: &str| query.get(key).and_then(|id| id.parse::<u64>().ok());
    let version = Version::of(query.get("version_id").map(String::as_str));
    let mark = |shown: &mut Map<String, Json>, membership: &Membership| {
        if version >= Version::V1_1 {
            shown.insert(switches.membership_id_key.clone(), json!(membership.id));
        }
        if switches.show_automatic {
            shown.insert("automatic".to_owned(), json!(membership.automatic));
        }
    };
    if let Some(group) = asked("group_id") {
        let members = portal.memberships.values().filter(|membership| membership.group_id == group);
        let found = members.filter_map(|membership| Some((membership, portal.users.get(&membership.user_id)?)));
        return page(&switches, Name::USERS, &query, found, |(membership, user)| {
            let mut shown = user.listed(version, &switches);
            mark(&mut shown, membership);
            Json::Object(shown)
        });
    }
    if let Some(user) = asked("user_id") {
        let groups = portal.memberships.range((user, 0)..=(user, u64::MAX));
        let found = groups.filter_map(|(_, membership)| Some((membership, portal.groups.get(&membership.group_id)?)));
        return page(&switches, Name::GROUPS_OF, &query, found, |(membership, group)| {
            let mut shown = match show_group(&portal, group) {
                Json::Object(shown) => shown,
                _ => Map::new(),
            };
            mark(&mut shown, membership);
            Json::Object(shown)
        });
    }
    refuse(&switches, StatusCode::NOT_FOUND, "group_id or user_id is needed")
}

/// `POST /group_memberships`.
pub(super) async fn join(State(simulation): Shared, headers: HeaderMap, body: Bytes) -> Response {
    let switches = simulation.switches();
    let joined = unwrapped(&headers, &body, "GroupMembership").and_then(|sent| {
        let (group, user) = pair(&sent)?;
        let enrol = sent.get("process_enrollments").is_none_or(|enrol| *enrol == true);
        simulation.portal().join(group, user, enrol, &switches)
    });
    with_id(&switches, joined)
}

/// `DELETE /group_memberships/{id}`, or `/0` with group and user in the body.
pub(super) async fn leave(
    State(simulation): Shared,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut portal = simulation.portal();
    let left = match id.parse() {
        Ok(0) => unwrapped(&headers, &body, "GroupMembership")
            .and_then(|sent| pair(&sent))
            .and_then(|(group, user)| portal.leave(group, user)),
        Ok(id) => portal.leave_by_id(id),
        Err(_) => Err(Fault::NotFound),
    };
    gone(&simulation.switches(), &left)
}

/// `GET /group_managers`, `?group_id=`, `?user_id=`, `?email=`.
pub(super) async fn managers(State(simulation): Shared, Asked(query): Asked<Query>) -> Response {
    let (switches, portal) = (simulation.switches(), simulation.portal());
    let asked = |key: &str| query.get(key).and_then(|id| id.parse::<u64>().ok());
    let (group, user) = (asked("group_id"), asked("user_id"));
    let email = query.get("email").map(|email| portal.find(Key::Email, email, &switches).map(|user| user.id));
    let chosen = portal.managers.values().filter(|manager| {
        group.is_none_or(|group| manager.group_id == group)
            && user.is_none_or(|user| manager.user_id == user)
            && email.is_none_or(|found| found == Some(manager.user_id))
    });
    page(&switches, Name::MANAGERS, &query, chosen, |manager| json!(manager))
}

/// `POST /group_managers`.
pub(super) async fn add_manager(State(simulation): Shared, headers: HeaderMap, body: Bytes) -> Response {
    let added = unwrapped(&headers, &body, "GroupManager").and_then(|sent| {
        let (group, user) = pair(&sent)?;
        let can_create = sent.get("can_create_users").is_some_and(|can| *can == true);
        simulation.portal().add_manager(group, user, can_create)
    });
    with_id(&simulation.switches(), added)
}

/// `DELETE /group_managers/{id}`, or `/0` with group and user in the body.
pub(super) async fn remove_manager(
    State(simulation): Shared,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut portal = simulation.portal();
    let removed = match id.parse() {
        Ok(0) => unwrapped(&headers, &body, "GroupManager")
            .and_then(|sent| pair(&sent))
            .and_then(|(group, user)| portal.remove_manager(group, user)),
        Ok(id) => portal.remove_manager_by_id(id),
        Err(_) => Err(Fault::NotFound),
    };
    gone(&simulation.switches(), &removed)
}

fn pair(sent: &Map<String, Json>) -> Result<(u64, u64), Fault> {
    let id = |key: &str| sent.get(key).and_then(number);
    id("group_id").zip(id("user_id")).ok_or_else(|| Fault::invalid("group_id and user_id can't be blank"))
}

fn with_id(switches: &Switches, done: Result<u64, Fault>) -> Response {
    match done {
        Ok(id) => good(&json!({ "id": id })),
        Err(fault) => faulty(switches, &fault),
    }
}

fn gone(switches: &Switches, done: &Result<(), Fault>) -> Response {
    match done {
        Ok(()) => good(&json!({})),
        Err(fault) => faulty(switches, fault),
    }
}
