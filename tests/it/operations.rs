//! The guides for operators and for readers of reports are true: its commands print what it shows, and those for other programs exist. So do the options,
//! settings and files that the examples in `deploy` name.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::Value as Json;

use crate::documents::{Document, text_of};
use crate::program::Program;

#[test]
fn the_commands_in_the_guide_for_operators_work_as_it_says() {
    Document::read("docs/operations.md").with_demo().try_all();
}

#[test]
fn what_the_guide_to_reports_puts_into_a_recipe_is_right() {
    Document::read("docs/reports.md").with_demo().try_all();
}

/// The help of everything that runs in a service.
fn help() -> String {
    let program = Program::empty();
    [&["--help"][..], &["serve", "--help"], &["check", "--help"]]
        .map(|args| program.run(args).expect_code(0).stdout)
        .concat()
}

/// The lines of the unit that set this.
fn set_in_unit(name: &str) -> Vec<String> {
    let unit = text_of("deploy/rollbook.service");
    let values = unit.lines().filter_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    values.map(str::to_owned).collect()
}

#[test]
fn every_option_in_the_unit_is_one_of_the_program_s() {
    let commands = [set_in_unit("ExecStart"), set_in_unit("ExecStartPre")].concat();
    assert_eq!(commands.len(), 2);
    for command in commands {
        let mut words = command.split_whitespace();
        assert_eq!(words.next(), Some("/usr/local/bin/rollbook"));
        let subcommand = words.next().unwrap();
        let help = Program::empty().run(&[subcommand, "--help"]).expect_code(0).stdout;
        let known: BTreeSet<&str> = help.split_whitespace().filter(|word| word.starts_with("--")).collect();
        for option in words.filter(|word| word.starts_with("--")) {
            assert!(known.contains(option), "`{subcommand}` has no option `{option}`");
        }
    }
}

#[test]
fn the_unit_waits_for_what_is_in_hand_and_reloads_by_the_signal_that_is_listened_to() {
    let seconds: u64 = set_in_unit("TimeoutStopSec")[0].parse().unwrap();
    assert!(Duration::from_secs(seconds) > Duration::from_secs(60 + 60 + 10), "what `serve` takes at most to end");
    assert_eq!(set_in_unit("Type"), ["exec"]);
    assert_eq!(set_in_unit("Restart"), ["on-failure"]);
    assert!(set_in_unit("ExecReload")[0].contains("-HUP"));
}

#[test]
fn settings_in_the_examples_are_settings_of_the_program() {
    let help = help();
    for file in ["rollbook.service", "Dockerfile", "compose.yaml", "Caddyfile"] {
        let text = text_of(&format!("deploy/{file}"));
        let words = text.split(|letter: char| !letter.is_ascii_uppercase() && letter != '_');
        for name in words.filter(|word| word.starts_with("ROLLBOOK_")) {
            assert!(help.contains(name), "{file} sets `{name}`, which nothing reads");
        }
    }
}

#[test]
fn the_composition_has_replicas_on_one_database_and_asks_for_what_is_answered() {
    let compose: Json = serde_yaml::from_str(&text_of("deploy/compose.yaml")).unwrap();
    let rollbook = &compose["services"]["rollbook"];
    assert_eq!(rollbook["deploy"]["replicas"], 2);
    assert!(rollbook["environment"]["ROLLBOOK_DATABASE_URL"].as_str().unwrap().starts_with("postgres://"));
    let asked = rollbook["healthcheck"]["test"][3].as_str().unwrap();
    assert!(asked.contains("GET /readyz HTTP/1.0\\r\\n\\r\\n"), "{asked}");
    let built = rollbook["build"]["dockerfile"].as_str().unwrap();
    assert!(text_of(built).contains("USER 10001"), "nobody's own user");
    let mounted = rollbook["volumes"].as_array().unwrap().iter().filter_map(Json::as_str);
    let read_only = mounted.filter(|volume| volume.starts_with('.'));
    assert!(read_only.clone().count() == 3 && read_only.clone().all(|volume| volume.ends_with(":ro")));
}

#[test]
fn what_the_image_is_made_of_goes_to_its_build_and_nothing_else_does() {
    let ignored = text_of("deploy/Dockerfile.dockerignore");
    let sent: BTreeSet<&str> = ignored.lines().filter_map(|line| line.strip_prefix('!')).collect();
    assert!(ignored.lines().any(|line| line == "*"));
    for needed in ["Cargo.toml", "Cargo.lock", "src", "templates", "schemas", "recipes", "lookup_tables", "benches"] {
        assert!(sent.contains(needed), "the build reads `{needed}`");
    }
    assert_eq!(sent.len(), 8);
}
