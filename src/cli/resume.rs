//! `rollbook resume RECIPE`

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;

use super::{Exit, Settings, Stop, terminal};
use crate::run::alerts;
use crate::store::Store;

const AFTER_HELP: &str = "\
Say so after you have looked: `rollbook status` shows what is held and who is parked, and
`rollbook plan` what would be done. What real time has counted towards the limits within the
last hour is forgotten; a full sync keeps its own brake.

Example:
  rollbook resume recipes/acme.yaml

Exit codes: 0 done, or nothing to do · 2 problems · 3 could not run";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct ResumeArgs {
    /// The recipe, such as recipes/acme.yaml
    recipe: PathBuf,
}

pub(super) async fn run(args: &ResumeArgs, settings: &Settings) -> Result<Exit, Stop> {
    let recipe = terminal::load_recipe(&args.recipe)?;
    let store = Store::open(&settings.database).await?;
    let was_held = store.resume(&recipe.name).await?;
    let people = store.unpark(&recipe.name, Timestamp::now()).await?;
    alerts::note_resumed(&recipe, &store).await;
    store.close().await;
    terminal::print(&format!("{}: {}\n", recipe.name, said(was_held, people)));
    Ok(Exit::Done)
}

fn said(was_held: bool, people: usize) -> String {
    let tried =
        if people == 1 { "1 person is tried again".to_owned() } else { format!("{people} people are tried again") };
    match (was_held, people) {
        (false, 0) => "nothing was held, and nobody parked".to_owned(),
        (false, _) => tried,
        (true, 0) => "what was held may go on".to_owned(),
        (true, _) => format!("what was held may go on, and {tried}"),
    }
}
