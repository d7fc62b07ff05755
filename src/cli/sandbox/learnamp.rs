//! `rollbook sandbox learnamp`

use std::path::PathBuf;

use clap::Args;

use super::{at_most, could_not_start, from_environment, made_up, switches_of, until_stopped};
use crate::cli::{Exit, Stop, terminal};
use crate::sandbox::learnamp::settings::MOST_PEOPLE;
use crate::sandbox::learnamp::{Key, People, Sandbox, Settings as Start, Switches};

#[derive(Debug, Args)]
#[command(after_help = "\
A Learn Amp account behind the API's own paths, on this machine only: with scopes, pages counted in headers, invitations
that go out at once, and a deactivation that takes things away. Leave it running, and use it from another terminal: the
recipe stays as it is, but for `base_url`. It begins with its Owner alone.

Examples:
  rollbook sandbox learnamp
  rollbook sandbox learnamp --people 300 --seed 1       with the addresses of `rollbook sandbox --people 300`
  rollbook sandbox learnamp --calls-per-second 0        no limit, to try things quickly
  rollbook sandbox learnamp --withhold users:deactivate a scope that the key lacks

While it runs, look at it and make things happen:
  curl -s http://127.0.0.1:8475/sandbox                 what can be asked for
  curl -s http://127.0.0.1:8475/sandbox/mails           who was invited
  curl -s http://127.0.0.1:8475/sandbox/changes -H 'Content-Type: application/json' \\
    -d '{\"change\":\"edit_team\",\"team\":\"Finance\",\"fields\":{\"managerEmail\":\"owner@acme.example\"}}'

docs/sandbox.md lists changes, switches and faults. Ctrl-C stops it; nothing is kept.

Exit codes: 0 stopped · 3 could not run")]
pub(super) struct LearnAmpArgs {
    /// The port on 127.0.0.1; 0 takes any that is free
    #[arg(long, default_value_t = 8475)]
    port: u16,
    /// Invent so many people who are there already
    #[arg(long, value_name = "N", conflicts_with = "account", value_parser = at_most::<MOST_PEOPLE>)]
    people: Option<usize>,
    /// Which people are invented: the same seed gives the same
    #[arg(long, value_name = "S", default_value_t = 1, requires = "people")]
    seed: u64,
    /// A JSON file with the Owner, teams, custom fields and users
    #[arg(long, value_name = "FILE")]
    account: Option<PathBuf>,
    /// Don't grant a scope, such as users:deactivate; may be repeated
    #[arg(long, value_name = "SCOPE")]
    withhold: Vec<String>,
    /// Calls a second; 0 is no limit
    #[arg(long, value_name = "N")]
    calls_per_second: Option<u32>,
    /// A JSON file with switches, as `GET /sandbox/switches` shows them
    #[arg(long, value_name = "FILE")]
    switches: Option<PathBuf>,
    /// The client id
    #[arg(long, value_name = "ID", default_value = "sandbox-client")]
    client_id: String,
    /// The environment variable with the client secret; one is made up if left out
    #[arg(long, value_name = "NAME")]
    secret_env: Option<String>,
}

pub(super) async fn run(args: LearnAmpArgs) -> Result<Exit, Stop> {
    let start = args.start()?;
    let sandbox = Sandbox::start(start).await.map_err(could_not_start)?;
    terminal::print(&welcome(&sandbox));
    until_stopped().await?;
    sandbox.stop().await;
    terminal::say("stopped");
    Ok(Exit::Done)
}

impl LearnAmpArgs {
    fn start(self) -> Result<Start, Stop> {
        let mut switches = switches_of(self.switches.as_deref(), |patch| Switches::default().patched(patch))?;
        switches.calls_per_second = self.calls_per_second.unwrap_or(switches.calls_per_second);
        switches.withhold_scopes.extend(self.withhold);
        let people = match (self.people, self.account) {
            (Some(count), _) => People::Generated { count, seed: self.seed },
            (None, Some(file)) => People::File(file),
            (None, None) => People::Owner,
        };
        let secret = self.secret_env.as_deref().map_or_else(|| Ok(made_up()), from_environment)?;
        Ok(Start { port: self.port, key: Key { id: self.client_id, secret }, people, switches })
    }
}

/// What to paste, and where.
fn welcome(sandbox: &Sandbox) -> String {
    let (key, control) = (sandbox.key(), sandbox.control_url());
    format!(
        "Learn Amp is simulated with {users} users. In the recipe, below `learnamp`:

  base_url: {base}

In the other terminal, with the names that the recipe gives its secrets:

  export LEARNAMP_CLIENT_ID='{id}'
  export LEARNAMP_CLIENT_SECRET='{secret}'

Who is there, and what can be made to happen: curl -s {control}
Ctrl-C stops it.
",
        users = sandbox.users().len(),
        base = sandbox.base_url(),
        id = key.id,
        secret = key.secret,
    )
}
