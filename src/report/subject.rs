//! The subject of the mail, and the sentence that a report begins with.

use super::words::{capital, counted, listed, number, one_line, people, sentence, shortened};
use super::{Attention, RunReport, Totals};
use crate::model::OutcomeKind;

/// What counts as a change, in the order people care about.
const CHANGES: [OutcomeKind; 4] =
    [OutcomeKind::Created, OutcomeKind::Updated, OutcomeKind::Reactivated, OutcomeKind::Deactivated];

/// How much of a refusal fits into a subject.
const REFUSAL: usize = 90;

/// The subject: `[acme] 12 created, 30 updated, 2 deactivated, 3 need attention`.
#[must_use]
pub fn subject(report: &RunReport) -> String {
    subject_with(report, Attention::of(report).count())
}

/// The same, where it is known how much needs attention.
pub(super) fn subject_with(report: &RunReport, attention: usize) -> String {
    let text = match &report.refused {
        Some(refused) if report.was_begun() => format!("stopped: {}", shortened(refused, REFUSAL)),
        Some(refused) => format!("refused: {}", shortened(refused, REFUSAL)),
        None => counts(report, attention),
    };
    one_line(&format!("[{}] {text}", report.recipe))
}

/// The first sentence: what was done, or that nothing was, and how much needs attention.
#[must_use]
pub fn headline(report: &RunReport) -> String {
    headline_with(report, Attention::of(report).count())
}

/// The same, where it is known how much needs attention.
pub(super) fn headline_with(report: &RunReport, attention: usize) -> String {
    let done = done(report, attention);
    let headline = match &report.refused {
        Some(why) if report.was_begun() => format!("The run stopped early: {} {done}", sentence(why)),
        Some(why) => format!("The run was refused and nothing was changed: {}", sentence(why)),
        None => format!("{done}{}", needing(attention)),
    };
    one_line(&headline)
}

fn counts(report: &RunReport, attention: usize) -> String {
    let totals = Totals::of(report);
    let changed = CHANGES.map(|kind| (totals.count(kind), kind.word()));
    let mut parts: Vec<String> = changed.iter().filter(|(count, _)| *count > 0).map(part).collect();
    if parts.is_empty() {
        let changed = report.changed_anything();
        let quiet = if attention == 0 { "nothing to change" } else { "nothing changed" };
        parts.push(if changed { "partly changed" } else { quiet }.to_owned());
    }
    if attention > 0 {
        parts.push(needs(attention));
    }
    parts.join(", ")
}

fn part((count, word): &(usize, &str)) -> String {
    format!("{} {word}", number(*count))
}

fn needs(count: usize) -> String {
    format!("{} {}", number(count), if count == 1 { "needs attention" } else { "need attention" })
}

fn done(report: &RunReport, attention: usize) -> String {
    let totals = Totals::of(report);
    let changed: Vec<_> = CHANGES.map(|kind| (totals.count(kind), kind.word())).into();
    let changed: Vec<_> = changed.into_iter().filter(|(count, _)| *count > 0).collect();
    let Some((first, rest)) = changed.split_first() else { return done_to_nobody(report, attention) };
    let verb = if first.0 == 1 { "was" } else { "were" };
    let lead = format!("{} {verb} {}", people(first.0), first.1);
    let all: Vec<String> = std::iter::once(lead).chain(rest.iter().map(part)).collect();
    format!("{}.", capital(&listed(&all)))
}

fn done_to_nobody(report: &RunReport, attention: usize) -> String {
    let groups = report.new_groups.len();
    if groups > 0 {
        let made = counted(groups, "group was", "groups were");
        return format!("Nobody was changed; {made} made.");
    }
    if !report.group_changes.is_empty() {
        let changed = counted(report.group_changes.len(), "group or team was", "groups and teams were");
        return format!("Nobody was changed; {changed} renamed or given a key.");
    }
    if report.changed_anything() {
        return "Nobody was changed in full; some changes were begun and then failed.".to_owned();
    }
    let read = Totals::of(report).read();
    let settled = attention == 0 && read > 0;
    match settled {
        true => format!(
            "Nothing had to be changed: {} read, all is as it should be.",
            counted(read, "record was", "records were")
        ),
        false => "Nothing was changed.".to_owned(),
    }
}

fn needing(attention: usize) -> String {
    match attention {
        0 => String::new(),
        count => format!(" {}.", needs(count)),
    }
}
