//! What happens to people in HiBob, and what becomes of their accounts.

use rollbook::sandbox::hibob::People;
use rollbook::sandbox::leapsome::{Status, Users};
use serde_json::json;

use super::acme::{Acme, NOTHING, RECIPE, TABLE, total};
use crate::program::TODAY;

fn synced() -> Acme {
    let acme = Acme::small();
    acme.sync();
    acme
}

fn calls(pairs: &[(&str, u64)]) -> Vec<(String, u64)> {
    pairs.iter().map(|(call, count)| ((*call).to_owned(), *count)).collect()
}

const CREATE: &str = "POST /Users";
const CHANGE: &str = "PATCH /Users/{userId}";

#[test]
fn the_first_sync_makes_everybody_with_two_calls_each_and_departments_become_teams() {
    let acme = Acme::small();
    acme.sync().shows("5 people were created.");
    let team_of_managers = [("PATCH /Groups/{groupId}", 1), (CHANGE, 5), ("POST /Groups", 1), (CREATE, 5)];
    assert_eq!(acme.writes(), calls(&team_of_managers));
    let ada = acme.user("ada@acme.example");
    assert_eq!((ada.title.as_str(), ada.location.as_deref()), ("Engineer", Some("Berlin")));
    assert_eq!(
        (ada.department.as_deref(), ada.teams.as_slice()),
        (Some("Engineering"), &["Engineering".to_owned()][..])
    );
    assert_eq!(
        (ada.manager.as_deref(), ada.start_date),
        (Some("grace@acme.example"), Some(jiff::civil::date(2020, 1, 6)))
    );
    assert_eq!(acme.user("bo@acme.example").manager.as_deref(), Some("omar@acme.example"));
    let teams: Vec<String> = acme.leapsome.teams().into_iter().map(|team| team.name).collect();
    for department in ["Engineering", "Sales \"EMEA\"", "Legal", "Finance"] {
        assert_eq!(teams.iter().filter(|team| *team == department).count(), 1, "{department}");
    }
    assert!(ada.additional_managers.is_empty(), "they have to be switched on");
}

#[test]
fn a_second_sync_of_an_unchanged_company_only_reads_pages() {
    let acme = Acme::of(People::Generated { count: 700, seed: 3 }, Users::Generated { count: 900, seed: 9 });
    acme.try_sync_on(TODAY);
    acme.try_sync_on(TODAY);
    let users = acme.leapsome.users().len() as u64;
    assert!(users > 1500, "{users}");
    let before = total(&acme.reads());
    assert_eq!(acme.writes(), []);
    // Pages of users, the teams, a token, and a page for each of three states.
    assert!(before <= users.div_ceil(1000) + 1 + 1 + 3, "{:?} for {users} users", acme.reads());
    assert!(acme.reads().iter().all(|(call, _)| !call.contains("{userId}")), "no call for a single user");
}

#[test]
fn whoever_is_new_is_invited_only_where_leapsome_says_so() {
    let acme = Acme::small();
    acme.sync();
    assert!(acme.leapsome.mails().is_empty());
    acme.leapsome.switch(|switches| switches.auto_invite = true);
    acme.hire("zoe@acme.example", "Counsel", "Legal", "Paris", "omar@acme.example");
    acme.sync();
    let mails: Vec<String> = acme.leapsome.mails().into_iter().map(|mail| mail.to).collect();
    assert_eq!(mails, ["zoe@acme.example"]);
    let users = acme.run(&["users", RECIPE, "--format", "csv"]).expect_code(0).stdout;
    assert!(users.contains("zoe@acme.example") && users.contains("invited"), "{users}");
}

