//! A full sync to LearnUpon against the limit of its API: `cargo bench --bench learnupon`.
//!
//! Both services are sandboxes in this process, with the portal's minute five times as wide as LearnUpon's: the ratio of
//! run and limit stays what it is, but for what a run does beside calling, which weighs five times as much. 2,000
//! people are new, 500 changed, 100 leave, and more than 10,000 stay as they are.

#![allow(clippy::print_stdout, reason = "the table is what this program is for")]

use std::fs;
use std::process::Command;

use rollbook::sandbox::hibob::switches::Audience;
use rollbook::sandbox::hibob::{self, Sandbox as HiBob};
use rollbook::sandbox::learnupon::{Sandbox as LearnUpon, Settings};
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::measured::{Run, run};

#[path = "company/measured.rs"]
mod measured;

const PROGRAM: &str = env!("CARGO_BIN_EXE_rollbook");
const TODAY: &str = "2026-11-02";
/// Of so many invented people something more than 10,600 work there.
const PEOPLE: usize = 12_100;
const NEW: usize = 2_000;
const CHANGED: usize = 500;
const LEAVING: usize = 100;
/// Calls a minute: five times LearnUpon's.
const LIMIT: u32 = 1_500;
/// The definition of the custom field with the employee's id.
const EMPLOYEE_ID: u64 = 231;

fn main() {
    let company = Company::start();
    println!("| a full sync to LearnUpon, {LIMIT} calls a minute | figure | limit | |\n| --- | ---: | ---: | --- |");
    let first = company.sync();
    row("first sync", &format!("{} people, {:.1} s", company.users(), first.wall.as_secs_f64()), "", None);
    let unchanged = company.users() - CHANGED - LEAVING;
    company.change();
    company.limit();
    let Run { wall, .. } = company.sync();
    let (reads, writes) = company.calls();
    row(
        &format!("{NEW} new, {CHANGED} changed, {LEAVING} leaving, {unchanged} unchanged: writes"),
        &writes.to_string(),
        &least().to_string(),
        Some(writes == least()),
    );
    let (took, least_time) = (wall.as_secs_f64(), seconds(writes));
    let times = took / least_time;
    row("its reads", &reads.to_string(), "", None);
    row(
        "its time in times of writes / limit",
        &format!("{times:.3} ({took:.1} s to {least_time:.1} s)"),
        "1.05",
        Some(times <= 1.05),
    );
    company.learnupon.forget_calls();
    let Run { wall, .. } = company.sync();
    let (reads, writes) = company.calls();
    let most = u64::try_from(company.users().div_ceil(500)).unwrap_or(u64::MAX) + 8;
    row("an unchanged second run: writes", &writes.to_string(), "0", Some(writes == 0));
    row("its reads", &format!("{reads} ({:.1} s)", wall.as_secs_f64()), &most.to_string(), Some(reads <= most));
}

/// One write for each person with something to write: each call takes one (apis/learnupon.md §4).
fn least() -> u64 {
    u64::try_from(NEW + CHANGED + LEAVING).unwrap_or(u64::MAX)
}

fn seconds(calls: u64) -> f64 {
    60.0 * calls as f64 / f64::from(LIMIT)
}

fn row(what: &str, figure: &str, limit: &str, holds: Option<bool>) {
    let verdict = holds.map_or("", |holds| if holds { "ok" } else { "**missed**" });
    println!("| {what} | {figure} | {limit} | {verdict} |");
}

/// Two sandboxes, and the starter recipe between them.
struct Company {
    hibob: HiBob,
    learnupon: LearnUpon,
    folder: TempDir,
    _runtime: Runtime,
}

