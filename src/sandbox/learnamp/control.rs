//! The control API, below `/sandbox`: JSON, on the same loopback address, and nothing that Learn Amp has.

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

use super::account::Status;
use super::change::Change;
use super::simulation::Simulation;
use super::switches::Switches;
use crate::sandbox::answer::{answer, listed, one_by_one, only_json, parse, refused, unknown};
use crate::sandbox::refusal::Refusal;

/// A whole story of some thousand changes.
const LARGEST_BODY: usize = 4 << 20;

/// What there is, as `GET /sandbox` answers it and as [`router`] routes it.
const ROUTES: [(&str, &str); 12] = [
    ("GET /sandbox", "this list"),
    ("GET /sandbox/state", "how many of everything, custom fields, calls by endpoint"),
    ("GET /sandbox/users", "who is there, with everything: `?limit=100&offset=0&status=deactivated`"),
    ("GET /sandbox/users/{id, address or external id}", "one user with everything"),
    ("GET /sandbox/teams", "the teams"),
    ("GET /sandbox/mails", "the invitations that went out"),
    ("POST /sandbox/changes", "an administrator does something by hand: one change, or a list of them"),
    ("GET /sandbox/switches", "every switch with its value"),
    ("POST /sandbox/switches", "set some switches; null sets one back"),
    ("DELETE /sandbox/switches", "set every switch back"),
    ("DELETE /sandbox/calls", "count from 0 again, and forget what the limit holds"),
    ("DELETE /sandbox/tokens", "take all tokens back"),
];

type Shared = State<Arc<Simulation>>;

/// The routes.
pub(super) fn router() -> Router<Arc<Simulation>> {
    Router::new()
        .route("/sandbox", get(routes))
        .route("/sandbox/state", get(state))
        .route("/sandbox/users", get(users))
        .route("/sandbox/users/{user}", get(user))
        .route("/sandbox/teams", get(teams))
        .route("/sandbox/mails", get(mails))
        .route("/sandbox/changes", post(changes))
        .route("/sandbox/switches", get(switches).post(set_switches).delete(reset_switches))
        .route("/sandbox/calls", delete(forget_calls))
        .route("/sandbox/tokens", delete(forget_tokens))
        .route("/sandbox/{*other}", any(unknown))
        .method_not_allowed_fallback(unknown)
        .route_layer(from_fn(only_json))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
}

async fn routes() -> Response {
    listed(&ROUTES)
}

async fn state(State(simulation): Shared) -> Response {
    let calls = simulation.line().calls();
    let account = simulation.account();
    let fields = account.custom_fields.iter().map(|(name, required)| json!({ "name": name, "required": required }));
    let state = json!({
        "users": account.users.len(),
        "teams": account.teams.len(),
        "mails": account.mails.len(),
        "customFields": fields.collect::<Vec<_>>(),
        "calls": calls,
    });
    answer(StatusCode::OK, &state)
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Which {
    limit: usize,
    offset: usize,
    status: Option<Status>,
}

impl Default for Which {
    fn default() -> Self {
        Self { limit: 100, offset: 0, status: None }
    }
}

async fn users(State(simulation): Shared, which: Result<Query<Which>, QueryRejection>) -> Response {
    let Ok(Query(which)) = which else {
        let help = "there are `limit`, `offset` and `status`: `?status=not_invited&limit=10`";
        return refused(&Refusal::new("the query is wrong", help));
    };
    let account = simulation.account();
    let chosen = || account.users.values().filter(|user| which.status.is_none_or(|status| user.status == status));
    let some: Vec<_> = chosen().skip(which.offset).take(which.limit.min(1000)).collect();
    answer(StatusCode::OK, &json!({ "total": chosen().count(), "users": some }))
}

async fn user(State(simulation): Shared, Path(name): Path<String>) -> Response {
    let account = simulation.account();
    match account.user_named(&name).and_then(|id| account.users.get(&id)) {
        Some(user) => answer(StatusCode::OK, user),
        None => {
            let help = "`GET /sandbox/users` lists who is there";
            answer(StatusCode::NOT_FOUND, &Refusal::new("nobody has this id, address or external id", help))
        }
    }
}

async fn teams(State(simulation): Shared) -> Response {
    let account = simulation.account();
    answer(StatusCode::OK, &json!({ "teams": account.teams.values().collect::<Vec<_>>() }))
}

async fn mails(State(simulation): Shared) -> Response {
    answer(StatusCode::OK, &json!({ "mails": simulation.account().mails }))
}

/// One change or several; of several, those before a refused one have been made.
async fn changes(State(simulation): Shared, body: Bytes) -> Response {
    one_by_one(&body, "change", "made", |change: Change| simulation.change(change))
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

async fn forget_tokens(State(simulation): Shared) -> Response {
    simulation.forget_tokens();
    answer(StatusCode::OK, &json!({ "tokens": 0 }))
}
