//! `rollbook sandbox [SERVICE]`: one file a service.

mod hibob;
mod leapsome;
mod learnamp;
mod learnupon;
mod three_sixty;

use std::fs;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::path::Path;

use clap::{Args, Subcommand};
use serde_json::Value as Json;

use super::{Exit, Settings, Stop};
use crate::run::RunError;
use crate::sandbox::{Refusal, SandboxError};

#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
A company of invented people behind HiBob's own paths, on this machine only. Leave it running, and use it from another
terminal: the recipe stays as it is, but for `base_url`. The targets are simulated too, each by a command of its own.

Like a new tenant, HiBob shows employed people only until `--everybody`: no starters, no leavers, nobody on leave.

Examples:
  rollbook sandbox                                     the 300 people of the demo
  rollbook sandbox --people 5000 --seed 7 --everybody
  rollbook sandbox --withhold lifecycle                fields vanish silently, as with a missing permission
  rollbook sandbox --webhook http://127.0.0.1:8080/hibob --secret-env WEBHOOK_SECRET

While it runs, make things happen:
  curl -s http://127.0.0.1:8472/sandbox                what can be asked for
  curl -s http://127.0.0.1:8472/sandbox/events -H 'Content-Type: application/json' \\
    -d '{\"event\":\"terminate\",\"person\":\"ada.koch@acme.example\",\"date\":\"2026-12-31\"}'
  curl -s http://127.0.0.1:8472/sandbox/switches -H 'Content-Type: application/json' \\
    -d '{\"faults\":{\"cut\":{\"percent\":60,\"calls\":1}}}'

docs/sandbox.md lists events, switches and faults. Ctrl-C stops it; nothing is kept.

Exit codes: 0 stopped · 3 could not run"
)]
pub(super) struct SandboxArgs {
    #[command(subcommand)]
    service: Option<Service>,
    #[command(flatten)]
    hibob: hibob::HibobArgs,
}

/// What is simulated.
#[derive(Debug, Subcommand)]
enum Service {
    /// HiBob, as without a service
    Hibob(Box<hibob::HibobArgs>),
    /// Learn Amp, a target
    Learnamp(Box<learnamp::LearnAmpArgs>),
    /// LearnUpon, a target
    Learnupon(Box<learnupon::LearnUponArgs>),
    /// Leapsome, a target
    Leapsome(Box<leapsome::LeapsomeArgs>),
    /// 360Learning, a target
    #[command(name = "360learning")]
    ThreeSixty(three_sixty::ThreeSixtyArgs),
}

pub(super) async fn run(args: SandboxArgs, settings: &Settings) -> Result<Exit, Stop> {
    match args.service {
        None => hibob::run(args.hibob, settings).await,
        Some(Service::Hibob(args)) => hibob::run(*args, settings).await,
        Some(Service::Learnamp(args)) => learnamp::run(*args).await,
        Some(Service::Learnupon(args)) => learnupon::run(*args, settings).await,
        Some(Service::Leapsome(args)) => leapsome::run(*args, settings).await,
        Some(Service::ThreeSixty(args)) => three_sixty::run(args, settings).await,
    }
}

/// Waits for Ctrl-C.
async fn until_stopped() -> Result<(), Stop> {
    tokio::signal::ctrl_c()
        .await
        .map_err(|error| output(format!("Ctrl-C can't be heard: {error}"), "stop it by its process id"))
}

/// The switches of a file, put over the usual ones.
fn switches_of<S>(path: Option<&Path>, patched: impl FnOnce(&Json) -> Result<S, Refusal>) -> Result<S, Stop> {
    let Some(path) = path else { return patched(&Json::Object(serde_json::Map::new())).map_err(refused) };
    let wrong = |error: String| {
        output(format!("{}: {error}", path.display()), "give a JSON object of switches; docs/sandbox.md lists them")
    };
    let text = fs::read(path).map_err(|error| wrong(format!("can't be read: {error}")))?;
    let patch = serde_json::from_slice(&text).map_err(|error| wrong(error.to_string()))?;
    patched(&patch).map_err(|refusal| wrong(refusal.error))
}

/// How many people there are to be.
fn at_most<const MOST: usize>(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count) if (1..=MOST).contains(&count) => Ok(count),
        _ => Err(format!("give a number from 1 to {MOST}")),
    }
}

/// A secret for this time. It guards nothing but invented people.
fn made_up() -> String {
    format!("sandbox-{:016x}", RandomState::new().build_hasher().finish())
}

fn from_environment(name: &str) -> Result<String, Stop> {
    match std::env::var(name) {
        Ok(value) if !value.is_empty() => Ok(value),
        _ => Err(output(format!("the environment has no `{name}`"), "set it, or name another variable")),
    }
}

fn refused(refusal: Refusal) -> Stop {
    output(refusal.error, &refusal.help)
}

fn could_not_start(error: SandboxError) -> Stop {
    let help = error.help().to_owned();
    output(format!("the sandbox can't start: {error}"), &help)
}

fn output(message: String, help: &str) -> Stop {
    Stop::Error(RunError::Output { message, help: help.to_owned() })
}
