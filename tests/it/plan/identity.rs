//! Whose user is whose, and two who claim one.

use rollbook::model::Whose;
use rollbook::model::plan::Verdict;

use crate::world::World;

#[test]
fn a_user_is_found_by_the_first_rule_that_finds_one_and_the_pair_is_remembered() {
    let world = World::new().person("1", "");
    let plan =
        world.user("by mail", "mail: 1@acme.example").user("by id", "external_id: 1, mail: x@acme.example").plan();
    // The other user has the address, so taking it over has to be settled by people.
    assert_eq!(plan.verdict("1"), Verdict::Conflict);
    assert_eq!(plan.person("1").user.as_ref().unwrap().as_str(), "by id");
    let plan = World::new().person("1", "").user("u", "mail: 1@acme.example").plan();
    assert_eq!(
        plan.person("1").new_link.as_ref().unwrap().to_string(),
        "identified by `root.email` = `mail` (recipe.yaml:9)"
    );
    assert_eq!(plan.field("1", "external_id").as_deref(), Some("1"), "the user found becomes as the rules say");
}

#[test]
fn a_remembered_pair_stands_whatever_its_fields_say() {
    let plan =
        World::new().person("1", "mail: new@acme.example").user("u", "mail: old@acme.example").link("1", "u").plan();
    assert_eq!(plan.verdict("1"), Verdict::Update);
    assert_eq!(plan.field("1", "mail").as_deref(), Some("new@acme.example"));
}

#[test]
fn case_counts_unless_the_rule_says_that_it_does_not() {
    let world = |identify: &str| {
        let world = World::new()
            .section("identify", identify)
            .only_fields("mail,mail,lower(value)")
            .script("fn lower(m) { m.to_lower() }");
        world.person("1", "mail: Ann@acme.example").user("u", "mail: ann@acme.example").plan()
    };
    let ignoring = world("[ { employee: root.email, user: mail, ignore_case: true } ]");
    assert_eq!(ignoring.verdict("1"), Verdict::Unchanged);
    assert!(ignoring.person("1").new_link.is_some());
    // The address is taken all the same: nobody can log in twice with it.
    assert_eq!(world("[ { employee: root.email, user: mail } ]").verdict("1"), Verdict::Conflict);
}

#[test]
fn several_users_that_fit_are_reported_and_none_is_guessed() {
    let world = World::new().section("identify", "[ { employee: name, user: display_name } ]").person("1", "");
    let plan = world.user("u1", "display_name: Person 1").user("u2", "display_name: Person 1").plan();
    assert_eq!((plan.verdict("1"), plan.finding("1").whose), (Verdict::Conflict, Whose::Target));
    assert!(plan.finding("1").text.starts_with("2 users fit"));
    assert!(plan.person("1").user.is_none() && plan.person("1").new_link.is_none());
}

#[test]
fn a_user_of_another_employee_is_not_taken_from_them() {
    let plan = World::new().pair("1", "", "").person("2", "mail: 1@acme.example").plan();
    assert_eq!((plan.verdict("1"), plan.verdict("2")), (Verdict::Unchanged, Verdict::Conflict));
    assert!(plan.finding("2").text.contains("belongs to employee 1"), "{:?}", plan.finding("2"));
}

#[test]
fn the_user_of_an_employee_who_is_gone_is_taken_over_and_not_deactivated() {
    let plan = World::new().gone("1").person("2", "mail: 1@acme.example").plan();
    assert_eq!(plan.verdict("2"), Verdict::Update);
    assert_eq!(plan.person("2").user.as_ref().unwrap().as_str(), "u1");
    assert!(plan.person("2").new_link.is_some());
    assert_eq!(plan.plan.people.len(), 1);
}

#[test]
fn a_user_that_two_people_claim_is_not_deactivated_because_its_employee_is_gone() {
    let plan = World::new().gone("1").person("2", "mail: 1@acme.example").person("3", "mail: 1@acme.example").plan();
    assert_eq!((plan.verdict("2"), plan.verdict("3")), (Verdict::Conflict, Verdict::Conflict));
    assert_eq!(plan.verdict("1"), Verdict::Conflict, "whose user it is has to be settled first");
}

#[test]
fn a_user_whose_next_owner_cannot_be_decided_is_not_deactivated_because_its_employee_is_gone() {
    let world = World::new().status(",stage,equals,Left,inactive\n,id,is_present,,active").gone("1");
    let plan = world.person("2", "mail: 1@acme.example, stage: ?").plan();
    assert_eq!((plan.verdict("2"), plan.verdict("1")), (Verdict::Undecided, Verdict::Conflict));
}

#[test]
fn nobody_is_identified_past_a_rule_whose_field_was_not_delivered() {
    let identify = "[ { employee: title, user: employee_number }, { employee: root.email, user: mail } ]";
    let plan =
        World::new().section("identify", identify).person("1", "title: ?").user("u", "mail: 1@acme.example").plan();
    assert_eq!((plan.verdict("1"), plan.finding("1").whose), (Verdict::Undecided, Whose::Credentials));
    assert!(plan.finding("1").text.contains("`work.title`"), "{:?}", plan.finding("1"));
}

