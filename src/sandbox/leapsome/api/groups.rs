//! Groups, which are teams (apis/leapsome.md §3).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query as Asked, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde_json::{Map, Value as Json, json};

use super::body::{good, json as with_status, object, shown};
use super::paging::{Query, fits, page, wanted};
use super::refusal::denied;
use super::users::LOCATION;
use crate::sandbox::leapsome::company::Company;
use crate::sandbox::leapsome::company::denial::Denial;
use crate::sandbox::leapsome::company::team::Team;
use crate::sandbox::leapsome::simulation::Simulation;
use crate::sandbox::leapsome::switches::Switches;

type Shared = State<Arc<Simulation>>;

/// The most groups on a page; all come if no page is asked for.
const MOST: usize = 1000;

/// The most members in one call.
const MOST_MEMBERS: usize = 100;

/// `GET /Groups`.
pub(super) async fn list(State(simulation): Shared, Asked(query): Asked<Query>) -> Response {
    let (switches, company) = (simulation.switches(), simulation.company());
    let listed = wanted(&query, "displayName", &switches).and_then(|name| {
        let fitting = |team: &&Team| name.as_deref().is_none_or(|name| fits(&switches, name, &team.name));
        let mut teams: Vec<&Team> = company.teams().all().filter(fitting).collect();
        if switches.newest_first {
            teams.reverse();
        }
        page(&query, MOST, usize::MAX, teams, |team| show(&company, team))
    });
    match listed {
        Ok(listed) => good(&listed),
        Err(denial) => denied(&switches, &denial),
    }
}

/// `GET /Groups/{id}`.
pub(super) async fn one(State(simulation): Shared, Path(text): Path<String>) -> Response {
    let company = simulation.company();
    let found = company.team_on_path(&text).map(|team| show(&company, team));
    answered(&simulation.switches(), StatusCode::OK, found)
}

/// `POST /Groups`.
pub(super) async fn create(State(simulation): Shared, headers: HeaderMap, body: Bytes) -> Response {
    let mut company = simulation.company();
    let made = object(&headers, &body).and_then(|sent| {
        let id = company.add_team(text(&sent, "displayName").unwrap_or_default(), external_id(&sent))?;
        company.team_on_path(&id).map(|team| show(&company, team))
    });
    answered(&simulation.switches(), StatusCode::CREATED, made)
}

/// `PATCH /Groups/{id}`: adds members, or replaces all of them.
pub(super) async fn change(
    State(simulation): Shared,
    Path(path): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut company = simulation.company();
    let changed = object(&headers, &body).and_then(|sent| {
        let id = company.team_on_path(&path)?.id.clone();
        let members = members(&company, &sent)?;
        let replace = sent.get("replaceMembers").is_some_and(|replace| *replace == true);
        company.change_team(&id, text(&sent, "displayName"), external_id(&sent), &members, replace)?;
        company.team_on_path(&id).map(|team| show(&company, team))
    });
    answered(&simulation.switches(), StatusCode::OK, changed)
}

fn members(company: &Company, sent: &Map<String, Json>) -> Result<Vec<String>, Denial> {
    let listed = sent.get("members").and_then(Json::as_array).cloned().unwrap_or_default();
    if listed.len() > MOST_MEMBERS {
        return Err(Denial::invalid("The members array exceeds 100 elements"));
    }
    // Only Leapsome's own ids; others are left out without a word.
    let known =
        listed.iter().filter_map(|member| member["value"].as_str()).filter(|id| company.users().contains_key(*id));
    Ok(known.map(str::to_owned).collect())
}

fn text<'a>(sent: &'a Map<String, Json>, key: &str) -> Option<&'a str> {
    sent.get(key).and_then(Json::as_str)
}

fn external_id(sent: &Map<String, Json>) -> Option<String> {
    text(sent, "externalId").map(str::to_owned)
}

/// A team as it is read: nobody is ever shown in it.
fn show(company: &Company, team: &Team) -> Json {
    let now = company.now();
    shown([
        ("schemas", json!(["urn:ietf:params:scim:schemas:core:2.0:Group"])),
        ("id", json!(team.id)),
        ("displayName", json!(team.name)),
        ("externalId", json!(team.external_id)),
        ("members", json!([])),
        ("meta", json!({ "created": now, "lastModified": now, "location": format!("{LOCATION}/Groups/{}", team.id) })),
    ])
}

fn answered(switches: &Switches, status: StatusCode, found: Result<Json, Denial>) -> Response {
    match found {
        Ok(body) => with_status(status, &body),
        Err(denial) => denied(switches, &denial),
    }
}
