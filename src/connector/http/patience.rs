//! When a call that failed is tried again, and after how long.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};
use jiff::Timestamp;
use reqwest::header::{HeaderMap, RETRY_AFTER};

use super::call::Call;
use super::failure::{Failure, Problem};

/// Waits of half a second, one, two and four, and longer ones where a service is called too often; each is up to twice as
/// long, so that many who failed together do not come back together.
#[derive(Debug)]
pub(super) struct Patience {
    trouble: ExponentialBackoff,
    crowd: ExponentialBackoff,
}

impl Patience {
    const FIRST: Duration = Duration::from_millis(500);
    const TIMES: usize = 4;
    /// Where nothing was done because of too many calls: others may use the same limit (apis/360learning.md §2).
    const FIRST_IN_CROWD: Duration = Duration::from_secs(1);
    const LONGEST_IN_CROWD: Duration = Duration::from_secs(30);
    const TIMES_IN_CROWD: usize = 8;
    /// The longest that is waited because the service asks for it; HiBob's longest block is five minutes
    /// (apis/hibob.md §6).
    const LONGEST: Duration = Duration::from_secs(6 * 60);

    pub(super) fn new() -> Self {
        let waits = |first| ExponentialBuilder::new().with_min_delay(first).with_jitter();
        let crowd = waits(Self::FIRST_IN_CROWD).with_max_delay(Self::LONGEST_IN_CROWD);
        Self {
            trouble: waits(Self::FIRST).with_max_times(Self::TIMES).build(),
            crowd: crowd.with_max_times(Self::TIMES_IN_CROWD).build(),
        }
    }

    /// Waits before the next try of a call, or gives the failure back where another would not help or might do harm.
    pub(super) async fn endure(&mut self, failure: Failure, call: &Call<'_>) -> Result<(), Failure> {
        let Some(wait) = self.wait(&failure, Timestamp::now()) else { return Err(failure.settled()) };
        tracing::warn!(
            http.request.method = %call.method,
            url.template = call.shown,
            error.r#type = failure.problem.kind(),
            wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
            "call failed, trying again"
        );
        tokio::time::sleep(wait).await;
        Ok(())
    }

    /// How long to wait before the next try; nothing where it would not help, may do something twice, or was tried often
    /// enough.
    fn wait(&mut self, failure: &Failure, now: Timestamp) -> Option<Duration> {
        match failure.problem {
            Problem::TooMany(asked) => {
                let own = self.crowd.next()?;
                let asked = asked.map(|until| Duration::try_from(until.duration_since(now)).unwrap_or_default());
                asked.map_or(Some(own), |asked| (asked <= Self::LONGEST).then_some(asked + Self::FIRST.min(own)))
            }
            Problem::Server(_) | Problem::Unreachable { .. } if !failure.may_be_done() => self.trouble.next(),
            _ => None,
        }
    }
}

/// Until when a service that is called too often wants us to wait: HiBob's header with a Unix time, then the standard one
/// with seconds (apis/hibob.md §6).
pub(super) fn asked_wait(headers: &HeaderMap, now: Timestamp) -> Option<Timestamp> {
    let number = |value: Option<&reqwest::header::HeaderValue>| value?.to_str().ok()?.trim().parse::<i64>().ok();
    let reset = number(headers.get("x-ratelimit-reset")).and_then(|second| Timestamp::from_second(second).ok());
    let after = || {
        let seconds = number(headers.get(RETRY_AFTER)).filter(|seconds| *seconds >= 0)?;
        now.checked_add(jiff::SignedDuration::from_secs(seconds)).ok()
    };
    reset.or_else(after)
}

#[cfg(test)]
mod tests {
    use reqwest::StatusCode;

    use super::super::call::Effect;
    use super::super::failure::{Service, Why};
    use super::*;

    const NOW: Timestamp = Timestamp::constant(1_800_000_000, 0);

    static SERVICE: Service = Service { title: "Some", caller: "user", unknown: "", forbidden: "" };

    fn failure(problem: Problem) -> Failure {
        failure_of(Effect::Read, problem)
    }

