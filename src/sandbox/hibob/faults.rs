//! What goes wrong on the way: delays, broken connections, broken bodies, errors of the server.

use serde::{Deserialize, Serialize};

use crate::sandbox::breakage::{Breakage, Ending, ServerError, spend};
use crate::sandbox::refusal::Refusal;

/// Everything that can go wrong; nothing does by default. Faults hit `/v1` only, never `/sandbox`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Waits so long before each answer.
    pub latency_ms: u64,
    /// Closes the connection in the middle of a body.
    pub cut: Option<Breakage>,
    /// Ends a body early with a well-formed end of HTTP, so that only the JSON is broken.
    pub truncate: Option<Breakage>,
    /// Answers the next calls with an error of the server.
    pub server_error: Option<ServerError>,
    /// Answers the next so many calls with 429, whatever the limit says.
    pub rate_limited: u32,
    /// Sends good answers under another content type, such as `text/html` (apis/hibob.md §0.10).
    pub content_type: Option<String>,
    /// Leaves out people, so that only so many percent of them are answered (§7.2).
    pub shrink_to_percent: Option<u8>,
    /// Leaves out fields for everybody, as if permission were lost (§0.2).
    pub missing_fields: Vec<String>,
}

impl Faults {
    /// How the next body ends.
    pub(crate) fn next_ending(&mut self) -> Ending {
        if let Some(percent) = spend(&mut self.cut) {
            return Ending::Cut(percent);
        }
        spend(&mut self.truncate).map_or(Ending::Whole, Ending::Truncated)
    }

    /// The error that the next call gets.
    pub(crate) fn next_server_error(&mut self) -> Option<u16> {
        let error = self.server_error.as_mut()?;
        let status = error.status;
        error.calls = error.calls.saturating_sub(1);
        if error.calls == 0 {
            self.server_error = None;
        }
        Some(status)
    }

    /// Whether the next call is over the limit.
    pub(crate) fn next_is_limited(&mut self) -> bool {
        let limited = self.rate_limited > 0;
        self.rate_limited = self.rate_limited.saturating_sub(1);
        limited
    }

    pub(super) fn check(&self) -> Result<(), Refusal> {
        let shares = [self.cut.map(|cut| cut.percent), self.truncate.map(|cut| cut.percent), self.shrink_to_percent];
        if shares.into_iter().flatten().any(|percent| percent > 100) {
            return Err(Refusal::new("a share is above 100 percent", "give percent from 0 to 100"));
        }
        match self.server_error {
            Some(error) if !(500..=599).contains(&error.status) || error.calls == 0 => {
                Err(Refusal::new("`server_error` can't be", "give `status` from 500 to 599 and `calls` from 1"))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_for_two_calls_is_over_after_two() {
        let mut faults = Faults {
            cut: Some(Breakage { percent: 60, calls: Some(1) }),
            server_error: Some(ServerError { status: 500, calls: 2 }),
            rate_limited: 1,
            ..Faults::default()
        };
        assert_eq!([faults.next_ending(), faults.next_ending()], [Ending::Cut(60), Ending::Whole]);
        assert_eq!([(); 3].map(|()| faults.next_server_error()), [Some(500), Some(500), None]);
        assert_eq!([(); 2].map(|()| faults.next_is_limited()), [true, false]);
    }
}
