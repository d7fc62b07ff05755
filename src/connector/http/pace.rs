//! The limits that we keep to, so that a service never has to refuse.
//!
//! A limit belongs to an account of the service, not to one of our connectors: [`shared`] gives everything in this process
//! that talks to the same account the same pace.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, Quota};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;
use tokio::time::Instant;

/// When calls may be made.
#[derive(Debug)]
pub(in crate::connector) struct Pace {
    rhythm: Rhythm,
}

#[derive(Debug)]
enum Rhythm {
    /// Some at once, the rest evenly.
    Bursts(DefaultDirectRateLimiter),
    /// Each at the same distance from the one before.
    Even(Mutex<Schedule>),
}

/// So many calls in a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::connector) struct Limit {
    pub(in crate::connector) calls: NonZeroU32,
    pub(in crate::connector) within: Duration,
}

impl Limit {
    pub(in crate::connector) fn per_second(calls: NonZeroU32) -> Self {
        Self { calls, within: Duration::from_secs(1) }
    }

    pub(in crate::connector) fn per_minute(calls: NonZeroU32) -> Self {
        Self { calls, within: Duration::from_secs(60) }
    }

    /// The distance between two calls that uses 98 % of the limit: what is left is for clocks and for networks in which
    /// a later call overtakes an earlier one.
    pub(in crate::connector) fn distance(self) -> Duration {
        self.within.mul_f64(1.0 / 0.98) / self.calls.get()
    }
}

/// Whose limit it is.
#[derive(Debug, Clone, Copy)]
pub(in crate::connector) struct Owner<'a> {
    /// What people call the service.
    pub(in crate::connector) service: &'a str,
    /// Where it is.
    pub(in crate::connector) base: &'a str,
    /// Which account of it: whatever the service counts by. Kept as a hash only.
    pub(in crate::connector) account: &'a str,
    /// Which of the account's limits, where there are several (`reads`, `writes`).
    pub(in crate::connector) limit: &'a str,
}

impl Owner<'_> {
    fn key(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        for part in [self.service, self.base.trim_end_matches('/'), self.account, self.limit] {
            hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
            hash.update(part);
        }
        hash.finalize().into()
    }
}

/// The pace of an account, the same for everything in this process. Where recipes name different limits for one account,
/// the lowest counts for all of them until the program ends.
pub(in crate::connector) fn shared(owner: &Owner<'_>, limit: Limit) -> Arc<Pace> {
    static KNOWN: LazyLock<Mutex<HashMap<[u8; 32], Arc<Pace>>>> = LazyLock::new(Mutex::default);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let pace = known.entry(owner.key()).or_insert_with(|| Arc::new(Pace::evenly(limit)));
    pace.at_most(limit);
    Arc::clone(pace)
}

/// Places for what may be under way at the same time, the same for everything in this process that uses the account.
pub(in crate::connector) fn places(owner: &Owner<'_>, count: usize) -> Arc<Semaphore> {
    static KNOWN: LazyLock<Mutex<HashMap<[u8; 32], Arc<Semaphore>>>> = LazyLock::new(Mutex::default);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(known.entry(owner.key()).or_insert_with(|| Arc::new(Semaphore::new(count))))
}

impl Pace {
    /// Keeps below a limit of so many calls in any minute: a fifth of them may come at once, and the rest comes evenly.
    pub(in crate::connector) fn below(per_minute: NonZeroU32) -> Self {
        let burst = NonZeroU32::new(per_minute.get() / 5).unwrap_or(NonZeroU32::MIN);
        let even = NonZeroU32::new(per_minute.get() - burst.get()).unwrap_or(NonZeroU32::MIN);
        let limiter = DefaultDirectRateLimiter::direct(Quota::per_minute(even).allow_burst(burst));
        Self { rhythm: Rhythm::Bursts(limiter) }
    }

    /// Keeps 2 % below a limit, without bursts.
    pub(in crate::connector) fn evenly(limit: Limit) -> Self {
        Self { rhythm: Rhythm::Even(Mutex::new(Schedule::new(limit.distance()))) }
    }

    /// Never faster than this limit from now on. Only for an even pace.
    fn at_most(&self, limit: Limit) {
        self.change(|schedule| schedule.distance = schedule.distance.max(limit.distance()));
    }

    /// The service says that only `left` calls may be made within this time: they are spread over it, and none is made if
    /// none is left. What was known before is forgotten. Only for an even pace.
    pub(in crate::connector) fn spread(&self, left: u32, within: Duration) {
        self.change(|schedule| schedule.spread(left, within, Instant::now()));
    }

