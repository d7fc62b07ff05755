//! Groups and teams: what is joined, what is left, and what is not ours to touch.

use std::num::NonZeroUsize;

use rollbook::engine::plan_in_parts;
use rollbook::model::plan::Verdict;
use rollbook::model::{GroupKind, Whose};

use crate::world::World;

const SALES: &str = "sales,dept,equals,Sales,Sales";

fn none() -> Vec<String> {
    Vec::new()
}

#[test]
fn every_rule_that_matches_adds_its_group() {
    let world =
        World::new().group_rules("", "sales,dept,equals,Sales,Sales\n,,,,Everybody\nrome,site,equals,Rome,Rome");
    let world = world.group("g1", "Sales").group("g2", "Everybody").group("g3", "Rome");
    let plan = world.pair("1", "dept: Sales", "").person("2", "site: Rome").plan();
    assert_eq!(plan.joins("1"), ["Sales", "Everybody"]);
    assert_eq!(
        (plan.verdict("2"), plan.joins("2")),
        (Verdict::Create, vec!["Everybody".to_owned(), "Rome".to_owned()])
    );
}

#[test]
fn one_rule_with_a_field_in_it_is_a_rule_for_every_value() {
    let world = World::new().group_rules("", ",dept,is_present,,Department {dept}");
    let world = world.group("g1", "Department Sales").group("g2", "Department Finance");
    let plan = world.pair("1", "dept: Finance", "groups: g1").pair("2", "dept:", "groups: g1").plan();
    assert_eq!(
        (plan.joins("1"), plan.leaves("1")),
        (vec!["Department Finance".to_owned()], vec!["Department Sales".to_owned()])
    );
    assert_eq!((plan.joins("2"), plan.leaves("2")), (none(), vec!["Department Sales".to_owned()]));
}

#[test]
fn a_group_can_be_named_by_its_id_and_is_joined_once() {
    let world = World::new().group_rules("", "one,,,,g1\ntwo,,,,Sales").group("g1", "Sales");
    let plan = world.pair("1", "", "").plan();
    assert_eq!(plan.joins("1"), ["Sales"]);
    let change = &plan.person("1").changes.as_ref().unwrap().join[0];
    assert_eq!(change.reason.to_string(), "group rule `one` (groups.csv:2)");
}

#[test]
fn a_name_that_differs_only_in_case_is_reported_and_not_made_a_second_time() {
    for keys in ["create: true", "create: false"] {
        let world = World::new().group_rules(keys, ",,,,sales").group("g1", "Sales");
        let plan = world.pair("1", "", "").pair("2", "", "groups: g1").added("u2", "g1").plan();
        assert!(plan.is_empty(), "{keys}: {:#?}", plan.plan);
        assert_eq!(
            plan.general(),
            [
                "recipe or table: the target has no group `sales`, which 2 people should be in, but it has `Sales` → spell the two the same: names of groups are compared exactly"
            ]
        );
    }
}

#[test]
fn a_name_that_fits_two_groups_is_reported_and_nobody_moves() {
    let world = World::new().group_rules("", SALES).group("g1", "Sales").group("g2", "Sales");
    let plan = world.pair("1", "dept: Sales", "").pair("2", "dept: Sales", "groups: g1").plan();
    assert!(plan.is_empty(), "who is in one of the two stays in it: {:#?}", plan.plan.people);
    assert!(plan.general()[0].starts_with("target: the target has 2 groups named `Sales`"), "{:?}", plan.general());
}

#[test]
fn a_group_that_does_not_exist_is_made_only_where_the_recipe_says_so() {
    let asked = |keys: &str| {
        World::new().group_rules(keys, SALES).pair("1", "dept: Sales", "").pair("2", "dept: Sales", "").plan()
    };
    let made = asked("create: true");
    let [group] = &made.plan.new_groups[..] else { panic!("{:#?}", made.plan.new_groups) };
    assert_eq!((group.kind, &*group.name), (GroupKind::Group, "Sales"));
    assert_eq!(made.joins("1"), ["Sales"]);
    let missing = asked("create: false");
    assert!(missing.is_empty());
    assert!(missing.general()[0].starts_with("target: the target has no group `Sales`, which 2 people should be in"));
}

