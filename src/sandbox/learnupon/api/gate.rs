//! What a call passes before it is answered: faults, keys, the two windows (apis/learnupon.md §1).

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;

use super::refusal::refuse;
use crate::sandbox::learnupon::faults::Failure;
use crate::sandbox::learnupon::simulation::Simulation;
use crate::sandbox::learnupon::switches::Switches;
use crate::sandbox::line::closed;

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
    let Some(failure) = simulation.next_failure(&endpoint) else {
        return within_limits(&simulation, &switches, request, next).await;
    };
    if failure.done {
        within_limits(&simulation, &switches, request, next).await;
    }
    failed(&simulation, &switches, &failure)
}

fn failed(simulation: &Simulation, switches: &Switches, failure: &Failure) -> Response {
    let Some(status) = failure.status else { return closed() };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    let message = failure.message.as_deref().unwrap_or("something went wrong");
    if status == StatusCode::TOO_MANY_REQUESTS {
        let allowance = simulation.limits().take(switches).refused(Duration::from_secs(1));
        return too_many(switches, allowance);
    }
    refuse(switches, status, message)
}

async fn within_limits(simulation: &Simulation, switches: &Switches, request: Request, next: Next) -> Response {
    let authorization = request.headers().get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if !authorization.is_some_and(|authorization| simulation.is_authorized(authorization)) {
        return refuse(switches, StatusCode::UNAUTHORIZED, "invalid API credentials");
    }
    let allowance = simulation.limits().take(switches);
    if !allowance.allowed() {
        return too_many(switches, allowance);
    }
    let mut response = next.run(request).await;
    allowance.write(response.headers_mut());
    response
}

fn too_many(switches: &Switches, allowance: super::limit::Allowance) -> Response {
    let mut response = refuse(switches, StatusCode::TOO_MANY_REQUESTS, "API rate limit exceeded");
    allowance.write(response.headers_mut());
    if switches.retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(allowance.seconds()));
    }
    response
}
