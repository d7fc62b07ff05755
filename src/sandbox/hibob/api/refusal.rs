//! What failures look like (apis/hibob.md §1.5).

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use crate::sandbox::hibob::switches::{ErrorBodies, Switches};

/// An error of the people and metadata family. The bodies of 401, 403, 404 and 429 are uncertain (§10.6).
pub(crate) fn refuse(switches: &Switches, status: StatusCode, key: &str, error: &str) -> Response {
    let body = match switches.error_bodies {
        ErrorBodies::Empty => return status.into_response(),
        ErrorBodies::Key if status == StatusCode::NOT_FOUND => return status.into_response(),
        ErrorBodies::Key => json!({ "key": key, "error": error }),
        ErrorBodies::Long => json!({
            "error": key, "message": error, "statusCode": status.as_u16(),
            "timestamp": jiff::Timestamp::now().to_string(),
        }),
    };
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

/// 400 for a request that makes no sense.
pub(crate) fn bad_request(switches: &Switches, error: &str) -> Response {
    refuse(switches, StatusCode::BAD_REQUEST, "bad_request", error)
}

/// 404 for an employee or a list that is not there.
pub(crate) fn not_found(switches: &Switches) -> Response {
    refuse(switches, StatusCode::NOT_FOUND, "not_found", "not found")
}

/// A page of HTML.
pub(crate) fn html(status: StatusCode) -> Response {
    let mut page =
        Response::new(Body::from("<!DOCTYPE html>\n<html><head><title>Bob</title></head><body></body></html>\n"));
    *page.status_mut() = status;
    page.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    page
}

/// A path that does not exist: 200 with HTML (§0.10).
pub(crate) async fn wrong_path() -> Response {
    html(StatusCode::OK)
}
