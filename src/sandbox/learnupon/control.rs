//! The control API, below `/sandbox`: JSON, on the same loopback address, and nothing that LearnUpon has.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::rejection::QueryRejection;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::StatusCode;
use axum::middleware::from_fn;
use axum::response::Response;
use axum::routing::{any, delete, get, post};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::event::Event;
use super::simulation::Simulation;
use super::switches::Switches;
use crate::sandbox::answer::{answer, listed, one_by_one, only_json, parse, refused, unknown};
use crate::sandbox::refusal::Refusal;

/// A whole story of some thousand events.
const LARGEST_BODY: usize = 4 << 20;

/// What there is, as `GET /sandbox` answers it and as [`router`] routes it.
const ROUTES: [(&str, &str); 12] = [
    ("GET /sandbox", "this list"),
    ("GET /sandbox/state", "the day, how many users, groups and invitations there are, calls by endpoint"),
    ("GET /sandbox/users", "every account with everything: `?limit=100&offset=0`"),
    ("GET /sandbox/users/{id, address or user name}", "one account, with its groups"),
    ("GET /sandbox/groups", "groups, who is in them and who manages them"),
    ("GET /sandbox/invites", "every invitation, with its status and end"),
    ("GET /sandbox/mails", "the mails that went out"),
    ("POST /sandbox/events", "something happens by hand: one event, or a list of them"),
    ("GET /sandbox/switches", "every switch with its value"),
    ("POST /sandbox/switches", "set some switches; null sets one back"),
    ("DELETE /sandbox/switches", "set every switch back"),
    ("DELETE /sandbox/calls", "count from 0 again, and forget what the windows hold"),
];

type Shared = State<Arc<Simulation>>;

/// The routes.
pub(crate) fn router() -> Router<Arc<Simulation>> {
    Router::new()
        .route("/sandbox", get(routes))
        .route("/sandbox/state", get(state))
        .route("/sandbox/users", get(users))
        .route("/sandbox/users/{user}", get(user))
        .route("/sandbox/groups", get(groups))
        .route("/sandbox/invites", get(invites))
        .route("/sandbox/mails", get(mails))
        .route("/sandbox/events", post(events))
        .route("/sandbox/switches", get(switches).post(set_switches).delete(reset_switches))
        .route("/sandbox/calls", delete(forget_calls))
        .route("/sandbox/{*other}", any(unknown))
        .method_not_allowed_fallback(unknown)
        .route_layer(from_fn(only_json))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
}

async fn routes() -> Response {
    listed(&ROUTES)
}

async fn state(State(simulation): Shared) -> Response {
    let calls = simulation.calls();
    let portal = simulation.portal();
    let state = json!({
        "today": portal.day(),
        "users": portal.users.len(),
        "groups": portal.groups.len(),
        "memberships": portal.memberships.len(),
        "invites": portal.invites.len(),
        "mails": portal.mails.len(),
        "customDataFieldDefinitions": portal.definitions.values().collect::<Vec<_>>(),
        "calls": calls,
    });
    answer(StatusCode::OK, &state)
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Which {
    limit: usize,
    offset: usize,
}

impl Default for Which {
    fn default() -> Self {
        Self { limit: 100, offset: 0 }
    }
}

async fn users(State(simulation): Shared, which: Result<Query<Which>, QueryRejection>) -> Response {
    let Ok(Query(which)) = which else {
        return refused(&Refusal::new("the query is wrong", "there are `limit` and `offset`: `?limit=10`"));
    };
    let portal = simulation.portal();
    let shown: Vec<_> = portal.users.values().skip(which.offset).take(which.limit.min(1000)).collect();
    answer(StatusCode::OK, &json!({ "total": portal.users.len(), "users": shown }))
}

async fn user(State(simulation): Shared, Path(name): Path<String>) -> Response {
    let portal = simulation.portal();
    let Some(user) = portal.user_named(&name) else {
        let refusal = Refusal::new("nobody has this id, address or user name", "`GET /sandbox/users` lists them");
        return answer(StatusCode::NOT_FOUND, &refusal);
    };
    let memberships: Vec<_> =
        portal.memberships.range((user.id, 0)..=(user.id, u64::MAX)).map(|(_, one)| one).collect();
    answer(StatusCode::OK, &json!({ "user": user, "memberships": memberships }))
}

async fn groups(State(simulation): Shared) -> Response {
    let portal = simulation.portal();
    let listed = json!({
        "groups": portal.groups.values().collect::<Vec<_>>(),
        "memberships": portal.memberships.values().collect::<Vec<_>>(),
        "managers": portal.managers.values().collect::<Vec<_>>(),
    });
    answer(StatusCode::OK, &listed)
}

async fn invites(State(simulation): Shared) -> Response {
    let portal = simulation.portal();
    answer(StatusCode::OK, &json!({ "invites": portal.invites.values().collect::<Vec<_>>() }))
}

async fn mails(State(simulation): Shared) -> Response {
    answer(StatusCode::OK, &json!({ "mails": simulation.portal().mails }))
}

/// One event or several; of several, those before a refused one have happened.
async fn events(State(simulation): Shared, body: Bytes) -> Response {
    one_by_one(&body, "event", "happened", |event: Event| Ok(json!({ "id": simulation.play(&event)? })))
}

async fn switches(State(simulation): Shared) -> Response {
    answer(StatusCode::OK, &simulation.switches())
}

async fn set_switches(State(simulation): Shared, body: Bytes) -> Response {
    let patched = parse(&body).and_then(|patch: Json| simulation.switch(|switches| switches.patched(&patch)));
    patched.map_or_else(|refusal| refused(&refusal), |switches| answer(StatusCode::OK, &switches))
}

async fn reset_switches(State(simulation): Shared) -> Response {
    match simulation.switch(|_| Ok::<_, Refusal>(Switches::default())) {
        Ok(switches) => answer(StatusCode::OK, &switches),
        Err(refusal) => refused(&refusal),
    }
}

async fn forget_calls(State(simulation): Shared) -> Response {
    simulation.forget_calls();
    answer(StatusCode::OK, &json!({ "calls": {} }))
}
