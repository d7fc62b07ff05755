//! Which day it is for a person: in the recipe's time zone, or in that of the person's site.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::model::{Cell, Value};
use crate::stage::field::Field;
use crate::stage::person::Person;
use crate::table::{Found, ValueTables};

/// The recipe's `timezone`.
#[derive(Debug)]
pub struct Zones {
    /// For everybody, or where the table knows nothing.
    pub default: TimeZone,
    /// Per person, by a value table.
    pub by_field: Option<ZonesByField>,
}

/// The zones that a value table gives for a field's values.
#[derive(Debug)]
pub struct ZonesByField {
    /// The field that is looked up.
    pub field: Field,
    /// All value tables, and the name of the one that knows the zones.
    pub tables: Arc<ValueTables>,
    /// Its name.
    pub table: Arc<str>,
    /// One zone per row of the table, where the row has one.
    pub rows: Vec<Option<TimeZone>>,
}

impl ZonesByField {
    /// The row that answers for a value, found as every lookup finds it: `*` and `exact` count.
    fn row(&self, value: &Value) -> Option<usize> {
        let table = self.tables.get(&self.table)?;
        let found = match value.as_text() {
            Some(text) => table.get(text, None),
            None => table.get(&value.to_string(), None),
        };
        match found {
            Found::Row { row, .. } | Found::Star { row, .. } => Some(row),
            Found::Missing => None,
        }
    }
}

/// The moment of a run, or a day to rehearse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Now {
    /// The clock's.
    At(Timestamp),
    /// This day for everybody, wherever they are (`--today`).
    Day(Date),
}

/// The day in each of a recipe's zones, computed once a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Days {
    /// In the recipe's own zone.
    pub default: Date,
    /// One day per row of the table that knows the zones, where the row has a zone.
    by_row: Vec<Option<Date>>,
}

impl Zones {
    /// One zone for everybody.
    #[must_use]
    pub fn one(zone: TimeZone) -> Self {
        Self { default: zone, by_field: None }
    }

    /// The days it is now.
    #[must_use]
    pub fn days(&self, now: Now) -> Days {
        let day = |zone: &TimeZone| match now {
            Now::Day(day) => day,
            Now::At(moment) => Zoned::new(moment, zone.clone()).date(),
        };
        let rows = self.by_field.iter().flat_map(|by_field| &by_field.rows);
        Days { default: day(&self.default), by_row: rows.map(|zone| zone.as_ref().map(day)).collect() }
    }

    /// The day it is for one person. Where it is not known which zone is theirs, it is the earliest of them all: nobody
    /// leaves, or begins, before their time.
    #[must_use]
    pub fn today(&self, days: &Days, person: &Person<'_>) -> Date {
        let Some(by_field) = &self.by_field else { return days.default };
        match person.read(&by_field.field.at) {
            Cell::Value(value) => {
                let day = by_field.row(value).and_then(|row| days.by_row.get(row).copied().flatten());
                day.unwrap_or(days.default)
            }
            Cell::Empty => days.default,
            Cell::NotDelivered => days.by_row.iter().flatten().copied().fold(days.default, Date::min),
        }
    }
}

impl Zones {
    /// The zone that a person is in; the recipe's own where it is not known.
    #[must_use]
    pub fn zone(&self, person: &Person<'_>) -> &TimeZone {
        let by_field = self.by_field.as_ref();
        let zone = by_field.and_then(|by_field| {
            let row = by_field.row(person.read(&by_field.field.at).value()?)?;
            by_field.rows.get(row)?.as_ref()
        });
        zone.unwrap_or(&self.default)
    }
}

impl Days {
    /// The days as text in a fixed order, for the fingerprint of a plan.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        format!("{} {:?}", self.default, self.by_row)
    }
}

/// A time zone by its IANA name.
#[must_use]
pub fn zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name.trim()).ok()
}

/// The zone names, for "did you mean".
#[must_use]
pub fn zone_names() -> Vec<Arc<str>> {
    jiff::tz::db().available().map(|name| Arc::from(name.as_str())).collect()
}
