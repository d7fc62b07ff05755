//! HiBob's own paths, below `/v1`.

mod audience;
mod deliver;
pub(crate) mod firewall;
mod gate;
mod history;
mod layout;
pub(crate) mod limit;
mod metadata;
mod readable;
mod refusal;
mod search;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::StatusCode;
use axum::middleware::from_fn_with_state;
use axum::response::Response;
use axum::routing::{get, post};

use super::simulation::Simulation;

/// The largest body of a request: filters over a few hundred people and four hundred fields fit many times.
const LARGEST_BODY: usize = 1 << 20;

/// The endpoints. Any other path answers 200 with HTML (apis/hibob.md §0.10).
pub(crate) fn router(simulation: &Arc<Simulation>) -> Router<Arc<Simulation>> {
    Router::new()
        .route("/v1/people/search", post(search::search).get(gone))
        .route("/v1/people", get(gone))
        .route("/v1/people/{identifier}", post(search::person).get(gone))
        .route("/v1/people/{identifier}/lifecycle", get(history::one))
        .route("/v1/bulk/people/lifecycle", get(history::bulk))
        .route("/v1/company/people/fields", get(metadata::fields))
        .route("/v1/company/named-lists", get(metadata::lists))
        .route("/v1/company/named-lists/{name}", get(metadata::list))
        .route_layer(from_fn_with_state(Arc::clone(simulation), gate::pass))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .fallback(refusal::wrong_path)
        .method_not_allowed_fallback(refusal::wrong_path)
}

/// Shut down since 2025-05-06 (§0.7, §2.3).
async fn gone(State(simulation): State<Arc<Simulation>>) -> Response {
    let switches = simulation.switches();
    let status = StatusCode::from_u16(switches.dead_status).unwrap_or(StatusCode::NOT_FOUND);
    refusal::refuse(&switches, status, "gone", "this endpoint was shut down on 2025-05-06")
}
