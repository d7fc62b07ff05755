//! One person as the stages see them: the record, everybody else's records, and the day.

use jiff::civil::Date;

use crate::model::{Cell, Places, Record};
use crate::stage::field::FieldRef;

/// Every employee of a run, findable by id.
pub struct People<'a> {
    records: &'a [Record],
    places: Places,
    source: &'a str,
}

impl<'a> People<'a> {
    /// Indexes the records once a run; `source` is what people call where they come from.
    #[must_use]
    pub fn new(records: &'a [Record], source: &'a str) -> Self {
        let places = Places::new(records.len(), |at| records[at].id.as_str());
        Self { records, places, source }
    }

    /// What people call the source that they come from.
    #[must_use]
    pub fn source(&self) -> &'a str {
        self.source
    }

    /// The records in the source's order.
    #[must_use]
    pub fn records(&self) -> &'a [Record] {
        self.records
    }

    /// The employee with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&'a Record> {
        self.place(id).map(|at| &self.records[at])
    }

    /// Where among the records that employee stands.
    #[must_use]
    pub fn place(&self, id: &str) -> Option<usize> {
        self.places.find(id, |at| self.records[at].id.as_str())
    }
}

/// One employee, and what deciding about them may look at.
#[derive(Clone, Copy)]
pub struct Person<'a> {
    /// The employee.
    pub record: &'a Record,
    /// Everybody, for references such as `work.manager.email`.
    pub people: &'a People<'a>,
    /// The day it is for this person.
    pub today: Date,
}

impl<'a> Person<'a> {
    /// What the person has in a field. A reference to somebody the source did not deliver leads to "not delivered":
    /// about people we cannot see nothing is known.
    #[must_use]
    pub fn read(&self, field: &FieldRef) -> &'a Cell {
        let mut record = self.record;
        for hop in &field.hops {
            record = match record.cell(*hop) {
                Cell::NotDelivered => return &Cell::NotDelivered,
                Cell::Empty => return &Cell::Empty,
                Cell::Value(value) => match value.as_text().and_then(|id| self.people.get(id)) {
                    Some(other) => other,
                    None => return &Cell::NotDelivered,
                },
            };
        }
        record.cell(field.slot)
    }
}
