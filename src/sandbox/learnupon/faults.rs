//! What goes wrong on the way: delays, connections that are cut, errors of the server, refusals.

use serde::{Deserialize, Serialize};

use crate::sandbox::refusal::Refusal;

/// Everything that can go wrong; nothing does by default. Faults hit `/api/v1` only, never `/sandbox`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Waits so long before each answer.
    pub latency_ms: u64,
    /// Calls that fail, each counted on its own; the first that concerns a call decides.
    pub failures: Vec<Failure>,
}

/// Calls that fail.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// Which calls, such as `POST /api/v1/users`; all if left out.
    #[serde(default)]
    pub endpoint: Option<String>,
    /// So many of them go through first.
    #[serde(default)]
    pub skip: u32,
    /// The next so many fail; one if left out, all with `null`.
    #[serde(default = "Failure::once")]
    pub calls: Option<u32>,
    /// Whether what is asked for is carried out all the same.
    #[serde(default)]
    pub done: bool,
    /// The status of the answer; without one the connection is closed and nothing is answered.
    #[serde(default)]
    pub status: Option<u16>,
    /// What the answer says.
    #[serde(default)]
    pub message: Option<String>,
}

impl Failure {
    #[expect(clippy::unnecessary_wraps, reason = "the usual value of a field that may be null")]
    fn once() -> Option<u32> {
        Some(1)
    }

    /// Cuts the connection once, before or after the call is carried out.
    #[must_use]
    pub fn cut(endpoint: &str, done: bool) -> Self {
        Self { endpoint: Some(endpoint.to_owned()), calls: Some(1), done, ..Self::default() }
    }

    /// Answers the next calls of an endpoint with an error.
    #[must_use]
    pub fn status(endpoint: &str, status: u16, calls: u32) -> Self {
        Self { endpoint: Some(endpoint.to_owned()), calls: Some(calls), status: Some(status), ..Self::default() }
    }

    /// Whether this call fails.
    fn strikes(&mut self, endpoint: &str) -> bool {
        if self.endpoint.as_deref().is_some_and(|other| other != endpoint) || self.calls == Some(0) {
            return false;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return false;
        }
        self.calls = self.calls.map(|calls| calls - 1);
        true
    }
}

impl Faults {
    /// How the next call of an endpoint fails, if it does.
    pub(crate) fn next_failure(&mut self, endpoint: &str) -> Option<Failure> {
        let failure = self.failures.iter_mut().find_map(|failure| failure.strikes(endpoint).then(|| failure.clone()));
        self.failures.retain(|failure| failure.calls != Some(0));
        failure
    }

    pub(super) fn check(&self) -> Result<(), Refusal> {
        for failure in &self.failures {
            if failure.status.is_some_and(|status| !(400..=599).contains(&status)) || failure.calls == Some(0) {
                return Err(Refusal::new(
                    "a failure can't be",
                    "give `status` from 400 to 599, or none to cut the connection, and `calls` from 1",
                ));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_lets_some_calls_through_and_is_over_after_those_it_was_for() {
        let failure = Failure { skip: 1, ..Failure::status("POST /x", 503, 1) };
        let mut faults = Faults { failures: vec![failure], ..Faults::default() };
        let calls = ["POST /x", "GET /x", "POST /x", "POST /x"];
        let struck = calls.map(|endpoint| faults.next_failure(endpoint).is_some());
        assert_eq!(struck, [false, false, true, false]);
        assert_eq!(faults, Faults::default());
    }
}
