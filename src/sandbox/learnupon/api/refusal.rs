//! What failures look like (apis/learnupon.md §1, "Errors").

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use crate::sandbox::learnupon::portal::Fault;
use crate::sandbox::learnupon::simulation::Simulation;
use crate::sandbox::learnupon::switches::Switches;

/// An error: the body tells it apart, even where the status does not.
pub(super) fn refuse(switches: &Switches, status: StatusCode, message: &str) -> Response {
    let body = json!({ "response_type": "ERROR", "response_code": status.as_u16(), "message": message });
    let odd = switches.error_status.and_then(|status| StatusCode::from_u16(status).ok());
    let unusual = odd.filter(|_| status != StatusCode::TOO_MANY_REQUESTS);
    (unusual.unwrap_or(status), [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

/// Why the portal did not do it.
pub(super) fn faulty(switches: &Switches, fault: &Fault) -> Response {
    let status = |number| StatusCode::from_u16(number).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
    match fault {
        Fault::Invalid(message) => refuse(switches, status(switches.invalid_status), message),
        Fault::Duplicate(message) => refuse(switches, status(switches.duplicate_status), message),
        Fault::NotFound => refuse(switches, StatusCode::NOT_FOUND, "not found"),
    }
}

/// A path that does not exist: 401, as if the keys were wrong.
pub(super) async fn wrong_path(State(simulation): State<Arc<Simulation>>) -> Response {
    refuse(&simulation.switches(), StatusCode::UNAUTHORIZED, "unauthorized")
}
