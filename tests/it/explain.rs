//! One person explained: the plan's own verdict, the lines that decided it, and what would change the outcome.

use rollbook::engine::explain::{Explanation, explain, find};
use rollbook::model::plan::{Origin, Verdict};

use crate::world::{Planned, World};

/// Explains one person of a world, after holding the verdict against the plan's.
fn explained(world: &World, id: &str, verdict: Verdict) -> Explained {
    let planned = world.plan();
    let explanation = explain(&planned.recipe, &planned.seen.inputs(), &planned.plan, &id.into()).unwrap();
    assert_eq!(explanation.plan, *planned.person(id));
    assert_eq!(explanation.plan.verdict, verdict, "{explanation:#?}");
    Explained { explanation }
}

struct Explained {
    explanation: Explanation,
}

impl Explained {
    /// One stage, a line each, with the place that decided.
    fn stage(&self, name: &str) -> Vec<String> {
        let stage = self.explanation.stages.iter().find(|stage| stage.name == name);
        stage.iter().flat_map(|stage| &stage.lines).map(|line| with_place(&line.text, line.origin.as_deref())).collect()
    }

    /// What would change the outcome.
    fn would_change(&self) -> Vec<String> {
        self.explanation.would_change.iter().map(|line| with_place(&line.text, line.origin.as_deref())).collect()
    }
}

fn with_place(text: &str, origin: Option<&Origin>) -> String {
    origin.map_or_else(|| text.to_owned(), |origin| format!("{text} [{origin}]"))
}

#[test]
fn somebody_whom_no_include_rule_takes_in_is_told_what_the_row_expects() {
    let world = World::new()
        .filters("uk,include,title,is_present,\nuk,include,site,equals,UK")
        .person("1", "site: GB, title: Cook");
    let person = explained(&world, "1", Verdict::OutOfScope);
    assert_eq!(
        person.stage("filter"),
        ["filter rule `uk` does not match: it expects `site` equals `UK`; HiBob says `GB` [filters.csv:3]"]
    );
    assert_eq!(
        person.would_change(),
        ["takes part by the filter rule `uk` if `site` equals `UK` (HiBob says `GB`) [filters.csv:2]"]
    );
}

#[test]
fn somebody_whom_an_exclude_rule_leaves_out_is_told_which() {
    let world = World::new().filters("temps,exclude,title,equals,Temp").person("1", "title: Temp");
    let person = explained(&world, "1", Verdict::OutOfScope);
    assert_eq!(person.stage("filter"), ["filter rule `temps` leaves this person out [filters.csv:2]"]);
    assert_eq!(person.would_change(), ["`title` equals `Temp` no longer holds (HiBob says `Temp`) [filters.csv:2]"]);
}

const STATUS: &str = "left,stage,equals,Left,inactive\nstaff,stage,equals,Employed,active";

#[test]
fn a_leaver_is_told_the_rule_and_what_would_give_access() {
    let person = explained(&World::new().status(STATUS).pair("1", "stage: Left", ""), "1", Verdict::Deactivate);
    assert_eq!(person.stage("status"), ["status rule `left` says inactive [status.csv:2]"]);
    assert_eq!(
        person.would_change(),
        ["would be active by the status rule `staff` if `stage` equals `Employed` (HiBob says `Left`) [status.csv:3]"]
    );
}

#[test]
fn somebody_whom_no_status_rule_knows_is_told_every_row_that_came_near() {
    let person = explained(&World::new().status(STATUS).person("1", "stage: Sabbatical"), "1", Verdict::Ignore);
    assert_eq!(person.stage("status").len(), 3);
    assert!(person.stage("status")[2].starts_with("no rule matches, so this person is left alone [recipe.yaml:"));
    assert!(
        person.would_change().iter().any(|line| line.contains("would be active by the status rule `staff`")),
        "{:?}",
        person.would_change()
    );
}

#[test]
fn somebody_whose_last_day_has_passed_is_told_the_day() {
    let world = World::new().provisioning("end_date: end").pair("1", "end: 2026-03-01", "");
    let person = explained(&world, "1", Verdict::Deactivate);
    assert!(
        person.stage("provisioning")[0]
            .starts_with("until `end`, that day included: HiBob says 2026-03-01 [recipe.yaml:"),
        "{:?}",
        person.stage("provisioning")
    );
    let [change] = &person.would_change()[..] else { panic!("{:?}", person.would_change()) };
    assert!(change.starts_with("`end` is empty, or not before 2026-03-02 [recipe.yaml:"), "{change}");
}

#[test]
fn somebody_who_waits_is_told_for_which_day() {
    let world = World::new().provisioning("start: on_start_date, start_date: start").person("1", "start: 2026-04-01");
    let person = explained(&world, "1", Verdict::Wait);
    assert!(person.stage("provisioning")[0].contains("HiBob says 2026-04-01; today is 2026-03-02"));
    assert!(person.would_change()[0].starts_with("the start date comes"));
}

