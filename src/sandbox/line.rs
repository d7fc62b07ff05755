//! The line between whoever calls and a target, whichever it is: calls are counted on it, and break on it as the faults
//! say.

use std::collections::BTreeMap;
use std::sync::Mutex;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use tokio::sync::watch;

use super::faults::{Fate, Then};
use super::lock::hold;

/// A line.
#[derive(Debug)]
pub(super) struct Line {
    calls: Mutex<BTreeMap<String, u64>>,
    /// How many writes were never answered.
    halted: watch::Sender<u32>,
}

/// What a target says in its own words when a fault lets it refuse.
pub(super) trait Voice {
    /// There were too many calls.
    fn too_many(&self) -> Response;

    /// An error with a code, or in these words.
    fn refuse(&self, status: StatusCode, code: &str) -> Response;
}

impl Default for Line {
    fn default() -> Self {
        Self { calls: Mutex::default(), halted: watch::Sender::new(0) }
    }
}

impl Line {
    pub(super) fn count(&self, endpoint: &str) {
        *hold(&self.calls).entry(endpoint.to_owned()).or_default() += 1;
    }

    pub(super) fn calls(&self) -> BTreeMap<String, u64> {
        hold(&self.calls).clone()
    }

    pub(super) fn forget_calls(&self) {
        hold(&self.calls).clear();
    }

    /// Forgets that anything was not answered.
    pub(super) fn resume(&self) {
        self.halted.send_replace(0);
    }

    /// Waits until a write is not answered.
    pub(super) async fn halted(&self) {
        // The sender lives as long as this.
        let _ = self.halted.subscribe().wait_for(|halted| *halted > 0).await;
    }

    /// Lets a call come through, or break.
    pub(super) async fn carry(
        &self,
        fate: Fate,
        voice: &impl Voice,
        request: Request,
        answer: impl AsyncFnOnce(Request) -> Response,
    ) -> Response {
        match fate {
            Fate::Fine => answer(request).await,
            Fate::Limited => voice.too_many(),
            Fate::Hit(Then::Refuse { status, code }) => {
                voice.refuse(StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST), &code)
            }
            Fate::Hit(Then::Fail { status, done }) => {
                if done {
                    answer(request).await;
                }
                from_in_front(status)
            }
            Fate::Hit(Then::CutBefore) => closed(),
            Fate::Hit(Then::CutAfter) => {
                answer(request).await;
                closed()
            }
            Fate::Halted { done } => {
                if done {
                    answer(request).await;
                }
                self.halted.send_modify(|halted| *halted += 1);
                // Until whoever waits goes away.
                std::future::pending().await
            }
        }
    }
}

/// What something in front of a service answers: no JSON.
fn from_in_front(status: u16) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE);
    let page = "<!DOCTYPE html>\n<html><head><title>Error</title></head><body></body></html>\n";
    (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

/// The socket is closed, and nothing has been answered.
pub(super) fn closed() -> Response {
    let cut = std::io::Error::other("cut by a fault");
    Response::new(Body::from_stream(futures_util::stream::once(std::future::ready(Err::<Bytes, _>(cut)))))
}
