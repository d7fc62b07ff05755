//! What is killed, gone or wrong: nothing that was answered is lost, and nobody is made twice.

use rollbook::sandbox::hibob::DeliveryState;
use serde_json::json;

use super::office::{Office, PATH, until};

#[test]
fn a_server_that_is_killed_again_and_again_loses_nobody_and_makes_nobody_twice() {
    let mut office = Office::empty();
    let mut serving = office.serve();
    office.open_bob(&serving);
    let address = serving.address.trim_start_matches("http://").to_owned();
    let mails: Vec<String> = (0..60).map(|number| format!("p{number}@acme.example")).collect();
    for (number, mail) in mails.iter().enumerate() {
        office.hire(mail, if number % 2 == 0 { "Engineering" } else { "Legal" });
        if number % 12 == 11 {
            // Into the burst, and into the work on those before.
            std::thread::sleep(std::time::Duration::from_millis(300 * (number as u64 / 12)));
            serving.kill();
            serving = office.serve_at(&address);
        }
    }
    until("everything was delivered", || {
        office.bob().deliveries().iter().all(|delivery| delivery.state != DeliveryState::Waiting)
    });
    until("everybody has a user", || office.users().len() >= mails.len());
    assert_eq!(serving.end(), Some(0));
    let mut users: Vec<String> = office.users().into_iter().map(|(mail, _, _)| mail).collect();
    let mut wanted = mails;
    users.sort();
    wanted.sort();
    assert_eq!(users, wanted);
    let sync = office.run(&["sync", PATH]).expect_code(0);
    assert!(sync.stdout.contains("Nothing had to be changed"), "{}", sync.stdout);
}

#[test]
fn while_hibob_fails_deliveries_are_taken_and_people_wait_without_being_given_up() {
    let mut office = Office::empty();
    let serving = office.serve();
    office.open_bob(&serving);
    let broken = json!({ "server_error": { "status": 503, "calls": 40 } });
    office.bob().switch(|switches| switches.faults = serde_json::from_value(broken).unwrap());
    office.hire("ada@acme.example", "Engineering");
    until("the delivery is taken all the same", || {
        let deliveries = office.bob().deliveries();
        !deliveries.is_empty() && deliveries.iter().all(|delivery| delivery.state != DeliveryState::Waiting)
    });
    assert!(office.users().is_empty());
    office.bob().switch(|switches| switches.faults = Default::default());
    until("ada has a user when HiBob is back", || office.status("ada@acme.example").is_some());
    assert_eq!(serving.end(), Some(0));
}

#[test]
fn a_person_whom_a_clock_that_was_set_back_has_put_into_the_future_is_looked_at_now() {
    let mut office = Office::empty();
    let serving = office.serve();
    office.open_bob(&serving);
    let address = serving.address.trim_start_matches("http://").to_owned();
    serving.kill();
    // What a clock an hour fast leaves behind.
    let hour = jiff::SignedDuration::from_hours(1);
    let soon = (jiff::Timestamp::now() + hour).as_millisecond();
    let state = rusqlite::Connection::open(office.program.path(".rollbook/state.db")).unwrap();
    office.hire("ada@acme.example", "Engineering");
    let ada = office.bob().deliveries()[0].employee.clone();
    let mark = "INSERT INTO due (recipe, employee, due, marked, marks, attempts, parked) VALUES ('demo-live', ?1, ?2, ?2, 1, 0, 0)";
    state.execute(mark, rusqlite::params![ada, soon]).unwrap();
    drop(state);
    let _serving = office.serve_at(&address);
    until("ada has a user", || office.status("ada@acme.example").is_some());
}

#[test]
fn a_second_server_on_one_file_is_refused_and_told_what_to_do() {
    let office = Office::empty();
    let _serving = office.serve();
    let second = office.run(&["serve", PATH, "--listen", "127.0.0.1:0"]).expect_code(3);
    assert!(second.stderr.contains("PostgreSQL"), "{}", second.stderr);
}

#[test]
fn what_cannot_be_served_is_said_before_anything_is() {
    let office = Office::empty();
    let mut command = office.command(&["serve", PATH]);
    let no_secret = crate::program::Ran::of(command.env_remove("BOB").output().unwrap()).expect_code(3);
    assert!(no_secret.stderr.contains("there is no secret `BOB`"), "{}", no_secret.stderr);
    let taken = office.serve();
    let address = taken.address.trim_start_matches("http://").to_owned();
    let other = office.run(&["serve", PATH, "--listen", &address, "--database", "sqlite://other.db"]).expect_code(3);
    assert!(other.stderr.contains("can't listen at"), "{}", other.stderr);
    let recipe = office.program.read(PATH);
    office.program.write(PATH, recipe.replace("real_time:", "reel_time:"));
    let problem = office.run(&["serve", PATH]).expect_code(2);
    assert!(problem.stderr.contains("did you mean `real_time`?"), "{}", problem.stderr);
    let nothing: String =
        recipe.lines().filter(|line| !line.starts_with("real_time")).fold(String::new(), |all, line| all + line + "\n");
    office.program.write(PATH, nothing);
    let nothing = office.run(&["serve", PATH]).expect_code(3);
    assert!(nothing.stderr.contains("there is nothing to serve"), "{}", nothing.stderr);
}
