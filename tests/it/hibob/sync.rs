//! Whole syncs over HTTP into the embedded directory, and what never happens to people when HiBob shows less.

use insta::assert_snapshot;
use rollbook::sandbox::breakage::Breakage;
use rollbook::sandbox::hibob::faults::Faults;
use rollbook::sandbox::hibob::switches::Audience;
use rollbook::sandbox::hibob::{Event, People};
use serde_json::json;

use super::tenant::{SEARCH, Tenant};
use crate::program::Ran;

/// The 300, with their users made.
fn synced() -> Tenant {
    let tenant = Tenant::open();
    tenant.sync(&[]).expect_code(0).shows("247 created");
    tenant
}

/// What a run says first, without its duration.
fn summary(ran: &Ran) -> String {
    ran.stdout.split("\nTook").next().unwrap().trim_end().to_owned()
}

/// The report of the run that a command ended.
fn report(tenant: &Tenant, ran: &Ran) -> String {
    let run = ran.stdout.split("rollbook runs ").nth(1).unwrap().split_whitespace().next().unwrap();
    tenant.run(&["runs", run]).expect_code(0).stdout
}

/// How many users are inactive.
fn inactive(tenant: &Tenant) -> usize {
    let users = tenant.run(&["users", "recipes/demo-live.yaml"]).expect_code(0).stdout;
    assert!(users.lines().count() > 240, "{users}");
    users.lines().filter(|line| line.contains("inactive")).count()
}

#[test]
fn five_thousand_people_are_synced_and_the_second_sync_changes_nothing() {
    let people = People::Generated { count: 5_000, seed: 1 };
    let tenant = Tenant::of(people, |switches| switches.audience = Audience::All);
    let first = tenant.sync(&[]).expect_code(0).shows("4,421 created").shows("5,000 read");
    assert!(first.stdout.starts_with("4,421 people were created."));
    tenant.sync(&[]).expect_code(0).shows("Nothing was changed.").shows("5,000 read");
    assert_eq!(tenant.calls(SEARCH), 2);
}

