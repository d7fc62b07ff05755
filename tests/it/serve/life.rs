//! What happens in HiBob is in the directory a moment later.

use rollbook::sandbox::hibob;
use serde_json::json;

use super::office::{Office, PATH, until};

fn open() -> (Office, super::office::Serving) {
    let mut office = Office::empty();
    let serving = office.serve();
    office.open_bob(&serving);
    (office, serving)
}

#[test]
fn somebody_is_hired_moves_and_leaves_while_nobody_runs_anything() {
    let (office, serving) = open();
    office.hire("ada@acme.example", "Engineering");
    until("ada has a user", || office.status("ada@acme.example").as_deref() == Some("invited"));
    office.play(&json!({ "event": "move", "person": "ada@acme.example", "department": "Legal" }));
    until("ada is in another department", || {
        office.users() == [("ada@acme.example".to_owned(), "invited".to_owned(), Some("Legal".to_owned()))]
    });
    office.play(&json!({ "event": "terminate", "person": "ada@acme.example", "date": "2026-01-30" }));
    until("ada has no access", || office.status("ada@acme.example").as_deref() == Some("inactive"));
    assert_eq!(serving.end(), Some(0));
    let sync = office.run(&["sync", PATH]).expect_code(0);
    assert!(sync.stdout.contains("Nothing had to be changed"), "real time and full sync agree: {}", sync.stdout);
}

#[test]
fn a_manager_and_a_report_who_come_together_find_each_other() {
    let (office, _serving) = open();
    office.hire("grace@acme.example", "Engineering");
    office.hire("ada@acme.example", "Engineering");
    office.play(&json!({ "event": "move", "person": "ada@acme.example", "manager": "grace@acme.example" }));
    let manager = || {
        let directory = rusqlite::Connection::open(office.program.path(".rollbook/directory-live.db")).ok()?;
        let sql = "SELECT boss.mail FROM users JOIN users AS boss ON boss.id = users.manager WHERE users.mail = 'ada@acme.example'";
        directory.query_row(sql, [], |row| row.get::<_, String>(0)).ok()
    };
    until("ada reports to grace", || manager().as_deref() == Some("grace@acme.example"));
}

#[test]
fn many_events_of_one_person_are_a_few_readings() {
    let (office, serving) = open();
    office.hire("ada@acme.example", "Engineering");
    until("ada has a user", || office.status("ada@acme.example").is_some());
    let before = readings(office.bob());
    for number in 0..300 {
        let fields = json!({ "root.surname": format!("Koch-{number}") });
        office.play(&json!({ "event": "change", "person": "ada@acme.example", "fields": fields }));
    }
    let surname = || {
        let directory = rusqlite::Connection::open(office.program.path(".rollbook/directory-live.db")).unwrap();
        directory.query_row("SELECT last_name FROM users", [], |row| row.get::<_, String>(0)).unwrap()
    };
    until("the last change has arrived", || surname() == "Koch-299");
    assert_eq!(serving.end(), Some(0));
    let deliveries = office.bob().deliveries().len();
    let readings = readings(office.bob()) - before;
    assert!(deliveries > 300 && readings * 10 < 300, "{readings} readings for {deliveries} deliveries");
}

fn readings(bob: &hibob::Sandbox) -> u64 {
    bob.calls().get("POST /v1/people/search").copied().unwrap_or_default()
}

#[test]
fn more_leavers_in_an_hour_than_the_limit_lets_pass_are_held_until_somebody_has_looked() {
    let (office, serving) = open();
    drop(serving);
    let limits = "limits:\n  deactivate: { most: 2, percent: 100, few: 0 }";
    office.program.replace(PATH, "limits:", limits);
    let serving = office.serve_at(&at(&office));
    let people = ["ada", "bo", "cleo", "dan", "eve"].map(|name| format!("{name}@acme.example"));
    people.iter().for_each(|mail| office.hire(mail, "Engineering"));
    until("everybody has a user", || office.users().len() == 5);
    let inactive = || office.users().iter().filter(|(_, status, _)| status == "inactive").count();
    for (gone, mail) in people.iter().enumerate().take(2) {
        office.play(&json!({ "event": "terminate", "person": mail, "date": "2026-01-30" }));
        until("the first two go", || inactive() == gone + 1);
    }
    for mail in &people[2..] {
        office.play(&json!({ "event": "terminate", "person": mail, "date": "2026-01-30" }));
    }
    let held = || {
        let state = rusqlite::Connection::open(office.program.path(".rollbook/state.db")).unwrap();
        let sql = "SELECT (SELECT COUNT(*) FROM due WHERE parked = 1), (SELECT COUNT(*) FROM pauses WHERE kind = 'deactivate')";
        state.query_row(sql, [], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))).unwrap()
    };
    until("the others are held", || held() == (3, 1));
    assert_eq!(inactive(), 2);
    office.hire("fay@acme.example", "Engineering");
    until("everything else goes on", || office.status("fay@acme.example").is_some());
    assert_eq!(serving.end(), Some(0));
    let sync = office.run(&["sync", PATH, "--approve", "deactivate=3"]).expect_code(0);
    assert!(sync.stdout.contains("3 people were deactivated"), "{}", sync.stdout);
    assert_eq!(held(), (0, 0), "a full sync that holds nothing clears what was held");
}

/// Where the server was called before.
fn at(office: &Office) -> String {
    let url = &office.webhook_url();
    url.trim_start_matches("http://").split('/').next().unwrap().to_owned()
}

#[test]
fn a_broken_new_version_is_refused_while_the_old_one_goes_on_and_a_right_one_counts_at_once() {
    let (office, serving) = open();
    let right = office.program.read(PATH);
    office.program.write(PATH, format!("{right}\ncolour: red\n"));
    serving.signal("HUP");
    office.hire("ada@acme.example", "Engineering");
    until("ada has a user", || office.status("ada@acme.example").as_deref() == Some("invited"));
    office.program.write(PATH, right.replace("create: invite ", "create: active "));
    serving.signal("HUP");
    // The old crew may still have been in place for the first of them.
    let arrived = || office.users().iter().any(|(_, status, _)| status == "active");
    let mut number = 0;
    let begun = std::time::Instant::now();
    while !arrived() && begun.elapsed().as_secs() < 100 {
        number += 1;
        let mail = format!("new{number}@acme.example");
        office.hire(&mail, "Engineering");
        until("the new one has a user", || office.status(&mail).is_some());
    }
    assert!(arrived());
}
