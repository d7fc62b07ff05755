//! A full sync from HiBob to 360Learning, both simulated, against the vendor's limit of writes: `cargo bench --bench three_sixty`.
//!
//! 2,000 people are new, 500 have changed, 100 leave, 10,000 are as they were. The clock runs faster than the vendor's:
//! `ROLLBOOK_SPEED=1` takes 360Learning's own 10 writes a second, and a quarter of an hour. The limits of the sandbox are on.

#![allow(clippy::print_stdout, reason = "the table is what this program is for")]

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::time::Duration;

use rollbook::sandbox::hibob::switches::Audience;
use rollbook::sandbox::hibob::{self, People};
use rollbook::sandbox::three_sixty;
use serde_json::Value as Json;
use tokio::runtime::Runtime;

use crate::measured::run;
use crate::roster::{CHANGED, LEAVING, NEW, UNCHANGED, people};

#[path = "company/measured.rs"]
mod measured;
#[path = "company/roster.rs"]
mod roster;

const PROGRAM: &str = env!("CARGO_BIN_EXE_rollbook");
const RECIPE: &str = "recipes/360learning.yaml";
const TODAY: &str = "2026-11-02";

/// 360Learning's limits a second (apis/360learning.md §2).
const WRITES: u32 = 10;
const READS: u32 = 50;

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let speed = std::env::var("ROLLBOOK_SPEED").ok().and_then(|speed| speed.parse().ok()).unwrap_or(10);
    let bench = Bench::start(speed);
    let (_, calls) = bench.sync();
    assert_eq!(calls.get("POST /users").copied(), Some((UNCHANGED + CHANGED + LEAVING) as u64), "they have accounts");
    let (writes, reads) = (WRITES * speed, READS * speed);
    bench.learning.switch(|switches| (switches.writes_per_second, switches.reads_per_second) = (writes, reads));
    bench.limit_recipe(writes, reads);
    bench.restart_with(&people(true));
    println!("{NEW} new, {CHANGED} changed, {LEAVING} leaving, {UNCHANGED} unchanged, at {writes} writes a second\n");
    let (took, calls) = bench.sync();
    report(took, &calls, writes);
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

/// The least calls of a kind: one of each for somebody new, with all further groups in one bulk operation; one for each
/// change, half of which are of custom fields; one for each who leaves.
fn least(call: &str) -> usize {
    match call {
        "POST /users" | "POST /external-ids" | "POST /users/{userId}/managers/{managerId}" => NEW,
        "PUT /users/{userId}/custom-fields/values" => NEW + CHANGED / 2,
        "PATCH /users/{userId}" => CHANGED / 2,
        "DELETE /users/{userId}" => LEAVING,
        "POST /bulk/groups/memberships" => 1,
        _ => 0,
    }
}

fn is_write(call: &str) -> bool {
    !call.starts_with("GET ") && !call.ends_with("/oauth2/token")
}

/// Writes that the limit counts: bulk operations have another (apis/360learning.md §2).
fn writes_of(calls: &BTreeMap<String, u64>) -> u64 {
    calls.iter().filter(|(call, _)| is_write(call) && !call.contains("/bulk/")).map(|(_, count)| count).sum()
}

fn reads_of(calls: &BTreeMap<String, u64>) -> u64 {
    calls.iter().filter(|(call, _)| call.starts_with("GET ")).map(|(_, count)| count).sum()
}

struct Bench {
    runtime: Runtime,
    bob: std::cell::RefCell<Option<hibob::Sandbox>>,
    learning: three_sixty::Sandbox,
    folder: tempfile::TempDir,
}

impl Bench {
    /// Both sandboxes, with everybody who is not new in HiBob and nobody in 360Learning, and no limits yet.
    fn start(speed: u32) -> Self {
        assert!(speed > 0, "ROLLBOOK_SPEED is at least 1");
        let runtime = Runtime::new().expect("a runtime can be made");
        let folder = tempfile::tempdir().expect("a folder can be made");
        let mut settings =
            three_sixty::Settings { today: Some(TODAY.parse().expect("a day")), ..three_sixty::Settings::default() };
        (settings.switches.writes_per_second, settings.switches.reads_per_second) = (0, 0);
        let learning = runtime.block_on(three_sixty::Sandbox::start(settings)).expect("360Learning starts");
        let bench = Self { runtime, bob: None.into(), learning, folder };
        let mut init = Command::new(PROGRAM);
        run(init.current_dir(bench.folder.path()).args(["init", "360learning"]));
        let bob = bench.bob_on(0, &people(false));
        bench.edit(|recipe| {
            let recipe = recipe.replace("http://127.0.0.1:8472", &bob.base_url());
            let limits = "\n    writes_per_second: 5000\n    reads_per_second: 5000\n    default_group";
            recipe.replace("http://127.0.0.1:8473", &bench.learning.base_url()).replace("\n    default_group", limits)
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

    fn limit_recipe(&self, writes: u32, reads: u32) {
        self.edit(|recipe| {
            let recipe = recipe.replace("writes_per_second: 5000", &format!("writes_per_second: {writes}"));
            recipe.replace("reads_per_second: 5000", &format!("reads_per_second: {reads}"))
        });
    }

    fn edit(&self, change: impl FnOnce(&str) -> String) {
        let path = self.folder.path().join(RECIPE);
        let recipe = fs::read_to_string(&path).expect("the recipe is there");
        fs::write(path, change(&recipe)).expect("the recipe can be written");
    }

    /// A sync by the real program: how long it took, and its calls by endpoint.
    fn sync(&self) -> (Duration, BTreeMap<String, u64>) {
        self.learning.forget_calls();
        let bob = self.bob.borrow();
        let user = bob.as_ref().expect("it runs").service_user().clone();
        let client = self.learning.credentials();
        let mut command = Command::new(PROGRAM);
        command.current_dir(self.folder.path()).args(["sync", RECIPE, "--today", TODAY, "--approve"]);
        command.arg(format!("deactivate={LEAVING}"));
        command.env("HIBOB_SERVICE_ID", user.id).env("HIBOB_TOKEN", user.token);
        command.env("L360_CLIENT_ID", &client.id).env("L360_CLIENT_SECRET", &client.secret);
        let took = run(&mut command).wall;
        let calls = self.learning.calls().into_iter().map(|(call, count)| (call.replace("/api/v2/", "/"), count));
        (took, calls.collect())
    }
}
