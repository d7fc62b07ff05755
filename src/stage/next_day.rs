//! The next day on which something may be decided otherwise about a person, though nothing changes in the source: access
//! begins, access ends, a condition with `today` turns.
//!
//! Scripts may reckon with `today` as they like; what they decide is looked at by full syncs.

use jiff::civil::Date;
use jiff::{Span, Timestamp};

use crate::model::Cell;
use crate::stage::date_expression::as_day;
use crate::stage::field::FieldRef;
use crate::stage::person::Person;
use crate::stage::today::Zones;

/// A field whose day, so far from it, turns a decision.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turn {
    field: FieldRef,
    days: i32,
    months: i32,
}

impl Turn {
    /// A field that is compared with today and so much.
    #[must_use]
    pub fn at(field: &FieldRef, from_today: Span) -> Self {
        let days = from_today.get_days() + from_today.get_weeks() * 7;
        let months = from_today.get_months() + i32::from(from_today.get_years()) * 12;
        Self { field: field.clone(), days, months }
    }

    /// The days on which the comparison with this day may turn.
    fn turning_days(&self, day: Date) -> impl Iterator<Item = Date> {
        let back =
            Span::new().try_days(-i64::from(self.days)).and_then(|span| span.try_months(-i64::from(self.months)));
        let around = back.map(|back| day.saturating_add(back)).unwrap_or(day);
        // Months have ends of their own: the same day of the next month may be up to three days nearer.
        let span = if self.months == 0 { 0..=1 } else { -1..=4 };
        span.map(move |after| around.saturating_add(Span::new().days(after)))
    }
}

/// The next midnight, where the person is, at which one of the turns comes.
#[must_use]
pub fn next_look(turns: &[Turn], zones: &Zones, person: &Person<'_>) -> Option<Timestamp> {
    let days = turns.iter().filter_map(|turn| match person.read(&turn.field) {
        Cell::Value(value) => Some(turn.turning_days(as_day(value)?)),
        Cell::Empty | Cell::NotDelivered => None,
    });
    let day = days.flatten().filter(|day| *day > person.today).min()?;
    day.to_zoned(zones.zone(person).clone()).ok().map(|midnight| midnight.timestamp())
}

#[cfg(test)]
mod tests {
    use jiff::Span;
    use jiff::civil::{Date, date};

    use super::Turn;
    use crate::model::Slot;
    use crate::stage::field::FieldRef;

    fn turn(offset: Span) -> Turn {
        Turn::at(&FieldRef { hops: Box::default(), slot: Slot::ID }, offset)
    }

    /// The days on which some comparison of `today` and so much with `day` has another result than the day before.
    fn turned(day: Date, offset: Span) -> Vec<Date> {
        let order = |today: Date| today.saturating_add(offset).cmp(&day);
        let days = date(2025, 1, 1).series(Span::new().days(1)).take(1_500);
        days.filter(|today| order(*today) != order(today.yesterday().unwrap())).collect()
    }

    #[test]
    fn every_day_on_which_a_comparison_turns_is_among_those_that_are_looked_at() {
        let offsets = [
            Span::new(),
            Span::new().days(14),
            Span::new().days(-3),
            Span::new().weeks(2),
            Span::new().months(1),
            Span::new().months(-1),
            Span::new().months(6),
            Span::new().years(1),
            Span::new().years(-1),
        ];
        for day in date(2026, 1, 1).series(Span::new().days(1)).take(800) {
            for offset in offsets {
                let looked_at: Vec<Date> = turn(offset).turning_days(day).collect();
                let missed: Vec<Date> =
                    turned(day, offset).into_iter().filter(|turning| !looked_at.contains(turning)).collect();
                assert!(missed.is_empty(), "{day} {offset}: {missed:?} not in {looked_at:?}");
            }
        }
    }
}
