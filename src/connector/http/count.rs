//! How many calls were made: by one client for its log, by all of this process for metrics.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::call::Effect;

/// Calls made, each try counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Calls {
    /// Calls that change nothing.
    pub reads: u64,
    /// Calls that do.
    pub writes: u64,
    /// Calls for a token.
    pub tokens: u64,
}

/// What this process has asked of a service so far, each try counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceCalls {
    /// What people call the service.
    pub service: &'static str,
    /// Calls that change nothing.
    pub reads: u64,
    /// Calls that do.
    pub writes: u64,
    /// Calls for a token.
    pub tokens: u64,
    /// How long calls waited for the service's limit, added up.
    pub waited: Duration,
}

/// Every service that was asked.
static SERVICES: Mutex<BTreeMap<&'static str, Arc<Totals>>> = Mutex::new(BTreeMap::new());

/// What this process has asked of each service so far, by name.
#[must_use]
pub fn service_calls() -> Vec<ServiceCalls> {
    let services = SERVICES.lock().unwrap_or_else(PoisonError::into_inner);
    services.iter().map(|(service, totals)| totals.of(service)).collect()
}

/// Counts as calls are made.
#[derive(Debug)]
pub(super) struct Counter {
    own: Totals,
    service: Arc<Totals>,
}

#[derive(Debug, Default)]
struct Totals {
    reads: AtomicU64,
    writes: AtomicU64,
    tokens: AtomicU64,
    waited_microseconds: AtomicU64,
}

impl Counter {
    pub(super) fn new(service: &'static str) -> Self {
        let mut services = SERVICES.lock().unwrap_or_else(PoisonError::into_inner);
        Self { own: Totals::default(), service: Arc::clone(services.entry(service).or_default()) }
    }

    pub(super) fn call(&self, effect: Effect) {
        for totals in [&self.own, &*self.service] {
            let counter = match effect {
                Effect::Read => &totals.reads,
                Effect::RepeatableWrite | Effect::Write => &totals.writes,
            };
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(super) fn token(&self) {
        for totals in [&self.own, &*self.service] {
            totals.tokens.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// A call waited for its turn in the limit.
    pub(super) fn waited(&self, time: Duration) {
        let microseconds = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.service.waited_microseconds.fetch_add(microseconds, Ordering::Relaxed);
    }

    pub(super) fn so_far(&self) -> Calls {
        let own = self.own.of("");
        Calls { reads: own.reads, writes: own.writes, tokens: own.tokens }
    }
}

impl Totals {
    fn of(&self, service: &'static str) -> ServiceCalls {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        ServiceCalls {
            service,
            reads: read(&self.reads),
            writes: read(&self.writes),
            tokens: read(&self.tokens),
            waited: Duration::from_micros(read(&self.waited_microseconds)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_of_one_service_count_their_own_calls_and_those_of_the_service_together() {
        let (one, other) = (Counter::new("counted together"), Counter::new("counted together"));
        one.call(Effect::Read);
        one.waited(Duration::from_millis(3));
        other.call(Effect::Read);
        other.call(Effect::Write);
        other.token();
        assert_eq!(one.so_far(), Calls { reads: 1, ..Calls::default() });
        assert_eq!(other.so_far(), Calls { reads: 1, writes: 1, tokens: 1 });
        let together = service_calls().into_iter().find(|calls| calls.service == "counted together").unwrap();
        let waited = Duration::from_millis(3);
        assert_eq!(together, ServiceCalls { service: "counted together", reads: 2, writes: 1, tokens: 1, waited });
    }
}
