//! `rollbook serve [RECIPE…]`

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::check::{found_recipes, recipes_or_all};
use super::{Exit, Settings, Stop, terminal};
use crate::server::{ReadError, Recipes, ServeError, serve};
use crate::stage::service::duration;

const AFTER_HELP: &str = "\
Serves every recipe that has `real_time` (webhooks) or a `full_sync` in its `schedule`. Files are looked at
every two seconds, and on SIGHUP: what is right is served as it is now, what has problems is refused while the
old version goes on. SIGTERM and Ctrl-C finish what is in hand; killing it loses nothing either.

Addresses that it answers, beside the webhooks:
  /healthz   the process is alive          /readyz   database and recipes are there
  /metrics   figures for Prometheus

Examples:
  rollbook serve
  rollbook serve recipes/acme.yaml --listen 0.0.0.0:8480
  rollbook serve --database postgres://rollbook@db/rollbook     as many of them as you like

Behind a reverse proxy that speaks HTTPS: Bob calls https://your.host/PATH-OF-THE-RECIPE

Exit codes: 0 was asked to end · 2 problems · 3 could not run";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct ServeArgs {
    /// Recipes; all in the folder `recipes` if none is named, now and later
    recipes: Vec<PathBuf>,
    /// Where to listen
    #[arg(long, env = "ROLLBOOK_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8480")]
    listen: SocketAddr,
    /// For how long deliveries, and what became of people in real time, are kept: 30d, 12h
    #[arg(long, env = "ROLLBOOK_KEEP_DELIVERIES", value_name = "TIME", default_value = "90d", value_parser = kept_for)]
    keep_deliveries: Duration,
}

pub(super) async fn run(args: ServeArgs, settings: &Settings) -> Result<Exit, Stop> {
    let recipes = match args.recipes.is_empty() {
        false => Recipes::Named(args.recipes),
        true => {
            recipes_or_all(&[])?;
            Recipes::Found(found_recipes)
        }
    };
    let settings = crate::server::Settings {
        listen: args.listen,
        recipes,
        database: settings.database.clone(),
        secrets: settings.secrets(),
        post: settings.post(),
        keep: args.keep_deliveries,
    };
    let ready = |address, recipes| {
        let recipes = if recipes == 1 { "1 recipe".to_owned() } else { format!("{recipes} recipes") };
        terminal::print(&format!("serving {recipes} at http://{address}\n"));
    };
    match serve(&settings, ready).await {
        Ok(()) => Ok(Exit::Done),
        Err(ServeError::Recipes(ReadError::Problems(problems))) => {
            terminal::say(terminal::problems_text(&problems, terminal::stderr_style()).trim_end());
            Err(Stop::Problems)
        }
        Err(error) => {
            Err(Stop::Error(crate::run::RunError::Output { message: error.to_string(), help: error.help().to_owned() }))
        }
    }
}

fn kept_for(text: &str) -> Result<Duration, String> {
    duration(text).ok_or_else(|| "write it as 30d or 12h, at most a year".to_owned())
}
