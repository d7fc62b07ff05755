//! The limit that we keep to, so that the service never has to refuse.

use std::num::NonZeroU32;

use governor::{DefaultDirectRateLimiter, Quota};

/// So many calls a minute, shared by everybody who calls.
#[derive(Debug)]
pub(in crate::connector) struct Pace {
    limiter: DefaultDirectRateLimiter,
}

impl Pace {
    /// Keeps below a limit of so many calls in any minute: a fifth of them may come at once, and the rest comes evenly.
    pub(in crate::connector) fn below(per_minute: NonZeroU32) -> Self {
        let burst = NonZeroU32::new(per_minute.get() / 5).unwrap_or(NonZeroU32::MIN);
        let even = NonZeroU32::new(per_minute.get() - burst.get()).unwrap_or(NonZeroU32::MIN);
        Self { limiter: DefaultDirectRateLimiter::direct(Quota::per_minute(even).allow_burst(burst)) }
    }

    /// Waits until a call may be made.
    pub(super) async fn turn(&self) {
        self.limiter.until_ready().await;
    }
}