impl Company {
    fn start() -> Self {
        let runtime = Runtime::new().expect("a runtime can be made");
        let today = Some(TODAY.parse().expect("a day"));
        let people = hibob::People::Generated { count: PEOPLE, seed: 1 };
        let mut bob = hibob::Settings { people, today, ..hibob::Settings::default() };
        (bob.switches.audience, bob.switches.requests_per_minute) = (Audience::All, 0);
        let mut portal = Settings { today, ..Settings::default() };
        (portal.switches.requests_per_minute, portal.switches.requests_per_week) = (0, 0);
        let (hibob, learnupon) = runtime.block_on(async {
            let hibob = HiBob::start(bob).await.expect("the sandbox starts");
            (hibob, LearnUpon::start(portal).await.expect("the sandbox starts"))
        });
        let folder = tempfile::tempdir().expect("a folder can be made");
        let made = Command::new(PROGRAM).args(["init", "learnupon"]).current_dir(folder.path()).output();
        assert!(made.expect("the program runs").status.success());
        let company = Self { hibob, learnupon, folder, _runtime: runtime };
        company.edit("http://127.0.0.1:8472", &company.hibob.base_url());
        company.edit("http://127.0.0.1:8474", &company.learnupon.base_url());
        company.edit("    sso: false ", "    calls_per_minute: 1000000\n    sso: false ");
        company.edit("  create: invite ", "  create: active ");
        company.edit("groups: {", "# groups: {");
        company.edit("most: 20,", "most: 1000,");
        company
    }

    fn edit(&self, from: &str, to: &str) {
        let path = self.folder.path().join("recipes/learnupon.yaml");
        let text = fs::read_to_string(&path).expect("the recipe can be read");
        assert!(text.contains(from), "the recipe has `{from}`");
        fs::write(path, text.replace(from, to)).expect("the recipe can be written");
    }

    fn sync(&self) -> Run {
        let mut command = Command::new(PROGRAM);
        command.current_dir(self.folder.path()).args(["sync", "recipes/learnupon.yaml", "--today", TODAY]);
        let (user, keys) = (self.hibob.service_user(), self.learnupon.keys());
        command.env("HIBOB_SERVICE_ID", &user.id).env("HIBOB_TOKEN", &user.token);
        command.env("LEARNUPON_USERNAME", &keys.username).env("LEARNUPON_PASSWORD", &keys.password);
        run(&mut command)
    }

    /// How many people of HiBob's have an account.
    fn users(&self) -> usize {
        self.learnupon.users().len() - 1
    }

    fn change(&self) {
        let employees: Vec<String> = self
            .learnupon
            .users()
            .iter()
            .filter_map(|user| user.custom.get(&EMPLOYEE_ID)?.as_str().map(str::to_owned))
            .collect();
        // Whoever is last leads nobody.
        let mut employees = employees.iter().rev();
        for person in employees.by_ref().take(CHANGED) {
            self.play(json!({ "event": "change", "person": person, "fields": { "root.surname": "Changed" } }));
        }
        for person in employees.by_ref().take(LEAVING) {
            self.play(json!({ "event": "terminate", "person": person, "date": "2026-10-30", "revoke_access": true }));
        }
        for number in 0..NEW {
            let fields = json!({ "root.firstName": "New", "root.surname": format!("Starter {number}"), "work.site": "Paris",
                                 "root.email": format!("starter.{number}@acme.example") });
            self.play(json!({ "event": "hire", "start_date": TODAY, "fields": fields }));
        }
    }

    fn play(&self, event: Json) {
        let event = serde_json::from_value(event).expect("an event");
        self.hibob.play(&event).expect("it can happen");
    }

    /// From now on the limit counts, and calls are counted.
    fn limit(&self) {
        self.learnupon.switch(|switches| switches.requests_per_minute = LIMIT);
        self.edit("calls_per_minute: 1000000", &format!("calls_per_minute: {LIMIT}"));
        self.learnupon.forget_calls();
    }

    /// Calls that read, and calls that write.
    fn calls(&self) -> (u64, u64) {
        let sum = |reads: bool| {
            let calls = self.learnupon.calls();
            calls.iter().filter(|(endpoint, _)| endpoint.starts_with("GET ") == reads).map(|(_, times)| times).sum()
        };
        (sum(true), sum(false))
    }
}
