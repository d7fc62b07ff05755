//! What HiBob is answered. Anything but 200 is sent again by HiBob for up to three days (apis/hibob.md §5.6), and shown to its
//! administrators: so nothing is refused that will never be right, but for what is not HiBob's.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::body::Unread;
use super::intake::Unsaved;
use super::payload::Malformed;

/// When to try again, in seconds, where there was no room or no database.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("5");

/// What became of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reply {
    /// Saved, and its person is due.
    Taken,
    /// Saved, and nothing follows: not one of the types that count.
    Ignored,
    /// HiBob only wanted to know whether somebody answers.
    Ping,
    /// The signature is missing or wrong.
    Unsigned,
    /// Signed, and no webhook of HiBob.
    Malformed(Malformed),
    /// Larger than allowed.
    TooLarge,
    /// The body did not come in time.
    Slow,
    /// The body did not come to its end.
    Cut,
    /// Too much is waiting.
    Busy,
    /// The database does not take it.
    NoDatabase,
}

impl Reply {
    /// The word in metrics.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::Ignored => "ignored",
            Self::Ping => "ping",
            Self::Unsigned => "unsigned",
            Self::Malformed(_) => "malformed",
            Self::TooLarge => "too_large",
            Self::Slow => "slow",
            Self::Cut => "cut",
            Self::Busy => "busy",
            Self::NoDatabase => "no_database",
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::Taken | Self::Ignored | Self::Ping => StatusCode::OK,
            Self::Unsigned => StatusCode::UNAUTHORIZED,
            Self::Malformed(_) | Self::Cut => StatusCode::BAD_REQUEST,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Slow => StatusCode::REQUEST_TIMEOUT,
            Self::Busy | Self::NoDatabase => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn words(&self) -> String {
        let words = match self {
            Self::Taken | Self::Ignored | Self::Ping => "ok",
            Self::Unsigned => "the signature is missing or wrong",
            Self::Malformed(malformed) => return malformed.to_string(),
            Self::TooLarge => "the body is too large",
            Self::Slow => "the body did not come in time",
            Self::Cut => "the body did not come to its end",
            Self::Busy => "too much is waiting; send it again",
            Self::NoDatabase => "it can't be saved now; send it again",
        };
        words.to_owned()
    }
}

impl From<Unread> for Reply {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::TooLarge => Self::TooLarge,
            Unread::Slow => Self::Slow,
            Unread::Cut => Self::Cut,
            Unread::NoRoom => Self::Busy,
        }
    }
}

impl From<Unsaved> for Reply {
    fn from(unsaved: Unsaved) -> Self {
        match unsaved {
            Unsaved::Full => Self::Busy,
            Unsaved::NoDatabase => Self::NoDatabase,
        }
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let status = self.status();
        let mut response = (status, self.words()).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(header::RETRY_AFTER, RETRY_AFTER);
        }
        response
    }
}
