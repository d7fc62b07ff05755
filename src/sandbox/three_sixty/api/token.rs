//! Tokens: client credentials, an hour, no renewal but asking again (apis/360learning.md §1).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use super::refusal::plain;
use super::reply;
use crate::sandbox::three_sixty::simulation::Simulation;

#[derive(Deserialize)]
struct Asked {
    grant_type: String,
    client_id: String,
    client_secret: String,
    user_id: Option<String>,
}

/// The body is JSON; a form is refused.
pub(super) async fn give(State(simulation): State<Arc<Simulation>>, headers: HeaderMap, body: Bytes) -> Response {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let asked = serde_json::from_slice::<Asked>(&body).ok().filter(|_| kind.starts_with("application/json"));
    let Some(asked) = asked else { return plain(StatusCode::BAD_REQUEST, "invalid_request") };
    if asked.grant_type != "client_credentials" {
        return plain(StatusCode::BAD_REQUEST, "unsupported_grant_type");
    }
    if !simulation.is_client(&asked.client_id, &asked.client_secret) {
        return plain(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    let known = |user: String| user.parse().is_ok_and(|id| simulation.company().users().contains_key(&id));
    if asked.user_id.is_some_and(|user| !known(user)) {
        return plain(StatusCode::BAD_REQUEST, "non_existing_user");
    }
    let switches = simulation.switches();
    let seconds = switches.token_seconds;
    let expires_in = if switches.expires_in_text { json!(seconds.to_string()) } else { json!(seconds) };
    let token = simulation.give_token(seconds);
    reply::json(StatusCode::OK, &json!({ "token_type": "Bearer", "access_token": token, "expires_in": expires_in }))
}
