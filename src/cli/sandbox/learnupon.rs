//! `rollbook sandbox learnupon`.

use std::path::PathBuf;

use clap::Args;

use super::{at_most, could_not_start, from_environment, made_up, switches_of, until_stopped};
use crate::cli::{Exit, Settings, Stop, terminal};
use crate::sandbox::learnupon::settings::MOST_PEOPLE;
use crate::sandbox::learnupon::{Keys, People, Sandbox, Settings as Start, Switches};

#[derive(Debug, Args)]
#[command(after_help = "\
A portal behind LearnUpon's own paths, on this machine only, with nobody in it but its admin. Leave it running, and use it
from another terminal: the recipe stays as it is, but for `base_url`.

Examples:
  rollbook sandbox learnupon
  rollbook sandbox learnupon --people 300 --seed 1      with the addresses of `rollbook sandbox --people 300`
  rollbook sandbox learnupon --sso                      nothing is mailed

While it runs, make things happen:
  curl -s http://127.0.0.1:8474/sandbox                 what can be asked for
  curl -s http://127.0.0.1:8474/sandbox/events -H 'Content-Type: application/json' \\
    -d '{\"event\":\"accept\",\"invite\":\"ada.koch@acme.example\"}'

docs/sandbox.md lists events, switches and faults. Ctrl-C stops it; nothing is kept.

Exit codes: 0 stopped · 3 could not run")]
pub(super) struct LearnUponArgs {
    /// The port on 127.0.0.1; 0 takes any that is free
    #[arg(long, default_value_t = 8474)]
    port: u16,
    /// Invent so many learners
    #[arg(long, value_name = "N", conflicts_with = "file", value_parser = at_most::<MOST_PEOPLE>)]
    people: Option<usize>,
    /// Which learners are invented: the same seed gives the same
    #[arg(long, value_name = "S", default_value_t = 1, requires = "people")]
    seed: u64,
    /// Take users, groups and custom fields from a file, in the form that the API answers
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// A portal with single sign-on: accounts get no mail
    #[arg(long)]
    sso: bool,
    /// Calls a minute; 0 is no limit
    #[arg(long, value_name = "N")]
    requests_per_minute: Option<u32>,
    /// A JSON file with switches, as `GET /sandbox/switches` shows them
    #[arg(long, value_name = "FILE")]
    switches: Option<PathBuf>,
    /// The first of the two API keys
    #[arg(long, value_name = "KEY", default_value = "sandbox-key")]
    username: String,
    /// The environment variable with the second key; one is made up if left out
    #[arg(long, value_name = "NAME")]
    password_env: Option<String>,
}

pub(super) async fn run(args: LearnUponArgs, settings: &Settings) -> Result<Exit, Stop> {
    let start = args.start(settings)?;
    let sandbox = Sandbox::start(start).await.map_err(could_not_start)?;
    terminal::print(&welcome(&sandbox));
    until_stopped().await?;
    sandbox.stop().await;
    terminal::say("stopped");
    Ok(Exit::Done)
}

impl LearnUponArgs {
    fn start(self, settings: &Settings) -> Result<Start, Stop> {
        let mut switches = switches_of(self.switches.as_deref(), |patch| Switches::default().patched(patch))?;
        switches.sso |= self.sso;
        if let Some(limit) = self.requests_per_minute {
            switches.requests_per_minute = limit;
        }
        let people = match (self.people, self.file) {
            (Some(count), _) => People::Generated { count, seed: self.seed },
            (None, Some(file)) => People::File(file),
            (None, None) => People::Admin,
        };
        let password = self.password_env.as_deref().map_or_else(|| Ok(made_up()), from_environment)?;
        let keys = Keys { username: self.username, password };
        Ok(Start { port: self.port, keys, people, today: settings.today, switches })
    }
}

/// What to paste, and where.
fn welcome(sandbox: &Sandbox) -> String {
    let (keys, control) = (sandbox.keys(), sandbox.control_url());
    format!(
        "LearnUpon is simulated with {users} users. In the recipe:

  base_url: {base}

In the other terminal, with the names that the recipe gives its secrets:

  export LEARNUPON_USERNAME='{username}'
  export LEARNUPON_PASSWORD='{password}'

What can be made to happen: curl -s {control}
Ctrl-C stops it.
",
        users = sandbox.users().len(),
        base = sandbox.base_url(),
        username = keys.username,
        password = keys.password,
    )
}