#[test]
fn somebody_undecided_is_told_which_permission_is_missing() {
    let person = explained(&World::new().status(STATUS).pair("1", "stage: ?", ""), "1", Verdict::Undecided);
    assert_eq!(
        person.stage("status"),
        [
            "status rule `left` can't be decided: it expects `stage` equals `Left`; HiBob says nothing (not delivered) [status.csv:2]"
        ]
    );
    assert!(person.would_change().iter().any(|line| line.contains("permission group")), "{:?}", person.would_change());
}

#[test]
fn somebody_whose_address_another_employee_has_is_told_whose() {
    let person = explained(&World::new().pair("1", "", "").person("2", "mail: 1@acme.example"), "2", Verdict::Conflict);
    let identify = person.stage("identify");
    assert!(
        identify[0].starts_with("identified by `root.id` = `external_id`: looked for `2` [recipe.yaml:"),
        "{identify:?}"
    );
    assert_eq!(identify.last().unwrap(), "the user that fits belongs to employee 1");
    assert!(person.would_change()[0].contains("give one another address"));
}

#[test]
fn somebody_hired_again_is_told_whose_user_it_was() {
    let world = World::new()
        .status(STATUS)
        .pair("1", "stage: Left", "inactive")
        .person("2", "mail: 1@acme.example, stage: Employed");
    let person = explained(&world, "2", Verdict::Reactivate);
    assert_eq!(person.stage("identify").last().unwrap(), "user u1 fits; it was employee 1's, whose access has ended");
}

#[test]
fn every_field_and_group_of_a_change_is_explained() {
    let world = World::new()
        .fields("job_title,title\nlocation,site")
        .group_rules("", "sales,dept,equals,Sales,Sales")
        .group("g1", "Sales");
    let world = world.pair("1", "title: Cook, site: ?, dept: Finance", "job_title: Waiter, groups: g1");
    let person = explained(&world, "1", Verdict::Update);
    let fields = person.stage("fields");
    assert_eq!(
        fields[2],
        "`job_title` becomes `Cook`: `title` is `Cook`; the target has `Waiter` [standard_fields.csv:4]"
    );
    assert_eq!(
        fields[3],
        "`location` is left as it is: not delivered: `site` is nothing (not delivered); the target has nothing (empty) [standard_fields.csv:5]"
    );
    let groups = person.stage("groups");
    assert_eq!(
        groups,
        [
            "group rule `sales` does not match: it expects `dept` equals `Sales`; HiBob says `Finance` [groups.csv:2]",
            "leaves `Sales`: no longer asked for by the group rule `sales` [groups.csv:2]",
        ]
    );
}

#[test]
fn somebody_who_is_gone_can_be_found_by_id_and_address_and_is_told_so() {
    let world = World::new().person("1", "").gone("2");
    let person = explained(&world, "2", Verdict::Deactivate);
    assert!(
        person.stage("provisioning")[0].contains("the employee is gone from HiBob [recipe.yaml:"),
        "{:?}",
        person.stage("provisioning")
    );
    assert_eq!(person.would_change(), ["HiBob delivers the employee again"]);
    let planned = world.plan();
    let found = |wanted: &str| find(&planned.recipe, &planned.seen.inputs(), wanted).map(|id| id.to_string());
    assert_eq!((found("2").as_deref(), found("2@ACME.example").as_deref()), (Some("2"), Some("2")));
    assert_eq!((found("1@acme.example").as_deref(), found("nobody")), (Some("1"), None));
}

#[test]
fn somebody_who_does_not_come_back_is_told_the_line_that_keeps_them_out() {
    let world = World::new().provisioning("reactivate: false").pair("1", "", "inactive");
    let person = explained(&world, "1", Verdict::Unchanged);
    assert!(person.would_change()[0].starts_with("`reactivate: true` [recipe.yaml:"), "{:?}", person.would_change());
}

#[test]
fn somebody_protected_is_told_the_list() {
    let world = World::new().limits("never_touch: [ u1 ]").fields("job_title,title").pair("1", "title: Cook", "");
    let person = explained(&world, "1", Verdict::Protected);
    assert_eq!(person.would_change(), ["the user is taken off the list `never_touch`"]);
}

#[test]
fn a_transform_that_refuses_is_shown_with_what_it_said() {
    let world = World::new().fields("job_title,title,\"fail(\"\"no title\"\")\"").pair("1", "title: x", "");
    let person = explained(&world, "1", Verdict::Fail);
    assert!(
        person.stage("fields")[2].starts_with("`job_title`: the transform refused: no title"),
        "{:?}",
        person.stage("fields")
    );
}

#[test]
fn everybody_of_a_plan_can_be_explained_with_the_plans_own_verdict() {
    let world = World::new().status(STATUS).pair("1", "stage: Left", "").person("2", "stage: Employed").gone("3");
    let planned: Planned = world.plan();
    for person in &planned.plan.people {
        let explanation = explain(&planned.recipe, &planned.seen.inputs(), &planned.plan, &person.employee).unwrap();
        assert_eq!(explanation.plan, **person);
        assert!(explanation.stages.iter().flat_map(|stage| &stage.lines).any(|line| line.origin.is_some()));
    }
    assert!(explain(&planned.recipe, &planned.seen.inputs(), &planned.plan, &"9".into()).is_none());
}
