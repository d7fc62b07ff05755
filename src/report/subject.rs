//! The subject of the mail, and the sentence that a report begins with.

use super::language::Words;
use super::words::{capital, one_line, readable, sentence, shortened};
use super::{Attention, RunReport, Totals};
use crate::model::OutcomeKind;

/// What counts as a change, in the order people care about: its texts in the subject, in the first sentence, and further on
/// in that sentence.
const CHANGES: [(OutcomeKind, &str, &str, &str); 4] = [
    (OutcomeKind::Created, "subject-created", "done-created", "subject-created"),
    (OutcomeKind::Updated, "subject-updated", "done-updated", "done-also-updated"),
    (OutcomeKind::Reactivated, "subject-reactivated", "done-reactivated", "done-also-reactivated"),
    (OutcomeKind::Deactivated, "subject-deactivated", "done-deactivated", "done-also-deactivated"),
];

/// How much of a refusal fits into a subject.
const REFUSAL: usize = 90;

/// The subject: `[Acme → 360Learning] 12 created, 30 updated, 2 deactivated, 3 need attention`.
#[must_use]
pub fn subject(report: &RunReport) -> String {
    subject_with(report, Words::of(report.language), Attention::of(report).count())
}

/// The same, where it is known how much needs attention.
pub(super) fn subject_with(report: &RunReport, words: Words, attention: usize) -> String {
    let text = match &report.refused {
        Some(refused) => {
            let why = shortened(&words.sentence(refused), REFUSAL);
            let id = if report.was_begun() { "subject-stopped" } else { "subject-refused" };
            words.with(id, [("why", why.into())])
        }
        None => counts(report, words, attention),
    };
    let title = if report.title.is_empty() { &report.recipe } else { &report.title };
    one_line(&format!("[{title}] {text}"))
}

/// The first sentence: what was done, or that nothing was, and how much needs attention.
#[must_use]
pub fn headline(report: &RunReport) -> String {
    headline_with(report, Words::of(report.language), Attention::of(report).count())
}

/// The same, where it is known how much needs attention.
pub(super) fn headline_with(report: &RunReport, words: Words, attention: usize) -> String {
    let done = done(report, words, attention);
    let headline = match &report.refused {
        Some(why) => {
            let why = readable(&sentence(&words.sentence(why)));
            let id = if report.was_begun() { "headline-stopped" } else { "headline-refused" };
            words.with(id, [("why", why.into()), ("done", done.into())])
        }
        None if attention > 0 => format!("{done} {}", words.counted("headline-attention", attention)),
        None => done,
    };
    one_line(&headline)
}

fn counts(report: &RunReport, words: Words, attention: usize) -> String {
    let totals = Totals::of(report);
    let changed = CHANGES.iter().map(|(kind, text, ..)| (totals.count(*kind), text));
    let mut parts: Vec<String> =
        changed.filter(|(count, _)| *count > 0).map(|(count, text)| words.counted(text, count)).collect();
    if parts.is_empty() {
        let quiet = if attention == 0 { "subject-nothing-to-change" } else { "subject-nothing-changed" };
        parts.push(words.say(if report.changed_anything() { "subject-partly-changed" } else { quiet }));
    }
    if attention > 0 {
        parts.push(words.counted("subject-attention", attention));
    }
    parts.join(", ")
}

fn done(report: &RunReport, words: Words, attention: usize) -> String {
    let totals = Totals::of(report);
    let mut parts: Vec<String> = Vec::new();
    for (kind, _, first, further) in CHANGES {
        let count = totals.count(kind);
        if count > 0 {
            parts.push(words.counted(if parts.is_empty() { first } else { further }, count));
        }
    }
    match parts.is_empty() {
        true => done_to_nobody(report, words, attention),
        false => format!("{}.", capital(&words.listed(&parts))),
    }
}

fn done_to_nobody(report: &RunReport, words: Words, attention: usize) -> String {
    if !report.new_groups.is_empty() {
        return words.counted("done-groups", report.new_groups.len());
    }
    if !report.group_changes.is_empty() {
        return words.counted("done-group-changes", report.group_changes.len());
    }
    if report.changed_anything() {
        return words.say("done-partly");
    }
    let read = Totals::of(report).read();
    match attention == 0 && read > 0 {
        true => words.counted("done-settled", read),
        false => words.say("done-nothing"),
    }
}
