//! Who takes part, who has access, from when and until when.

use rollbook::model::plan::Verdict;
use rollbook::model::{Access, UserStatus, Whose};

use crate::world::World;

const LEAVERS: &str = "leavers,stage,equals,Left,inactive
    visitors,stage,equals,Visitor,ignore
    staff,stage,equals,Employed,active";

fn staff() -> World {
    World::new().status(LEAVERS)
}

#[test]
fn without_filter_and_status_everybody_gets_a_user() {
    let plan = World::new().person("1", "").plan();
    assert_eq!(plan.verdict("1"), Verdict::Create);
    assert_eq!(plan.field("1", "mail").as_deref(), Some("1@acme.example"));
}

#[test]
fn whom_an_exclude_rule_matches_is_left_out_even_if_an_include_rule_matches_too() {
    let world = World::new().filters(",include,site,equals,Berlin\nagency,exclude,title,starts_with,agency");
    let plan = world
        .person("in", "site: berlin")
        .person("agency", "site: Berlin, title: Agency driver")
        .person("elsewhere", "site: Rome")
        .plan();
    assert_eq!(plan.verdict("in"), Verdict::Create);
    assert_eq!(plan.verdict("agency"), Verdict::OutOfScope);
    assert_eq!(plan.reason("agency"), "filter rule `agency` (filters.csv:3)");
    assert_eq!(plan.verdict("elsewhere"), Verdict::OutOfScope);
    assert!(plan.reason("elsewhere").contains("no include rule"));
}

#[test]
fn rows_of_one_rule_must_all_match() {
    let world = World::new().filters("temps,exclude,title,equals,Temp\ntemps,exclude,site,equals,Rome");
    let plan = world.person("both", "title: Temp, site: Rome").person("one", "title: Temp, site: Oslo").plan();
    assert_eq!((plan.verdict("both"), plan.verdict("one")), (Verdict::OutOfScope, Verdict::Create));
}

#[test]
fn nobody_is_decided_by_a_field_that_was_not_delivered() {
    let world = World::new()
        .filters("agency,exclude,title,equals,Temp")
        .status(",stage,equals,Left,inactive\n,id,is_present,,active");
    let plan = world.pair("1", "title: ?", "").pair("2", "stage: ?", "").plan();
    for (id, field) in [("1", "`work.title` (Work)"), ("2", "`internal.lifecycleStatus` (Lifecycle)")] {
        assert_eq!(plan.verdict(id), Verdict::Undecided);
        assert_eq!(plan.finding(id).whose, Whose::Credentials);
        assert!(plan.finding(id).text.contains(field), "{:?}", plan.finding(id));
        assert!(plan.person(id).changes.is_none());
    }
}

#[test]
fn a_finding_names_only_the_fields_that_the_undecided_rule_looks_at() {
    let plan = World::new()
        .fields("job_title,title")
        .filters(",exclude,site,equals,Rome")
        .pair("1", "site: ?, title: ?", "")
        .plan();
    assert!(plan.finding("1").text.contains("`work.site`"));
    assert!(!plan.finding("1").text.contains("`work.title`"), "{:?}", plan.finding("1"));
}

#[test]
fn who_is_out_whatever_an_undelivered_field_holds_is_out() {
    let world = World::new().filters(",include,site,equals,Berlin\n,exclude,title,equals,Temp");
    let plan = world.person("1", "site: Rome, title: ?").plan();
    assert_eq!(plan.verdict("1"), Verdict::OutOfScope);
}

#[test]
fn whether_a_field_is_delivered_can_be_asked_and_is_always_known() {
    let world = World::new().filters(",include,title,is_delivered,");
    let plan = world.person("yes", "title:").person("no", "title: ?").plan();
    assert_eq!((plan.verdict("yes"), plan.verdict("no")), (Verdict::Create, Verdict::OutOfScope));
}

#[test]
fn an_empty_field_is_decided_and_equals_nothing() {
    let world = World::new().filters(",exclude,title,not_equals,Temp");
    assert_eq!(world.person("1", "title:").plan().verdict("1"), Verdict::OutOfScope);
}

#[test]
fn the_first_status_rule_that_matches_decides() {
    let world = World::new().status("first,stage,equals,Left,inactive\nsecond,stage,equals,Left,active");
    let plan = world.pair("1", "stage: Left", "").plan();
    assert_eq!(plan.verdict("1"), Verdict::Deactivate);
    assert_eq!(plan.reason("1"), "status rule `first` (status.csv:2)");
    assert_eq!(plan.person("1").changes.as_ref().unwrap().status_before, Some(UserStatus::Active));
}

