//! What is worth knowing before reading on, and how long everything took.

use std::collections::BTreeSet;

use super::super::words::{between, sentence, short};
use super::super::{Attention, RunReport};
use super::{List, Words};
use crate::model::{EmployeeId, OutcomeKind};

pub(super) fn facts(report: &RunReport, attention: &Attention, words: Words) -> Vec<String> {
    let mut facts = vec![words.with(
        "fact-run",
        [
            ("recipe", (&*report.recipe).into()),
            ("source", (&*report.source).into()),
            ("target", (&*report.target).into()),
            ("today", words.day(report.today).into()),
        ],
    )];
    facts.extend(report.description.iter().map(|description| short(&sentence(description))));
    if !report.interrupted.is_empty() {
        let runs = short(&words.listed(&report.interrupted));
        facts.push(words.with("fact-finishes", [("n", report.interrupted.len().into()), ("runs", runs.into())]));
    }
    for tripped in report.tripped.iter().filter(|tripped| tripped.approved) {
        let limit = words.sentence(&tripped.limit).into_owned();
        facts.push(words.with("fact-approved", [("approval", tripped.approval().into()), ("limit", limit.into())]));
    }
    let linked =
        report.outcomes.iter().filter(|o| o.person.new_link.is_some() && o.kind != OutcomeKind::Created).count();
    if linked > 0 {
        facts.push(words.counted("fact-linked", linked));
    }
    facts.extend(standing(report, attention, words));
    if !report.privacy.masked.is_empty() {
        let fields: Vec<String> = report.privacy.masked.iter().map(|field| format!("`{field}`")).collect();
        facts.push(words.with("fact-masked", [("fields", short(&words.listed(&fields)).into())]));
    }
    if report.privacy.counts_only {
        facts.push(words.say("fact-counts-only"));
    }
    facts
}

/// Of those who need attention: who is new, who still needs it, and who no longer does.
fn standing(report: &RunReport, attention: &Attention, words: Words) -> Vec<String> {
    let Some(before) = &report.needed_attention else { return Vec::new() };
    let now = attention.by_employee();
    let still = now.keys().filter(|employee| before.contains(**employee)).count();
    let mut facts = Vec::new();
    if !now.is_empty() && !before.is_empty() {
        let new = now.len() - still;
        let counts = [("new", new.into()), ("still", still.into())];
        facts.push(if new > 0 { words.with("fact-standing", counts) } else { words.with("fact-standing-old", counts) });
    }
    let recovered = recovered(report, attention).len();
    if recovered > 0 {
        facts.push(words.counted("fact-recovered", recovered));
    }
    facts
}

/// Who needed attention in the run before, was read in this one, and needs it no longer.
pub(super) fn recovered<'r>(report: &'r RunReport, attention: &Attention) -> BTreeSet<&'r EmployeeId> {
    let Some(before) = report.needed_attention.as_ref().filter(|before| !before.is_empty()) else {
        return BTreeSet::new();
    };
    let now = attention.by_employee();
    let people = report.outcomes.iter().map(|outcome| &outcome.person.employee);
    people.filter(|employee| before.contains(*employee) && !now.contains_key(employee)).collect()
}

pub(super) fn timing(report: &RunReport, words: Words) -> List {
    let started = (words.say("timing-started"), words.time(report.started, &report.timezone));
    let phases = report.phases.iter().map(|(name, took)| (phase(name, words), words.duration(*took)));
    let took = words.duration(between(report.started, report.finished));
    let calls = report.calls.iter().map(|calls| {
        let counts = [("reads", calls.reads.into()), ("writes", calls.writes.into())];
        (words.with("calls", [("service", (&*calls.service).into())]), words.with("calls-counts", counts))
    });
    let all = (words.say("timing-altogether"), took);
    let pairs: Vec<_> = std::iter::once(started).chain(phases).chain([all]).chain(calls).collect();
    List { title: words.say("section-timing"), total: pairs.len(), pairs }
}

/// The name of a phase, as the run gave it.
pub(in super::super) fn phase(name: &str, words: Words) -> String {
    match name {
        "read people and users" => words.say("phase-read"),
        "plan" => words.say("phase-plan"),
        "write" => words.say("phase-write"),
        other => other.to_owned(),
    }
}
