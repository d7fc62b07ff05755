//! The command line: clap types here, one short file a command. Results go to stdout, everything else to stderr.

mod check;
mod completions;
mod explain;
mod explain_text;
mod fields;
mod held_text;
mod init;
mod mail;
mod mail_test;
mod plan;
mod plan_text;
mod progress;
mod resume;
mod runs;
mod sandbox;
mod serve;
mod status;
mod sync;
mod telemetry;
mod terminal;
mod test;
mod users;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::connector::secrets::Secrets;
use crate::run::RunError;
use crate::stage::today::Now;

/// Keeps the people in a learning or HR platform in step with HiBob.
#[derive(Debug, Parser)]
#[command(name = "rollbook", version, max_term_width = 110, after_help = AFTER_HELP)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    settings: Settings,
}

const AFTER_HELP: &str = "\
Start here, with 300 invented people and no account anywhere:
  rollbook init directory acme       a starter recipe with tables and examples
  cd acme
  rollbook check                     every mistake in every file
  rollbook test                      the examples beside each recipe
  rollbook plan recipes/demo.yaml    what would change, and why
  rollbook sync recipes/demo.yaml    the same, carried out and reported

Exit codes:
  0  done, or nothing to do
  1  some people failed, or an example did
  2  problems in recipes, tables, scripts or examples
  3  could not run, or the report could not be kept
  4  something is held by the brake
  5  a plan has changes

Settings that only the environment has:
  ROLLBOOK_SMTP_URL    the mail server for reports: smtps://user:password@host
  ROLLBOOK_LOG         what is logged to stderr: warn (the default), info, debug
  ROLLBOOK_LOG_FORMAT  `json` for one JSON object a line
  NO_COLOR             no colour, on terminals too

A command may be killed at any moment: the next sync finishes what was begun.";

/// Where state and mail are kept, and which day it is. Each has an environment twin.
#[derive(Debug, Args)]
#[command(next_help_heading = "Settings")]
struct Settings {
    /// The state database: who belongs to whom, past runs and their outcomes; a file, or `postgres://…`
    #[arg(
        long,
        global = true,
        env = "ROLLBOOK_DATABASE_URL",
        value_name = "URL",
        default_value = "sqlite://.rollbook/state.db",
        hide_env_values = true
    )]
    database: String,
    /// The folder for reports, where there is no mail server
    #[arg(long, global = true, env = "ROLLBOOK_OUTBOX", value_name = "DIR", default_value = "outbox")]
    outbox: PathBuf,
    /// The folder with one file per secret, for those that are not in the environment
    #[arg(long, global = true, env = "ROLLBOOK_SECRETS_DIR", value_name = "DIR")]
    secrets_dir: Option<PathBuf>,
    /// The sender of reports
    #[arg(
        long,
        global = true,
        env = "ROLLBOOK_MAIL_FROM",
        value_name = "ADDRESS",
        default_value = "Rollbook <rollbook@localhost.localdomain>"
    )]
    mail_from: String,
    /// Decide as if it were this day, for rehearsal; `sync` writes all the same
    #[arg(long, global = true, value_name = "YYYY-MM-DD")]
    today: Option<Date>,
}

impl Settings {
    fn secrets(&self) -> Secrets {
        Secrets::new(self.secrets_dir.clone())
    }

