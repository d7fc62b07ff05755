//! What happens to people in HiBob, and what becomes of their accounts.

use rollbook::sandbox::three_sixty::change::Status;
use serde_json::json;

use super::acme::{Acme, NOTHING};

fn synced() -> Acme {
    let acme = Acme::small();
    acme.sync();
    acme
}

fn call(name: &str, count: u64) -> (String, u64) {
    (name.to_owned(), count)
}

#[test]
fn a_change_of_several_fields_is_one_call() {
    let acme = synced();
    let fields = json!({ "work.title": "Senior Engineer", "root.firstName": "Ada", "root.surname": "Lee" });
    acme.play(&json!({ "event": "change", "person": "ada@acme.example", "fields": fields }));
    acme.sync().shows("1 person was updated.");
    assert_eq!(acme.writes(), [call("PATCH /users/{userId}", 1)]);
    let ada = acme.user("ada@acme.example");
    assert_eq!((ada.field("job"), ada.field("firstName"), ada.field("lastName")), ("Senior Engineer", "Ada", "Lee"));
    assert_eq!(ada.values["Site"], "Berlin", "what was not changed is not written");
}

#[test]
fn a_change_of_a_custom_field_keeps_those_of_others() {
    let acme = synced();
    acme.by_hand(json!({ "change": "value", "user": "ada@acme.example", "field": "T-shirt size", "value": "L" }));
    let fields = json!({ "work.custom.field_1700000000001": "Lead" });
    acme.play(&json!({ "event": "change", "person": "ada@acme.example", "fields": fields }));
    acme.sync();
    assert_eq!(acme.writes(), [call("PUT /users/{userId}/custom-fields/values", 1)]);
    let ada = acme.user("ada@acme.example");
    assert_eq!(
        (&*ada.values["Seniority"], &*ada.values["T-shirt size"], &*ada.values["Site"]),
        ("Lead", "L", "Berlin")
    );
}

#[test]
fn a_new_address_is_a_change_of_the_same_user() {
    let acme = synced();
    let before = acme.user("ada@acme.example").id;
    acme.play(
        &json!({ "event": "change", "person": "ada@acme.example", "fields": { "root.email": "ada.lee@acme.example" } }),
    );
    acme.sync();
    assert_eq!(acme.writes(), [call("PATCH /users/{userId}", 1)]);
    assert_eq!(acme.user("ada.lee@acme.example").id, before);
    assert_eq!(acme.learning.mails().len(), 5, "nobody is invited again");
}

#[test]
fn another_department_and_site_change_fields_groups_and_what_public_groups_bring_along() {
    let acme = synced();
    acme.play(&json!({ "event": "move", "person": "ada@acme.example", "department": "Legal", "site": "Tokyo" }));
    acme.sync();
    let ada = acme.user("ada@acme.example");
    assert_eq!((ada.field("organization"), ada.field("lang")), ("Legal", "de"));
    assert_eq!((&*ada.values["Department"], &*ada.values["Site"]), ("Legal", "Tokyo"));
    assert_eq!(ada.learns_in(), ["All employees", "Corporate", "Departments", "Sites", "Tokyo"]);
    acme.sync().shows(NOTHING);
    assert_eq!(acme.writes(), [], "what public groups bring along is no endless difference");
}

#[test]
fn a_chain_of_managers_is_moved_pair_by_pair() {
    let acme = synced();
    acme.play(&json!({ "event": "move", "person": "bo@acme.example", "manager": "ada@acme.example" }));
    acme.play(&json!({ "event": "move", "person": "cleo@acme.example", "manager": "bo@acme.example" }));
    acme.sync();
    assert_eq!(acme.managers("bo@acme.example"), ["ada@acme.example"]);
    assert_eq!(acme.managers("cleo@acme.example"), ["bo@acme.example"]);
    let pairs = |calls: &[(String, u64)]| -> u64 {
        calls.iter().filter(|(call, _)| call.contains("/managers/")).map(|(_, count)| count).sum()
    };
    assert_eq!(pairs(&acme.writes()), 4, "two pairs are ended, two are made");
}

