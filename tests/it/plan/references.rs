//! Managers, and other references from user to user.

use rollbook::model::Whose;
use rollbook::model::plan::Verdict;

use crate::world::World;

fn managed() -> World {
    World::new().fields("manager,manager,,,clear")
}

#[test]
fn a_manager_is_the_user_of_the_employee() {
    let plan = managed().pair("1", "manager: 2", "").pair("2", "", "").plan();
    assert_eq!(plan.references("1", "manager").unwrap(), ["u2"]);
    assert_eq!(
        managed().pair("1", "manager: 2", "manager: u2").pair("2", "", "").plan().verdict("1"),
        Verdict::Unchanged
    );
}

#[test]
fn a_manager_whose_user_is_made_in_the_same_run_is_set_in_the_same_run() {
    let plan = managed().person("1", "manager: 2").person("2", "").plan();
    assert_eq!(plan.references("1", "manager").unwrap(), ["new 2"]);
}

#[test]
fn a_manager_without_a_user_is_reported_and_the_rest_goes_on() {
    let world = managed().fields("job_title,title").status(",stage,equals,Left,inactive\n,id,is_present,,active");
    let plan =
        world.pair("1", "manager: 2, title: Cook", "manager: u3").person("2", "stage: Left").pair("3", "", "").plan();
    assert_eq!((plan.references("1", "manager"), plan.field("1", "job_title").as_deref()), (None, Some("Cook")));
    assert_eq!(plan.finding("1").whose, Whose::Source);
}

#[test]
fn a_manager_who_is_not_made_after_all_is_not_referred_to() {
    let world =
        managed().pair("1", "manager: 2", "").person("2", "mail: x@acme.example").person("3", "mail: x@acme.example");
    let plan = world.plan();
    assert_eq!((plan.verdict("2"), plan.references("1", "manager")), (Verdict::Conflict, None));
    assert_eq!(plan.person("1").findings.len(), 1);
}

#[test]
fn nobody_is_their_own_manager() {
    let plan =
        managed().pair("1", "manager: 1", "manager: u2").pair("2", "manager: 2", "").person("3", "manager: 3").plan();
    assert_eq!((plan.verdict("1"), plan.verdict("2")), (Verdict::Unchanged, Verdict::Unchanged));
    assert_eq!((plan.verdict("3"), plan.references("3", "manager")), (Verdict::Create, None));
}

#[test]
fn a_manager_is_cleared_only_where_it_is_ours() {
    let cleared = |keys: &str, ours: bool| {
        let world = managed().group_rules(keys, ",,,,All").group("g1", "All");
        let world = world.pair("1", "manager:", "manager: u2, groups: g1").pair("2", "", "groups: g1");
        let world = if ours { world.set_reference("u1", "manager", "u2") } else { world };
        world.plan().references("1", "manager").is_some()
    };
    assert!(cleared("ownership: rules", false));
    assert!(cleared("ownership: added", true));
    assert!(!cleared("ownership: added", false));
    assert!(!cleared("ownership: none", true));
}

#[test]
fn a_manager_that_was_not_delivered_stays() {
    assert_eq!(
        managed().pair("1", "manager: ?", "manager: u2").pair("2", "", "").plan().verdict("1"),
        Verdict::Unchanged
    );
}

#[test]
fn additional_managers_are_a_set() {
    let world = World::new()
        .fields("additional_managers,languages,ids(value),,clear")
        .script("fn ids(list) { list.map(|l| if l == \"de\" { \"2\" } else { \"3\" }) }");
    let world = world.pair("2", "", "").pair("3", "", "").pair("4", "", "");
    let world = world.pair("1", "languages: de|fr", "additional_managers: u3|u2").pair(
        "5",
        "languages: de",
        "additional_managers: u4|u2",
    );
    let plan = world.plan();
    assert_eq!(plan.verdict("1"), Verdict::Unchanged, "order does not matter");
    assert_eq!(plan.references("5", "additional_managers").unwrap(), ["u2"]);
}

#[test]
fn additional_managers_added_by_hand_stay_where_only_what_we_added_is_ours() {
    let world = World::new()
        .group_rules("ownership: added", ",,,,All")
        .group("g1", "All")
        .fields("additional_managers,second,,,clear");
    let world = world.pair("2", "", "groups: g1").pair("3", "", "groups: g1").pair("4", "", "groups: g1");
    let world = world.pair("1", "second: 2", "groups: g1, additional_managers: u3|u4").set_reference(
        "u1",
        "additional_managers",
        "u4",
    );
    assert_eq!(world.plan().references("1", "additional_managers").unwrap(), ["u2", "u3"]);
}

#[test]
fn a_manager_can_be_given_by_address() {
    let world = World::new().fields("manager,title");
    let plan = world.pair("1", "title: 2@ACME.example", "").pair("2", "", "").plan();
    assert_eq!(plan.references("1", "manager").unwrap(), ["u2"]);
}

#[test]
fn an_address_that_two_employees_have_leads_to_neither() {
    let world = World::new().fields("manager,title").pair("1", "title: x@acme.example", "");
    let plan = world.pair("2", "mail: x@acme.example", "").pair("3", "mail: x@acme.example", "").plan();
    assert_eq!((plan.references("1", "manager"), plan.person("1").findings.len()), (None, 1));
}

#[test]
fn a_protected_user_can_be_a_manager_and_gets_none() {
    let world = managed().limits("never_touch: [ u2 ]").pair("1", "manager: 2", "").pair("2", "manager: 1", "");
    let plan = world.plan();
    assert_eq!(
        (plan.references("1", "manager").unwrap(), plan.verdict("2")),
        (vec!["u2".to_owned()], Verdict::Protected)
    );
}