    fn now(&self) -> Now {
        self.today.map_or_else(|| Now::At(Timestamp::now()), Now::Day)
    }
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a starter recipe with its tables, script and examples
    Init(init::InitArgs),
    /// Find every mistake in recipes, tables, scripts and examples; nothing is run
    Check(check::CheckArgs),
    /// Try the examples beside recipes (`NAME.test.yaml`), without source or target
    Test(test::TestArgs),
    /// List what source and target offer: fields, types, choices, permission categories
    Fields(fields::FieldsArgs),
    /// Show what a sync would change, and why; nothing is written
    Plan(plan::PlanArgs),
    /// Show how one person is decided, line by line, and what would change it
    Explain(explain::ExplainArgs),
    /// Carry out what `plan` shows, but for what the brake holds, and report it
    Sync(sync::SyncArgs),
    /// Serve webhooks and schedules: changes within seconds, full syncs on time
    Serve(serve::ServeArgs),
    /// Show how recipes stand: runs, people who are due or parked, changes that are held
    Status(status::StatusArgs),
    /// Let what real time holds go on, and try parked people again
    Resume(resume::ResumeArgs),
    /// List past runs, or show one run's report again
    Runs(runs::RunsArgs),
    /// Send a small mail to everybody a recipe names, and say what the mail server answers
    MailTest(mail_test::MailTestArgs),
    /// List the users that belong to employees, with status and dates of invitation
    Users(users::UsersArgs),
    /// Simulate HiBob or a target over HTTP here, for trying recipes without an account
    Sandbox(Box<sandbox::SandboxArgs>),
    /// Print a completion script for a shell
    Completions(completions::CompletionsArgs),
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// How the program ended, as the documented exit codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done, or nothing to do.
    Done = 0,
    /// Some people failed, or an example did.
    Failed = 1,
    /// The author's files have problems.
    Problems = 2,
    /// Could not run.
    CouldNotRun = 3,
    /// Something is held.
    Held = 4,
    /// A plan has changes.
    Changes = 5,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command stopped; already in words for people.
enum Stop {
    /// The recipe has problems, which were shown.
    Problems,
    /// The machinery failed.
    Error(RunError),
}

impl<E: Into<RunError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

/// Reads the arguments and runs the command. A command line that makes no sense could not run: exit code 2, which is
/// usual for it, means problems in the author's files here.
#[must_use]
pub fn main() -> Exit {
    match Cli::try_parse() {
        Ok(cli) => run(cli),
        Err(error) => {
            // A reader that has gone away (`rollbook --help | head`) is no error.
            let _ = error.print();
            if error.use_stderr() { Exit::CouldNotRun } else { Exit::Done }
        }
    }
}

/// How long a thread that read or wrote files waits for more of that. Soon gone, it leaves its memory to the others.
const IDLE: Duration = Duration::from_millis(20);

/// Runs a command.
#[must_use]
pub fn run(cli: Cli) -> Exit {
    telemetry::start();
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).thread_keep_alive(IDLE).enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            terminal::say(&format!("error: the program can't start: {error}"));
            return Exit::CouldNotRun;
        }
    };
    let settings = &cli.settings;
    let ended = match cli.command {
        Command::Init(args) => init::run(&args),
        Command::Check(args) => runtime.block_on(check::run(&args, settings)),
        Command::Test(args) => test::run(&args),
        Command::Completions(args) => Ok(completions::run(&args)),
        Command::Fields(args) => runtime.block_on(fields::run(&args, settings)),
        Command::Plan(args) => runtime.block_on(plan::run(&args, settings)),
        Command::Explain(args) => runtime.block_on(explain::run(&args, settings)),
        Command::Sync(args) => runtime.block_on(sync::run(args, settings)),
        Command::Serve(args) => runtime.block_on(serve::run(args, settings)),
        Command::Status(args) => runtime.block_on(status::run(&args, settings)),
        Command::Resume(args) => runtime.block_on(resume::run(&args, settings)),
        Command::Runs(args) => runtime.block_on(runs::run(&args, settings)),
        Command::Sandbox(args) => runtime.block_on(sandbox::run(*args, settings)),
        Command::MailTest(args) => runtime.block_on(mail_test::run(args, settings)),
        Command::Users(args) => runtime.block_on(users::run(&args, settings)),
    };
    match ended {
        Ok(exit) => exit,
        Err(Stop::Problems) => Exit::Problems,
        Err(Stop::Error(error)) => {
            terminal::say(&format!("error: {error}{}\n  help: {}", causes(&error), error.help()));
            Exit::CouldNotRun
        }
    }
}

/// What is behind an error, as far as it says more than the error itself.
fn causes(error: &RunError) -> String {
    let mut said = error.to_string();
    let mut text = String::new();
    let mut cause = std::error::Error::source(error);
    while let Some(one) = cause {
        let words = one.to_string();
        if !said.contains(&words) {
            text.push_str(&format!("\n  cause: {words}"));
        }
        said.push_str(&words);
        cause = one.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
