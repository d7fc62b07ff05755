//! How long a recipe's real time stands still after something that was nobody's fault.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};

use crate::connector::ConnectorError;
use crate::run::RunError;

/// Repeats with wrong credentials lead to a block (apis/hibob.md §2); somebody has to replace them.
const CREDENTIALS: Duration = Duration::from_secs(900);
/// The longest wait for a source, a target or a database that is away.
const LONGEST: Duration = Duration::from_secs(300);

/// The waits after failures that follow one another.
pub(super) struct Pauses(Option<ExponentialBackoff>);

impl Pauses {
    pub(super) fn none() -> Self {
        Self(None)
    }

    /// All is well.
    pub(super) fn reset(&mut self) {
        self.0 = None;
    }

    /// How long to wait after this failure.
    pub(super) fn after(&mut self, error: &RunError) -> Duration {
        if matches!(error, RunError::Connector(ConnectorError::Credentials { .. })) {
            return CREDENTIALS;
        }
        let growing = || {
            let pauses = ExponentialBuilder::default().with_min_delay(Duration::from_secs(1)).with_max_delay(LONGEST);
            pauses.without_max_times().with_jitter().build()
        };
        self.0.get_or_insert_with(growing).next().unwrap_or(LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn away() -> RunError {
        ConnectorError::Unavailable { message: "away".to_owned(), help: String::new() }.into()
    }

    #[test]
    fn waits_grow_to_some_minutes_and_begin_anew_when_all_is_well() {
        let mut pauses = Pauses::none();
        let first = pauses.after(&away());
        assert!(first < Duration::from_secs(3));
        let many: Vec<Duration> = (0..20).map(|_| pauses.after(&away())).collect();
        assert!(many[19] >= LONGEST && many[19] <= LONGEST * 2);
        pauses.reset();
        assert!(pauses.after(&away()) < Duration::from_secs(3));
    }

    #[test]
    fn refused_credentials_are_not_tried_again_soon() {
        let refused = ConnectorError::Credentials { message: "no".to_owned(), help: String::new() };
        assert_eq!(Pauses::none().after(&refused.into()), CREDENTIALS);
    }
}
