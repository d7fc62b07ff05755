//! Dates in scripts: the types, their operators, and the helpers.

use std::cmp::Ordering;
use std::sync::Arc;

use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime::{self, BrokenDownTime};
use jiff::{Span, ToSpan};
use rhai::{Dynamic, Engine, INT, ImmutableString};

use super::convert::{Outcome, kind, text_argument, trouble};
use super::engine::Shared;

pub(super) fn register(engine: &mut Engine, shared: &Arc<Shared>) {
    engine.register_type_with_name::<Date>("date").register_type_with_name::<DateTime>("date-time");
    register_display(engine);
    register_comparisons(engine);
    engine
        .register_fn("+", |date: Date, days: INT| plus_days(date, days))
        .register_fn("-", |date: Date, days: INT| plus_days(date, days.saturating_neg()))
        .register_fn("-", |a: Date, b: Date| days_between(b, a))
        .register_fn("parse_date", parse_date)
        .register_fn("format_date", format_date)
        .register_fn("add_days", |date: Dynamic, days: INT| match Day::argument("add_days", &date)? {
            None => Ok(Dynamic::UNIT),
            Some(Day::Date(date)) => plus_days(date, days).map(Dynamic::from),
            Some(Day::DateTime(date_time)) => {
                let moved = span(days).and_then(|span| date_time.checked_add(span).ok());
                moved.map_or_else(|| trouble(OUT_OF_RANGE), |moved| Ok(Dynamic::from(moved)))
            }
        });
    let own = Arc::clone(shared);
    engine.register_fn("days_until", move |date: Dynamic| -> Outcome<Dynamic> {
        let Some(day) = Day::argument("days_until", &date)? else { return Ok(Dynamic::UNIT) };
        let today = own.state().today;
        Ok(days_between(today, day.date()).into())
    });
}

const OUT_OF_RANGE: &str = "the date is out of range";

fn register_display(engine: &mut Engine) {
    engine
        .register_fn("to_string", |date: &mut Date| date.to_string())
        .register_fn("to_debug", |date: &mut Date| date.to_string())
        .register_fn("to_string", |date_time: &mut DateTime| date_time.to_string())
        .register_fn("to_debug", |date_time: &mut DateTime| date_time.to_string())
        .register_get("year", |date: &mut Date| INT::from(date.year()))
        .register_get("month", |date: &mut Date| INT::from(date.month()))
        .register_get("day", |date: &mut Date| INT::from(date.day()))
        .register_get("weekday", |date: &mut Date| INT::from(date.weekday().to_monday_one_offset()))
        .register_get("year", |date_time: &mut DateTime| INT::from(date_time.year()))
        .register_get("month", |date_time: &mut DateTime| INT::from(date_time.month()))
        .register_get("day", |date_time: &mut DateTime| INT::from(date_time.day()))
        .register_get("weekday", |date_time: &mut DateTime| INT::from(date_time.weekday().to_monday_one_offset()));
}

/// Rhai answers `false` to a comparison of two types it knows nothing about, so every sensible pair is here.
fn register_comparisons(engine: &mut Engine) {
    type Holds = fn(Ordering) -> bool;
    const OPERATORS: [(&str, Holds); 6] = [
        ("==", Ordering::is_eq),
        ("!=", Ordering::is_ne),
        ("<", Ordering::is_lt),
        ("<=", Ordering::is_le),
        (">", Ordering::is_gt),
        (">=", Ordering::is_ge),
    ];
    for (operator, holds) in OPERATORS {
        engine
            .register_fn(operator, move |a: Date, b: Date| holds(a.cmp(&b)))
            .register_fn(operator, move |a: DateTime, b: DateTime| holds(a.cmp(&b)))
            .register_fn(operator, move |a: Date, b: DateTime| holds(a.cmp(&b.date())))
            .register_fn(operator, move |a: DateTime, b: Date| holds(a.date().cmp(&b)))
            .register_fn(operator, move |a: Date, b: ImmutableString| -> Outcome<bool> {
                Ok(holds(a.cmp(&day(&b)?.date())))
            })
            .register_fn(operator, move |a: ImmutableString, b: Date| -> Outcome<bool> {
                Ok(holds(day(&a)?.date().cmp(&b)))
            })
            .register_fn(operator, move |a: DateTime, b: ImmutableString| -> Outcome<bool> {
                Ok(holds(day(&b)?.compare(a).reverse()))
            })
            .register_fn(operator, move |a: ImmutableString, b: DateTime| -> Outcome<bool> {
                Ok(holds(day(&a)?.compare(b)))
            });
    }
}

/// What the date helpers take.
pub(super) enum Day {
    Date(Date),
    DateTime(DateTime),
}

