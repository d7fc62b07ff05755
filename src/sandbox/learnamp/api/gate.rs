//! What a call passes before it is answered: faults, token, format, scope, limit (apis/learnamp.md §2, §3, §8).

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::reply::error;
use super::scope;
use crate::sandbox::learnamp::simulation::Simulation;
use crate::sandbox::line::Voice;

/// Lets a call through, or answers it.
pub(super) async fn pass(
    State(simulation): State<Arc<Simulation>>,
    path: MatchedPath,
    request: Request,
    next: Next,
) -> Response {
    let is_write = request.method() != Method::GET;
    let answer = async |request| permitted(&simulation, path.as_str(), request, next).await;
    under_faults(&simulation, path.as_str(), is_write, request, answer).await
}

/// The token's call: it needs no token, and has no limit.
pub(super) async fn suffer(
    State(simulation): State<Arc<Simulation>>,
    path: MatchedPath,
    request: Request,
    next: Next,
) -> Response {
    under_faults(&simulation, path.as_str(), false, request, async |request| next.run(request).await).await
}

/// What this service says of itself.
struct Words;

impl Voice for Words {
    /// No `Retry-After` (§8).
    fn too_many(&self) -> Response {
        error(StatusCode::TOO_MANY_REQUESTS, "Too many requests")
    }

    fn refuse(&self, status: StatusCode, words: &str) -> Response {
        error(status, words)
    }
}

async fn under_faults(
    simulation: &Simulation,
    path: &str,
    is_write: bool,
    request: Request,
    answer: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let endpoint = format!("{} {path}", request.method());
    simulation.line().count(&endpoint);
    tokio::time::sleep(Duration::from_millis(simulation.switches().faults.latency_ms)).await;
    let fate = simulation.next_fate(&endpoint, is_write);
    simulation.line().carry(fate, &Words, request, answer).await
}

async fn permitted(simulation: &Simulation, path: &str, request: Request, next: Next) -> Response {
    let scopes = bearer(request.headers()).and_then(|token| simulation.scopes_of(token));
    let Some(scopes) = scopes else { return error(StatusCode::UNAUTHORIZED, "The access token is invalid") };
    if !takes_json(request.headers()) {
        return error(StatusCode::NOT_ACCEPTABLE, "The requested format is not supported");
    }
    if !scopes.contains("public") && !scopes.contains(scope::of(request.method(), path)) {
        return error(StatusCode::FORBIDDEN, "Forbidden");
    }
    if !simulation.take_call() {
        return Words.too_many();
    }
    next.run(request).await
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

/// Whoever asks for something else than JSON gets 406 (§3).
fn takes_json(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT).and_then(|accepted| accepted.to_str().ok()).unwrap_or("*/*");
    ["*/*", "application/*", "application/json"].iter().any(|fits| accepted.contains(fits))
}
