//! The report as it is read: every word of it in order, before it becomes text or a page.

use super::attention::{Attention, Cause};
use super::changes::{self, Line, Names};
use super::subject::{headline_with, subject_with};
use super::words::{
    CHANGES_SHOWN, ENTRIES_SHOWN, PEOPLE_SHOWN, between, capital, counted, duration, listed, more, number, short, time,
};
use super::{RunReport, wrote_before_failing};
use crate::model::plan::{GroupChange, NewGroup};
use crate::model::{Outcome, OutcomeKind};

mod rules;
mod totals;

pub(super) use rules::Rule;
pub(super) use totals::{Row, TotalsTable};

/// The whole report.
pub(super) struct View {
    pub(super) subject: String,
    pub(super) headline: String,
    /// Which recipe, from where to where, for which day, and what else is worth knowing before reading on.
    pub(super) facts: Vec<String>,
    pub(super) attention: Vec<Item>,
    /// What stands below, where there are too many causes to show.
    pub(super) attention_more: Option<String>,
    pub(super) totals: TotalsTable,
    /// Who was changed, and how.
    pub(super) sections: Vec<Section>,
    /// Who was left alone, by the rule that decided.
    pub(super) rules: Vec<Rule>,
    /// Active people for whom no group rule matched.
    pub(super) no_group: Option<Section>,
    /// Groups and teams that were made, with the rule that needed them.
    pub(super) new_groups: Vec<(String, String)>,
    /// Groups and teams that were renamed or given a key, and which.
    pub(super) group_changes: Vec<(String, String)>,
    pub(super) timing: Vec<(String, String)>,
    pub(super) run: String,
}

/// One cause that needs attention.
pub(super) struct Item {
    pub(super) heading: &'static str,
    /// How urgent it looks.
    pub(super) tone: &'static str,
    pub(super) what: String,
    pub(super) whose: &'static str,
    pub(super) todo: String,
    pub(super) place: Option<String>,
    /// What to do with [`Item::paste`].
    pub(super) paste_title: &'static str,
    pub(super) paste: Option<String>,
    pub(super) count: String,
    pub(super) people: Vec<Person>,
    pub(super) more: Option<String>,
}

/// People with a heading.
pub(super) struct Section {
    pub(super) title: String,
    pub(super) note: Option<String>,
    pub(super) people: Vec<Person>,
    pub(super) more: Option<String>,
}

/// One person.
pub(super) struct Person {
    pub(super) name: String,
    /// Address and employee id.
    pub(super) contact: String,
    /// What decided, or what is this person's own.
    pub(super) detail: String,
    pub(super) lines: Vec<Line>,
}

impl Item {
    /// The colour of its tone on a light page.
    pub(super) fn colour(&self) -> &'static str {
        match self.tone {
            "stop" => "#b42318",
            "warn" => "#b54708",
            _ => "#175cd3",
        }
    }
}

impl View {
    /// Puts a report into words.
    pub(super) fn of(report: &RunReport) -> Self {
        Self::with(report, &Attention::of(report))
    }

    /// The same, where it is known what needs attention.
    pub(super) fn with(report: &RunReport, attention: &Attention) -> Self {
        let names = Names::of(&report.outcomes);
        let count = attention.count();
        let groups = &attention.groups;
        Self {
            subject: subject_with(report, count),
            headline: headline_with(report, count),
            facts: facts(report),
            attention_more: more(groups.len(), ENTRIES_SHOWN).map(|more| more.replace("more", "more causes")),
            attention: groups.iter().take(ENTRIES_SHOWN).map(item).collect(),
            totals: TotalsTable::of(report),
            sections: sections(report, &names),
            rules: Rule::all(report),
            no_group: no_group(report),
            new_groups: new_groups(report),
            group_changes: group_changes(report),
            timing: timing(report),
            run: report.run.clone(),
        }
    }
}

impl Line {
    /// What was there before, where it is known; as text of its own for the page.
    pub(super) fn before_text(&self) -> &str {
        self.before.as_deref().unwrap_or_default()
    }
}

fn facts(report: &RunReport) -> Vec<String> {
    let mut facts = vec![format!("{}: {} to {}, for {}.", report.recipe, report.source, report.target, report.today)];
    facts.extend(report.description.iter().map(|description| super::words::sentence(description)));
    if !report.interrupted.is_empty() {
        let runs = if report.interrupted.len() == 1 { "run" } else { "runs" };
        facts.push(format!("This run also finishes the interrupted {runs} {}.", listed(&report.interrupted)));
    }
    for tripped in report.tripped.iter().filter(|tripped| tripped.approved) {
        facts.push(format!("Approved for this run and let through: {} ({}).", tripped.approval(), tripped.limit));
    }
    let linked =
        report.outcomes.iter().filter(|o| o.person.new_link.is_some() && o.kind != OutcomeKind::Created).count();
    if linked > 0 {
        let users = counted(linked, "existing user was", "existing users were");
        facts.push(format!("{users} found for the first time and linked to the employee."));
    }
    facts
}