impl Day {
    /// A date, or text that is one; `None` for `()` and blank text.
    fn argument(helper: &str, value: &Dynamic) -> Outcome<Option<Self>> {
        if value.is_unit() {
            return Ok(None);
        }
        if let Some(date) = value.read_lock::<Date>() {
            return Ok(Some(Self::Date(*date)));
        }
        if let Some(date_time) = value.read_lock::<DateTime>() {
            return Ok(Some(Self::DateTime(*date_time)));
        }
        match value.as_immutable_string_ref() {
            Ok(text) if text.trim().is_empty() => Ok(None),
            Ok(text) => day(&text).map(Some),
            Err(_) => trouble(format!("`{helper}` takes a date, not {}", kind(value))),
        }
    }

    pub(super) fn date(&self) -> Date {
        match self {
            Self::Date(date) => *date,
            Self::DateTime(date_time) => date_time.date(),
        }
    }

    fn compare(&self, other: DateTime) -> Ordering {
        match self {
            Self::Date(date) => date.cmp(&other.date()),
            Self::DateTime(date_time) => date_time.cmp(&other),
        }
    }
}

/// Text as HiBob writes dates: `2026-03-02`, or with a time.
pub(super) fn day(text: &str) -> Outcome<Day> {
    let text = text.trim();
    // A date-time parses as a date too, so the length tells which it is.
    let parsed = match text.len() {
        ..=10 => text.parse().map(Day::Date),
        _ => text.parse().map(Day::DateTime),
    };
    parsed.or_else(|_| trouble("the text is no date like `2026-03-02`; `parse_date` reads other forms"))
}

fn plus_days(date: Date, days: INT) -> Outcome<Date> {
    match span(days).and_then(|span| date.checked_add(span).ok()) {
        Some(date) => Ok(date),
        None => trouble(OUT_OF_RANGE),
    }
}

fn span(days: INT) -> Option<Span> {
    0.days().try_days(days).ok()
}

pub(super) fn days_between(from: Date, to: Date) -> INT {
    from.until(to).map_or(0, |span| INT::from(span.get_days()))
}

fn parse_date(text: Dynamic, format: ImmutableString) -> Outcome<Dynamic> {
    if text.is::<Date>() || text.is::<DateTime>() {
        return Ok(text);
    }
    let Some(text) = text_argument("parse_date", &text)?.filter(|text| !text.trim().is_empty()) else {
        return Ok(Dynamic::UNIT);
    };
    let pattern = strftime(&format).or_else(trouble)?;
    match BrokenDownTime::parse(&pattern, text.trim()).and_then(|parsed| parsed.to_date()) {
        Ok(date) => Ok(Dynamic::from(date)),
        Err(_) => trouble(format!("the text is no date of the form `{format}`")),
    }
}

fn format_date(date: Dynamic, format: ImmutableString) -> Outcome<Dynamic> {
    let Some(day) = Day::argument("format_date", &date)? else { return Ok(Dynamic::UNIT) };
    let pattern = strftime(&format).or_else(trouble)?;
    let formatted = match day {
        Day::Date(date) => strtime::format(&pattern, date),
        Day::DateTime(date_time) => strtime::format(&pattern, date_time),
    };
    formatted.map_or_else(|_| trouble(format!("a date cannot be written as `{format}`")), |text| Ok(text.into()))
}

/// What is wrong with a format, before any date is known.
pub(super) fn check_format(format: &str, parsing: bool) -> Result<(), String> {
    let pattern = strftime(format)?;
    let sample = jiff::civil::date(2026, 3, 2).at(13, 14, 15, 0);
    let text = strtime::format(&pattern, sample).map_err(|_| format!("`{format}` is no date format"))?;
    if parsing && BrokenDownTime::parse(&pattern, &text).and_then(|parsed| parsed.to_date()).is_err() {
        return Err(format!("`{format}` does not say day, month and year"));
    }
    Ok(())
}

/// A friendly format as strftime's; one with `%` is strftime's already.
pub(super) fn strftime(format: &str) -> Result<String, String> {
    if format.contains('%') {
        return Ok(format.to_owned());
    }
    let mut out = String::new();
    let mut rest = format;
    while let Some(first) = rest.chars().next() {
        let same = |letter: char| letter.eq_ignore_ascii_case(&first);
        let length = if first.is_alphabetic() {
            rest.find(|letter| !same(letter)).unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (run, behind) = rest.split_at(length);
        rest = behind;
        out.push_str(match run.to_ascii_uppercase().as_str() {
            "YYYY" => "%Y",
            "YY" => "%y",
            "MMMM" => "%B",
            "MMM" => "%b",
            "MM" => "%m",
            "M" => "%-m",
            "DD" => "%d",
            "D" => "%-d",
            _ if first.is_alphabetic() => {
                return Err(format!("`{run}` in `{format}` is not one of YYYY YY MMMM MMM MM M DD D"));
            }
            _ => run,
        });
    }
    Ok(out)
}
