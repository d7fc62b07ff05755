//! From what a test writes down to cells and tables.

use std::fmt::Write as _;
use std::sync::Arc;

use rollbook::model::{Cell, Number, TargetType, Value};

/// A text cell.
pub(super) fn text(text: &str) -> Cell {
    Value::text(text).into()
}

/// `key: value` pairs, apart by commas; a key may stand alone.
pub(super) fn pairs(line: &str) -> impl Iterator<Item = (&str, &str)> {
    let parts = line.split(", ").map(|part| part.trim().trim_end_matches(',')).filter(|part| !part.is_empty());
    parts.map(|part| part.split_once(':').map_or((part, ""), |(key, value)| (key.trim(), value.trim())))
}

/// Nothing is empty, `?` was not delivered.
pub(super) fn cell(written: &str, value: impl Fn(&str) -> Value) -> Cell {
    match written {
        "" => Cell::Empty,
        "?" => Cell::NotDelivered,
        written => Cell::Value(value(written)),
    }
}

pub(super) fn source_value(kind: &str, written: &str) -> Value {
    match kind {
        "date" => Value::Date(written.parse().unwrap()),
        "number" => Value::Number(Number::parse(written).unwrap()),
        "boolean" => Value::YesNo(written == "yes"),
        "employee-reference" => Value::Person(written.into()),
        "multi-list" => list(written),
        _ => Value::Text(written.into()),
    }
}

pub(super) fn list(written: &str) -> Value {
    Value::List(written.split('|').map(Arc::from).collect())
}

pub(super) fn target_value(target_type: TargetType, written: &str) -> Value {
    match target_type {
        TargetType::Text | TargetType::Team | TargetType::TeamKey => Value::Text(written.into()),
        TargetType::Number => Value::Number(Number::parse(written).unwrap()),
        TargetType::YesNo => Value::YesNo(written == "yes"),
        TargetType::Date => Value::Date(written.parse().unwrap()),
        TargetType::Person => Value::Person(written.into()),
        TargetType::List | TargetType::People => list(written),
    }
}

/// A table whose rows may leave out the cells at their end.
pub(super) fn padded(header: &str, rows: &str) -> String {
    let commas = |row: &str| row.split('"').step_by(2).map(|plain| plain.matches(',').count()).sum::<usize>();
    let wanted = commas(header);
    let mut text = header.to_owned();
    for row in rows.lines().filter(|row| !row.trim().is_empty()) {
        write!(text, "\n{row}{}", ",".repeat(wanted.saturating_sub(commas(row)))).unwrap();
    }
    text
}
