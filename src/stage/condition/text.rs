//! Comparing text without case, and mostly without an allocation.

use crate::model::Value;

/// Applies a test to the text of a value, or to each item of a list.
pub(super) fn any_text(value: &Value, test: impl Fn(&str) -> bool) -> bool {
    match value {
        Value::Text(text) | Value::Person(text) => test(text),
        Value::List(items) => items.iter().any(|item| test(item)),
        other => test(&other.to_string()),
    }
}

/// Whether a text is the same as a folded word, without case and outer spaces, and without an allocation for plain text.
pub(super) fn same_text(text: &str, folded: &str) -> bool {
    if starts_otherwise(text, folded) {
        return false;
    }
    let text = text.trim();
    if text.is_ascii() {
        return text.eq_ignore_ascii_case(folded);
    }
    text.chars().flat_map(char::to_lowercase).eq(folded.chars())
}

/// Whether the first letters alone show that two texts differ, which is so of most words that a text is compared with.
fn starts_otherwise(text: &str, folded: &str) -> bool {
    match (text.as_bytes().first(), folded.as_bytes().first()) {
        (Some(letter), Some(other)) => letter.is_ascii_graphic() && letter.to_ascii_lowercase() != *other,
        _ => false,
    }
}

/// Whether a text starts with a folded part, without case, and without an allocation for plain text.
pub(super) fn starts_with(text: &str, folded: &str) -> bool {
    if starts_otherwise(text, folded) {
        return false;
    }
    if text.is_ascii() {
        return text.get(..folded.len()).is_some_and(|start| start.eq_ignore_ascii_case(folded));
    }
    text.to_lowercase().starts_with(folded)
}
