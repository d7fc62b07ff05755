//! From when and until when a person has access, and how accounts begin and end.

use jiff::Span;
use jiff::civil::Date;

use crate::model::{Access, Cell, Reason};
use crate::stage::date_expression::as_day;
use crate::stage::field::Field;
use crate::stage::next_day::Turn;
use crate::stage::person::Person;

/// The section `provisioning:`, compiled.
#[derive(Debug)]
pub struct Provisioning {
    /// `create`: how a new user gets access.
    pub create: Access,
    /// `start`: from when.
    pub start: Start,
    /// `end_date`: until when, that day included.
    pub end: Option<(Field, Reason)>,
    /// `reactivate`: whether an inactive user gets access again.
    pub reactivate: (bool, Reason),
    /// `out_of_scope`: what happens to the user of somebody whom the filter leaves out.
    pub out_of_scope: (Departure, Reason),
    /// `missing`: what happens to the user of somebody who is gone from the source.
    pub missing: (Departure, Reason),
}

/// From when a new or returning person has access.
#[derive(Debug)]
pub enum Start {
    /// As soon as the source has them.
    WhenAdded,
    /// From a day on.
    On(Field, Reason),
}

/// What happens to a linked user whose employee no longer takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Departure {
    /// Nothing.
    Leave,
    /// Access ends.
    Deactivate,
}

/// Whether a person's time has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begin {
    /// It has.
    Now,
    /// It comes on a day.
    Later(Date, Reason),
    /// The start date is empty.
    NoDate(Reason),
    /// The start date was not delivered, or is no date.
    Unknown(Reason),
}

/// Whether a person's time is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum End {
    /// Nobody knows of an end.
    NotYet,
    /// It ends after this day.
    After(Date, Reason),
    /// It ended after this day.
    Over(Date, Reason),
    /// The end date was not delivered, or is no date.
    Unknown(Reason),
}

impl Provisioning {
    /// The first day of access and the day after its last.
    pub fn turns(&self) -> impl Iterator<Item = Turn> {
        let start = match &self.start {
            Start::On(field, _) => Some(field),
            Start::WhenAdded => None,
        };
        let end = self.end.iter().map(|(field, _)| field);
        start.into_iter().chain(end).map(|field| Turn::at(&field.at, Span::new()))
    }

    /// Whether the start date has come.
    #[must_use]
    pub fn begin(&self, person: &Person<'_>) -> Begin {
        let Start::On(field, reason) = &self.start else { return Begin::Now };
        match person.read(&field.at) {
            Cell::NotDelivered => Begin::Unknown(reason.clone()),
            Cell::Empty => Begin::NoDate(reason.clone()),
            Cell::Value(value) => match as_day(value) {
                None => Begin::Unknown(reason.clone()),
                Some(day) if day > person.today => Begin::Later(day, reason.clone()),
                Some(_) => Begin::Now,
            },
        }
    }

    /// Whether the end date has passed. People still have access on the day itself (apis/hibob.md §4.1).
    #[must_use]
    pub fn end(&self, person: &Person<'_>) -> End {
        let Some((field, reason)) = &self.end else { return End::NotYet };
        match person.read(&field.at) {
            Cell::NotDelivered => End::Unknown(reason.clone()),
            Cell::Empty => End::NotYet,
            Cell::Value(value) => match as_day(value) {
                None => End::Unknown(reason.clone()),
                Some(day) if day < person.today => End::Over(day, reason.clone()),
                Some(day) => End::After(day, reason.clone()),
            },
        }
    }
}
