//! One person's changes, as lines that people read: what, before, after, and why.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use super::words::short;
use crate::model::plan::{Changes, FieldChange, MembershipChange, PersonRef, ReferenceChange};
use crate::model::{Access, Cell, Outcome, OutcomeKind, Reason, UserStatus};

/// The people whom changes of a report lead to, by user and by employee, so that a manager is shown by name.
#[derive(Default)]
pub(super) struct Names {
    users: HashMap<Arc<str>, Option<Arc<str>>>,
    employees: HashMap<Arc<str>, Option<Arc<str>>>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// The field, "manager", "joined", "left", "access".
    pub(super) label: Arc<str>,
    /// What was there, where that is known and says something.
    pub(super) before: Option<String>,
    /// What is there now.
    pub(super) after: String,
    /// The rule or row that asked for it, with its line.
    pub(super) why: Option<Reason>,
}

impl Names {
    /// The names of everybody whom somebody's changes lead to: of most reports, few people.
    pub(super) fn of(outcomes: &[Outcome]) -> Self {
        let Self { mut users, mut employees } = Self::default();
        for change in outcomes.iter().flat_map(changes_of).flat_map(|changes| &changes.references) {
            users.extend(change.before.iter().map(|id| (Arc::clone(id.shared()), None)));
            for person in &change.after {
                match person {
                    PersonRef::User(id) => _ = users.insert(Arc::clone(id.shared()), None),
                    PersonRef::New(id) => _ = employees.insert(Arc::clone(id.shared()), None),
                }
            }
        }
        let named = if users.is_empty() && employees.is_empty() { &[] } else { outcomes };
        for Outcome { person, .. } in named {
            if let Some(name) = person.user.as_ref().and_then(|id| users.get_mut(id.as_str())) {
                *name = Some(Arc::clone(&person.name));
            }
            if let Some(name) = employees.get_mut(person.employee.as_str()) {
                *name = Some(Arc::clone(&person.name));
            }
        }
        Self { users, employees }
    }

    fn user<'b>(&'b self, id: &'b str) -> &'b str {
        self.users.get(id).and_then(Option::as_deref).unwrap_or(id)
    }

    fn person<'b>(&'b self, person: &'b PersonRef) -> &'b str {
        match person {
            PersonRef::User(id) => self.user(id.as_str()),
            PersonRef::New(id) => self.employees.get(id.as_str()).and_then(Option::as_deref).unwrap_or(id.as_str()),
        }
    }
}

/// The changes of one person that were carried out, and those that were held.
fn changes_of(outcome: &Outcome) -> impl Iterator<Item = &Changes> {
    outcome.person.changes.iter().chain(&outcome.held).map(|changes| &**changes)
}

/// Everything that was done for one person, the way they got access first.
pub(super) fn all(outcome: &Outcome, names: &Names) -> Vec<Line> {
    let mut lines = apart_from_groups(outcome, names);
    lines.extend(outcome.person.changes.iter().flat_map(|changes| memberships(changes)));
    lines
}

/// Everything that was done for one person but for the groups they joined and left.
pub(super) fn apart_from_groups(outcome: &Outcome, names: &Names) -> Vec<Line> {
    let mut lines: Vec<Line> = access(outcome).into_iter().chain(linked(outcome)).collect();
    if let Some(changes) = &outcome.person.changes {
        lines.extend(changes.fields.iter().map(field).chain(references(changes, names)));
    }
    lines
}

/// What was done for a new user, without the value of every field.
pub(super) fn of_creation(outcome: &Outcome, names: &Names) -> Vec<Line> {
    let Some(changes) = &outcome.person.changes else { return Vec::new() };
    let count = changes.fields.len();
    let fields = (count > 0).then(|| Line {
        label: "fields".into(),
        before: None,
        after: format!("{count} filled in; their values are in the CSV of this run"),
        why: None,
    });
    access(outcome).into_iter().chain(fields).chain(references(changes, names)).chain(memberships(changes)).collect()
}

/// Fields, references and memberships.
pub(super) fn written(changes: &Changes, names: &Names) -> Vec<Line> {
    changes.fields.iter().map(field).chain(references(changes, names)).chain(memberships(changes)).collect()
}

