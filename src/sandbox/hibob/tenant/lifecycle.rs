//! The rows of a person's lifecycle, and which of them counts on a day (apis/hibob.md §4.1).

use jiff::civil::Date;
use serde_json::{Value as Json, json};

use super::catalogue::{Catalogue, field};
use super::person::Person;

/// One dated row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// The date that HiBob shows with it.
    pub(crate) effective: Date,
    /// The machine id of the status.
    pub(crate) status: String,
    /// Whether the person has access to Bob meanwhile: `internal.status`.
    pub(crate) active: bool,
}

impl Row {
    pub(crate) fn new(effective: Date, status: &str, active: bool) -> Self {
        Self { effective, status: status.to_owned(), active }
    }

    /// The first day on which it counts. Who leaves still works on the day of the row: it ends access at the midnight
    /// after it (§4.1).
    pub(crate) fn begins(&self) -> Date {
        match self.status.as_str() {
            "terminated" | "garden leave" => self.effective.tomorrow().unwrap_or(self.effective),
            _ => self.effective,
        }
    }
}

/// The fields that a lifecycle is read from and written to, by number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct LifecycleFields {
    lifecycle: Option<usize>,
    status: Option<usize>,
    start: Option<usize>,
    termination: Option<usize>,
    last_day: Option<usize>,
}

impl LifecycleFields {
    pub(crate) fn of(catalogue: &Catalogue) -> Self {
        Self {
            lifecycle: catalogue.number(field::LIFECYCLE),
            status: catalogue.number(field::STATUS),
            start: catalogue.number(field::START_DATE),
            termination: catalogue.number(field::TERMINATION),
            last_day: catalogue.number(field::LAST_DAY),
        }
    }

    /// A person's rows in order: those that were kept, or those that the fields tell of.
    pub(crate) fn rows(self, person: &Person, garden_leave_active: bool) -> Vec<Row> {
        if let Some(rows) = person.rows() {
            return rows.to_vec();
        }
        let (start, end) = (date(person, self.start), date(person, self.termination));
        let current = text(person, self.lifecycle).unwrap_or_else(|| "employed".to_owned());
        let active = text(person, self.status).is_none_or(|status| status == "Active");
        let mut rows = Vec::new();
        if current == "hired" {
            let hired = start.and_then(|start| start.yesterday().ok()).unwrap_or(Date::MIN);
            rows.push(Row::new(hired, "hired", false));
        }
        rows.extend(start.map(|start| Row::new(start, "employed", true)));
        if !["hired", "employed", "terminated", "garden leave"].contains(&current.as_str()) {
            rows.push(Row::new(start.unwrap_or(Date::MIN), &current, active));
        }
        let last_day = date(person, self.last_day).filter(|last| end.is_none_or(|end| *last < end));
        rows.extend(last_day.map(|last| Row::new(last, "garden leave", garden_leave_active)));
        rows.extend(end.map(|end| Row::new(end, "terminated", false)));
        rows
    }

    /// Whether the fields promise a row after a day: cheap, for everybody.
    pub(crate) fn may_change_after(self, person: &Person, day: Date) -> bool {
        let dates = [self.start, self.termination, self.last_day];
        person.rows().is_some() || dates.iter().any(|field| date(person, *field).is_some_and(|date| date >= day))
    }

    /// What a row that begins to count changes.
    pub(crate) fn taking_effect(self, row: &Row) -> Vec<(usize, Json)> {
        let status = if row.active { "Active" } else { "Inactive" };
        let changes = [(self.lifecycle, json!(row.status)), (self.status, json!(status))];
        changes.into_iter().filter_map(|(field, value)| Some((field?, value))).collect()
    }
}

/// The row that counts on a day: of those that have begun, the last.
pub(crate) fn on(rows: &[Row], day: Date) -> Option<usize> {
    rows.iter()
        .enumerate()
        .filter(|(_, row)| row.begins() <= day)
        .max_by_key(|(at, row)| (row.begins(), *at))
        .map(|(at, _)| at)
}

fn text(person: &Person, field: Option<usize>) -> Option<String> {
    field.and_then(|field| person.text(field))
}

fn date(person: &Person, field: Option<usize>) -> Option<Date> {
    let raw = person.raw(field?)?;
    raw.trim_matches('"').parse().ok()
}
