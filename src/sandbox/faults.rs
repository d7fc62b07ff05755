//! What goes wrong on the way to a target, whichever it is: delays, broken connections, refusals and errors of the server
//! for the calls to come.

use serde::{Deserialize, Serialize};

use super::refusal::Refusal;

/// Everything that can go wrong; nothing does by default. Faults hit the target's own paths, never `/sandbox`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Faults {
    /// Waits so long before each answer.
    pub latency_ms: u64,
    /// Answers the next so many calls with 429, whatever the limit says.
    pub rate_limited: u32,
    /// What happens to calls of one endpoint. The first that fits a call hits it.
    pub calls: Vec<CallFault>,
    /// From a write on nothing is answered any more, as if the line were dead.
    pub halt: Option<Halt>,
}

/// What happens to some calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CallFault {
    /// The endpoint as calls are counted by, such as `PUT /v1/users/{id}/deactivate`; every write if left out.
    #[serde(default)]
    pub endpoint: Option<String>,
    /// So many calls go well before.
    #[serde(default)]
    pub after: u32,
    /// Then so many are hit.
    #[serde(default = "CallFault::one")]
    pub calls: u32,
    /// What happens to them.
    pub then: Then,
}

/// What happens to a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// It is answered with an error of this service; nothing is done.
    Refuse {
        /// 400 to 499.
        status: u16,
        /// The code, or the words, as the fact sheet has them.
        code: String,
    },
    /// It is answered with an error of the server.
    Fail {
        /// 500 to 599.
        status: u16,
        /// Whether what it asked for was done all the same.
        #[serde(default)]
        done: bool,
    },
    /// The connection is closed before it is done.
    CutBefore,
    /// It is done, and the connection is closed before the answer.
    CutAfter,
}

/// From when nothing is answered any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Halt {
    /// So many writes are done and answered before.
    pub writes: u32,
    /// Whether the next write is done, and only its answer is lost.
    #[serde(default)]
    pub done: bool,
}

impl CallFault {
    fn one() -> u32 {
        1
    }
}

/// What becomes of a call that comes now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fate {
    Fine,
    Limited,
    Hit(Then),
    /// Never answered.
    Halted {
        done: bool,
    },
}

impl Faults {
    /// What becomes of the next call.
    pub(crate) fn next(&mut self, endpoint: &str, is_write: bool) -> Fate {
        if is_write && let Some(halt) = &mut self.halt {
            if halt.writes == 0 {
                let done = std::mem::take(&mut halt.done);
                return Fate::Halted { done };
            }
            halt.writes -= 1;
        }
        if self.rate_limited > 0 {
            self.rate_limited -= 1;
            return Fate::Limited;
        }
        let fits = |fault: &CallFault| fault.endpoint.as_deref().map_or(is_write, |wanted| wanted == endpoint);
        let Some(at) = self.calls.iter().position(fits) else { return Fate::Fine };
        let fault = &mut self.calls[at];
        if fault.after > 0 {
            fault.after -= 1;
            return Fate::Fine;
        }
        let then = fault.then.clone();
        fault.calls = fault.calls.saturating_sub(1);
        if fault.calls == 0 {
            self.calls.remove(at);
        }
        Fate::Hit(then)
    }

    pub(crate) fn check(&self) -> Result<(), Refusal> {
        for fault in &self.calls {
            let (fits, range) = match fault.then {
                Then::Refuse { status, .. } => ((400..=499).contains(&status), "from 400 to 499"),
                Then::Fail { status, .. } => ((500..=599).contains(&status), "from 500 to 599"),
                Then::CutBefore | Then::CutAfter => (true, ""),
            };
            if !fits {
                return Err(Refusal::new("a fault's status can't be", format!("give a status {range}")));
            }
            if fault.calls == 0 {
                return Err(Refusal::new("a fault hits no call", "give `calls` from 1"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CREATE: &str = "POST /users";

    #[test]
    fn a_fault_of_an_endpoint_lets_some_calls_pass_hits_some_and_is_over() {
        let fault = CallFault { endpoint: Some(CREATE.to_owned()), after: 1, calls: 2, then: Then::CutAfter };
        let mut faults = Faults { calls: vec![fault], ..Faults::default() };
        assert_eq!(faults.next("DELETE /users/{id}", true), Fate::Fine);
        let fates = [(); 4].map(|()| faults.next(CREATE, true));
        assert_eq!(fates, [Fate::Fine, Fate::Hit(Then::CutAfter), Fate::Hit(Then::CutAfter), Fate::Fine]);
    }

    #[test]
    fn after_a_halt_only_the_first_write_is_done() {
        let mut faults = Faults { halt: Some(Halt { writes: 1, done: true }), ..Faults::default() };
        let fates = [(); 3].map(|()| faults.next(CREATE, true));
        assert_eq!(fates, [Fate::Fine, Fate::Halted { done: true }, Fate::Halted { done: false }]);
        assert_eq!(faults.next("GET /users", false), Fate::Fine);
    }
}
