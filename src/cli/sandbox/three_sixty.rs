//! `rollbook sandbox 360learning`

use std::path::PathBuf;

use clap::Args;

use super::{at_most, could_not_start, from_environment, made_up, switches_of, until_stopped};
use crate::cli::{Exit, Settings, Stop, terminal};
use crate::sandbox::three_sixty::settings::MOST_USERS;
use crate::sandbox::three_sixty::{Client, Sandbox, Settings as Start, Switches, Users};

#[derive(Debug, Args)]
#[command(after_help = "\
A 360Learning company behind API v2's own paths, on this machine only: with its limits of 50 reads and 10 writes a second,
its token of an hour, its codes and its traps. Leave it running, and use it from another terminal: the recipe stays as it
is, but for `base_url`. It begins with its owner alone, some groups and some custom fields.

Examples:
  rollbook sandbox 360learning
  rollbook sandbox 360learning --users 5000            somebody is there already
  rollbook sandbox 360learning --company acme.json     other groups, custom fields and users
  rollbook sandbox 360learning --writes-per-second 0   no limit, to try things quickly
  rollbook sandbox 360learning --withhold groups:bulk  a scope that the credential lacks

While it runs, look at it and make things happen:
  curl -s http://127.0.0.1:8473/sandbox                what can be asked for
  curl -s http://127.0.0.1:8473/sandbox/users/ada.koch@acme.example
  curl -s http://127.0.0.1:8473/sandbox/changes -H 'Content-Type: application/json' \\
    -d '{\"change\":\"edit\",\"user\":\"ada.koch@acme.example\",\"fields\":{\"job\":\"Typed by hand\"}}'
  curl -s http://127.0.0.1:8473/sandbox/switches -H 'Content-Type: application/json' \\
    -d '{\"faults\":{\"calls\":[{\"endpoint\":\"POST /api/v2/users\",\"then\":\"cut_after\"}]}}'

docs/sandbox.md lists changes, switches and faults. Ctrl-C stops it; nothing is kept.

Exit codes: 0 stopped · 3 could not run")]
pub(super) struct ThreeSixtyArgs {
    /// The port on 127.0.0.1; 0 takes any that is free
    #[arg(long, default_value_t = 8473)]
    port: u16,
    /// Invent so many users who are there already, active and in the default group
    #[arg(long, value_name = "N", value_parser = at_most::<MOST_USERS>)]
    users: Option<usize>,
    /// A JSON file with other groups, custom fields and users
    #[arg(long, value_name = "FILE")]
    company: Option<PathBuf>,
    /// Don't grant a scope, such as groups:bulk; may be repeated
    #[arg(long, value_name = "SCOPE")]
    withhold: Vec<String>,
    /// Reads a second; 0 is no limit
    #[arg(long, value_name = "N")]
    reads_per_second: Option<u32>,
    /// Writes a second; 0 is no limit
    #[arg(long, value_name = "N")]
    writes_per_second: Option<u32>,
    /// A JSON file with switches, as `GET /sandbox/switches` shows them
    #[arg(long, value_name = "FILE")]
    switches: Option<PathBuf>,
    /// The client id
    #[arg(long, value_name = "ID", default_value = "cid_sandbox")]
    client_id: String,
    /// The environment variable with the client secret; one is made up if left out
    #[arg(long, value_name = "NAME")]
    secret_env: Option<String>,
}

pub(super) async fn run(args: ThreeSixtyArgs, settings: &Settings) -> Result<Exit, Stop> {
    let start = args.start(settings)?;
    let sandbox = Sandbox::start(start).await.map_err(could_not_start)?;
    terminal::print(&welcome(&sandbox));
    until_stopped().await?;
    sandbox.stop().await;
    terminal::say("stopped");
    Ok(Exit::Done)
}

impl ThreeSixtyArgs {
    fn start(self, settings: &Settings) -> Result<Start, Stop> {
        let mut switches = switches_of(self.switches.as_deref(), |patch| Switches::default().patched(patch))?;
        switches.reads_per_second = self.reads_per_second.unwrap_or(switches.reads_per_second);
        switches.writes_per_second = self.writes_per_second.unwrap_or(switches.writes_per_second);
        switches.withhold_scopes.extend(self.withhold);
        let secret = self.secret_env.as_deref().map_or_else(|| Ok(made_up()), from_environment)?;
        Ok(Start {
            port: self.port,
            client: Client { id: self.client_id, secret },
            users: self.users.map_or(Users::None, Users::Generated),
            company: self.company,
            today: settings.today,
            switches,
        })
    }
}

/// What to paste, and where.
fn welcome(sandbox: &Sandbox) -> String {
    let (client, control) = (sandbox.credentials(), sandbox.control_url());
    format!(
        "360Learning is simulated with {users} users. In the recipe, below `360learning`:

  base_url: {base}
  default_group: {group}

In the other terminal, with the names that the recipe gives its secrets:

  export L360_CLIENT_ID='{id}'
  export L360_CLIENT_SECRET='{secret}'

Who is there, and what can be made to happen: curl -s {control}
Ctrl-C stops it.
",
        users = sandbox.users().len(),
        base = sandbox.base_url(),
        group = sandbox.default_group(),
        id = client.id,
        secret = client.secret,
    )
}
