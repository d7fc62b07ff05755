//! A process may be killed at any moment: every report arrives, and twice only if the kill came between the server's answer
//! and the record of it, with one `Message-ID`.

use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use super::office::{Settings, arrived_at, count, demo_to, reports_go_to, serve, start_sync, state, sync, time_comes};
use super::server::{Kind, MailServer};
use crate::kept::{Kept, on_both};
use crate::program::Program;

const ONE: &str = "to: [ hr@acme.example ], when: always";

/// Gives the demo a schedule, so that it is served.
fn scheduled(program: &Program) {
    let recipe = program.read("recipes/demo.yaml");
    program.write("recipes/demo.yaml", format!("{}\nschedule: {{ full_sync: \"0 3 1 1 *\" }}\n", recipe.trim_end()));
}

fn ids(mails: &[Json]) -> Vec<&str> {
    mails.iter().map(|mail| mail["id"].as_str().unwrap()).collect()
}

#[test]
fn a_sync_that_is_killed_while_the_server_has_not_answered_yet_is_made_up_for_once() {
    let Some(mut server) = MailServer::start(Kind::Open) else { return };
    let program = demo_to(ONE);
    server.behave(&json!({ "data": "hold" }));
    let child = start_sync(&program, &server.patient_settings());
    let held = server.next("data");
    child.kill();
    server.behave(&json!({ "data": null }));
    sync(&program, &server.settings()).expect_code(0);
    let mails = server.arrived();
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0]["id"], held["id"]);
    assert_ne!(mails[1]["id"], held["id"]);
}

#[test]
fn a_serve_that_is_killed_while_the_server_has_not_answered_yet_is_made_up_for_once() {
    let Some(mut server) = MailServer::start(Kind::Open) else { return };
    let program = demo_to(ONE);
    scheduled(&program);
    server.behave(&json!({ "data": "451 later" }));
    sync(&program, &server.settings()).expect_code(0);
    time_comes(&program);
    server.behave(&json!({ "data": "hold" }));
    let serving = serve(&program, &server.patient_settings());
    let held = server.next("data");
    serving.kill();
    server.behave(&json!({ "data": null }));
    let serving = serve(&program, &server.settings());
    assert_eq!(server.next("arrived")["id"], held["id"]);
    serving.kill();
    assert_eq!(arrived_at(&mut server), Vec::<String>::new());
}

#[test]
fn a_kill_between_the_answer_and_the_record_sends_the_same_mail_again_with_the_same_id() {
    let Some(mut server) = MailServer::start(Kind::Open) else { return };
    let program = demo_to(ONE);
    server.behave(&json!({ "data": "hold" }));
    let child = start_sync(&program, &server.patient_settings());
    server.next("data");
    // Nothing can be recorded as long as somebody else writes.
    let state = state(&program);
    state.execute_batch("BEGIN IMMEDIATE").unwrap();
    server.behave(&json!({ "data": null }));
    let first = server.next("arrived");
    child.kill();
    state.execute_batch("ROLLBACK").unwrap();
    sync(&program, &server.settings()).expect_code(0);
    let mails = server.arrived();
    assert_eq!(mails.len(), 2, "the same again, and that of the second run");
    assert_eq!((&mails[0]["id"], &mails[0]["parts"]), (&first["id"], &first["parts"]));
    assert_ne!(mails[1]["id"], first["id"]);
}

/// Starts a sync and kills it when its run has ended and its report is due. Says whether it came in time.
fn killed_before_its_mail(program: &Program, settings: &Settings) -> bool {
    let begun = Instant::now();
    let child = start_sync(program, settings);
    let state_exists = || program.path(".rollbook/state.db").exists();
    while !state_exists() {
        assert!(begun.elapsed() < Duration::from_secs(120), "there is no state");
        thread::sleep(Duration::from_millis(1));
    }
    let state = state(program);
    let ask = |sql: &str| state.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap_or(0);
    loop {
        let mails = ask("SELECT COUNT(*) FROM mails");
        if ask("SELECT COUNT(*) FROM reports_due") == 1 && state.execute_batch("BEGIN IMMEDIATE").is_ok() {
            // From here on it cannot write.
            let in_time = ask("SELECT COUNT(*) FROM reports_due") == 1;
            child.kill();
            state.execute_batch("ROLLBACK").unwrap();
            return in_time;
        }
        assert!(begun.elapsed() < Duration::from_secs(120), "the run never ended");
        if mails > 0 {
            child.kill();
            return false;
        }
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_kill_between_the_end_of_a_run_and_its_mail_loses_no_report() {
    let Some(mut server) = MailServer::start(Kind::Open) else { return };
    let killed = (0..10).map(|_| demo_to(ONE)).find(|program| killed_before_its_mail(program, &server.settings()));
    let program = killed.expect("one of ten came in time");
    server.arrived();
    assert_eq!(count(&program, "SELECT COUNT(*) FROM runs WHERE status = 'finished'"), 1);
    assert_eq!(count(&program, "SELECT COUNT(*) FROM mails"), 0);
    scheduled(&program);
    let serving = serve(&program, &server.settings());
    let run = state(&program).query_row("SELECT id FROM runs", [], |row| row.get::<_, String>(0)).unwrap();
    assert_eq!(server.next("arrived")["id"], format!("<{run}.demo@localhost.localdomain>"));
    let begun = Instant::now();
    while count(&program, "SELECT COUNT(*) FROM mail_recipients WHERE sent IS NOT NULL") == 0 {
        assert!(begun.elapsed() < Duration::from_secs(120), "that it was sent is never written down");
        thread::sleep(Duration::from_millis(20));
    }
    serving.kill();
    sync(&program, &server.settings()).expect_code(0);
    assert_eq!(arrived_at(&mut server).len(), 1, "that of the second run alone");
}

async fn of_two_processes_one_sends_at_a_time_and_each_mail_arrives_once(kept: Kept) {
    let Some(mut server) = MailServer::start(Kind::Open) else { return };
    let program = Program::demo_with(kept);
    reports_go_to(&program, ONE);
    server.behave(&json!({ "data": "hold" }));
    let first = start_sync(&program, &server.patient_settings());
    server.next("data");
    sync(&program, &server.patient_settings())
        .expect_code(0)
        .says("another process has the mails of this recipe in hand");
    server.behave(&json!({ "data": null }));
    first.ended().expect_code(0).says("the report was mailed");
    let mails = server.arrived();
    assert_eq!(mails.len(), 2, "the one that sends takes along what comes meanwhile");
    assert_ne!(ids(&mails)[0], ids(&mails)[1]);
}

async fn what_a_killed_process_had_in_hand_is_sent_by_another(kept: Kept) {
    let Some(mut server) = MailServer::start(Kind::Open) else { return };
    let program = Program::demo_with(kept);
    reports_go_to(&program, ONE);
    server.behave(&json!({ "data": "hold" }));
    let child = start_sync(&program, &server.patient_settings());
    server.next("data");
    child.kill();
    server.behave(&json!({ "data": null }));
    sync(&program, &server.settings()).expect_code(0).says("the report was mailed");
    assert_eq!(server.arrived().len(), 2);
}

on_both!(
    of_two_processes_one_sends_at_a_time_and_each_mail_arrives_once,
    what_a_killed_process_had_in_hand_is_sent_by_another,
);
