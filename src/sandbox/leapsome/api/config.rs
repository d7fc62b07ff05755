//! What the SCIM API says of itself (apis/leapsome.md §5).

use axum::response::Response;
use serde_json::json;

use super::body::good;

/// `GET /ServiceProviderConfig`.
pub(super) async fn show() -> Response {
    let (yes, no) = (json!({ "supported": true }), json!({ "supported": false }));
    let scheme = json!({
        "name": "OAuth Bearer Token", "description": "A token of the HRIS integrations page",
        "specUrl": "https://api.leapsome.example/spec", "documentationUrl": "https://api.leapsome.example/docs",
    });
    good(&json!({
        "documentationUrl": "https://api.leapsome.example/scim/v1/api-docs/",
        "patch": yes, "filter": yes, "bulk": no, "changePassword": no, "sort": no, "etag": no,
        "authenticationSchemes": scheme,
    }))
}