#[test]
fn a_planned_end_is_planned_in_360learning_too_and_taken_back_with_it() {
    let acme = synced();
    acme.play(&json!({ "event": "terminate", "person": "bo@acme.example", "date": "2026-12-31" }));
    acme.sync();
    let bo = acme.user("bo@acme.example");
    assert!(bo.field("toBeDeactivatedAt").starts_with("2026-12-31"), "{bo:?}");
    assert_eq!(bo.status, Status::Invited);
    acme.play(
        &json!({ "event": "change", "person": "bo@acme.example", "fields": { "internal.terminationDate": null } }),
    );
    acme.sync();
    assert_eq!(acme.user("bo@acme.example").field("toBeDeactivatedAt"), "");
}

#[test]
fn a_leaver_is_deactivated_and_whoever_comes_back_gets_everything_again() {
    let acme = synced();
    let before = acme.user("omar@acme.example");
    acme.play(&json!({ "event": "terminate", "person": "omar@acme.example", "date": "2026-10-31" }));
    acme.sync();
    assert_eq!(acme.writes(), [call("DELETE /users/{userId}", 1)]);
    assert_eq!(acme.user("omar@acme.example").status, Status::Deleted);
    acme.sync();
    assert_eq!(acme.writes(), [], "nobody can have him as their manager until he is back");
    acme.play(&json!({ "event": "rehire", "person": "omar@acme.example", "date": "2026-11-02" }));
    acme.play(&json!({ "event": "terminate", "person": "omar@acme.example", "date": "2027-06-30" }));
    acme.sync();
    let back = acme.user("omar@acme.example");
    assert_eq!((&back.id, back.status, back.restored), (&before.id, Status::Invited, 1));
    let (mut groups, new) = (before.learns_in(), "New joiners");
    groups.insert(groups.partition_point(|group| *group < new), new);
    assert_eq!(back.learns_in(), groups);
    assert!(back.field("toBeDeactivatedAt").starts_with("2027-06-30"), "{back:?}");
    assert_eq!(acme.managers("omar@acme.example"), ["grace@acme.example"]);
    assert_eq!(acme.managers("bo@acme.example"), ["omar@acme.example"], "he manages again");
    assert_eq!(acme.managers("cleo@acme.example"), ["omar@acme.example"]);
    acme.sync().shows(NOTHING);
}

#[test]
fn whoever_was_deleted_by_hand_and_still_works_here_comes_back() {
    let acme = synced();
    acme.by_hand(json!({ "change": "delete", "user": "cleo@acme.example" }));
    acme.sync();
    let cleo = acme.user("cleo@acme.example");
    assert_eq!((cleo.status, cleo.restored), (Status::Invited, 1));
    assert_eq!(cleo.learns_in(), ["All employees", "Corporate", "Departments", "Paris", "Privacy in Europe", "Sites"]);
    assert_eq!(acme.managers("cleo@acme.example"), ["omar@acme.example"]);
}

#[test]
fn a_record_that_is_gone_from_hibob_is_deactivated() {
    let acme = synced();
    acme.play(&json!({ "event": "delete", "person": "bo@acme.example" }));
    acme.sync();
    assert_eq!(acme.user("bo@acme.example").status, Status::Deleted);
}

#[test]
fn somebody_new_is_invited_on_the_first_day_and_not_before() {
    let acme = synced();
    acme.play(&json!({ "event": "hire", "start_date": "2026-11-09", "fields": {
        "root.firstName": "Zoë", "root.surname": "Ng", "root.email": "zoe@acme.example", "work.site": "Paris" } }));
    acme.sync();
    assert_eq!(acme.writes(), []);
    acme.play(&json!({ "event": "day", "date": "2026-11-09" }));
    acme.sync_on("2026-11-09");
    assert_eq!(acme.user("zoe@acme.example").status, Status::Invited);
    assert!(acme.user("zoe@acme.example").learns_in().contains(&"New joiners"));
}
