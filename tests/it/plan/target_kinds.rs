//! What differs between targets: each declares it, and the engine goes by that.

use rollbook::model::plan::Verdict;
use rollbook::model::{Access, TargetCatalogue};

use crate::world::{Planned, World};

/// How somebody is given access by a plan.
fn access(plan: &Planned, id: &str) -> Option<Access> {
    plan.person(id).changes.as_ref().and_then(|changes| changes.access)
}

fn can_activate(target: &mut TargetCatalogue) {
    target.can_activate = true;
}

#[test]
fn whoever_is_only_invited_is_made_active_where_the_recipe_says_so_and_the_target_can() {
    let invited = World::new().pair("1", "", "invited");
    let active = invited.provisioning("create: active");
    assert_eq!(access(&active.plan_for(can_activate), "1"), Some(Access::Active));
    assert_eq!(active.plan().verdict("1"), Verdict::Unchanged, "the directory waits for them to accept");
    let invited = World::new().pair("1", "", "invited").provisioning("create: invite");
    assert_eq!(invited.plan_for(can_activate).verdict("1"), Verdict::Unchanged);
    let there = World::new().pair("1", "", "active").provisioning("create: active");
    assert_eq!(there.plan_for(can_activate).verdict("1"), Verdict::Unchanged);
}

#[test]
fn where_invited_people_cannot_be_changed_they_are_left_until_they_accept() {
    let fixed = |target: &mut TargetCatalogue| target.invited_are_fixed = true;
    let world = World::new().fields("job_title,title");
    let world = world.pair("1", "title: Cook", "invited").pair("2", "title: Cook", "active");
    let plan = world.plan_for(fixed);
    assert_eq!((plan.verdict("1"), plan.verdict("2")), (Verdict::Unchanged, Verdict::Update));
    assert!(plan.person("1").findings.is_empty());
    let renamed = World::new().pair("1", "mail: new@acme.example", "invited").plan_for(fixed);
    assert_eq!(renamed.verdict("1"), Verdict::Unchanged);
    assert_eq!(&*renamed.finding("1").text, "the invitation went out before `mail` changed, and has not been accepted");
    let left = World::new().status(",stage,equals,Left,inactive").pair("1", "stage: Left", "invited").plan_for(fixed);
    assert_eq!(left.verdict("1"), Verdict::Deactivate, "an invitation can be withdrawn");
}

#[test]
fn where_references_need_access_nobody_is_referred_to_who_has_none_or_loses_it_now() {
    let needs = |target: &mut TargetCatalogue| target.references_need_access = true;
    let world = || {
        let world = World::new().fields("manager,manager");
        world.status("leavers,stage,equals,Left,inactive\nothers,id,is_present,,active")
    };
    let gone = world().pair("1", "manager: 2", "").pair("2", "stage: Left", "inactive");
    assert_eq!(gone.plan().references("1", "manager").unwrap(), ["u2"], "the directory keeps whoever it was");
    let planned = gone.plan_for(needs);
    assert_eq!(planned.references("1", "manager"), None);
    assert!(planned.finding("1").text.ends_with("has no user with access in the target"));
    let leaving = world().pair("1", "manager: 2", "").pair("2", "stage: Left", "active").plan_for(needs);
    assert_eq!((leaving.references("1", "manager"), leaving.verdict("2")), (None, Verdict::Deactivate));
    let back = world().pair("1", "manager: 2", "").pair("2", "", "inactive").plan_for(needs);
    assert_eq!(
        (back.references("1", "manager").unwrap(), back.verdict("2")),
        (vec!["u2".to_owned()], Verdict::Reactivate)
    );
}

#[test]
fn the_place_for_an_employee_s_id_is_filled_for_whoever_is_identified_by_it_without_a_row() {
    let keeps = |target: &mut TargetCatalogue| target.key_field = Some("employee_number".into());
    let identify =
        "[{ employee: root.id, user: employee_number }, { employee: root.email, user: mail, ignore_case: true }]";
    let world = || World::new().section("identify", identify);
    let by_mail = || world().person("1", "").user("u1", "mail: 1@acme.example").person("2", "");
    assert_eq!(by_mail().plan().field("1", "employee_number"), None);
    let plan = by_mail().plan_for(keeps);
    assert_eq!(plan.field("1", "employee_number").as_deref(), Some("1"));
    assert_eq!(plan.field("2", "employee_number").as_deref(), Some("2"));
    let own = world().fields("employee_number,mail").person("1", "").plan_for(keeps);
    assert_eq!(own.field("1", "employee_number").as_deref(), Some("1@acme.example"), "a row of the author's wins");
}

#[test]
fn where_ending_access_destroys_something_it_ends_after_the_last_day_and_not_on_notice() {
    let for_good = |target: &mut TargetCatalogue| target.access_ends_for_good = true;
    let world = |line: &str, status: &str| {
        let world = World::new().status("leavers,stage,equals,Left,inactive\nothers,id,is_present,,active");
        world.provisioning("end_date: end").pair("1", &format!("stage: Left, {line}"), status)
    };
    let notice = world("end: 2026-03-02", "active");
    assert_eq!(notice.plan().verdict("1"), Verdict::Deactivate, "the directory gives everything back");
    let planned = notice.plan_for(for_good);
    assert_eq!(planned.verdict("1"), Verdict::Unchanged);
    assert!(planned.reason("1").contains("ends after 2026-03-02"), "{}", planned.reason("1"));
    assert_eq!(world("end: 2026-03-01", "active").plan_for(for_good).verdict("1"), Verdict::Deactivate);
    assert_eq!(world("", "active").plan_for(for_good).verdict("1"), Verdict::Deactivate, "nobody knows of a day");
    let unknown = world("end: ?", "active").plan_for(for_good);
    assert_eq!(unknown.verdict("1"), Verdict::Undecided);
    assert!(unknown.finding("1").text.contains("internal.terminationDate"));
    assert_eq!(world("end: 2026-12-31", "inactive").plan_for(for_good).verdict("1"), Verdict::Unchanged);
}

#[test]
fn where_people_can_only_be_added_to_groups_whoever_should_leave_one_is_reported() {
    let add_only = |target: &mut TargetCatalogue| target.groups.add_only = true;
    let world = World::new().group_rules("", ",site,equals,Lyon,Lyon,").group("g1", "Lyon").group("g2", "Old hands");
    let world = world.pair("1", "site: Paris", "groups: g1|g2");
    assert_eq!(world.plan().leaves("1"), ["Lyon"]);
    let planned = world.plan_for(add_only);
    assert_eq!(planned.verdict("1"), Verdict::Unchanged);
    assert!(planned.finding("1").text.contains("`Lyon`"), "{:?}", planned.finding("1"));
}
