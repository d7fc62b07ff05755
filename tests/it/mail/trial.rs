//! `rollbook mail-test`: what the mail server answers, for everybody whom a recipe names.

use serde_json::json;

use super::office::{arrived_at, demo_to, run};
use super::server::{Kind, MailServer};

const KINDS: &str = "to: { always: [ hr@acme.example ], failed: [ HR@acme.example, nobody@acme.example ] }";
const TEST: &[&str] = &["mail-test", "recipes/demo.yaml"];

#[test]
fn everybody_gets_one_and_what_the_server_says_of_each_is_shown() {
    let Some(mut server) = MailServer::start(Kind::StartTls) else { return };
    let program = demo_to(KINDS);
    let recipe = program.read("recipes/demo.yaml");
    program.write("recipes/demo.yaml", format!("{}\nnotify: {{ to: [ it@acme.example ] }}\n", recipe.trim_end()));
    run(&program, TEST, &server.settings())
        .expect_code(0)
        .shows("hr@acme.example: the mail server has taken it (every report, reports of runs that failed)\n")
        .shows("it@acme.example: the mail server has taken it (what goes wrong)\n");
    assert_eq!(arrived_at(&mut server), ["hr@acme.example", "nobody@acme.example", "it@acme.example"]);
    server.behave(&json!({ "refuse": { "nobody@acme.example": "550 no" } }));
    run(&program, TEST, &server.settings())
        .expect_code(3)
        .shows("nobody@acme.example: not sent (reports of runs that failed): the mail server did not take the mail: it does not accept the recipient (code 550)\n  help: see that the recipient's address is right")
        .shows("it@acme.example: the mail server has taken it");
    run(&program, &["mail-test", "recipes/demo.yaml", "--to", "me@acme.example"], &server.settings()).expect_code(0);
    assert_eq!(arrived_at(&mut server), ["hr@acme.example", "it@acme.example", "me@acme.example"]);
    assert!(!program.path(".rollbook").exists(), "nothing is kept");
}

#[test]
fn a_wrong_password_and_a_server_that_says_nothing_are_said() {
    let (Some(server), Some(silent)) = (MailServer::start(Kind::Login), MailServer::start(Kind::Silent)) else {
        return;
    };
    let program = demo_to("to: [ hr@acme.example ], when: always");
    run(&program, TEST, &server.settings_with("hunter2")).expect_code(3).shows("user and password (code 535)");
    run(&program, TEST, &silent.settings()).expect_code(3).shows("it did not answer in time");
}

#[test]
fn without_a_mail_server_it_is_written_and_without_anybody_it_could_not() {
    let program = demo_to("to: [ hr@acme.example ], when: always");
    run(&program, TEST, &Vec::new())
        .expect_code(0)
        .shows("written to outbox/demo-test-")
        .says("no mail server is named");
    let written = std::fs::read_dir(program.path("outbox")).unwrap().next().unwrap().unwrap().path();
    assert!(std::fs::read_to_string(written).unwrap().contains("To: hr@acme.example"));
    let recipe = program.read("recipes/demo.yaml");
    let without: Vec<&str> = recipe.lines().filter(|line| !line.starts_with("report:")).collect();
    program.write("recipes/demo.yaml", without.join("\n"));
    run(&program, TEST, &Vec::new()).expect_code(3).says("the mail has no recipients");
}
