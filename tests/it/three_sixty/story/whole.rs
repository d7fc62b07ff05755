//! Whole syncs, and what they cost in calls.

use rollbook::sandbox::hibob::People;
use rollbook::sandbox::three_sixty::Users;
use rollbook::sandbox::three_sixty::change::Status;
use serde_json::json;

use super::acme::{Acme, RECIPE, total};

#[test]
fn the_first_full_sync_adds_everybody_with_everything() {
    let acme = Acme::small();
    acme.sync().shows("5 people were created.");
    let ada = acme.user("ada@acme.example");
    assert_eq!((ada.status, ada.field("firstName"), ada.field("job")), (Status::Invited, "ada", "Engineer"));
    assert_eq!((ada.field("organization"), ada.field("lang")), ("Engineering", "de"));
    assert_eq!(
        ada.learns_in(),
        ["All employees", "Berlin", "Departments", "Engineering", "Privacy in Europe", "Sites"]
    );
    let values: Vec<_> = ada.values.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        values,
        [("Department", "Engineering"), ("People manager", "No"), ("Site", "Berlin"), ("Start date", "2020-01-06")]
    );
    assert_eq!(ada.external_ids.keys().collect::<Vec<_>>(), ["hibob"]);
    assert_eq!(acme.managers("ada@acme.example"), ["grace@acme.example"]);
    assert_eq!(acme.managers("cleo@acme.example"), ["omar@acme.example"]);
    assert_eq!(acme.managers("grace@acme.example"), [""; 0]);
    assert_eq!(acme.learning.mails().len(), 5, "each of them is invited once");
}

#[test]
fn a_second_sync_of_an_unchanged_company_only_reads() {
    let people = People::Generated { count: 700, seed: 3 };
    let acme = Acme::of(people, Users::Generated(900));
    acme.sync();
    let users = acme.learning.users().len() as u64;
    let mappings = acme.learning.users().iter().filter(|user| !user.external_ids.is_empty()).count() as u64;
    acme.sync().shows("Nothing was changed");
    assert_eq!(acme.writes(), []);
    let reads = acme.reads();
    // Beside the pages: deleted users once more, groups, custom fields, and the lists of seven of them.
    let constant = 3 + 7;
    assert!(users > 1500 && mappings > 500, "{users} users, {mappings} mappings");
    assert!(total(&reads) <= users.div_ceil(500) + mappings.div_ceil(5000) + constant, "{reads:?} for {users} users");
    assert!(reads.iter().all(|(call, _)| !call.contains("{userId}")), "no call for a single user: {reads:?}");
}

#[test]
fn the_recipe_is_right_for_both_sandboxes_and_its_plan_is_what_is_done() {
    let acme = Acme::small();
    acme.run(&["check", RECIPE, "--live"]).expect_code(0);
    acme.learning.forget_calls();
    acme.run(&["plan", RECIPE, "--today", "2026-11-02"]).expect_code(5).shows("5 to create");
    assert_eq!(acme.writes(), [], "a plan writes nothing");
    acme.sync();
    acme.run(&["plan", RECIPE, "--today", "2026-11-02"]).expect_code(0).shows("nothing to change");
}

#[test]
fn a_user_made_by_hand_is_matched_by_address_keeps_what_is_theirs_and_gets_the_mapping() {
    let acme = Acme::small();
    acme.by_hand(json!({ "change": "add", "fields": { "mail": "ADA@acme.example", "phone": "12", "job": "Typed" },
        "groups": ["Tokyo"], "values": { "T-shirt size": "M" }, "externalIds": { "payroll": "7" } }));
    acme.by_hand(json!({ "change": "group", "name": "Book club", "parent": "Acme" }));
    acme.by_hand(json!({ "change": "join", "user": "ada@acme.example", "group": "Book club" }));
    acme.by_hand(json!({ "change": "join", "user": "ada@acme.example", "group": "Berlin", "role": "coach" }));
    acme.sync();
    let ada = acme.user("ada@acme.example");
    assert_eq!((ada.status, ada.field("job"), ada.field("phone")), (Status::Active, "Engineer", "12"));
    assert_eq!(ada.external_ids.keys().collect::<Vec<_>>(), ["hibob", "payroll"]);
    assert_eq!((&*ada.values["T-shirt size"], &*ada.values["Site"]), ("M", "Berlin"));
    assert!(ada.learns_in().contains(&"Book club"), "no rule names it");
    assert!(!ada.learns_in().contains(&"Tokyo"), "a rule names it, and does not match");
    assert_eq!(ada.groups.iter().filter(|group| group.name == "Berlin").count(), 2, "the other role is kept");
    acme.by_hand(
        json!({ "change": "edit", "user": "ada@acme.example", "fields": { "mail": "ada.by.hand@acme.example" } }),
    );
    acme.sync();
    assert_eq!(acme.user("ada@acme.example").id, ada.id, "found by the external id, and the address is set right");
}

#[test]
fn the_owner_is_never_deactivated_and_users_who_are_nobody_in_hibob_are_left_alone() {
    let acme = Acme::small();
    acme.by_hand(json!({ "change": "add", "fields": { "mail": "freelancer@elsewhere.example", "job": "Guest" } }));
    acme.hire("owner@acme.example", "Counsel", "Legal", "Paris", "");
    acme.play(&json!({ "event": "terminate", "person": "owner@acme.example", "date": "2026-10-01" }));
    let before = acme.learning.users();
    acme.sync();
    for user in before {
        assert_eq!(acme.user(user.field("mail")), user);
    }
    acme.program.replace(RECIPE, "never_touch: [ owner@acme.example ]", "never_touch: []");
    acme.learning.forget_calls();
    acme.run(&["sync", RECIPE, "--today", "2026-11-02"]);
    assert_eq!(acme.user("owner@acme.example").status, Status::Active, "360Learning itself refuses it");
}

#[test]
fn a_full_sync_is_followed_by_a_detailed_report() {
    let acme = Acme::small();
    acme.sync();
    let report = acme.report();
    for words in ["5 people were created.", "ada@acme.example", "Engineering", "Privacy in Europe"] {
        assert!(report.contains(words), "no `{words}` in\n{report}");
    }
    let mails = std::fs::read_dir(acme.program.path("outbox")).unwrap().count();
    assert!(mails > 0, "without a mail server it is kept in the outbox");
}
