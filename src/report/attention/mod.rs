//! What needs attention, by cause: what happened, whose move it is, what to do, where, and whom it concerns.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::RunReport;
use super::language::Words;
use crate::model::{EmployeeId, Outcome, Tripped, UnreadableRecord, Whose};

mod held;
mod people;
mod shape;
mod tables;

pub(super) use shape::with_values_hidden;

/// Why something needs attention, in the order of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// The run was refused or ended early.
    Refused,
    /// The brake held changes back.
    Held,
    /// Somebody could not be handled.
    Failed,
    /// Two records or users stand against each other.
    Conflict,
    /// A decision was not possible without a permission.
    Undecided,
    /// Something else that somebody should look at.
    Finding(Whose),
    /// A value that no row of a value table knows.
    TableMiss,
    /// A record that is no employee.
    Unreadable,
}

/// One cause and everybody it concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Why.
    pub cause: Cause,
    /// Whose move it is; `None` where the reader decides.
    pub whose: Option<Whose>,
    /// What happened; `…` stands where people differ.
    pub what: String,
    /// What to do.
    pub todo: String,
    /// The rule or file and its line.
    pub place: Option<String>,
    /// Something to type or to paste, ready as it is; may be several lines.
    pub paste: Option<String>,
    /// Whom or what it concerns; empty where it belongs to nobody.
    pub affected: Vec<Affected>,
}

/// Somebody, or something, that a cause concerns.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Affected {
    /// The employee, if it is a person.
    pub employee: Option<EmployeeId>,
    /// The person's name; or the value, or the record.
    pub name: String,
    /// The person's address.
    pub email: Option<String>,
    /// What is this one's own: the value, the change that is held.
    pub detail: String,
    /// What happened, in full, for this one alone.
    pub text: String,
    /// What to do, in full, for this one alone.
    pub hint: String,
    /// Whether this person did not need attention in the run before.
    pub is_new: bool,
}

/// Everything that needs attention.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attention {
    /// The groups, what weighs most first.
    pub groups: Vec<Group>,
}

impl Cause {
    /// The heading.
    pub(super) fn title(self, words: Words) -> String {
        words.say(match self {
            Self::Refused => "cause-refused",
            Self::Held => "cause-held",
            Self::Failed => "cause-failed",
            Self::Conflict => "cause-conflict",
            Self::Undecided => "cause-undecided",
            Self::Finding(Whose::Source) => "cause-source",
            Self::Finding(Whose::Recipe) => "cause-recipe",
            Self::Finding(Whose::Target) => "cause-target",
            Self::Finding(Whose::Credentials) => "cause-credentials",
            Self::TableMiss => "cause-table-miss",
            Self::Unreadable => "cause-unreadable",
        })
    }
}

impl Attention {
    /// Collects everything that needs attention, in the report's language.
    #[must_use]
    pub fn of(report: &RunReport) -> Self {
        Self::in_words(report, Words::of(report.language))
    }

    /// The same in other words.
    pub(super) fn in_words(report: &RunReport, words: Words) -> Self {
        let mut groups: Vec<Group> = refused(report, words).into_iter().chain(held::groups(report, words)).collect();
        groups.extend(people::groups(report, words));
        groups.extend(tables::groups(report, words));
        groups.extend(unreadable(report, words));
        if let Some(before) = &report.needed_attention {
            groups.iter_mut().for_each(|group| group.mark_new(before));
        }
        // Stable: within a cause the larger group comes first, and equals stay in the order they were found in.
        groups.sort_by_key(|group| (group.cause, std::cmp::Reverse(group.affected.len())));
        Self { groups }
    }

    /// The people whom something concerns, without finding out what it is.
    #[must_use]
    pub fn people(report: &RunReport) -> BTreeSet<&EmployeeId> {
        let held = holding(report).flat_map(|tripped| &tripped.people).map(|(employee, _)| employee);
        let others = report.outcomes.iter().filter(|outcome| people::concerns(outcome));
        held.chain(others.map(|outcome| &outcome.person.employee)).collect()
    }

