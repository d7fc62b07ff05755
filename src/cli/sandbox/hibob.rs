//! `rollbook sandbox`: HiBob.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::Args;
use secrecy::SecretString;

use super::{at_most, could_not_start, from_environment, made_up, switches_of, until_stopped};
use crate::cli::{Exit, Settings, Stop, terminal};
use crate::sandbox::hibob::settings::{MOST_PEOPLE, Webhook};
use crate::sandbox::hibob::switches::Audience;
use crate::sandbox::hibob::{People, Sandbox, ServiceUser, Settings as Start, Switches};

#[derive(Debug, Args)]
pub(super) struct HibobArgs {
    /// The port on 127.0.0.1; 0 takes any that is free
    #[arg(long, default_value_t = 8472)]
    port: u16,
    /// Invent so many people, instead of the demo's
    #[arg(long, value_name = "N", conflicts_with = "file", value_parser = at_most::<MOST_PEOPLE>)]
    people: Option<usize>,
    /// Which people are invented: the same seed gives the same
    #[arg(long, value_name = "S", default_value_t = 1, requires = "people")]
    seed: u64,
    /// Take people from a file that holds what HiBob's people search answered
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Field metadata of another company, as HiBob answers it
    #[arg(long, value_name = "FILE")]
    fields: Option<PathBuf>,
    /// Named lists of another company, as HiBob answers them
    #[arg(long, value_name = "FILE")]
    lists: Option<PathBuf>,
    /// Don't grant a permission category, such as lifecycle; may be repeated
    #[arg(long, value_name = "CATEGORY")]
    withhold: Vec<String>,
    /// "Access data for" everybody: starters, leavers and people on leave too
    #[arg(long)]
    everybody: bool,
    /// Calls of people search a minute; 0 is no limit
    #[arg(long, value_name = "N")]
    requests_per_minute: Option<u32>,
    /// A JSON file with switches, as `GET /sandbox/switches` shows them
    #[arg(long, value_name = "FILE")]
    switches: Option<PathBuf>,
    /// The id of the service user
    #[arg(long, value_name = "ID", default_value = "SERVICE-1001")]
    service_user: String,
    /// The environment variable with the token of the service user; one is made up if left out
    #[arg(long, value_name = "NAME")]
    token_env: Option<String>,
    /// Where webhooks go
    #[arg(long, value_name = "URL", requires = "secret_env")]
    webhook: Option<String>,
    /// The environment variable with the secret that webhooks are signed with
    #[arg(long, value_name = "NAME", requires = "webhook")]
    secret_env: Option<String>,
}

pub(super) async fn run(args: HibobArgs, settings: &Settings) -> Result<Exit, Stop> {
    let start = args.start(settings)?;
    let sandbox = Sandbox::start(start).await.map_err(could_not_start)?;
    terminal::print(&welcome(&sandbox));
    if let Err(refusal) = sandbox.webhook() {
        terminal::say(&format!("warning: no webhooks are sent: {refusal}\n  help: {}", refusal.help));
    }
    until_stopped().await?;
    sandbox.stop().await;
    terminal::say("stopped");
    Ok(Exit::Done)
}

impl HibobArgs {
    fn start(self, settings: &Settings) -> Result<Start, Stop> {
        let switches = self.switched()?;
        let people = match (self.people, self.file) {
            (Some(count), _) => People::Generated { count, seed: self.seed },
            (None, Some(file)) => People::File(file),
            (None, None) => People::Bundled,
        };
        let token = self.token_env.as_deref().map_or_else(|| Ok(made_up()), from_environment)?;
        let webhook = match (self.webhook, self.secret_env) {
            (Some(url), Some(name)) => Some(Webhook { url, secret: SecretString::from(from_environment(&name)?) }),
            _ => None,
        };
        Ok(Start {
            port: self.port,
            service_user: ServiceUser { id: self.service_user, token },
            people,
            fields: self.fields,
            lists: self.lists,
            today: settings.today,
            webhook,
            switches,
        })
    }

    fn switched(&self) -> Result<Switches, Stop> {
        let mut switches = switches_of(self.switches.as_deref(), |patch| Switches::default().patched(patch))?;
        if self.everybody {
            switches.audience = Audience::All;
        }
        if let Some(limit) = self.requests_per_minute {
            switches.requests_per_minute = limit;
        }
        switches.withhold_categories.extend(self.withhold.iter().cloned().collect::<BTreeSet<_>>());
        Ok(switches)
    }
}

/// What to paste, and where.
fn welcome(sandbox: &Sandbox) -> String {
    let (user, control) = (sandbox.service_user(), sandbox.control_url());
    format!(
        "HiBob is simulated with {people} people. In the recipe:

  base_url: {base}

In the other terminal, with the names that the recipe gives its secrets:

  export HIBOB_SERVICE_ID='{id}'
  export HIBOB_TOKEN='{token}'

What can be made to happen: curl -s {control}
Ctrl-C stops it.
",
        people = sandbox.people(),
        base = sandbox.base_url(),
        id = user.id,
        token = user.token,
    )
}
