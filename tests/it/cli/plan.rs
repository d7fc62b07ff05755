//! Plans: shown, saved, applied exactly as saved, or refused.

use serde_json::{Value as Json, json};

use super::{SOMEBODY, change_people, many_leave, placeholders, set};
use crate::program::{Program, TODAY};

#[test]
fn plan_ends_with_whether_there_is_something_to_do() {
    let program = Program::demo();
    let ran = program.plan(&[]).expect_code(5).shows("82 to create");
    assert_eq!(ran.stderr, "");
    program.sync(&[]).expect_code(0);
    program.plan(&[]).expect_code(0).shows("nothing to change: 100 employees read: ");
    many_leave(&program);
    program.plan(&[]).expect_code(4).shows("--approve deactivate=20");
    program.plan(&["--approve", "deactivate=20"]).expect_code(5).shows("approved: 20 changes of kind deactivate");
    program.plan(&["--approve", "deactivate=19"]).expect_code(4);
}

#[test]
fn plan_shows_one_person_by_address_or_id() {
    let program = Program::demo();
    let by_address = program.plan(&["--only", SOMEBODY]).expect_code(5).stdout;
    assert!(by_address.starts_with("create ") && by_address.matches("\ncreate ").count() == 0, "{by_address}");
    assert_eq!(program.plan(&["--only", "3000000000000000106"]).expect_code(5).stdout, by_address);
    program.plan(&["--only", "nobody"]).expect_code(3).says("nobody in the source has the address or employee id");
}

#[test]
fn a_plan_of_one_person_speaks_of_no_other_whom_the_brake_holds() {
    let program = Program::synced();
    many_leave(&program);
    set(&program, SOMEBODY, "work", "title", &json!("250000017"));
    let whole = program.plan(&[]).expect_code(4).stdout;
    assert_eq!(whole.matches("    held      everything, by the brake: deactivate\n").count(), 20, "{whole}");
    let free = program.plan(&["--only", SOMEBODY]).expect_code(5).stdout;
    assert!(!free.contains("held"), "{free}");
    let held: Json = serde_json::from_str(&program.plan(&["--format", "json"]).stdout).unwrap();
    let people = held["held"][0]["people"].as_array().unwrap();
    let (one, other) = (people[0][0].as_str().unwrap(), people[1][0].as_str().unwrap());
    let ran = program.plan(&["--only", one]).expect_code(4).shows("held: 20 changes of kind deactivate").stdout;
    assert!(ran.contains(one) && !ran.contains(other), "{ran}");
    let explained = program.run(&["explain", "recipes/demo.yaml", one, "--today", TODAY]).expect_code(0);
    explained
        .shows("  ! the brake holds everything: 20 changes of kind deactivate; the limit is ")
        .shows("  · the brake lets it pass once: rollbook sync recipes/demo.yaml --approve deactivate=20");
}

#[test]
fn a_name_that_would_steer_the_terminal_is_written_out_for_people_and_kept_for_programs() {
    let program = Program::demo();
    let name = "Eve\u{1b}[2J\u{202e}lla";
    set(&program, SOMEBODY, "root", "displayName", &json!(name));
    change_people(&program, |person| {
        if person["email"] == SOMEBODY {
            person["displayName"] = json!(name);
            person["/root/displayName"] = json!({ "value": name });
            person["/root/surname"] = json!({ "value": name });
        }
        true
    });
    let shown = "Eve\\u{1b}[2J\\u{202e}lla";
    program.plan(&["--only", SOMEBODY]).expect_code(5).shows(shown);
    program.run(&["explain", "recipes/demo.yaml", SOMEBODY, "--today", TODAY]).expect_code(0).shows(shown);
    let plan: Json = serde_json::from_str(&program.plan(&["--only", SOMEBODY, "--format", "json"]).stdout).unwrap();
    assert!(plan.to_string().contains("\u{202e}"), "{plan}");
    program.sync(&[]).expect_code(0);
    let report = program.run(&["runs", "latest"]).expect_code(0).stdout;
    assert!(report.contains("Eve [2Jlla"), "the report leaves such signs out: {report}");
}

#[test]
fn two_plans_of_the_same_are_the_same_to_the_letter() {
    let program = Program::demo();
    let one = program.plan(&["--format", "json"]).expect_code(5).stdout;
    assert_eq!(program.plan(&["--format", "json"]).expect_code(5).stdout, one);
    let plan: Json = serde_json::from_str(&one).unwrap();
    assert_eq!(plan["plan"]["people"].as_array().unwrap().len(), 100);
}

