//! What happens to people in HiBob through a year, and what becomes of their users.

use rollbook::sandbox::learnamp::Status;
use serde_json::json;

use super::acme::{Acme, NOTHING, RECIPE};
use crate::program::TODAY;

const UPDATE: &str = "PUT /v1/users/{id}";

fn call(name: &str, count: u64) -> (String, u64) {
    (name.to_owned(), count)
}

#[test]
fn the_first_sync_makes_everybody_with_flat_teams_managers_and_an_invitation_each() {
    let acme = Acme::small();
    acme.sync().shows("5 people were created.");
    assert_eq!(acme.writes(), [call("POST /v1/teams", 3), call("POST /v1/users", 5), call(UPDATE, 4)]);
    let ada = acme.user("ada@acme.example");
    assert!(ada.integration_external_id.is_some());
    assert_eq!(
        (ada.first_name.as_str(), ada.last_name.as_str(), ada.job_title.as_deref()),
        ("ada", "Koch", Some("Engineer"))
    );
    assert_eq!(
        (ada.location.as_deref(), ada.hire_date.map(|day| day.to_string())),
        (Some("Berlin"), Some("2020-01-06".into()))
    );
    assert_eq!(acme.team("ada@acme.example").as_deref(), Some("Engineering"));
    assert_eq!(acme.manager("ada@acme.example").as_deref(), Some("grace@acme.example"));
    assert_eq!(acme.manager("grace@acme.example"), None);
    assert!(acme.teams().iter().all(|team| team.parent.is_none() && team.integration_external_id.is_some()));
    assert!(acme.teams().iter().all(|team| team.manager.is_none()), "team managers are not synchronized");
    assert_eq!(acme.amp.mails().len(), 5);
}

#[test]
fn a_second_sync_of_an_unchanged_company_only_reads_pages() {
    let acme = Acme::synced();
    acme.sync().shows(NOTHING);
    let calls = acme.amp.calls();
    let pages = ["GET /v1/teams", "GET /v1/users", "POST /oauth/token"];
    assert_eq!(calls.keys().map(String::as_str).collect::<Vec<_>>(), pages, "{calls:?}");
}

#[test]
fn a_change_of_fields_department_and_manager_is_one_call() {
    let acme = Acme::synced();
    let fields = json!({ "work.title": "Senior Engineer", "root.surname": "Lee" });
    acme.play(&json!({ "event": "change", "person": "ada@acme.example", "fields": fields }));
    let to =
        json!({ "event": "move", "person": "ada@acme.example", "department": "Legal", "manager": "omar@acme.example" });
    acme.play(&to);
    acme.sync().shows("1 person was updated.");
    assert_eq!(acme.writes(), [call(UPDATE, 1)]);
    let ada = acme.user("ada@acme.example");
    assert_eq!((ada.job_title.as_deref(), ada.last_name.as_str()), (Some("Senior Engineer"), "Lee"));
    assert_eq!(acme.team("ada@acme.example").as_deref(), Some("Legal"));
    assert_eq!(acme.manager("ada@acme.example").as_deref(), Some("omar@acme.example"));
    acme.sync().shows(NOTHING);
}

#[test]
fn a_new_address_is_a_change_of_the_same_user_who_is_not_invited_again() {
    let acme = Acme::synced();
    let before = acme.user("ada@acme.example").id;
    let fields = json!({ "root.email": "ada.lee@acme.example" });
    acme.play(&json!({ "event": "change", "person": "ada@acme.example", "fields": fields }));
    acme.sync();
    assert_eq!(acme.writes(), [call(UPDATE, 1)]);
    assert_eq!((acme.user("ada.lee@acme.example").id, acme.amp.mails().len()), (before, 5));
}

#[test]
fn a_user_who_was_there_is_found_by_the_address_once_and_gets_the_employee_id() {
    let acme = Acme::small();
    let fields = json!({ "email": "ADA@acme.example", "firstName": "A.", "lastName": "Koch", "department": "Kept" });
    acme.by_hand(json!({ "change": "add", "fields": fields }));
    let before = acme.user("ada@acme.example").id;
    acme.sync();
    let ada = acme.user("ada@acme.example");
    assert_eq!((ada.id, ada.first_name.as_str(), ada.department.as_deref()), (before, "ada", Some("Kept")));
    assert!(ada.integration_external_id.is_some());
    assert_eq!(acme.amp.mails().len(), 4);
    acme.sync().shows(NOTHING);
}

#[test]
fn a_team_that_is_called_otherwise_stays_the_same_team_with_parent_and_manager() {
    let acme = Acme::synced();
    acme.by_hand(json!({ "change": "team", "fields": { "name": "Company" } }));
    let set =
        json!({ "name": "Lawyers", "parentTeamName": "Company", "managerEmail": "grace@acme.example", "tags": "emea" });
    acme.by_hand(json!({ "change": "edit_team", "team": "Legal", "fields": set }));
    let before = acme.amp.team("Lawyers").unwrap();
    acme.sync();
    assert_eq!(acme.writes(), [call("PUT /v1/teams/{id}", 1)], "nobody in it is written");
    let after = acme.amp.team("Legal").unwrap();
    assert_eq!(
        (after.id, after.parent, after.manager, after.tags),
        (before.id, before.parent, before.manager, before.tags)
    );
    assert_eq!(acme.team("bo@acme.example").as_deref(), Some("Legal"));
    acme.sync().shows(NOTHING);
}

