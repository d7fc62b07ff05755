//! One person's changes, as lines that people read: what, before, after, and why.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use super::language::Words;
use crate::model::plan::{Changes, FieldChange, MembershipChange, PersonRef, ReferenceChange};
use crate::model::{Access, Cell, Outcome, OutcomeKind, Reason, UserStatus, Value};

/// The people whom changes of a report lead to, by user and by employee, so that a manager is shown by name.
pub(super) struct Names {
    /// The words that changes are told in.
    pub(super) words: Words,
    pub(super) labels: Labels,
    users: HashMap<Arc<str>, Option<Arc<str>>>,
    employees: HashMap<Arc<str>, Option<Arc<str>>>,
}

/// The words that nearly every change is told in, looked up once.
pub(super) struct Labels {
    access: Arc<str>,
    account: Arc<str>,
    pub(super) joined: Arc<str>,
    pub(super) left: Arc<str>,
    fields: Arc<str>,
    pub(super) empty: Arc<str>,
}

impl Labels {
    fn of(words: Words) -> Self {
        Self {
            access: words.say("change-access").into(),
            account: words.say("change-account").into(),
            joined: words.say("change-joined").into(),
            left: words.say("change-left").into(),
            fields: words.say("change-fields").into(),
            empty: words.say("value-empty").into(),
        }
    }
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
    pub(super) fn of(outcomes: &[Outcome], words: Words) -> Self {
        let (mut users, mut employees) = (HashMap::new(), HashMap::new());
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
        Self { words, labels: Labels::of(words), users, employees }
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
    lines.extend(outcome.person.changes.iter().flat_map(|changes| memberships(changes, &names.labels)));
    lines
}

/// Everything that was done for one person but for the groups they joined and left.
pub(super) fn apart_from_groups(outcome: &Outcome, names: &Names) -> Vec<Line> {
    let mut lines: Vec<Line> = access(outcome, names).into_iter().chain(linked(outcome, names)).collect();
    if let Some(changes) = &outcome.person.changes {
        let fields = changes.fields.iter().map(|change| field(change, names));
        lines.extend(fields.chain(references(changes, names)));
    }
    lines
}

/// What was done for a new user, without the value of every field.
pub(super) fn of_creation(outcome: &Outcome, names: &Names) -> Vec<Line> {
    let Some(changes) = &outcome.person.changes else { return Vec::new() };
    let (count, words) = (changes.fields.len(), names.words);
    let fields = (count > 0).then(|| Line {
        label: Arc::clone(&names.labels.fields),
        before: None,
        after: words.counted("change-fields-filled", count),
        why: None,
    });
    let lines = access(outcome, names).into_iter().chain(fields).chain(references(changes, names));
    lines.chain(memberships(changes, &names.labels)).collect()
}

/// Fields, references and memberships.
pub(super) fn written(changes: &Changes, names: &Names) -> Vec<Line> {
    let fields = changes.fields.iter().map(|change| field(change, names));
    fields.chain(references(changes, names)).chain(memberships(changes, &names.labels)).collect()
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

/// A reason and its line.
pub(super) fn told(reason: &Reason, words: Words) -> String {
    let text = words.sentence(&reason.text);
    match &reason.origin {
        Some(origin) => format!("{text} ({origin})"),
        None => text.into_owned(),
    }
}

/// How somebody got or lost access.
pub(super) fn access(outcome: &Outcome, names: &Names) -> Option<Line> {
    let words = names.words;
    let changes = outcome.person.changes.as_deref();
    let before = changes.and_then(|changes| changes.status_before).map(|before| status(before, words));
    let (before, after) = match outcome.kind {
        OutcomeKind::Created => (None, given(changes?.access?, words)),
        OutcomeKind::Reactivated => (before, status(UserStatus::Active, words)),
        OutcomeKind::Updated if changes.is_some_and(|changes| changes.access.is_some()) => {
            (before, status(UserStatus::Active, words))
        }
        OutcomeKind::Deactivated => (before, status(UserStatus::Inactive, words)),
        _ => return None,
    };
    let label = Arc::clone(&names.labels.access);
    Some(Line { label, before, after, why: Some(outcome.person.reason.clone()) })
}

fn status(status: UserStatus, words: Words) -> String {
    words.say(match status {
        UserStatus::Active => "status-active",
        UserStatus::Invited => "status-invited",
        UserStatus::Inactive => "status-inactive",
    })
}

fn given(access: Access, words: Words) -> String {
    words.say(match access {
        Access::Invite => "access-invited",
        Access::ActiveWithEmail => "access-with-mail",
        Access::Active => "access-without-mail",
    })
}

/// That somebody's user was there before.
pub(super) fn linked(outcome: &Outcome, names: &Names) -> Option<Line> {
    let reason = outcome.person.new_link.as_ref().filter(|_| outcome.kind != OutcomeKind::Created)?;
    let (label, after) = (Arc::clone(&names.labels.account), names.words.say("change-account-found"));
    Some(Line { label, before: None, after, why: Some(reason.clone()) })
}

fn field(change: &FieldChange, names: &Names) -> Line {
    let words = names.words;
    let before = match change.before() {
        Cell::NotDelivered => None,
        Cell::Empty => Some(names.labels.empty.to_string()),
        Cell::Value(before) => Some(value(before, words)),
    };
    let after = change.after.as_ref().map_or_else(|| names.labels.empty.to_string(), |after| value(after, words));
    Line { label: Arc::clone(change.field().shared()), before, after, why: Some(change.reason().clone()) }
}

/// A value as it is, but for what has words.
fn value(value: &Value, words: Words) -> String {
    match value {
        Value::YesNo(true) => words.say("value-yes"),
        Value::YesNo(false) => words.say("value-no"),
        other => other.to_string(),
    }
}

/// Managers and other references to people.
pub(super) fn references(changes: &Changes, names: &Names) -> Vec<Line> {
    changes.references.iter().map(|change| reference(changes, change, names)).collect()
}

/// A new user had nobody before, so nothing is shown for that.
fn reference(changes: &Changes, change: &ReferenceChange, names: &Names) -> Line {
    let before: Vec<_> = change.before.iter().map(|id| names.user(id.as_str())).collect();
    let after: Vec<_> = change.after.iter().map(|person| names.person(person)).collect();
    let or_empty =
        |people: Vec<&str>| if people.is_empty() { names.labels.empty.to_string() } else { people.join(", ") };
    Line {
        label: Arc::clone(change.field.shared()),
        before: changes.access.is_none().then(|| or_empty(before)),
        after: or_empty(after),
        why: Some(change.reason.clone()),
    }
}

fn memberships<'a>(changes: &'a Changes, labels: &'a Labels) -> impl Iterator<Item = Line> + 'a {
    let line = |label: &Arc<str>, change: &Arc<MembershipChange>| Line {
        label: Arc::clone(label),
        before: None,
        after: membership(change),
        why: Some(change.reason.clone()),
    };
    let joined = changes.join.iter().map(move |change| line(&labels.joined, change));
    joined.chain(changes.leave.iter().map(move |change| line(&labels.left, change)))
}

/// A group and, where there is one, the role in it.
pub(super) fn membership(change: &MembershipChange) -> String {
    if change.role.is_empty() { change.name.to_string() } else { format!("{} ({})", change.name, change.role) }
}