    /// People, records, values and other things that need attention, each counted once.
    #[must_use]
    pub fn count(&self) -> usize {
        let mut people = HashSet::new();
        let mut things = 0;
        for group in self.groups.iter().filter(|group| group.cause != Cause::Refused) {
            things += usize::from(group.affected.is_empty());
            for affected in &group.affected {
                match &affected.employee {
                    Some(employee) => _ = people.insert(employee),
                    None => things += 1,
                }
            }
        }
        people.len() + things
    }

    /// What concerns each person.
    #[must_use]
    pub fn by_employee(&self) -> HashMap<&EmployeeId, Vec<(&Group, &Affected)>> {
        let mut people: HashMap<_, Vec<_>> = HashMap::new();
        for group in &self.groups {
            for affected in &group.affected {
                if let Some(employee) = &affected.employee {
                    people.entry(employee).or_default().push((group, affected));
                }
            }
        }
        people
    }
}

impl Group {
    /// Those who did not need attention before come first; two that stand against each other stay together.
    fn mark_new(&mut self, before: &BTreeSet<EmployeeId>) {
        for one in &mut self.affected {
            one.is_new = one.employee.as_ref().is_some_and(|id| !before.contains(id));
        }
        if self.cause != Cause::Conflict {
            self.affected.sort_by_key(|one| !one.is_new);
        }
    }

    /// Whose move it is, in words.
    pub(super) fn move_of(&self, words: Words) -> String {
        match self.whose {
            Some(whose) => words.whose(whose),
            None if self.cause == Cause::Held => words.say("whose-reader"),
            None => words.say("whose-operator"),
        }
    }
}

impl Affected {
    fn person(outcome: &Outcome) -> Self {
        let person = &outcome.person;
        Self {
            employee: Some(person.employee.clone()),
            name: person.name.to_string(),
            email: person.email.as_deref().map(str::to_owned),
            ..Self::default()
        }
    }
}

fn refused(report: &RunReport, words: Words) -> Option<Group> {
    let todo = if report.changed_anything() { "refused-begun" } else { "refused-not-begun" };
    Some(Group {
        cause: Cause::Refused,
        whose: None,
        what: words.sentence(report.refused.as_ref()?).into_owned(),
        todo: words.say(todo),
        place: None,
        paste: None,
        affected: Vec::new(),
    })
}

/// One group for each thing that can be wrong with a record.
fn unreadable(report: &RunReport, words: Words) -> Vec<Group> {
    let mut alike: BTreeMap<String, Vec<(&UnreadableRecord, Cow<'_, str>)>> = BTreeMap::new();
    for record in &report.unreadable {
        let reason = words.sentence(&record.reason);
        alike.entry(shape::shape(&reason)).or_default().push((record, reason));
    }
    alike.into_values().map(|records| unreadable_alike(&records, words)).collect()
}

fn unreadable_alike(records: &[(&UnreadableRecord, Cow<'_, str>)], words: Words) -> Group {
    let reasons = shape::merge(&records.iter().map(|(_, reason)| &**reason).collect::<Vec<_>>());
    let affected = records.iter().zip(reasons.own).map(|((record, reason), detail)| Affected {
        name: record_name(record.position, words),
        detail,
        text: reason.clone().into_owned(),
        hint: words.say(UNREADABLE_HINT),
        ..Affected::default()
    });
    Group {
        cause: Cause::Unreadable,
        whose: Some(Whose::Source),
        what: reasons.text,
        todo: words.say(UNREADABLE_HINT),
        place: None,
        paste: None,
        affected: affected.collect(),
    }
}

/// What to do about a record that is no employee.
pub(super) const UNREADABLE_HINT: &str = "unreadable-todo";

/// How a record that is no employee is named.
pub(super) fn record_name(position: usize, words: Words) -> String {
    words.with("unreadable-record", [("position", position.into())])
}

/// The limits that hold something back.
pub(super) fn holding(report: &RunReport) -> impl Iterator<Item = &Tripped> {
    report.tripped.iter().filter(|tripped| !tripped.approved)
}
