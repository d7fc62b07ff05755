//! What the author of a recipe runs: init, check, test, fields, explain.

use serde_json::Value as Json;

use super::{SOMEBODY, change_people};
use crate::program::{Program, TODAY};

const STANDARD_FIELDS: &str = "lookup_tables/demo/standard_fields.csv";

#[test]
fn init_writes_a_starter_and_says_what_to_do_next() {
    let program = Program::empty();
    let ran = program.run(&["init", "directory", "acme"]).expect_code(0);
    insta::assert_snapshot!(ran.stdout, @r"
    wrote 25 files. Next:
      cd acme
      rollbook check
      rollbook test
      rollbook plan recipes/demo.yaml
      rollbook sync recipes/demo.yaml
    ");
    assert_eq!(ran.stderr, "");
    assert!(program.path("acme/lookup_tables/demo/groups.csv").exists());
}

#[test]
fn the_starter_of_360learning_is_right_and_its_examples_hold() {
    let program = Program::empty();
    program.run(&["init", "360learning"]).expect_code(0).shows("rollbook sandbox 360learning");
    let checked = program.run(&["check"]).expect_code(0);
    assert_eq!((&*checked.stdout, &*checked.stderr), ("recipes/360learning.yaml: no problems\n", ""));
    program.run(&["test"]).expect_code(0).shows("examples hold");
}

#[test]
fn init_never_overwrites() {
    let program = Program::empty();
    std::fs::create_dir_all(program.path("lookup_tables/demo")).unwrap();
    program.write("lookup_tables/demo/groups.csv", "mine");
    let ran = program.run(&["init", "directory"]).expect_code(3);
    insta::assert_snapshot!(ran.stderr, @r"
    error: `./lookup_tables/demo/groups.csv` exists already; nothing was written
      help: name an empty folder, as in `rollbook init directory acme`
    ");
    assert!(ran.stdout.is_empty() && !program.path("recipes").exists());
    assert_eq!(program.read("lookup_tables/demo/groups.csv"), "mine");
}

#[test]
fn check_finds_nothing_in_the_starter() {
    let program = Program::demo();
    let ran = program.run(&["check"]).expect_code(0);
    assert_eq!((&*ran.stdout, &*ran.stderr), ("recipes/demo.yaml: no problems\n", ""));
    assert_eq!(program.run(&["check", "--format", "json"]).expect_code(0).stdout, "[]\n");
    program.run(&["check", "--resolved"]).expect_code(0).shows("\"reactivate\": true");
    let json = program.run(&["check", "--resolved", "--format", "json"]).expect_code(0).stdout;
    let json: Json = serde_json::from_str(&json).unwrap();
    assert_eq!(json["resolved"][0]["recipe"]["provisioning"]["reactivate"], true);
    assert_eq!(json["problems"], serde_json::json!([]));
}

#[test]
fn check_shows_every_problem_of_every_file_on_stdout() {
    let program = Program::demo();
    program.replace("recipes/demo.yaml", "version: 1\n", "version: 1\nversoin: 1\n");
    program.replace(
        STANDARD_FIELDS,
        "last_name,root.surname,family_name(value)",
        "last_name,root.surname,famly_name(value)",
    );
    program.replace(
        "lookup_tables/demo/status.csv",
        "internal.lifecycleStatus,in,Leave|",
        "internal.lifecycleStatus,inn,Leave|",
    );
    let ran = program.run(&["check"]).expect_code(2);
    assert_eq!(ran.stderr, "");
    let ran = ran.shows("recipes/demo.yaml:12:1").shows("standard_fields.csv:7:").shows("status.csv:6:");
    assert!(ran.stdout.ends_with("recipes/demo.yaml: 3 problems\n"), "{}", ran.stdout);

    let found: Json = serde_json::from_str(&program.run(&["check", "--format", "json"]).expect_code(2).stdout).unwrap();
    let places: Vec<_> = found.as_array().unwrap().iter().map(|one| one["line"].as_u64().unwrap()).collect();
    assert_eq!(places.len(), 3, "{places:?}");
    assert!(found.as_array().unwrap().iter().all(|one| one["help"].is_string() && one["severity"] == "problem"));
}

#[test]
fn a_recipe_with_problems_runs_nowhere_and_the_problems_are_no_result() {
    let program = Program::demo();
    program.replace("recipes/demo.yaml", "version: 1\n", "version: 1\nversoin: 1\n");
    let recipe = "recipes/demo.yaml";
    for args in [
        &["plan", recipe][..],
        &["sync", recipe],
        &["explain", recipe, SOMEBODY],
        &["fields", recipe],
        &["users", recipe],
        &["test"],
    ] {
        let ran = program.run(args).expect_code(2).says("there is no key `versoin`");
        assert_eq!(ran.stdout, "", "{args:?}");
    }
    assert!(!program.path(".rollbook").exists(), "nothing was opened");
}

#[test]
fn a_recipe_that_is_not_there_is_a_problem_and_a_folder_without_any_is_an_error() {
    let program = Program::empty();
    program.run(&["check", "acme.yaml"]).expect_code(2).shows("there is no such file");
    program.run(&["sync", "acme.yaml"]).expect_code(2).says("there is no such file");
    program.run(&["check"]).expect_code(3).says("there are no recipes in the folder `recipes` here");
    program.run(&["test"]).expect_code(3).says("rollbook init directory");
}

#[test]
fn test_tries_the_examples() {
    let program = Program::demo();
    let ran = program.run(&["test"]).expect_code(0).shows("holds  someone on garden leave loses access");
    assert!(ran.stdout.ends_with("\n36 examples hold, 0 do not\n") && ran.stderr.is_empty());

    program.replace("recipes/demo.test.yaml", "last_name: Koch\n", "last_name: Kochh\n");
    let ran = program.run(&["test"]).expect_code(1).shows("35 examples hold, 1 do not");
    insta::assert_snapshot!(ran.stdout.lines().take(4).collect::<Vec<_>>().join("\n"), @r"
    FAILS  someone new in HiBob is added, with fields, team and groups (recipes/demo.test.yaml:9)
             field `last_name`
               expected  Kochh
               found     Koch
    ");
    let found: Json = serde_json::from_str(&program.run(&["test", "--format", "json"]).expect_code(1).stdout).unwrap();
    assert_eq!(found[0]["differences"][0]["found"], "Koch");

    program.replace("recipes/demo.test.yaml", "  today: 2026-03-02\n", "  todya: 2026-03-02\n");
    let ran = program.run(&["test"]).expect_code(2).says("todya");
    assert_eq!(ran.stdout, "");
}

#[test]
fn fields_lists_what_both_sides_offer() {
    let program = Program::demo();
    let ran = program.run(&["fields", "recipes/demo.yaml"]).expect_code(0);
    let ran =
        ran.shows("source file: 26 fields").shows("here `languages`").shows("[Lifecycle]").shows("target directory: ");
    assert!(ran.stderr.is_empty());
    let both = program.run(&["fields", "recipes/demo.yaml", "--format", "json"]).expect_code(0).stdout;
    let both: Json = serde_json::from_str(&both).unwrap();
    assert_eq!(both["source"].as_array().unwrap().len(), 26);
    assert!(
        both["target"].as_array().unwrap().iter().any(|field| field["field"] == "mail" && field["required"] == true)
    );
}

#[test]
fn explain_shows_every_stage_and_writes_nothing() {
    let program = Program::demo();
    let explain = |more: &[&str]| {
        program.run(&[&["explain", "recipes/demo.yaml", SOMEBODY, "--today", TODAY], more].concat()).expect_code(0)
    };
    let ran = explain(&[])
        .shows("\nfilter\n")
        .shows("› status rule `employed` says active   [status.csv:10]")
        .shows("› create: ");
    assert_eq!(ran.stderr, "");
    let json: Json = serde_json::from_str(&explain(&["--format", "json"]).stdout).unwrap();
    assert_eq!((&json["plan"]["verdict"], &json["today"]), (&"create".into(), &TODAY.into()));
    program.run(&["explain", "recipes/demo.yaml", "3000000000000000106"]).expect_code(0).shows(SOMEBODY);
    program.run(&["users", "recipes/demo.yaml", "--format", "json"]).expect_code(0).shows("[]");
}

#[test]
fn explain_says_what_it_wrote_last_and_that_nobody_is_of_that_name() {
    let program = Program::synced();
    program.run(&["explain", "recipes/demo.yaml", SOMEBODY]).expect_code(0).shows("last written by Rollbook");
    let ran = program.run(&["explain", "recipes/demo.yaml", "nobody@acme.example"]).expect_code(3);
    insta::assert_snapshot!(ran.stderr, @r#"
    error: nobody in the source has the address or employee id `nobody@acme.example`
      help: check the spelling; people whom HiBob does not show to the service user cannot be found: in Bob, open its permission group, and see under "Access data for" whether a condition leaves this person out, or a lifecycle status other than the chosen ones
    "#);
    assert_eq!(ran.stdout, "");
}

#[test]
fn a_person_the_recipe_cannot_decide_is_explained_too() {
    let program = Program::demo();
    change_people(&program, |person| {
        if person["email"] == SOMEBODY {
            person["internal"] = serde_json::json!({});
            person.as_object_mut().unwrap().retain(|name, _| !name.starts_with("/internal"));
        }
        true
    });
    program.run(&["explain", "recipes/demo.yaml", SOMEBODY]).expect_code(0).shows("› undecided: ");
}
