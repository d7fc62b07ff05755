//! A full sync from HiBob to Leapsome, both simulated, against the vendor's limit of calls: `cargo bench --bench leapsome`.
//!
//! 2,000 people are new, 500 have changed, 100 leave, 10,000 are as they were. The clock runs faster than the vendor's:
//! `ROLLBOOK_SPEED=1` takes Leapsome's own 30 calls a second, and two and a half minutes. The limits of the sandbox are on.

#![allow(clippy::print_stdout, reason = "the table is what this program is for")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use rollbook::sandbox::hibob::switches::Audience;
use rollbook::sandbox::hibob::{self, People};
use rollbook::sandbox::leapsome;
use serde_json::{Value as Json, json};
use tokio::runtime::Runtime;

use crate::measured::run;

#[path = "company/measured.rs"]
mod measured;

const PROGRAM: &str = env!("CARGO_BIN_EXE_rollbook");
const RECIPE: &str = "recipes/leapsome.yaml";
const TODAY: &str = "2026-11-02";

const NEW: usize = 2_000;
const CHANGED: usize = 500;
const LEAVING: usize = 100;
const UNCHANGED: usize = 10_000;

/// Leapsome's limit a second (apis/leapsome.md §0), of which the recipe takes all here.
const CALLS: u32 = 30;

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let speed = std::env::var("ROLLBOOK_SPEED").ok().and_then(|speed| speed.parse().ok()).unwrap_or(10);
    let bench = Bench::start(speed);
    let (_, calls) = bench.sync();
    assert_eq!(calls.get("POST /Users").copied(), Some((UNCHANGED + CHANGED + LEAVING) as u64), "they have accounts");
    let limit = CALLS * speed;
    bench.leapsome.switch(|switches| switches.scim_per_second = limit);
    bench.edit(|recipe| recipe.replace("calls_per_second: 50000", &format!("calls_per_second: {limit}")));
    bench.restart_with(&people(true));
    println!("{NEW} new, {CHANGED} changed, {LEAVING} leaving, {UNCHANGED} unchanged, at {limit} calls a second\n");
    let (took, calls) = bench.sync();
    report(took, &calls, limit);
    let (took, calls) = bench.sync();
    println!("\nonce more, unchanged: {took:.1?}, {} writes, {} reads", writes_of(&calls), reads_of(&calls));
}

/// What a run wrote, what the least is, and how long it took beside the limit.
fn report(took: Duration, calls: &BTreeMap<String, u64>, limit: u32) {
    println!("| call | calls | least |\n| --- | ---: | ---: |");
    for (call, count) in calls.iter().filter(|(call, _)| is_write(call)) {
        println!("| `{call}` | {count} | {} |", least(call));
    }
    let writes = writes_of(calls);
    let ratio = took.as_secs_f64() / (writes as f64 / f64::from(limit));
    println!("\n{writes} writes within the limit, {} reads, {took:.1?}", reads_of(calls));
    println!("time / (writes / limit) = {ratio:.3}");
}

/// The least calls of a kind: one of each for somebody new; one for each change, managers and fields together; one for each
/// who leaves. Nobody new joins a team beside the department.
fn least(call: &str) -> usize {
    match call {
        "POST /Users" => NEW,
        "PATCH /Users/{userId}" => NEW + CHANGED + LEAVING,
        _ => 0,
    }
}

fn is_write(call: &str) -> bool {
    !call.starts_with("GET ")
}

fn writes_of(calls: &BTreeMap<String, u64>) -> u64 {
    calls.iter().filter(|(call, _)| is_write(call)).map(|(_, count)| count).sum()
}

fn reads_of(calls: &BTreeMap<String, u64>) -> u64 {
    calls.iter().filter(|(call, _)| !is_write(call)).map(|(_, count)| count).sum()
}

struct Bench {
    runtime: Runtime,
    bob: std::cell::RefCell<Option<hibob::Sandbox>>,
    leapsome: leapsome::Sandbox,
    folder: tempfile::TempDir,
}