#[test]
fn a_sync_goes_on_through_a_429_and_through_a_connection_that_is_cut() {
    let tenant = Tenant::open();
    tenant.switch(|switches| {
        switches.window_seconds = 1;
        switches.faults.rate_limited = 2;
    });
    tenant.sync(&[]).expect_code(0).shows("247 created").says("error.type=\"too_many\"");
    // Long enough for the search to be seen before it is answered.
    tenant.switch(|switches| switches.faults.latency_ms = 500);
    let ran = std::thread::scope(|scope| {
        let ran = scope.spawn(|| tenant.sync(&[]));
        while tenant.calls(SEARCH) < 2 && !ran.is_finished() {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        tenant.switch(|switches| switches.faults.cut = Some(Breakage { percent: 60, calls: Some(1) }));
        ran.join().unwrap()
    });
    ran.expect_code(0).shows("Nothing was changed.").says("the answer of people search was cut off, reading again");
    assert_eq!(tenant.calls(SEARCH), 3);
}

#[test]
fn a_connection_that_is_always_cut_ends_the_run_and_changes_nothing() {
    let tenant = synced();
    tenant.switch(|switches| switches.faults.cut = Some(Breakage { percent: 60, calls: None }));
    let ran = tenant.sync(&[]).expect_code(3).says("was cut off, more than once");
    assert!(!ran.stdout.contains("deactivated"), "{}", ran.stdout);
    tenant.switch(|switches| switches.faults = Faults::default());
    tenant.sync(&[]).expect_code(0).shows("Nothing was changed.");
}

#[test]
fn without_the_lifecycle_nobody_is_deactivated_and_the_report_names_the_permission() {
    let tenant = synced();
    let before = inactive(&tenant);
    for person in ["3000000000000000109", "3000000000000000110"] {
        let event = json!({ "event": "terminate", "person": person, "date": "2026-10-30" });
        tenant.sandbox.play(&serde_json::from_value::<Event>(event).unwrap()).unwrap();
    }
    tenant.switch(|switches| _ = switches.withhold_categories.insert("lifecycle".to_owned()));
    let ran = tenant.sync(&[]).expect_code(0);
    assert_snapshot!(summary(&ran), @r"
    Nothing was changed. 301 need attention.

            1 out of scope        299 undecided
          300 read

    What needs attention:
          299 Not decided, something was not delivered: The filter rule `long gone` can't be decided: HiBob did no…
            1 Credentials or permissions: HiBob did not deliver `internal.lifecycleStatus`, `internal.terminationD…
            1 Credentials or permissions: HiBob did not deliver `work.custom.field_1700000000001` for 1 of 300 peo…
    ");
    let report = report(&tenant, &ran);
    let from = report.find("Credentials or permissions: HiBob did not deliver `internal").unwrap();
    assert_snapshot!(report[from..].lines().take(3).collect::<Vec<_>>().join("\n"), @r#"
    Credentials or permissions: HiBob did not deliver `internal.lifecycleStatus`, `internal.terminationDate`, `employee.lastDayOfWork`, `internal.status` for anybody; nothing that depends on it was changed
       Whose move:  credentials or permissions
       What to do:  Tick the permission category "Lifecycle" in the service user's permission group, for everybody the recipe covers.
    "#);
    assert_eq!(inactive(&tenant), before);
    tenant.switch(|switches| switches.withhold_categories.clear());
    tenant.sync(&[]).expect_code(0).shows("2 deactivated");
}

#[test]
fn a_roster_that_shrinks_is_held_and_the_report_says_why() {
    let tenant = synced();
    let before = inactive(&tenant);
    tenant.switch(|switches| switches.faults.shrink_to_percent = Some(50));
    assert_snapshot!(summary(&tenant.sync(&[]).expect_code(4)), @r"
    Nothing was changed. 157 need attention.

          140 unchanged           126 held                  2 out of scope
            8 waiting
          150 read + 126 gone from the source

    What needs attention:
          126 Held by the brake: 150 employees are missing since the last full sync; the limit is at most 10 % of…
          126 Held by the brake: 126 people would lose access; the limit is at most 20 and 5 % of 247 linked users
           24 To put right in HiBob: `manager` was left as it is: the person it should lead to has no user in the…
            6 To put right in HiBob: `additional_managers` was left as it is: the person it should lead to has no…
            1 Credentials or permissions: HiBob did not deliver `work.custom.field_1700000000001` for 1 of 150 peo…
    ");
    tenant.switch(|switches| {
        switches.faults = Faults::default();
        switches.audience = Audience::Employed;
    });
    assert_snapshot!(summary(&tenant.sync(&[]).expect_code(4)), @r"
    Nothing was changed. 76 need attention.

          232 unchanged            15 held                  1 out of scope
          233 read + 15 gone from the source

    What needs attention:
           15 Held by the brake: 67 employees are missing since the last full sync; the limit is at most 10 % of 3…
           15 Held by the brake: 15 people would lose access; the limit is at most 20 and 5 % of 247 linked users
           49 To put right in HiBob: `manager` was left as it is: the person it should lead to has no user in the…
           13 To put right in HiBob: `additional_managers` was left as it is: the person it should lead to has no…
            1 Credentials or permissions: HiBob did not deliver `work.custom.field_1700000000001` for 1 of 233 peo…
    ");
    tenant.switch(|switches| switches.no_group = Some(rollbook::sandbox::hibob::switches::NoGroup::Empty));
    assert_snapshot!(summary(&tenant.sync(&[]).expect_code(3)), @r"
    The run was refused and nothing was changed: The source gave no people at all; an empty source is always refused.

            0 read

    What needs attention:
            1 The run did not go through: The source gave no people at all; an empty source is always refused
    ");
    assert_eq!(inactive(&tenant), before);
}

#[test]
fn fields_that_are_lost_for_everybody_clear_nothing() {
    let tenant = synced();
    let fields = ["work.department", "work.title", "root.surname", "work.site"];
    tenant.switch(|switches| switches.faults.missing_fields = fields.map(str::to_owned).to_vec());
    let ran = tenant.sync(&[]).expect_code(0);
    assert_snapshot!(summary(&ran), @r"
    Nothing was changed. 67 need attention.

          283 unchanged             3 out of scope         14 waiting
          300 read

    What needs attention:
           53 To put right in HiBob: `manager` was left as it is: the person it should lead to has no user in the…
           14 To put right in HiBob: `additional_managers` was left as it is: the person it should lead to has no…
            1 Credentials or permissions: HiBob did not deliver `work.site`, `work.title`, `work.department` for a…
            1 Credentials or permissions: HiBob did not deliver `root.surname` for anybody; nothing that depends o…
            1 Credentials or permissions: HiBob did not deliver `work.custom.field_1700000000001` for 1 of 300 peo…
    ");
    assert!(!report(&tenant, &ran).contains("cleared"));
    tenant.switch(|switches| switches.faults = Faults::default());
    tenant.sync(&[]).expect_code(0).shows("Nothing was changed.");
}
