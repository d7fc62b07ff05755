//! Who was left alone, counted by the rule that decided.

use std::collections::BTreeMap;

use super::super::words::{ENTRIES_SHOWN, capital, number};
use super::RunReport;
use crate::model::OutcomeKind;

/// One rule and how many people it left alone.
pub(in super::super) struct Rule {
    /// "Left out by the filter".
    pub(in super::super) kind: &'static str,
    /// How many people.
    pub(in super::super) count: String,
    /// The rule's words and its line.
    pub(in super::super) why: String,
}

/// The ways to be rightly left alone, in the order of the report.
const LEFT_ALONE: [OutcomeKind; 4] =
    [OutcomeKind::OutOfScope, OutcomeKind::Ignored, OutcomeKind::Waiting, OutcomeKind::Protected];

impl Rule {
    /// Every rule that left somebody alone, the one with most people first.
    pub(super) fn all(report: &RunReport) -> Vec<Self> {
        LEFT_ALONE.into_iter().flat_map(|kind| of_kind(report, kind)).collect()
    }
}

fn of_kind(report: &RunReport, kind: OutcomeKind) -> Vec<Rule> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for outcome in report.outcomes.iter().filter(|outcome| outcome.kind == kind) {
        *counts.entry(capital(&outcome.person.reason.to_string())).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let others: usize = counts.iter().skip(ENTRIES_SHOWN).map(|(_, count)| count).sum();
    counts.truncate(ENTRIES_SHOWN);
    counts.extend((others > 0).then(|| ("For other reasons, each in the CSV of this run".to_owned(), others)));
    counts.into_iter().map(|(why, count)| Rule { kind: title(kind), count: number(count), why }).collect()
}

fn title(kind: OutcomeKind) -> &'static str {
    match kind {
        OutcomeKind::OutOfScope => "left out by the filter",
        OutcomeKind::Ignored => "left alone by their status",
        OutcomeKind::Waiting => "waiting for their start date",
        OutcomeKind::Protected => "never touched",
        kind => kind.word(),
    }
}
