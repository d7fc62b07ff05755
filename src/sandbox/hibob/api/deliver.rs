//! Sending people: as a stream that is never held whole, and broken off where a fault says so.

use std::sync::Arc;

use axum::body::Bytes;
use axum::response::Response;
use futures_util::stream;

use super::layout::Layout;
use crate::sandbox::deliver;
use crate::sandbox::hibob::simulation::Simulation;
use crate::sandbox::hibob::tenant::person::Person;

/// How much is rendered at a time.
const CHUNK: usize = 64 * 1024;

/// Answers with JSON that is there already.
pub(crate) fn json(simulation: &Simulation, text: String) -> Response {
    let kind = simulation.switches().faults.content_type;
    deliver::text(text, simulation.next_ending(), kind.as_deref())
}

/// Answers with employees, each rendered when the client is ready for it (apis/hibob.md §2.1: no pages).
pub(crate) fn employees(simulation: &Simulation, people: Vec<Arc<Person>>, layout: Layout) -> Response {
    let ending = simulation.next_ending();
    let percent = ending.percent();
    let keep = people.len() * percent / 100;
    let whole = percent == 100;
    let kind = simulation.switches().faults.content_type;
    let sent = stream::iter(Employees { people, layout, keep, whole, next: 0, done: false });
    deliver::stream(sent, ending, kind.as_deref())
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