#[test]
fn two_new_groups_never_differ_only_in_case() {
    let world = World::new().group_rules("create: true", ",site,is_present,,{site}");
    let plan = world.pair("1", "site: Rome", "").pair("2", "site: ROME", "").plan();
    assert_eq!(plan.plan.new_groups.len(), 1);
    assert_eq!(plan.joins("1").len() + plan.joins("2").len(), 1, "the other is reported");
    assert_eq!(plan.general().len(), 1, "{:?}", plan.general());
    let apart = plan_in_parts(&plan.recipe, &plan.seen.inputs(), NonZeroUsize::new(2).unwrap());
    assert_eq!(apart, plan.plan, "also when the two are looked at at the same time");
}

#[test]
fn roles_are_memberships_of_their_own() {
    let world = World::new().group_rules("", "heads,lead,equals,yes,Sales,manager").group("g1", "Sales");
    let plan = world.pair("1", "lead: yes", "groups: g1").pair("2", "lead: no", "groups: g1|g1/manager").plan();
    assert_eq!((plan.joins("1"), plan.leaves("1")), (vec!["Sales/manager".to_owned()], none()));
    let leave = &plan.person("2").changes.as_ref().unwrap().leave;
    assert_eq!(leave.iter().map(|change| &*change.role).collect::<Vec<_>>(), ["manager"]);
}

#[test]
fn with_ownership_rules_groups_that_a_rule_names_are_ours_and_others_stay() {
    let world = World::new().group_rules("ownership: rules", SALES).group("g1", "Sales").group("g2", "Book club");
    let plan = world.pair("1", "dept: Finance", "groups: g1|g2").plan();
    assert_eq!(plan.leaves("1"), ["Sales"]);
    let reason = &plan.person("1").changes.as_ref().unwrap().leave[0].reason;
    assert_eq!(reason.to_string(), "no longer asked for by the group rule `sales` (groups.csv:2)");
}

#[test]
fn with_ownership_added_only_what_we_added_is_removed() {
    let world = World::new().group_rules("ownership: added", SALES).group("g1", "Sales").group("g2", "Old name");
    let world = world
        .pair("1", "dept: Finance", "groups: g1")
        .pair("2", "dept: Finance", "groups: g1|g2")
        .added("u2", "g1")
        .added("u2", "g2");
    let plan = world.plan();
    assert_eq!((plan.leaves("1"), plan.leaves("2")), (none(), vec!["Sales".to_owned(), "Old name".to_owned()]));
}

#[test]
fn with_ownership_none_nothing_is_ever_removed() {
    let world = World::new().group_rules("ownership: none", SALES).group("g1", "Sales");
    assert_eq!(
        world.pair("1", "dept: Finance", "groups: g1").added("u1", "g1").plan().verdict("1"),
        Verdict::Unchanged
    );
}

#[test]
fn a_field_without_a_list_names_no_group_so_only_what_we_added_is_ours() {
    let world = World::new().group_rules("", ",site,is_present,,{site}").group("g1", "Rome").group("g2", "Oslo");
    let plan =
        world.pair("1", "site: Oslo", "groups: g1").pair("2", "site: Oslo", "groups: g1").added("u2", "g1").plan();
    assert_eq!((plan.leaves("1"), plan.leaves("2")), (none(), vec!["Rome".to_owned()]));
}

#[test]
fn what_an_undecided_rule_might_give_is_never_taken_away() {
    let rules = "sales,dept,equals,Sales,Sales\nall,dept,is_present,,Department {dept}\nsites,site,is_present,,{site}";
    let world =
        World::new().group_rules("", rules).group("g1", "Sales").group("g2", "Department Sales").group("g3", "Rome");
    let hidden = "dept: ?, site: ?";
    let plan = world.pair("1", hidden, "groups: g1|g2|g3").added("u1", "g3").plan();
    assert_eq!(plan.verdict("1"), Verdict::Unchanged);
}

