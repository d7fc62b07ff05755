//! People with a heading: who was changed, who is in no group, who needs attention no longer.

use super::super::attention::Affected;
use super::super::changes::{self, Line, Names, told};
use super::super::words::short;
use super::facts::Standing;
use super::{OutcomeKind, RunReport, Shown, Words, more, wrote_before_failing};
use crate::model::{EmployeeId, Outcome};

/// People with a heading.
pub(in super::super) struct Section {
    pub(in super::super) title: String,
    pub(in super::super) note: Option<String>,
    pub(in super::super) people: Vec<Person>,
    /// How many there are, those that are not among [`Section::people`] too.
    pub(in super::super) total: usize,
}

/// One person.
pub(in super::super) struct Person {
    pub(in super::super) name: String,
    /// Address and employee id.
    pub(in super::super) contact: String,
    /// What decided, or what is this person's own.
    pub(in super::super) detail: String,
    /// Whether they did not need attention before.
    pub(in super::super) is_new: bool,
    pub(in super::super) changes: Vec<Change>,
    /// How many changes there are, those that are not among [`Person::changes`] too.
    pub(in super::super) total: usize,
}

/// One change of a person.
pub(in super::super) struct Change {
    /// With its colon.
    pub(in super::super) label: String,
    pub(in super::super) before: Option<String>,
    pub(in super::super) after: String,
    /// The rule or row that asked for it, with its line.
    pub(in super::super) why: Option<String>,
}

impl Section {
    /// What stands below people that are not all shown.
    pub(in super::super) fn more(&self, words: &Words) -> Option<String> {
        more(self.total, self.people.len(), "and-more-attached", *words)
    }
}

impl Person {
    /// What stands below changes that are not all shown.
    pub(in super::super) fn more(&self, words: &Words) -> Option<String> {
        more(self.total, self.changes.len(), "and-more-attached", *words)
    }
}

/// Somebody whom a cause concerns.
pub(super) fn affected(affected: &Affected, words: Words) -> Person {
    Person {
        contact: contact(&affected.name, affected.email.as_deref(), affected.employee.as_ref(), words),
        name: short(&affected.name),
        detail: short(&affected.detail),
        is_new: affected.is_new,
        changes: Vec::new(),
        total: 0,
    }
}

pub(super) fn sections(report: &RunReport, standing: Option<&Standing<'_>>, names: &Names) -> Vec<Section> {
    let of = |kind| report.outcomes.iter().filter(move |outcome| outcome.kind == kind);
    let changed = |outcome| person(outcome, changes::all(outcome, names), names.words);
    let created = |outcome| person(outcome, changes::of_creation(outcome, names), names.words);
    let named = |outcome| person(outcome, Vec::new(), names.words);
    let partly = report.outcomes.iter().filter(|outcome| wrote_before_failing(outcome));
    let is_well = |outcome: &&Outcome| standing.is_some_and(|known| known.recovered.contains(&outcome.person.employee));
    let well = report.outcomes.iter().filter(is_well);
    let sections = [
        section("section-updated", of(OutcomeKind::Updated), changed, names.words),
        section("section-created", of(OutcomeKind::Created), created, names.words),
        section("section-reactivated", of(OutcomeKind::Reactivated), changed, names.words),
        section("section-deactivated", of(OutcomeKind::Deactivated), changed, names.words),
        section("section-partly", partly, changed, names.words),
        section("section-recovered", well, named, names.words),
    ];
    sections.into_iter().flatten().collect()
}

pub(super) fn no_group(report: &RunReport, names: &Names) -> Option<Section> {
    let people = report.outcomes.iter().filter(|outcome| outcome.person.no_group_rule);
    let named = |outcome| person(outcome, Vec::new(), names.words);
    let section = section("section-no-group", people, named, names.words)?;
    Some(Section { note: Some(names.words.say("section-no-group-note")), ..section })
}

/// The people of one section; nothing where there is nobody.
fn section<'a>(
    title: &str,
    people: impl Iterator<Item = &'a Outcome>,
    show: impl Fn(&'a Outcome) -> Person,
    words: Words,
) -> Option<Section> {
    let mut total = 0;
    let mut shown = Vec::new();
    for outcome in people {
        total += 1;
        if total <= Shown::ALL.changed {
            shown.push(show(outcome));
        }
    }
    (total > 0).then(|| Section { title: words.counted(title, total), note: None, people: shown, total })
}

fn person(outcome: &Outcome, lines: Vec<Line>, words: Words) -> Person {
    let person = &outcome.person;
    let total = lines.len();
    let changes = lines.into_iter().take(Shown::ALL.lines).map(|line| Change {
        label: words.labelled(short(&line.label)),
        before: line.before.map(|before| short(&before)),
        after: short(&line.after),
        why: line.why.map(|reason| short(&told(&reason, words))),
    });
    Person {
        name: short(&person.name),
        contact: contact(&person.name, person.email.as_deref(), Some(&person.employee), words),
        detail: String::new(),
        is_new: false,
        changes: changes.collect(),
        total,
    }
}

/// Address and id, as far as they are not the name already.
fn contact(name: &str, email: Option<&str>, employee: Option<&EmployeeId>, words: Words) -> String {
    let employee = employee.filter(|id| id.as_str() != name);
    let employee = employee.map(|id| words.with("id", [("id", short(id.as_str()).into())]));
    email.map(short).into_iter().chain(employee).collect::<Vec<_>>().join(" · ")
}
