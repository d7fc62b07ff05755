//! A full sync from HiBob to Learn Amp, both simulated, against a limit of calls: `cargo bench --bench learnamp`.
//!
//! 2,000 people are new, 500 have changed, 100 leave, 10,000 are as they were. The clock runs faster than two calls a second,
//! which `ROLLBOOK_SPEED=1` takes, and 40 minutes. The sandbox's limit is on, and counts reads too.

#![allow(clippy::print_stdout, reason = "the table is what this program is for")]

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::time::Duration;

use rollbook::sandbox::hibob::switches::Audience;
use rollbook::sandbox::hibob::{self, People};
use rollbook::sandbox::learnamp;
use serde_json::Value as Json;
use tokio::runtime::Runtime;

use crate::measured::run;
use crate::roster::{CHANGED, LEAVING, NEW, UNCHANGED, people};

#[path = "company/measured.rs"]
mod measured;
#[path = "company/roster.rs"]
mod roster;

const PROGRAM: &str = env!("CARGO_BIN_EXE_rollbook");
const RECIPE: &str = "recipes/learnamp.yaml";
const TODAY: &str = "2026-11-02";

/// Calls a second, as the recipe has it (apis/learnamp.md §8).
const CALLS: u32 = 2;

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let speed = std::env::var("ROLLBOOK_SPEED").ok().and_then(|speed| speed.parse().ok()).unwrap_or(10);
    let bench = Bench::start(speed);
    let (_, calls) = bench.sync();
    assert_eq!(calls.get("POST /users").copied(), Some((UNCHANGED + CHANGED + LEAVING) as u64), "they have accounts");
    let limit = CALLS * speed;
    bench.amp.switch(|switches| switches.calls_per_second = limit);
    bench.edit(|recipe| recipe.replace("calls_per_second: 5000", &format!("calls_per_second: {limit}")));
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

/// The least calls of a kind: one creation and one update with the manager for somebody new, one update for each change,
/// one call for each who leaves.
fn least(call: &str) -> usize {
    match call {
        "POST /users" => NEW,
        "PUT /users/{id}" => NEW + CHANGED,
        "PUT /users/{id}/deactivate" => LEAVING,
        _ => 0,
    }
}

fn is_write(call: &str) -> bool {
    !call.starts_with("GET ") && !call.ends_with("/oauth/token")
}

fn writes_of(calls: &BTreeMap<String, u64>) -> u64 {
    calls.iter().filter(|(call, _)| is_write(call)).map(|(_, count)| count).sum()
}

fn reads_of(calls: &BTreeMap<String, u64>) -> u64 {
    calls.iter().filter(|(call, _)| call.starts_with("GET ")).map(|(_, count)| count).sum()
}

struct Bench {
    runtime: Runtime,
    bob: std::cell::RefCell<Option<hibob::Sandbox>>,
    amp: learnamp::Sandbox,
    folder: tempfile::TempDir,
}

impl Bench {
    /// Both sandboxes, with everybody who is not new in HiBob and nobody in Learn Amp, and no limits yet.
    fn start(speed: u32) -> Self {
        assert!(speed > 0, "ROLLBOOK_SPEED is at least 1");
        let runtime = Runtime::new().expect("a runtime can be made");
        let folder = tempfile::tempdir().expect("a folder can be made");
        let mut settings = learnamp::Settings::default();
        settings.switches.calls_per_second = 0;
        let amp = runtime.block_on(learnamp::Sandbox::start(settings)).expect("Learn Amp starts");
        let bench = Self { runtime, bob: None.into(), amp, folder };
        let mut init = Command::new(PROGRAM);
        run(init.current_dir(bench.folder.path()).args(["init", "learnamp"]));
        bench.map_cost_centres();
        let bob = bench.bob_on(0, &people(false));
        bench.edit(|recipe| {
            let recipe = recipe.replace("http://127.0.0.1:8472", &bob.base_url());
            let recipe = recipe.replace("http://127.0.0.1:8475", &bench.amp.base_url());
            recipe.replace("calls_per_second: 2 ", "calls_per_second: 5000 ")
        });
        bench.bob.replace(Some(bob));
        bench
    }

    /// Half of those who change have another cost centre: here it is a text that Learn Amp has a place for.
    fn map_cost_centres(&self) {
        let table = self.folder.path().join("lookup_tables/learnamp/standard_fields.csv");
        let rows = fs::read_to_string(&table).expect("the table is there");
        let row = "department,work.custom.field_1700000000002,,,,,\n";
        fs::write(table, format!("{}\n{row}", rows.trim_end())).expect("the table can be written");
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
        self.amp.forget_calls();
        let bob = self.bob.borrow();
        let user = bob.as_ref().expect("it runs").service_user().clone();
        let key = self.amp.key();
        let mut command = Command::new(PROGRAM);
        command.current_dir(self.folder.path()).args(["sync", RECIPE, "--today", TODAY, "--approve"]);
        command.arg(format!("deactivate={LEAVING}"));
        command.env("HIBOB_SERVICE_ID", user.id).env("HIBOB_TOKEN", user.token);
        command.env("LEARNAMP_CLIENT_ID", &key.id).env("LEARNAMP_CLIENT_SECRET", &key.secret);
        let took = run(&mut command).wall;
        let calls = self.amp.calls().into_iter().map(|(call, count)| (call.replace("/v1/", "/"), count));
        (took, calls.collect())
    }
}
