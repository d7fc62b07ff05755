//! A plan as people read it: what is held first, then every change with the line that decided it, then the counts.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::held_text::held_of;
use crate::engine::brake::Brake;
use crate::model::plan::{Changes, MembershipChange, PersonPlan, PersonRef, Reason, Verdict};
use crate::model::{Plan, Tripped};

/// The whole plan.
pub(super) fn plan_text(plan: &Plan, brake: &Brake) -> String {
    let mut text = String::new();
    if let Some(refused) = &brake.refused {
        let _ = writeln!(text, "refused: {refused}\n");
    }
    for tripped in &brake.tripped {
        let field = tripped.field.as_ref().map_or_else(String::new, |field| format!(" of `{field}`"));
        let state = if tripped.approved { "approved" } else { "held" };
        let _ = writeln!(
            text,
            "{state}: {} changes of kind {}{field}; the limit is {}",
            tripped.count, tripped.kind, tripped.limit
        );
        for (employee, name) in &tripped.people {
            let _ = writeln!(text, "    {name} ({employee})");
        }
        if !tripped.approved {
            let _ = writeln!(text, "    to let them pass once: rollbook sync RECIPE {}", tripped.approval());
        }
        text.push('\n');
    }
    for group in &plan.new_groups {
        let _ = writeln!(text, "make {} `{}`{}", group.kind, group.name, place(&group.reason));
    }
    for changed in &plan.group_changes {
        let (kind, name, change) = (changed.kind, &changed.before, &changed.change);
        let _ = writeln!(text, "the {kind} `{name}` is {change}{}", place(&changed.reason));
    }
    if !plan.new_groups.is_empty() || !plan.group_changes.is_empty() {
        text.push('\n');
    }
    let holders = brake.holders();
    for person in plan.people.iter().filter(|person| person.verdict.writes() || !person.findings.is_empty()) {
        write_person(&mut text, person);
        if let Some(limits) = holders.get(&person.employee) {
            write_held(&mut text, person, brake, limits);
        }
    }
    write_general(&mut text, plan);
    text.push_str(&counts(plan));
    text
}

fn write_person(text: &mut String, person: &PersonPlan) {
    let email = person
        .email
        .as_ref()
        .filter(|email| **email != person.name)
        .map_or_else(String::new, |email| format!(" <{email}>"));
    let _ = writeln!(text, "{:<11} {}{email} ({})", person.verdict.word(), person.name, person.employee);
    let _ = writeln!(text, "    because   {}", person.reason);
    if let Some(link) = &person.new_link {
        let _ = writeln!(text, "    link      {link}");
    }
    if let Some(changes) = &person.changes {
        write_changes(text, changes, person.verdict);
    }
    for finding in &person.findings {
        let _ = writeln!(text, "    attention {} ({})\n              {}", finding.text, finding.whose, finding.hint);
    }
}

fn write_held(text: &mut String, person: &PersonPlan, brake: &Brake, limits: &[&Tripped]) {
    let Some(what) = held_of(person, brake) else { return };
    let kinds: Vec<&str> = limits.iter().map(|tripped| tripped.kind.word()).collect();
    let _ = writeln!(text, "    held      {what}, by the brake: {}", kinds.join(", "));
}

fn write_changes(text: &mut String, changes: &Changes, verdict: Verdict) {
    for change in &changes.fields {
        let after = change.after.as_ref().map_or_else(|| "(empty)".to_owned(), ToString::to_string);
        let before = if verdict == Verdict::Create { String::new() } else { format!("{} → ", change.before()) };
        let _ = writeln!(text, "    field     {} = {before}{after}{}", change.field(), place(change.reason()));
    }
    for change in &changes.references {
        let people: Vec<&str> = change.after.iter().map(reference).collect();
        let people = if people.is_empty() { "(nobody)".to_owned() } else { people.join(", ") };
        let _ = writeln!(text, "    field     {} = {people}{}", change.field, place(&change.reason));
    }
    for join in &changes.join {
        write_membership(text, "join", join);
    }
    for leave in &changes.leave {
        write_membership(text, "leave", leave);
    }
}

fn write_membership(text: &mut String, verb: &str, change: &MembershipChange) {
    let _ = writeln!(text, "    {verb:<9} {} as {}{}", change.name, change.role, place(&change.reason));
}

fn reference(person: &PersonRef) -> &str {
    match person {
        PersonRef::User(user) => user.as_str(),
        PersonRef::New(employee) => employee.as_str(),
    }
}

fn place(reason: &Reason) -> String {
    reason.origin.as_ref().map_or_else(String::new, |origin| format!("   [{origin}]"))
}

fn write_general(text: &mut String, plan: &Plan) {
    for miss in &plan.table_misses {
        let near = miss
            .nearest
            .as_ref()
            .map_or_else(String::new, |(line, key)| format!("; the nearest is `{key}` in line {line}"));
        let _ = writeln!(text, "attention {} has no row for `{}` ({} people){near}", miss.file, miss.key, miss.people);
        let _ = writeln!(text, "          row to paste: {}", miss.row);
    }
    for finding in &plan.findings {
        let _ = writeln!(text, "attention {} ({})\n          {}", finding.text, finding.whose, finding.hint);
    }
}

fn counts(plan: &Plan) -> String {
    let mut counts: BTreeMap<Verdict, usize> = BTreeMap::new();
    for person in &plan.people {
        *counts.entry(person.verdict).or_default() += 1;
    }
    let gone = plan.people.iter().filter(|person| !person.in_roster).count();
    let parts: Vec<String> = counts.iter().map(|(verdict, count)| format!("{count} {}", words(*verdict))).collect();
    let gone = if gone == 0 { String::new() } else { format!(" and {gone} linked users without an employee") };
    let verb = if counts.keys().any(|verdict| verdict.writes()) { "" } else { "nothing to change: " };
    format!("{verb}{} employees read{gone}: {}\n", plan.figures.employees, parts.join(", "))
}

fn words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Create => "to create",
        Verdict::Update => "to update",
        Verdict::Reactivate => "to reactivate",
        Verdict::Deactivate => "to deactivate",
        Verdict::Unchanged => "unchanged",
        Verdict::Ignore => "ignored",
        Verdict::OutOfScope => "out of scope",
        Verdict::Wait => "waiting",
        Verdict::Undecided => "undecided",
        Verdict::Conflict => "in conflict",
        Verdict::Protected => "protected",
        Verdict::Fail => "failing",
    }
}