#[test]
fn a_list_value_that_is_not_on_the_list_any_more_is_not_taken_from_the_undecided() {
    let world = World::new().group_rules("ownership: added", ",dept,is_present,,Department {dept}");
    let world = world.group("g1", "Department Typing pool").group("g2", "Book club");
    let plan = world.pair("1", "dept: ?", "groups: g1|g2").added("u1", "g1").added("u1", "g2").plan();
    assert_eq!(plan.leaves("1"), ["Book club"], "no rule could have given that one");
}

#[test]
fn a_rule_that_fails_for_one_person_leaves_all_their_groups_alone() {
    let world =
        World::new().group_rules("", "x,,script,no(),Sales").group("g1", "Sales").script("fn no() { fail(\"no\") }");
    let plan = world.pair("1", "", "groups: g1").plan();
    assert_eq!((plan.verdict("1"), plan.person("1").changes.is_none()), (Verdict::Fail, true));
}

#[test]
fn a_leaver_keeps_their_groups() {
    let world = World::new().status(",stage,equals,Left,inactive").group_rules("", SALES).group("g1", "Sales");
    let plan = world.pair("1", "stage: Left", "groups: g1").added("u1", "g1").plan();
    assert_eq!((plan.verdict("1"), plan.leaves("1")), (Verdict::Deactivate, none()));
}

#[test]
fn teams_are_made_where_the_recipe_says_so_and_other_teams_are_left_alone() {
    let asked = |keys: &str| {
        let world = World::new().group_rules(keys, ",,,,All").group("g1", "All").team("t1", "Made by hand");
        world
            .fields("primary_team,dept")
            .pair("1", "dept: Sales", "groups: g1")
            .pair("2", "dept:", "groups: g1, primary_team: Made by hand")
            .plan()
    };
    let plan = asked("create: true");
    assert_eq!(
        plan.plan.new_groups.iter().map(|team| (team.kind, &*team.name)).collect::<Vec<_>>(),
        [(GroupKind::Team, "Sales")]
    );
    assert_eq!(plan.field("1", "primary_team").as_deref(), Some("Sales"));
    assert_eq!(plan.verdict("2"), Verdict::Unchanged, "a team given by hand stays where HiBob says nothing");
    let plan = asked("create: false");
    assert!(plan.is_empty());
    assert!(plan.general()[0].contains("no team `Sales`"), "{:?}", plan.general());
    assert_eq!(plan.plan.findings[0].whose, Whose::Target);
}

#[test]
fn a_group_and_a_team_may_have_one_name() {
    let world =
        World::new().group_rules("", SALES).group("g1", "Sales").team("t1", "Sales").fields("primary_team,dept");
    let plan = world.pair("1", "dept: Sales", "").plan();
    assert_eq!(
        (plan.joins("1"), plan.field("1", "primary_team").as_deref()),
        (vec!["Sales".to_owned()], Some("Sales"))
    );
}

#[test]
fn who_is_in_no_group_at_all_is_marked() {
    let world = World::new().group_rules("", SALES).group("g1", "Sales");
    let plan = world.pair("1", "dept: Finance", "").pair("2", "dept: Sales", "").pair("3", "dept: ?", "").plan();
    assert_eq!(["1", "2", "3"].map(|id| plan.person(id).no_group_rule), [true, false, false]);
}

#[test]
fn a_team_is_emptied_only_where_the_rules_own_everything_and_replaced_everywhere() {
    let plan = |keys: &str, dept: &str| {
        let world = World::new().group_rules(keys, ",,,,All").group("g1", "All").team("t1", "Sales").team("t2", "Ours");
        let world = world.fields("primary_team,dept,,,clear");
        world.pair("1", &format!("dept: {dept}"), "groups: g1, primary_team: Ours").plan().field("1", "primary_team")
    };
    assert_eq!(plan("", ""), Some(String::new()));
    for keys in ["ownership: added", "ownership: none"] {
        assert_eq!(plan(keys, ""), None, "{keys}");
        assert_eq!(plan(keys, "Sales"), Some("Sales".to_owned()), "{keys}");
    }
}
