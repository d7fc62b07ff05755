//! Sending an answer: as a stream that is never held whole, and broken off where a fault says so.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::Response;
use futures_util::{StreamExt as _, stream};

use super::layout::Layout;
use crate::sandbox::faults::Ending;
use crate::sandbox::simulation::Simulation;
use crate::sandbox::tenant::person::Person;

/// How much is rendered at a time.
const CHUNK: usize = 64 * 1024;

/// Answers with JSON that is there already.
pub(crate) fn json(simulation: &Simulation, text: String) -> Response {
    let (percent, ending) = share(simulation.next_ending());
    let keep = text.len() * percent / 100;
    let kept = Bytes::from(text).slice(..keep);
    respond(simulation, stream::iter([kept]), ending)
}

/// Answers with employees, each rendered when the client is ready for it (apis/hibob.md §2.1: no pages).
pub(crate) fn employees(simulation: &Simulation, people: Vec<Arc<Person>>, layout: Layout) -> Response {
    let (percent, ending) = share(simulation.next_ending());
    let keep = people.len() * percent / 100;
    let whole = percent == 100;
    respond(simulation, stream::iter(Employees { people, layout, keep, whole, next: 0, done: false }), ending)
}

/// What happens after the part of a body that is sent.
enum After {
    Nothing,
    Close,
}

fn share(ending: Ending) -> (usize, After) {
    match ending {
        Ending::Whole => (100, After::Nothing),
        Ending::Cut(percent) => (usize::from(percent), After::Close),
        Ending::Truncated(percent) => (usize::from(percent), After::Nothing),
    }
}

fn respond(
    simulation: &Simulation,
    sent: impl futures_util::Stream<Item = Bytes> + Send + 'static,
    after: After,
) -> Response {
    let sent = sent.map(Ok::<_, io::Error>);
    let body = match after {
        After::Nothing => Body::from_stream(sent),
        After::Close => Body::from_stream(sent.chain(stream::once(close()))),
    };
    let mut response = Response::new(body);
    let kind = simulation.switches().faults.content_type.as_deref().and_then(|kind| HeaderValue::from_str(kind).ok());
    let kind = kind.unwrap_or(HeaderValue::from_static("application/json;charset=utf-8"));
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

/// Fails the body, upon which the socket is closed; what was written before has been sent by then.
async fn close() -> io::Result<Bytes> {
    tokio::time::sleep(Duration::from_millis(20)).await;
    Err(io::Error::other("cut by a fault"))
}

/// The text of an answer, piece by piece.
struct Employees {
    people: Vec<Arc<Person>>,
    layout: Layout,
    /// How many are written.
    keep: usize,
    /// Whether nothing is cut off.
    whole: bool,
    next: usize,
    done: bool,
}

impl Iterator for Employees {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        if self.done {
            return None;
        }
        let mut text = String::with_capacity(CHUNK + 4096);
        if self.next == 0 {
            text.push_str("{\"employees\":[");
        }
        while text.len() < CHUNK && self.next < self.keep {
            if self.next > 0 {
                text.push(',');
            }
            self.layout.write(&self.people[self.next], &mut text);
            self.next += 1;
        }
        if self.next == self.keep {
            self.done = true;
            self.end(&mut text);
        }
        Some(Bytes::from(text))
    }
}

impl Employees {
    /// The end, or half of the next employee.
    fn end(&self, text: &mut String) {
        if self.whole {
            return text.push_str("]}");
        }
        let mut half = String::from(if self.next > 0 { "," } else { "" });
        if let Some(person) = self.people.get(self.next) {
            self.layout.write(person, &mut half);
        }
        let middle = half.floor_char_boundary(half.len() / 2);
        text.push_str(&half[..middle]);
    }
}
