//! For one person, each stage's decision with the line that made it, the values on the way, and what would change the
//! outcome. Tests the very conditions that the plan tests, and ends with the plan's own verdict.

use std::sync::Arc;

use super::matching::Match;
use super::teams::Teams;
use super::{Inputs, Plan, Planner};
use crate::model::plan::{Origin, PersonPlan, Verdict};
use crate::model::{Cell, EmployeeId, Record, TargetType, User, Value};
use crate::recipe::Recipe;
use crate::script::{ScriptFailure, Session};
use crate::stage::condition::Truth;
use crate::stage::fields::{FieldRule, WhenEmpty};
use crate::stage::groups::Name;
use crate::stage::person::{People, Person};
use crate::stage::provisioning::Start;
use crate::stage::rule::Rule;

/// Everything about one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// The day it is for this person.
    pub today: jiff::civil::Date,
    /// Stage by stage, in the order in which they decide.
    pub stages: Vec<Stage>,
    /// What the plan says.
    pub plan: PersonPlan,
    /// What would make it say something else.
    pub would_change: Vec<Line>,
}

/// One stage's part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stage {
    /// `filter`, `status`, …
    pub name: &'static str,
    /// What it looked at and what came of it.
    pub lines: Vec<Line>,
}

/// One line of an explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Whether it decided, was passed over, or is only a fact.
    pub mark: Mark,
    /// In words.
    pub text: String,
    /// The line of the author's files.
    pub origin: Option<Arc<Origin>>,
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// It decided.
    Decides,
    /// It did not match.
    Passed,
    /// A value on the way.
    Fact,
}

impl Line {
    fn new(mark: Mark, text: impl Into<String>, origin: Option<&Arc<Origin>>) -> Self {
        Self { mark, text: text.into(), origin: origin.cloned() }
    }
}

/// The employee meant by an id or an address; the users' logins count too, for those who are gone from the source.
#[must_use]
pub fn find(recipe: &Recipe, inputs: &Inputs<'_>, wanted: &str) -> Option<EmployeeId> {
    let folded = super::matching::fold(wanted);
    let records = &inputs.roster.records;
    let by_id = records.iter().find(|record| record.id.as_str() == wanted.trim());
    let by_email = || {
        records.iter().find(|record| {
            let email = record.cell(crate::model::Slot::EMAIL).value().and_then(Value::as_text);
            email.is_some_and(|email| super::matching::fold(email) == folded)
        })
    };
    let gone = || {
        inputs.memory.links.iter().find(|(employee, user)| {
            let user = inputs.users.iter().find(|known| known.id == **user);
            let login = user.zip(recipe.login.as_ref());
            let login = login.and_then(|(user, (_, place))| user.cell(*place).value()?.as_text());
            employee.as_str() == wanted.trim() || login.is_some_and(|login| super::matching::fold(login) == folded)
        })
    };
    by_id.or_else(by_email).map(|record| record.id.clone()).or_else(|| gone().map(|(employee, _)| employee.clone()))
}

/// Explains one person of a plan.
#[must_use]
pub fn explain(recipe: &Recipe, inputs: &Inputs<'_>, plan: &Plan, employee: &EmployeeId) -> Option<Explanation> {
    let person_plan = plan.people.iter().find(|person| person.employee == *employee)?;
    let person_plan = PersonPlan::clone(person_plan);
    let people = People::new(&inputs.roster.records, &recipe.source_catalogue.title);
    let teams = Teams::of(recipe, inputs, &people);
    let inputs = &teams.after(inputs);
    let planner = Planner::new(recipe, inputs, &people, &teams);
    let mut session = planner.session();
    let Some(record) = people.get(employee.as_str()) else {
        return Some(planner.explain_gone(person_plan));
    };
    Some(planner.explain(record, person_plan, &mut session))
}

impl<'a> Planner<'a> {
    fn explain_gone(&self, plan: PersonPlan) -> Explanation {
        let line = Line::new(Mark::Decides, plan.reason.text.to_string(), plan.reason.origin.as_ref());
        let back = Line::new(Mark::Fact, format!("{} delivers the employee again", self.people.source()), None);
        Explanation {
            today: self.days.default,
            stages: vec![Stage { name: "provisioning", lines: vec![line] }],
            plan,
            would_change: vec![back],
        }
    }

