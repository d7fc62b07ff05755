//! The brake: what is too much is held and named, everything else goes on.

use rollbook::model::LimitKind::{self, ChangeLogin, ClearField, Deactivate, SourceShrink};
use rollbook::model::plan::Verdict;

use crate::world::{Planned, World};

/// `count` people of whom the first `leavers` have left.
fn leavers(world: World, count: usize, leavers: usize) -> World {
    world.status(",stage,equals,Left,inactive\n,id,is_present,,active").pairs(1, leavers, "stage: Left", "").pairs(
        leavers + 1,
        count - leavers,
        "stage: Employed",
        "",
    )
}

fn names(planned: &Planned, approved: &[(LimitKind, usize)]) -> Vec<String> {
    let brake = planned.brake(approved).brake;
    brake.tripped.iter().flat_map(|tripped| &tripped.people).map(|(id, name)| format!("{id} {name}")).collect()
}

#[test]
fn a_few_people_may_always_leave() {
    let plan = leavers(World::new(), 4, 3).plan();
    assert_eq!((plan.brake(&[]).kinds(), plan.brake(&[]).deactivations()), (vec![], 3));
}

#[test]
fn more_than_a_few_are_held_above_five_percent_and_named() {
    let plan = leavers(World::new(), 79, 4).plan();
    let brake = plan.brake(&[]);
    assert_eq!((brake.tripped().kind, brake.tripped().count, brake.deactivations()), (Deactivate, 4, 0));
    assert_eq!(brake.tripped().limit, "at most 20 and 5 % of 79 linked users");
    assert_eq!(brake.tripped().approval(), "--approve deactivate=4");
    assert_eq!(names(&plan, &[]), ["1 Person 1", "2 Person 2", "3 Person 3", "4 Person 4"]);
    assert!(brake.brake.holds_anything());
    assert_eq!(leavers(World::new(), 80, 4).plan().brake(&[]).deactivations(), 4, "exactly 5 % may leave");
}

#[test]
fn more_than_the_most_are_held_whatever_their_share() {
    let limits = "deactivate: { most: 5, percent: 100, few: 0 }";
    assert_eq!(leavers(World::new().limits(limits), 10, 6).plan().brake(&[]).deactivations(), 0);
    assert_eq!(leavers(World::new().limits(limits), 10, 5).plan().brake(&[]).deactivations(), 5);
}

#[test]
fn people_who_are_gone_count_as_much_as_leavers() {
    let mut world = leavers(World::new(), 20, 2);
    for id in ["91", "92"] {
        world = world.gone(id);
    }
    let plan = world.plan();
    assert_eq!(plan.brake(&[]).tripped().count, 4);
    assert_eq!(plan.brake(&[]).held().len(), 4);
}

#[test]
fn users_without_access_need_no_deactivation_and_do_not_count() {
    let world = leavers(World::new(), 10, 3).pairs(11, 5, "stage: Left", "inactive");
    assert_eq!(world.plan().brake(&[]).kinds(), []);
}

#[test]
fn links_to_users_that_were_deleted_do_not_make_a_limit_wider() {
    let mut world = leavers(World::new(), 40, 4);
    for id in 100..200 {
        world = world.link(&id.to_string(), &format!("deleted {id}"));
    }
    assert_eq!(world.plan().brake(&[]).kinds(), [Deactivate], "4 of 40 are too many, 4 of 140 would not be");
}

#[test]
fn an_approval_passes_up_to_its_number() {
    let plan = leavers(World::new(), 20, 5).plan();
    assert_eq!(plan.brake(&[(Deactivate, 5)]).deactivations(), 5);
    assert!(
        plan.brake(&[(Deactivate, 5)]).tripped().approved && !plan.brake(&[(Deactivate, 5)]).brake.holds_anything()
    );
    assert_eq!(plan.brake(&[(Deactivate, 4)]).deactivations(), 0, "one more than was seen when it was approved");
    assert_eq!(plan.brake(&[(ChangeLogin, 99)]).deactivations(), 0, "another kind");
}

#[test]
fn what_is_not_held_goes_on() {
    let world = leavers(World::new().fields("job_title,title"), 20, 5);
    let plan = world.pair("50", "stage: Employed, title: Cook", "").person("51", "stage: Employed").plan();
    let brake = plan.brake(&[]);
    assert_eq!(brake.part("50").allowed.verdict, Verdict::Update);
    assert_eq!(brake.part("51").allowed.verdict, Verdict::Create);
    let held = brake.part("1");
    assert_eq!((held.allowed.verdict, held.allowed.changes, held.held.is_some()), (Verdict::Unchanged, None, true));
}