#[test]
fn of_two_employees_with_one_address_neither_is_made() {
    let plan =
        World::new().person("1", "mail: x@acme.example").person("2", "mail: X@acme.example").person("3", "").plan();
    for (id, other) in [("1", "2"), ("2", "1")] {
        assert_eq!((plan.verdict(id), plan.finding(id).whose), (Verdict::Conflict, Whose::Source));
        assert!(plan.finding(id).text.contains(&format!("employee {other}")), "{:?}", plan.finding(id));
    }
    assert_eq!(plan.verdict("3"), Verdict::Create);
}

#[test]
fn of_two_employees_whom_one_user_fits_neither_gets_it() {
    let world = World::new().person("1", "mail: x@acme.example").person("2", "mail: x@acme.example");
    let plan = world.user("u", "mail: x@acme.example").plan();
    assert_eq!((plan.verdict("1"), plan.verdict("2")), (Verdict::Conflict, Verdict::Conflict));
    assert!(plan.person("1").new_link.is_none() && plan.person("2").new_link.is_none());
}

#[test]
fn of_two_employees_with_one_address_the_linked_one_keeps_the_user() {
    let plan = World::new().pair("1", "", "").person("2", "mail: 1@acme.example, id: 2").plan();
    assert_eq!((plan.verdict("1"), plan.verdict("2")), (Verdict::Unchanged, Verdict::Conflict));
}

const LEAVERS: &str = ",stage,equals,Left,inactive\n,id,is_present,,active";

#[test]
fn of_two_employees_with_one_address_the_active_one_wins_over_a_leaver() {
    let world = World::new().status(LEAVERS);
    let world = world.person("old", "mail: x@acme.example, stage: Left").person("new", "mail: x@acme.example");
    let plan = world.plan();
    assert_eq!((plan.verdict("old"), plan.verdict("new")), (Verdict::Unchanged, Verdict::Create));
    let plan = world.user("u", "mail: x@acme.example").plan();
    assert_eq!((plan.verdict("old"), plan.verdict("new")), (Verdict::Unchanged, Verdict::Update));
    assert_eq!(plan.person("new").user.as_ref().unwrap().as_str(), "u");
    assert!(plan.person("old").user.is_none());
}

#[test]
fn somebody_hired_again_under_a_new_number_takes_over_the_user_of_the_record_that_ended() {
    let world = World::new().status(LEAVERS).pair("1", "stage: Left", "inactive").person("2", "mail: 1@acme.example");
    let plan = world.plan();
    assert_eq!((plan.verdict("1"), plan.verdict("2")), (Verdict::Unchanged, Verdict::Reactivate));
    assert_eq!(plan.person("2").user.as_ref().unwrap().as_str(), "u1");
    assert!(plan.person("2").new_link.is_some());
    assert!(plan.person("1").user.is_none());
}

#[test]
fn the_user_of_a_leaver_is_not_guessed_between_two_who_claim_it() {
    let world = World::new().status(LEAVERS).pair("1", "stage: Left", "");
    let plan = world.person("2", "mail: 1@acme.example").person("3", "mail: 1@acme.example").plan();
    assert_eq!((plan.verdict("2"), plan.verdict("3")), (Verdict::Conflict, Verdict::Conflict));
    assert_eq!(plan.verdict("1"), Verdict::Conflict, "the user stays as it is until that is settled");
}

#[test]
fn a_leaver_is_not_deactivated_while_it_is_not_known_whether_the_user_is_somebody_elses() {
    let world = World::new().status(LEAVERS).user("u", "mail: x@acme.example");
    let plan =
        world.person("1", "mail: x@acme.example, stage: Left").person("2", "mail: x@acme.example, stage: ?").plan();
    assert_eq!((plan.verdict("1"), plan.verdict("2")), (Verdict::Conflict, Verdict::Undecided));
}

#[test]
fn an_address_that_another_user_has_is_not_given_to_anybody() {
    let world = World::new().pair("1", "mail: admin@acme.example", "mail: 1@acme.example");
    let plan = world.user("admin", "mail: Admin@acme.example").person("2", "mail: admin@acme.example").plan();
    assert_eq!(plan.verdict("1"), Verdict::Conflict);
    let alone = World::new().pair("1", "mail: admin@acme.example", "").user("admin", "mail: Admin@acme.example").plan();
    assert_eq!((alone.verdict("1"), alone.finding("1").whose), (Verdict::Conflict, Whose::Target));
}

#[test]
fn two_people_who_exchange_addresses_are_both_left_to_people() {
    let world = World::new().pair("1", "mail: 2@acme.example", "").pair("2", "mail: 1@acme.example", "");
    let plan = world.plan();
    assert_eq!((plan.verdict("1"), plan.verdict("2")), (Verdict::Conflict, Verdict::Conflict));
}

#[test]
fn an_address_that_differs_only_in_case_is_the_persons_own() {
    let plan = World::new().pair("1", "mail: A@acme.example", "mail: a@acme.example").plan();
    assert_eq!(plan.field("1", "mail").as_deref(), Some("A@acme.example"));
}

#[test]
fn a_user_that_a_run_made_before_it_was_cut_off_is_found_by_its_login() {
    let mut world = World::new().section("identify", "[ { employee: root.id, user: external_id } ]").person("1", "");
    world = world.user("u", "mail: 1@acme.example");
    world.memory.intents.insert("1".into(), Some("1@acme.example".to_owned()));
    let plan = world.plan();
    assert_eq!(plan.person("1").user.as_ref().unwrap().as_str(), "u");
    assert!(plan.person("1").new_link.as_ref().unwrap().text.contains("cut off"));
}
