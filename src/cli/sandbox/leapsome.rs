//! `rollbook sandbox leapsome`.

use std::path::PathBuf;

use clap::Args;

use super::{could_not_start, from_environment, made_up, switches_of, until_stopped};
use crate::cli::{Exit, Settings, Stop, terminal};
use crate::sandbox::leapsome::settings::MOST_USERS;
use crate::sandbox::leapsome::{Keys, Sandbox, Settings as Start, Switches, Users};

#[derive(Debug, Args)]
#[command(after_help = "\
A Leapsome company behind the paths of the SCIM API and the Content API, on this machine only: with their limits of 30 and
20 calls a second, their codes and their traps. Leave it running, and use it from another terminal: the recipe stays as it
is, but for `base_url`. It begins with its owner, two teams and three custom attributes.

Examples:
  rollbook sandbox leapsome
  rollbook sandbox leapsome --users 300 --seed 1       with the addresses of `rollbook sandbox --people 300`
  rollbook sandbox leapsome --company acme.json        other users, teams and custom attributes
  rollbook sandbox leapsome --auto-invite              whoever is made is invited at once
  rollbook sandbox leapsome --calls-per-second 0       no limit, to try things quickly

While it runs, look at it and make things happen:
  curl -s http://127.0.0.1:8476/sandbox                what can be asked for
  curl -s http://127.0.0.1:8476/sandbox/users/ada.koch@acme.example
  curl -s http://127.0.0.1:8476/sandbox/events -H 'Content-Type: application/json' \\
    -d '{\"event\":\"join\",\"user\":\"ada.koch@acme.example\",\"team\":\"Book club\"}'
  curl -s http://127.0.0.1:8476/sandbox/switches -H 'Content-Type: application/json' \\
    -d '{\"faults\":{\"calls\":[{\"endpoint\":\"POST /scim/v1/Users\",\"then\":\"cut_after\"}]}}'

docs/sandbox.md lists events, switches and faults. Ctrl-C stops it; nothing is kept.

Exit codes: 0 stopped · 3 could not run")]
pub(super) struct LeapsomeArgs {
    /// The port on 127.0.0.1; 0 takes any that is free
    #[arg(long, default_value_t = 8476)]
    port: u16,
    /// Invent so many users who are there already
    #[arg(long, value_name = "N", value_parser = count)]
    users: Option<usize>,
    /// Which users are invented: the same seed gives the same
    #[arg(long, value_name = "S", default_value_t = 1, requires = "users")]
    seed: u64,
    /// A JSON file with other users, teams and custom attributes
    #[arg(long, value_name = "FILE")]
    company: Option<PathBuf>,
    /// A registered e-mail domain in place of acme.example; may be repeated
    #[arg(long, value_name = "DOMAIN")]
    domain: Vec<String>,
    /// Invite whoever is made at once: a setting of the company
    #[arg(long)]
    auto_invite: bool,
    /// Calls a second of both APIs; 0 is no limit
    #[arg(long, value_name = "N")]
    calls_per_second: Option<u32>,
    /// A JSON file with switches, as `GET /sandbox/switches` shows them
    #[arg(long, value_name = "FILE")]
    switches: Option<PathBuf>,
    /// The environment variable with the SCIM token; one is made up if left out
    #[arg(long, value_name = "NAME")]
    token_env: Option<String>,
    /// The environment variable with the Content API's secret; one is made up if left out
    #[arg(long, value_name = "NAME")]
    api_secret_env: Option<String>,
}

pub(super) async fn run(args: LeapsomeArgs, settings: &Settings) -> Result<Exit, Stop> {
    let start = args.start(settings)?;
    let sandbox = Sandbox::start(start).await.map_err(could_not_start)?;
    terminal::print(&welcome(&sandbox));
    until_stopped().await?;
    sandbox.stop().await;
    terminal::say("stopped");
    Ok(Exit::Done)
}

impl LeapsomeArgs {
    fn start(self, settings: &Settings) -> Result<Start, Stop> {
        let mut switches = switches_of(self.switches.as_deref(), |patch| Switches::default().patched(patch))?;
        switches.auto_invite |= self.auto_invite;
        if !self.domain.is_empty() {
            switches.domains = self.domain.iter().map(|domain| domain.to_lowercase()).collect();
        }
        if let Some(limit) = self.calls_per_second {
            (switches.scim_per_second, switches.content_per_second) = (limit, limit);
        }
        let secret = |name: Option<&str>| name.map_or_else(|| Ok(made_up()), from_environment);
        Ok(Start {
            port: self.port,
            keys: Keys {
                token: secret(self.token_env.as_deref())?,
                api_secret: secret(self.api_secret_env.as_deref())?,
            },
            users: self.users.map_or(Users::None, |count| Users::Generated { count, seed: self.seed }),
            company: self.company,
            today: settings.today,
            switches,
        })
    }
}

/// What to paste, and where.
fn welcome(sandbox: &Sandbox) -> String {
    let (keys, control) = (sandbox.keys(), sandbox.control_url());
    format!(
        "Leapsome is simulated with {users} users. In the recipe, below `leapsome`:

  base_url: {base}

In the other terminal, with the names that the recipe gives its secrets:

  export LEAPSOME_SCIM_TOKEN='{token}'
  export LEAPSOME_API_SECRET='{secret}'

Who is there, and what can be made to happen: curl -s {control}
Ctrl-C stops it.
",
        users = sandbox.users().len(),
        base = sandbox.base_url(),
        token = keys.token,
        secret = keys.api_secret,
    )
}

fn count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count) if (1..=MOST_USERS).contains(&count) => Ok(count),
        _ => Err(format!("give a number from 1 to {MOST_USERS}")),
    }
}
