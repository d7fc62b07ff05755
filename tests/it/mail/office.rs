//! The demo with a mail server.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Stdio};

use rusqlite::Connection;

use super::server::MailServer;
use crate::program::{Program, Ran, TODAY};

/// The settings that lead to a mail server.
pub(crate) type Settings = Vec<(&'static str, String)>;

/// The demo, whose reports go to these: `to`, as the recipe has it.
pub(crate) fn demo_to(to: &str) -> Program {
    let program = Program::demo();
    reports_go_to(&program, to);
    program
}

pub(crate) fn reports_go_to(program: &Program, to: &str) {
    program.replace("recipes/demo.yaml", "to: [ hr@acme.example ], when: always", to);
}

/// Runs a sync with a mail server.
pub(crate) fn sync(program: &Program, settings: &Settings) -> Ran {
    run(program, &["sync", "recipes/demo.yaml", "--today", TODAY, "--now"], settings)
}

/// Runs a command with a mail server.
pub(crate) fn run(program: &Program, args: &[&str], settings: &Settings) -> Ran {
    Ran::of(program.command(args).envs(settings.iter().cloned()).output().unwrap())
}

/// A command that runs. Dropping it kills it.
pub(crate) struct Running(Child);

/// Starts a command with a mail server, and does not wait for it.
fn start(program: &Program, args: &[&str], settings: &Settings) -> Running {
    let mut command = program.command(args);
    Running(command.envs(settings.iter().cloned()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
}

/// Starts a sync.
pub(crate) fn start_sync(program: &Program, settings: &Settings) -> Running {
    start(program, &["sync", "recipes/demo.yaml", "--today", TODAY, "--now"], settings)
}

/// Starts to serve, and waits until it does.
pub(crate) fn serve(program: &Program, settings: &Settings) -> Running {
    let mut running = start(program, &["serve", "recipes/demo.yaml", "--listen", "127.0.0.1:0"], settings);
    let mut said = String::new();
    BufReader::new(running.0.stdout.as_mut().unwrap()).read_line(&mut said).unwrap();
    assert!(said.starts_with("serving 1 recipe"), "{said}");
    running
}

impl Running {
    /// Kills it, as a power cut would.
    pub(crate) fn kill(mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    /// Waits until it has ended by itself.
    pub(crate) fn ended(mut self) -> Ran {
        let (mut stdout, mut stderr) = (String::new(), String::new());
        self.0.stdout.take().unwrap().read_to_string(&mut stdout).unwrap();
        self.0.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        Ran { code: self.0.wait().unwrap().code(), stdout, stderr }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // One that has ended is no error.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The state database, for a look into it or to change what no test can wait for.
pub(crate) fn state(program: &Program) -> Connection {
    let state = Connection::open(program.path(".rollbook/state.db")).unwrap();
    state.busy_timeout(std::time::Duration::from_secs(60)).unwrap();
    state
}

/// Lets the time come at which what waits is tried again.
pub(crate) fn time_comes(program: &Program) {
    state(program).execute("UPDATE mail_recipients SET next = 0 WHERE next IS NOT NULL", []).unwrap();
}

/// One number from the state database.
pub(crate) fn count(program: &Program, sql: &str) -> i64 {
    state(program).query_row(sql, [], |row| row.get(0)).unwrap()
}

/// To whom mails have arrived since this was last asked.
pub(crate) fn arrived_at(server: &mut MailServer) -> Vec<String> {
    let to = |mail: &serde_json::Value| mail["to"][0].as_str().unwrap().to_owned();
    server.arrived().iter().map(to).collect()
}