    fn explain(&self, record: &'a Record, plan: PersonPlan, session: &mut Session) -> Explanation {
        let person = self.person(record, session);
        let mut would_change = Vec::new();
        let mut stages = vec![
            Stage { name: "filter", lines: self.explain_filter(&person, session, &mut would_change) },
            Stage { name: "status", lines: self.explain_status(&person, session, &mut would_change) },
            Stage { name: "provisioning", lines: self.explain_provisioning(&person) },
            Stage { name: "identify", lines: self.explain_identify(&person, &plan) },
        ];
        let user = plan.user.as_ref().and_then(|id| self.user(id));
        let fields =
            self.recipe.fields.rules.iter().map(|rule| explain_field(rule, &person, user, self.teams, &plan, session));
        stages.push(Stage { name: "fields", lines: fields.collect() });
        stages.push(Stage { name: "groups", lines: self.explain_groups(&person, &plan, session) });
        stages.retain(|stage| !stage.lines.is_empty());
        would_change.extend(plan.findings.iter().map(|finding| {
            let origin = finding.reason.as_ref().and_then(|reason| reason.origin.as_ref());
            Line::new(Mark::Fact, &*finding.hint, origin)
        }));
        would_change.extend(self.outside_the_tables(&person, &plan));
        Explanation { today: person.today, stages, plan, would_change }
    }

    /// What would change an outcome that no table decided.
    fn outside_the_tables(&self, person: &Person<'_>, plan: &PersonPlan) -> Option<Line> {
        let provisioning = &self.recipe.provisioning;
        let text = match (plan.verdict, &provisioning.end) {
            (Verdict::Wait, _) => format!("the start date comes, or is moved in {}", self.people.source()),
            (Verdict::Protected, _) => "the user is taken off the list `never_touch`".to_owned(),
            (Verdict::Unchanged, _) if plan.reason == provisioning.reactivate.1 => "`reactivate: true`".to_owned(),
            (Verdict::Unchanged, Some((field, end))) if plan.reason.origin == end.origin => {
                format!("`{}` passes, or is emptied", field.written)
            }
            (_, Some((field, end))) if plan.reason.origin == end.origin => {
                format!("`{}` is empty, or not before {}", field.written, person.today)
            }
            _ => return None,
        };
        Some(Line::new(Mark::Fact, text, plan.reason.origin.as_ref()))
    }

    fn explain_filter(&self, person: &Person<'_>, session: &mut Session, would_change: &mut Vec<Line>) -> Vec<Line> {
        let Some(filter) = &self.recipe.filter else {
            return vec![Line::new(Mark::Decides, "there is no filter: everybody is in scope", None)];
        };
        let mut lines = Vec::new();
        let mut included = filter.include.is_empty();
        for rule in &filter.exclude {
            let (line, truth) = explain_rule(rule, "leaves this person out", person, session);
            lines.push(line);
            if truth == Some(Truth::Yes) {
                would_change.extend(unmatch(rule, person));
            }
        }
        for rule in &filter.include {
            let (line, truth) = explain_rule(rule, "takes this person in", person, session);
            included |= truth == Some(Truth::Yes);
            lines.push(line);
        }
        if !included {
            would_change.extend(filter.include.iter().filter_map(|rule| to_match(rule, "takes part", person, session)));
        }
        lines
    }

    fn explain_status(&self, person: &Person<'_>, session: &mut Session, would_change: &mut Vec<Line>) -> Vec<Line> {
        let Some(status) = &self.recipe.status else {
            return vec![Line::new(Mark::Decides, "there is no status table: everybody in scope is active", None)];
        };
        let mut lines = Vec::new();
        let mut decided = None;
        for rule in &status.rules {
            if decided.is_none() {
                let (line, truth) = explain_rule(&rule.rule, &format!("says {}", rule.status.word()), person, session);
                lines.push(line);
                if matches!(truth, Some(Truth::Yes | Truth::Unknown) | None) {
                    decided = Some(rule.status);
                    continue;
                }
            }
            if decided != Some(rule.status) {
                let becomes = format!("would be {}", rule.status.word());
                would_change.extend(to_match(&rule.rule, &becomes, person, session));
            }
        }
        if decided.is_none() {
            let reason = &self.recipe.no_status_rule;
            lines.push(Line::new(
                Mark::Decides,
                "no rule matches, so this person is left alone",
                reason.origin.as_ref(),
            ));
        }
        lines
    }

