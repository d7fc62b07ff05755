//! What is worth knowing before reading on, and how long everything took.

use std::collections::BTreeSet;

use super::super::words::{between, sentence, short};
use super::super::{Attention, RunReport};
use super::{List, Words};
use crate::model::{EmployeeId, OutcomeKind};

pub(super) fn facts(report: &RunReport, standing: Option<&Standing<'_>>, words: Words) -> Vec<String> {
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
    facts.extend(standing.into_iter().flat_map(|standing| standing.told(words)));
    if !report.privacy.masked.is_empty() {
        let fields: Vec<String> = report.privacy.masked.iter().map(|field| format!("`{field}`")).collect();
        facts.push(words.with("fact-masked", [("fields", short(&words.listed(&fields)).into())]));
    }
    if report.privacy.counts_only {
        facts.push(words.say("fact-counts-only"));
    }
    facts
}

/// Those who need attention, beside those who needed it in the run before.
pub(super) struct Standing<'r> {
    new: usize,
    still: usize,
    /// Who needed attention before, was read in this run, and needs it no longer.
    pub(super) recovered: BTreeSet<&'r EmployeeId>,
}

impl<'r> Standing<'r> {
    /// Nothing where nobody needed attention before, or it is not known who did.
    pub(super) fn of(report: &'r RunReport, attention: &Attention) -> Option<Self> {
        let before = report.needed_attention.as_ref().filter(|before| !before.is_empty())?;
        let now = attention.by_employee();
        let still = now.keys().filter(|employee| before.contains(**employee)).count();
        let read = report.outcomes.iter().map(|outcome| &outcome.person.employee);
        let recovered = read.filter(|employee| before.contains(*employee) && !now.contains_key(employee)).collect();
        Some(Self { new: now.len() - still, still, recovered })
    }

    fn told(&self, words: Words) -> Vec<String> {
        let counts = [("new", self.new.into()), ("still", self.still.into())];
        let mut facts = match (self.new, self.still) {
            (0, 0) => Vec::new(),
            (0, _) => vec![words.with("fact-standing-old", counts)],
            _ => vec![words.with("fact-standing", counts)],
        };
        facts.extend((!self.recovered.is_empty()).then(|| words.counted("fact-recovered", self.recovered.len())));
        facts
    }
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
