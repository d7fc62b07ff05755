//! What answers look like (apis/learnamp.md §8).

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value as Json, json};

use crate::sandbox::learnamp::account::denial::Denial;
use crate::sandbox::learnamp::switches::Switches;

/// JSON.
pub(super) fn json(status: StatusCode, body: &Json) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

pub(super) fn good(body: &Json) -> Response {
    json(StatusCode::OK, body)
}

/// An error with words only.
pub(super) fn error(status: StatusCode, words: &str) -> Response {
    json(status, &json!({ "error": words }))
}

/// 204, or why not.
pub(super) fn done(done: Result<(), Denial>, switches: &Switches) -> Response {
    done.map_or_else(|denial| denied(&denial, switches), |()| StatusCode::NO_CONTENT.into_response())
}

/// Why the account did not do it, in one of two shapes.
pub(super) fn denied(denial: &Denial, switches: &Switches) -> Response {
    let words = denial.words();
    match denial {
        Denial::NotFound => error(StatusCode::NOT_FOUND, &words),
        Denial::Unprocessable(_) => error(StatusCode::UNPROCESSABLE_ENTITY, &words),
        Denial::Invalid(fields) if !switches.plain_errors => {
            let full: Map<_, _> = fields.iter().map(|(field, why)| ((*field).to_owned(), json!([why]))).collect();
            json(StatusCode::BAD_REQUEST, &json!({ "error": words, "fullErrors": full }))
        }
        Denial::Invalid(_) | Denial::Bad(_) => error(StatusCode::BAD_REQUEST, &words),
    }
}

/// A path or method that does not exist.
pub(super) async fn wrong_path() -> Response {
    error(StatusCode::NOT_FOUND, "Not found")
}
