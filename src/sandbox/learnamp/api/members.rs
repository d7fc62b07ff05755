//! Who is in which team (apis/learnamp.md §6).

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Map, Value as Json, json};

use super::body::sent;
use super::reply::{self, denied, done, good};
use super::teams::{Which, shown};
use crate::sandbox::learnamp::account::denial::{Denial, bad};
use crate::sandbox::learnamp::account::{Account, number};
use crate::sandbox::learnamp::simulation::Simulation;

type Shared = State<Arc<Simulation>>;

pub(super) async fn list(State(simulation): Shared, Path(id): Path<String>) -> Response {
    shown(&simulation, &Which::Id(id), true)
}

pub(super) async fn list_by_external_id(State(simulation): Shared, Path(external_id): Path<String>) -> Response {
    shown(&simulation, &Which::ExternalId(external_id), true)
}

pub(super) async fn join(State(simulation): Shared, Path(id): Path<String>, request: Request) -> Response {
    let pair = |account: &Account, told: &Map<String, Json>| Ok((Which::Id(id).find(account)?, user(told)?));
    joined(&simulation, pair, request).await
}

pub(super) async fn join_by_external_id(
    State(simulation): Shared,
    Path(external_id): Path<String>,
    request: Request,
) -> Response {
    let which = Which::ExternalId(external_id);
    joined(&simulation, |account, told| Ok((which.find(account)?, user(told)?)), request).await
}

/// `POST /v1/teams/users`
pub(super) async fn join_named(State(simulation): Shared, request: Request) -> Response {
    joined(&simulation, Account::named_pair, request).await
}

async fn joined(
    simulation: &Simulation,
    pair: impl FnOnce(&Account, &Map<String, Json>) -> Result<(u64, u64), Denial>,
    request: Request,
) -> Response {
    let switches = simulation.switches();
    let told = sent(request, switches.bodies).await;
    let mut account = simulation.account();
    let pair = told.and_then(|told| {
        let (team, user) = pair(&account, &told)?;
        account.join(team, user, is_primary(&told)).map(|()| (team, user))
    });
    match pair {
        Ok((team, user)) => {
            let body = json!({ "id": account.users.len() + account.teams.len(), "teamId": team, "userId": user });
            reply::json(StatusCode::CREATED, &body)
        }
        Err(denial) => denied(&denial, &switches),
    }
}

pub(super) async fn join_all(State(simulation): Shared, Path(id): Path<String>, request: Request) -> Response {
    all_joined(&simulation, &Which::Id(id), request).await
}

pub(super) async fn join_all_by_external_id(
    State(simulation): Shared,
    Path(external_id): Path<String>,
    request: Request,
) -> Response {
    all_joined(&simulation, &Which::ExternalId(external_id), request).await
}

/// Several at once; what it answers is not documented.
async fn all_joined(simulation: &Simulation, which: &Which, request: Request) -> Response {
    let switches = simulation.switches();
    let told = sent(request, switches.bodies).await;
    let mut account = simulation.account();
    let joined = told.and_then(|told| {
        let users = told.get("userIds").and_then(Json::as_array).ok_or_else(|| bad("userIds is missing"))?;
        let users: Vec<u64> = users.iter().filter_map(number).collect();
        let team = which.find(&account)?;
        account.join_all(team, &users, is_primary(&told))
    });
    joined.map_or_else(|denial| denied(&denial, &switches), |()| good(&json!({})))
}

pub(super) async fn leave(State(simulation): Shared, Path((id, user)): Path<(String, String)>) -> Response {
    left(&simulation, &Which::Id(id), &user)
}

pub(super) async fn leave_by_external_id(
    State(simulation): Shared,
    Path((external_id, user)): Path<(String, String)>,
) -> Response {
    left(&simulation, &Which::ExternalId(external_id), &user)
}

fn left(simulation: &Simulation, which: &Which, user: &str) -> Response {
    let mut account = simulation.account();
    let pair = which.find(&account).and_then(|team| Ok((team, user.parse().map_err(|_| Denial::NotFound)?)));
    done(pair.and_then(|(team, user)| account.leave(team, user)), &simulation.switches())
}

fn user(told: &Map<String, Json>) -> Result<u64, Denial> {
    told.get("userId").and_then(number).ok_or_else(|| bad("userId is missing"))
}

fn is_primary(told: &Map<String, Json>) -> bool {
    told.get("isPrimary").is_some_and(|primary| *primary == true || *primary == "true")
}
