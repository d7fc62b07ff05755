//! Failures, conflicts, what was left undecided, and findings: one group for each sentence, line and hint.

use std::collections::HashMap;

use super::super::changes::told;
use super::super::language::Words;
use super::shape::{merge, shape};
use super::{Affected, Cause, Group, RunReport};
use crate::model::{Finding, Origin, Outcome, OutcomeKind, Reason, Whose};

/// One thing that needs attention, before things of the same cause are brought together.
struct Item<'a> {
    cause: Cause,
    whose: Whose,
    text: &'a str,
    hint: &'a str,
    reason: Option<&'a Reason>,
    person: Option<&'a Outcome>,
}

/// What to do where nothing says it.
const UNEXPLAINED_HINT: &str = "Look at the rule and at this person's data in HiBob";

/// The groups, in the order in which their first item was found.
pub(super) fn groups(report: &RunReport, words: Words) -> Vec<Group> {
    let of_nobody = report.findings.iter().map(|finding| item(Cause::Finding(finding.whose), finding, None));
    let mut groups: Vec<Vec<Item<'_>>> = Vec::new();
    let mut places: HashMap<_, usize> = HashMap::new();
    // Most sentences come again word for word, and need not be taken apart again.
    let mut known: HashMap<_, usize> = HashMap::new();
    for item in of_nobody.chain(report.outcomes.iter().flat_map(items)) {
        let place = *known.entry(key(&item, item.text, item.hint)).or_insert_with(|| {
            *places.entry(key(&item, shape(item.text), shape(item.hint))).or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() - 1
            })
        });
        groups[place].push(item);
    }
    groups.into_iter().filter_map(|items| group(&items, words)).collect()
}

/// Whether anything about this person needs attention.
pub(super) fn concerns(outcome: &Outcome) -> bool {
    let is_open = matches!(outcome.kind, OutcomeKind::Failed | OutcomeKind::Conflict | OutcomeKind::Undecided);
    is_open || outcome.failure.is_some() || !outcome.person.findings.is_empty()
}

/// Everything about one person that needs attention.
fn items(outcome: &Outcome) -> Vec<Item<'_>> {
    let person = &outcome.person;
    let cause = match outcome.kind {
        OutcomeKind::Failed => Some(Cause::Failed),
        OutcomeKind::Conflict => Some(Cause::Conflict),
        OutcomeKind::Undecided => Some(Cause::Undecided),
        _ => None,
    };
    let failure = outcome.failure.iter().map(|finding| item(Cause::Failed, finding, Some(outcome)));
    // Where a failure tells why, the findings are about something else.
    let explains = cause.filter(|_| outcome.failure.is_none());
    let findings = person
        .findings
        .iter()
        .map(|finding| item(explains.unwrap_or(Cause::Finding(finding.whose)), finding, Some(outcome)));
    let mut items: Vec<_> = failure.chain(findings).collect();
    if let (true, Some(cause)) = (items.is_empty(), cause) {
        items.push(unexplained(cause, outcome));
    }
    items
}

fn item<'a>(cause: Cause, finding: &'a Finding, person: Option<&'a Outcome>) -> Item<'a> {
    let Finding { whose, text, hint, reason } = finding;
    Item { cause, whose: *whose, text, hint, reason: reason.as_ref(), person }
}

/// Somebody with nothing but a reason.
fn unexplained(cause: Cause, outcome: &Outcome) -> Item<'_> {
    let (whose, hint) = match cause {
        Cause::Conflict => (Whose::Source, "Decide which of the two is right, and correct the other one"),
        Cause::Undecided => (Whose::Credentials, "Let the service user view the missing field in HiBob"),
        _ => (Whose::Recipe, UNEXPLAINED_HINT),
    };
    let reason = &outcome.person.reason;
    Item { cause, whose, text: &reason.text, hint, reason: Some(reason), person: Some(outcome) }
}

/// Things with equal keys are one cause.
fn key<'a, T>(item: &Item<'a>, text: T, hint: T) -> (Cause, Whose, T, T, Option<&'a Origin>, bool) {
    let origin = item.reason.and_then(|reason| reason.origin.as_deref());
    (item.cause, item.whose, text, hint, origin, item.person.is_some())
}

fn group(items: &[Item<'_>], words: Words) -> Option<Group> {
    let first = items.first()?;
    let texts: Vec<_> = items.iter().map(|item| words.sentence(item.text)).collect();
    let hints: Vec<_> = items.iter().map(|item| words.sentence(item.hint)).collect();
    let what = merge(&texts.iter().map(|text| &**text).collect::<Vec<_>>());
    let todo = merge(&hints.iter().map(|hint| &**hint).collect::<Vec<_>>());
    let own = what.own.into_iter().zip(texts.iter().zip(&hints));
    let affected = items.iter().zip(own).filter_map(|(item, (detail, (text, hint)))| {
        let (text, hint) = (text.clone().into_owned(), hint.clone().into_owned());
        Some(Affected { detail, text, hint, ..Affected::person(item.person?) })
    });
    let mut affected: Vec<_> = affected.collect();
    // The two sides of a conflict share what is their own, so they come to stand together.
    if first.cause == Cause::Conflict {
        affected.sort_by(|a, b| a.detail.cmp(&b.detail));
    }
    Some(Group {
        cause: first.cause,
        whose: Some(first.whose),
        place: place(items, words),
        what: what.text,
        todo: if todo.text.is_empty() { words.sentence(UNEXPLAINED_HINT).into_owned() } else { todo.text },
        paste: None,
        affected,
    })
}

/// The rule and its line; the line alone where the rule's words say nothing new.
fn place(items: &[Item<'_>], words: Words) -> Option<String> {
    let first = items.first()?;
    let reason = first.reason?;
    let same = items.iter().all(|item| item.reason == Some(reason));
    let says_something = same && !first.text.contains(&*reason.text);
    match &reason.origin {
        Some(_) if says_something => Some(told(reason, words)),
        Some(origin) => Some(origin.to_string()),
        None => says_something.then(|| told(reason, words)),
    }
}
