//! Why something cannot happen in a sandbox.

use serde::Serialize;

/// Why something cannot happen, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[error("{error}")]
pub struct Refusal {
    /// What is wrong.
    pub error: String,
    /// What to do.
    pub help: String,
}

impl Refusal {
    pub(crate) fn new(error: impl Into<String>, help: impl Into<String>) -> Self {
        Self { error: error.into(), help: help.into() }
    }
}
