//! The program as people run it: what each command prints where, and the exit code it ends with.

mod author;
mod help;
mod history;
mod plan;
mod standing;
mod sync;
mod trouble;

use crate::program::Program;

/// An employee of the demo who has a user, and nothing unusual.
const SOMEBODY: &str = "ukasz.oneill.5@acme.example";

/// What changes from run to run, replaced by placeholders.
fn placeholders() -> insta::internals::SettingsBindDropGuard {
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"\d{8}-\d{6}-[0-9a-f]{4}", "[run]");
    settings.add_filter(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [A-Z]{3,4}", "[moment]");
    settings.add_filter(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "[moment]");
    settings.add_filter(r"Took [0-9.]+ m?s\.", "Took [time].");
    settings.bind_to_scope()
}

/// Changes one person of the demo, in both forms in which HiBob gives a field.
fn set(program: &Program, email: &str, section: &str, field: &str, value: &serde_json::Value) {
    change_people(program, |person| {
        if person["email"] == email {
            person[section][field] = value.clone();
            person[format!("/{section}/{field}")] = serde_json::json!({ "value": value });
        }
        true
    });
}

/// Changes everybody of the demo; who is answered `false` is taken out.
fn change_people(program: &Program, mut change: impl FnMut(&mut serde_json::Value) -> bool) {
    let path = "recipes/demo/people.json";
    let mut answer: serde_json::Value = serde_json::from_str(&program.read(path)).unwrap();
    answer["employees"].as_array_mut().unwrap().retain_mut(|person| change(person));
    program.write(path, answer.to_string());
}

/// Lets every fourth person of the demo leave: more than the brake lets pass.
fn many_leave(program: &Program) {
    let leaving = serde_json::json!("garden leave");
    let mut number = 0;
    change_people(program, |person| {
        number += 1;
        if number % 4 == 0 {
            person["internal"]["lifecycleStatus"] = leaving.clone();
            person["/internal/lifecycleStatus"] = serde_json::json!({ "value": leaving });
        }
        true
    });
}
