//! Sending a body, broken off where a fault says so.

use std::io;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_util::{Stream, StreamExt as _, stream};

use super::breakage::Ending;

/// Answers with JSON that is there already, under another content type if one is given.
pub(super) fn text(text: String, ending: Ending, content_type: Option<&str>) -> Response {
    let keep = text.len() * ending.percent() / 100;
    stream(stream::iter([Bytes::from(text).slice(..keep)]), ending, content_type)
}

/// Answers with JSON in pieces, of which no more come than the ending allows.
pub(super) fn stream(
    sent: impl Stream<Item = Bytes> + Send + 'static,
    ending: Ending,
    content_type: Option<&str>,
) -> Response {
    let sent = sent.map(Ok::<_, io::Error>);
    let body = match ending {
        Ending::Whole | Ending::Truncated(_) => Body::from_stream(sent),
        Ending::Cut(_) => Body::from_stream(sent.chain(stream::once(close()))),
    };
    let mut response = Response::new(body);
    let kind = content_type.and_then(|kind| HeaderValue::from_str(kind).ok());
    let kind = kind.unwrap_or(HeaderValue::from_static("application/json;charset=utf-8"));
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// Fails the body, upon which the socket is closed; what was written before has been sent by then.
async fn close() -> io::Result<Bytes> {
    tokio::time::sleep(Duration::from_millis(20)).await;
    Err(io::Error::other("cut by a fault"))
}
