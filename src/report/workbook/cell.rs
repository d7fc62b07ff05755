//! What stands in one cell, with its type: a date is a date and a number a number; ids are texts, whatever they look like.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::{Date, DateTime};

use crate::model::{Number, Value};

/// A cell of a workbook.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    /// Nothing.
    Empty,
    /// Text, whatever it looks like.
    Text(String),
    /// Text that many cells share.
    Shared(Arc<str>),
    /// A number that a spreadsheet holds to its last digit.
    Number(f64),
    /// Yes or no.
    YesNo(bool),
    /// A day that a spreadsheet knows.
    Date(Date),
    /// A day and time that a spreadsheet knows.
    DateTime(DateTime),
}

/// The most that a cell can hold, in UTF-16 units.
pub(super) const LONGEST: usize = 32_767;

/// Whole numbers of more digits than this are changed by spreadsheets: they keep fifteen.
const EXACT: i64 = 999_999_999_999_999;

impl Cell {
    /// A count.
    pub(super) fn count(count: usize) -> Self {
        i64::try_from(count).map_or_else(|_| Self::Text(count.to_string()), |count| Number::Whole(count).into())
    }

    /// Text, or nothing.
    pub(super) fn optional(text: Option<impl Into<Self>>) -> Self {
        text.map_or(Self::Empty, Into::into)
    }
}

impl From<&Value> for Cell {
    fn from(value: &Value) -> Self {
        match value {
            Value::Text(text) | Value::Person(text) => Self::Shared(Arc::clone(text)),
            Value::Number(number) => (*number).into(),
            Value::YesNo(yes) => Self::YesNo(*yes),
            Value::Date(date) if is_known(*date) => Self::Date(*date),
            Value::DateTime(at) if is_known(at.date()) => Self::DateTime(*at),
            Value::Date(_) | Value::DateTime(_) | Value::List(_) => Self::Text(value.to_string()),
        }
    }
}

impl From<Number> for Cell {
    fn from(number: Number) -> Self {
        match number {
            Number::Whole(whole) if !(-EXACT..=EXACT).contains(&whole) => Self::Text(number.to_string()),
            number => Self::Number(number.as_f64()),
        }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&Arc<str>> for Cell {
    fn from(text: &Arc<str>) -> Self {
        Self::Shared(Arc::clone(text))
    }
}

/// Whether a spreadsheet has this day: its calendar begins in 1900, where it counts a leap day that never was.
fn is_known(date: Date) -> bool {
    date >= Date::constant(1900, 3, 1)
}

/// The text as a file of this kind can hold it: line ends are line feeds, and other control characters and those that are
/// none are shown as unreadable.
pub(super) fn plain(text: String) -> String {
    if !text.contains(breaks) {
        return text;
    }
    text.replace("\r\n", "\n")
        .chars()
        .map(|c| {
            if c == '\r' {
                '\n'
            } else if breaks(c) {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect()
}

fn breaks(character: char) -> bool {
    character.is_control() && !matches!(character, '\n' | '\t') || matches!(character, '\u{fffe}' | '\u{ffff}')
}

/// The text, or as much of its beginning as fits into a cell together with the pointer to the rest.
pub(super) fn fitting<'t>(text: &'t str, pointer: &str) -> Cow<'t, str> {
    // No text has more UTF-16 units than bytes.
    if text.len() <= LONGEST || text.encode_utf16().count() <= LONGEST {
        return Cow::Borrowed(text);
    }
    let room = LONGEST - pointer.encode_utf16().count();
    let mut units = 0;
    let kept = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > room
    });
    let end = kept.map_or(text.len(), |(at, _)| at);
    Cow::Owned(format!("{}{pointer}", &text[..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_numbers_of_many_digits_stay_as_they_are() {
        assert_eq!(Cell::from(Number::Whole(3_000_000_000_000_000_101)), "3000000000000000101".into());
        assert_eq!(Cell::from(Number::Whole(-EXACT)), Cell::Number(-999_999_999_999_999.0));
        assert_eq!(Cell::from(&Value::Person("0012".into())), Cell::Shared("0012".into()));
    }

    #[test]
    fn a_day_before_the_calendar_of_spreadsheets_is_text() {
        let day = |text: &str| Cell::from(&Value::Date(text.parse().unwrap()));
        assert_eq!(day("1899-12-31"), "1899-12-31".into());
        assert_eq!(day("1900-02-28"), "1900-02-28".into());
        assert_eq!(day("1900-03-01"), Cell::Date("1900-03-01".parse().unwrap()));
        assert_eq!(day("9999-12-31"), Cell::Date("9999-12-31".parse().unwrap()));
    }

    #[test]
    fn what_is_too_long_is_cut_between_characters_and_says_where_the_rest_is() {
        let full = "é".repeat(LONGEST);
        assert_eq!(fitting(&full, "… more"), full);
        for long in ["é".repeat(LONGEST + 1), "😀".repeat(LONGEST)] {
            let cut = fitting(&long, "… more");
            let units = cut.encode_utf16().count();
            assert!((LONGEST - 1..=LONGEST).contains(&units) && cut.ends_with("… more"), "{units}");
        }
    }

    #[test]
    fn control_characters_are_shown_and_not_obeyed() {
        assert_eq!(plain("a\r\nb\rc\u{0}\u{1b}[2J\t\u{ffff}".to_owned()), "a\nb\nc\u{fffd}\u{fffd}[2J\t\u{fffd}");
        assert_eq!(plain("محمد 👩🏽‍💻".to_owned()), "محمد 👩🏽‍💻");
    }
}
