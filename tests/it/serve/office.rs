//! HiBob's sandbox, the program serving, and a directory: everything of a company that works in real time.

use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rollbook::sandbox::hibob::settings::Webhook;
use rollbook::sandbox::hibob::switches::Audience;
use rollbook::sandbox::hibob::{self, People, Switches};
use serde_json::{Value as Json, json};
use tokio::runtime::Runtime;

use crate::program::{Program, Ran};

const RECIPE: &str = include_str!("../../../recipes/demo-live.yaml");
pub(crate) const PATH: &str = "recipes/demo-live.yaml";
pub(crate) const HOOK: &str = "/hooks/acme";
pub(crate) const SECRET: &str = "bob-demo-secret";
const TOKEN: &str = "tok-5d41402abc4b2a76";
const ID: &str = "SERVICE-1001";

/// The longest that anything is waited for: so long that only what never comes is missed.
const PATIENCE: Duration = Duration::from_secs(120);

/// The company.
pub(crate) struct Office {
    pub(crate) program: Program,
    runtime: Runtime,
    bob: Option<hibob::Sandbox>,
    settings: hibob::Settings,
    database: Option<String>,
}

/// A process that serves.
pub(crate) struct Serving {
    child: Child,
    pub(crate) address: String,
}

impl Office {
    /// Nobody works here yet, and HiBob is not there yet either.
    pub(crate) fn empty() -> Self {
        let program = Program::empty();
        program.run(&["init", "directory"]).expect_code(0);
        program.write("people.json", "{\"employees\":[]}");
        let bob_at = free_address();
        let real_time = format!("\nreal_time: {{ path: {HOOK}, secret: BOB, settle: 1s }}\n");
        let recipe = RECIPE.replace("http://127.0.0.1:8472", &format!("http://{bob_at}"));
        let recipe = recipe.replace("start: on_start_date", "start: when_added");
        program.write(PATH, format!("{recipe}{real_time}"));
        let mut settings = hibob::Settings {
            people: People::File(program.path("people.json")),
            port: bob_at.port(),
            ..hibob::Settings::default()
        };
        settings.service_user.token = TOKEN.to_owned();
        Self { program, runtime: Runtime::new().unwrap(), bob: None, settings, database: None }
    }

    /// The same, with the state in another database.
    pub(crate) fn with_database(mut self, url: &str) -> Self {
        self.database = Some(url.to_owned());
        self
    }

    /// HiBob as it calls a server. It must be there to be called.
    pub(crate) fn open_bob(&mut self, serving: &Serving) {
        let webhook = Webhook { url: format!("{}{HOOK}", serving.address), secret: SECRET.to_owned().into() };
        self.settings.webhook = Some(webhook);
        let mut settings = self.settings.clone();
        let switch = |switches: &mut Switches| {
            switches.audience = Audience::All;
            switches.requests_per_minute = 0;
            switches.webhook_backoff_ms = 50;
        };
        switch(&mut settings.switches);
        let bob = self.runtime.block_on(hibob::Sandbox::start(settings)).unwrap();
        assert_eq!(bob.webhook(), Ok(()), "the server answers the ping");
        self.bob = Some(bob);
    }

    /// Where HiBob calls.
    pub(crate) fn webhook_url(&self) -> String {
        self.settings.webhook.as_ref().unwrap().url.clone()
    }

    pub(crate) fn bob(&self) -> &hibob::Sandbox {
        self.bob.as_ref().unwrap()
    }

    /// A command here, with the right secrets.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = self.program.command(args);
        command.env("HIBOB_SERVICE_ID", ID).env("HIBOB_TOKEN", TOKEN).env("BOB", SECRET);
        command.env("ROLLBOOK_SECRETS_DIR", self.program.path("secrets"));
        if let Some(database) = &self.database {
            command.env("ROLLBOOK_DATABASE_URL", database);
        }
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).output().unwrap())
    }

    /// Starts to serve, at any port.
    pub(crate) fn serve(&self) -> Serving {
        self.serve_at("127.0.0.1:0")
    }

    pub(crate) fn serve_at(&self, address: &str) -> Serving {
        let mut command = self.command(&["serve", PATH, "--listen", address]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut said).unwrap();
        let address = said.trim().rsplit(' ').next().unwrap().to_owned();
        assert!(address.starts_with("http://"), "{said}");
        Serving { child, address }
    }

    /// Something happens in HiBob.
    pub(crate) fn play(&self, event: &Json) {
        self.bob().play(&serde_json::from_value(event.clone()).unwrap()).unwrap();
    }

    pub(crate) fn hire(&self, mail: &str, department: &str) {
        let name = mail.split('@').next().unwrap();
        self.play(&json!({ "event": "hire", "start_date": "2020-01-06", "fields": {
            "root.firstName": name, "root.surname": "Koch", "root.email": mail, "work.title": "Engineer",
            "work.department": department, "work.site": "Paris" } }));
    }

    /// The users in the directory: address, status and department.
    pub(crate) fn users(&self) -> Vec<(String, String, Option<String>)> {
        let file = self.program.path(".rollbook/directory-live.db");
        if !file.exists() {
            return Vec::new();
        }
        let directory = rusqlite::Connection::open(file).unwrap();
        let rows = directory.prepare("SELECT mail, status, department FROM users ORDER BY mail");
        // The file is there a moment before its tables are.
        let Ok(mut rows) = rows else { return Vec::new() };
        let user = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        rows.query_map([], user).unwrap().map(Result::unwrap).collect()
    }

    /// The status of somebody in the directory.
    pub(crate) fn status(&self, mail: &str) -> Option<String> {
        self.users().into_iter().find(|(found, _, _)| found == mail).map(|(_, status, _)| status)
    }
}

impl Serving {
    /// Kills it, as a power cut would.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end, and waits until it has. Gives its exit code.
    pub(crate) fn end(mut self) -> Option<i32> {
        self.signal("TERM");
        self.child.wait().unwrap().code()
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // Whatever a test left running; one that has ended is no error.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until something is so.
#[track_caller]
pub(crate) fn until(what: &str, is: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is() {
        assert!(begun.elapsed() < PATIENCE, "never: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// An address that nobody has now.
pub(crate) fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}
