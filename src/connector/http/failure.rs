//! What can go wrong with a call, in words that carry neither secrets nor personal data.

use std::error::Error as _;
use std::io;

use jiff::Timestamp;
use reqwest::header::CONTENT_TYPE;
use reqwest::{Response, StatusCode, Url};
use serde_json::Value as Json;

use super::call::Effect;
use super::patience;
use crate::connector::ConnectorError;

/// A service, and what to do where it refuses, in the words of its own screens.
#[derive(Debug)]
pub(in crate::connector) struct Service {
    /// What people call it.
    pub(in crate::connector) title: &'static str,
    /// What calls it: "service user", "API key".
    pub(in crate::connector) caller: &'static str,
    /// What to do where the credentials are not accepted (401).
    pub(in crate::connector) unknown: &'static str,
    /// What to do where they do not allow the call (403).
    pub(in crate::connector) forbidden: &'static str,
}

/// A call that failed.
#[derive(Debug, Clone)]
pub(in crate::connector) struct Failure {
    pub(super) service: &'static Service,
    /// Method and path, without anything of a person.
    pub(in crate::connector) call: String,
    pub(super) effect: Effect,
    pub(in crate::connector) problem: Problem,
}

impl Failure {
    /// Whether the call may have been done all the same, and doing it again might do something twice.
    pub(super) fn may_be_done(&self) -> bool {
        let was_taken = match self.problem {
            Problem::Unreachable { why, .. } => !why.before_it_was_sent(),
            Problem::Server(_) => true,
            _ => false,
        };
        was_taken && self.effect == Effect::Write
    }

    /// The failure as the caller has to see it.
    pub(super) fn settled(self) -> Self {
        if self.may_be_done() { Self { problem: Problem::Unsure, ..self } } else { self }
    }
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
    /// More than so many bytes.
    TooLarge { most: usize },
    /// The answer to the call for a token holds none.
    NoToken,
    /// A write broke off, or the service was in trouble: it may have been done.
    Unsure,
}

impl Problem {
    /// Why no answer came.
    pub(super) fn of_error(error: &reqwest::Error, base: &Url) -> Self {
        Self::unreachable(base, why(error))
    }

    pub(super) fn unreachable(base: &Url, why: Why) -> Self {
        let port = base.port().map(|port| format!(":{port}")).unwrap_or_default();
        let host = format!("{}{port}", base.host_str().unwrap_or_default());
        Self::Unreachable { host, why }
    }

    /// What is wrong with an answer by its status and headers; nothing with a success that holds JSON.
    pub(super) fn of_answer(answer: &Response, now: Timestamp) -> Option<Self> {
        let status = answer.status();
        let kind = answer.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        Some(match status {
            status if status.is_success() && is_json(kind) => return None,
            // A wrong path answers 200 with a page (apis/hibob.md §0.10).
            status if status.is_success() && is_page(kind) => Self::WebPage(status),
            status if status.is_success() => Self::NotJson(status),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Self::Refused(status),
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::TOO_MANY_REQUESTS => Self::TooMany(patience::asked_wait(answer.headers(), now)),
            status if status.is_server_error() => Self::Server(status),
            status => Self::Rejected(status, None),
        })
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
            Self::TooLarge { .. } => "too_large",
            Self::NoToken => "no_token",
            Self::Unsure => "unsure",
        }
    }
}

fn is_json(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

fn is_page(content_type: &str) -> bool {
    content_type.trim_start().to_ascii_lowercase().starts_with("text/html")
}

/// Why no answer came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(in crate::connector) enum Why {
    #[error("nothing listens there")]
    Closed,
    #[error("no connection; is the name right, and the certificate?")]
    NoConnection,
    #[error("no connection in time")]
    Unheard,
    #[error("the connection was cut")]
    Cut,
    #[error("no answer in time")]
    Late,
}

impl Why {
    /// Whether the call never left this machine.
    pub(super) fn before_it_was_sent(self) -> bool {
        matches!(self, Self::Closed | Self::NoConnection | Self::Unheard)
    }
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
        error if error.is_timeout() && error.is_connect() => Why::Unheard,
        error if error.is_timeout() => Why::Late,
        error if error.is_connect() => Why::NoConnection,
        _ => Why::Cut,
    }
}

impl From<Failure> for ConnectorError {
    fn from(failure: Failure) -> Self {
        let Failure { service: &Service { title: service, caller, unknown, forbidden }, call, effect, problem } =
            failure;
        match problem {
            Problem::Unreachable { host, why } => Self::Unavailable {
                message: format!("{service} cannot be reached at {host}: {why}"),
                help: "see whether `base_url` is right and this machine may connect there; then run again".to_owned(),
            },
            Problem::Refused(StatusCode::UNAUTHORIZED) => Self::Credentials {
                message: format!("{service} does not accept the credentials (401 at {call})"),
                help: unknown.to_owned(),
            },
            Problem::Refused(status) => Self::Credentials {
                message: format!("{service} does not allow this ({} at {call})", status.as_u16()),
                help: forbidden.to_owned(),
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
                    help: format!("run again later; see what else uses the same {caller}"),
                }
            }
            Problem::Server(status) => Self::Unavailable {
                message: format!("{service} is in trouble ({} at {call}, several times)", status.as_u16()),
                help: match effect {
                    Effect::Read => "nothing was changed; run again later",
                    _ => "run again later: the next run sees what is still to be done",
                }
                .to_owned(),
            },
            Problem::Rejected(status, told) => {
                let told = told.map(|told| format!(": {told}")).unwrap_or_default();
                Self::Malformed {
                    message: format!("{service} rejects the call {call} ({}){told}", status.as_u16()),
                    help: "this is most likely a mistake in the program: please report it with this message".to_owned(),
                }
            }
            Problem::TooLarge { most } => Self::Malformed {
                message: format!("{service} answered {call} with more than {} KiB", most >> 10),
                help: "this is far more than its largest; see whether `base_url` is right".to_owned(),
            },
            Problem::NoToken => Self::Malformed {
                message: format!("{service} answered {call} without a token"),
                help: "see whether `base_url` is right, and whether a proxy stands between".to_owned(),
            },
            Problem::Unsure => Self::Unavailable {
                message: format!("{call} of {service} broke off, and it is not known whether it was done"),
                help: "run again: the next run looks at what is there, and does what is missing".to_owned(),
            },
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
pub(in crate::connector) fn harmless(text: &str) -> String {
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
    fn only_json_is_json() {
        assert!(
            is_json("application/json; charset=utf-8") && is_json("application/scim+json") && !is_json("text/html")
        );
    }

    #[test]
    fn what_a_service_says_is_shown_without_people_in_it() {
        let said = harmless("no employee ada.koch@example.test (3000000000000000101)\u{1b}[31m");
        assert_eq!(said, "no employee (address) (number)");
        assert_eq!(harmless(&"a ".repeat(500)).len(), 200);
    }
}
