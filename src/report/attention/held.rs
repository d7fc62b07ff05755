//! What the brake holds back: everybody by name, what is held for them, and what to type to let it pass.

use std::collections::HashMap;

use super::super::changes::{Names, in_one_cell, written};
use super::super::words::{counted, people, short};
use super::{Affected, Cause, Group, RunReport, holding};
use crate::model::plan::{Changes, FieldChange};
use crate::model::{EmployeeId, LimitKind, Outcome, Tripped};

/// One group for each limit that was broken and not approved.
pub(super) fn groups(report: &RunReport) -> Vec<Group> {
    if holding(report).next().is_none() {
        return Vec::new();
    }
    let names = Names::of(&report.outcomes);
    let outcomes = report.outcomes.iter().map(|outcome| (&outcome.person.employee, outcome)).collect();
    holding(report).map(|tripped| group(tripped, &outcomes, &names)).collect()
}

fn group(tripped: &Tripped, outcomes: &HashMap<&EmployeeId, &Outcome>, names: &Names) -> Group {
    let what = what(tripped);
    let hint = format!("approve with {}, or put it right", tripped.approval());
    let affected = tripped.people.iter().map(|(employee, name)| {
        let outcome = outcomes.get(employee);
        Affected {
            detail: outcome.map(|outcome| short(&detail(tripped, outcome, names))).unwrap_or_default(),
            text: what.clone(),
            hint: hint.clone(),
            ..outcome.map_or_else(|| unknown(employee, name), |outcome| Affected::person(outcome))
        }
    });
    Group {
        cause: Cause::Held,
        whose: None,
        todo: todo(tripped.kind).to_owned(),
        place: None,
        paste: Some(tripped.approval()),
        affected: affected.collect(),
        what,
    }
}

fn unknown(employee: &EmployeeId, name: &str) -> Affected {
    Affected { employee: Some(employee.clone()), name: name.to_owned(), ..Affected::default() }
}

fn what(tripped: &Tripped) -> String {
    let (count, limit) = (tripped.count, &tripped.limit);
    match tripped.kind {
        LimitKind::Deactivate => format!("{} would lose access; the limit is {limit}", people(count)),
        LimitKind::ChangeLogin => format!("{} would log in with another name; the limit is {limit}", people(count)),
        LimitKind::ClearField => {
            let field = tripped.field.as_ref().map_or("a field", |field| field.as_str());
            format!("`{field}` would be emptied for {}; the limit is {limit}", people(count))
        }
        LimitKind::SourceShrink => {
            let missing = counted(count, "employee is", "employees are");
            format!("{missing} missing since the last full sync; the limit is {limit}; every end of access is held")
        }
        LimitKind::TargetShrink => {
            format!("{} would be created again, because their users are gone; the limit is {limit}", people(count))
        }
    }
}

fn todo(kind: LimitKind) -> &'static str {
    match kind {
        LimitKind::Deactivate => {
            "Go through the names. If all of them have left, run the sync again with the words below. \
             If not, look for a status or rule that was changed."
        }
        LimitKind::ChangeLogin => {
            "Go through the names. If the new logins are right, run the sync again with the words below. \
             If not, look for a mapping or an address rule that was changed."
        }
        LimitKind::ClearField => {
            "If it is meant to be empty for all of them, run the sync again with the words below. \
             If not, look for a change to this field in HiBob or to its row in the table."
        }
        LimitKind::SourceShrink => {
            "See in HiBob whether these people are really gone, and whether the service user may still see everybody. \
             If they are gone, run the sync again with the words below."
        }
        LimitKind::TargetShrink => {
            "See whether the recipe leads to the right target, and whether its users were lost or deleted. \
             If they are to be created and invited again, run the sync again with the words below."
        }
    }
}

/// What is held for one person: the change the limit is about, or the reason why access would end.
fn detail(tripped: &Tripped, outcome: &Outcome, names: &Names) -> String {
    let of = |wanted: &dyn Fn(&FieldChange) -> bool| {
        let fields = outcome.held.iter().flat_map(|held| &held.fields).filter(|change| wanted(change)).cloned();
        let only = Changes { fields: fields.collect(), ..Changes::default() };
        in_one_cell(&written(&only, names))
    };
    match tripped.kind {
        LimitKind::Deactivate | LimitKind::SourceShrink | LimitKind::TargetShrink => outcome.person.reason.to_string(),
        LimitKind::ChangeLogin => of(&FieldChange::login),
        LimitKind::ClearField => of(&|change| tripped.field.as_ref() == Some(change.field())),
    }
}
