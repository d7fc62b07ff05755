//! A few people by themselves, as real time looks at them: the same plan as for everybody, from what concerns them.
//!
//! The roster then holds these people and those whom they refer to, the users those that may be theirs, and the memory what
//! is remembered of either. Nobody else is decided about, whatever follows for others: they have their own events, and the
//! next full sync.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use jiff::Timestamp;

use super::{Inputs, Memory, decide};
use crate::model::plan::{PersonPlan, PersonRef, Plan, Verdict};
use crate::model::{EmployeeId, FieldName, Record, Roster, Value};
use crate::recipe::Recipe;
use crate::stage::next_day::next_look;
use crate::stage::person::{People, Person};
use crate::stage::today::Now;

/// What is decided about a few people.
#[derive(Debug)]
pub struct Few {
    /// Their plan, and nobody else's.
    pub plan: Plan,
    /// Those whose reference to somebody without a user yet is left out, to be looked at again.
    pub waiting: BTreeSet<EmployeeId>,
}

/// Decides about the people asked for.
#[must_use]
pub fn plan_few(recipe: &Recipe, inputs: &Inputs<'_>, asked: &BTreeSet<EmployeeId>) -> Few {
    let mut waiting = BTreeSet::new();
    let plan = decide(recipe, inputs, NonZeroUsize::MIN, |people| {
        people.retain(|person| asked.contains(&person.employee));
        waiting.extend(people.iter_mut().filter_map(|person| wait_for_others(person, asked)));
    });
    Few { plan, waiting }
}

/// Leaves out references to people whose user somebody else has to make first. Says whose they were.
fn wait_for_others(person: &mut PersonPlan, asked: &BTreeSet<EmployeeId>) -> Option<EmployeeId> {
    let is_to_come = |to: &PersonRef| matches!(to, PersonRef::New(other) if !asked.contains(other));
    let changes = person.changes.as_mut()?;
    let before = changes.references.len();
    changes.references.retain(|change| !change.after.iter().any(is_to_come));
    if changes.references.len() == before {
        return None;
    }
    if person.verdict == Verdict::Update && changes.is_empty() {
        person.verdict = Verdict::Unchanged;
        person.changes = None;
    }
    Some(person.employee.clone())
}

/// What the users of these people may be found by: the fields that identify them, and what they would log in with.
#[must_use]
pub fn wanted_users(recipe: &Recipe, roster: &Roster, now: Now) -> Vec<(EmployeeId, Vec<(FieldName, Value)>)> {
    let memory = Memory::default();
    // Without any users everybody is new, and has every login that the recipe gives them.
    let inputs = Inputs { roster, users: &[], groups: &[], memory: &memory, now };
    let plan = decide(recipe, &inputs, NonZeroUsize::MIN, |_| {});
    let people = People::new(&roster.records, &recipe.source_catalogue.title);
    let today = recipe.zones.days(now).default;
    let wanted = |person: &PersonPlan| {
        let logins = person.changes.iter().flat_map(|changes| &changes.fields).filter(|change| change.login());
        let logins = logins.filter_map(|change| Some((change.field().clone(), change.after.clone()?)));
        let record = people.get(person.employee.as_str());
        let keys = record.into_iter().flat_map(|record| {
            let person = Person { record, people: &people, today };
            let key = move |rule: &crate::stage::identify::IdentifyRule| {
                Some((rule.user.clone(), person.read(&rule.employee.at).value()?.clone()))
            };
            recipe.identify.iter().filter_map(key).collect::<Vec<_>>()
        });
        (person.employee.clone(), keys.chain(logins).collect())
    };
    plan.people.iter().map(|person| wanted(person)).collect()
}

/// Those whom people refer to by a path, as far as the records tell.
#[must_use]
pub fn referred_to(recipe: &Recipe, records: &[Record], hops: usize) -> BTreeSet<EmployeeId> {
    let people = People::new(records, &recipe.source_catalogue.title);
    let paths: Vec<_> = recipe.references.iter().filter(|path| path.hops.len() == hops).collect();
    let named = |record: &Record| {
        let person = Person { record, people: &people, today: jiff::civil::Date::ZERO };
        let values = paths.iter().filter_map(|path| person.read(path).value());
        let texts = values.flat_map(|value| match value {
            Value::List(items) => items.iter().map(|item| EmployeeId::from(&**item)).collect(),
            other => other.as_text().map(EmployeeId::from).into_iter().collect::<Vec<_>>(),
        });
        texts.collect::<Vec<_>>()
    };
    let named: BTreeSet<EmployeeId> = records.iter().flat_map(named).collect();
    named.into_iter().filter(|employee| people.get(employee.as_str()).is_none()).collect()
}

/// When each person is to be looked at again though nothing changes; nothing for those about whom nothing turns.
#[must_use]
pub fn next_looks(recipe: &Recipe, records: &[Record], now: Now) -> Vec<(EmployeeId, Timestamp)> {
    if recipe.turns.is_empty() {
        return Vec::new();
    }
    let people = People::new(records, &recipe.source_catalogue.title);
    let days = recipe.zones.days(now);
    let look = |record: &Record| {
        let mut person = Person { record, people: &people, today: days.default };
        person.today = recipe.zones.today(&days, &person);
        Some((record.id.clone(), next_look(&recipe.turns, &recipe.zones, &person)?))
    };
    records.iter().filter_map(look).collect()
}