#[test]
fn parents_and_team_managers_that_were_set_by_hand_survive_every_sync() {
    let acme = Acme::synced();
    acme.by_hand(json!({ "change": "team", "fields": { "name": "Company" } }));
    let set = json!({ "parentTeamName": "Company", "managerEmail": "grace@acme.example" });
    acme.by_hand(json!({ "change": "edit_team", "team": "Finance", "fields": set }));
    let before = acme.amp.team("Finance");
    acme.play(&json!({ "event": "move", "person": "ada@acme.example", "department": "Finance" }));
    acme.sync();
    assert_eq!(acme.amp.team("Finance"), before);
    assert_eq!(acme.manager("cleo@acme.example").as_deref(), Some("omar@acme.example"), "the override stays");
}

#[test]
fn somebody_new_is_made_and_invited_on_the_hire_date_and_not_before() {
    let acme = Acme::synced();
    let fields = json!({ "root.firstName": "Zoë", "root.surname": "Ng", "root.email": "zoe@acme.example",
        "work.site": "Paris", "work.department": "Marketing", "work.manager": "ada@acme.example" });
    acme.play(&json!({ "event": "hire", "start_date": "2026-11-09", "fields": fields }));
    acme.sync();
    assert_eq!((acme.amp.user("zoe@acme.example"), acme.amp.mails().len()), (None, 5));
    acme.play(&json!({ "event": "day", "date": "2026-11-09" }));
    acme.sync_on("2026-11-09");
    assert_eq!(acme.user("zoe@acme.example").status, Status::InvitePending);
    assert_eq!(acme.team("zoe@acme.example").as_deref(), Some("Marketing"), "a missing team is made");
    assert_eq!(acme.manager("zoe@acme.example").as_deref(), Some("ada@acme.example"));
    assert_eq!(acme.amp.mails().len(), 6);
}

#[test]
fn new_users_are_invited_at_once_or_never_where_the_recipe_says_so() {
    let acme = Acme::small();
    acme.program.replace(RECIPE, "start: on_start_date", "start: when_added");
    let fields = json!({ "root.firstName": "Zoë", "root.surname": "Ng", "root.email": "zoe@acme.example" });
    acme.play(&json!({ "event": "hire", "start_date": "2027-01-04", "fields": fields }));
    acme.sync();
    assert_eq!((acme.user("zoe@acme.example").status, acme.amp.mails().len()), (Status::InvitePending, 6));
    let silent = Acme::small();
    silent.program.replace(RECIPE, "create: invite", "create: active");
    silent.sync();
    assert_eq!((silent.user("ada@acme.example").status, silent.amp.mails().len()), (Status::NotInvited, 0));
    silent.sync().shows(NOTHING);
}

#[test]
fn garden_leave_keeps_access_until_the_last_day_and_then_it_ends_last_in_the_run() {
    let acme = Acme::synced();
    let end =
        json!({ "event": "terminate", "person": "cleo@acme.example", "date": "2026-11-20", "last_day": "2026-11-05" });
    acme.play(&end);
    acme.play(&json!({ "event": "day", "date": "2026-11-10" }));
    acme.sync_on("2026-11-10");
    assert_ne!(acme.user("cleo@acme.example").status, Status::Deactivated, "it would destroy what does not come back");
    acme.play(&json!({ "event": "day", "date": "2026-11-23" }));
    acme.sync_on("2026-11-23");
    assert_eq!(acme.writes(), [call("PUT /v1/users/{id}/deactivate", 1)]);
    assert_eq!(acme.user("cleo@acme.example").status, Status::Deactivated);
    acme.sync_on("2026-11-23").shows(NOTHING);
}

#[test]
fn the_reports_of_a_manager_who_leaves_are_pointed_at_whoever_hibob_names() {
    let acme = Acme::synced();
    acme.play(&json!({ "event": "terminate", "person": "omar@acme.example", "date": "2026-10-31" }));
    acme.play(&json!({ "event": "move", "person": "bo@acme.example", "manager": "grace@acme.example" }));
    acme.sync();
    assert_eq!(acme.user("omar@acme.example").status, Status::Deactivated);
    assert_eq!(acme.manager("bo@acme.example").as_deref(), Some("grace@acme.example"));
    assert_eq!(acme.manager("cleo@acme.example").as_deref(), Some("owner@acme.example"), "Learn Amp hands them over");
    acme.play(&json!({ "event": "move", "person": "cleo@acme.example", "manager": "ada@acme.example" }));
    acme.sync();
    assert_eq!(acme.manager("cleo@acme.example").as_deref(), Some("ada@acme.example"));
}

