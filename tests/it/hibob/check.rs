//! `check --live`: what an administrator of HiBob reads, and can act on.

use insta::assert_snapshot;
use rollbook::sandbox::hibob::Event;
use rollbook::sandbox::hibob::switches::{Audience, NoGroup};
use serde_json::json;

use super::tenant::{TOKEN, Tenant, person, shown, stable};
use crate::program::Ran;

const OTHER: &str = "3000000000000000102";

/// What is said with another token in the environment.
fn with_token(tenant: &Tenant, token: &str) -> Ran {
    let mut command = tenant.command(&["check", "recipes/demo-live.yaml", "--live"]);
    Ran::of(command.env("HIBOB_TOKEN", token).output().unwrap())
}

/// Only what was found wrong, in short: messages and help, without the places.
fn notes(ran: &Ran) -> String {
    let wanted = |line: &&str| {
        line.starts_with("problem") || line.starts_with("warning") || line.trim_start().starts_with("= help")
    };
    stable(&ran.stdout).lines().filter(wanted).map(|line| format!("{}\n", line.trim_start())).collect()
}

#[test]
fn a_tenant_that_is_set_up_well_is_told_its_sizes() {
    let ran = Tenant::open().check_live().expect_code(0);
    assert_snapshot!(stable(&ran.stdout), @r#"
    warning[live]: `work.custom.field_1700000000001` (Seniority) is not delivered for 1 of 300 people
     --> lookup_tables/demo/custom_fields.csv:5:11
      |
    5 | seniority,seniority,"lookup_or(""seniority"", value, value)",,,,A level that the table does not know is reported and not sent: the fi...
      |           ^^^^^^^^^
      |
      = help: most likely these people hold an item that is no longer in its list: in Bob, choose another for them

      HiBob: 26 fields, 8 lists
      HiBob: 300 people, read in N s
      directory: 0 users and 0 groups and teams, read in N s
      accounts: 250 given or kept, 36 withheld by status, 11 waiting for the first day, 3 left out by the filter; `rollbook explain` says why for each
      a full sync: N s to read; a first one, which writes everybody, about 1 s more if a call takes a second
    recipes/demo-live.yaml: no problems, 1 warning
    "#);
}

#[test]
fn credentials_that_are_wrong_are_named_after_one_call() {
    let tenant = Tenant::open();
    assert_snapshot!(stable(&with_token(&tenant, "another").expect_code(2).stdout), @r"
    problem[bad-connector]: HiBob does not accept the credentials (401 at GET /v1/company/people/fields)
      --> recipes/demo-live.yaml:19:3
       |
    19 |   hibob:
       |   ^^^^^
       |
       = help: see whether id and token are those of the same user, whole and without quotes or spaces; then run `rollbook check --live`. Nothing was tried again, as repeats lead to a block

    recipes/demo-live.yaml: 1 problem
    ");
    assert_eq!(tenant.all_calls(), 1);
}

#[test]
fn a_token_with_stray_characters_is_named_as_such_and_never_sent() {
    let tenant = Tenant::open();
    let odd = [format!("{TOKEN} "), format!("\"{TOKEN}\""), format!("Basic {TOKEN}"), format!("SERVICE-1001:{TOKEN}")];
    let said: String = odd.iter().map(|token| notes(&with_token(&tenant, token).expect_code(2))).collect();
    assert_snapshot!(said, @r"
    problem[bad-connector]: the secret `HIBOB_TOKEN` begins or ends with a space or an empty line
    = help: copy it again from Bob, without anything before or after it
    problem[bad-connector]: the secret `HIBOB_TOKEN` has quotes around it
    = help: copy it again from Bob, without anything before or after it
    problem[bad-connector]: the secret `HIBOB_TOKEN` has a space or a line end in it
    = help: copy it again from Bob, without anything before or after it
    problem[bad-connector]: the secret `HIBOB_TOKEN` has a colon in it, as if id and token stood together
    = help: copy it again from Bob, without anything before or after it
    ");
    assert!(!said.contains(TOKEN));
    assert_eq!(tenant.all_calls(), 0);
}

#[test]
fn a_token_that_is_nowhere_says_where_it_belongs() {
    assert_snapshot!(notes(&with_token(&Tenant::open(), "").expect_code(2)), @r"
    problem[bad-connector]: there is no secret `HIBOB_TOKEN`
    = help: set the environment variable HIBOB_TOKEN, or name a folder of secrets with --secrets-dir
    ");
}

#[test]
fn a_field_that_is_misspelt_and_a_value_that_is_no_label_are_named_with_the_right_ones() {
    let tenant = Tenant::open();
    tenant.program.replace(
        "lookup_tables/demo/groups.csv",
        "departments,work.department,",
        "departments,work.departement,",
    );
    tenant.program.replace("lookup_tables/demo/status.csv", "Terminated|Garden leave", "Terminated|Gardening leave");
    assert_snapshot!(stable(&tenant.check_live().expect_code(2).stdout), @r"
    problem[unknown-field]: the source has no field `work.departement`
     --> lookup_tables/demo/groups.csv:4:13
      |
    4 | departments,work.departement,is_present,,Department {work.department},,One rule for all departments
      |             ^^^^^^^^^^^^^^^^
      |
      = help: did you mean `work.department`?

    warning[never-matches]: this never matches: `internal.lifecycleStatus` has no value `Gardening leave` in the source
     --> lookup_tables/demo/status.csv:3:48
      |
    3 | leavers,internal.lifecycleStatus,in,Terminated|Gardening leave,inactive,Garden leave is still paid but has no business in the platform
      |                                                ^^^^^^^^^^^^^^^
      |
      = help: did you mean `Garden leave`?

    recipes/demo-live.yaml: 1 problem, 1 warning
    ");
}

#[test]
fn a_category_that_is_withheld_is_named_with_its_fields_and_where_to_tick_it() {
    let tenant = Tenant::with(|switches| _ = switches.withhold_categories.insert("lifecycle".to_owned()));
    let ran = tenant.check_live().expect_code(2);
    assert_snapshot!(notes(&ran), @r#"
    warning[live]: `work.custom.field_1700000000001` (Seniority) is not delivered for 1 of 300 people
    = help: most likely these people hold an item that is no longer in its list: in Bob, choose another for them
    problem[live]: `internal.lifecycleStatus` (Lifecycle status), `internal.terminationDate` (Termination date), `employee.lastDayOfWork` (Last day of work), `internal.status` (Status) are delivered for nobody
    = help: in Bob, open the permission group of the service user > People's data > People > Lifecycle, and tick "View selected employees' Lifecycle sections"
    warning[live]: 299 people are left alone: a field that decides about them is not delivered
    = help: grant the permission for the field, or fill it; `rollbook plan` names each of them
    "#);
    assert!(ran.stdout.contains("lookup_tables/demo/filters.csv:4"), "the first place that reads one");
}

#[test]
fn fields_that_are_withheld_for_some_people_are_counted_by_category() {
    let tenant = Tenant::with(|switches| {
        let names = ["lifecycle", "root.email"].map(str::to_owned);
        switches.withhold_from.insert(OTHER.to_owned(), names.into());
    });
    assert_snapshot!(notes(&tenant.check_live().expect_code(0)), @r#"
    warning[live]: `work.custom.field_1700000000001` (Seniority) is not delivered for 1 of 300 people
    = help: most likely these people hold an item that is no longer in its list: in Bob, choose another for them
    warning[live]: `internal.lifecycleStatus` (Lifecycle status), `internal.terminationDate` (Termination date), `employee.lastDayOfWork` (Last day of work), `internal.status` (Status) are not delivered for 1 of 300 people
    = help: these people are seen by another permission group than the others: in Bob, open the permission group of the service user > People's data > People > Lifecycle, and tick "View selected employees' Lifecycle sections" in each group of the service user
    warning[live]: `root.email` (Email) is not delivered for 1 of 300 people
    = help: these people are seen by another permission group than the others: in Bob, open the permission group of the service user > People's data > People > Basic info, and tick "View selected employees' Basic info sections" in each group of the service user
    warning[live]: 1 person is left alone: a field that decides about them is not delivered
    = help: grant the permission for the field, or fill it; `rollbook plan` names each of them
    "#);
}

#[test]
fn an_address_that_two_people_claim_and_accounts_that_a_status_withholds_are_counted_without_names() {
    let tenant = Tenant::open();
    let taken = tenant.roster(&["root.email"]).unwrap();
    let taken = shown(person(&taken, "3000000000000000104"), &["root.email"]).remove(0);
    let claim = json!({ "event": "change", "person": OTHER, "fields": { "root.email": taken } });
    tenant.sandbox.play(&serde_json::from_value::<Event>(claim).unwrap()).unwrap();
    let leaving = json!({ "event": "terminate", "person": "3000000000000000103", "date": "2026-10-01" });
    tenant.sandbox.play(&serde_json::from_value::<Event>(leaving).unwrap()).unwrap();
    let ran = tenant.check_live().expect_code(0).shows(" given or kept, 37 withheld by status");
    assert_snapshot!(notes(&ran), @r"
    warning[live]: `work.custom.field_1700000000001` (Seniority) is not delivered for 1 of 300 people
    = help: most likely these people hold an item that is no longer in its list: in Bob, choose another for them
    warning[live]: 2 people are left alone: the address or account is another's, or claimed twice
    = help: `rollbook plan` names each of them, with what to settle and where
    ");
    assert!(!ran.stdout.contains(&taken));
}

#[test]
fn people_who_left_and_people_who_have_not_begun_are_missed_when_the_group_hides_them() {
    let tenant = Tenant::with(|switches| switches.audience = Audience::Employed);
    let employed = notes(&tenant.check_live().expect_code(0));
    assert_snapshot!(employed, @r#"
    warning[live]: `work.custom.field_1700000000001` (Seniority) is not delivered for 1 of 233 people
    = help: most likely these people hold an item that is no longer in its list: in Bob, choose another for them
    warning[live]: there are no people who have left, nor people who have not begun, among the people that the service user sees
    = help: if there are such people: in Bob, open the permission group of the service user > People's data > "Access data for", choose people by condition, and let "Lifecycle status" be any, not only Employed; "Everyone" means active people only
    "#);
    tenant.switch(|switches| switches.audience = Audience::Active);
    assert_eq!(notes(&tenant.check_live().expect_code(0)).replace("246", "233"), employed);
}

#[test]
fn a_service_user_that_sees_nobody_is_a_problem() {
    let tenant = Tenant::with(|switches| switches.no_group = Some(NoGroup::Empty));
    assert_snapshot!(notes(&tenant.check_live().expect_code(2)), @r#"
    problem[live]: the service user sees nobody
    = help: in Bob, open the permission group of the service user > People's data, and choose under "Access data for" the people by condition; is the user in the group at all?
    "#);
}

#[test]
fn a_target_that_cannot_be_read_is_named_and_the_source_is_told_all_the_same() {
    let tenant = Tenant::open();
    tenant.program.write("notes.txt", "This is no database, but a text of some length. ".repeat(20));
    tenant.program.replace("recipes/demo-live.yaml", "../.rollbook/directory-live.db", "../notes.txt");
    let ran = tenant.check_live().expect_code(2).shows("HiBob: 300 people");
    assert!(notes(&ran).contains("notes.txt"), "{}", ran.stdout);
}

#[test]
fn nothing_is_written_by_a_check() {
    let tenant = Tenant::open();
    tenant.check_live().expect_code(0);
    for place in [".rollbook", "outbox"] {
        assert!(!tenant.program.path(place).exists(), "{place}");
    }
}

#[test]
fn the_recipes_of_the_repository_are_checked_without_a_network() {
    let tenant = Tenant::open();
    let recipe = tenant.program.read("recipes/demo-live.yaml");
    tenant.program.write("recipes/demo-live.yaml", recipe.replace(&tenant.sandbox.base_url(), "http://127.0.0.1:8472"));
    let ran = tenant.program.run(&["check"]).expect_code(0);
    assert_eq!(ran.stdout, "recipes/demo-live.yaml: no problems\nrecipes/demo.yaml: no problems\n");
    assert_eq!(tenant.all_calls(), 0);
}
