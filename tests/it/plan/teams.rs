//! Teams that are found by a key: renamed instead of made again.

use rollbook::model::plan::{GroupUpdate, Verdict};
use rollbook::model::{TargetCatalogue, TargetType};

use crate::world::{Planned, World};

/// `primary_team` is the team, and `department` its key: people's sites stand for the ids of departments.
fn keyed(target: &mut TargetCatalogue) {
    let field = target.fields.iter_mut().find(|field| field.name.as_str() == "department").unwrap();
    field.target_type = TargetType::TeamKey;
}

fn world() -> World {
    World::new().fields("primary_team,dept\ndepartment,site").group_rules("create: true", ",id,equals,nobody,Nobody,")
}

fn with_key(mut world: World, id: &str, name: &str, key: Option<&str>) -> World {
    world = world.team(id, name);
    world.groups.last_mut().unwrap().key = key.map(Into::into);
    world
}

/// What changes of groups and teams, in words.
fn changes(planned: &Planned) -> Vec<String> {
    let changes = planned.plan.group_changes.iter();
    changes.map(|changed| format!("{} {} {}", changed.kind, changed.before, changed.change)).collect()
}

#[test]
fn a_department_that_is_called_otherwise_now_renames_its_team_and_nobody_moves() {
    let world = with_key(world(), "t1", "Selling", Some("d1"));
    let world = world.pair("1", "dept: Sales, site: d1", "primary_team: Selling").person("2", "dept: Sales, site: d1");
    let planned = world.plan_for(keyed);
    assert_eq!(changes(&planned), ["team Selling renamed to `Sales`"]);
    assert_eq!(planned.verdict("1"), Verdict::Unchanged);
    assert_eq!(planned.field("2", "primary_team").as_deref(), Some("Sales"));
    assert_eq!(planned.field("2", "department"), None, "the key is the team's");
    assert!(planned.plan.new_groups.is_empty());
    let renamed = with_key(self::world(), "t1", "Sales", Some("d1"));
    let renamed = renamed.pair("1", "dept: Sales, site: d1", "primary_team: Sales").plan_for(keyed);
    assert!(renamed.plan.group_changes.is_empty() && renamed.is_empty());
}

#[test]
fn a_team_that_was_made_by_hand_is_found_by_its_exact_name_and_given_the_key() {
    let world = with_key(world(), "t1", "Sales", None).pair("1", "dept: Sales, site: d1", "primary_team: Sales");
    let planned = world.plan_for(keyed);
    assert_eq!(changes(&planned), ["team Sales given the key `d1`"]);
    assert_eq!(planned.verdict("1"), Verdict::Unchanged);
}

#[test]
fn a_team_that_is_missing_is_made_with_its_key() {
    let planned = world().person("1", "dept: Sales, site: d1").plan_for(keyed);
    let [team] = &planned.plan.new_groups[..] else { panic!("{:#?}", planned.plan.new_groups) };
    assert_eq!((&*team.name, team.key.as_deref()), ("Sales", Some("d1")));
}

#[test]
fn a_new_name_that_another_team_has_is_reported_and_people_go_by_names() {
    let world = with_key(with_key(world(), "t1", "Selling", Some("d1")), "t2", "Sales", None);
    let planned = world.pair("1", "dept: Sales, site: d1", "primary_team: Selling").plan_for(keyed);
    assert!(changes(&planned).is_empty());
    assert_eq!(planned.field("1", "primary_team").as_deref(), Some("Sales"));
    assert!(planned.general()[0].contains("there is another team of that name"), "{:?}", planned.general());
}

#[test]
fn one_key_for_two_teams_and_two_keys_for_one_team_rename_nothing() {
    let world = || with_key(world(), "t1", "Selling", Some("d1"));
    let two_names = world().person("1", "dept: Sales, site: d1").person("2", "dept: Finance, site: d1").plan_for(keyed);
    assert!(changes(&two_names).is_empty());
    assert!(two_names.general()[0].contains("`Finance` and `Sales`"), "{:?}", two_names.general());
    let two_keys = world().person("1", "dept: Sales, site: d1").person("2", "dept: Sales, site: d2").plan_for(keyed);
    assert!(changes(&two_keys).is_empty() && two_keys.plan.new_groups[0].key.is_none());
}

#[test]
fn only_people_who_should_have_access_say_what_a_team_is_called() {
    let world = with_key(world(), "t1", "Selling", Some("d1")).status("leavers,stage,equals,Left,inactive");
    let world = world.pair("1", "dept: Sales, site: d1, stage: Left", "primary_team: Selling");
    assert!(changes(&world.plan_for(keyed)).is_empty());
    let undelivered = with_key(self::world(), "t1", "Selling", Some("d1")).pair("1", "dept: ?, site: d1", "");
    assert!(changes(&undelivered.plan_for(keyed)).is_empty());
}

#[test]
fn a_plan_says_what_a_team_is_renamed_to() {
    let world = with_key(world(), "t1", "Selling", Some("d1"));
    let planned = world.pair("1", "dept: Sales, site: d1", "primary_team: Selling").plan_for(keyed);
    assert_eq!(planned.plan.group_changes[0].change, GroupUpdate::Rename("Sales".into()));
    let saved = serde_json::to_string(&planned.plan).unwrap();
    assert_eq!(serde_json::from_str::<rollbook::model::Plan>(&saved).unwrap(), planned.plan);
}
