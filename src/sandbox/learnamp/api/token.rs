//! Tokens: client credentials with scopes, two hours, no renewal but asking again (apis/learnamp.md §2).

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::reply;
use crate::sandbox::learnamp::simulation::Simulation;
use crate::sandbox::learnamp::switches::{SCOPES, Switches};

#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    grant_type: String,
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    client_secret: String,
    scope: Option<String>,
}

pub(super) async fn give(State(simulation): State<Arc<Simulation>>, Form(asked): Form<Asked>) -> Response {
    if asked.grant_type != "client_credentials" {
        return refused(StatusCode::BAD_REQUEST, "unsupported_grant_type");
    }
    if !simulation.is_key(&asked.client_id, &asked.client_secret) {
        return refused(StatusCode::UNAUTHORIZED, "invalid_client");
    }
    let switches = simulation.switches();
    let Some(scopes) = granted(asked.scope.as_deref(), &switches) else {
        return refused(StatusCode::BAD_REQUEST, "invalid_scope");
    };
    let seconds = switches.token_seconds;
    let told = scopes.iter().cloned().collect::<Vec<_>>().join(" ");
    let token = simulation.give_token(seconds, scopes);
    let now = Timestamp::now().as_second();
    let body = json!({
        "access_token": token, "token_type": "Bearer", "expires_in": seconds, "scope": told, "created_at": now,
    });
    reply::good(&body)
}

/// What a key gives. Without a scope, `public` is asked for, which a key with scopes of its own does not have.
fn granted(asked: Option<&str>, switches: &Switches) -> Option<BTreeSet<String>> {
    let asked = asked.filter(|scopes| !scopes.trim().is_empty()).unwrap_or("public");
    let has = |scope: &&str| match *scope {
        "public" => switches.public_key,
        scope => SCOPES.contains(&scope) && !switches.withhold_scopes.contains(scope),
    };
    let scopes: Vec<&str> = asked.split_whitespace().collect();
    scopes.iter().all(has).then(|| scopes.into_iter().map(str::to_owned).collect())
}

fn refused(status: StatusCode, error: &str) -> Response {
    let body = json!({ "error": error, "error_description": format!("{error}: see the API reference") });
    reply::json(status, &body)
}