    fn failure_of(effect: Effect, problem: Problem) -> Failure {
        Failure { service: &SERVICE, call: "GET /v1/x".to_owned(), effect, problem }
    }

    fn broken(why: Why) -> Problem {
        Problem::Unreachable { host: "host".to_owned(), why }
    }

    #[test]
    fn a_server_in_trouble_is_tried_four_times_more_and_each_wait_is_longer() {
        let mut patience = Patience::new();
        let failure = failure(Problem::Server(StatusCode::BAD_GATEWAY));
        let waits: Vec<Duration> = std::iter::from_fn(|| patience.wait(&failure, NOW)).collect();
        assert_eq!(waits.len(), 4);
        for (wait, least) in waits.iter().zip([500, 1_000, 2_000, 4_000].map(Duration::from_millis)) {
            assert!((least..=least * 2).contains(wait), "{waits:?}");
        }
    }

    #[test]
    fn a_service_that_says_how_long_is_waited_for_but_not_for_ever() {
        let until = |seconds| Problem::TooMany(Some(NOW + jiff::SignedDuration::from_secs(seconds)));
        let wait = Patience::new().wait(&failure(until(30)), NOW).unwrap();
        assert!((Duration::from_secs(30)..Duration::from_secs(32)).contains(&wait), "{wait:?}");
        assert_eq!(Patience::new().wait(&failure(until(3_600)), NOW), None);
        assert!(Patience::new().wait(&failure(until(-30)), NOW).unwrap() < Duration::from_secs(1));
    }

    #[test]
    fn a_crowd_is_waited_for_from_a_second_on_and_longer_than_trouble() {
        let mut patience = Patience::new();
        let failure = failure_of(Effect::Write, Problem::TooMany(None));
        let waits: Vec<u64> = std::iter::from_fn(|| patience.wait(&failure, NOW)).map(|wait| wait.as_secs()).collect();
        assert_eq!(waits.len(), 8);
        assert!((1..=2).contains(&waits[0]) && (4..=8).contains(&waits[2]) && waits[7] <= 60, "{waits:?}");
    }

    #[test]
    fn what_may_have_been_done_is_not_done_again_unless_that_changes_nothing() {
        for (problem, was_sent) in [
            (broken(Why::Cut), true),
            (broken(Why::Late), true),
            (Problem::Server(StatusCode::BAD_GATEWAY), true),
            (broken(Why::Closed), false),
            (broken(Why::NoConnection), false),
            (broken(Why::Unheard), false),
        ] {
            for effect in [Effect::Read, Effect::RepeatableWrite, Effect::Write] {
                let failure = failure_of(effect, problem.clone());
                let again = !was_sent || effect != Effect::Write;
                assert_eq!(Patience::new().wait(&failure, NOW).is_some(), again, "{effect:?} {problem:?}");
                assert_eq!(failure.settled().problem == Problem::Unsure, !again);
            }
        }
    }

    #[test]
    fn what_was_refused_is_never_tried_again() {
        for problem in [Problem::Refused(StatusCode::UNAUTHORIZED), Problem::NotFound, Problem::WebPage(StatusCode::OK)]
        {
            assert_eq!(Patience::new().wait(&failure(problem), NOW), None);
        }
    }

    #[test]
    fn the_reset_header_counts_before_the_standard_one_and_nonsense_counts_for_nothing() {
        let headers = |pairs: &[(&'static str, &str)]| {
            let pair = |(name, value): &(&'static str, &str)| (name.parse().unwrap(), value.parse().unwrap());
            pairs.iter().map(pair).collect::<HeaderMap>()
        };
        let both = headers(&[("x-ratelimit-reset", "1800000030"), ("retry-after", "5")]);
        assert_eq!(asked_wait(&both, NOW).unwrap().as_second(), 1_800_000_030);
        assert_eq!(asked_wait(&headers(&[("retry-after", "5")]), NOW).unwrap().as_second(), 1_800_000_005);
        for odd in ["", "soon", "-5", "99999999999999999999"] {
            assert_eq!(asked_wait(&headers(&[("retry-after", odd)]), NOW), None, "{odd}");
        }
    }
}
