//! A company in the sandbox's HiBob, a portal in the sandbox's LearnUpon, and a folder with the starter recipe between them.

use std::process::{Child, Command, Stdio};

use rollbook::sandbox::hibob::switches::Audience;
use rollbook::sandbox::hibob::{self, Sandbox as HiBob};
use rollbook::sandbox::learnupon::{self, People, Sandbox as LearnUpon, Settings, User};
use serde_json::{Value as Json, json};
use tokio::runtime::Runtime;

use crate::program::{Program, Ran, TODAY};

pub(crate) const RECIPE: &str = "recipes/learnupon.yaml";

/// The definition of the custom field with the employee's id.
const EMPLOYEE_ID: u64 = 231;

pub(crate) struct Company {
    pub(crate) hibob: HiBob,
    pub(crate) learnupon: LearnUpon,
    pub(crate) program: Program,
    _runtime: Runtime,
}

impl Company {
    /// So many people who all work there, and a portal with nobody but its admin.
    pub(crate) fn of(count: usize) -> Self {
        Self::with(hibob::People::Generated { count, seed: 1 }, People::Admin)
    }

    pub(crate) fn with(people: hibob::People, users: People) -> Self {
        let runtime = Runtime::new().unwrap();
        let today = Some(TODAY.parse().unwrap());
        let mut bob = hibob::Settings { people, today, ..hibob::Settings::default() };
        bob.switches.audience = Audience::All;
        bob.switches.requests_per_minute = 0;
        let mut portal = Settings { people: users, today, ..Settings::default() };
        (portal.switches.requests_per_minute, portal.switches.requests_per_week) = (0, 0);
        let (hibob, learnupon) =
            runtime.block_on(async { (HiBob::start(bob).await.unwrap(), LearnUpon::start(portal).await.unwrap()) });
        let program = Program::empty();
        program.run(&["init", "learnupon"]).expect_code(0);
        let company = Self { hibob, learnupon, program, _runtime: runtime };
        company.edit("http://127.0.0.1:8472", &company.hibob.base_url());
        company.edit("http://127.0.0.1:8474", &company.learnupon.base_url());
        company.edit("    sso: false ", "    calls_per_minute: 1000000\n    sso: false ");
        // People are few here: one of them is a large share.
        company.edit("change_login: { percent: 5 }", "change_login: { percent: 100 }");
        company.edit("clear_field: { percent: 10 }", "clear_field: { percent: 100 }");
        company
    }

    /// Another text in the recipe.
    pub(crate) fn edit(&self, from: &str, to: &str) {
        self.program.replace(RECIPE, from, to);
    }

    /// Accounts are made at once, with a welcome mail.
    pub(crate) fn active(self) -> Self {
        self.edit("  create: invite ", "  create: active_with_email ");
        self
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = self.program.command(args);
        let (user, keys) = (self.hibob.service_user(), self.learnupon.keys());
        command.env("HIBOB_SERVICE_ID", &user.id).env("HIBOB_TOKEN", &user.token);
        command.env("LEARNUPON_USERNAME", &keys.username).env("LEARNUPON_PASSWORD", &keys.password);
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).output().unwrap())
    }

    pub(crate) fn sync(&self) -> Ran {
        self.run(&["sync", RECIPE, "--today", TODAY])
    }

    /// Starts a sync and does not wait for it.
    pub(crate) fn start_sync(&self) -> Child {
        let mut command = self.command(&["sync", RECIPE, "--today", TODAY]);
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// The whole report of the run that a command ended.
    pub(crate) fn report(&self, ran: &Ran) -> String {
        let run = ran.stdout.split("rollbook runs ").nth(1).unwrap().split_whitespace().next().unwrap();
        self.run(&["runs", run]).expect_code(0).stdout
    }

    /// Something happens in HiBob.
    pub(crate) fn hibob(&self, event: Json) {
        self.hibob.play(&serde_json::from_value(event).unwrap()).unwrap();
    }

    /// Something happens in LearnUpon by hand.
    pub(crate) fn learnupon(&self, event: Json) {
        self.learnupon.play(&serde_json::from_value(event).unwrap()).unwrap();
    }

    /// The account of an employee, by their number.
    pub(crate) fn user(&self, number: u64) -> User {
        let id = json!(employee(number));
        let mut found = self.learnupon.users().into_iter().filter(|user| user.custom.get(&EMPLOYEE_ID) == Some(&id));
        let user = found.next().unwrap();
        assert!(found.next().is_none(), "an employee has one account");
        user
    }

    /// How many mails of a kind went out.
    pub(crate) fn mails(&self, kind: learnupon::MailKind) -> usize {
        self.learnupon.mails().iter().filter(|mail| mail.kind == kind).count()
    }

    /// How often an endpoint was called since the calls were forgotten.
    pub(crate) fn calls(&self, endpoint: &str) -> u64 {
        self.learnupon.calls().get(endpoint).copied().unwrap_or_default()
    }

    /// Calls that read, and calls that write.
    pub(crate) fn reads_and_writes(&self) -> (u64, u64) {
        let sum = |reads: bool| {
            let calls = self.learnupon.calls();
            calls.iter().filter(|(endpoint, _)| endpoint.starts_with("GET ") == reads).map(|(_, times)| times).sum()
        };
        (sum(true), sum(false))
    }
}

/// The id that the sandbox's HiBob gives to an invented employee.
pub(crate) fn employee(number: u64) -> String {
    (3_100_000_000_000_000_000 + number * 7 + 1).to_string()
}
