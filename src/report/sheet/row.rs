//! One row of the table of people: everything there is to say of somebody, each in its cell.

use std::sync::Arc;

use super::super::attention::{Affected, Cause, Group, UNREADABLE_HINT, record_name};
use super::super::changes::{Names, apart_from_groups, in_one_cell, membership, written};
use super::super::language::Words;
use crate::model::plan::MembershipChange;
use crate::model::{Outcome, SheetColumn, UnreadableRecord};

/// The cells of one row, in the order of [`SheetColumn::ALL`], those that are left out among them.
pub(in crate::report) type Row = [String; SheetColumn::ALL.len()];

/// What needs attention of one person.
pub(in crate::report) type Concerns<'a> = [(&'a Group, &'a Affected)];

/// The row of somebody.
pub(in crate::report) fn of_person(outcome: &Outcome, concerns: &Concerns<'_>, names: &Names) -> Row {
    let person = &outcome.person;
    let done = person.changes.as_deref();
    let held = outcome.held.as_deref();
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    SheetColumn::ALL.map(|column| match column {
        SheetColumn::EmployeeId => person.employee.to_string(),
        SheetColumn::Name => person.name.to_string(),
        SheetColumn::Email => text(person.email.as_deref()),
        SheetColumn::Outcome => outcome.kind.to_string(),
        SheetColumn::Reason => names.words.sentence(&person.reason.text).into_owned(),
        SheetColumn::Where => person.reason.origin.as_ref().map(ToString::to_string).unwrap_or_default(),
        SheetColumn::UserId => text(person.user.as_ref().map(|user| user.as_str())),
        SheetColumn::Changes => in_one_cell(&apart_from_groups(outcome, names)),
        SheetColumn::GroupsJoined => done.map(|changes| memberships(&changes.join)).unwrap_or_default(),
        SheetColumn::GroupsLeft => done.map(|changes| memberships(&changes.leave)).unwrap_or_default(),
        SheetColumn::Held => {
            held_cell(held.map(|changes| in_one_cell(&written(changes, names))), concerns, names.words)
        }
        SheetColumn::Attention => {
            distinct(concerns.iter().map(|(group, affected)| with_place(&affected.text, group.place.as_deref())))
        }
        SheetColumn::Hint => distinct(concerns.iter().map(|(_, affected)| affected.hint.clone())),
        SheetColumn::Whose => distinct(concerns.iter().map(|(group, _)| group.move_of(names.words))),
    })
}

/// The row of a record that is no employee.
pub(in crate::report) fn of_record(record: &UnreadableRecord, words: Words) -> Row {
    SheetColumn::ALL.map(|column| match column {
        SheetColumn::Name => record_name(record.position, words),
        SheetColumn::Outcome => "unreadable".to_owned(),
        SheetColumn::Reason | SheetColumn::Attention => words.sentence(&record.reason).into_owned(),
        SheetColumn::Hint => words.say(UNREADABLE_HINT),
        SheetColumn::Whose => words.say("whose-source"),
        _ => String::new(),
    })
}

/// What is held; where that is the end of access, there is no field to show.
fn held_cell(fields: Option<String>, concerns: &Concerns<'_>, words: Words) -> String {
    let held = concerns.iter().any(|(group, _)| group.cause == Cause::Held);
    match fields {
        Some(fields) if !fields.is_empty() => fields,
        Some(_) => words.say("held-end-of-access"),
        None if held => words.say("value-yes"),
        None => String::new(),
    }
}

fn memberships(changes: &[Arc<MembershipChange>]) -> String {
    changes.iter().map(|change| membership(change)).collect::<Vec<_>>().join("; ")
}

fn with_place(text: &str, place: Option<&str>) -> String {
    place.map_or_else(|| text.to_owned(), |place| format!("{text} [{place}]"))
}

fn distinct(texts: impl Iterator<Item = String>) -> String {
    let mut kept: Vec<String> = Vec::new();
    for text in texts {
        if !text.is_empty() && !kept.contains(&text) {
            kept.push(text);
        }
    }
    kept.join("; ")
}
