//! What can go wrong with a call, in words that carry neither secrets nor personal data.

use std::error::Error as _;
use std::io;

use jiff::Timestamp;
use reqwest::{Response, StatusCode, Url};
use serde_json::Value as Json;

use crate::connector::ConnectorError;

/// A call that failed.
#[derive(Debug, Clone)]
pub(in crate::connector) struct Failure {
    pub(super) service: &'static str,
    /// Method and path, without anything of a person.
    pub(super) call: String,
    pub(in crate::connector) problem: Problem,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::connector) enum Problem {
    /// No answer came: where, and why.
    Unreachable { host: String, why: Why },
    /// 401 or 403: the credentials.
    Refused(StatusCode),
    /// 404.
    NotFound,
    /// A success that holds a web page.
    WebPage(StatusCode),
    /// A success that holds neither JSON nor a web page.
    NotJson(StatusCode),
    /// 429, and until when the service wants us to wait.
    TooMany(Option<Timestamp>),
    /// 5xx.
    Server(StatusCode),
    /// Any other answer, with what the service says of it.
    Rejected(StatusCode, Option<String>),
}

impl Problem {
    /// Why no answer came.
    pub(super) fn of_error(error: &reqwest::Error, base: &Url) -> Self {
        let port = base.port().map(|port| format!(":{port}")).unwrap_or_default();
        let host = format!("{}{port}", base.host_str().unwrap_or_default());
        Self::Unreachable { host, why: why(error) }
    }

    /// One word for logs.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => "unreachable",
            Self::Refused(_) => "refused",
            Self::NotFound => "not_found",
            Self::WebPage(_) => "web_page",
            Self::NotJson(_) => "not_json",
            Self::TooMany(_) => "too_many",
            Self::Server(_) => "server",
            Self::Rejected(..) => "rejected",
        }
    }
}

/// Why no answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(in crate::connector) enum Why {
    #[error("nothing listens there")]
    Closed,
    #[error("no connection; is the name right, and the certificate?")]
    NoConnection,
    #[error("the connection was cut")]
    Cut,
    #[error("no answer in time")]
    Late,
}

/// The kind of trouble alone: the error itself holds the whole address, and that may hold an e-mail address.
fn why(error: &reqwest::Error) -> Why {
    let mut cause = error.source();
    while let Some(one) = cause {
        if let Some(error) = one.downcast_ref::<io::Error>() {
            match error.kind() {
                io::ErrorKind::ConnectionRefused => return Why::Closed,
                io::ErrorKind::ConnectionReset | io::ErrorKind::UnexpectedEof => return Why::Cut,
                _ => {}
            }
        }
        cause = one.source();
    }
    match error {
        error if error.is_timeout() => Why::Late,
        error if error.is_connect() => Why::NoConnection,
        _ => Why::Cut,
    }
}

impl From<Failure> for ConnectorError {
    fn from(failure: Failure) -> Self {
        let Failure { service, call, problem } = failure;
        match problem {
            Problem::Unreachable { host, why } => Self::Unavailable {
                message: format!("{service} cannot be reached at {host}: {why}"),
                help: "see whether `base_url` is right and this machine may connect there; then run again".to_owned(),
            },
            Problem::Refused(StatusCode::UNAUTHORIZED) => Self::Credentials {
                message: format!("{service} does not accept the credentials (401 at {call})"),
                help:
                    "see whether id and token are those of the same user, whole and without quotes or spaces; then run \
                       `rollbook check --live`. Nothing was tried again, as repeats lead to a block"
                        .to_owned(),
            },
            Problem::Refused(status) => Self::Credentials {
                message: format!("{service} does not allow this ({} at {call})", status.as_u16()),
                help: "put the service user into a permission group, and see whether access is limited to certain IP \
                       addresses; after many refusals it is also blocked for some minutes. Then run `rollbook check \
                       --live`. Nothing was tried again"
                    .to_owned(),
            },
            Problem::NotFound => Self::Malformed {
                message: format!("{service} knows nothing at {call} (404)"),
                help: "see whether `base_url` is right".to_owned(),
            },
            Problem::WebPage(status) => Self::Malformed {
                message: format!("{service} answered {call} with a web page instead of data ({})", status.as_u16()),
                help: "the path does not exist there, or a proxy stands between: see whether `base_url` is right"
                    .to_owned(),
            },
            Problem::NotJson(status) => Self::Malformed {
                message: format!("{service} answered {call} with something that is no JSON ({})", status.as_u16()),
                help: "see whether `base_url` is right, and whether a proxy stands between".to_owned(),
            },
            Problem::TooMany(until) => {
                let until = until.map(|until| format!(", until {}", until.strftime("%Y-%m-%d %H:%M:%S UTC")));
                Self::Unavailable {
                    message: format!("{service} is called too often ({call}{})", until.unwrap_or_default()),
                    help: "run again later; see what else uses the same service user".to_owned(),
                }
            }
            Problem::Server(status) => Self::Unavailable {
                message: format!("{service} is in trouble ({} at {call}, several times)", status.as_u16()),
                help: "nothing was changed; run again later".to_owned(),
            },
            Problem::Rejected(status, told) => {
                let told = told.map(|told| format!(": {told}")).unwrap_or_default();
                Self::Malformed {
                    message: format!("{service} rejects the call {call} ({}){told}", status.as_u16()),
                    help: "this is most likely a mistake in the program: please report it with this message".to_owned(),
                }
            }
        }
    }
}

/// What the service says of an error: its `key`, `error` or `message` (apis/hibob.md §1.5), shortened, with everything
/// left out that may belong to a person.
pub(super) async fn told(answer: Response) -> Option<String> {
    let body = super::body::whole(answer, 64 << 10).await.ok()?;
    let json: Json = serde_json::from_slice(&body).ok()?;
    let parts = ["key", "error", "message"].into_iter().filter_map(|key| json.get(key)?.as_str());
    let told = parts.map(harmless).collect::<Vec<_>>().join(", ");
    (!told.is_empty()).then_some(told)
}

/// A text of a service without addresses and ids, in at most 200 characters.
fn harmless(text: &str) -> String {
    let word = |word: &str| match word {
        word if word.contains('@') => "(address)".to_owned(),
        word if word.bytes().filter(u8::is_ascii_digit).count() >= 6 => "(number)".to_owned(),
        word => word.chars().filter(|sign| !sign.is_control()).collect(),
    };
    let words: Vec<String> = text.split_whitespace().map(word).collect();
    words.join(" ").chars().take(200).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_service_says_is_shown_without_people_in_it() {
        let said = harmless("no employee ada.koch@example.test (3000000000000000101)\u{1b}[31m");
        assert_eq!(said, "no employee (address) (number)");
        assert_eq!(harmless(&"a ".repeat(500)).len(), 200);
    }
}
