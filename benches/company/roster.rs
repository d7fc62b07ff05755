//! A company as HiBob's people search has it, before and after a busy month: who is new, has changed, leaves, or is as
//! they were.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::{Value as Json, json};

pub(crate) const NEW: usize = 2_000;
pub(crate) const CHANGED: usize = 500;
pub(crate) const LEAVING: usize = 100;
pub(crate) const UNCHANGED: usize = 10_000;

/// Everybody as HiBob's people search has them: before the changes, or after.
pub(crate) fn people(after: bool) -> Json {
    let there = UNCHANGED + CHANGED + LEAVING;
    let count = if after { there + NEW } else { there };
    let lists = list_items();
    let one = |number: usize| person(number, after, &lists);
    json!({ "employees": (0..count).map(one).collect::<Vec<_>>() })
}

/// The first few lead everybody else; who changes and who leaves comes after them.
fn person(number: usize, after: bool, lists: &BTreeMap<&str, Vec<String>>) -> Json {
    const LEADERS: usize = 500;
    let place = number.checked_sub(LEADERS).filter(|_| after);
    let titled = place.is_some_and(|place| place < CHANGED / 2);
    let costed = place.is_some_and(|place| (CHANGED / 2..CHANGED).contains(&place));
    let leaves = place.is_some_and(|place| (CHANGED..CHANGED + LEAVING).contains(&place));
    let item = |list: &str, at: usize| lists[list][at % lists[list].len()].clone();
    let sites = ["Berlin", "Paris", "London", "New York", "São Paulo", "Tokyo"];
    let manager = (number > 0).then(|| (number % LEADERS.min(number)).to_string());
    let end = leaves.then_some("2026-10-31");
    json!({
        "id": number.to_string(),
        "email": format!("user{number}@acme.example"),
        "firstName": format!("First{number}"),
        "surname": format!("Last{number}"),
        "displayName": format!("First{number} Last{number}"),
        "work": {
            "title": item("title", number + usize::from(titled)),
            // The last department is one that no rule of the recipe knows.
            "department": lists["department"][number % (lists["department"].len() - 1)],
            "site": sites[number % sites.len()],
            "startDate": "2020-01-06",
            "employeeIdInCompany": number,
            "manager": manager,
            "isManager": number < LEADERS,
            "custom": { "field_1700000000001": Json::Null, "field_1700000000002": format!("{:05}", number % 900 + usize::from(costed)) },
        },
        "internal": {
            "status": if leaves { "Inactive" } else { "Active" },
            "lifecycleStatus": if leaves { "terminated" } else { "employed" },
            "terminationDate": end,
        },
        "employee": { "lastDayOfWork": Json::Null },
    })
}

/// The ids of the bundled company's list items.
fn list_items() -> BTreeMap<&'static str, Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("recipes/demo/named-lists.json");
    let lists: Json = serde_json::from_str(&fs::read_to_string(path).expect("lists")).expect("lists are JSON");
    let items = |name: &str| {
        let values = lists[name]["values"].as_array().into_iter().flatten();
        values.filter_map(|value| value["id"].as_str().map(str::to_owned)).collect()
    };
    ["title", "department"].map(|name| (name, items(name))).into()
}
