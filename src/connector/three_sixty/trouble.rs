//! What can go wrong with a call to 360Learning, and what it is for a whole run and for one write.

use crate::connector::http::StatusCode;
use crate::connector::http::answer::Answer;
use crate::connector::http::failure::{Failure, Problem};
use crate::connector::{ConnectorError, WriteError};
use crate::model::Whose;

use super::refusal;
use super::wire::RawError;

/// A call that did not give what it should.
#[derive(Debug)]
pub(super) enum Trouble {
    /// It failed.
    Failed(Failure),
    /// 360Learning refused it, with a code if it was one.
    Refused { call: String, status: StatusCode, code: Option<String> },
    /// Its answer is not what was to come.
    Odd { call: String, what: &'static str },
}

impl Trouble {
    /// What an answer that is no success says.
    pub(super) fn of(call: String, answer: &Answer) -> Self {
        let code = answer.json::<RawError>().and_then(|error| error.code().map(str::to_owned));
        Self::Refused { call, status: answer.status, code }
    }

    /// The documented code, if that is what was answered.
    pub(super) fn code(&self) -> Option<&str> {
        match self {
            Self::Refused { code, .. } => code.as_deref(),
            _ => None,
        }
    }

    /// Whether 360Learning was asked for something that is not there.
    pub(super) fn is_not_found(&self) -> bool {
        matches!(self, Self::Refused { status: StatusCode::NOT_FOUND, .. })
    }

    /// Whether it was refused only because the service is in trouble.
    pub(super) fn is_unavailable(&self) -> bool {
        matches!(self, Self::Refused { status: StatusCode::SERVICE_UNAVAILABLE, .. })
    }

    /// Whether it is not known what became of the write.
    pub(super) fn is_unsure(&self) -> bool {
        match self {
            Self::Failed(failure) => matches!(failure.problem, Problem::Unsure | Problem::TooLarge { .. }),
            Self::Odd { .. } => true,
            Self::Refused { .. } => false,
        }
    }
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl From<Trouble> for ConnectorError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Failed(failure) => failure.into(),
            Trouble::Refused { call, status, code } => {
                let code = code.map(|code| format!(", {code}")).unwrap_or_default();
                Self::Malformed {
                    message: format!("360Learning refuses {call} ({}{code})", status.as_u16()),
                    help: "see whether `base_url` is right, and what 360Learning's status page says; then run again"
                        .to_owned(),
                }
            }
            Trouble::Odd { call, what } => Self::Malformed {
                message: format!("the answer of 360Learning to {call} {what}"),
                help: "see whether `base_url` is right and nothing stands between; then run again".to_owned(),
            },
        }
    }
}

/// Why a write was not done.
#[derive(Debug)]
pub(super) enum Stop {
    /// This one is wrong, or did not work.
    One(WriteError),
    /// None will work: the service is gone, or does not accept us.
    All(ConnectorError),
}

impl Stop {
    /// As the trouble of one write: something is done already, or others went well.
    pub(super) fn words(&self) -> WriteError {
        match self {
            Self::One(error) => error.clone(),
            Self::All(error) => {
                let whose = match error {
                    ConnectorError::Credentials { .. } => Whose::Credentials,
                    _ => Whose::Target,
                };
                WriteError { hint: error.help().to_owned(), message: error.to_string(), whose }
            }
        }
    }
}

impl From<WriteError> for Stop {
    fn from(error: WriteError) -> Self {
        Self::One(error)
    }
}

impl From<Trouble> for Stop {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Refused { code: Some(code), .. } => Self::One(refusal::of_code(&code)),
            Trouble::Failed(failure) if !concerns_one(&failure.problem) => Self::All(failure.into()),
            other => Self::One(Self::All(other.into()).words()),
        }
    }
}

/// Whether the next write may well work.
fn concerns_one(problem: &Problem) -> bool {
    matches!(problem, Problem::Unsure | Problem::TooLarge { .. } | Problem::Rejected(..) | Problem::NotFound)
}
