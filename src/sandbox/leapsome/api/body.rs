//! Bodies in and out.

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Map, Value as Json};

use crate::sandbox::leapsome::company::denial::Denial;

/// Reads an object.
pub(super) fn object(headers: &HeaderMap, body: &Bytes) -> Result<Map<String, Json>, Denial> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let json = ["application/json", "application/scim+json"].iter().any(|known| kind.starts_with(known));
    let sent = json.then(|| serde_json::from_slice(body).ok()).flatten();
    sent.ok_or_else(|| Denial::invalid("the body is not a JSON object"))
}

/// Answers with JSON.
pub(super) fn json(status: StatusCode, body: &Json) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json; charset=utf-8")], body.to_string()).into_response()
}

/// 200 with JSON.
pub(super) fn good(body: &Json) -> Response {
    json(StatusCode::OK, body)
}

/// Leaves out what is `null`: what is not there is not shown.
pub(super) fn shown(fields: impl IntoIterator<Item = (&'static str, Json)>) -> Json {
    fields
        .into_iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(key, value)| (key.to_owned(), value))
        .collect::<Map<_, _>>()
        .into()
}
