//! Numbers, times and texts as people read them.

use std::time::Duration;

use jiff::Timestamp;

/// How many people one cause names in the text and on the page; the sheet names everybody.
pub(super) const PEOPLE_SHOWN: usize = 200;

/// How many people are shown with their changes. Fewer, because each takes many lines, and mail programs cut long pages.
pub(super) const CHANGES_SHOWN: usize = 100;

/// How many causes, rules and new groups are shown one by one.
pub(super) const ENTRIES_SHOWN: usize = 100;

/// How much of one value is shown in the text or on the page; the sheet has all of it.
const VALUE_SHOWN: usize = 160;

/// A number with thousands separators.
pub(super) fn number(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number and its noun: "1 person", "1,200 people".
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", number(count), if count == 1 { one } else { many })
}

/// "1 person", "1,200 people".
pub(super) fn people(count: usize) -> String {
    counted(count, "person", "people")
}

/// "a", "a and b", "a, b and c".
pub(super) fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// What stands below a list that was cut.
pub(super) fn more(total: usize, shown: usize) -> Option<String> {
    (total > shown).then(|| format!("and {} more in the CSV of this run", number(total - shown)))
}

/// "340 ms", "2.3 s", "4 min 05 s", "1 h 02 min".
pub(super) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0 => format!("{} ms", duration.as_millis()),
        1..60 => format!("{:.1} s", duration.as_secs_f64()),
        60..3600 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3600, seconds % 3600 / 60),
    }
}

/// From one time to a later one.
pub(super) fn between(started: Timestamp, finished: Timestamp) -> Duration {
    Duration::try_from(finished.duration_since(started)).unwrap_or_default()
}

/// A time in a zone, to the minute: "2026-03-02 02:00 Europe/Paris".
pub(super) fn time(at: Timestamp, timezone: &str) -> String {
    match at.in_tz(timezone) {
        Ok(zoned) => format!("{} {timezone}", zoned.strftime("%Y-%m-%d %H:%M")),
        Err(_) => format!("{} UTC", at.strftime("%Y-%m-%d %H:%M")),
    }
}

/// The first letter as a capital.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// A sentence: with a capital and a full stop.
pub(super) fn sentence(text: &str) -> String {
    let text = capital(text.trim());
    if text.is_empty() || text.ends_with(['.', '!', '?', '…']) { text } else { format!("{text}.") }
}

/// The start of a text that is too long to show.
pub(super) fn short(text: &str) -> String {
    shortened(text, VALUE_SHOWN)
}

/// At most so many characters of a text.
pub(super) fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

/// One line without anything that steers a terminal, a mail header or the direction of the text around it.
pub(super) fn one_line(text: &str) -> String {
    text.chars().filter(|c| !turns_direction(*c)).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Several lines, each without anything that steers.
pub(super) fn lines(text: &str) -> String {
    text.split('\n').map(one_line).collect::<Vec<_>>().join("\n")
}

/// The characters that turn the direction of the text after them.
#[must_use]
pub fn turns_direction(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_have_separators() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(number), ["0", "999", "1,000", "1,234,567"]);
    }

    #[test]
    fn durations_are_as_exact_as_people_need() {
        let seconds = [0.34, 2.345, 65.0, 3725.0].map(|s| duration(Duration::from_secs_f64(s)));
        assert_eq!(seconds, ["340 ms", "2.3 s", "1 min 05 s", "1 h 02 min"]);
    }

    #[test]
    fn a_zone_that_does_not_exist_prints_utc() {
        let at: Timestamp = "2026-07-01T00:00:00Z".parse().unwrap();
        assert_eq!(time(at, "Europe/Paris"), "2026-07-01 02:00 Europe/Paris");
        assert_eq!(time(at, "Europe/Atlantis"), "2026-07-01 00:00 UTC");
    }

    #[test]
    fn a_name_cannot_steer_the_terminal_or_turn_the_text() {
        assert_eq!(one_line("A\u{1b}[31m\nB\u{202e}C"), "A [31m BC");
    }
}