#[test]
fn a_move_changes_department_manager_and_title_in_one_call_and_hand_made_teams_stay() {
    let acme = synced();
    acme.by_hand(json!({ "event": "join", "user": "ada@acme.example", "team": "Book club" }));
    acme.play(&json!({ "event": "move", "person": "ada@acme.example", "department": "Legal", "manager": "omar@acme.example" }));
    acme.change("ada@acme.example", &json!({ "work.title": "Counsel" }));
    acme.sync().shows("1 person was updated.");
    assert_eq!(acme.writes(), calls(&[(CHANGE, 1)]));
    let ada = acme.user("ada@acme.example");
    assert_eq!(
        (ada.department.as_deref(), ada.manager.as_deref(), ada.title.as_str()),
        (Some("Legal"), Some("omar@acme.example"), "Counsel")
    );
    assert_eq!(ada.teams, ["Book club", "Legal"]);
    acme.sync().shows(NOTHING);
}

#[test]
fn what_is_typed_in_leapsome_is_overwritten() {
    let acme = synced();
    acme.by_hand(json!({ "event": "change", "user": "ada@acme.example", "fields": { "title": "Typed", "manager": "bo@acme.example" } }));
    acme.sync();
    let ada = acme.user("ada@acme.example");
    assert_eq!((ada.title.as_str(), ada.manager.as_deref()), ("Engineer", Some("grace@acme.example")));
}

#[test]
fn the_second_level_manager_becomes_an_additional_manager_where_that_is_switched_on_and_stays_when_off_again() {
    let acme = synced();
    acme.program.replace(TABLE, "clear,,no,Switch on to show", "clear,,yes,Switch on to show");
    acme.sync();
    assert_eq!(acme.user("bo@acme.example").additional_managers, ["grace@acme.example"]);
    acme.program.replace(TABLE, "clear,,yes,Switch on to show", "clear,,no,Switch on to show");
    acme.sync().shows(NOTHING);
    assert_eq!(acme.user("bo@acme.example").additional_managers, ["grace@acme.example"], "no row looks after it");
}

#[test]
fn a_leaver_loses_access_and_comes_back_as_the_same_user_where_the_recipe_lets_them() {
    for reactivate in [true, false] {
        let acme = synced();
        acme.program.replace(RECIPE, "reactivate: true", &format!("reactivate: {reactivate}"));
        let before = acme.user("omar@acme.example").id;
        acme.play(&json!({ "event": "terminate", "person": "omar@acme.example", "date": "2026-10-31" }));
        acme.sync();
        assert_eq!(acme.writes(), calls(&[(CHANGE, 1)]));
        assert_eq!(acme.user("omar@acme.example").status, Status::Deactivated);
        acme.sync().shows(NOTHING);
        acme.play(&json!({ "event": "rehire", "person": "omar@acme.example", "date": "2026-11-02" }));
        acme.sync();
        let omar = acme.user("omar@acme.example");
        assert_eq!((omar.id, omar.status == Status::Created), (before, reactivate));
        assert_eq!(acme.user("bo@acme.example").manager.as_deref(), Some("omar@acme.example"));
    }
}

#[test]
fn a_new_address_is_the_same_user_and_with_a_new_id_too_where_they_are_found() {
    let acme = synced();
    let before = acme.user("ada@acme.example").id;
    acme.change("ada@acme.example", &json!({ "root.email": "ada.lee@acme.example" }));
    acme.sync();
    assert_eq!((acme.user("ada.lee@acme.example").id, acme.writes()), (before, calls(&[(CHANGE, 1)])));
}

#[test]
fn a_user_made_by_hand_is_found_by_address_and_gets_the_employee_id_before_the_address_changes() {
    let acme = Acme::small();
    acme.by_hand(json!({ "event": "add", "fields": { "userName": "ADA@acme.example", "title": "Typed" } }));
    let before = acme.user("ada@acme.example").id;
    acme.sync();
    let ada = acme.user("ada@acme.example");
    assert_eq!((ada.id, ada.user_name.as_str(), ada.external_id.is_some()), (before, "ada@acme.example", true));
    assert_eq!(acme.leapsome.users().len(), 6, "no second user of hers");
}

