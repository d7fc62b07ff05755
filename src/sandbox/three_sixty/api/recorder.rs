//! Keeps calls as they came and were answered, where that is switched on.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::LARGEST_BODY;
use crate::sandbox::line::closed;
use crate::sandbox::three_sixty::record::Exchange;
use crate::sandbox::three_sixty::simulation::Simulation;

/// More than any answer has: 5,000 mappings, 20,000 rows of results.
const LARGEST_ANSWER: usize = 64 << 20;

/// Lets a call through, and keeps it.
pub(super) async fn record(
    State(simulation): State<Arc<Simulation>>,
    path: MatchedPath,
    request: Request,
    next: Next,
) -> Response {
    let most = simulation.switches().record;
    if most == 0 {
        return next.run(request).await;
    }
    let endpoint = format!("{} {}", request.method(), path.as_str());
    let query = request.uri().query().map(str::to_owned);
    let (head, body) = request.into_parts();
    let Ok(asked) = to_bytes(body, LARGEST_BODY).await else { return closed() };
    let response = next.run(Request::from_parts(head, Body::from(asked.clone()))).await;
    let (head, body) = response.into_parts();
    // A body that breaks off is a fault at work, and nothing that was answered.
    let Ok(answered) = to_bytes(body, LARGEST_ANSWER).await else { return closed() };
    let exchange = Exchange {
        endpoint,
        query,
        request: serde_json::from_slice(&asked).ok(),
        status: head.status.as_u16(),
        response: serde_json::from_slice(&answered).ok(),
    };
    simulation.keep(exchange, most);
    Response::from_parts(head, Body::from(answered))
}
