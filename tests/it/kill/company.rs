//! A larger company than the demo's: its people again and again, under new ids and addresses, and what a year changes.

use serde_json::{Value as Json, json};

use crate::program::Program;

const PEOPLE: &str = "recipes/demo/people.json";

/// Puts so many people into the demo.
pub(crate) fn grow(program: &Program, count: usize) {
    let demo: Vec<Json> = people(program);
    let grown: Vec<Json> = (0..count).map(|number| again(&demo[number % demo.len()], number / demo.len())).collect();
    save(program, &grown);
}

/// Changes what a year changes: titles, departments, sites, managers, a few addresses; some leave, some are gone.
pub(crate) fn a_year_later(program: &Program) {
    let mut people = people(program);
    let managers: Vec<Json> = people.iter().map(|person| person["id"].clone()).collect();
    for (number, person) in people.iter_mut().enumerate() {
        if number.is_multiple_of(3) {
            person["work"]["title"] = json!("250000018");
        }
        if number.is_multiple_of(5) {
            person["work"]["department"] = json!("250000309");
        }
        if number.is_multiple_of(7) {
            person["work"]["site"] = json!("Tokyo");
        }
        if number.is_multiple_of(11) && number > 0 {
            person["work"]["manager"] = managers[number - 1].clone();
        }
        if number.is_multiple_of(13) {
            person["internal"]["lifecycleStatus"] = json!("garden leave");
        }
        if number.is_multiple_of(37)
            && let Some(address) = person["email"].as_str()
        {
            person["email"] = json!(format!("new.{address}"));
        }
    }
    let mut number = 0;
    people.retain(|_| {
        number += 1;
        number % 41 != 0
    });
    save(program, &people);
}

fn people(program: &Program) -> Vec<Json> {
    let mut answer: Json = serde_json::from_str(&program.read(PEOPLE)).unwrap();
    serde_json::from_value(answer["employees"].take()).unwrap()
}

fn save(program: &Program, people: &[Json]) {
    program.write(PEOPLE, json!({ "employees": people }).to_string());
}

/// A person of the demo in another edition. Only one of HiBob's two forms is kept; reading the other twice proves nothing.
fn again(person: &Json, edition: usize) -> Json {
    let mut person = person.clone();
    if let Some(object) = person.as_object_mut() {
        object.retain(|name, _| !name.starts_with('/'));
    }
    let renumber = |id: &mut Json| {
        if let Some(text) = id.as_str().filter(|text| text.len() == 19) {
            *id = json!(format!("{}{edition:03}{}", &text[..13], &text[16..]));
        }
    };
    renumber(&mut person["id"]);
    for reference in ["manager", "secondLevelManager"] {
        if let Some(id) = person.pointer_mut(&format!("/work/{reference}")) {
            renumber(id);
        }
    }
    if let Some(address) = person["email"].as_str() {
        person["email"] = json!(format!("e{edition}.{}", address.trim()));
    }
    person
}
