//! A limit of calls a second.

use std::time::Instant;

/// What is left of a limit. It fills evenly up to one second's worth: a client that keeps evenly below it is never
/// refused, however its calls are delayed on the way.
#[derive(Debug, Default)]
pub(super) struct Limit(Option<Left>);

#[derive(Debug)]
struct Left {
    calls: f64,
    at: Instant,
}

impl Limit {
    /// Takes one call; false if it is one too many. A limit of 0 is none.
    pub(super) fn take(&mut self, per_second: u32) -> bool {
        if per_second == 0 {
            return true;
        }
        let limit = f64::from(per_second);
        let now = Instant::now();
        let left = self.0.get_or_insert(Left { calls: limit, at: now });
        left.calls = (left.calls + (now - left.at).as_secs_f64() * limit).min(limit);
        left.at = now;
        let allowed = left.calls >= 1.0;
        left.calls -= f64::from(u8::from(allowed));
        allowed
    }

    /// Forgets every call.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_call_above_the_limit_is_refused() {
        let mut limit = Limit::default();
        // A limit of one is filled again after a second, which no machine is slow enough to spend in between.
        assert_eq!([(); 2].map(|()| limit.take(1)), [true, false]);
        assert!((0..1000).all(|_| limit.take(0)));
        limit.clear();
        assert!(limit.take(1));
    }
}
