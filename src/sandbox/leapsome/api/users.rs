//! Users (apis/leapsome.md §2).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query as Asked, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::{Map, Value as Json, json};

use super::body::{good, json as with_status, object, shown};
use super::paging::{Query, fits, page, wanted};
use super::patch_op::{flat, is_operations};
use super::refusal::{denied, refuse};
use crate::sandbox::leapsome::company::Company;
use crate::sandbox::leapsome::company::create::Created;
use crate::sandbox::leapsome::company::denial::Denial;
use crate::sandbox::leapsome::company::update::EXTENSION;
use crate::sandbox::leapsome::company::user::{Status, User};
use crate::sandbox::leapsome::simulation::Simulation;
use crate::sandbox::leapsome::switches::{Existing, Switches};

type Shared = State<Arc<Simulation>>;

/// The most users on a page; so many come without a `count` too.
const MOST: usize = 5000;

/// Where things are said to be.
pub(super) const LOCATION: &str = "https://api.leapsome.example/scim/v1";

/// `GET /Users`.
pub(super) async fn list(State(simulation): Shared, Asked(query): Asked<Query>) -> Response {
    let (switches, company) = (simulation.switches(), simulation.company());
    let listed = wanted(&query, "userName", &switches).and_then(|name| {
        let fitting = |user: &&User| {
            name.as_deref().is_none_or(|name| fits(&switches, name, &user.user_name))
                && (switches.list_deactivated || user.active())
        };
        let mut users: Vec<&User> = company.users().values().filter(fitting).collect();
        if switches.newest_first {
            users.reverse();
        }
        page(&query, MOST, MOST, users, |user| show(&company, user, &switches))
    });
    match listed {
        Ok(listed) => good(&listed),
        Err(denial) => denied(&switches, &denial),
    }
}

/// `GET /Users/{id}`.
pub(super) async fn one(State(simulation): Shared, Path(text): Path<String>) -> Response {
    let (switches, company) = (simulation.switches(), simulation.company());
    match company.on_path(&text) {
        Some(user) => good(&show(&company, user, &switches)),
        None => denied(&switches, &Denial::UnknownUser),
    }
}

/// `POST /Users`: 201 with `{}` for somebody who is there.
pub(super) async fn create(State(simulation): Shared, headers: HeaderMap, body: Bytes) -> Response {
    let switches = simulation.switches();
    let mut company = simulation.company();
    let made = object(&headers, &body).and_then(|sent| company.create(&sent, &switches));
    match made {
        Ok(Created::Made(id)) => match company.users().get(&id) {
            Some(user) => with_status(StatusCode::CREATED, &show_new(user)),
            None => denied(&switches, &Denial::UnknownUser),
        },
        Ok(Created::Exists) => match switches.existing {
            Existing::Empty => with_status(StatusCode::CREATED, &json!({})),
            Existing::Conflict => refuse(&switches, StatusCode::CONFLICT, "Username is already in use"),
        },
        Err(denial) => denied(&switches, &denial),
    }
}

/// `PATCH /Users/{id}`.
pub(super) async fn change(
    State(simulation): Shared,
    Path(text): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let switches = simulation.switches();
    let sent = object(&headers, &body).and_then(|sent| {
        let needs = switches.patch_needs_user_name && !is_operations(&sent, switches.patch);
        Ok((flat(sent, switches.patch)?, Switches { patch_needs_user_name: needs, ..switches.clone() }))
    });
    changed(&simulation, &text, |company, id| {
        let (sent, switches) = sent?;
        company.update(id, &sent, &switches)
    })
}

/// `PUT /Users/{id}`.
pub(super) async fn replace(
    State(simulation): Shared,
    Path(text): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let switches = simulation.switches();
    changed(&simulation, &text, |company, id| company.replace(id, &object(&headers, &body)?, &switches))
}

