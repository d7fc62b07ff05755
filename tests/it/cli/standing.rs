//! How a recipe stands, what lets it go on, and how often it may be run by hand.

use rollbook::store::Store;
use serde_json::Value as Json;

use super::placeholders;
use crate::program::Program;

/// Puts rows into the state database, as `serve` would.
fn change(program: &Program, sql: &str) {
    rusqlite::Connection::open(program.path(".rollbook/state.db")).unwrap().execute_batch(sql).unwrap();
}

/// Somebody who is parked, somebody who is due, and a kind of change that is held.
fn trouble(program: &Program) {
    change(
        program,
        "INSERT INTO due VALUES ('demo', '1042', 1700000000000, 1700000000000, 1, 8, 1, NULL, 'the address is taken');
         INSERT INTO due VALUES ('demo', '7', 1700000001000, 1700000000000, 1, 0, 0, NULL, NULL);
         INSERT INTO pauses VALUES ('demo', 'deactivate', 1700000002000);",
    );
}

#[test]
fn status_shows_what_runs_what_waits_and_what_is_held() {
    let _placeholders = placeholders();
    let program = Program::demo();
    insta::assert_snapshot!(program.run(&["status"]).expect_code(0).stdout, @r"
    demo
      last run   none yet
      due        0 people
    ");
    program.sync(&[]).expect_code(0);
    trouble(&program);
    let ran = program.run(&["status", "recipes/demo.yaml"]).expect_code(0);
    insta::assert_snapshot!(ran.stdout, @r"
    demo
      last run   finished [moment] by hand  [run]
      due        1 person, the first since [moment]
      parked     1042 since [moment], after 8 tries: the address is taken
      held       deactivate since [moment]
    ");
    assert_eq!(ran.stderr, "");
    let json: Json = serde_json::from_str(&program.run(&["status", "--format", "json"]).expect_code(0).stdout).unwrap();
    assert_eq!((&json[0]["due"], &json[0]["parked"][0]["employee"]), (&1.into(), &"1042".into()));
    assert_eq!((&json[0]["held"][0]["kind"], &json[0]["under_way"]), (&"deactivate".into(), &Json::Null));
}

#[tokio::test]
async fn a_run_under_way_shows_how_far_it_is() {
    let program = Program::synced();
    change(&program, "UPDATE runs SET status = 'running', finished = NULL");
    let store = Store::open(&format!("sqlite://{}", program.path(".rollbook/state.db").display())).await.unwrap();
    let run = store.run("latest").await.unwrap().id;
    store.note_progress(&run, "updating users: 120 of 400").await.unwrap();
    store.close().await;
    program.run(&["status"]).expect_code(0).shows("under way").shows("by hand: updating users: 120 of 400");
    program.run(&["runs"]).expect_code(0).shows("\n    updating users: 120 of 400\n");
}

#[test]
fn the_next_run_of_a_schedule_is_shown_in_the_recipe_s_zone() {
    let program = Program::demo();
    add(&program, "schedule: { full_sync: \"30 2 * * *\" }");
    program.run(&["status"]).expect_code(0).shows(" 02:30:00 ");
}

#[test]
fn resume_lets_what_is_held_go_on_and_tries_parked_people_again() {
    let program = Program::synced();
    let resume = || program.run(&["resume", "recipes/demo.yaml"]).expect_code(0).stdout;
    assert_eq!(resume(), "demo: nothing was held, and nobody parked\n");
    trouble(&program);
    assert_eq!(resume(), "demo: what was held may go on, and 1 person is tried again\n");
    let status = program.run(&["status"]).expect_code(0).shows("due        2 people").stdout;
    assert!(!status.contains("parked") && !status.contains("held"), "{status}");
}

#[test]
fn a_run_by_hand_that_comes_too_soon_is_refused_until_somebody_insists() {
    let program = Program::demo();
    program.sync(&[]).expect_code(0);
    program.sync(&[]).expect_code(0);
    add(&program, "schedule: { manual_every: 2h }");
    let refused = program.sync(&[]).expect_code(3).says("recipe `demo` was run by hand at").says("add --now");
    assert_eq!(refused.stdout, "");
    program.sync(&["--now"]).expect_code(0);
    change(&program, "UPDATE runs SET started = started - 2 * 3600 * 1000");
    program.sync(&[]).expect_code(0);
}

fn add(program: &Program, section: &str) {
    let recipe = program.read("recipes/demo.yaml");
    program.write("recipes/demo.yaml", format!("{}\n{section}\n", recipe.trim_end()));
}