impl Bench {
    /// Both sandboxes, with everybody who is not new in HiBob and nobody in Leapsome, and no limits yet.
    fn start(speed: u32) -> Self {
        assert!(speed > 0, "ROLLBOOK_SPEED is at least 1");
        let runtime = Runtime::new().expect("a runtime can be made");
        let folder = tempfile::tempdir().expect("a folder can be made");
        let mut settings =
            leapsome::Settings { today: Some(TODAY.parse().expect("a day")), ..leapsome::Settings::default() };
        (settings.switches.scim_per_second, settings.switches.content_per_second) = (0, 0);
        let leapsome = runtime.block_on(leapsome::Sandbox::start(settings)).expect("Leapsome starts");
        let bench = Self { runtime, bob: None.into(), leapsome, folder };
        let mut init = Command::new(PROGRAM);
        run(init.current_dir(bench.folder.path()).args(["init", "leapsome"]));
        let bob = bench.bob_on(0, &people(false));
        bench.edit(|recipe| {
            let recipe = recipe.replace("http://127.0.0.1:8472", &bob.base_url());
            let base = format!("{}\n    calls_per_second: 50000", bench.leapsome.base_url());
            recipe.replace("http://127.0.0.1:8476", &base).replace(", api_secret: LEAPSOME_API_SECRET", "")
        });
        bench.bob.replace(Some(bob));
        bench
    }

    fn bob_on(&self, port: u16, people: &Json) -> hibob::Sandbox {
        let file = self.folder.path().join("people.json");
        fs::write(&file, people.to_string()).expect("people can be written");
        let today = Some(TODAY.parse().expect("a day"));
        let mut settings = hibob::Settings { port, people: People::File(file), today, ..hibob::Settings::default() };
        settings.switches.audience = Audience::All;
        self.runtime.block_on(hibob::Sandbox::start(settings)).expect("HiBob starts")
    }

    /// The same HiBob, with other people.
    fn restart_with(&self, people: &Json) {
        let bob = self.bob.take().expect("it runs");
        let port = bob.address().port();
        self.runtime.block_on(bob.stop());
        self.bob.replace(Some(self.bob_on(port, people)));
    }

    fn edit(&self, change: impl FnOnce(&str) -> String) {
        let path = self.folder.path().join(RECIPE);
        let recipe = fs::read_to_string(&path).expect("the recipe is there");
        fs::write(path, change(&recipe)).expect("the recipe can be written");
    }

    /// A sync by the real program: how long it took, and its calls by endpoint.
    fn sync(&self) -> (Duration, BTreeMap<String, u64>) {
        self.leapsome.forget_calls();
        let bob = self.bob.borrow();
        let user = bob.as_ref().expect("it runs").service_user().clone();
        let keys = self.leapsome.keys();
        let mut command = Command::new(PROGRAM);
        command.current_dir(self.folder.path()).args(["sync", RECIPE, "--today", TODAY, "--approve"]);
        command.arg(format!("deactivate={LEAVING}"));
        command.env("HIBOB_SERVICE_ID", user.id).env("HIBOB_TOKEN", user.token);
        command.env("LEAPSOME_SCIM_TOKEN", &keys.token);
        let took = run(&mut command).wall;
        let calls = self.leapsome.calls().into_iter().map(|(call, count)| (call.replace("/scim/v1/", "/"), count));
        (took, calls.collect())
    }
}

/// Everybody as HiBob's people search has them: before the changes, or after.
fn people(after: bool) -> Json {
    let there = UNCHANGED + CHANGED + LEAVING;
    let count = if after { there + NEW } else { there };
    let lists = list_items();
    let one = |number: usize| person(number, after, &lists);
    json!({ "employees": (0..count).map(one).collect::<Vec<_>>() })
}

/// The first few lead everybody else; who changes and who leaves comes after them. Half of those who change have another
/// title, the others another manager and department.
fn person(number: usize, after: bool, lists: &BTreeMap<&str, Vec<String>>) -> Json {
    const LEADERS: usize = 500;
    let place = number.checked_sub(LEADERS).filter(|_| after);
    let titled = place.is_some_and(|place| place < CHANGED / 2);
    let moved = place.is_some_and(|place| (CHANGED / 2..CHANGED).contains(&place));
    let leaves = place.is_some_and(|place| (CHANGED..CHANGED + LEAVING).contains(&place));
    let item = |list: &str, at: usize| lists[list][at % lists[list].len()].clone();
    let sites = ["Berlin", "Paris", "London", "New York", "São Paulo", "Tokyo"];
    let manager = (number > 0).then(|| ((number + usize::from(moved)) % LEADERS.min(number)).to_string());
    let end = leaves.then_some("2026-10-31");
    json!({
        "id": number.to_string(),
        "email": format!("user{number}@acme.example"),
        "firstName": format!("First{number}"),
        "surname": format!("Last{number}"),
        "displayName": format!("First{number} Last{number}"),
        "work": {
            "title": item("title", number + usize::from(titled)),
            "department": item("department", number + usize::from(moved)),
            "site": sites[number % sites.len()],
            "startDate": "2020-01-06",
            "employeeIdInCompany": number,
            "manager": manager,
            "isManager": number < LEADERS,
        },
        "personal": { "birthDate": "1990-07-20", "legalGender": Json::Null },
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
