//! Bodies in and out.

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Map, Value as Json};

use crate::sandbox::learnupon::portal::Fault;

/// What stands under the capitalised name of the resource; nothing is taken without it (apis/learnupon.md §1).
pub(super) fn unwrapped(headers: &HeaderMap, body: &Bytes, name: &str) -> Result<Map<String, Json>, Fault> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/json") {
        return Err(Fault::invalid("send application/json"));
    }
    let mut sent: Map<String, Json> =
        serde_json::from_slice(body).map_err(|_| Fault::invalid("the body is not a JSON object"))?;
    match sent.remove(name) {
        Some(Json::Object(sent)) => Ok(sent),
        _ => Err(Fault::Invalid(format!("param is missing or the value is empty: {name}"))),
    }
}

/// A good answer.
pub(super) fn good(body: &Json) -> Response {
    (StatusCode::OK, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}