    fn explain_provisioning(&self, person: &Person<'_>) -> Vec<Line> {
        let provisioning = &self.recipe.provisioning;
        let mut lines = Vec::new();
        if let Start::On(field, reason) = &provisioning.start {
            let text = format!(
                "from `{}` on: {} says {}; today is {}",
                field.written,
                self.people.source(),
                person.read(&field.at),
                person.today
            );
            lines.push(Line::new(Mark::Fact, text, reason.origin.as_ref()));
        }
        if let Some((field, reason)) = &provisioning.end {
            let text = format!(
                "until `{}`, that day included: {} says {}",
                field.written,
                self.people.source(),
                person.read(&field.at)
            );
            lines.push(Line::new(Mark::Fact, text, reason.origin.as_ref()));
        }
        lines
    }

    fn explain_identify(&self, person: &Person<'_>, plan: &PersonPlan) -> Vec<Line> {
        let found = self.find_user(person);
        if let Match::Linked(at) = found {
            let text = format!("user {}, remembered from an earlier run", self.inputs.users[at].id);
            return vec![Line::new(Mark::Decides, text, None)];
        }
        let mut lines = Vec::new();
        for rule in &self.recipe.identify {
            let key = rule.key(person);
            let text = match &key {
                None => format!("{}: empty in {}", rule.reason.text, self.people.source()),
                Some(key) => format!("{}: looked for `{key}`", rule.reason.text),
            };
            lines.push(Line::new(Mark::Passed, text, rule.reason.origin.as_ref()));
        }
        let verdict = match found {
            Match::Linked(at) | Match::Found(at, _) => format!("user {} fits", self.inputs.users[at].id),
            Match::None => "no user fits".to_owned(),
            Match::Several(_, all) => format!("{} users fit", all.len()),
            Match::Taken(at, _, owner) if plan.user.as_ref() == Some(&self.inputs.users[at].id) => {
                format!("user {} fits; it was employee {owner}'s, whose access has ended", self.inputs.users[at].id)
            }
            Match::Taken(_, _, owner) => format!("the user that fits belongs to employee {owner}"),
            Match::Unknown(_) => "what identifies this person was not delivered".to_owned(),
        };
        lines.push(Line::new(Mark::Decides, verdict, None));
        lines
    }

    fn explain_groups(&self, person: &Person<'_>, plan: &PersonPlan, session: &mut Session) -> Vec<Line> {
        let Some(groups) = &self.recipe.groups else { return Vec::new() };
        let explain = |rule: &crate::stage::groups::GroupRule, session: &mut Session| {
            let group = match rule.group.name(person) {
                Name::Group(name) => format!("`{name}`"),
                Name::Nothing => format!("nothing, as a field of `{}` is empty", rule.group.written),
                Name::Unknown => {
                    format!("`{}`, which can't be known: a field in it was not delivered", rule.group.written)
                }
            };
            explain_rule(&rule.rule, &format!("gives {group} as {}", rule.role), person, session).0
        };
        let mut lines: Vec<Line> = groups.rules.iter().map(|rule| explain(rule, session)).collect();
        lines.extend(plan.changes.iter().flat_map(|changes| &changes.leave).map(|leave| {
            let text = format!("leaves `{}`: {}", leave.name, leave.reason.text);
            Line::new(Mark::Decides, text, leave.reason.origin.as_ref())
        }));
        lines
    }
}

/// One rule: that it matches, or the first condition that keeps it from doing so, with what HiBob says instead.
fn explain_rule(rule: &Rule, effect: &str, person: &Person<'_>, session: &mut Session) -> (Line, Option<Truth>) {
    let name = &rule.reason.text;
    match rule.first_not_held(person, session) {
        Err(failure) => (failed(rule, &failure), None),
        Ok(None) => {
            (Line::new(Mark::Decides, format!("{name} {effect}"), rule.reason.origin.as_ref()), Some(Truth::Yes))
        }
        Ok(Some((row, truth))) => {
            let says = row
                .condition
                .found(person)
                .map_or_else(String::new, |cell| format!("; {} says {}", person.people.source(), quoted(cell)));
            let verb = if truth == Truth::Unknown { "can't be decided" } else { "does not match" };
            let text = format!("{name} {verb}: it expects {}{says}", row.condition.written);
            (Line::new(Mark::Passed, text, Some(&row.origin)), Some(truth))
        }
    }
}

