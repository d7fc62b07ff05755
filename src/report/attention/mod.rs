//! What needs attention, by cause: what happened, whose move it is, what to do, where, and whom it concerns.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::RunReport;
use crate::model::{EmployeeId, Outcome, Tripped, UnreadableRecord, Whose};

mod held;
mod people;
mod shape;
mod tables;

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
}

/// Everything that needs attention.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Attention {
    /// The groups, what weighs most first.
    pub groups: Vec<Group>,
}

impl Cause {
    /// The heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Refused => "The run did not go through",
            Self::Held => "Held by the brake",
            Self::Failed => "Failed",
            Self::Conflict => "Conflict, nothing was done",
            Self::Undecided => "Not decided, something was not delivered",
            Self::Finding(Whose::Source) => "To put right in HiBob",
            Self::Finding(Whose::Recipe) => "To put right in the recipe or a table",
            Self::Finding(Whose::Target) => "To settle in the target",
            Self::Finding(Whose::Credentials) => "Credentials or permissions",
            Self::TableMiss => "Values that no table row knows",
            Self::Unreadable => "Records that could not be read",
        }
    }
}

impl Attention {
    /// Collects everything that needs attention.
    #[must_use]
    pub fn of(report: &RunReport) -> Self {
        let mut groups: Vec<Group> = refused(report).into_iter().chain(held::groups(report)).collect();
        groups.extend(people::groups(report));
        groups.extend(tables::groups(report));
        groups.extend(unreadable(report));
        // Stable: within a cause the larger group comes first, and equals stay in the order they were found in.
        groups.sort_by_key(|group| (group.cause, std::cmp::Reverse(group.affected.len())));
        Self { groups }
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
    /// Whose move it is, in words.
    #[must_use]
    pub fn move_of(&self) -> &'static str {
        match self.whose {
            Some(whose) => whose.title(),
            None if self.cause == Cause::Held => "yours: approve it, or put it right",
            None => "whoever runs Rollbook",
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

fn refused(report: &RunReport) -> Option<Group> {
    let todo = if report.changed_anything() {
        "Put that right and run the sync again: it goes on from what is there now, nothing is done twice."
    } else {
        "Put that right and run the sync again; until then everything stays as it is."
    };
    Some(Group {
        cause: Cause::Refused,
        whose: None,
        what: report.refused.clone()?,
        todo: todo.to_owned(),
        place: None,
        paste: None,
        affected: Vec::new(),
    })
}

/// One group for each thing that can be wrong with a record.
fn unreadable(report: &RunReport) -> Vec<Group> {
    let mut alike: BTreeMap<String, Vec<&UnreadableRecord>> = BTreeMap::new();
    for record in &report.unreadable {
        alike.entry(shape::shape(&record.reason)).or_default().push(record);
    }
    alike.into_values().map(|records| unreadable_alike(&records)).collect()
}

fn unreadable_alike(records: &[&UnreadableRecord]) -> Group {
    let reasons = shape::merge(&records.iter().map(|record| &*record.reason).collect::<Vec<_>>());
    let affected = records.iter().zip(reasons.own).map(|(record, detail)| Affected {
        name: record_name(record.position),
        detail,
        text: record.reason.clone(),
        hint: UNREADABLE_HINT.to_owned(),
        ..Affected::default()
    });
    Group {
        cause: Cause::Unreadable,
        whose: Some(Whose::Source),
        what: reasons.text,
        todo: UNREADABLE_HINT.to_owned(),
        place: None,
        paste: None,
        affected: affected.collect(),
    }
}

/// What to do about a record that is no employee.
pub(super) const UNREADABLE_HINT: &str = "Look at it in HiBob; records are counted in the order they are delivered";

/// How a record that is no employee is named.
pub(super) fn record_name(position: usize) -> String {
    format!("record {position}")
}

/// The limits that hold something back.
pub(super) fn holding(report: &RunReport) -> impl Iterator<Item = &Tripped> {
    report.tripped.iter().filter(|tripped| !tripped.approved)
}
