//! Bodies: those that are sent, as JSON or as a form, and an answer's, whole where it is small, and else as a reader that
//! holds only a little of it.

use std::io::{self, Read};

use futures_util::TryStreamExt as _;
use reqwest::{Response, Url};
use secrecy::SecretString;
use tokio_util::io::{StreamReader, SyncIoBridge};

/// How a body that is sent is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::connector) enum Form {
    Json,
    /// `application/x-www-form-urlencoded`.
    Urlencoded,
    /// The same in the address of a `GET`, without a body (apis/leapsome.md §6).
    Query,
}

impl Form {
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Urlencoded | Self::Query => "application/x-www-form-urlencoded",
        }
    }
}

/// Keys with their values as a form, which may hold secrets.
pub(in crate::connector) fn urlencoded<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> SecretString {
    let mut url = Url::parse("form://").expect("an address with nothing in it");
    url.query_pairs_mut().extend_pairs(pairs);
    url.query().unwrap_or_default().into()
}

/// The whole body.
///
/// # Errors
/// When the connection is cut, or it is larger than `most` bytes.
pub(in crate::connector) async fn whole(mut answer: Response, most: usize) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(cut)? {
        if body.len() + chunk.len() > most {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "the answer is too large"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The body as it comes, for a thread that may wait. To be called inside the runtime; the reader is for outside of it.
pub(in crate::connector) fn reader(answer: Response) -> impl Read + Send + 'static {
    SyncIoBridge::new(StreamReader::new(Box::pin(answer.bytes_stream().map_err(cut))))
}

fn cut(error: reqwest::Error) -> io::Error {
    let kind = if error.is_timeout() { io::ErrorKind::TimedOut } else { io::ErrorKind::ConnectionReset };
    io::Error::new(kind, "the answer was cut off")
}