#[test]
fn whoever_comes_back_gets_team_and_manager_and_manages_again() {
    let acme = Acme::synced();
    let before = acme.user("omar@acme.example");
    acme.play(&json!({ "event": "terminate", "person": "omar@acme.example", "date": "2026-10-31" }));
    acme.sync();
    acme.play(&json!({ "event": "rehire", "person": "omar@acme.example", "date": "2026-11-02" }));
    acme.sync();
    let after = acme.user("omar@acme.example");
    assert_eq!((after.id, after.status, after.primary_team), (before.id, Status::NotInvited, before.primary_team));
    assert_eq!(acme.manager("omar@acme.example").as_deref(), Some("grace@acme.example"));
    assert_eq!(acme.manager("bo@acme.example").as_deref(), Some("omar@acme.example"));
    assert_eq!(acme.manager("cleo@acme.example").as_deref(), Some("omar@acme.example"));
    assert_eq!(acme.amp.mails().len(), 5, "nobody is invited again");
    acme.sync().shows(NOTHING);
}

#[test]
fn a_person_whom_learn_amp_refuses_is_reported_and_the_others_go_on() {
    let acme = Acme::small();
    let refuse = json!({ "faults": { "calls": [ { "endpoint": "POST /v1/users",
        "then": { "refuse": { "status": 400, "code": "email has already been taken" } } } ] } });
    acme.amp.switch(|switches| *switches = switches.patched(&refuse).unwrap());
    let ran = acme.run(&["sync", RECIPE, "--today", TODAY]).expect_code(1);
    assert!(!ran.stderr.contains("acme.example"), "{}", ran.stderr);
    assert_eq!(acme.amp.users().len(), 5, "the Owner and four of five");
    assert!(acme.report().contains("Another user has this address"), "{}", acme.report());
    acme.sync();
    assert_eq!(acme.amp.users().len(), 6);
    acme.sync().shows(NOTHING);
}

#[test]
fn the_owner_and_users_who_are_nobody_in_hibob_are_left_alone() {
    let acme = Acme::small();
    let fields = json!({ "email": "guest@agency.example", "firstName": "Guest", "lastName": "Guest" });
    acme.by_hand(json!({ "change": "add", "fields": fields }));
    let before = [acme.user("owner@acme.example"), acme.user("guest@agency.example")];
    acme.sync();
    acme.sync().shows(NOTHING);
    assert_eq!([acme.user("owner@acme.example"), acme.user("guest@agency.example")], before);
}

#[test]
fn custom_fields_that_no_answer_shows_are_written_once() {
    let acme = Acme::small();
    let fields = json!({ "work.custom.field_1700000000001": "Lead" });
    acme.play(&json!({ "event": "change", "person": "ada@acme.example", "fields": fields }));
    acme.amp.switch(|switches| switches.custom_form = rollbook::sandbox::learnamp::switches::CustomForm::Absent);
    acme.sync();
    assert_eq!(acme.user("ada@acme.example").custom["Level"], "Lead");
    acme.sync().shows(NOTHING);
    assert_eq!(acme.write_count(), 0);
}

#[test]
fn the_program_checks_the_recipe_tests_its_examples_and_asks_learn_amp() {
    let acme = Acme::small();
    acme.run(&["check", RECIPE]).expect_code(0);
    acme.run(&["test", RECIPE]).expect_code(0);
    acme.run(&["check", RECIPE, "--live"]).expect_code(0).shows("takes a person out of all teams");
    acme.amp.switch(|switches| _ = switches.withhold_scopes.insert("users:deactivate".to_owned()));
    acme.run(&["check", RECIPE, "--live"]).expect_code(2).shows("lacks the scope `users:deactivate`");
}

#[test]
fn two_records_in_hibob_with_one_address_change_nobody_until_one_of_them_is_put_right() {
    let acme = Acme::synced();
    acme.hire("twin@acme.example", "Engineer", "Legal", "Paris", "");
    acme.sync();
    let before = [acme.user("ada@acme.example"), acme.user("twin@acme.example")];
    let same = json!({ "root.email": "ada@acme.example", "work.title": "Intern" });
    acme.play(&json!({ "event": "change", "person": "twin@acme.example", "fields": same }));
    acme.sync().shows("1 Conflict, nothing was done");
    assert_eq!(acme.writes(), []);
    assert_eq!([acme.user("ada@acme.example"), acme.user("twin@acme.example")], before);
    let report = acme.report();
    let holder = format!("is that of the user of employee {}", before[0].integration_external_id.clone().unwrap());
    assert!(report.contains(&holder), "{report}");
    assert!(report.contains("twin ") && report.contains("ada@acme.example"), "{report}");
    let right = json!({ "root.email": "twin@acme.example", "work.title": "Engineer" });
    let id = before[1].integration_external_id.clone().unwrap();
    acme.play(&json!({ "event": "change", "person": id, "fields": right }));
    acme.sync().shows(NOTHING);
}