#[test]
fn an_address_that_another_employees_user_has_is_reported_and_nobody_is_made() {
    let acme = synced();
    let id = acme.user("ada@acme.example").external_id.unwrap();
    std::fs::remove_dir_all(acme.program.path(".rollbook")).unwrap();
    acme.hire("zoe@acme.example", "Counsel", "Legal", "Paris", "");
    acme.by_hand(
        json!({ "event": "change", "user": "ada@acme.example", "fields": { "userName": "zoe@acme.example" } }),
    );
    let before = acme.leapsome.users().len();
    acme.try_sync_on(TODAY);
    assert_eq!(acme.leapsome.users().len(), before);
    assert!(acme.report().contains("belongs to employee"), "{}", acme.report());
    assert!(acme.leapsome.users().iter().any(|user| user.external_id.as_deref() == Some(&*id)));
}

#[test]
fn a_team_that_is_spelt_differently_is_reported_and_no_second_one_is_made() {
    let acme = Acme::small();
    acme.by_hand(json!({ "event": "team", "name": "LEGAL", "kind": "department" }));
    acme.try_sync_on(TODAY);
    let legal = acme.leapsome.teams().into_iter().filter(|team| team.name.eq_ignore_ascii_case("legal")).count();
    assert_eq!((legal, acme.user("bo@acme.example").department), (1, None));
    assert!(acme.report().contains("`LEGAL`"), "{}", acme.report());
    acme.run(&["check", RECIPE, "--live"]).shows("the SCIM token works");
}

#[test]
fn check_live_says_what_only_leapsome_knows() {
    let acme = synced();
    let said = acme.run(&["check", RECIPE, "--live"]);
    for words in ["the SCIM token works", "Leapsome's own setting", "by itself once their termination date", "created"]
    {
        assert!(said.stdout.contains(words) || said.stderr.contains(words), "{words}: {} {}", said.stdout, said.stderr);
    }
}

#[test]
fn secrets_and_pay_are_in_no_file_log_or_report() {
    let acme = Acme::small();
    acme.by_hand(json!({ "event": "add", "fields": { "userName": "rich@acme.example" } }));
    let mut command = acme.command(&["sync", RECIPE, "--today", TODAY]);
    let ran = command.env("ROLLBOOK_LOG", "trace").output().unwrap();
    let mut said = vec![ran.stdout, ran.stderr];
    let mut folders = vec![acme.program.path(".")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            match entry.file_type().unwrap().is_dir() {
                true => folders.push(entry.path()),
                false => said.push(std::fs::read(entry.path()).unwrap()),
            }
        }
    }
    for text in said {
        let text = String::from_utf8_lossy(&text);
        for secret in [crate::leapsome::office::TOKEN, crate::leapsome::office::API_SECRET, "secret=", "\"salary\""] {
            assert!(!text.contains(secret), "`{secret}` is told");
        }
    }
}

#[test]
fn two_records_in_hibob_with_one_address_change_nobody_until_one_of_them_is_put_right() {
    let acme = synced();
    acme.hire("twin@acme.example", "Engineer", "Legal", "Paris", "");
    acme.sync();
    let before = [acme.user("ada@acme.example"), acme.user("twin@acme.example")];
    let same = json!({ "root.email": "ada@acme.example", "work.title": "Intern" });
    acme.play(&json!({ "event": "change", "person": "twin@acme.example", "fields": same }));
    acme.sync().shows("1 Conflict, nothing was done");
    assert_eq!(acme.writes(), []);
    assert_eq!([acme.user("ada@acme.example"), acme.user("twin@acme.example")], before);
    let report = acme.report();
    let holder = format!("is that of the user of employee {}", before[0].external_id.clone().unwrap());
    assert!(report.contains(&holder), "{report}");
    assert!(report.contains("twin ") && report.contains("ada@acme.example"), "{report}");
    let right = json!({ "root.email": "twin@acme.example", "work.title": "Engineer" });
    let id = before[1].external_id.clone().unwrap();
    acme.play(&json!({ "event": "change", "person": id, "fields": right }));
    acme.sync().shows(NOTHING);
}
