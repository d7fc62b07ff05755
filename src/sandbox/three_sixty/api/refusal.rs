//! What failures look like: two shapes (apis/360learning.md §2).

use axum::body::{Body, Bytes};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::reply;
use crate::sandbox::three_sixty::company::denial::Denial;

impl IntoResponse for Denial {
    fn into_response(self) -> Response {
        coded(self.status, self.code)
    }
}

/// The shape with an object.
pub(super) fn coded(status: u16, code: &str) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    reply::json(status, &json!({ "error": { "code": code, "message": format!("{code}: see the API reference") } }))
}

/// The shape with a plain text.
pub(super) fn plain(status: StatusCode, error: &str) -> Response {
    reply::json(status, &json!({ "error": error }))
}

/// What something in front of the service answers: no JSON.
pub(super) fn from_in_front(status: u16) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    let page = "<!DOCTYPE html>\n<html><head><title>Error</title></head><body></body></html>\n";
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

/// A path or method that does not exist.
pub(super) async fn wrong_path() -> Response {
    coded(404, "notFound")
}

/// The socket is closed, and nothing has been answered.
pub(super) fn closed() -> Response {
    let cut = std::io::Error::other("cut by a fault");
    Response::new(Body::from_stream(futures_util::stream::once(std::future::ready(Err::<Bytes, _>(cut)))))
}