/// Lines as the text of one cell.
pub(super) fn in_one_cell(lines: &[Line]) -> String {
    let mut cell = String::new();
    for line in lines {
        let separator = if cell.is_empty() { "" } else { "; " };
        // Writing to a text cannot fail.
        let _ = write!(cell, "{separator}{line}");
    }
    cell
}

impl std::fmt::Display for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.before {
            Some(before) => write!(f, "{}: {before} → {}", self.label, self.after),
            None => write!(f, "{}: {}", self.label, self.after),
        }
    }
}

impl Line {
    /// The reason as text of its own.
    pub(super) fn why_text(&self) -> String {
        self.why.as_ref().map(Reason::to_string).unwrap_or_default()
    }

    /// The same line with values that are too long cut.
    pub(super) fn shown(mut self) -> Self {
        self.before = self.before.map(|before| short(&before));
        self.after = short(&self.after);
        self
    }
}

fn access(outcome: &Outcome) -> Option<Line> {
    let changes = outcome.person.changes.as_deref();
    let before = changes.and_then(|changes| changes.status_before).map(|status| status.to_string());
    let (before, after) = match outcome.kind {
        OutcomeKind::Created => (None, given(changes?.access?).to_owned()),
        OutcomeKind::Reactivated => (before, UserStatus::Active.to_string()),
        OutcomeKind::Updated if changes.is_some_and(|changes| changes.access.is_some()) => {
            (before, UserStatus::Active.to_string())
        }
        OutcomeKind::Deactivated => (before, UserStatus::Inactive.to_string()),
        _ => return None,
    };
    Some(Line { label: "access".into(), before, after, why: Some(outcome.person.reason.clone()) })
}

fn given(access: Access) -> &'static str {
    match access {
        Access::Invite => "invited by mail",
        Access::ActiveWithEmail => "active, with a welcome mail",
        Access::Active => "active, without a mail",
    }
}

fn linked(outcome: &Outcome) -> Option<Line> {
    let reason = outcome.person.new_link.as_ref().filter(|_| outcome.kind != OutcomeKind::Created)?;
    let after = "existing user found and remembered".to_owned();
    Some(Line { label: "account".into(), before: None, after, why: Some(reason.clone()) })
}

fn field(change: &FieldChange) -> Line {
    let before = match change.before() {
        Cell::NotDelivered => None,
        known => Some(known.to_string()),
    };
    let after = change.after.as_ref().map_or_else(|| Cell::Empty.to_string(), ToString::to_string);
    Line { label: Arc::clone(change.field().shared()), before, after, why: Some(change.reason().clone()) }
}

fn references(changes: &Changes, names: &Names) -> Vec<Line> {
    changes.references.iter().map(|change| reference(changes, change, names)).collect()
}

/// A new user had nobody before, so nothing is shown for that.
fn reference(changes: &Changes, change: &ReferenceChange, names: &Names) -> Line {
    let before: Vec<_> = change.before.iter().map(|id| names.user(id.as_str())).collect();
    let after: Vec<_> = change.after.iter().map(|person| names.person(person)).collect();
    let or_empty = |people: Vec<&str>| if people.is_empty() { Cell::Empty.to_string() } else { people.join(", ") };
    Line {
        label: Arc::clone(change.field.shared()),
        before: changes.access.is_none().then(|| or_empty(before)),
        after: or_empty(after),
        why: Some(change.reason.clone()),
    }
}

fn memberships(changes: &Changes) -> impl Iterator<Item = Line> {
    let line = |label: &str, change: &Arc<MembershipChange>| Line {
        label: label.into(),
        before: None,
        after: membership(change),
        why: Some(change.reason.clone()),
    };
    let joined = changes.join.iter().map(move |change| line("joined", change));
    joined.chain(changes.leave.iter().map(move |change| line("left", change)))
}

/// A group and, where there is one, the role in it.
pub(super) fn membership(change: &MembershipChange) -> String {
    if change.role.is_empty() { change.name.to_string() } else { format!("{} ({})", change.name, change.role) }
}
