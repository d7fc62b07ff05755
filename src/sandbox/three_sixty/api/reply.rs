//! Bodies in and out.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::sandbox::three_sixty::company::denial::{BAD_REQUEST, Denial};
use crate::sandbox::three_sixty::company::id::Id;

/// What a handler answers.
pub(super) type Reply = Result<Response, Denial>;

/// Answers with JSON.
pub(super) fn json(status: StatusCode, value: &impl Serialize) -> Response {
    let text = serde_json::to_string(value).unwrap_or_default();
    (status, [(header::CONTENT_TYPE, "application/json; charset=utf-8")], text).into_response()
}

/// 200 with JSON.
pub(super) fn good(value: &impl Serialize) -> Reply {
    Ok(json(StatusCode::OK, value))
}

/// 204.
pub(super) fn done(result: Result<(), Denial>) -> Reply {
    result.map(|()| StatusCode::NO_CONTENT.into_response())
}

/// Reads a body.
pub(super) fn body<T: DeserializeOwned>(body: &[u8]) -> Result<T, Denial> {
    serde_json::from_slice(body).map_err(|_| BAD_REQUEST)
}

/// Reads an id out of a path. What is no id belongs to nothing.
pub(super) fn id(text: &str, unknown: Denial) -> Result<Id, Denial> {
    text.parse().map_err(|()| unknown)
}
