//! The two windows of calls, a portal's own (apis/learnupon.md §1, "Rate limits").

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use axum::http::{HeaderMap, HeaderValue};

use crate::sandbox::learnupon::switches::Switches;

/// Both windows. A call that is refused counts in neither.
#[derive(Debug)]
pub(crate) struct Limits {
    minute: Window,
    week: Window,
}

/// The calls of a rolling window, by slices of it. A call counts for the whole length, and for less than a slice more.
#[derive(Debug)]
struct Window {
    began: Instant,
    /// The number of a slice since the beginning, and its calls.
    slices: VecDeque<(u128, u32)>,
    calls: u32,
}

/// What is left, and for how long a caller has to wait where nothing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Allowance {
    minute: Option<u32>,
    week: Option<u32>,
    /// How long until a call is allowed; zero if this one is.
    pub(crate) wait: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { minute: Window::new(), week: Window::new() }
    }
}

impl Limits {
    /// Takes one call out of both windows, or out of none.
    pub(crate) fn take(&mut self, switches: &Switches) -> Allowance {
        let now = Instant::now();
        let minute = Duration::from_millis(switches.minute_ms.into());
        let week = Duration::from_secs(switches.week_seconds.into());
        let waits = [
            self.minute.wait(now, switches.requests_per_minute, minute),
            self.week.wait(now, switches.requests_per_week, week),
        ];
        let wait = waits.into_iter().max().unwrap_or_default();
        if wait.is_zero() {
            self.minute.count(now, minute);
            self.week.count(now, week);
        }
        let left = |limit: u32, calls: u32| (limit > 0).then(|| limit.saturating_sub(calls));
        Allowance {
            minute: left(switches.requests_per_minute, self.minute.calls),
            week: left(switches.requests_per_week, self.week.calls),
            wait,
        }
    }

    /// Forgets every call.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

impl Window {
    /// Into how many slices a window is cut.
    const SLICES: u32 = 60;

    fn new() -> Self {
        Self { began: Instant::now(), slices: VecDeque::new(), calls: 0 }
    }

    fn slice(&self, at: Instant, length: Duration) -> u128 {
        at.duration_since(self.began).as_nanos() / (length / Self::SLICES).as_nanos().max(1)
    }

    /// How long until a call fits in.
    fn wait(&mut self, now: Instant, limit: u32, length: Duration) -> Duration {
        let current = self.slice(now, length);
        while let Some((slice, calls)) = self.slices.front().copied()
            && slice + u128::from(Self::SLICES) <= current
        {
            self.slices.pop_front();
            self.calls -= calls;
        }
        if limit == 0 || self.calls < limit {
            return Duration::ZERO;
        }
        let oldest = self.slices.front().map_or(current, |(slice, _)| *slice);
        let slices = u32::try_from(oldest + u128::from(Self::SLICES) - current).unwrap_or(Self::SLICES);
        (length / Self::SLICES) * slices
    }

    fn count(&mut self, now: Instant, length: Duration) {
        let current = self.slice(now, length);
        match self.slices.back_mut() {
            Some((slice, calls)) if *slice == current => *calls += 1,
            _ => self.slices.push_back((current, 1)),
        }
        self.calls += 1;
    }
}

impl Allowance {
    /// Whether the call is allowed.
    pub(crate) fn allowed(self) -> bool {
        self.wait.is_zero()
    }

    /// The same, refused.
    pub(crate) fn refused(self, wait: Duration) -> Self {
        Self { minute: Some(0), wait, ..self }
    }

    /// The headers, on every answer.
    pub(super) fn write(self, headers: &mut HeaderMap) {
        for (name, left) in
            [("X-LU-Rate-Limit-Remaining-Minute", self.minute), ("X-LU-Rate-Limit-Remaining-Week", self.week)]
        {
            if let Some(left) = left {
                headers.insert(name, HeaderValue::from(left));
            }
        }
    }

    /// The wait in whole seconds, rounded up.
    pub(super) fn seconds(self) -> u64 {
        self.wait.as_secs() + u64::from(self.wait.subsec_nanos() > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_counts_for_the_length_of_the_window_and_no_longer_than_a_slice_more() {
        let (mut window, minute) = (Window::new(), Duration::from_secs(60));
        let began = window.began;
        let mut allowed = |second| {
            let now = began + Duration::from_secs(second);
            let fits = window.wait(now, 2, minute).is_zero();
            if fits {
                window.count(now, minute);
            }
            fits
        };
        assert_eq!([0, 30, 59, 62, 63, 93].map(&mut allowed), [true, true, false, true, false, true]);
    }

    #[test]
    fn whoever_calls_evenly_below_the_limit_is_never_refused() {
        let (mut window, minute) = (Window::new(), Duration::from_secs(60));
        for call in 0..2_000_u32 {
            let now = window.began + minute / 294 * call;
            assert!(window.wait(now, 300, minute).is_zero(), "call {call}");
            window.count(now, minute);
        }
    }
}
