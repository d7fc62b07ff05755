//! What a call passes before it is answered: faults, tokens, rights, limits (apis/leapsome.md §0, §1, §6).

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::refusal::refuse;
use crate::sandbox::leapsome::simulation::{Api, Simulation};
use crate::sandbox::leapsome::switches::Switches;
use crate::sandbox::line::Voice;
use crate::sandbox::record::kept;

type Shared = State<Arc<Simulation>>;

impl Voice for Switches {
    fn too_many(&self) -> Response {
        refuse(self, StatusCode::TOO_MANY_REQUESTS, "Too Many Requests")
    }

    fn refuse(&self, status: StatusCode, code: &str) -> Response {
        refuse(self, status, code)
    }
}

/// Keeps calls as they came and were answered, where that is switched on.
pub(super) async fn record(State(simulation): Shared, path: MatchedPath, request: Request, next: Next) -> Response {
    let most = simulation.switches().record;
    if most == 0 {
        return next.run(request).await;
    }
    let endpoint = format!("{} {}", request.method(), path.as_str());
    kept(endpoint, request, next, |exchange| simulation.keep(exchange, most)).await
}

/// A call of the SCIM API.
pub(super) async fn scim(State(simulation): Shared, path: MatchedPath, request: Request, next: Next) -> Response {
    let endpoint = format!("{} {}", request.method(), path.as_str());
    let is_config = path.as_str().ends_with("/ServiceProviderConfig");
    on_the_line(&simulation, &endpoint, request, async |request: Request| {
        let switches = simulation.switches();
        let (invalid, forbidden) = if switches.swapped_codes { (403, 401) } else { (401, 403) };
        let status = |number| StatusCode::from_u16(number).unwrap_or(StatusCode::FORBIDDEN);
        if bearer(request.headers()) != Some(simulation.keys().token.as_str()) {
            return refuse(&switches, status(invalid), "Invalid token passed");
        }
        if !switches.authorized && !is_config {
            return refuse(&switches, status(forbidden), "Client is not sufficiently authorized");
        }
        if !simulation.take(Api::Scim) {
            return switches.too_many();
        }
        next.run(request).await
    })
    .await
}

/// A call of the Content API; its token has no limit and needs none.
pub(super) async fn content(State(simulation): Shared, path: MatchedPath, request: Request, next: Next) -> Response {
    let endpoint = format!("{} {}", request.method(), path.as_str());
    let is_token = path.as_str() == "/v1/token";
    on_the_line(&simulation, &endpoint, request, async |request: Request| {
        let switches = simulation.switches();
        if !is_token && !bearer(request.headers()).is_some_and(|token| simulation.has_given(token)) {
            return refuse(&switches, StatusCode::UNAUTHORIZED, "Authorization failed");
        }
        if !simulation.take(Api::Content) {
            return switches.too_many();
        }
        next.run(request).await
    })
    .await
}

async fn on_the_line(
    simulation: &Simulation,
    endpoint: &str,
    request: Request,
    answer: impl AsyncFnOnce(Request) -> Response,
) -> Response {
    let switches = simulation.switches();
    simulation.line().count(endpoint);
    tokio::time::sleep(Duration::from_millis(switches.faults.latency_ms)).await;
    let fate = simulation.next_fate(endpoint, request.method() != Method::GET);
    simulation.line().carry(fate, &switches, request, answer).await
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}
