//! Runs the examples beside a recipe: the pure part, with no network, on people and users that the examples invent.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::engine::{Inputs, Memory, Ours, plan};
use crate::model::plan::{PersonPlan, PersonRef};
use crate::model::{
    Cell, EmployeeId, FieldName, Group, GroupId, GroupKind, Membership, Plan, Roster, TargetType, User, UserId, Value,
};
use crate::recipe::Recipe;
use crate::recipe::examples::{Example, ExampleGroup, ExampleUser, target_cell};
use crate::script::Session;
use crate::stage::fields::Wanted;
use crate::stage::person::{People, Person};
use crate::stage::today::Now;

/// How an example went.
#[derive(Debug)]
pub struct Tried {
    /// What came out other than expected; empty when the example holds.
    pub differences: Vec<Difference>,
}

/// Something that came out other than expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What was compared: "action", "field `mail`".
    pub what: String,
    /// What the example says.
    pub expected: String,
    /// What came out.
    pub found: String,
}

/// Tries one example.
#[must_use]
pub fn run(recipe: &Recipe, example: &Example) -> Tried {
    let roster = Roster { records: example.employees.clone(), ..Roster::default() };
    let groups = groups(recipe, example, &roster);
    let users: Vec<User> =
        example.user.iter().chain(&example.other_users).map(|user| as_user(recipe, user, &groups)).collect();
    let links = links(recipe, example, &users);
    let memory = Memory { memberships: memberships(recipe, &links, &users, &groups), links, ..Memory::default() };
    let now = Now::Day(example.today);
    let inputs = Inputs { roster: &roster, users: &users, groups: &groups, memory: &memory, now };
    let plan = plan(recipe, &inputs);
    let user = example.user.as_ref().map(|_| &users[0]);
    Tried { differences: compare(recipe, example, &plan, user, &groups) }
}

/// Memberships of linked users whose group looks as if a rule had given it count as added by an earlier run.
fn memberships(recipe: &Recipe, links: &BTreeMap<EmployeeId, UserId>, users: &[User], groups: &[Group]) -> Ours {
    let rules = recipe.groups.as_ref().map_or(&[][..], |groups| &groups.rules);
    let given = |id: &GroupId| {
        let name = groups.iter().find(|group| group.id == *id).map_or("", |group| &*group.name);
        rules.iter().any(|rule| rule.group.looks_like(name))
    };
    let linked = users.iter().filter(|user| links.values().any(|linked| *linked == user.id));
    let added = |user: &User| {
        let given = user.memberships.iter().filter(|membership| given(&membership.group));
        given.map(|membership| (Arc::clone(membership.group.shared()), Arc::clone(&membership.role))).collect()
    };
    linked.map(|user| (user.id.clone(), added(user))).collect()
}

/// Employee and user are a remembered pair unless the example says otherwise; so are others that `identify` pairs.
fn links(recipe: &Recipe, example: &Example, users: &[User]) -> BTreeMap<EmployeeId, UserId> {
    let mut links = BTreeMap::new();
    if let (true, Some(_)) = (example.linked, &example.user) {
        links.insert(example.employees[0].id.clone(), users[0].id.clone());
    }
    let people = People::new(&example.employees, &recipe.source_catalogue.title);
    let others = &users[usize::from(example.user.is_some())..];
    for record in &example.employees[1..] {
        let person = Person { record, people: &people, today: example.today };
        let paired = recipe.identify.iter().find_map(|rule| {
            let key = rule.key(&person)?;
            others.iter().find(|user| rule.user_key(user.cell(rule.place)).as_ref() == Some(&key))
        });
        if let Some(user) = paired {
            links.insert(record.id.clone(), user.id.clone());
        }
    }
    links
}

