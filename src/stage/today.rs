//! Which day it is for a person: in the recipe's time zone, or in that of the person's site.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use crate::model::Cell;
use crate::stage::field::Field;
use crate::stage::person::Person;

/// The recipe's `timezone`.
#[derive(Debug)]
pub struct Zones {
    /// For everybody, or where the table knows nothing.
    pub default: TimeZone,
    /// Per person: the field, and its values (folded) with their zones.
    pub by_field: Option<(Field, HashMap<String, TimeZone>)>,
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
    by_value: HashMap<String, Date>,
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
        let zones = self.by_field.iter().flat_map(|(_, zones)| zones);
        Days { default: day(&self.default), by_value: zones.map(|(value, zone)| (value.clone(), day(zone))).collect() }
    }

    /// The day it is for one person. Where it is not known which zone is theirs, it is the earliest of them all: nobody
    /// leaves, or begins, before their time.
    #[must_use]
    pub fn today(&self, days: &Days, person: &Person<'_>) -> Date {
        let Some((field, _)) = &self.by_field else { return days.default };
        match person.read(&field.at) {
            Cell::Value(value) => {
                let key = value.as_text().map_or_else(|| value.to_string(), str::to_owned).trim().to_lowercase();
                days.by_value.get(&key).copied().unwrap_or(days.default)
            }
            Cell::Empty => days.default,
            Cell::NotDelivered => days.by_value.values().copied().fold(days.default, Date::min),
        }
    }
}

impl Days {
    /// The days as text in a fixed order, for the fingerprint of a plan.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let sorted: BTreeMap<&String, &Date> = self.by_value.iter().collect();
        format!("{} {sorted:?}", self.default)
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
