//! An answer's body: whole where it is small, and else as a reader that holds only a little of it.

use std::io::{self, Read};

use futures_util::TryStreamExt as _;
use reqwest::Response;
use tokio_util::io::{StreamReader, SyncIoBridge};

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
