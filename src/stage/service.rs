//! What `rollbook serve` does with a recipe by itself: the sections `schedule`, `real_time` and `notify`.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;

use crate::stage::cadence::Cadence;

/// The section `schedule:`.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// When everybody is synchronized.
    pub full_sync: Option<Cadence>,
    /// The shortest time between two runs that people start.
    pub manual_every: Duration,
}

impl Schedule {
    /// From when on the next run by hand may begin, if not yet now. A run that the clock puts into the future counts for
    /// nothing: it was set back.
    #[must_use]
    pub fn by_hand_from(&self, last: Timestamp, now: Timestamp) -> Option<Timestamp> {
        let from = last + self.manual_every;
        (last <= now && now < from).then_some(from)
    }
}

/// The section `real_time:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RealTime {
    /// The path that the source calls, beginning with a slash.
    pub path: String,
    /// The name of the secret that calls are signed with.
    pub secret: String,
    /// How long after a change the person is read.
    pub settle: Duration,
    /// Which changes count.
    pub events: Events,
}

/// Which types of event count; the others are kept and ignored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Events {
    /// All that say whom they are about.
    All,
    /// These, by the source's names.
    Of(BTreeSet<String>),
}

impl Events {
    /// Whether a type counts.
    #[must_use]
    pub fn count(&self, kind: &str) -> bool {
        match self {
            Self::All => true,
            Self::Of(kinds) => kinds.contains(kind),
        }
    }
}

/// The section `notify:`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Notify {
    /// Mail addresses.
    pub to: Vec<String>,
    /// The name of the secret that holds a chat webhook's address.
    pub webhook: Option<String>,
    /// What is told.
    pub on: BTreeSet<Occasion>,
}

/// What people are told at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Occasion {
    /// A run failed or was refused, or real time stands still: source or target gone, credentials refused.
    RunFailed,
    /// Somebody failed, or is parked after several tries.
    PersonFailed,
    /// Changes were held, or the source shrank.
    Brake,
    /// All is well again.
    Recovered,
}

impl Occasion {
    /// Every one of them.
    pub const ALL: [Self; 4] = [Self::RunFailed, Self::PersonFailed, Self::Brake, Self::Recovered];

    /// The word that recipes use.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::RunFailed => "run_failed",
            Self::PersonFailed => "person_failed",
            Self::Brake => "brake",
            Self::Recovered => "recovered",
        }
    }
}

/// A duration as recipes write it: a whole number and `s`, `m`, `h` or `d`. Nothing for anything else, or for more than
/// a year.
#[must_use]
pub fn duration(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    let seconds = number.parse::<u64>().ok()?.checked_mul(seconds)?;
    (seconds <= 366 * 86_400).then(|| Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::{Events, Occasion, Schedule, duration};

    #[test]
    fn durations_are_a_number_and_a_unit_of_at_most_a_year() {
        let seconds = |text| duration(text).map(|duration| duration.as_secs());
        assert_eq!(
            [seconds("20s"), seconds("5m"), seconds("1h"), seconds("2d")],
            [Some(20), Some(300), Some(3_600), Some(172_800)]
        );
        assert_eq!([seconds("366d"), seconds("0s")], [Some(366 * 86_400), Some(0)]);
        for wrong in ["", "h", "1", "1w", "-1s", "1.5h", "367d", "99999999999999999999s", "1ß"] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_list_of_events_counts_what_it_names() {
        let listed = Events::Of(["employee.left".to_owned()].into());
        assert!(Events::All.count("anything") && listed.count("employee.left") && !listed.count("employee.joined"));
    }

    #[test]
    fn a_run_by_hand_waits_until_the_last_one_is_old_enough() {
        let schedule = Schedule { full_sync: None, manual_every: Duration::from_secs(3_600) };
        let at = |seconds: i64| Timestamp::from_second(1_700_000_000 + seconds).unwrap();
        assert_eq!(schedule.by_hand_from(at(0), at(3_599)), Some(at(3_600)));
        assert_eq!(schedule.by_hand_from(at(0), at(3_600)), None);
        assert_eq!(schedule.by_hand_from(at(0), at(-1)), None, "the clock was set back");
    }

    #[test]
    fn occasions_have_words_of_their_own() {
        let words: std::collections::BTreeSet<_> = Occasion::ALL.iter().map(|occasion| occasion.word()).collect();
        assert_eq!(words.len(), Occasion::ALL.len());
    }
}
