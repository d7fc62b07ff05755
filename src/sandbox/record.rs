//! Calls as they came and were answered: for tests that hold them against a vendor's own description.

use std::collections::VecDeque;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use serde::Serialize;
use serde_json::Value as Json;

use super::line::closed;

/// More than any call or answer has: 20,000 memberships, or the results of them.
const LARGEST_BODY: usize = 64 << 20;

/// A call and its answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Exchange {
    /// Method and path, with parameters by name, as calls are counted by.
    pub endpoint: String,
    /// The query as it came.
    pub query: Option<String>,
    /// The body that came, where it was JSON.
    pub request: Option<Json>,
    /// The status that was answered.
    pub status: u16,
    /// The body that was answered, where it was JSON.
    pub response: Option<Json>,
}

/// The latest calls.
#[derive(Debug, Default)]
pub(super) struct Record(VecDeque<Exchange>);

impl Record {
    pub(super) fn keep(&mut self, exchange: Exchange, most: usize) {
        self.0.push_back(exchange);
        while self.0.len() > most {
            self.0.pop_front();
        }
    }

    pub(super) fn exchanges(&self) -> Vec<Exchange> {
        self.0.iter().cloned().collect()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

/// Lets a call through, and keeps it.
pub(super) async fn kept(endpoint: String, request: Request, next: Next, keep: impl FnOnce(Exchange)) -> Response {
    let query = request.uri().query().map(str::to_owned);
    let (head, body) = request.into_parts();
    let Ok(asked) = to_bytes(body, LARGEST_BODY).await else { return closed() };
    let response = next.run(Request::from_parts(head, Body::from(asked.clone()))).await;
    let (head, body) = response.into_parts();
    // A body that breaks off is a fault at work, and nothing that was answered.
    let Ok(answered) = to_bytes(body, LARGEST_BODY).await else { return closed() };
    keep(Exchange {
        endpoint,
        query,
        request: serde_json::from_slice(&asked).ok(),
        status: head.status.as_u16(),
        response: serde_json::from_slice(&answered).ok(),
    });
    Response::from_parts(head, Body::from(answered))
}
