//! The control API, below `/sandbox`: JSON, on the same loopback address, and nothing that Leapsome has.

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

use super::company::user::Status;
use super::event::Event;
use super::simulation::Simulation;
use super::snapshot;
use super::switches::Switches;
use crate::sandbox::answer::{answer, listed, one_by_one, only_json, parse, refused, unknown};
use crate::sandbox::refusal::Refusal;

/// A whole story of some thousand events.
const LARGEST_BODY: usize = 4 << 20;

/// What there is, as `GET /sandbox` answers it and as [`router`] routes it.
const ROUTES: [(&str, &str); 13] = [
    ("GET /sandbox", "this list"),
    ("GET /sandbox/state", "the day, how many of everything, levels, custom attributes, calls by endpoint"),
    ("GET /sandbox/users", "who is there, with everything: `?limit=100&offset=0&status=invited`"),
    ("GET /sandbox/users/{id, address or external id}", "one user with everything"),
    ("GET /sandbox/teams", "the teams, with how many are in each"),
    ("GET /sandbox/mails", "the invitations that would have been mailed"),
    ("GET /sandbox/exchanges", "the latest calls with their bodies, where the switch `record` asks for them"),
    ("POST /sandbox/events", "something happens by hand: one event, or a list of them"),
    ("GET /sandbox/switches", "every switch with its value"),
    ("POST /sandbox/switches", "set some switches; null sets one back"),
    ("DELETE /sandbox/switches", "set every switch back"),
    ("DELETE /sandbox/calls", "count from 0 again, and forget limits and recorded calls"),
    ("DELETE /sandbox/tokens", "take all tokens of the Content API back"),
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
        .route("/sandbox/exchanges", get(exchanges))
        .route("/sandbox/events", post(events))
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
    let calls = simulation.calls();
    let company = simulation.company();
    let state = json!({
        "today": company.day(),
        "users": company.users().len(),
        "teams": company.teams().all().count(),
        "levels": company.levels(),
        "attributes": company.attributes().collect::<Vec<_>>(),
        "mails": company.mails().len(),
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
        let help = "there are `limit`, `offset` and `status`: `?status=invited&limit=10`";
        return refused(&Refusal::new("the query is wrong", help));
    };
    let mut users = snapshot::users(&simulation.company());
    users.retain(|user| which.status.is_none_or(|status| user.status == status));
    let some: Vec<_> = users.iter().skip(which.offset).take(which.limit.min(1000)).collect();
    answer(StatusCode::OK, &json!({ "total": users.len(), "users": some }))
}

async fn user(State(simulation): Shared, Path(name): Path<String>) -> Response {
    let company = simulation.company();
    let found = company.named(&name).and_then(|user| snapshot::user(&company, &user.id));
    match found {
        Some(user) => answer(StatusCode::OK, &user),
        None => {
            let refusal = Refusal::new("nobody has this id, address or external id", "`GET /sandbox/users` lists them");
            answer(StatusCode::NOT_FOUND, &refusal)
        }
    }
}

async fn teams(State(simulation): Shared) -> Response {
    answer(StatusCode::OK, &json!({ "teams": snapshot::teams(&simulation.company()) }))
}

async fn mails(State(simulation): Shared) -> Response {
    answer(StatusCode::OK, &json!({ "mails": simulation.company().mails() }))
}

async fn exchanges(State(simulation): Shared) -> Response {
    answer(StatusCode::OK, &json!({ "exchanges": simulation.exchanges() }))
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

async fn forget_tokens(State(simulation): Shared) -> Response {
    simulation.forget_tokens();
    answer(StatusCode::OK, &json!({ "tokens": 0 }))
}
