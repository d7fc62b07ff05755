//! The control API, below `/sandbox`: JSON, on the same loopback address, and nothing that 360Learning has.

mod users;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::middleware::from_fn;
use axum::response::Response;
use axum::routing::{delete, get, post};
use serde_json::{Value as Json, json};

use super::change::Change;
use super::simulation::Simulation;
use super::switches::Switches;
use crate::sandbox::answer::{answer, listed, one_by_one, only_json, parse, refused, unknown};
use crate::sandbox::refusal::Refusal;

/// A whole story of some thousand changes.
const LARGEST_BODY: usize = 4 << 20;

/// What there is, as `GET /sandbox` answers it and as [`router`] routes it.
const ROUTES: [(&str, &str); 13] = [
    ("GET /sandbox", "this list"),
    ("GET /sandbox/state", "the time, how many of everything, calls by endpoint"),
    ("GET /sandbox/users", "who is there, with everything: `?limit=100&offset=0&status=deleted`"),
    ("GET /sandbox/users/{id, address or external id}", "one user with everything"),
    ("GET /sandbox/groups", "the groups, with how many learners each has"),
    ("GET /sandbox/mails", "the mails that would have been sent"),
    ("GET /sandbox/exchanges", "the latest calls with their bodies, where the switch `record` asks for them"),
    ("POST /sandbox/changes", "an administrator does something by hand: one change, or a list of them"),
    ("GET /sandbox/switches", "every switch with its value"),
    ("POST /sandbox/switches", "set some switches; null sets one back"),
    ("DELETE /sandbox/switches", "set every switch back"),
    ("DELETE /sandbox/calls", "count from 0 again, and forget limits and recorded calls"),
    ("DELETE /sandbox/tokens", "take all tokens back"),
];

/// The routes.
pub(super) fn router() -> Router<Arc<Simulation>> {
    Router::new()
        .route("/sandbox", get(routes))
        .route("/sandbox/state", get(state))
        .route("/sandbox/users", get(users::list))
        .route("/sandbox/users/{user}", get(users::one))
        .route("/sandbox/groups", get(users::groups))
        .route("/sandbox/mails", get(mails))
        .route("/sandbox/exchanges", get(exchanges))
        .route("/sandbox/changes", post(changes))
        .route("/sandbox/switches", get(switches).post(set_switches).delete(reset_switches))
        .route("/sandbox/calls", delete(forget_calls))
        .route("/sandbox/tokens", delete(forget_tokens))
        .route("/sandbox/{*other}", axum::routing::any(unknown))
        .method_not_allowed_fallback(unknown)
        .route_layer(from_fn(only_json))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
}

async fn routes() -> Response {
    listed(&ROUTES)
}

async fn state(State(simulation): State<Arc<Simulation>>) -> Response {
    let calls = simulation.calls();
    let company = simulation.company();
    let state = json!({
        "now": company.now(),
        "users": company.users().len(),
        "groups": company.groups().len(),
        "custom_fields": company.custom_fields().len(),
        "external_ids": company.mappings().len(),
        "bulk_operations": company.operations().len(),
        "mails": company.mails().len(),
        "calls": calls,
    });
    answer(StatusCode::OK, &state)
}

async fn mails(State(simulation): State<Arc<Simulation>>) -> Response {
    answer(StatusCode::OK, &json!({ "mails": simulation.company().mails() }))
}

async fn exchanges(State(simulation): State<Arc<Simulation>>) -> Response {
    answer(StatusCode::OK, &json!({ "exchanges": simulation.exchanges() }))
}

/// One change or several; of several, those before a refused one have been made.
async fn changes(State(simulation): State<Arc<Simulation>>, body: Bytes) -> Response {
    one_by_one(&body, "change", "made", |change: Change| simulation.change(change))
}

async fn switches(State(simulation): State<Arc<Simulation>>) -> Response {
    answer(StatusCode::OK, &simulation.switches())
}

async fn set_switches(State(simulation): State<Arc<Simulation>>, body: Bytes) -> Response {
    let patched = parse(&body).and_then(|patch: Json| simulation.switch(|switches| switches.patched(&patch)));
    patched.map_or_else(|refusal| refused(&refusal), |switches| answer(StatusCode::OK, &switches))
}

async fn reset_switches(State(simulation): State<Arc<Simulation>>) -> Response {
    match simulation.switch(|_| Ok::<_, Refusal>(Switches::default())) {
        Ok(switches) => answer(StatusCode::OK, &switches),
        Err(refusal) => refused(&refusal),
    }
}

async fn forget_calls(State(simulation): State<Arc<Simulation>>) -> Response {
    simulation.forget_calls();
    answer(StatusCode::OK, &json!({ "calls": {} }))
}

async fn forget_tokens(State(simulation): State<Arc<Simulation>>) -> Response {
    simulation.forget_tokens();
    answer(StatusCode::OK, &json!({ "tokens": 0 }))
}
