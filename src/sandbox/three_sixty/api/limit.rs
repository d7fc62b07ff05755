//! Reads and writes a second, over everything that the company's integrations do (apis/360learning.md §2).

use std::time::Instant;

/// What is left of the limits. Each fills evenly up to one second's worth: a client that keeps evenly below it is never
/// refused, however its calls are delayed on the way.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    reads: Option<Left>,
    writes: Option<Left>,
}

#[derive(Debug)]
struct Left {
    calls: f64,
    at: Instant,
}

impl Limits {
    /// Takes one call; false if it is one too many. A limit of 0 is none.
    pub(super) fn take(&mut self, is_write: bool, per_second: u32) -> bool {
        if per_second == 0 {
            return true;
        }
        let limit = f64::from(per_second);
        let now = Instant::now();
        let left = if is_write { &mut self.writes } else { &mut self.reads };
        let left = left.get_or_insert(Left { calls: limit, at: now });
        left.calls = (left.calls + (now - left.at).as_secs_f64() * limit).min(limit);
        left.at = now;
        let allowed = left.calls >= 1.0;
        left.calls -= f64::from(u8::from(allowed));
        allowed
    }

    /// Forgets every call.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_call_above_the_limit_is_refused_and_reads_do_not_use_up_writes() {
        let mut limits = Limits::default();
        // A limit of one is filled again after a second, which no machine is slow enough to spend in between.
        assert_eq!([(); 2].map(|()| limits.take(true, 1)), [true, false]);
        assert!(limits.take(false, 1) && (0..1000).all(|_| limits.take(true, 0)));
        limits.clear();
        assert!(limits.take(true, 1));
    }
}
