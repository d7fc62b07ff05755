//! What a field can hold, and the three states it can be in.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// One field of one person: a value, known to be empty, or not delivered at all.
///
/// The third state matters most: HiBob leaves a field out without a word when the service user may not
/// view it (apis/hibob.md §0.2), and a field that was left out must never clear or change anything.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cell {
    /// The source said nothing about this field.
    #[default]
    NotDelivered,
    /// The source said that there is no value.
    Empty,
    /// The source gave a value.
    Value(Value),
}

impl Cell {
    /// The value, if there is one.
    #[must_use]
    pub fn value(&self) -> Option<&Value> {
        match self {
            Self::Value(value) => Some(value),
            Self::Empty | Self::NotDelivered => None,
        }
    }

    /// Whether the source said anything about this field.
    #[must_use]
    pub fn is_delivered(&self) -> bool {
        !matches!(self, Self::NotDelivered)
    }
}

impl From<Option<Value>> for Cell {
    fn from(value: Option<Value>) -> Self {
        value.map_or(Self::Empty, Self::Value)
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotDelivered => f.write_str("(not delivered)"),
            Self::Empty => f.write_str("(empty)"),
            Self::Value(value) => value.fmt(f),
        }
    }
}

/// A value with its type. Small (24 bytes) and cheap to clone: a roster holds millions of them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Any text; never empty (an empty text is [`Cell::Empty`]).
    Text(Arc<str>),
    /// A whole or decimal number.
    Number(Number),
    /// Yes or no.
    YesNo(bool),
    /// A calendar day.
    Date(Date),
    /// A day and a time without a zone, as HiBob gives them (apis/hibob.md §2.4).
    DateTime(DateTime),
    /// Several texts, in the source's order; never empty.
    List(Arc<[Arc<str>]>),
    /// A reference to an employee, by employee id.
    Person(Arc<str>),
}

impl Value {
    /// Text, or nothing where there are only spaces.
    #[must_use]
    pub fn text(text: &str) -> Option<Self> {
        (!text.trim().is_empty()).then(|| Self::Text(text.into()))
    }

    /// The text of a text or person value, without an allocation.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Person(text) => Some(text),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) | Self::Person(text) => f.write_str(text),
            Self::Number(number) => number.fmt(f),
            Self::YesNo(true) => f.write_str("yes"),
            Self::YesNo(false) => f.write_str("no"),
            Self::Date(date) => date.fmt(f),
            Self::DateTime(date_time) => date_time.fmt(f),
            Self::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    f.write_str(item)?;
                }
                Ok(())
            }
        }
    }
}

/// A number with a total order: whole where it can be, so that `7` and `7.0` are one value.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Number {
    /// A whole number.
    Whole(i64),
    /// Anything else; always finite.
    Decimal(f64),
}

impl Number {
    /// The largest whole number that a 64-bit float holds exactly.
    const EXACT: f64 = 9_007_199_254_740_992.0;

    /// A number from a float; `None` for infinities and not-a-number.
    #[must_use]
    pub fn from_f64(number: f64) -> Option<Self> {
        if !number.is_finite() {
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "the bound makes the conversion exact")]
        if number.fract() == 0.0 && number.abs() <= Self::EXACT {
            return Some(Self::Whole(number as i64));
        }
        Some(Self::Decimal(number))
    }

    /// A number from text such as `12`, `-3.5`; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Ok(whole) = text.parse::<i64>() {
            return Some(Self::Whole(whole));
        }
        let plain = text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'));
        if plain { text.parse::<f64>().ok().and_then(Self::from_f64) } else { None }
    }

    /// The number as a float.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "used for comparing and for scripts only")]
    pub fn as_f64(self) -> f64 {
        match self {
            Self::Whole(whole) => whole as f64,
            Self::Decimal(decimal) => decimal,
        }
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Number {}

impl std::hash::Hash for Number {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.as_f64().to_bits().hash(state);
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => a.cmp(b),
            _ => self.as_f64().total_cmp(&other.as_f64()),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(whole) => whole.fmt(f),
            Self::Decimal(decimal) => decimal.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_stays_small_because_a_roster_holds_millions() {
        assert_eq!(std::mem::size_of::<Cell>(), 24);
    }

    #[test]
    fn a_whole_decimal_and_a_whole_number_are_one_value() {
        assert_eq!(Number::parse("7.0"), Some(Number::Whole(7)));
        assert_eq!(Number::parse("7.5").map(|n| n.to_string()), Some("7.5".to_owned()));
        assert_eq!(Number::parse("nan"), None);
        assert_eq!(Number::parse("1e999"), None);
    }
}
