//! A year in a company, told by its syncs.

use rollbook::sandbox::leapsome::Status;
use serde_json::json;

use super::acme::{Acme, NOTHING, RECIPE, TABLE};

#[test]
fn a_year_in_a_company_ends_as_hibob_has_it_and_every_sync_is_settled_by_the_next() {
    let acme = Acme::small();
    acme.program.replace(TABLE, "clear,,no,Switch on to show", "clear,,yes,Switch on to show");
    acme.by_hand(json!({ "event": "add", "fields": { "userName": "freelancer@acme.example", "title": "Guest" } }));
    let settled = |day: &str| {
        acme.sync_on(day);
        acme.sync_on(day).shows(NOTHING);
        assert_eq!(acme.writes(), [], "{day}");
    };
    settled("2026-11-02");
    acme.by_hand(json!({ "event": "join", "user": "cleo@acme.example", "team": "Book club" }));

    // January: somebody begins; until then there is no account.
    acme.play(&json!({ "event": "hire", "start_date": "2027-01-11", "fields": {
        "root.firstName": "Zoe", "root.surname": "Ng", "root.email": "zoe@acme.example", "work.site": "Paris",
        "work.department": "Legal", "work.manager": "omar@acme.example" } }));
    settled("2026-12-01");
    assert!(acme.leapsome.user("zoe@acme.example").is_none());
    acme.play(&json!({ "event": "day", "date": "2027-01-11" }));
    settled("2027-01-11");
    assert_eq!(acme.user("zoe@acme.example").additional_managers, ["grace@acme.example"]);

    // March: a department has another name. Its people move to a team of that name, and hand-made teams stay.
    acme.play(&json!({ "event": "move", "person": "cleo@acme.example", "department": "People" }));
    settled("2027-03-01");
    let cleo = acme.user("cleo@acme.example");
    assert_eq!(cleo.teams, ["Book club", "People"]);

    // April: a manager leaves, and the reports get another.
    for person in ["bo@acme.example", "cleo@acme.example", "zoe@acme.example"] {
        acme.play(&json!({ "event": "move", "person": person, "manager": "grace@acme.example" }));
    }
    acme.play(&json!({ "event": "terminate", "person": "omar@acme.example", "date": "2027-04-30" }));
    // Nobody can be taken out of a team through the API: the report says who is to be, and somebody does it.
    acme.sync_on("2027-04-15").shows("Should not be in the group `People managers` any more");
    acme.by_hand(json!({ "event": "leave", "user": "omar@acme.example", "team": "People managers" }));
    settled("2027-04-15");
    assert_eq!(acme.user("omar@acme.example").end_date, Some(jiff::civil::date(2027, 4, 30)));
    assert!(acme.user("omar@acme.example").active(), "until the last day");
    acme.play(&json!({ "event": "day", "date": "2027-05-01" }));
    settled("2027-05-01");
    assert_eq!(acme.user("omar@acme.example").status, Status::Deactivated);
    assert_eq!(acme.user("bo@acme.example").manager.as_deref(), Some("grace@acme.example"));
    assert!(acme.user("bo@acme.example").additional_managers.is_empty(), "her manager has none above");

    // June: garden leave ends access at once.
    let garden =
        json!({ "event": "terminate", "person": "ada@acme.example", "date": "2027-08-31", "last_day": "2027-05-31" });
    acme.play(&garden);
    acme.play(&json!({ "event": "day", "date": "2027-06-02" }));
    settled("2027-06-02");
    assert_eq!(acme.user("ada@acme.example").status, Status::Deactivated);

    // September: somebody is back, as the same user.
    let before = acme.user("omar@acme.example").id;
    acme.play(&json!({ "event": "day", "date": "2027-09-01" }));
    acme.play(&json!({ "event": "rehire", "person": "omar@acme.example", "date": "2027-09-01" }));
    settled("2027-09-01");
    let omar = acme.user("omar@acme.example");
    assert_eq!((omar.active(), omar.end_date, omar.id), (true, None, before));

    // October: a marriage changes name and address.
    acme.change("zoe@acme.example", &json!({ "root.surname": "Ng-Koch", "root.email": "zoe.koch@acme.example" }));
    settled("2027-10-01");
    assert_eq!(acme.user("zoe.koch@acme.example").family_name.as_deref(), Some("Ng-Koch"));
    let freelancer = acme.user("freelancer@acme.example");
    assert_eq!((freelancer.title.as_str(), freelancer.active()), ("Guest", true), "nobody in HiBob, left alone");
    acme.run(&["check", RECIPE]).expect_code(0);
}
