//! What a mail server does not take: it is said, kept, and tried again.

use serde_json::json;

use super::office::{arrived_at, count, demo_to, run, state, sync, time_comes};
use super::server::{Kind, MailServer};
use crate::program::Program;

const TWO: &str = "to: [ nobody@acme.example, hr@acme.example ], when: always";
const ONE: &str = "to: [ hr@acme.example ], when: always";

/// What is kept of mails, but for what they say.
fn rows(program: &Program) -> Vec<(i64, i64, bool, Option<String>)> {
    let state = state(program);
    let mut query = state
        .prepare("SELECT tries, refused, next IS NULL, trouble FROM mail_recipients JOIN mails ON id = mail ORDER BY made, position")
        .unwrap();
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

#[test]
fn one_refused_address_keeps_the_mail_from_nobody_and_is_given_up_after_some_tries() {
    let Some(mut server) = MailServer::start(Kind::Open) else { return };
    server.behave(&json!({ "refuse": { "nobody@acme.example": "550 5.1.1 <nobody@acme.example> is unknown here" } }));
    let program = demo_to(TWO);
    let ran = sync(&program, &server.settings()).expect_code(0).says("it does not accept the recipient (code 550)");
    assert!(!ran.stderr.contains("nobody") && !ran.stderr.contains("unknown here"), "{}", ran.stderr);
    assert_eq!(arrived_at(&mut server), ["hr@acme.example"]);
    let trouble = "the mail server did not take the mail: it does not accept the recipient (code 550)";
    assert_eq!(rows(&program), [(1, 1, false, Some(trouble.to_owned())), (0, 0, true, None)]);
    program.run(&["status"]).expect_code(0).shows("mail       1 waiting, tried again at ").shows(trouble);

    state(&program).execute("UPDATE mail_recipients SET refused = 4 WHERE next IS NOT NULL", []).unwrap();
    sync(&program, &server.settings()).expect_code(0);
    assert_eq!(rows(&program)[0].0, 1, "not before its time");
    time_comes(&program);
    sync(&program, &server.settings()).expect_code(0).says("1 given up");
    program.run(&["status"]).expect_code(0).shows("not sent   to nobody@acme.example, given up ");
    assert_eq!(count(&program, "SELECT COUNT(*) FROM mails WHERE content IS NULL"), 1, "nobody waits for the first");
}

#[test]
fn an_address_that_is_accepted_later_gets_what_waited() {
    let Some(mut server) = MailServer::start(Kind::Open) else { return };
    server.behave(&json!({ "refuse": { "nobody@acme.example": "550 no" } }));
    let program = demo_to(TWO);
    sync(&program, &server.settings()).expect_code(0);
    let first = server.arrived().remove(0);
    server.behave(&json!({ "refuse": {} }));
    time_comes(&program);
    sync(&program, &server.settings()).expect_code(0);
    let ids: Vec<_> = server.arrived().into_iter().map(|mail| (mail["to"][0].clone(), mail["id"].clone())).collect();
    assert_eq!(ids.len(), 3);
    assert_eq!(ids[0], (json!("nobody@acme.example"), first["id"].clone()));
}

/// A first sync fails so; a second one, after all is well, sends both reports, each once.
fn what_fails_is_sent_by_the_next(program: &Program, server: &mut MailServer, said: &str) {
    sync(program, &server.settings()).expect_code(0).says(said).says("kept and tried again");
    assert_eq!(arrived_at(server), Vec::<String>::new());
    assert_eq!(count(program, "SELECT COALESCE(SUM(refused), 0) FROM mail_recipients"), 0, "it costs nobody a try");
    server.behave(&json!({ "data": null, "sender": null }));
    sync(program, &server.settings()).expect_code(0).says("the report was mailed");
    assert_eq!(arrived_at(server).len(), 2);
    sync(program, &server.settings()).expect_code(0);
    assert_eq!(arrived_at(server).len(), 1, "and not again");
    assert_eq!(count(program, "SELECT COUNT(*) FROM mails WHERE content IS NOT NULL"), 0);
}

#[test]
fn what_is_refused_for_now_is_sent_by_the_next_sync() {
    let Some(mut server) = MailServer::start(Kind::Open) else { return };
    server.behave(&json!({ "data": "451 4.3.0 later" }));
    what_fails_is_sent_by_the_next(&demo_to(ONE), &mut server, "it does not accept the mail itself (code 451)");
}

#[test]
fn a_line_that_is_lost_before_or_after_the_mail_was_handed_over_is_tried_again() {
    let Some(mut server) = MailServer::start(Kind::Open) else { return };
    for how in ["drop", "drop before"] {
        server.behave(&json!({ "data": how }));
        what_fails_is_sent_by_the_next(&demo_to(ONE), &mut server, "there is no connection to it");
    }
}

#[test]
fn a_sender_that_is_refused_is_everybody_s_trouble() {
    let Some(mut server) = MailServer::start(Kind::Open) else { return };
    server.behave(&json!({ "sender": "550 5.7.1 not you" }));
    what_fails_is_sent_by_the_next(&demo_to(ONE), &mut server, "it does not accept the sender (code 550)");
}

#[test]
fn a_wrong_password_costs_nobody_a_try_and_is_never_shown() {
    let Some(mut server) = MailServer::start(Kind::StartTls) else { return };
    let program = demo_to(TWO);
    let ran = sync(&program, &server.settings_with("hunter2")).expect_code(0);
    let ran = ran.says("it does not accept user and password (code 535)").says("see that user and password");
    assert!(!ran.stderr.contains("hunter2"), "{}", ran.stderr);
    assert_eq!(rows(&program).iter().map(|row| (row.0, row.1)).collect::<Vec<_>>(), [(1, 0), (1, 0)]);
    sync(&program, &server.settings()).expect_code(0);
    assert_eq!(arrived_at(&mut server).len(), 4);
}

#[test]
fn a_certificate_that_nobody_vouches_for_gets_nothing() {
    for kind in [Kind::StartTls, Kind::Wrapped] {
        let Some(mut server) = MailServer::start(kind) else { return };
        let program = demo_to(ONE);
        let url: Vec<_> = server.settings().into_iter().filter(|(name, _)| *name != "SSL_CERT_FILE").collect();
        sync(&program, &url).expect_code(0).says("an encrypted connection was not possible");
        assert_eq!(arrived_at(&mut server), Vec::<String>::new());
    }
}

#[test]
fn nothing_is_sent_where_encryption_is_asked_for_and_not_offered() {
    let Some(mut server) = MailServer::start(Kind::Open) else { return };
    let (name, url) = server.settings().remove(0);
    let program = demo_to(ONE);
    sync(&program, &vec![(name, format!("{url}&tls=required"))]).expect_code(0).says("an encrypted connection was not");
    assert_eq!(arrived_at(&mut server), Vec::<String>::new());
}

#[test]
fn a_server_that_says_nothing_is_given_up_soon_and_another_gets_the_mail() {
    let (Some(silent), Some(mut server)) = (MailServer::start(Kind::Silent), MailServer::start(Kind::Open)) else {
        return;
    };
    let program = demo_to(TWO);
    sync(&program, &silent.settings()).expect_code(0).says("it did not answer in time").says("0 sent, 2 waiting");
    silent.next("connected");
    sync(&program, &server.settings()).expect_code(0);
    assert_eq!(arrived_at(&mut server).len(), 4);
}

#[test]
fn what_waits_stays_where_no_mail_server_is_named_and_new_reports_go_to_the_folder() {
    let Some(mut server) = MailServer::start(Kind::Open) else { return };
    server.behave(&json!({ "data": "451 later" }));
    let program = demo_to(ONE);
    sync(&program, &server.settings()).expect_code(0);
    run(&program, &["sync", "recipes/demo.yaml"], &Vec::new()).says("report: outbox/");
    assert_eq!(std::fs::read_dir(program.path("outbox")).unwrap().count(), 3);
    server.behave(&json!({ "data": null }));
    sync(&program, &server.settings()).expect_code(0);
    assert_eq!(arrived_at(&mut server).len(), 2, "the first and the third");
}

#[test]
fn what_became_of_mails_is_forgotten_after_a_month_and_what_waits_is_not() {
    let Some(mut server) = MailServer::start(Kind::Open) else { return };
    let program = demo_to(ONE);
    sync(&program, &server.settings()).expect_code(0);
    server.behave(&json!({ "data": "451 later" }));
    sync(&program, &server.settings()).expect_code(0);
    state(&program).execute("UPDATE mails SET made = made - 2678400000", []).unwrap();
    program.replace("recipes/demo.yaml", "when: always", "when: problems");
    run(&program, &["sync", "recipes/demo.yaml"], &Vec::new());
    assert_eq!(count(&program, "SELECT COUNT(*) FROM mails"), 1);
    assert_eq!(count(&program, "SELECT COUNT(*) FROM mail_recipients WHERE next IS NOT NULL"), 1);
}
