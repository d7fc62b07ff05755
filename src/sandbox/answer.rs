//! Bodies of the control API, in and out.

use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::refusal::Refusal;

/// JSON, indented: people read it with curl.
pub(super) fn answer(status: StatusCode, value: &impl Serialize) -> Response {
    let text = serde_json::to_string_pretty(value).unwrap_or_default() + "\n";
    (status, [(header::CONTENT_TYPE, "application/json")], text).into_response()
}

/// What is wrong, and what to do.
pub(super) fn refused(refusal: &Refusal) -> Response {
    answer(StatusCode::BAD_REQUEST, refusal)
}

/// Reads a body.
pub(super) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| {
        Refusal::new(format!("the body is wrong: {error}"), "`GET /sandbox` and docs/sandbox.md say what belongs there")
    })
}

/// Bodies are JSON and say so. A web page of somebody else's can't send that without being asked first.
pub(super) async fn only_json(request: Request, next: Next) -> Response {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if request.method() == Method::POST && !kind.starts_with("application/json") {
        return refused(&Refusal::new("the body is not announced as JSON", "send `Content-Type: application/json`"));
    }
    next.run(request).await
}