#[test]
fn who_is_to_be_ignored_is_left_alone_without_a_word() {
    let plan = staff().pair("1", "stage: Visitor", "mail: old@acme.example").plan();
    assert_eq!(plan.verdict("1"), Verdict::Ignore);
    assert!(plan.person("1").findings.is_empty());
}

#[test]
fn whom_no_status_rule_matches_is_left_alone_and_reported() {
    let plan = staff().pair("1", "stage: Sabbatical", "").plan();
    assert_eq!(plan.verdict("1"), Verdict::Ignore);
    assert_eq!(plan.finding("1").whose, Whose::Recipe);
    assert!(plan.reason("1").starts_with("no status rule matches (recipe.yaml:"), "{}", plan.reason("1"));
}

#[test]
fn a_leaver_without_a_user_and_one_without_access_need_nothing() {
    let plan = staff().person("1", "stage: Left").pair("2", "stage: Left", "inactive").plan();
    assert_eq!((plan.verdict("1"), plan.verdict("2")), (Verdict::Unchanged, Verdict::Unchanged));
}

#[test]
fn access_lasts_until_the_end_of_the_end_date_and_ends_the_day_after() {
    let world = |today: &str| {
        let world = World::new().provisioning("end_date: end").pair("1", "end: 2026-03-02", "");
        world.today(today).plan().verdict("1")
    };
    assert_eq!(world("2026-03-01"), Verdict::Unchanged);
    assert_eq!(world("2026-03-02"), Verdict::Unchanged);
    assert_eq!(world("2026-03-03"), Verdict::Deactivate);
}

#[test]
fn an_end_date_that_was_not_delivered_ends_nothing_and_changes_nothing() {
    let world = World::new().provisioning("end_date: end").pair("1", "end: ?", "mail: old@acme.example");
    let plan = world.plan();
    assert_eq!((plan.verdict("1"), plan.finding("1").whose), (Verdict::Undecided, Whose::Credentials));
}

const SITES: &str = "from,to\nSydney,Australia/Sydney\nSan Francisco,America/Los_Angeles";

fn zones() -> World {
    World::new()
        .values("sites", SITES)
        .section("timezone", "{ table: sites, field: site, default: UTC }")
        .provisioning("end_date: end")
}

#[test]
fn the_day_is_that_of_a_persons_own_site() {
    // Noon of 3 March in Sydney is the afternoon of 2 March in California.
    let world = zones().at("2026-03-03T01:00:00Z");
    let plan = world
        .pair("sydney", "site: Sydney, end: 2026-03-02", "")
        .pair("california", "site: san francisco, end: 2026-03-02", "")
        .pair("elsewhere", "site: Mars, end: 2026-03-02", "")
        .plan();
    assert_eq!(plan.verdict("sydney"), Verdict::Deactivate);
    assert_eq!(plan.verdict("california"), Verdict::Unchanged);
    assert_eq!(plan.verdict("elsewhere"), Verdict::Deactivate, "it is 3 March in the default zone");
}

#[test]
fn nobody_leaves_early_because_their_site_was_not_delivered() {
    let world = zones().at("2026-03-03T01:00:00Z").pair("1", "site: ?, end: 2026-03-02", "");
    assert_eq!(world.plan().verdict("1"), Verdict::Unchanged, "it may still be 2 March where they are");
}

#[test]
fn a_rehearsed_day_is_the_same_everywhere() {
    let world = zones().today("2026-03-03").pair("1", "site: San Francisco, end: 2026-03-02", "");
    assert_eq!(world.plan().verdict("1"), Verdict::Deactivate);
}

#[test]
fn new_people_are_made_when_added_or_on_their_start_date() {
    let person = |world: World| world.person("1", "start: 2026-03-03").plan();
    assert_eq!(person(World::new()).verdict("1"), Verdict::Create, "`when_added` is the default");
    let waiting = World::new().provisioning("start: on_start_date, start_date: start");
    let plan = person(waiting);
    assert_eq!(plan.verdict("1"), Verdict::Wait);
    assert!(plan.reason("1").contains("the first day is 2026-03-03"), "{}", plan.reason("1"));
    let waited = World::new().provisioning("start: on_start_date, start_date: start").today("2026-03-03");
    assert_eq!(person(waited).verdict("1"), Verdict::Create);
}

