//! Teams (apis/learnamp.md §6).

use std::sync::Arc;

use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value as Json;

use super::body::sent;
use super::paging::{Asked, page};
use super::reply::{self, denied, done};
use crate::sandbox::learnamp::account::denial::Denial;
use crate::sandbox::learnamp::account::{Account, Team, TeamDraft};
use crate::sandbox::learnamp::simulation::Simulation;
use crate::sandbox::learnamp::switches::Switches;

type Shared = State<Arc<Simulation>>;

/// What a path tells a team by.
pub(super) enum Which {
    Id(String),
    ExternalId(String),
}

impl Which {
    pub(super) fn find(&self, account: &Account) -> Result<u64, Denial> {
        match self {
            Self::Id(id) => {
                id.parse().map_err(|_| Denial::NotFound).and_then(|id| account.team(id).map(|team| team.id))
            }
            Self::ExternalId(external_id) => account.team_with_external_id(external_id),
        }
    }
}

/// `GET /v1/teams`
pub(super) async fn list(State(simulation): Shared, Query(query): Query<Vec<(String, String)>>) -> Response {
    let asked = Asked::of(query);
    let (switches, account) = (simulation.switches(), simulation.account());
    let wanted = asked.one("filters[name]").map(str::to_lowercase);
    let by_name = |team: &Team| match &wanted {
        Some(wanted) if switches.name_part => team.name.to_lowercase().contains(wanted),
        Some(wanted) => team.name.to_lowercase() == *wanted,
        None => true,
    };
    let by_tag = |team: &Team| {
        let tagged = |wanted: Vec<&str>| wanted.iter().any(|tag| team.tags.iter().any(|has| has == tag));
        asked.filter("tags").is_none_or(tagged)
    };
    let chosen: Vec<&Team> = account.teams.values().filter(|team| by_name(team) && by_tag(team)).collect();
    let sizes = account.team_sizes();
    page(&switches, "teams", &asked, &chosen, |team| account.show_team(team, &sizes, false))
}

pub(super) async fn one(State(simulation): Shared, Path(id): Path<String>) -> Response {
    shown(&simulation, &Which::Id(id), false)
}

pub(super) async fn one_by_external_id(State(simulation): Shared, Path(external_id): Path<String>) -> Response {
    shown(&simulation, &Which::ExternalId(external_id), false)
}

/// A team, with its users where they are asked for.
pub(super) fn shown(simulation: &Simulation, which: &Which, extended: bool) -> Response {
    let (switches, account) = (simulation.switches(), simulation.account());
    answered(&account, StatusCode::OK, which.find(&account), extended, &switches)
}

/// `POST /v1/teams`
pub(super) async fn create(State(simulation): Shared, request: Request) -> Response {
    let switches = simulation.switches();
    let told = sent(request, switches.bodies).await.and_then(|told| TeamDraft::of(&told));
    let mut account = simulation.account();
    let id = told.and_then(|draft| account.create_team(draft, &switches));
    answered(&account, StatusCode::CREATED, id, false, &switches)
}

pub(super) async fn update(State(simulation): Shared, Path(id): Path<String>, request: Request) -> Response {
    changed(&simulation, &Which::Id(id), request).await
}

pub(super) async fn update_by_external_id(
    State(simulation): Shared,
    Path(external_id): Path<String>,
    request: Request,
) -> Response {
    changed(&simulation, &Which::ExternalId(external_id), request).await
}

/// `PUT /v1/teams/{id}`; with `response` = `Extended` the answer has the users too.
async fn changed(simulation: &Simulation, which: &Which, request: Request) -> Response {
    let switches = simulation.switches();
    let told = sent(request, switches.bodies).await;
    let mut account = simulation.account();
    let extended = told.as_ref().is_ok_and(|told| told.get("response").is_some_and(|form| *form == "Extended"));
    let id = told.and_then(|told| {
        let id = which.find(&account)?;
        account.update_team(id, TeamDraft::of(&told)?, &switches).map(|()| id)
    });
    answered(&account, StatusCode::OK, id, extended, &switches)
}

pub(super) async fn delete(State(simulation): Shared, Path(id): Path<String>) -> Response {
    gone(&simulation, &Which::Id(id))
}

pub(super) async fn delete_by_external_id(State(simulation): Shared, Path(external_id): Path<String>) -> Response {
    gone(&simulation, &Which::ExternalId(external_id))
}

fn gone(simulation: &Simulation, which: &Which) -> Response {
    let mut account = simulation.account();
    let deleted = which.find(&account).and_then(|id| account.delete_team(id));
    done(deleted, &simulation.switches())
}

fn answered(
    account: &Account,
    status: StatusCode,
    id: Result<u64, Denial>,
    extended: bool,
    switches: &Switches,
) -> Response {
    match id.and_then(|id| account.team(id)) {
        Ok(team) => {
            let shown: Json = account.show_team(team, &account.team_sizes(), extended);
            reply::json(status, &shown)
        }
        Err(denial) => denied(&denial, switches),
    }
}