#[test]
fn another_day_is_another_plan() {
    let program = Program::synced();
    let ran = program.run(&["plan", "recipes/demo.yaml", "--today", "2027-03-01"]).expect_code(5);
    ran.shows("to create").shows("to update");
    program.plan(&[]).expect_code(0);
}

/// A plan of the demo, saved.
fn saved() -> Program {
    let program = Program::demo();
    let ran = program.plan(&["--out", "plan.json"]).expect_code(5);
    assert_eq!(ran.stderr, "saved as plan.json; apply it with: rollbook sync recipes/demo.yaml --plan plan.json\n");
    program
}

#[test]
fn a_saved_plan_is_applied_exactly() {
    let program = saved();
    program.sync(&["--plan", "plan.json"]).expect_code(0).shows("82 people were created");
    program.plan(&[]).expect_code(0);
}

#[cfg(unix)]
#[test]
fn a_saved_plan_is_for_its_user_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = saved().path("plan.json").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

/// Changes something after the plan was saved, and expects the plan to be refused with nothing written.
fn expect_stale(change: impl FnOnce(&Program), what: &str) {
    let program = saved();
    change(&program);
    let ran = program.sync(&["--plan", "plan.json"]).expect_code(3).says("the plan is stale").says(what);
    assert_eq!(ran.stdout, "");
    program.run(&["users", "recipes/demo.yaml", "--format", "json"]).expect_code(0).shows("[]");
    program.run(&["runs"]).expect_code(0).shows("refused").shows(what);
}

#[test]
fn a_plan_is_stale_when_a_person_has_changed() {
    expect_stale(|program| set(program, SOMEBODY, "work", "title", &json!("250000017")), "people in the source");
}

#[test]
fn a_plan_is_stale_when_a_table_has_changed() {
    let table = "lookup_tables/demo/groups.csv";
    expect_stale(
        |program| program.replace(table, "works council", "workers council"),
        "the recipe, a table or a script",
    );
}

#[test]
fn a_plan_is_stale_when_the_target_has_changed() {
    let program = Program::synced();
    set(&program, SOMEBODY, "work", "title", &json!("250000017"));
    program.plan(&["--out", "plan.json"]).expect_code(5);
    set(&program, SOMEBODY, "work", "title", &json!("250000018"));
    program.sync(&[]).expect_code(0);
    set(&program, SOMEBODY, "work", "title", &json!("250000017"));
    program.sync(&["--plan", "plan.json"]).expect_code(3).says("users or groups in the target");
}

#[test]
fn a_plan_is_stale_on_another_day() {
    let program = saved();
    let ran =
        program.run(&["sync", "recipes/demo.yaml", "--today", "2026-11-03", "--plan", "plan.json"]).expect_code(3);
    ran.says("this has moved: the day");
}

#[test]
fn a_plan_that_was_altered_is_refused() {
    let program = saved();
    program.replace("plan.json", "acme.example", "evil.example");
    program.sync(&["--plan", "plan.json"]).expect_code(3).says("it was changed after it was saved");
    program.write("plan.json", "{}");
    program.sync(&["--plan", "plan.json"]).expect_code(3).says("it is no saved plan");
    program.sync(&["--plan", "missing.json"]).expect_code(3).says("`missing.json` can't be applied: it can't be read");
}

#[test]
fn a_plan_is_for_its_own_recipe() {
    let program = saved();
    program.replace("recipes/demo.yaml", "name: demo", "name: other");
    program.sync(&["--plan", "plan.json"]).expect_code(3).says("the plan is for the recipe `demo`, not `other`");
}

#[test]
fn a_plan_that_cannot_be_saved_says_so() {
    let program = Program::demo();
    let _placeholders = placeholders();
    insta::assert_snapshot!(program.plan(&["--out", "nowhere/plan.json"]).expect_code(3).stderr, @r"
    error: the plan can't be saved as `nowhere/plan.json`: No such file or directory (os error 2)
      help: check that the folder exists and can be written to
    ");
}

#[test]
fn what_the_brake_holds_is_held_in_a_saved_plan_too() {
    let program = Program::synced();
    many_leave(&program);
    program.plan(&["--out", "plan.json"]).expect_code(4);
    program.sync(&["--plan", "plan.json"]).expect_code(4).shows("20 held");
    program.run(&["plan", "recipes/demo.yaml", "--today", TODAY, "--out", "plan.json"]).expect_code(4);
    program.sync(&["--plan", "plan.json", "--approve", "deactivate=20"]).expect_code(0).shows("20 deactivated");
}
