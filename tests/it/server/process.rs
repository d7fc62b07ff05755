//! `rollbook serve` as a process of its own, which can be killed.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use reqwest::Client;

use super::served::{PATH, SECRET, sign};
use crate::program::Program;

/// The demo with real time, whose people are looked at long after the test.
pub(crate) fn demo_in_real_time() -> Program {
    let program = Program::demo();
    let recipe = program.read("recipes/demo.yaml");
    program.write("recipes/demo.yaml", format!("{recipe}\nreal_time: {{ path: {PATH}, secret: BOB, settle: 1h }}\n"));
    program
}

/// A process that serves the demo. Dropping it kills it.
pub(crate) struct Process {
    child: Child,
    /// Kept open: whoever writes to a pipe that nobody reads is ended.
    _stdout: BufReader<ChildStdout>,
    url: String,
    client: Client,
}

impl Process {
    /// Starts it, and waits until it answers.
    pub(crate) fn start(program: &Program) -> Self {
        let serve = program.command(&["serve", "recipes/demo.yaml", "--listen", "127.0.0.1:0"]);
        // A file that may not grow is an error here, and not the end of the process.
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]).arg(serve.get_program()).args(serve.get_args());
        command.env_clear().env("BOB", SECRET).current_dir(program.path("")).stdin(Stdio::null());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        stdout.read_line(&mut first).unwrap();
        let (_, address) = first.trim_end().rsplit_once("http://").unwrap_or_else(|| panic!("it serves: {first}"));
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().no_proxy().timeout(Duration::from_secs(60)).build().unwrap();
        Self { child, _stdout: stdout, url: format!("http://{address}{PATH}"), client }
    }

    /// Delivers, and gives the status; nothing if no answer came.
    pub(crate) async fn deliver(&self, body: String) -> Option<u16> {
        let signature = sign(SECRET, body.as_bytes());
        let sent = self.client.post(&self.url).header("Bob-Signature", signature).body(body).send().await;
        sent.ok().map(|answer| answer.status().as_u16())
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills a process as the system does when memory runs out.
    pub(crate) fn kill(id: u32) {
        assert!(Command::new("kill").args(["-9", &id.to_string()]).status().unwrap().success());
    }

    /// Lets no file of the process grow beyond so many bytes.
    pub(crate) fn limit_files(&self, most: &str) {
        let limit = [format!("--fsize={most}:"), format!("--pid={}", self.child.id())];
        assert!(Command::new("prlimit").args(limit).status().unwrap().success());
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Employees in the database: those of deliveries, and those who are due.
pub(crate) fn employees(program: &Program) -> (BTreeSet<String>, BTreeSet<String>) {
    let database = rusqlite::Connection::open(program.path(".rollbook/state.db")).unwrap();
    let all = |table: &str| {
        let mut statement = database.prepare(&format!("SELECT employee FROM {table}")).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    (all("deliveries"), all("due"))
}