/// Every group and team that the example names or the recipe asks for: in examples they all exist.
fn groups(recipe: &Recipe, example: &Example, roster: &Roster) -> Vec<Group> {
    let mut names: BTreeSet<(GroupKind, Arc<str>)> = BTreeSet::new();
    for user in example.user.iter().chain(&example.other_users) {
        names.extend(user.groups.iter().map(|group| (GroupKind::Group, Arc::from(group.name.as_str()))));
    }
    let expected = example.expect.groups.iter().flatten();
    names.extend(expected.map(|group| (GroupKind::Group, Arc::from(group.name.as_str()))));
    let people = People::new(&roster.records, &recipe.source_catalogue.title);
    let fields: Vec<Arc<str>> = recipe.script_fields.iter().map(|(name, _)| Arc::clone(name)).collect();
    let mut session = Session::new(&recipe.scripts, &fields);
    for record in people.records() {
        let person = Person { record, people: &people, today: example.today };
        session.person(person.today, recipe.script_fields.iter().map(|(_, field)| person.read(field)));
        if let Some(Ok(wanted)) = recipe.groups.as_ref().map(|groups| groups.wanted(&person, &mut session)) {
            names.extend(wanted.groups.into_iter().map(|group| (GroupKind::Group, group.name)));
        }
        for rule in recipe.fields.rules.iter().filter(|rule| rule.target.target_type == TargetType::Team) {
            if let Wanted::Value(Value::Text(team)) = rule.wanted(&person, &mut session) {
                names.insert((GroupKind::Team, team));
            }
        }
    }
    names.into_iter().map(|(kind, name)| Group { id: GroupId::new(Arc::clone(&name)), name, key: None, kind }).collect()
}

fn as_user(recipe: &Recipe, user: &ExampleUser, groups: &[Group]) -> User {
    let first: Arc<str> = recipe.target_catalogue.groups.roles.first().cloned().unwrap_or_else(|| "member".into());
    let in_group = |named: &ExampleGroup| {
        let role = named.role.as_deref().map_or_else(|| Arc::clone(&first), Arc::from);
        let known = groups.iter().find(|group| group.kind == GroupKind::Group && *group.name == *named.name)?;
        Some(Membership { group: known.id.clone(), role })
    };
    let mut memberships: Vec<Membership> = user.groups.iter().filter_map(in_group).collect();
    memberships.sort();
    memberships.dedup();
    User {
        id: UserId::new(user.id.as_str()),
        status: user.status,
        cells: user.cells.iter().cloned().collect(),
        memberships: memberships.into(),
    }
}

fn compare(recipe: &Recipe, example: &Example, plan: &Plan, user: Option<&User>, groups: &[Group]) -> Vec<Difference> {
    let person = &plan.people[0];
    let expect = &example.expect;
    let mut differences = Vec::new();
    let mut differ =
        |what: String, expected: String, found: String| differences.push(Difference { what, expected, found });
    if let Some(action) = &expect.action {
        let fits = if action == "none" { !person.verdict.writes() } else { action == person.verdict.word() };
        if !fits {
            differ("action".to_owned(), action.clone(), format!("{}, by the {}", person.verdict, person.reason));
        }
    }
    if let Some(because) = &expect.because
        && !plain(&reasons(person)).contains(&plain(because))
    {
        differ("because".to_owned(), because.clone(), person.reason.to_string());
    }
    for (name, expected) in expect.fields.iter().flatten() {
        let field = FieldName::from(name.as_str());
        let target_type = recipe.target_catalogue.field(name).map_or(TargetType::Text, |field| field.target_type);
        let expected = target_cell(expected, target_type);
        let found = value_after(recipe, person, user, &field);
        if !same(&expected, &found) {
            differ(format!("field `{name}`"), expected.to_string(), found.to_string());
        }
    }
    if let Some(expected) = &expect.groups {
        let found = groups_after(person, user, groups);
        let all_there = expected.iter().all(|group| found.iter().any(|(name, role)| group.fits(name, role)));
        let no_other = found.iter().all(|(name, role)| expected.iter().any(|group| group.fits(name, role)));
        if !all_there || !no_other {
            let with_role = expected.iter().any(|group| group.role.is_some());
            let found = found.iter().map(|(name, role)| match with_role {
                true => format!("{name} as {role}"),
                false => (*name).to_owned(),
            });
            let expected = expected.iter().map(ToString::to_string).collect();
            differ("groups".to_owned(), list(&expected), list(&found.collect()));
        }
    }
    compare_problems(example, person, plan, &mut differ);
    differences
}

