//! What failures look like: two shapes (apis/360learning.md §2).

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::reply;
use crate::sandbox::three_sixty::company::denial::Denial;

impl IntoResponse for Denial {
    fn into_response(self) -> Response {
        coded(StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST), self.code)
    }
}

/// The shape with an object.
pub(super) fn coded(status: StatusCode, code: &str) -> Response {
    reply::json(status, &json!({ "error": { "code": code, "message": format!("{code}: see the API reference") } }))
}

/// The shape with a plain text.
pub(super) fn plain(status: StatusCode, error: &str) -> Response {
    reply::json(status, &json!({ "error": error }))
}

/// A path or method that does not exist.
pub(super) async fn wrong_path() -> Response {
    coded(StatusCode::NOT_FOUND, "notFound")
}