#[test]
fn an_empty_or_undelivered_start_date_is_reported_to_those_who_can_fill_it() {
    let world = World::new().provisioning("start: on_start_date, start_date: start");
    let plan = world.person("empty", "start:").person("hidden", "start: ?").pair("here", "start: ?", "").plan();
    assert_eq!((plan.verdict("empty"), plan.finding("empty").whose), (Verdict::Undecided, Whose::Source));
    assert_eq!((plan.verdict("hidden"), plan.finding("hidden").whose), (Verdict::Undecided, Whose::Credentials));
    assert_eq!(plan.verdict("here"), Verdict::Unchanged, "who has access needs no start date");
}

#[test]
fn new_users_get_the_access_that_the_recipe_says() {
    let modes =
        [("invite", Access::Invite), ("active_with_email", Access::ActiveWithEmail), ("active", Access::Active)];
    for (word, access) in modes {
        let plan = World::new().provisioning(&format!("create: {word}")).person("1", "").plan();
        assert_eq!(plan.person("1").changes.as_ref().unwrap().access, Some(access));
    }
}

#[test]
fn who_comes_back_gets_access_again_and_the_fields_of_today() {
    let world =
        staff().fields("job_title,title").pair("1", "stage: Employed, title: Cook", "inactive, job_title: Waiter");
    let plan = world.plan();
    assert_eq!(plan.verdict("1"), Verdict::Reactivate);
    let changes = plan.person("1").changes.as_ref().unwrap();
    assert_eq!((changes.status_before, changes.access), (Some(UserStatus::Inactive), Some(Access::Invite)));
    assert_eq!(plan.field("1", "job_title").as_deref(), Some("Cook"));
}

#[test]
fn who_comes_back_stays_out_where_the_recipe_does_not_reactivate() {
    let world =
        staff().provisioning("reactivate: false").pair("1", "stage: Employed", "inactive, mail: old@acme.example");
    let plan = world.plan();
    assert_eq!(plan.verdict("1"), Verdict::Unchanged);
    assert!(plan.reason("1").starts_with("provisioning `reactivate: false` (recipe.yaml:"), "{}", plan.reason("1"));
}

#[test]
fn who_comes_back_waits_for_the_start_date_too() {
    let world = World::new().provisioning("start: on_start_date, start_date: start");
    assert_eq!(world.pair("1", "start: 2026-04-01", "inactive").plan().verdict("1"), Verdict::Wait);
}

#[test]
fn an_invited_user_is_kept_up_to_date_and_not_invited_again() {
    let plan = World::new().fields("job_title,title").pair("1", "title: Cook", "invited").plan();
    assert_eq!(plan.verdict("1"), Verdict::Update);
    assert_eq!(plan.person("1").changes.as_ref().unwrap().access, None);
}

#[test]
fn who_falls_out_of_scope_keeps_access_unless_the_recipe_says_otherwise() {
    let world = |keys: &str| {
        let world = World::new().filters("abroad,exclude,site,equals,Rome").provisioning(keys);
        world.pair("1", "site: Rome", "").person("2", "site: Rome").user("u2", "mail: 2@acme.example").plan()
    };
    let left = world("out_of_scope: leave");
    assert_eq!((left.verdict("1"), left.verdict("2")), (Verdict::OutOfScope, Verdict::OutOfScope));
    let ended = world("out_of_scope: deactivate");
    assert_eq!(ended.verdict("1"), Verdict::Deactivate);
    assert_eq!(ended.reason("1"), "provisioning `out_of_scope: deactivate`: filter rule `abroad` (filters.csv:2)");
    assert_eq!(ended.verdict("2"), Verdict::OutOfScope, "only users that are linked are ours to deactivate");
    assert!(ended.person("2").new_link.is_none(), "who is out of scope is not linked");
}

#[test]
fn who_is_ignored_is_not_linked() {
    let plan = staff().person("1", "stage: Visitor").user("u1", "mail: 1@acme.example").plan();
    assert_eq!((plan.verdict("1"), plan.person("1").new_link.is_none()), (Verdict::Ignore, true));
}

