//! From a request to an answer: raw bytes, signature, JSON, schema, database, in this order. Never waits for HiBob or for a
//! target.

use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;

use super::body::Bodies;
use super::hooks::{HEALTH, Hook, Hooks, METRICS, READINESS};
use super::intake::Intake;
use super::payload::{self, Event};
use super::reply::Reply;
use super::signature;
use super::{Limits, health};
use crate::metrics::Metrics;
use crate::store::{Arrived, DeliveryId, Store};

/// What requests are answered from. Cheap to clone; clones are the same.
#[derive(Debug, Clone)]
pub struct Gateway(Arc<Parts>);

#[derive(Debug)]
pub(super) struct Parts {
    /// None before the recipes have been read.
    hooks: RwLock<Option<Arc<Hooks>>>,
    intake: Intake,
    bodies: Bodies,
    pub(super) store: Store,
    pub(super) metrics: Metrics,
}

impl Gateway {
    /// A server that is not ready: it has no recipes yet.
    #[must_use]
    pub fn new(store: Store, intake: Intake, metrics: Metrics, limits: &Limits) -> Self {
        let bodies = Bodies::new(limits.body);
        Self(Arc::new(Parts { hooks: RwLock::default(), intake, bodies, store, metrics }))
    }

    /// Answers for these recipes from now on, and no longer for those before.
    pub fn open(&self, hooks: Hooks) {
        *self.0.hooks.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(hooks));
    }

    /// Everything that is answered: webhooks, health and metrics.
    pub fn router(&self) -> Router {
        Router::new()
            .route(HEALTH, get(health::alive))
            .route(READINESS, get(health::ready))
            .route(METRICS, get(health::metrics))
            .fallback(hook)
            .with_state(Arc::clone(&self.0))
    }
}

impl Parts {
    pub(super) fn hooks(&self) -> Option<Arc<Hooks>> {
        self.hooks.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Any path that is not the server's own.
async fn hook(State(parts): State<Arc<Parts>>, request: Request) -> Response {
    // Not 404, which would be a final word about a path that will be there in a moment.
    let Some(hooks) = parts.hooks() else { return Reply::Busy.into_response() };
    let Some(hook) = hooks.at(request.uri().path()) else {
        return (StatusCode::NOT_FOUND, "nothing is answered here").into_response();
    };
    if request.method() != Method::POST {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "POST")], "only POST is answered here")
            .into_response();
    }
    let reply = deliver(&parts, hook, request).await;
    parts.metrics.delivery(&hook.recipe, reply.word());
    reply.into_response()
}

async fn deliver(parts: &Parts, hook: &Hook, request: Request) -> Reply {
    let (head, body) = request.into_parts();
    let body = match parts.bodies.read(body).await {
        Ok(body) => body,
        Err(unread) => return unread.into(),
    };
    // Whether they are signed is not known (apis/hibob.md §5.2); nothing follows from them.
    if payload::is_ping(&body.bytes) {
        return Reply::Ping;
    }
    if !is_signed(hook, &head.headers, &body.bytes) {
        tracing::info!(recipe.name = %hook.recipe, "a delivery without a right signature was refused");
        return Reply::Unsigned;
    }
    let arrived = match arrived(hook, &body.bytes) {
        Ok(arrived) => arrived,
        Err(malformed) => {
            tracing::warn!(recipe.name = %hook.recipe, why = %malformed, "a signed delivery was refused");
            return Reply::Malformed(malformed);
        }
    };
    tracing::debug!(recipe.name = %hook.recipe, delivery.id = %arrived.id, kind = %arrived.kind, "a delivery");
    let counts = arrived.due.is_some();
    match parts.intake.save(arrived).await {
        Ok(()) if counts => Reply::Taken,
        Ok(()) => Reply::Ignored,
        Err(unsaved) => unsaved.into(),
    }
}

/// Exactly one signature, and the right one.
fn is_signed(hook: &Hook, headers: &HeaderMap, body: &[u8]) -> bool {
    let mut given = headers.get_all(signature::HEADER).iter();
    let (one, another) = (given.next(), given.next());
    one.is_some_and(|one| hook.key.signed(body, one.as_bytes())) && another.is_none()
}

/// The delivery, and when its person is due, if it counts.
fn arrived(hook: &Hook, body: &[u8]) -> Result<Arrived, payload::Malformed> {
    let event = Event::read(body)?;
    let text = std::str::from_utf8(body).map_err(|_| payload::Malformed::NotJson)?;
    let received = Timestamp::now();
    let counts = event.is_known() && hook.events.count(&event.kind);
    // A recipe's `settle` is at most a year.
    let due = counts.then(|| received.saturating_add(hook.settle).unwrap_or(received));
    Ok(Arrived {
        id: DeliveryId::next(),
        recipe: Arc::clone(&hook.recipe),
        received,
        kind: event.kind,
        employee: event.employee,
        body: text.into(),
        due,
    })
}