    fn change(&self, change: impl FnOnce(&mut Schedule)) {
        if let Rhythm::Even(schedule) = &self.rhythm {
            change(&mut schedule.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }

    /// Waits until a call may be made.
    pub(super) async fn turn(&self) {
        match &self.rhythm {
            Rhythm::Bursts(limiter) => limiter.until_ready().await,
            Rhythm::Even(schedule) => {
                let turn = schedule.lock().unwrap_or_else(PoisonError::into_inner).turn(Instant::now());
                tokio::time::sleep_until(turn).await;
            }
        }
    }
}

/// Turns at equal distances. A turn that nobody takes is lost: nothing is made up for by a burst.
#[derive(Debug)]
struct Schedule {
    distance: Duration,
    next: Option<Instant>,
    /// A larger distance, and until when it counts.
    slower: Option<(Duration, Instant)>,
}

impl Schedule {
    fn new(distance: Duration) -> Self {
        Self { distance, next: None, slower: None }
    }

    fn turn(&mut self, now: Instant) -> Instant {
        let turn = self.next.map_or(now, |next| next.max(now));
        let slower = self.slower.filter(|(_, until)| turn < *until);
        let distance = slower.map_or(self.distance, |(slower, until)| slower.min(until - turn).max(self.distance));
        self.next = Some(turn + distance);
        turn
    }

    fn spread(&mut self, left: u32, within: Duration, now: Instant) {
        let until = now + within;
        self.slower = None;
        match within.checked_div(left) {
            None => self.next = Some(self.next.map_or(until, |next| next.max(until))),
            Some(distance) if distance > self.distance => self.slower = Some((distance, until)),
            Some(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEN: Limit = Limit { calls: NonZeroU32::new(10).unwrap(), within: Duration::from_secs(1) };

    fn turns(schedule: &mut Schedule, start: Instant, count: usize) -> Vec<Duration> {
        (0..count).map(|_| schedule.turn(start) - start).collect()
    }

    #[test]
    fn turns_are_even_and_two_per_cent_below_the_limit() {
        let start = Instant::now();
        let turns = turns(&mut Schedule::new(TEN.distance()), start, 99);
        assert_eq!(turns[0], Duration::ZERO);
        assert!(turns.windows(2).all(|pair| pair[1] - pair[0] == TEN.distance()));
        let last = turns[98].as_secs_f64();
        assert!((last - 10.0).abs() < 0.001, "98 calls take ten seconds: {last}");
        let minute = Limit { calls: NonZeroU32::new(600).unwrap(), within: Duration::from_secs(60) };
        assert_eq!(minute.distance(), TEN.distance());
    }

    #[test]
    fn a_turn_that_nobody_takes_is_not_made_up_for() {
        let start = Instant::now();
        let mut schedule = Schedule::new(Duration::from_millis(100));
        schedule.turn(start);
        let later = start + Duration::from_secs(5);
        assert_eq!(turns(&mut schedule, later, 3), [0, 100, 200].map(Duration::from_millis));
    }

    #[test]
    fn few_calls_that_are_left_are_spread_and_the_limit_counts_again_afterwards() {
        let start = Instant::now();
        let mut schedule = Schedule::new(Duration::from_millis(100));
        schedule.spread(4, Duration::from_secs(2), start);
        assert_eq!(turns(&mut schedule, start, 6), [0, 500, 1_000, 1_500, 2_000, 2_100].map(Duration::from_millis));
        schedule.spread(1_000, Duration::from_secs(2), start);
        assert_eq!(turns(&mut schedule, start, 2), [2_200, 2_300].map(Duration::from_millis), "plenty changes nothing");
        schedule.spread(0, Duration::from_secs(30), start);
        assert_eq!(turns(&mut schedule, start, 2), [30_000, 30_100].map(Duration::from_millis));
    }

    #[test]
    fn an_account_has_one_pace_and_the_lowest_limit_counts() {
        let owner = |account, limit| Owner { service: "Some", base: "https://one.example", account, limit };
        let first = shared(&owner("a", "writes"), TEN);
        for (other, same) in [
            (shared(&Owner { base: "https://one.example/", ..owner("a", "writes") }, TEN), true),
            (shared(&owner("b", "writes"), TEN), false),
            (shared(&owner("a", "reads"), TEN), false),
            (shared(&owner("awrites", ""), TEN), false),
            (shared(&Owner { base: "https://two.example", ..owner("a", "writes") }, TEN), false),
        ] {
            assert_eq!(Arc::ptr_eq(&first, &other), same);
        }
        shared(&owner("a", "writes"), Limit { calls: NonZeroU32::MIN, ..TEN });
        shared(&owner("a", "writes"), TEN);
        first.change(|schedule| assert!(schedule.distance > Duration::from_secs(1)));
    }
}
