//! What becomes of the people who were looked at: done, looked at again, or not tried any more. Pure.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBuilder};
use jiff::Timestamp;

use crate::model::{EmployeeId, Outcome, OutcomeKind};
use crate::store::{Claim, Ending};

/// After so many tries that failed, somebody is not tried any more until something new comes.
pub(super) const MOST_TRIES: u32 = 8;

/// Nobody is read more often than this, however many deliveries there are.
const SHORTEST: Duration = Duration::from_secs(1);

/// What endings depend on, beside the outcome.
pub(super) struct Ends<'a> {
    pub(super) now: Timestamp,
    /// How long after a change a person is read.
    pub(super) settle: Duration,
    /// Whose reference leads to somebody without a user yet.
    pub(super) waiting: &'a BTreeSet<EmployeeId>,
    /// Whether the target could not be written to any further: then nobody is to blame.
    pub(super) cut_short: bool,
}

impl Ends<'_> {
    /// The ending of each claim.
    pub(super) fn of(&self, claims: &[Claim], outcomes: &[Outcome]) -> Vec<(Claim, Ending)> {
        let outcomes: BTreeMap<&EmployeeId, &Outcome> =
            outcomes.iter().map(|outcome| (&outcome.person.employee, outcome)).collect();
        let ending = |claim: &Claim| (claim.clone(), self.ending(claim, outcomes.get(&claim.employee).copied()));
        claims.iter().map(ending).collect()
    }

    fn ending(&self, claim: &Claim, outcome: Option<&Outcome>) -> Ending {
        let done = Ending::Done(self.now + self.settle.max(SHORTEST));
        // Nobody by that id, in the source or in the target.
        let Some(outcome) = outcome else { return done };
        if outcome.kind == OutcomeKind::Failed {
            let trouble = outcome.failure.as_deref().or(outcome.person.findings.first());
            let trouble = trouble.map(|finding| finding.text.to_string()).unwrap_or_default();
            return match claim.attempts + 1 {
                _ if self.cut_short => Ending::Again(self.now + SHORTEST),
                tries if tries >= MOST_TRIES => Ending::Parked(trouble),
                _ => Ending::Failed(self.now + pause(claim.attempts), trouble),
            };
        }
        if outcome.held.is_some() {
            return Ending::Parked("a limit holds changes of this person".to_owned());
        }
        if self.waiting.contains(&claim.employee) && claim.attempts + 1 < MOST_TRIES {
            let trouble = "somebody whom this person refers to has no user yet".to_owned();
            return Ending::Failed(self.now + pause(claim.attempts), trouble);
        }
        done
    }
}

/// How long to wait after so many tries that failed: half a minute, doubled each time to an hour, and up to as much again by
/// chance, so that those who failed together are not tried together.
fn pause(failed_before: u32) -> Duration {
    const LONGEST: Duration = Duration::from_secs(3_600);
    let pauses = ExponentialBuilder::default()
        .with_min_delay(Duration::from_secs(30))
        .with_max_delay(LONGEST)
        .without_max_times()
        .with_jitter();
    pauses.build().nth(usize::try_from(failed_before).unwrap_or(usize::MAX)).unwrap_or(LONGEST)
}
