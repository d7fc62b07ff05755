//! How many calls were made, for logs.

use std::sync::atomic::{AtomicU64, Ordering};

use super::call::Effect;

/// Calls made, each try counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::connector) struct Calls {
    pub(in crate::connector) reads: u64,
    pub(in crate::connector) writes: u64,
    pub(in crate::connector) tokens: u64,
}

/// Counts as calls are made.
#[derive(Debug, Default)]
pub(super) struct Counter {
    reads: AtomicU64,
    writes: AtomicU64,
    tokens: AtomicU64,
}

impl Counter {
    pub(super) fn call(&self, effect: Effect) {
        let counter = match effect {
            Effect::Read => &self.reads,
            Effect::RepeatableWrite | Effect::Write => &self.writes,
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn token(&self) {
        self.tokens.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn so_far(&self) -> Calls {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Calls { reads: read(&self.reads), writes: read(&self.writes), tokens: read(&self.tokens) }
    }
}
