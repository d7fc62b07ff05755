//! `/healthz`: the process answers. `/readyz`: it has recipes, and its database answers. `/metrics`: its figures.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use super::hooks::Hooks;
use super::router::Parts;
use crate::connector;
use crate::store::{Backlog, Store, StoreError};

/// How long the database may take to answer.
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) async fn alive() -> &'static str {
    "alive\n"
}

pub(super) async fn ready(State(parts): State<Arc<Parts>>) -> Response {
    let not_yet = |why| (StatusCode::SERVICE_UNAVAILABLE, why).into_response();
    if parts.hooks().is_none() {
        return not_yet("not ready: the recipes have not been read\n");
    }
    match in_time(parts.store.reachable()).await {
        Some(()) => "ready\n".into_response(),
        None => not_yet("not ready: the database does not answer\n"),
    }
}

/// The figures. Those of the database are left out while it does not answer.
pub(super) async fn metrics(State(parts): State<Arc<Parts>>) -> Response {
    let hooks = parts.hooks().unwrap_or_default();
    let backlogs = in_time(backlogs(&parts.store, &hooks)).await.unwrap_or_default();
    let text = parts.metrics.render(&backlogs, &connector::service_calls());
    ([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text).into_response()
}

/// Who waits, by recipe: one row a person is looked at, however many deliveries there were.
async fn backlogs(store: &Store, hooks: &Hooks) -> Result<Vec<(String, Backlog)>, StoreError> {
    let mut backlogs = Vec::new();
    for recipe in hooks.recipes() {
        backlogs.push((recipe.to_owned(), store.backlog(recipe, Timestamp::now()).await?));
    }
    Ok(backlogs)
}

async fn in_time<T>(asked: impl Future<Output = Result<T, StoreError>>) -> Option<T> {
    tokio::time::timeout(PATIENCE, asked).await.ok()?.ok()
}
