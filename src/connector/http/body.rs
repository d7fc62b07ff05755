//! Bodies: those that are sent, as JSON or as a form, and an answer's, whole where it is small, and else as a reader that
//! holds only a little of it.

use std::io::{self, Cursor, Read};

use reqwest::{Response, Url};
use secrecy::SecretString;
use tokio::sync::mpsc;

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

/// Pieces of a body that have come and were not read yet, at the most.
const AHEAD: usize = 4;

/// A body on its way to a thread that may wait.
enum Part<B> {
    Chunk(B),
    End,
    Cut(io::Error),
}

struct Chunks<B> {
    parts: mpsc::Receiver<Part<B>>,
    chunk: Option<Cursor<B>>,
    ended: bool,
}

/// The body as it comes, for a thread that may wait. To be called inside the runtime; the reader is for outside of it, and
/// ends with an error when the runtime does: the thread may be the last that is left of a run that failed elsewhere.
pub(in crate::connector) fn reader(mut answer: Response) -> impl Read + Send + 'static {
    let (sender, parts) = mpsc::channel(AHEAD);
    tokio::spawn(async move {
        loop {
            let part = match answer.chunk().await {
                Ok(Some(chunk)) => Part::Chunk(chunk),
                Ok(None) => Part::End,
                Err(error) => Part::Cut(cut(error)),
            };
            let is_last = !matches!(part, Part::Chunk(_));
            if sender.send(part).await.is_err() || is_last {
                return;
            }
        }
    });
    Chunks { parts, chunk: None, ended: false }
}

impl<B: AsRef<[u8]>> Read for Chunks<B> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.chunk.as_mut().map_or(Ok(0), |chunk| chunk.read(buffer))?;
            if read > 0 || buffer.is_empty() || self.ended {
                return Ok(read);
            }
            self.chunk = None;
            match self.parts.blocking_recv() {
                Some(Part::Chunk(chunk)) => self.chunk = Some(Cursor::new(chunk)),
                Some(Part::End) => self.ended = true,
                Some(Part::Cut(error)) => return Err(error),
                None => return Err(io::Error::new(io::ErrorKind::ConnectionReset, "nobody reads the answer any more")),
            }
        }
    }
}

fn cut(error: reqwest::Error) -> io::Error {
    let kind = if error.is_timeout() { io::ErrorKind::TimedOut } else { io::ErrorKind::ConnectionReset };
    io::Error::new(kind, "the answer was cut off")
}
