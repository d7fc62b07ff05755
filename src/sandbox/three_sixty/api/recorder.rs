//! Keeps calls as they came and were answered, where that is switched on.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::sandbox::record::kept;
use crate::sandbox::three_sixty::simulation::Simulation;

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
    kept(endpoint, request, next, |exchange| simulation.keep(exchange, most)).await
}
