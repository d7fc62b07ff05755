//! What is done on time: full syncs by the schedule, and people on their day.

use jiff::{SignedDuration, Timestamp, Zoned};
use rusqlite::Connection;
use serde_json::json;

use super::office::{Office, PATH, until};

fn state(office: &Office) -> Connection {
    let state = Connection::open(office.program.path(".rollbook/state.db")).unwrap();
    state.busy_timeout(std::time::Duration::from_secs(10)).unwrap();
    state
}

fn number(office: &Office, sql: &str) -> i64 {
    state(office).query_row(sql, [], |row| row.get(0)).unwrap()
}

#[test]
fn runs_that_were_missed_are_made_up_once() {
    let mut office = Office::empty();
    let recipe = format!("{}schedule: {{ full_sync: \"0 2 * * *\" }}\n", office.program.read(PATH));
    office.program.write(PATH, recipe);
    let serving = office.serve();
    office.open_bob(&serving);
    office.hire("ada@acme.example", "Engineering");
    until("ada has a user", || office.status("ada@acme.example").is_some());
    until("the schedule is known", || number(&office, "SELECT COUNT(*) FROM slots") == 1);
    assert_eq!(number(&office, "SELECT COUNT(*) FROM runs"), 0, "a recipe that is new has missed nothing");
    let address = serving.address.trim_start_matches("http://").to_owned();
    serving.kill();
    let long_ago = (Timestamp::now() - SignedDuration::from_hours(100)).as_millisecond();
    state(&office).execute("UPDATE slots SET done = ?1", [long_ago]).unwrap();
    let serving = office.serve_at(&address);
    let ended = "SELECT COUNT(*) FROM runs WHERE status = 'finished' AND started_by = 'schedule'";
    until("the missed run is made up", || number(&office, ended) == 1);
    until("it is noted as done", || {
        number(&office, "SELECT done FROM slots") > (Timestamp::now() - SignedDuration::from_hours(1)).as_millisecond()
    });
    assert_eq!(serving.end(), Some(0));
    assert_eq!(number(&office, "SELECT COUNT(*) FROM runs"), 1);
}

#[test]
fn somebody_who_begins_later_is_looked_at_at_midnight_of_that_day_where_they_are() {
    let mut office = Office::empty();
    office.program.replace(PATH, "start: when_added", "start: on_start_date");
    let serving = office.serve();
    office.open_bob(&serving);
    let first_day = Zoned::now().date().checked_add(SignedDuration::from_hours(24 * 40)).unwrap();
    office.play(&json!({ "event": "hire", "start_date": first_day, "fields": {
        "root.firstName": "Zoe", "root.surname": "Ng", "root.email": "zoe@acme.example", "work.site": "Tokyo" } }));
    until("the day is known", || number(&office, "SELECT COUNT(*) FROM days") == 1);
    assert!(office.users().is_empty(), "before the day there is no user");
    let tokyo = jiff::tz::TimeZone::get("Asia/Tokyo").unwrap();
    let at = Timestamp::from_millisecond(number(&office, "SELECT at FROM days")).unwrap().to_zoned(tokyo);
    assert_eq!((at.hour(), at.minute()), (0, 0), "{at}");
    assert!(at.date() <= first_day, "{at}: the cohort's condition turns before, or the first day comes");
    let looks = number(&office, "SELECT COUNT(*) FROM handled");
    state(&office).execute("UPDATE days SET at = ?1", [Timestamp::now().as_millisecond()]).unwrap();
    until("that day comes", || number(&office, "SELECT COUNT(*) FROM handled") > looks);
    until("the next day is known", || number(&office, "SELECT COUNT(*) FROM days") == 1);
}
