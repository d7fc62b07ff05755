//! What failures look like (apis/leapsome.md §1): only the body of 404 is described.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use super::body;
use crate::sandbox::leapsome::company::denial::Denial;
use crate::sandbox::leapsome::simulation::Simulation;
use crate::sandbox::leapsome::switches::{ErrorBody, Switches};

/// An error, in the form that is switched on.
pub(super) fn refuse(switches: &Switches, status: StatusCode, words: &str) -> Response {
    match switches.errors {
        ErrorBody::Empty => status.into_response(),
        ErrorBody::Plain => {
            (status, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], words.to_owned()).into_response()
        }
        ErrorBody::Scim => {
            let schemas = ["urn:ietf:params:scim:api:messages:2.0:Error"];
            let said = json!({ "schemas": schemas, "detail": words, "status": status.as_u16().to_string() });
            body::json(status, &said)
        }
    }
}

/// Why the company did not do it.
pub(super) fn denied(switches: &Switches, denial: &Denial) -> Response {
    let number = |number| StatusCode::from_u16(number).unwrap_or(StatusCode::BAD_REQUEST);
    let status = match denial {
        Denial::Invalid(_) => StatusCode::BAD_REQUEST,
        Denial::Taken(_) => StatusCode::CONFLICT,
        Denial::UnknownUser => StatusCode::NOT_FOUND,
        Denial::UnknownGroup => number(switches.unknown_group_status),
        Denial::Domain => number(switches.unknown_domain_status),
        Denial::SuperAdmin => number(switches.super_admin_status),
    };
    refuse(switches, status, denial.words())
}

/// A path or method that does not exist.
pub(super) async fn wrong_path(State(simulation): State<Arc<Simulation>>) -> Response {
    refuse(&simulation.switches(), StatusCode::NOT_FOUND, "Not Found")
}
