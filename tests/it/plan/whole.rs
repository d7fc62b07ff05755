//! The plan as a whole: everybody is in it once, and what is said is said once.

use std::collections::BTreeMap;

use rollbook::model::plan::Verdict;

use crate::world::World;

fn everybody() -> World {
    let status =
        "left,stage,equals,Left,inactive\nvisitors,stage,equals,Visitor,ignore\nstaff,stage,equals,Employed,active";
    World::new()
        .filters("agency,exclude,title,equals,Temp")
        .status(status)
        .provisioning("start: on_start_date, start_date: start")
        .limits("never_touch: [ u10 ]")
        .fields("job_title,title,\"if value == \"\"bad\"\" { fail(\"\"bad\"\") } else { value }\"")
        .person("1", "stage: Employed, start: 2026-01-01")
        .pair("2", "stage: Employed, title: Cook", "")
        .pair("3", "stage: Employed", "inactive")
        .pair("4", "stage: Left", "")
        .pair("5", "stage: Employed", "")
        .person("6", "stage: Visitor")
        .person("7", "title: Temp")
        .person("8", "stage: Employed, start: 2026-04-01")
        .pair("9", "stage: ?", "")
        .pair("10", "stage: Left", "")
        .pair("11", "stage: Employed, title: bad", "")
        .person("12", "stage: Employed, start: 2026-01-01, mail: 5@acme.example")
        .gone("13")
}

#[test]
fn everybody_is_in_the_plan_once_and_the_figures_add_up() {
    let planned = everybody().plan();
    let plan = &planned.plan;
    let mut verdicts: BTreeMap<Verdict, Vec<&str>> = BTreeMap::new();
    for person in &plan.people {
        verdicts.entry(person.verdict).or_default().push(person.employee.as_str());
    }
    let expected = [
        (Verdict::Create, vec!["1"]),
        (Verdict::Update, vec!["2"]),
        (Verdict::Reactivate, vec![]),
        (Verdict::Deactivate, vec!["4", "13"]),
        (Verdict::Unchanged, vec!["5"]),
        (Verdict::Ignore, vec!["6"]),
        (Verdict::OutOfScope, vec!["7"]),
        (Verdict::Wait, vec!["8"]),
        (Verdict::Undecided, vec!["3", "9"]),
        (Verdict::Conflict, vec!["12"]),
        (Verdict::Protected, vec!["10"]),
        (Verdict::Fail, vec!["11"]),
    ];
    let expected: BTreeMap<_, _> = expected.into_iter().filter(|(_, people)| !people.is_empty()).collect();
    assert_eq!(verdicts, expected);
    assert_eq!((plan.figures.employees, plan.people.len()), (12, 13));
    assert_eq!(plan.figures.users, planned.seen.users.len());
    assert_eq!(plan.figures.linked, 8, "users that are linked: 2, 3, 4, 5, 9, 10, 11, 13");
}

#[test]
fn people_stand_in_the_sources_order_and_those_who_are_gone_behind_them() {
    let plan = World::new().gone("0").person("2", "").person("1", "").plan();
    let order: Vec<&str> = plan.plan.people.iter().map(|person| person.employee.as_str()).collect();
    assert_eq!(order, ["2", "1", "0"]);
}

#[test]
fn users_are_linked_only_if_they_exist() {
    let plan = World::new().person("1", "").link("1", "deleted").link("2", "deleted too").pair("3", "", "").plan();
    assert_eq!(plan.plan.figures.linked, 1, "shares are measured against users that are there");
}

#[test]
fn nothing_is_said_twice() {
    let planned = everybody().plan();
    for person in &planned.plan.people {
        let mut findings = person.findings.clone();
        findings.sort();
        findings.dedup();
        assert_eq!(findings.len(), person.findings.len(), "{person:#?}");
    }
    let mut general = planned.general();
    let count = general.len();
    general.sort();
    general.dedup();
    assert_eq!(general.len(), count);
}

#[test]
fn the_order_of_users_groups_and_links_does_not_matter() {
    let mut world = everybody();
    let before = serde_json::to_string(&world.plan().plan).unwrap();
    world.users.reverse();
    world.groups.reverse();
    assert_eq!(serde_json::to_string(&world.plan().plan).unwrap(), before);
}
