//! A small company in both sandboxes, and the folder of somebody who syncs one to the other.

use std::process::Command;

use rollbook::sandbox::hibob;
use rollbook::sandbox::hibob::switches::Audience;
use rollbook::sandbox::leapsome::{self, Event, Keys, User, Users};
use serde_json::{Value as Json, json};
use tokio::runtime::Runtime;

use crate::leapsome::office::{API_SECRET, TOKEN};
use crate::program::{Program, Ran, TODAY};

pub(super) const RECIPE: &str = "recipes/leapsome.yaml";
pub(super) const TABLE: &str = "lookup_tables/leapsome/standard_fields.csv";

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
    pub(super) leapsome: leapsome::Sandbox,
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
        let keys = Keys { token: TOKEN.to_owned(), api_secret: API_SECRET.to_owned() };
        let mut settings = leapsome::Settings { keys, users, today, ..leapsome::Settings::default() };
        (settings.switches.scim_per_second, settings.switches.content_per_second) = (0, 0);
        let bob = runtime.block_on(hibob::Sandbox::start(bob)).unwrap();
        let leapsome = runtime.block_on(leapsome::Sandbox::start(settings)).unwrap();
        let program = Program::empty();
        program.run(&["init", "leapsome"]).expect_code(0);
        program.replace(RECIPE, "http://127.0.0.1:8472", &bob.base_url());
        let no_limits = format!("{}\n    calls_per_second: 5000", leapsome.base_url());
        program.replace(RECIPE, "http://127.0.0.1:8476", &no_limits);
        // One of five people is more than any share that the brake lets through.
        for share in ["percent: 5 }", "percent: 10 }"] {
            program.replace(RECIPE, share, "percent: 100 }");
        }
        Self { bob, leapsome, program, runtime }
    }

    /// Somebody who has been here for years.
    pub(super) fn hire(&self, mail: &str, title: &str, department: &str, site: &str, manager: &str) {
        let name = mail.split('@').next().unwrap();
        let manager = (!manager.is_empty()).then_some(manager);
        self.play(&json!({ "event": "hire", "start_date": "2020-01-06", "fields": {
            "root.firstName": name, "root.surname": "Koch", "root.displayName": name, "root.email": mail,
            "work.title": title, "work.department": department, "work.site": site, "work.manager": manager } }));
    }

    /// Something happens in HiBob.
    pub(super) fn play(&self, event: &Json) {
        self.bob.play(&serde_json::from_value(event.clone()).unwrap()).unwrap();
    }

    /// Somebody's values change in HiBob.
    pub(super) fn change(&self, person: &str, fields: &Json) {
        self.play(&json!({ "event": "change", "person": person, "fields": fields }));
    }

    /// Something happens in Leapsome by hand.
    pub(super) fn by_hand(&self, event: Json) {
        let event: Event = serde_json::from_value(event).unwrap();
        self.leapsome.play(&event).unwrap();
    }

    /// A command of the program with the right secrets.
    pub(super) fn command(&self, args: &[&str]) -> Command {
        let user = self.bob.service_user();
        let mut command = self.program.command(args);
        command.env("HIBOB_SERVICE_ID", &user.id).env("HIBOB_TOKEN", &user.token);
        command.env("LEAPSOME_SCIM_TOKEN", TOKEN).env("LEAPSOME_API_SECRET", API_SECRET);
        command
    }

    pub(super) fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).output().unwrap())
    }

    /// A sync on a day, whatever it ends with; calls are counted anew.
    pub(super) fn try_sync_on(&self, day: &str) -> Ran {
        self.leapsome.forget_calls();
        self.run(&["sync", RECIPE, "--today", day])
    }

    pub(super) fn sync_on(&self, day: &str) -> Ran {
        self.try_sync_on(day).expect_code(0)
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
        let mut users = self.leapsome.users();
        users.retain(|user| user.user_name.eq_ignore_ascii_case(mail));
        assert_eq!(users.len(), 1, "{mail}");
        users.remove(0)
    }

    /// The calls that write, since they were last forgotten.
    pub(super) fn writes(&self) -> Vec<(String, u64)> {
        self.calls(|call| !call.starts_with("GET "))
    }

    /// Those that read.
    pub(super) fn reads(&self) -> Vec<(String, u64)> {
        self.calls(|call| call.starts_with("GET "))
    }

    fn calls(&self, which: impl Fn(&str) -> bool) -> Vec<(String, u64)> {
        let calls = self.leapsome.calls().into_iter().filter(|(call, _)| which(call));
        calls.map(|(call, count)| (call.replace("/scim/v1/", "/"), count)).collect()
    }
}

/// How many calls there were altogether.
pub(super) fn total(calls: &[(String, u64)]) -> u64 {
    calls.iter().map(|(_, count)| count).sum()
}
