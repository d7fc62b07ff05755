//! Users (apis/learnamp.md §4).

use std::sync::Arc;

use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value as Json;

use super::body::sent;
use super::paging::{Asked, page};
use super::reply::{self, denied, done, good};
use crate::sandbox::learnamp::account::denial::Denial;
use crate::sandbox::learnamp::account::{Account, Status, User, number};
use crate::sandbox::learnamp::simulation::Simulation;
use crate::sandbox::learnamp::switches::Switches;

type Shared = State<Arc<Simulation>>;

/// `GET /v1/users`, `?expanded=true` for the long form.
pub(super) async fn list(State(simulation): Shared, Query(query): Query<Vec<(String, String)>>) -> Response {
    let asked = Asked::of(query);
    let (switches, account) = (simulation.switches(), simulation.account());
    let chosen: Vec<&User> = account.users.values().filter(|user| passes(user, &asked, &switches)).collect();
    let (expanded, sizes) = (asked.is_true("expanded"), account.team_sizes());
    page(&switches, "users", &asked, &chosen, |user| {
        Json::Object(if expanded { account.with_custom(user, &sizes, &switches) } else { Account::short(user) })
    })
}

/// The filters (§4.1), but for those by moments. An unknown one is ignored.
fn passes(user: &User, asked: &Asked, switches: &Switches) -> bool {
    let among = |name: &str, value: &str| asked.filter(name).is_none_or(|wanted| wanted.contains(&value));
    let part = |name: &str, value: &str| {
        let holds = |wanted: &&str| value.to_lowercase().contains(&wanted.to_lowercase());
        asked.filter(name).is_none_or(|wanted| wanted.iter().any(holds))
    };
    let external_id = user.integration_external_id.as_deref().unwrap_or_default();
    let in_teams = |wanted: Vec<&str>| wanted.iter().any(|id| user.teams().any(|team| team.to_string() == **id));
    let by_status = match asked.filter("status") {
        Some(wanted) => wanted.contains(&user.status.code()),
        None => switches.list_deactivated || user.status != Status::Deactivated,
    };
    let by_address = if switches.email_filter_ignores_case {
        let same = |wanted: &&str| user.email.to_lowercase() == wanted.to_lowercase();
        asked.filter("email").is_none_or(|wanted| wanted.iter().any(same))
    } else {
        among("email", &user.email)
    };
    by_status
        && by_address
        && among("integration_external_id", external_id)
        && among("role", &user.role)
        && part("first_name", &user.first_name)
        && part("last_name", &user.last_name)
        && asked.filter("team_ids").is_none_or(in_teams)
        && (asked.filter("no_team").is_none() || user.teams().next().is_none())
}

/// `GET /v1/users/{id}`
pub(super) async fn one(State(simulation): Shared, Path(id): Path<String>) -> Response {
    shown(&simulation, id.parse().map_err(|_| Denial::NotFound))
}

/// `GET /v1/users/by_integration_external_id/{extId}`
pub(super) async fn one_by_external_id(State(simulation): Shared, Path(external_id): Path<String>) -> Response {
    let found = simulation.account().with_external_id(&external_id);
    shown(&simulation, found)
}

fn shown(simulation: &Simulation, id: Result<u64, Denial>) -> Response {
    let (switches, account) = (simulation.switches(), simulation.account());
    match id.and_then(|id| account.user(id)) {
        Ok(user) => good(&account.one(user, &switches)),
        Err(denial) => denied(&denial, &switches),
    }
}

/// `POST /v1/users`
pub(super) async fn create(State(simulation): Shared, request: Request) -> Response {
    let switches = simulation.switches();
    let told = sent(request, switches.bodies).await;
    let mut account = simulation.account();
    let id = told.and_then(|told| account.create(&told, &switches));
    written(&account, StatusCode::CREATED, id, &switches)
}

/// `PUT /v1/users/{id}`
pub(super) async fn update(State(simulation): Shared, Path(id): Path<String>, request: Request) -> Response {
    changed(&simulation, id.parse().map_err(|_| Denial::NotFound), request).await
}

/// `PUT /v1/users/by_integration_external_id/{extId}`
pub(super) async fn update_by_external_id(
    State(simulation): Shared,
    Path(external_id): Path<String>,
    request: Request,
) -> Response {
    let found = simulation.account().with_external_id(&external_id);
    changed(&simulation, found, request).await
}

async fn changed(simulation: &Simulation, id: Result<u64, Denial>, request: Request) -> Response {
    let switches = simulation.switches();
    let told = sent(request, switches.bodies).await;
    let mut account = simulation.account();
    let id = id.and_then(|id| account.update(id, &told?, &switches).map(|()| id));
    written(&account, StatusCode::OK, id, &switches)
}

/// The user as a write left them.
fn written(account: &Account, status: StatusCode, id: Result<u64, Denial>, switches: &Switches) -> Response {
    match id.and_then(|id| account.user(id)) {
        Ok(user) if switches.short_answers => reply::json(status, &Json::Object(Account::short(user))),
        Ok(user) => reply::json(status, &account.one(user, switches)),
        Err(denial) => denied(&denial, switches),
    }
}

/// `PUT /v1/users/{id}/deactivate`
pub(super) async fn deactivate(State(simulation): Shared, Path(id): Path<String>) -> Response {
    of_id(&simulation, &id, Account::deactivate)
}

/// `PUT /v1/users/{id}/reactivate`
pub(super) async fn reactivate(State(simulation): Shared, Path(id): Path<String>) -> Response {
    of_id(&simulation, &id, Account::reactivate)
}

/// `DELETE /v1/users/{id}`
pub(super) async fn delete(State(simulation): Shared, Path(id): Path<String>) -> Response {
    of_id(&simulation, &id, Account::delete)
}

fn of_id(
    simulation: &Simulation,
    id: &str,
    act: impl FnOnce(&mut Account, u64, &Switches) -> Result<(), Denial>,
) -> Response {
    let switches = simulation.switches();
    let id = number(&Json::from(id)).ok_or(Denial::NotFound);
    done(id.and_then(|id| act(&mut simulation.account(), id, &switches)), &switches)
}
