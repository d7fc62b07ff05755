//! Calls as they came and were answered: for tests that hold them against the vendor's own description.

use std::collections::VecDeque;

use serde::Serialize;
use serde_json::Value as Json;

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
