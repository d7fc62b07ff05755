//! What a call passes before it is answered: firewall, service user, permission group, limit (apis/hibob.md §1, §6).

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::limit::Allowance;
use super::refusal::{html, refuse};
use crate::sandbox::hibob::simulation::Simulation;
use crate::sandbox::hibob::switches::{NoGroup, Switches};

/// The endpoint that the documented limit is of (§0.9).
const SEARCH: &str = "POST /v1/people/search";

/// Lets a call through, or answers it.
pub(super) async fn pass(
    State(simulation): State<Arc<Simulation>>,
    path: MatchedPath,
    request: Request,
    next: Next,
) -> Response {
    let endpoint = format!("{} {}", request.method(), path.as_str());
    simulation.count(&endpoint);
    simulation.follow_clock();
    let switches = simulation.switches();
    tokio::time::sleep(Duration::from_millis(switches.faults.latency_ms)).await;
    let authorization = credentials(request.headers());
    if simulation.firewall().blocks(&authorization) {
        return html(StatusCode::FORBIDDEN);
    }
    let response = if simulation.is_service_user(&authorization) {
        permitted(&simulation, &switches, &endpoint, request, next).await
    } else {
        refuse(&switches, StatusCode::UNAUTHORIZED, "unauthorized", "credentials are missing or wrong")
    };
    simulation.firewall().saw(&authorization, response.status(), &switches);
    response
}

async fn permitted(
    simulation: &Simulation,
    switches: &Switches,
    endpoint: &str,
    request: Request,
    next: Next,
) -> Response {
    if switches.no_group == Some(NoGroup::Forbidden) {
        return refuse(switches, StatusCode::FORBIDDEN, "forbidden", "no access to this resource");
    }
    if let Some(status) = simulation.next_server_error() {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
        return refuse(switches, status, "server_error", "something went wrong");
    }
    let limit = if endpoint == SEARCH { switches.requests_per_minute } else { switches.other_requests_per_minute };
    let window = Duration::from_secs(switches.window_seconds.into());
    let mut allowance = (limit > 0).then(|| simulation.limits().take(endpoint, limit, window));
    if simulation.next_is_limited() {
        let denied = allowance.take().unwrap_or_else(|| simulation.limits().take(endpoint, 1, window));
        allowance = Some(Allowance { allowed: false, remaining: 0, ..denied });
    }
    if let Some(denied) = allowance.as_ref().filter(|allowance| !allowance.allowed) {
        let mut response = refuse(switches, StatusCode::TOO_MANY_REQUESTS, "too_many_requests", "rate limit exceeded");
        denied.write(response.headers_mut());
        if switches.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(denied.seconds_left));
        }
        return response;
    }
    let trapped = switches.refuse_content_type_on_get
        && request.method() == Method::GET
        && request.headers().contains_key(header::CONTENT_TYPE);
    let mut response = if trapped { html(StatusCode::BAD_REQUEST) } else { next.run(request).await };
    if let Some(allowance) = allowance {
        allowance.write(response.headers_mut());
    }
    response
}

fn credentials(headers: &HeaderMap) -> String {
    headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned()
}
