//! A small company in both sandboxes, and the folder of somebody who syncs one to the other.

use std::process::Command;

use rollbook::sandbox::hibob;
use rollbook::sandbox::hibob::switches::Audience;
use rollbook::sandbox::learnamp::{self, Change, Team, User};
use serde_json::{Value as Json, json};
use tokio::runtime::Runtime;

use crate::program::{Program, Ran, TODAY};

pub(super) const RECIPE: &str = "recipes/learnamp.yaml";

/// What a run says that finds everything as it should be.
pub(super) const NOTHING: &str = "Nothing had to be changed";

/// The people of the small company: address, title, department, site, manager.
const PEOPLE: [[&str; 5]; 5] = [
    ["grace@acme.example", "VP, Product", "Engineering", "Paris", ""],
    ["omar@acme.example", "Head of Sales", "Legal", "London", "grace@acme.example"],
    ["ada@acme.example", "Engineer", "Engineering", "Berlin", "grace@acme.example"],
    ["bo@acme.example", "Counsel", "Legal", "Tokyo", "omar@acme.example"],
    ["cleo@acme.example", "Data Analyst", "Finance", "Paris", "omar@acme.example"],
];

/// Both sandboxes and the folder.
pub(crate) struct Acme {
    pub(super) bob: hibob::Sandbox,
    pub(super) amp: learnamp::Sandbox,
    pub(super) program: Program,
    pub(super) runtime: Runtime,
}

impl Acme {
    /// The small company, of whom nobody has an account.
    pub(super) fn small() -> Self {
        let runtime = Runtime::new().unwrap();
        let program = Program::empty();
        program.run(&["init", "learnamp"]).expect_code(0);
        program.write("people.json", "{\"employees\":[]}");
        let people = hibob::People::File(program.path("people.json"));
        let mut bob = hibob::Settings { people, today: Some(TODAY.parse().unwrap()), ..hibob::Settings::default() };
        bob.switches.audience = Audience::All;
        bob.switches.requests_per_minute = 0;
        let mut amp = learnamp::Settings::default();
        amp.switches.calls_per_second = 0;
        let bob = runtime.block_on(hibob::Sandbox::start(bob)).unwrap();
        let amp = runtime.block_on(learnamp::Sandbox::start(amp)).unwrap();
        program.replace(RECIPE, "http://127.0.0.1:8472", &bob.base_url());
        program.replace(RECIPE, "http://127.0.0.1:8475", &amp.base_url());
        program.replace(RECIPE, "calls_per_second: 2 ", "calls_per_second: 5000 ");
        // One of five people is more than any share that the brake lets through.
        for share in ["percent: 5 }", "percent: 10 }"] {
            program.replace(RECIPE, share, "percent: 100 }");
        }
        let acme = Self { bob, amp, program, runtime };
        for [mail, title, department, site, manager] in PEOPLE {
            acme.hire(mail, title, department, site, manager);
        }
        acme
    }

    /// The same after a first sync.
    pub(super) fn synced() -> Self {
        let acme = Self::small();
        acme.sync();
        acme
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

    /// An administrator does something in Learn Amp.
    pub(super) fn by_hand(&self, change: Json) {
        let change: Change = serde_json::from_value(change).unwrap();
        self.amp.change(change).unwrap();
    }

    /// A command of the program with the right credentials.
    pub(super) fn command(&self, args: &[&str]) -> Command {
        let (user, key) = (self.bob.service_user(), self.amp.key());
        let mut command = self.program.command(args);
        command.env("HIBOB_SERVICE_ID", &user.id).env("HIBOB_TOKEN", &user.token);
        command.env("LEARNAMP_CLIENT_ID", &key.id).env("LEARNAMP_CLIENT_SECRET", &key.secret);
        command
    }

    pub(super) fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).output().unwrap())
    }

    /// A sync on a day; calls are counted anew.
    pub(super) fn sync_on(&self, day: &str) -> Ran {
        self.amp.forget_calls();
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
        self.amp.user(mail).unwrap_or_else(|| panic!("{mail} is there"))
    }

    /// The override manager of somebody, by address.
    pub(super) fn manager(&self, mail: &str) -> Option<String> {
        let manager = self.user(mail).manager?;
        self.amp.user(&manager.to_string()).map(|user| user.email)
    }

    /// The name of somebody's primary team.
    pub(super) fn team(&self, mail: &str) -> Option<String> {
        let team = self.user(mail).primary_team?;
        self.teams().into_iter().find(|other| other.id == team).map(|team| team.name)
    }

    pub(super) fn teams(&self) -> Vec<Team> {
        self.amp.teams()
    }

    /// The calls that write, since they were last forgotten.
    pub(super) fn writes(&self) -> Vec<(String, u64)> {
        let is_write = |call: &str| !call.starts_with("GET ") && !call.ends_with("/oauth/token");
        self.amp.calls().into_iter().filter(|(call, _)| is_write(call)).collect()
    }

    /// How many there were altogether.
    pub(super) fn write_count(&self) -> u64 {
        self.writes().iter().map(|(_, count)| count).sum()
    }
}
