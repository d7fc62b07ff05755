//! Days in conditions: `2026-03-02`, `today`, `today+14d`, `today-1m`, `{work.startDate}`, `{work.startDate}+6m`.

use jiff::Span;
use jiff::civil::Date;

use crate::model::{Cell, Value};
use crate::problem::{Place, Problem};
use crate::stage::Compile;
use crate::stage::field::Field;
use crate::stage::person::Person;

/// A day, once the person and the day of the run are known.
#[derive(Debug, Clone)]
pub struct DateExpression {
    start: Start,
    offset: Span,
    /// As written, for explanations.
    pub written: String,
}

#[derive(Debug, Clone)]
enum Start {
    Today,
    Day(Date),
    Field(Field),
}

/// A day that may not be known.
pub enum Day {
    /// This day.
    Known(Date),
    /// The field has no value.
    Empty,
    /// The field was not delivered, or holds no day.
    Unknown,
}

impl DateExpression {
    /// Reads what an author wrote; anything else becomes a problem at `place`.
    pub fn compile(text: &str, place: &Place, cx: &mut Compile<'_>) -> Option<Self> {
        let text = text.trim();
        let (start, rest) = match Self::start(text, place, cx) {
            Some(parts) => parts?,
            None => return Self::not_a_day(text, place, cx),
        };
        match parse_offset(rest.trim()) {
            Some(offset) => Some(Self { start, offset, written: text.to_owned() }),
            None => Self::not_a_day(text, place, cx),
        }
    }

    /// Whether text looks like a day, for fields whose type the source does not say.
    #[must_use]
    pub fn looks_like_one(text: &str) -> bool {
        let text = text.trim();
        text.starts_with("today") || text.parse::<Date>().is_ok()
    }

    /// The outer `None` means "not a day at all", the inner one that a problem was already reported.
    fn start<'t>(text: &'t str, place: &Place, cx: &mut Compile<'_>) -> Option<Option<(Start, &'t str)>> {
        if let Some(rest) = text.strip_prefix("today") {
            return Some(Some((Start::Today, rest)));
        }
        if let Some(inner) = text.strip_prefix('{') {
            let (name, rest) = inner.split_once('}')?;
            return Some(cx.field(name, &place.of(text, name)).map(|field| (Start::Field(field), rest)));
        }
        let day = text.get(..10)?.parse().ok()?;
        Some(Some((Start::Day(day), &text[10..])))
    }

    fn not_a_day(text: &str, place: &Place, cx: &mut Compile<'_>) -> Option<Self> {
        let help = "write a day as 2026-03-02, today, today+14d, today-1m (d, w, m or y), or another field as {work.startDate}";
        cx.problems.push(Problem::new("bad-date", place, format!("`{text}` is not a day")).help(help));
        None
    }

    /// The day for one person.
    #[must_use]
    pub fn day(&self, person: &Person<'_>) -> Day {
        let start = match &self.start {
            Start::Today => person.today,
            Start::Day(day) => *day,
            Start::Field(field) => match person.read(&field.at) {
                Cell::NotDelivered => return Day::Unknown,
                Cell::Empty => return Day::Empty,
                Cell::Value(value) => match as_day(value) {
                    Some(day) => day,
                    None => return Day::Unknown,
                },
            },
        };
        Day::Known(start.saturating_add(self.offset))
    }

    /// How far from today it is, where it is counted from today.
    #[must_use]
    pub fn from_today(&self) -> Option<Span> {
        matches!(self.start, Start::Today).then_some(self.offset)
    }

    /// The day where it depends on nothing, for finding rules that contradict themselves.
    #[must_use]
    pub fn fixed(&self) -> Option<Date> {
        match self.start {
            Start::Day(day) => Some(day.saturating_add(self.offset)),
            Start::Today | Start::Field(_) => None,
        }
    }
}

/// The day in a value: a date, the date of a date-time, or text that is a date.
#[must_use]
pub fn as_day(value: &Value) -> Option<Date> {
    match value {
        Value::Date(day) => Some(*day),
        Value::DateTime(date_time) => Some(date_time.date()),
        Value::Text(text) => text.trim().parse().ok(),
        _ => None,
    }
}

fn parse_offset(text: &str) -> Option<Span> {
    if text.is_empty() {
        return Some(Span::new());
    }
    let (sign, rest) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let rest = rest.trim();
    let unit = rest.chars().last()?;
    let count: i32 = rest[..rest.len() - unit.len_utf8()].trim().parse().ok().filter(|n| (0..=20_000).contains(n))?;
    let count = i64::from(sign * count);
    match unit {
        'd' => Span::new().try_days(count).ok(),
        'w' => Span::new().try_weeks(count).ok(),
        'm' => Span::new().try_months(count).ok(),
        'y' => Span::new().try_years(count).ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_days_weeks_months_and_years_and_nothing_else() {
        let day: Date = "2026-01-31".parse().expect("a day");
        let after = |offset: &str| parse_offset(offset).map(|span| day.saturating_add(span).to_string());
        assert_eq!(after("+14d").as_deref(), Some("2026-02-14"));
        assert_eq!(after("+1m").as_deref(), Some("2026-02-28"));
        assert_eq!(after("- 1 y").as_deref(), Some("2025-01-31"));
        assert_eq!(after("+2h"), None);
        assert_eq!(after("14d"), None);
        assert_eq!(after("+99999999d"), None);
    }
}
