//! What the brake holds back: everybody by name, what is held for them, and what to type to let it pass.

use std::collections::HashMap;

use super::super::changes::{Names, in_one_cell, told, written};
use super::super::language::Words;
use super::super::words::short;
use super::{Affected, Cause, Group, RunReport, holding};
use crate::model::plan::{Changes, FieldChange};
use crate::model::{EmployeeId, LimitKind, Outcome, Tripped};

/// One group for each limit that was broken and not approved.
pub(super) fn groups(report: &RunReport, words: Words) -> Vec<Group> {
    if holding(report).next().is_none() {
        return Vec::new();
    }
    let names = Names::of(&report.outcomes, words);
    let outcomes = report.outcomes.iter().map(|outcome| (&outcome.person.employee, outcome)).collect();
    holding(report).map(|tripped| group(tripped, &outcomes, &names)).collect()
}

fn group(tripped: &Tripped, outcomes: &HashMap<&EmployeeId, &Outcome>, names: &Names) -> Group {
    let words = names.words;
    let what = what(tripped, words);
    let hint = words.with("held-approve", [("approval", tripped.approval().into())]);
    let affected = tripped.people.iter().map(|(employee, name)| {
        let outcome = outcomes.get(employee);
        Affected {
            detail: outcome.map(|outcome| short(&detail(tripped, outcome, names))).unwrap_or_default(),
            text: what.clone(),
            hint: hint.clone(),
            ..outcome.map_or_else(|| unknown(employee, name), |outcome| Affected::person(outcome))
        }
    });
    let mut affected: Vec<Affected> = affected.collect();
    Group {
        cause: Cause::Held,
        whose: None,
        todo: todo(tripped.kind, words),
        place: in_common(&mut affected),
        paste: Some(tripped.approval()),
        affected,
        what,
    }
}

/// What is the same for all of several people is said once.
fn in_common(affected: &mut [Affected]) -> Option<String> {
    let [first, .., last] = affected else { return None };
    let detail = first.detail.clone();
    if detail.is_empty() || last.detail != detail || affected.iter().any(|one| one.detail != detail) {
        return None;
    }
    affected.iter_mut().for_each(|one| one.detail.clear());
    Some(detail)
}

fn unknown(employee: &EmployeeId, name: &str) -> Affected {
    Affected { employee: Some(employee.clone()), name: name.to_owned(), ..Affected::default() }
}

fn what(tripped: &Tripped, words: Words) -> String {
    let limit = words.sentence(&tripped.limit).into_owned();
    let field = tripped.field.as_ref().map_or_else(|| words.say("held-a-field"), ToString::to_string);
    let text = match tripped.kind {
        LimitKind::Deactivate => "held-deactivate",
        LimitKind::ChangeLogin => "held-change-login",
        LimitKind::ClearField => "held-clear-field",
        LimitKind::SourceShrink => "held-source-shrink",
        LimitKind::TargetShrink => "held-target-shrink",
    };
    words.with(text, [("n", tripped.count.into()), ("limit", limit.into()), ("field", field.into())])
}

fn todo(kind: LimitKind, words: Words) -> String {
    words.say(match kind {
        LimitKind::Deactivate => "held-deactivate-todo",
        LimitKind::ChangeLogin => "held-change-login-todo",
        LimitKind::ClearField => "held-clear-field-todo",
        LimitKind::SourceShrink => "held-source-shrink-todo",
        LimitKind::TargetShrink => "held-target-shrink-todo",
    })
}

/// What is held for one person: the change the limit is about, or the reason why access would end.
fn detail(tripped: &Tripped, outcome: &Outcome, names: &Names) -> String {
    let of = |wanted: &dyn Fn(&FieldChange) -> bool| {
        let fields = outcome.held.iter().flat_map(|held| &held.fields).filter(|change| wanted(change)).cloned();
        let only = Changes { fields: fields.collect(), ..Changes::default() };
        in_one_cell(&written(&only, names))
    };
    match tripped.kind {
        LimitKind::Deactivate | LimitKind::SourceShrink | LimitKind::TargetShrink => {
            told(&outcome.person.reason, names.words)
        }
        LimitKind::ChangeLogin => of(&FieldChange::login),
        LimitKind::ClearField => of(&|change| tripped.field.as_ref() == Some(change.field())),
    }
}