#[test]
fn a_new_address_for_too_many_is_held_and_their_other_fields_go_on() {
    let world = World::new().fields("job_title,title").pairs(1, 20, "title: Cook", "");
    let world =
        world.pair("30", "mail: new30@acme.example, title: Cook", "").pair("31", "mail: new31@acme.example", "");
    let plan = world.plan();
    let brake = plan.brake(&[]);
    assert_eq!((brake.tripped().kind, brake.tripped().count), (ChangeLogin, 2));
    let parted = brake.part("30");
    let allowed = &parted.allowed.changes.unwrap().fields;
    assert_eq!(allowed.iter().map(|change| change.field().as_str()).collect::<Vec<_>>(), ["job_title"]);
    let held = &parted.held.unwrap().fields;
    assert_eq!(held.iter().map(|change| change.field().as_str()).collect::<Vec<_>>(), ["mail"]);
    assert_eq!(brake.part("31").allowed.verdict, Verdict::Unchanged);
    assert!(brake.part("1").held.is_none());
    assert_eq!(plan.brake(&[(ChangeLogin, 2)]).held().len(), 0);
}

#[test]
fn filling_an_empty_address_is_no_change_of_it() {
    let world = World::new().pairs(1, 5, "", "mail:");
    assert_eq!(world.plan().brake(&[]).kinds(), []);
}

#[test]
fn a_field_emptied_for_too_many_is_held_by_itself() {
    let world = World::new().fields("job_title,title,,,clear\nlocation,site,,,clear");
    let world = world.pairs(1, 2, "title:, site:", "job_title: Cook, location: Rome");
    let world = world.pairs(3, 9, "title: Cook, site: Rome", "job_title: Cook, location: Rome").pair(
        "90",
        "title:, site: Rome",
        "location: Rome",
    );
    let plan = world.pair("91", "title:, site: Rome", "job_title: Cook, location: Rome").plan();
    let brake = plan.brake(&[]);
    // Three of thirteen lose their title, two their location: 10 % are 1.3 people.
    let fields: Vec<_> =
        brake.brake.tripped.iter().map(|tripped| (tripped.field.as_ref().unwrap().as_str(), tripped.count)).collect();
    assert_eq!((fields, brake.kinds()), (vec![("job_title", 3), ("location", 2)], vec![ClearField, ClearField]));
    let held = plan.brake(&[(ClearField, 4)]).part("1");
    assert_eq!(held.allowed.verdict, Verdict::Unchanged, "five are emptied in all, and four were approved");
    assert_eq!(brake.brake.tripped[0].approval(), "--approve clear_field=5");
    let approved = plan.brake(&[(ClearField, 5)]).part("1");
    assert_eq!((approved.allowed.changes.unwrap().fields.len(), approved.held), (2, None));
}

#[test]
fn managers_cleared_for_too_many_are_held_too() {
    let world = World::new().fields("manager,manager,,,clear").pair("9", "", "").pairs(1, 5, "manager:", "manager: u9");
    let plan = world.plan();
    assert_eq!(plan.brake(&[]).tripped().kind, ClearField);
    assert_eq!(plan.brake(&[]).part("1").allowed.verdict, Verdict::Unchanged);
}

#[test]
fn a_source_that_shrank_holds_every_deactivation() {
    let plan = leavers(World::new(), 89, 2).previous(100).plan();
    let brake = plan.brake(&[]);
    assert_eq!((brake.tripped().kind, brake.tripped().count, brake.deactivations()), (SourceShrink, 11, 0));
    assert_eq!(names(&plan, &[]), ["1 Person 1", "2 Person 2"]);
    assert_eq!(plan.brake(&[(SourceShrink, 11)]).deactivations(), 2);
    assert_eq!(leavers(World::new(), 90, 2).previous(100).plan().brake(&[]).deactivations(), 2, "10 % may be gone");
}

#[test]
fn an_approval_for_deactivations_does_not_approve_a_shrunken_source() {
    let plan = leavers(World::new(), 20, 5).previous(100).plan();
    assert_eq!(plan.brake(&[(Deactivate, 5)]).deactivations(), 0);
    assert_eq!(plan.brake(&[(SourceShrink, 80)]).deactivations(), 0);
    assert_eq!(plan.brake(&[(SourceShrink, 80), (Deactivate, 5)]).deactivations(), 5);
}

#[test]
fn an_empty_source_is_refused_whatever_is_approved() {
    let plan = World::new().gone("1").plan();
    let all: Vec<_> = LimitKind::ALL.into_iter().map(|kind| (kind, 1_000)).collect();
    assert!(plan.brake(&all).brake.refused.is_some() && plan.brake(&all).brake.holds_anything());
}

#[test]
fn a_first_run_over_users_that_were_there_is_measured_against_those_that_it_found() {
    let mut world = World::new().status(",stage,equals,Left,inactive\n,id,is_present,,active");
    for number in 1..=100 {
        let stage = if number <= 6 { "Left" } else { "Employed" };
        world = world.person(&number.to_string(), &format!("stage: {stage}"));
        world = world.user(&format!("u{number}"), &format!("mail: {number}@acme.example"));
    }
    let plan = world.plan();
    assert_eq!(plan.plan.figures.linked, 100);
    assert_eq!(plan.brake(&[]).tripped().count, 6);
}
