//! The control API, below `/sandbox`: JSON, on the same loopback address, and nothing that HiBob has.

mod people;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::middleware::from_fn;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::event::Event;
use super::settings::Webhook;
use super::simulation::Simulation;
use super::switches::Switches;
use crate::sandbox::answer::{answer, listed, one_by_one, only_json, parse, refused, unknown};
use crate::sandbox::refusal::Refusal;

/// A whole story of some thousand events.
const LARGEST_BODY: usize = 4 << 20;

/// What there is, as `GET /sandbox` answers it and as [`router`] routes it.
const ROUTES: [(&str, &str); 12] = [
    ("GET /sandbox", "this list"),
    ("GET /sandbox/state", "the day, how many people, calls by endpoint, the webhook"),
    ("GET /sandbox/people", "who is there: `?limit=100&offset=0&status=terminated`"),
    ("GET /sandbox/people/{id or address}", "one person with every field, whatever is permitted"),
    ("POST /sandbox/events", "something happens: one event, or a list of them"),
    ("GET /sandbox/switches", "every switch with its value"),
    ("POST /sandbox/switches", "set some switches; null sets one back"),
    ("DELETE /sandbox/switches", "set every switch back"),
    ("DELETE /sandbox/calls", "count from 0 again, and forget limits and blocks"),
    ("GET /sandbox/deliveries", "the webhooks that were sent, with every attempt"),
    ("POST /sandbox/webhook", "set a webhook up: {\"url\": ..., \"secret\": ...}; it is pinged first"),
    ("DELETE /sandbox/webhook", "take it away"),
];

/// The routes.
pub(crate) fn router() -> Router<Arc<Simulation>> {
    Router::new()
        .route("/sandbox", get(routes))
        .route("/sandbox/state", get(state))
        .route("/sandbox/people", get(people::list))
        .route("/sandbox/people/{person}", get(people::one))
        .route("/sandbox/events", post(events))
        .route("/sandbox/switches", get(switches).post(set_switches).delete(reset_switches))
        .route("/sandbox/calls", axum::routing::delete(forget_calls))
        .route("/sandbox/deliveries", get(deliveries))
        .route("/sandbox/webhook", post(connect).delete(disconnect))
        .route("/sandbox/{*other}", axum::routing::any(unknown))
        .method_not_allowed_fallback(unknown)
        .route_layer(from_fn(only_json))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
}

async fn routes() -> Response {
    listed(&ROUTES)
}

async fn state(State(simulation): State<Arc<Simulation>>) -> Response {
    let state = json!({
        "today": simulation.day(),
        "people": simulation.people().len(),
        "calls": simulation.calls(),
        "webhook": simulation.webhooks.url(),
        "deliveries": simulation.webhooks.deliveries().len(),
    });
    answer(StatusCode::OK, &state)
}

/// One event or several; of several, those before a refused one have happened.
async fn events(State(simulation): State<Arc<Simulation>>, body: Bytes) -> Response {
    one_by_one(&body, "event", "happened", |event: Event| simulation.play(&event))
}

async fn switches(State(simulation): State<Arc<Simulation>>) -> Response {
    answer(StatusCode::OK, &simulation.switches())
}

async fn set_switches(State(simulation): State<Arc<Simulation>>, body: Bytes) -> Response {
    let catalogue = simulation.catalogue();
    let patched = parse(&body).and_then(|patch: Json| {
        simulation.switch(|switches| {
            let patched = switches.patched(&patch)?;
            patched.check_names(&catalogue).map(|()| patched)
        })
    });
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

async fn deliveries(State(simulation): State<Arc<Simulation>>) -> Response {
    answer(StatusCode::OK, &json!({ "deliveries": simulation.webhooks.deliveries() }))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Connect {
    url: String,
    secret: String,
}

async fn connect(State(simulation): State<Arc<Simulation>>, body: Bytes) -> Response {
    let connect: Connect = match parse(&body) {
        Ok(connect) => connect,
        Err(refusal) => return refused(&refusal),
    };
    let webhook = Webhook { url: connect.url, secret: connect.secret.into() };
    match simulation.webhooks.connect(webhook, &simulation.switches()).await {
        Ok(()) => answer(StatusCode::OK, &json!({ "webhook": simulation.webhooks.url() })),
        Err(refusal) => refused(&refusal),
    }
}

async fn disconnect(State(simulation): State<Arc<Simulation>>) -> Response {
    simulation.webhooks.disconnect();
    answer(StatusCode::OK, &json!({ "webhook": null }))
}
