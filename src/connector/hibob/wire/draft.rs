//! The record in the making, and the roster that grows from it.

use std::collections::BTreeMap;
use std::sync::Arc;

use foldhash::HashMap;

use super::cell::{LeftOut, Texts, Wire};
use super::shape::Shape;
use crate::model::{Cell, CellsBuilder, EmployeeId, Record, Roster, Slot, UnreadableRecord, Value};

/// From which place of the employee a cell came; the higher counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::connector) enum Rank {
    Absent,
    Nested,
    Slash,
}

/// One record in the making, and everything read before it.
#[derive(Debug)]
pub(in crate::connector) struct Draft<'s> {
    pub(in crate::connector) shape: &'s Shape,
    cells: Vec<Cell>,
    ranks: Vec<Rank>,
    left_out: Vec<(usize, LeftOut)>,
    /// One for each field, so that those with many different texts do not crowd out the others.
    texts: Vec<Texts>,
    /// The positions of the ids read so far.
    seen: HashMap<Arc<str>, usize>,
    /// Ids of more than one entry, with the position of the first.
    twice: BTreeMap<Arc<str>, usize>,
    position: usize,
    ids: Vec<EmployeeId>,
    rows: CellsBuilder,
    unreadable: Vec<UnreadableRecord>,
}

impl<'s> Draft<'s> {
    pub(in crate::connector) fn new(shape: &'s Shape) -> Self {
        Self {
            shape,
            cells: vec![Cell::NotDelivered; shape.width],
            ranks: vec![Rank::Absent; shape.fields.len()],
            left_out: Vec::new(),
            texts: std::iter::repeat_with(Texts::default).take(shape.fields.len()).collect(),
            seen: HashMap::default(),
            twice: BTreeMap::new(),
            position: 0,
            ids: Vec::new(),
            rows: CellsBuilder::new(shape.width),
            unreadable: Vec::new(),
        }
    }

    /// How many entries were read, be they records or not.
    pub(in crate::connector) fn len(&self) -> usize {
        self.position
    }

    /// Starts the record afresh.
    pub(in crate::connector) fn clear(&mut self) {
        self.cells.fill(Cell::NotDelivered);
        self.ranks.fill(Rank::Absent);
        self.left_out.clear();
    }

    /// Whether the field was already found in a better place.
    pub(in crate::connector) fn outranks(&self, field: usize, rank: Rank) -> bool {
        self.ranks[field] > rank
    }

    /// Puts a field's value into its columns, unless a better one is there. What cannot be used is left out, as if it had
    /// not been delivered.
    pub(in crate::connector) fn put(&mut self, field: usize, rank: Rank, wire: Wire<'_>) {
        if self.outranks(field, rank) {
            return;
        }
        self.ranks[field] = rank;
        let wanted = &self.shape.fields[field];
        for (slot, form) in &wanted.slots {
            self.cells[*slot] = wanted.cell(wire, *form, &mut self.texts[field]).unwrap_or_else(|why| {
                self.left_out.push((field, why));
                Cell::NotDelivered
            });
        }
    }

    /// Adds the record to the roster, or says why it is none.
    pub(in crate::connector) fn keep(&mut self) -> Result<(), &'static str> {
        let id = match &self.cells[Slot::ID.index()] {
            Cell::Value(Value::Text(id)) => Arc::clone(id),
            _ => return Err("has no employee id"),
        };
        if let Some(first) = self.seen.get(&id) {
            self.twice.insert(id, *first);
            return Err("has the employee id of an entry before it; neither is used");
        }
        self.seen.insert(Arc::clone(&id), self.position + 1);
        self.position += 1;
        for (field, why) in self.left_out.drain(..) {
            let field = &self.shape.fields[field].path;
            match why {
                LeftOut::TooLong => {
                    tracing::warn!(record.id = %id, field.path = %field, "value left out: longer than 64 KiB")
                }
                LeftOut::NoSuchItem => {
                    tracing::warn!(record.id = %id, field.path = %field, "value left out: its list has no such item");
                }
            }
        }
        self.ids.push(EmployeeId::new(id));
        self.rows.push(&mut self.cells);
        Ok(())
    }

    /// Notes an entry that is no record.
    pub(in crate::connector) fn reject(&mut self, reason: String) {
        self.position += 1;
        self.unreadable.push(UnreadableRecord { position: self.position, reason });
    }

    /// The roster. Of entries with one employee id none is used: which of them is right cannot be known.
    pub(in crate::connector) fn finish(mut self) -> Roster {
        let rows = self.ids.into_iter().zip(self.rows.finish());
        let mut records: Vec<Record> = rows.map(|(id, cells)| Record { id, cells }).collect();
        if !self.twice.is_empty() {
            records.retain(|record| !self.twice.contains_key(record.id.as_str()));
            let reason = "has the employee id of an entry after it; neither is used";
            let firsts =
                self.twice.values().map(|position| UnreadableRecord { position: *position, reason: reason.to_owned() });
            self.unreadable.extend(firsts);
            self.unreadable.sort_by_key(|entry| entry.position);
        }
        Roster { records, unreadable: self.unreadable, categories: self.shape.categories.clone() }
    }
}
