//! Users, their custom fields and time zones (apis/learnupon.md §2).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query as Asked, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::{Map, Value as Json, json};

use super::body::{good, unwrapped};
use super::list::{Name, Query, page};
use super::refusal::{faulty, refuse};
use crate::sandbox::learnupon::portal::{Definition, Fault, Key, Portal, TIMEZONES, User, Version};
use crate::sandbox::learnupon::simulation::Simulation;
use crate::sandbox::learnupon::switches::{Switches, UpdateAnswer};

type Shared = State<Arc<Simulation>>;

/// `GET /users`: without custom data.
pub(super) async fn list(State(simulation): Shared, Asked(query): Asked<Query>) -> Response {
    let switches = simulation.switches();
    let enabled = query.get("login_enabled").and_then(|text| text.parse::<bool>().ok());
    let version = Version::of(query.get("version_id").map(String::as_str));
    let portal = simulation.portal();
    let chosen = portal.users.values().filter(|user| enabled.is_none_or(|enabled| user.enabled == enabled));
    page(&switches, Name::USERS, &query, chosen, |user| Json::Object(user.listed(version, &switches)))
}

/// `GET /users/{id}`.
pub(super) async fn one(State(simulation): Shared, Path(id): Path<String>) -> Response {
    let (switches, portal) = (simulation.switches(), simulation.portal());
    match id.parse().ok().and_then(|id: u64| portal.users.get(&id)) {
        Some(user) => found(&switches, &portal, user),
        None => faulty(&switches, &Fault::NotFound),
    }
}

/// `GET /users/search`: exactly this email or user name; 404 for nobody.
pub(super) async fn search(State(simulation): Shared, Asked(query): Asked<Query>) -> Response {
    let (switches, portal) = (simulation.switches(), simulation.portal());
    let asked = query
        .get("email")
        .map(|email| (Key::Email, email))
        .or_else(|| query.get("username").map(|username| (Key::Username, username)));
    let Some((key, value)) = asked else {
        return faulty(&switches, &Fault::invalid("email or username is needed"));
    };
    let user = portal.find(key, value, &switches).filter(|user| user.enabled || switches.search_finds_disabled);
    match user {
        Some(user) => found(&switches, &portal, user),
        None if switches.empty_search => {
            good(&Json::Object(Map::from_iter([(Name::USERS.key(&switches).to_owned(), json!([]))])))
        }
        None => refuse(&switches, StatusCode::NOT_FOUND, "user not found"),
    }
}

/// One user is a list of one (§1).
fn found(switches: &Switches, portal: &Portal, user: &User) -> Response {
    let body = Map::from_iter([
        (Name::USERS.key(switches).to_owned(), json!([user.whole(&portal.definitions, switches)])),
        (definitions_key(switches).to_owned(), definitions_of(portal)),
    ]);
    good(&Json::Object(body))
}

/// `GET /users/customuserdata`.
pub(super) async fn definitions(State(simulation): Shared) -> Response {
    let body = (definitions_key(&simulation.switches()).to_owned(), definitions_of(&simulation.portal()));
    good(&Json::Object(Map::from_iter([body])))
}

fn definitions_of(portal: &Portal) -> Json {
    portal
        .definitions
        .values()
        .map(|Definition { id, type_id, label, predefined_values, .. }| {
            json!({ "id": id, "type_id": type_id, "label": label, "predefined_values": predefined_values })
        })
        .collect()
}

/// Spelt as seen in the wild (§2.1).
fn definitions_key(switches: &Switches) -> &'static str {
    if switches.misspelt_definitions { "customDataFieldDefintions" } else { "customDataFieldDefinitions" }
}

/// `GET /timezones`.
pub(super) async fn timezones(State(simulation): Shared) -> Response {
    let bare = simulation.switches().bare_timezones;
    let zones: Json =
        TIMEZONES.iter().map(|name| if bare { json!(name) } else { json!({ "id": name, "name": name }) }).collect();
    good(&json!({ "timezones": zones }))
}

/// `POST /users`.
pub(super) async fn create(State(simulation): Shared, headers: HeaderMap, body: Bytes) -> Response {
    let switches = simulation.switches();
    let made = unwrapped(&headers, &body, "User").and_then(|sent| simulation.portal().create(&sent, &switches));
    match made {
        Ok(id) => good(&json!({ "id": id })),
        Err(fault) => faulty(&switches, &fault),
    }
}

/// `PUT /users/{id}`, and `PUT /users/0` for whoever the body names.
pub(super) async fn update(
    State(simulation): Shared,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let switches = simulation.switches();
    let mut portal = simulation.portal();
    let updated = unwrapped(&headers, &body, "User").and_then(|sent| match id.parse().ok() {
        Some(0) => portal.update_found(&sent, &switches),
        Some(id) => portal.update(id, &sent, &switches),
        None => Err(Fault::NotFound),
    });
    match (updated, switches.update_answer) {
        (Err(fault), _) => faulty(&switches, &fault),
        (Ok(id), UpdateAnswer::Id) => good(&json!({ "id": id })),
        (Ok(_), UpdateAnswer::Nothing) => good(&json!({})),
        (Ok(id), UpdateAnswer::User) => match portal.users.get(&id) {
            Some(user) => found(&switches, &portal, user),
            None => faulty(&switches, &Fault::NotFound),
        },
    }
}

/// `DELETE /users/{id}`: the account and its history are gone.
pub(super) async fn delete(State(simulation): Shared, Path(id): Path<String>) -> Response {
    let deleted = id.parse().map_err(|_| Fault::NotFound).and_then(|id| simulation.portal().delete(id));
    match deleted {
        Ok(()) => good(&json!({})),
        Err(fault) => faulty(&simulation.switches(), &fault),
    }
}