fn changed(
    simulation: &Simulation,
    text: &str,
    change: impl FnOnce(&mut Company, &str) -> Result<String, Denial>,
) -> Response {
    let switches = simulation.switches();
    let mut company = simulation.company();
    let id = company.on_path(text).map(|user| user.id.clone()).ok_or(Denial::UnknownUser);
    match id.and_then(|id| change(&mut company, &id)) {
        Ok(id) => match company.users().get(&id) {
            Some(user) => good(&show(&company, user, &switches)),
            None => denied(&switches, &Denial::UnknownUser),
        },
        Err(denial) => denied(&switches, &denial),
    }
}

/// Somebody new: not in the shape in which users are read, and with the moment as a number (§2.2).
fn show_new(user: &User) -> Json {
    let name = shown([("givenName", json!(user.given_name)), ("familyName", json!(user.family_name))]);
    shown([
        ("id", json!(user.id)),
        ("userName", json!(user.user_name)),
        ("name", name),
        ("displayName", json!(user.display_name)),
        ("title", json!(user.title)),
        ("photos", user.photo.as_ref().map_or(Json::Null, |photo| json!([{ "value": photo }]))),
        ("externalId", json!(user.external_id)),
        ("groups", json!([])),
        (
            "meta",
            json!({ "created": user.created.as_millisecond(), "location": format!("{LOCATION}/Users/{}", user.id) }),
        ),
    ])
}

/// A user as they are read (§2.4).
fn show(company: &Company, user: &User, switches: &Switches) -> Json {
    let person = |id: &String| {
        let name = company.users().get(id).and_then(|user| user.display_name.clone());
        shown([("managerId", json!(id)), ("displayName", json!(name))])
    };
    let team = |id: &Option<String>| json!(id.as_deref().and_then(|id| company.teams().name(id)));
    let work = [
        ("manager", user.manager.as_ref().map_or(Json::Null, person)),
        ("additionalManagers", user.additional_managers.iter().map(person).collect()),
        ("department", team(&user.department)),
        ("division", team(&user.division)),
        ("costCenter", team(&user.cost_center)),
        ("level", json!(user.level)),
        ("startDate", json!(user.start_date)),
        ("endDate", json!(user.end_date)),
        ("birthday", json!(user.birthday)),
        ("gender", json!(user.gender)),
        ("employmentType", json!("internal")),
        ("location", json!(user.location)),
    ];
    let mut work = shown(work);
    for (id, value) in &user.attributes {
        work[id] = json!(value);
    }
    let name = shown([
        ("givenName", json!(user.given_name)),
        ("familyName", json!(user.family_name)),
        ("formatted", json!(user.formatted())),
    ]);
    let active = user.active() && (switches.created_is_active || user.status != Status::Created);
    let mut shown = shown([
        ("schemas", json!(["urn:ietf:params:scim:schemas:core:2.0:User", EXTENSION])),
        ("id", json!(user.id)),
        ("externalId", json!(user.external_id)),
        ("userName", json!(user.user_name)),
        ("displayName", json!(user.display_name)),
        ("name", if user.formatted().is_some() { name } else { Json::Null }),
        ("title", json!(user.title)),
        ("photos", user.photo.as_ref().map_or(Json::Null, |photo| json!([{ "value": photo, "type": "photo" }]))),
        ("active", json!(active)),
        ("emails", json!([{ "value": user.user_name, "type": "work", "primary": true }])),
        ("groups", user.teams().into_iter().map(|id| json!({ "value": id })).collect()),
        ("manager", user.manager.as_ref().map_or(Json::Null, |id| json!({ "value": id }))),
        (
            "meta",
            json!({ "created": user.created, "lastModified": user.modified,
            "location": format!("{LOCATION}/Users/{}", user.id), "version": format!("W/\"{}\"", user.version) }),
        ),
    ]);
    if let Json::Object(shown) = &mut shown {
        shown.extend(Map::from_iter([(EXTENSION.to_owned(), work)]));
    }
    shown
}
