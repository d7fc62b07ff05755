//! The limit of calls, an endpoint and a minute (apis/hibob.md §6).

use std::collections::HashMap;
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, HeaderValue};
use jiff::Timestamp;

/// The windows that are open.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    windows: HashMap<String, Window>,
}

#[derive(Debug)]
struct Window {
    ends: Instant,
    /// Unix seconds, rounded up so that nobody who waits for it comes too early.
    reset: i64,
    calls: u32,
}

/// What is left of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Allowance {
    pub(crate) allowed: bool,
    pub(crate) limit: u32,
    pub(crate) remaining: u32,
    pub(crate) reset: i64,
    pub(crate) seconds_left: u64,
}

impl Limits {
    /// Takes one call out of an endpoint's window; the first call opens it.
    pub(crate) fn take(&mut self, endpoint: &str, limit: u32, length: Duration) -> Allowance {
        let now = Instant::now();
        self.windows.retain(|_, window| window.ends > now);
        let window = self.windows.entry(endpoint.to_owned()).or_insert_with(|| Window {
            ends: now + length,
            reset: Timestamp::now().as_second() + i64::try_from(length.as_secs()).unwrap_or(0) + 1,
            calls: 0,
        });
        window.calls = window.calls.saturating_add(1);
        Allowance {
            allowed: window.calls <= limit,
            limit,
            remaining: limit.saturating_sub(window.calls),
            reset: window.reset,
            seconds_left: (window.ends - now).as_secs() + 1,
        }
    }

    /// Forgets every call.
    pub(crate) fn clear(&mut self) {
        self.windows.clear();
    }
}

impl Allowance {
    /// The headers, on good answers too.
    pub(super) fn write(self, headers: &mut HeaderMap) {
        headers.insert("X-RateLimit-Limit", HeaderValue::from(self.limit));
        headers.insert("X-RateLimit-Remaining", HeaderValue::from(self.remaining));
        headers.insert("X-RateLimit-Reset", HeaderValue::from(self.reset));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_call_after_the_limit_is_refused_and_the_next_window_is_new() {
        let mut limits = Limits::default();
        let minute = Duration::from_secs(60);
        let taken: Vec<_> = (0..3).map(|_| limits.take("a", 2, minute)).collect();
        assert_eq!(
            taken.iter().map(|taken| (taken.allowed, taken.remaining)).collect::<Vec<_>>(),
            [(true, 1), (true, 0), (false, 0)]
        );
        assert!(limits.take("b", 2, minute).allowed, "each endpoint has its own");
        limits.clear();
        assert!(limits.take("a", 2, minute).allowed);
    }
}
