//! What becomes of a mail that a server did not take: tried again, and when, or given up. Pure.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBuilder};
use jiff::{SignedDuration, Timestamp};

use crate::report::mail::{Concern, MailError};
use crate::store::{Fate, Outgoing};

/// For how long a mail is tried.
pub(super) const AT_MOST: SignedDuration = SignedDuration::from_hours(3 * 24);

/// The first and the longest wait; up to as much again comes by chance, so that many do not come together.
const PAUSES: (Duration, Duration) = (Duration::from_secs(60), Duration::from_secs(3_600));

/// The waits after a refusal for good, in minutes: a mailbox may be about to be made. After the last one it is given up.
const AFTER_REFUSALS: [u64; 4] = [15, 30, 60, 120];

/// What becomes of a mail that failed.
pub(super) fn fate(outgoing: &Outgoing, error: &MailError, now: Timestamp) -> Fate {
    let trouble = error.to_string();
    let refused = matches!(error, MailError::Smtp(failure) if failure.concern() == Concern::Lasting);
    let pause = match (refused, AFTER_REFUSALS.get(outgoing.refused)) {
        (false, _) => pause(outgoing.tries),
        (true, Some(minutes)) => Duration::from_secs(minutes * 60),
        (true, None) => return Fate::GivenUp { trouble },
    };
    // A clock that was set back makes no mail old.
    if now.duration_since(outgoing.made) >= AT_MOST {
        return Fate::GivenUp { trouble };
    }
    Fate::Again { at: now + pause, trouble, refused }
}

/// How long to wait after so many tries that failed.
fn pause(failed_before: usize) -> Duration {
    let (first, longest) = PAUSES;
    let pauses = ExponentialBuilder::default().with_min_delay(first).with_max_delay(longest);
    pauses.without_max_times().with_jitter().build().nth(failed_before).unwrap_or(longest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::mail::SmtpFailure;
    use crate::store::Outgoing;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + seconds).unwrap()
    }

    /// Waits in seconds of a mail that always fails so, until it is given up.
    fn waits(failure: SmtpFailure) -> Vec<i64> {
        let mut outgoing = Outgoing::new("id", "hr@acme.example", at(0));
        let (mut now, mut waits) = (at(0), Vec::new());
        while let Fate::Again { at, refused, .. } = fate(&outgoing, &failure.into(), now) {
            waits.push(at.as_second() - now.as_second());
            (outgoing.tries, outgoing.refused) = (outgoing.tries + 1, outgoing.refused + usize::from(refused));
            now = at;
        }
        waits
    }

    #[test]
    fn what_may_pass_is_tried_from_a_minute_to_an_hour_apart_for_three_days() {
        for failure in [SmtpFailure::Connection, SmtpFailure::Login(535), SmtpFailure::Recipient(451)] {
            let waits = waits(failure);
            assert!((60..=120).contains(&waits[0]) && (120..=240).contains(&waits[1]), "{waits:?}");
            assert!(waits[7..].iter().all(|wait| (3_600..=7_200).contains(wait)), "{waits:?}");
            let whole: i64 = waits.iter().sum();
            assert!((3 * 86_400..3 * 86_400 + 7_201).contains(&whole), "{whole}");
        }
    }

    #[test]
    fn what_is_refused_for_good_is_tried_some_times_more_over_some_hours() {
        for failure in [SmtpFailure::Recipient(550), SmtpFailure::Content(554)] {
            assert_eq!(waits(failure), [900, 1_800, 3_600, 7_200]);
        }
    }

    #[test]
    fn trouble_that_is_everybody_s_costs_nobody_a_try() {
        let mut outgoing = Outgoing::new("id", "hr@acme.example", at(0));
        outgoing.tries = 40;
        let refused = fate(&outgoing, &SmtpFailure::Recipient(550).into(), at(80_000));
        assert!(matches!(refused, Fate::Again { refused: true, .. }), "{refused:?}");
    }

    #[test]
    fn a_clock_that_was_set_back_gives_nothing_up() {
        let outgoing = Outgoing::new("id", "hr@acme.example", at(0));
        assert!(matches!(fate(&outgoing, &SmtpFailure::Timeout.into(), at(-900_000)), Fate::Again { .. }));
    }
}
