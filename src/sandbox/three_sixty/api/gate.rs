//! What a call passes before it is answered: faults, token, version, scope, limits (apis/360learning.md §1, §2).

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::refusal::{coded, plain};
use super::scope;
use crate::sandbox::line::Voice;
use crate::sandbox::three_sixty::simulation::Simulation;
use crate::sandbox::three_sixty::switches::Switches;

/// The header that every call but the token's needs, with its only value (§1).
const VERSION: (&str, &str) = ("360-api-version", "v2.0");

/// Lets a call through, or answers it.
pub(super) async fn pass(
    State(simulation): State<Arc<Simulation>>,
    path: MatchedPath,
    request: Request,
    next: Next,
) -> Response {
    let call = Call { endpoint: format!("{} {}", request.method(), path.as_str()), path: path.as_str().to_owned() };
    under_faults(&simulation, &call, request, async |request| permitted(&simulation, &call, request, next).await).await
}

/// The token's call: it needs no token, and has no limit.
pub(super) async fn suffer(
    State(simulation): State<Arc<Simulation>>,
    path: MatchedPath,
    request: Request,
    next: Next,
) -> Response {
    let call = Call { endpoint: format!("{} {}", request.method(), path.as_str()), path: path.as_str().to_owned() };
    under_faults(&simulation, &call, request, async |request| next.run(request).await).await
}

struct Call {
    endpoint: String,
    path: String,
}

impl Call {
    fn is_bulk(&self) -> bool {
        self.path.starts_with("/api/v2/bulk/groups")
    }
}

impl Voice for Call {
    fn too_many(&self) -> Response {
        if self.is_bulk() {
            coded(StatusCode::TOO_MANY_REQUESTS, "bulkOperationsConcurrencyLimitReached")
        } else {
            plain(StatusCode::TOO_MANY_REQUESTS, "tooManyRequests")
        }
    }

    fn refuse(&self, status: StatusCode, code: &str) -> Response {
        coded(status, code)
    }
}

async fn under_faults(
    simulation: &Simulation,
    call: &Call,
    request: Request,
    answer: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    simulation.line().count(&call.endpoint);
    tokio::time::sleep(Duration::from_millis(simulation.switches().faults.latency_ms)).await;
    let is_token = call.path.ends_with("/oauth2/token");
    let is_write = request.method() != Method::GET && !is_token;
    let fate = simulation.next_fate(&call.endpoint, is_write);
    simulation.line().carry(fate, call, request, answer).await
}

async fn permitted(simulation: &Simulation, call: &Call, request: Request, next: Next) -> Response {
    let switches = simulation.switches();
    let is_write = request.method() != Method::GET;
    if !bearer(request.headers()).is_some_and(|token| simulation.has_given(token)) {
        return plain(StatusCode::UNAUTHORIZED, "invalid_token");
    }
    if request.headers().get(VERSION.0).is_none_or(|version| version != VERSION.1) {
        return coded(StatusCode::BAD_REQUEST, "badRequest");
    }
    if switches.withhold_scopes.contains(scope::of(&call.path, is_write)) {
        return out_of_scope(&switches);
    }
    let limit = if is_write { switches.writes_per_second } else { switches.reads_per_second };
    if !call.is_bulk() && !simulation.take(is_write, limit) {
        return call.too_many();
    }
    next.run(request).await
}

fn out_of_scope(switches: &Switches) -> Response {
    if switches.plain_scope_error {
        plain(StatusCode::FORBIDDEN, "invalid_scope")
    } else {
        coded(StatusCode::FORBIDDEN, "invalid_scope")
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}