fn compare_problems(
    example: &Example,
    person: &PersonPlan,
    plan: &Plan,
    differ: &mut impl FnMut(String, String, String),
) {
    let Some(expected) = &example.expect.problems else { return };
    let mut found: Vec<String> = person.findings.iter().map(|finding| finding.text.to_string()).collect();
    found.extend(plan.table_misses.iter().map(|miss| format!("{} has no row for `{}`", miss.file, miss.key)));
    let shown = if found.is_empty() { "nothing reported".to_owned() } else { found.join("; ") };
    if expected.is_empty() && !found.is_empty() {
        differ("problems".to_owned(), "nothing reported".to_owned(), shown.clone());
    }
    for part in expected {
        if !found.iter().any(|text| plain(text).contains(&plain(part))) {
            differ("problems".to_owned(), part.clone(), shown.clone());
        }
    }
}

/// Every reason there is for a person: the verdict's and those of the changes.
fn reasons(person: &PersonPlan) -> String {
    let mut reasons = vec![person.reason.to_string()];
    reasons.extend(person.new_link.iter().map(ToString::to_string));
    for changes in person.changes.iter() {
        reasons.extend(changes.fields.iter().map(|change| change.reason().to_string()));
        reasons.extend(changes.references.iter().map(|change| change.reason.to_string()));
        reasons.extend(changes.join.iter().chain(&changes.leave).map(|change| change.reason.to_string()));
    }
    reasons.join("\n")
}

fn value_after(recipe: &Recipe, person: &PersonPlan, user: Option<&User>, field: &FieldName) -> Cell {
    for changes in person.changes.iter() {
        if let Some(change) = changes.fields.iter().find(|change| change.field() == field) {
            return change.after.clone().into();
        }
        if let Some(change) = changes.references.iter().find(|change| change.field == *field) {
            let people: Vec<Arc<str>> = change.after.iter().map(reference).collect();
            return (!people.is_empty()).then(|| Value::List(people.into())).into();
        }
    }
    let held = || Some(user?.cell(recipe.user_layout.find(field)?).clone());
    held().unwrap_or(Cell::Empty)
}

fn reference(person: &PersonRef) -> Arc<str> {
    match person {
        PersonRef::User(user) => Arc::clone(user.shared()),
        PersonRef::New(employee) => Arc::clone(employee.shared()),
    }
}

/// The groups and the roles in them.
fn groups_after<'g>(
    person: &'g PersonPlan,
    user: Option<&'g User>,
    groups: &'g [Group],
) -> BTreeSet<(&'g str, &'g str)> {
    let name = |id: &GroupId| groups.iter().find(|group| group.id == *id).map(|group| &*group.name);
    let held = user.map(|user| &user.memberships[..]).unwrap_or_default();
    let mut after: BTreeSet<(&str, &str)> =
        held.iter().filter_map(|membership| Some((name(&membership.group)?, &*membership.role))).collect();
    for changes in person.changes.iter() {
        for leave in &changes.leave {
            after.remove(&(&*leave.name, &*leave.role));
        }
        after.extend(changes.join.iter().map(|join| (&*join.name, &*join.role)));
    }
    after
}

/// One reference and a list of one are the same to an author.
fn same(expected: &Cell, found: &Cell) -> bool {
    let text = |cell: &Cell| cell.value().map(ToString::to_string).unwrap_or_default();
    text(expected) == text(found)
}

/// Without capitals and backticks.
fn plain(text: &str) -> String {
    text.replace('`', "").to_lowercase()
}

fn list(names: &BTreeSet<String>) -> String {
    if names.is_empty() { "none".to_owned() } else { names.iter().map(String::as_str).collect::<Vec<_>>().join(", ") }
}
