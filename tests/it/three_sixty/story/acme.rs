//! A small company in both sandboxes, and the folder of somebody who syncs one to the other.

use std::process::Command;

use rollbook::sandbox::hibob;
use rollbook::sandbox::hibob::switches::Audience;
use rollbook::sandbox::three_sixty::{self, Change, User, Users};
use serde_json::{Value as Json, json};
use tokio::runtime::Runtime;

use crate::program::{Program, Ran, TODAY};

pub(super) const RECIPE: &str = "recipes/360learning.yaml";

/// What a run says that finds everything as it should be.
pub(super) const NOTHING: &str = "Nothing had to be changed";

/// The people of the small company: address, title, department, site, manager.
const PEOPLE: [[&str; 5]; 5] = [
    ["grace@acme.example", "VP, Product", "Engineering", "Paris", ""],
    ["omar@acme.example", "Head of Sales", "Sales \"EMEA\"", "London", "grace@acme.example"],
    ["ada@acme.example", "Engineer", "Engineering", "Berlin", "grace@acme.example"],
    ["bo@acme.example", "Counsel", "Legal", "Tokyo", "omar@acme.example"],
    ["cleo@acme.example", "Data Analyst", "Finance", "Paris", "omar@acme.example"],
];

/// Both sandboxes and the folder.
pub(crate) struct Acme {
    pub(super) bob: hibob::Sandbox,
    pub(super) learning: three_sixty::Sandbox,
    pub(super) program: Program,
    pub(super) runtime: Runtime,
}

impl Acme {
    /// The small company, of whom nobody has an account.
    pub(super) fn small() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let nobody = folder.path().join("people.json");
        std::fs::write(&nobody, "{\"employees\":[]}").unwrap();
        let acme = Self::of(hibob::People::File(nobody), Users::None);
        for [mail, title, department, site, manager] in PEOPLE {
            acme.hire(mail, title, department, site, manager);
        }
        acme
    }

    /// So many invented people, and so many users who are nobody of them.
    pub(super) fn of(people: hibob::People, users: Users) -> Self {
        let runtime = Runtime::new().unwrap();
        let today = Some(TODAY.parse().unwrap());
        let mut bob = hibob::Settings { people, today, ..hibob::Settings::default() };
        bob.switches.audience = Audience::All;
        bob.switches.requests_per_minute = 0;
        let mut learning = three_sixty::Settings { users, today, ..three_sixty::Settings::default() };
        learning.switches.reads_per_second = 0;
        learning.switches.writes_per_second = 0;
        learning.switches.bulk_wait_ms = 0;
        let bob = runtime.block_on(hibob::Sandbox::start(bob)).unwrap();
        let learning = runtime.block_on(three_sixty::Sandbox::start(learning)).unwrap();
        let program = Program::empty();
        program.run(&["init", "360learning"]).expect_code(0);
        program.replace(RECIPE, "http://127.0.0.1:8472", &bob.base_url());
        let no_limits = format!("{}\n    writes_per_second: 5000\n    reads_per_second: 5000", learning.base_url());
        program.replace(RECIPE, "http://127.0.0.1:8473", &no_limits);
        // One of five people is more than any share that the brake lets through.
        for share in ["percent: 5 }", "percent: 10 }"] {
            program.replace(RECIPE, share, "percent: 100 }");
        }
        Self { bob, learning, program, runtime }
    }

    /// Somebody who has been here for years.
    pub(super) fn hire(&self, mail: &str, title: &str, department: &str, site: &str, manager: &str) {
        let name = mail.split('@').next().unwrap();
        let manager = (!manager.is_empty()).then_some(manager);
        self.play(&json!({ "event": "hire", "start_date": "2020-01-06", "fields": {
            "root.firstName": name, "root.surname": "Koch", "root.email": mail, "work.title": title,
            "work.department": department, "work.site": site, "work.manager": manager } }));
    }

    /// Something happens in HiBob.
    pub(super) fn play(&self, event: &Json) {
        self.bob.play(&serde_json::from_value(event.clone()).unwrap()).unwrap();
    }

    /// An administrator does something in 360Learning.
    pub(super) fn by_hand(&self, change: Json) {
        let change: Change = serde_json::from_value(change).unwrap();
        self.learning.change(change).unwrap();
    }

    /// A command of the program with the right credentials.
    pub(super) fn command(&self, args: &[&str]) -> Command {
        let (user, client) = (self.bob.service_user(), self.learning.credentials());
        let mut command = self.program.command(args);
        command.env("HIBOB_SERVICE_ID", &user.id).env("HIBOB_TOKEN", &user.token);
        command.env("L360_CLIENT_ID", &client.id).env("L360_CLIENT_SECRET", &client.secret);
        command
    }

    pub(super) fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).output().unwrap())
    }

    /// A sync on a day; calls are counted anew.
    pub(super) fn sync_on(&self, day: &str) -> Ran {
        self.learning.forget_calls();
        self.run(&["sync", RECIPE, "--today", day]).expect_code(0)
    }

    pub(super) fn sync(&self) -> Ran {
        self.sync_on(TODAY)
    }

    /// The whole report of the last run.
    pub(super) fn report(&self) -> String {
        self.run(&["runs", "latest"]).expect_code(0).stdout
    }

    /// Somebody with everything, by address.
    pub(super) fn user(&self, mail: &str) -> User {
        let mut users = self.learning.users();
        users.retain(|user| user.field("mail").eq_ignore_ascii_case(mail));
        assert_eq!(users.len(), 1, "{mail}");
        users.remove(0)
    }

    /// Who manages somebody, by address.
    pub(super) fn managers(&self, mail: &str) -> Vec<String> {
        let users = self.learning.users();
        let address = |id: &String| users.iter().find(|user| user.id == *id).unwrap().field("mail").to_owned();
        self.user(mail).managers.iter().map(address).collect()
    }

    /// The calls that write, since they were last forgotten.
    pub(super) fn writes(&self) -> Vec<(String, u64)> {
        self.calls(|call| !call.starts_with("GET ") && !call.ends_with("/oauth2/token"))
    }

    /// Those that read.
    pub(super) fn reads(&self) -> Vec<(String, u64)> {
        self.calls(|call| call.starts_with("GET "))
    }

    fn calls(&self, which: impl Fn(&str) -> bool) -> Vec<(String, u64)> {
        let calls = self.learning.calls().into_iter().filter(|(call, _)| which(call));
        calls.map(|(call, count)| (call.replace("/api/v2/", "/"), count)).collect()
    }
}

/// How many calls there were altogether.
pub(super) fn total(calls: &[(String, u64)]) -> u64 {
    calls.iter().map(|(_, count)| count).sum()
}