fn failed(rule: &Rule, failure: &ScriptFailure) -> Line {
    Line::new(Mark::Decides, format!("{} failed: {failure}", rule.reason.text), rule.reason.origin.as_ref())
}

/// What would make a rule that matches let go: any one of its conditions.
fn unmatch(rule: &Rule, person: &Person<'_>) -> Vec<Line> {
    let line = |row: &crate::stage::rule::RuleCondition| {
        let says = row
            .condition
            .found(person)
            .map_or_else(String::new, |cell| format!(" ({} says {})", person.people.source(), quoted(cell)));
        Line::new(Mark::Fact, format!("{} no longer holds{says}", row.condition.written), Some(&row.origin))
    };
    rule.conditions.iter().map(line).collect()
}

/// What would make a rule match: everything in it that does not hold.
fn to_match(rule: &Rule, becomes: &str, person: &Person<'_>, session: &mut Session) -> Option<Line> {
    let mut missing = Vec::new();
    for row in &rule.conditions {
        if row.condition.test(person, session).ok()? != Truth::Yes {
            let says = row
                .condition
                .found(person)
                .map_or_else(String::new, |cell| format!(" ({} says {})", person.people.source(), quoted(cell)));
            missing.push(format!("{}{says}", row.condition.written));
        }
    }
    let text = format!("{becomes} by the {} if {}", rule.reason.text, missing.join(" and "));
    (!missing.is_empty()).then(|| Line::new(Mark::Fact, text, rule.reason.origin.as_ref()))
}

fn quoted(cell: &Cell) -> String {
    match cell {
        Cell::Value(value) => format!("`{value}`"),
        Cell::Empty => "nothing (empty)".to_owned(),
        Cell::NotDelivered => "nothing (not delivered)".to_owned(),
    }
}

/// One field: what HiBob has, what the transform makes of it, what the target has, and what becomes of it.
fn explain_field(
    rule: &FieldRule,
    person: &Person<'_>,
    user: Option<&User>,
    teams: &Teams,
    plan: &PersonPlan,
    session: &mut Session,
) -> Line {
    let source = rule.source.as_ref().map(|field| format!("`{}` is {}", field.written, quoted(person.read(&field.at))));
    let result = match rule.result(person, session) {
        Ok(cell) => cell,
        Err(failure) => {
            let text = format!("`{}`: the transform refused: {failure}", rule.target.name);
            return Line::new(Mark::Decides, text, rule.reason().origin.as_ref());
        }
    };
    let made = rule.has_transform().then(|| format!("the transform gives {}", quoted(&result)));
    let held = user.map(|user| format!("the target has {}", quoted(&teams.held(rule, user))));
    let default =
        rule.default_value().filter(|_| result == Cell::Empty).map(|value| format!("its default is `{value}`"));
    let facts: Vec<String> = source.into_iter().chain(made).chain(default).chain(held).collect();
    let change =
        plan.changes.iter().flat_map(|changes| &changes.fields).find(|change| *change.field() == rule.target.name);
    let reference =
        plan.changes.iter().flat_map(|changes| &changes.references).find(|change| change.field == rule.target.name);
    let (mark, becomes) = match (change, reference, &result) {
        (Some(change), _, _) => match &change.after {
            Some(value) => (Mark::Decides, format!("becomes `{value}`")),
            None => (Mark::Decides, "is cleared".to_owned()),
        },
        (None, Some(_), _) => (Mark::Decides, "is set in the second pass".to_owned()),
        _ if rule.target.target_type == TargetType::TeamKey => (Mark::Fact, "is the key of the team".to_owned()),
        (None, None, Cell::NotDelivered) => (Mark::Fact, "is left as it is: not delivered".to_owned()),
        (None, None, _) if user.is_none() => (Mark::Fact, "is not written, as there is no user".to_owned()),
        (None, None, Cell::Empty) if rule.when_empty == WhenEmpty::Keep && rule.default_value().is_none() => {
            (Mark::Fact, "is left as it is: `when_empty` keeps it".to_owned())
        }
        _ => (Mark::Fact, "stays as it is".to_owned()),
    };
    Line::new(mark, format!("`{}` {becomes}: {}", rule.target.name, facts.join("; ")), rule.reason().origin.as_ref())
}