#[test]
fn the_user_of_somebody_who_is_gone_loses_access_unless_the_recipe_leaves_it() {
    let plan = World::new().person("1", "").gone("2").plan();
    assert_eq!(plan.verdict("2"), Verdict::Deactivate);
    assert!(!plan.person("2").in_roster);
    let left = World::new().provisioning("missing: leave").person("1", "").gone("2").plan();
    assert_eq!(left.verdict("2"), Verdict::Unchanged);
}

#[test]
fn nobody_counts_as_gone_while_records_could_not_be_read() {
    let plan = World::new().person("1", "").gone("2").unreadable(1).plan();
    assert_eq!((plan.verdict("2"), plan.finding("2").whose), (Verdict::Undecided, Whose::Source));
}

#[test]
fn a_user_that_nobody_is_linked_to_is_none_of_our_business() {
    let plan = World::new().person("1", "").user("admin", "mail: admin@acme.example").plan();
    assert_eq!(plan.plan.people.len(), 1);
}

#[test]
fn a_user_that_was_deleted_in_the_target_is_made_again() {
    let plan = World::new().person("1", "").link("1", "deleted").link("2", "deleted too").plan();
    assert_eq!(plan.verdict("1"), Verdict::Create);
    assert_eq!(plan.plan.people.len(), 1, "a link to nobody is nobody who is gone");
}

#[test]
fn no_run_changes_a_user_on_the_list_never_touch() {
    for listed in ["U1", "1@ACME.example"] {
        let limits = format!("never_touch: [ {listed} ]");
        let changed =
            staff().limits(&limits).fields("job_title,title").pair("1", "stage: Employed, title: Cook", "").plan();
        assert_eq!(changed.verdict("1"), Verdict::Protected);
        assert!(changed.person("1").changes.is_none());
        let leaver = staff().limits(&limits).pair("1", "stage: Left", "").plan();
        assert_eq!(leaver.verdict("1"), Verdict::Protected);
        let gone = World::new().limits(&limits).person("2", "").gone("1").plan();
        assert_eq!(gone.verdict("1"), Verdict::Protected);
    }
}

#[test]
fn a_script_that_fails_for_one_person_leaves_the_others_alone() {
    let world = World::new().filters(",exclude,,script,\"fails(employee[\"\"work.title\"\"])\"");
    let world = world.script("fn fails(title) { if title == \"bad\" { throw \"no such title\" } false }");
    let plan = world.person("1", "title: bad").person("2", "title: good").plan();
    assert_eq!((plan.verdict("1"), plan.verdict("2")), (Verdict::Fail, Verdict::Create));
}

#[test]
fn a_leaver_whose_transform_fails_loses_access_all_the_same() {
    let world = staff().fields("job_title,title,\"fail(\"\"never\"\")\"").pair("1", "stage: Left", "").pair(
        "2",
        "stage: Employed",
        "",
    );
    let plan = world.plan();
    assert_eq!((plan.verdict("1"), plan.verdict("2")), (Verdict::Deactivate, Verdict::Fail));
}

#[test]
fn nobody_loses_access_over_a_rule_that_asks_whether_a_field_was_delivered() {
    let hidden = |filter: &str, provisioning: &str| {
        let world = World::new().filters(filter).provisioning(provisioning);
        world.pair("1", "site: ?", "").pair("2", "site: Paris", "").plan()
    };
    let seen_only = ",include,site,is_delivered,";
    let plan = hidden(seen_only, "out_of_scope: deactivate");
    assert_eq!((plan.verdict("1"), plan.verdict("2")), (Verdict::Undecided, Verdict::Unchanged));
    assert_eq!(hidden(seen_only, "out_of_scope: leave").verdict("1"), Verdict::OutOfScope);
    let excluded = hidden(",include,site,is_delivered,\n,exclude,id,equals,1", "out_of_scope: deactivate");
    assert_eq!(excluded.verdict("1"), Verdict::Deactivate, "another rule leaves this person out");

    let status = |rules: &str| World::new().status(rules).pair("1", "site: ?", "").plan().verdict("1");
    assert_eq!(status(",site,is_delivered,,active\n,id,is_present,,inactive"), Verdict::Undecided);
    assert_eq!(status(",id,is_present,,inactive\n,site,is_delivered,,active"), Verdict::Deactivate);
    assert_eq!(status(",site,is_delivered,,active\n,id,is_present,,ignore"), Verdict::Ignore);
}
