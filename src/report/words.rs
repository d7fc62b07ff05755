//! Texts as people read them, and how much of them is shown.

use std::time::Duration;

use jiff::Timestamp;

/// How much of what to do is shown: sentences of ours are shorter, those of a script need not be.
const SENTENCE_SHOWN: usize = 600;

/// How much of one value is shown in the text or on the page; the sheet has all of it.
const VALUE_SHOWN: usize = 160;

/// From one time to a later one.
pub(super) fn between(started: Timestamp, finished: Timestamp) -> Duration {
    Duration::try_from(finished.duration_since(started)).unwrap_or_default()
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

/// The start of a sentence that is too long to read.
pub(super) fn readable(text: &str) -> String {
    shortened(text, SENTENCE_SHOWN)
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
    fn a_name_cannot_steer_the_terminal_or_turn_the_text() {
        assert_eq!(one_line("A\u{1b}[31m\nB\u{202e}C"), "A [31m BC");
    }
}
