//! When something is done by itself: a cron expression in a time zone, right through daylight saving. The only cron.

use std::fmt;

use cronexpr::Crontab;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// A cron expression with its zone. It comes at least once in four years.
///
/// One that names its hours stands for hours on the wall: it comes once a day even where the clock skips that hour (then
/// as much later) or passes it twice (then the first time). One for every hour stands for time that passes, and comes in
/// each hour that there is.
#[derive(Clone)]
pub struct Cadence {
    /// Read in UTC where hours on the wall are meant, in the zone otherwise.
    crontab: Crontab,
    zone: TimeZone,
    on_the_wall: bool,
    /// As written.
    pub written: String,
}

impl fmt::Debug for Cadence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cadence").field("written", &self.written).field("zone", &self.zone).finish_non_exhaustive()
    }
}

impl Cadence {
    /// Reads five fields: minute, hour, day of the month, month, day of the week.
    ///
    /// # Errors
    /// When it is no cron expression, or never comes; in words for its author.
    pub fn parse(written: &str, zone: &TimeZone) -> Result<Self, String> {
        let hour = written.split_ascii_whitespace().nth(1).unwrap_or_default();
        let on_the_wall = !hour.contains('*');
        let read_in = if on_the_wall { "UTC" } else { zone.iana_name().unwrap_or("UTC") };
        let crontab = cronexpr::parse_crontab(&format!("{written} {read_in}"))
            .map_err(|_| format!("`{written}` is not a time to run at"))?;
        let cadence = Self { crontab, zone: zone.clone(), on_the_wall, written: written.to_owned() };
        match cadence.crontab.find_next(Timestamp::UNIX_EPOCH) {
            Ok(_) => Ok(cadence),
            Err(_) => Err(format!("`{written}` is a time that never comes")),
        }
    }

    /// The first moment after another at which it is time.
    #[must_use]
    pub fn next_after(&self, moment: Timestamp) -> Option<Timestamp> {
        if !self.on_the_wall {
            return self.crontab.find_next(moment).ok().map(|next| next.timestamp());
        }
        // What the clock skipped is later on the wall than it was written: begin before any such gap.
        let mut wall = (moment - SignedDuration::from_hours(3)).to_zoned(self.zone.clone()).datetime();
        loop {
            let written = wall.to_zoned(TimeZone::UTC).ok()?.timestamp();
            wall = self.crontab.find_next(written).ok()?.datetime();
            let there = wall.to_zoned(self.zone.clone()).ok()?.timestamp();
            if there > moment {
                return Some(there);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::Cadence;

    fn next(written: &str, zone: &str, after: &str, times: usize) -> Vec<String> {
        let zone = TimeZone::get(zone).unwrap();
        let cadence = Cadence::parse(written, &zone).unwrap();
        let mut moment = after.parse().unwrap();
        let mut next = || {
            moment = cadence.next_after(moment).unwrap();
            moment.to_zoned(zone.clone()).strftime("%a %d %H:%M %:z").to_string()
        };
        (0..times).map(|_| next()).collect()
    }

    #[test]
    fn a_nightly_run_comes_every_night_at_the_hour_on_the_wall() {
        let nights = next("0 2 * * *", "Europe/Berlin", "2026-01-10T12:00:00Z", 2);
        assert_eq!(nights, ["Sun 11 02:00 +01:00", "Mon 12 02:00 +01:00"]);
    }

    #[test]
    fn a_night_without_the_hour_has_its_run_as_much_later() {
        let nights = next("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", 3);
        assert_eq!(nights, ["Sat 28 02:30 +01:00", "Sun 29 03:30 +02:00", "Mon 30 02:30 +02:00"]);
        assert_eq!(next("30 2 * * *", "Europe/Berlin", "2026-03-29T01:10:00Z", 1), ["Sun 29 03:30 +02:00"]);
    }

    #[test]
    fn a_night_with_the_hour_twice_has_one_run() {
        let nights = next("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2);
        assert_eq!(nights, ["Sun 25 02:30 +02:00", "Mon 26 02:30 +01:00"]);
    }

    #[test]
    fn every_hour_is_every_hour_that_there_is() {
        let hours = next("0 * * * *", "Europe/Berlin", "2026-10-24T22:30:00Z", 4);
        assert_eq!(hours, ["Sun 25 01:00 +02:00", "Sun 25 02:00 +02:00", "Sun 25 02:00 +01:00", "Sun 25 03:00 +01:00"]);
        let hours = next("0 */1 * * *", "Europe/Berlin", "2026-03-28T23:30:00Z", 2);
        assert_eq!(hours, ["Sun 29 01:00 +01:00", "Sun 29 03:00 +02:00"]);
    }

    #[test]
    fn days_of_the_week_are_those_of_the_zone() {
        let days = next("0 6 * * MON", "Pacific/Auckland", "2026-07-05T00:00:00Z", 2);
        assert_eq!(days, ["Mon 06 06:00 +12:00", "Mon 13 06:00 +12:00"]);
    }

    #[test]
    fn what_is_no_time_or_never_comes_is_refused() {
        let parse = |written| Cadence::parse(written, &TimeZone::UTC).unwrap_err();
        assert_eq!(parse("61 2 * * *"), "`61 2 * * *` is not a time to run at");
        assert_eq!(parse("0 2 31 2 *"), "`0 2 31 2 *` is a time that never comes");
    }
}
