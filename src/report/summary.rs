//! A few lines for the terminal.

use super::attention::Attention;
use super::language::Words;
use super::subject::headline_with;
use super::view::word;
use super::words::{between, capital, lines, shortened};
use super::{RunReport, Totals};
use crate::model::{Language, OutcomeKind};

/// How many causes are named, and how wide a line may be.
const CAUSES: usize = 8;
const WIDTH: usize = 110;

/// The run in at most 25 lines of plain text: the headline, the totals, what needs attention most, where the rest is.
#[must_use]
pub fn summary(report: &RunReport) -> String {
    // For whoever runs it, in the language of the program.
    let words = Words::of(Language::English);
    let attention = Attention::in_words(report, words);
    let mut summary = vec![headline_with(report, words, attention.count()), String::new()];
    summary.extend(totals(report, words));
    summary.extend(causes(&attention, words));
    let took = words.duration(between(report.started, report.finished));
    summary.push(String::new());
    summary.push(format!("Took {took}. The whole report: rollbook runs {}", report.run));
    lines(&summary.join("\n"))
}

/// Three counts a line.
fn totals(report: &RunReport, words: Words) -> Vec<String> {
    let totals = Totals::of(report);
    let kinds = OutcomeKind::ALL.into_iter().map(|kind| (word(kind, words), totals.count(kind)));
    let others = [("totals-unreadable", totals.unreadable), ("totals-not-reached", totals.not_reached)];
    let counts = kinds.chain(others.map(|(text, count)| (words.say(text), count)));
    let counts: Vec<String> = counts
        .filter(|(_, count)| *count > 0)
        .map(|(word, count)| format!("{:>9} {word:<14}", words.number(count)))
        .collect();
    let mut rows: Vec<String> = counts.chunks(3).map(|row| row.concat().trim_end().to_owned()).collect();
    let gone = match totals.gone() {
        0 => String::new(),
        gone => format!(" + {} gone from the source", words.number(gone)),
    };
    rows.push(format!("{:>9} read{gone}", words.number(totals.read() + totals.not_reached)));
    rows
}

fn causes(attention: &Attention, words: Words) -> Vec<String> {
    if attention.groups.is_empty() {
        return Vec::new();
    }
    let mut rows = vec![String::new(), "What needs attention:".to_owned()];
    for group in attention.groups.iter().take(CAUSES) {
        let row = format!(
            "{:>9} {}: {}",
            words.number(group.affected.len().max(1)),
            group.cause.title(words),
            capital(&group.what)
        );
        rows.push(shortened(&row, WIDTH));
    }
    if let Some(rest) = attention.groups.len().checked_sub(CAUSES).filter(|rest| *rest > 0) {
        rows.push(format!("{:>9} more", words.number(rest)));
    }
    rows
}
