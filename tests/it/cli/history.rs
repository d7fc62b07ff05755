//! What is remembered: runs and users.

use serde_json::Value as Json;

use super::placeholders;
use crate::program::Program;

const CSV_MARK: char = '\u{feff}';

#[test]
fn runs_are_listed_with_the_newest_first() {
    let _placeholders = placeholders();
    let program = Program::synced();
    program.sync(&[]).expect_code(0);
    let ran = program.run(&["runs"]).expect_code(0);
    insta::assert_snapshot!(ran.stdout, @r"
    [run]  [moment]  finished     demo  100 people: 93 unchanged, 1 out of scope, 6 waiting
    [run]  [moment]  finished     demo  100 people: 82 created, 11 unchanged, 1 out of scope, 6 waiting
    ");
    assert_eq!(ran.stderr, "");
    assert_eq!(program.run(&["runs", "--last", "1"]).expect_code(0).stdout.lines().count(), 1);
    assert_eq!(program.run(&["runs", "--recipe", "other"]).expect_code(0).stdout, "no runs yet\n");
    let runs: Json = serde_json::from_str(&program.run(&["runs", "--format", "json"]).expect_code(0).stdout).unwrap();
    assert_eq!((&runs[1]["totals"]["created"], &runs[0]["status"]), (&82.into(), &"finished".into()));
}

#[test]
fn one_run_s_report_is_shown_again_in_every_form() {
    let program = Program::synced();
    let show = |format: &str| program.run(&["runs", "latest", "--format", format]).expect_code(0).stdout;
    assert!(show("text").starts_with("82 people were created."));
    assert!(show("html").starts_with("<!doctype html>") || show("html").starts_with("<!DOCTYPE html>"));
    let sheet = show("csv");
    assert_eq!((sheet.starts_with(CSV_MARK), sheet.lines().count()), (true, 101));
    let run: Json = serde_json::from_str(&show("json")).unwrap();
    let id = run["run"].as_str().unwrap();
    assert_eq!(program.run(&["runs", id]).expect_code(0).stdout, show("text"));
    assert_eq!(program.run(&["runs", &id[..17]]).expect_code(0).stdout, show("text"));
    assert_eq!(program.run(&["runs", "latest", "--recipe", "demo"]).expect_code(0).stdout, show("text"));
    let kept = std::fs::read_to_string(program.path(&format!("outbox/{id}.html"))).unwrap();
    assert_eq!(show("html"), kept, "the page that was sent and the page shown later are the same");
}

#[test]
fn a_run_that_is_not_there_is_an_error() {
    let program = Program::synced();
    let ran = program.run(&["runs", "19990101"]).expect_code(3);
    insta::assert_snapshot!(ran.stderr, @r"
    error: there is no run `19990101`
      help: `rollbook runs` lists the runs there are
    ");
    assert_eq!(ran.stdout, "");
    program
        .run(&["runs", "latest", "--recipe", "other"])
        .expect_code(3)
        .says("there is no run of a recipe named `other`");
    program
        .run(&["runs", "--format", "html"])
        .expect_code(3)
        .says("name one, as in `rollbook runs latest --format html`");
    Program::empty().run(&["runs", "latest"]).expect_code(3).says("there is no run `latest`");
}

#[test]
fn users_are_listed_with_their_employees_and_invitations() {
    let _placeholders = placeholders();
    let program = Program::synced();
    let list = |format: &str| program.run(&["users", "recipes/demo.yaml", "--format", format]).expect_code(0).stdout;
    insta::assert_snapshot!(list("csv").lines().take(2).collect::<Vec<_>>().join("\n"), @r"
    employee_id,user_id,login,status,created,invited,invitation_ends,invitation_ended
    3000000000000000101,u_000001,ins.novk.0@acme.example,invited,[moment],[moment],,
    ");
    assert_eq!((list("csv").lines().count(), list("text").lines().count()), (83, 83));
    let users: Json = serde_json::from_str(&list("json")).unwrap();
    assert_eq!((users.as_array().unwrap().len(), &users[0]["status"]), (82, &"invited".into()));
}

#[test]
fn before_the_first_run_there_is_nothing_to_list() {
    let program = Program::demo();
    assert_eq!(program.run(&["runs"]).expect_code(0).stdout, "no runs yet\n");
    assert_eq!(program.run(&["users", "recipes/demo.yaml", "--format", "json"]).expect_code(0).stdout, "[]\n");
}