fn item(group: &super::Group) -> Item {
    let total = group.affected.len();
    let whose = group.move_of();
    let people = group.affected.iter().take(PEOPLE_SHOWN).map(|affected| Person {
        contact: contact(affected.email.as_deref(), affected.employee.as_ref().map(|id| id.as_str())),
        name: affected.name.clone(),
        detail: short(&affected.detail),
        lines: Vec::new(),
    });
    Item {
        heading: group.cause.title(),
        tone: tone(group.cause),
        what: capital(&group.what),
        whose,
        todo: super::words::sentence(&group.todo),
        place: group.place.clone(),
        paste_title: if group.cause == Cause::Held { "Type, after the sync command" } else { "Ready to paste" },
        paste: group.paste.clone(),
        count: if total > 1 { number(total) } else { String::new() },
        people: people.collect(),
        more: match group.cause {
            // Values are not in the sheet, only the people who have them.
            Cause::TableMiss => rest(total),
            _ => more(total, PEOPLE_SHOWN),
        },
    }
}

fn rest(total: usize) -> Option<String> {
    total.checked_sub(PEOPLE_SHOWN).filter(|rest| *rest > 0).map(|rest| format!("and {} more", number(rest)))
}

fn tone(cause: Cause) -> &'static str {
    match cause {
        Cause::Refused | Cause::Held | Cause::Failed => "stop",
        Cause::Conflict | Cause::Undecided => "warn",
        Cause::Finding(_) | Cause::TableMiss | Cause::Unreadable => "note",
    }
}

fn contact(email: Option<&str>, employee: Option<&str>) -> String {
    let employee = employee.map(|id| format!("id {id}"));
    email.map(str::to_owned).into_iter().chain(employee).collect::<Vec<_>>().join(" · ")
}

fn person(outcome: &Outcome, detail: String, lines: Vec<Line>) -> Person {
    let person = &outcome.person;
    Person {
        name: person.name.to_string(),
        contact: contact(person.email.as_deref(), Some(person.employee.as_str())),
        detail,
        lines: lines.into_iter().map(Line::shown).collect(),
    }
}

/// The people of one section; nothing where there is nobody.
fn section<'a>(
    title: &str,
    people: impl Iterator<Item = &'a Outcome>,
    show: impl Fn(&'a Outcome) -> Person,
) -> Option<Section> {
    let mut total = 0;
    let mut shown = Vec::new();
    for outcome in people {
        total += 1;
        if total <= CHANGES_SHOWN {
            shown.push(show(outcome));
        }
    }
    let title = format!("{title} ({})", number(total));
    (total > 0).then(|| Section { title, note: None, more: more(total, CHANGES_SHOWN), people: shown })
}

fn sections(report: &RunReport, names: &Names) -> Vec<Section> {
    let of = |kind| report.outcomes.iter().filter(move |outcome| outcome.kind == kind);
    let changed = |outcome| person(outcome, String::new(), changes::all(outcome, names));
    let created = |outcome| person(outcome, String::new(), changes::of_creation(outcome, names));
    let partly = report.outcomes.iter().filter(|outcome| wrote_before_failing(outcome));
    let sections = [
        section("Updated", of(OutcomeKind::Updated), changed),
        section("Created", of(OutcomeKind::Created), created),
        section("Reactivated", of(OutcomeKind::Reactivated), changed),
        section("Deactivated", of(OutcomeKind::Deactivated), changed),
        section("Changed in part before it failed", partly, changed),
    ];
    sections.into_iter().flatten().collect()
}

fn no_group(report: &RunReport) -> Option<Section> {
    let people = report.outcomes.iter().filter(|outcome| outcome.person.no_group_rule);
    let section = section("In no group", people, |outcome| person(outcome, String::new(), Vec::new()))?;
    let note = "No row of the groups table matches these active people.".to_owned();
    Some(Section { note: Some(note), ..section })
}

fn new_groups(report: &RunReport) -> Vec<(String, String)> {
    let name = |group: &NewGroup| format!("{} `{}`", group.kind, group.name);
    some(report.new_groups.iter().map(|group| (name(group), group.reason.to_string())))
}

fn group_changes(report: &RunReport) -> Vec<(String, String)> {
    let name = |changed: &GroupChange| format!("{} `{}`", changed.kind, changed.before);
    some(report.group_changes.iter().map(|changed| (name(changed), changed.change.to_string())))
}

/// The first entries, and how many others there are.
fn some(mut entries: impl ExactSizeIterator<Item = (String, String)>) -> Vec<(String, String)> {
    let mut shown: Vec<_> = entries.by_ref().take(ENTRIES_SHOWN).collect();
    let rest = entries.len();
    shown.extend((rest > 0).then(|| ("others".to_owned(), number(rest))));
    shown
}

fn timing(report: &RunReport) -> Vec<(String, String)> {
    let started = ("started".to_owned(), time(report.started, &report.timezone));
    let phases = report.phases.iter().map(|(phase, took)| (phase.clone(), duration(*took)));
    let all = ("altogether".to_owned(), duration(between(report.started, report.finished)));
    std::iter::once(started).chain(phases).chain(std::iter::once(all)).collect()
}
