//! The record in the making, and the roster that grows from it.

use std::sync::Arc;

use foldhash::HashSet;

use super::cell::{Texts, TooLong, Wire};
use super::shape::Shape;
use crate::model::{Cell, EmployeeId, Record, Roster, Slot, UnreadableRecord, Value};

/// From which place of the employee a cell came; the higher counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Absent,
    Nested,
    Slash,
}

/// One record in the making, and everything read before it.
#[derive(Debug)]
pub(super) struct Draft<'s> {
    pub(super) shape: &'s Shape,
    cells: Vec<Cell>,
    ranks: Vec<Rank>,
    too_long: Vec<usize>,
    /// One for each field, so that those with many different texts do not crowd out the others.
    texts: Vec<Texts>,
    seen: HashSet<Arc<str>>,
    position: usize,
    roster: Roster,
}

impl<'s> Draft<'s> {
    pub(super) fn new(shape: &'s Shape) -> Self {
        Self {
            shape,
            cells: vec![Cell::NotDelivered; shape.width],
            ranks: vec![Rank::Absent; shape.fields.len()],
            too_long: Vec::new(),
            texts: std::iter::repeat_with(Texts::default).take(shape.fields.len()).collect(),
            seen: HashSet::default(),
            position: 0,
            roster: Roster::default(),
        }
    }

    /// Starts the record afresh.
    pub(super) fn clear(&mut self) {
        self.cells.fill(Cell::NotDelivered);
        self.ranks.fill(Rank::Absent);
        self.too_long.clear();
    }

    /// Whether the field was already found in a better place.
    pub(super) fn outranks(&self, field: usize, rank: Rank) -> bool {
        self.ranks[field] > rank
    }

    /// Puts a field's value into its columns, unless a better one is there. One that is too long is left out, as if it
    /// had not been delivered: cutting it would write half a text into the target.
    pub(super) fn put(&mut self, field: usize, rank: Rank, wire: Wire<'_>) {
        if self.outranks(field, rank) {
            return;
        }
        self.ranks[field] = rank;
        let wanted = &self.shape.fields[field];
        for (slot, form) in &wanted.slots {
            self.cells[*slot] = wanted.cell(wire, *form, &mut self.texts[field]).unwrap_or_else(|TooLong| {
                self.too_long.push(field);
                Cell::NotDelivered
            });
        }
    }

    /// Adds the record to the roster, or says why it is none.
    pub(super) fn keep(&mut self) -> Result<(), &'static str> {
        let id = match &self.cells[Slot::ID.index()] {
            Cell::Value(Value::Text(id)) => Arc::clone(id),
            _ => return Err("has no employee id"),
        };
        if !self.seen.insert(Arc::clone(&id)) {
            return Err("has the employee id of an entry before it");
        }
        self.position += 1;
        for field in self.too_long.drain(..) {
            let field = &self.shape.fields[field].path;
            tracing::warn!(record.id = %id, field.path = %field, "value left out: longer than 64 KiB");
        }
        let cells = std::mem::replace(&mut self.cells, vec![Cell::NotDelivered; self.shape.width]);
        self.roster.records.push(Record { id: EmployeeId::new(id), cells: cells.into_boxed_slice() });
        Ok(())
    }

    /// Notes an entry that is no record.
    pub(super) fn reject(&mut self, reason: String) {
        self.position += 1;
        self.roster.unreadable.push(UnreadableRecord { position: self.position, reason });
    }

    pub(super) fn finish(self) -> Roster {
        self.roster
    }
}
