//! `rollbook status [RECIPE…]`

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::json;

use super::check::recipes_or_all;
use super::{Exit, Format, Settings, Stop, terminal};
use crate::recipe::Recipe;
use crate::store::{Backlog, MailStanding, Parked, RunRow, RunStatus, Store};

const AFTER_HELP: &str = "\
Reads the state database and the recipes, and asks neither source nor target. Somebody is
parked after eight tries that failed, or when a limit holds their changes: until something new
comes, a full sync has gone through, or `rollbook resume` lets them be tried again.

Examples:
  rollbook status
  rollbook status recipes/acme.yaml --format json

Exit codes: 0 shown · 2 problems · 3 could not run";

#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct StatusArgs {
    /// Recipes; all in the folder `recipes` if none is named
    recipes: Vec<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How a recipe stands.
struct Standing {
    recipe: String,
    zone: TimeZone,
    /// The latest run that is over.
    last: Option<RunRow>,
    /// One that has not ended: under way, or killed and not yet noticed.
    under_way: Option<RunRow>,
    next: Option<Timestamp>,
    backlog: Backlog,
    parked: Vec<Parked>,
    held: Vec<(String, Timestamp)>,
    mail: MailStanding,
}

pub(super) async fn run(args: &StatusArgs, settings: &Settings) -> Result<Exit, Stop> {
    let paths = recipes_or_all(&args.recipes)?;
    let recipes: Vec<Recipe> = paths.iter().map(|path| terminal::load_recipe(path)).collect::<Result<_, _>>()?;
    let store = Store::open(&settings.database).await?;
    let mut standings = Vec::with_capacity(recipes.len());
    for recipe in &recipes {
        standings.push(Standing::of(recipe, &store, Timestamp::now()).await?);
    }
    store.close().await;
    match args.format {
        Format::Json => terminal::print_json(&standings.iter().map(Standing::as_json).collect::<Vec<_>>()),
        Format::Text => terminal::print(&standings.iter().map(Standing::text).collect::<Vec<_>>().join("\n")),
    }
    Ok(Exit::Done)
}

impl Standing {
    async fn of(recipe: &Recipe, store: &Store, now: Timestamp) -> Result<Self, Stop> {
        let name = &*recipe.name;
        let cadence = recipe.schedule.as_ref().and_then(|schedule| schedule.full_sync.as_ref());
        let latest = store.runs(Some(name), 2).await?;
        let is_under_way = |run: &&RunRow| run.status == RunStatus::Running;
        Ok(Self {
            recipe: name.to_owned(),
            zone: recipe.zones.default.clone(),
            under_way: latest.first().filter(is_under_way).cloned(),
            last: latest.into_iter().find(|run| !is_under_way(&run)),
            next: cadence.and_then(|cadence| cadence.next_after(now)),
            backlog: store.backlog(name, now).await?,
            parked: store.parked(name).await?,
            held: store.pauses(name).await?,
            mail: store.mail_standing(name).await?,
        })
    }

    fn text(&self) -> String {
        let time = |moment: Timestamp| moment.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S %Z");
        let mut text = format!("{}\n", self.recipe);
        // Writing to a string does not fail.
        let mut line = |title: &str, said: String| _ = writeln!(text, "  {title:<10} {said}");
        match &self.last {
            Some(run) => {
                line("last run", format!("{} {} by {}  {}", run.status, time(run.started), run.started_by, run.id))
            }
            None => line("last run", "none yet".to_owned()),
        }
        if let Some(run) = &self.under_way {
            let progress = run.progress.as_deref().unwrap_or("just begun, or cut off");
            line("under way", format!("since {} by {}: {progress}  {}", time(run.started), run.started_by, run.id));
        }
        if let Some(next) = self.next {
            line("next run", time(next).to_string());
        }
        let since =
            self.backlog.oldest.map_or_else(String::new, |oldest| format!(", the first since {}", time(oldest)));
        let people = if self.backlog.due == 1 { "person" } else { "people" };
        line("due", format!("{} {people}{since}", self.backlog.due));
        for parked in &self.parked {
            let Parked { employee, attempts, trouble, marked } = parked;
            line("parked", format!("{employee} since {}, after {attempts} tries: {trouble}", time(*marked)));
        }
        for (kind, since) in &self.held {
            line("held", format!("{kind} since {}", time(*since)));
        }
        let MailStanding { waiting, next, trouble, given_up } = &self.mail;
        if *waiting > 0 {
            let next = next.map_or_else(String::new, |next| format!(", tried again at {}", time(next)));
            let trouble = trouble.as_ref().map_or_else(String::new, |trouble| format!(": {trouble}"));
            line("mail", format!("{waiting} waiting{next}{trouble}"));
        }
        for (address, since, trouble) in given_up {
            line("not sent", format!("to {address}, given up {}: {trouble}", time(*since)));
        }
        text
    }

    fn as_json(&self) -> serde_json::Value {
        let run = |run: &RunRow| {
            json!({
                "run": run.id.to_string(),
                "status": run.status.word(),
                "started": run.started.to_string(),
                "finished": run.finished.map(|finished| finished.to_string()),
                "started_by": run.started_by.word(),
                "progress": run.progress,
            })
        };
        let parked = |parked: &Parked| {
            json!({
                "employee": parked.employee.to_string(),
                "since": parked.marked.to_string(),
                "tries": parked.attempts,
                "trouble": parked.trouble,
            })
        };
        let given_up = |(address, since, trouble): &(String, Timestamp, String)| json!({ "to": address, "since": since.to_string(), "trouble": trouble });
        json!({
            "recipe": self.recipe,
            "last_run": self.last.as_ref().map(run),
            "under_way": self.under_way.as_ref().map(run),
            "next_run": self.next.map(|next| next.to_string()),
            "due": self.backlog.due,
            "due_since": self.backlog.oldest.map(|oldest| oldest.to_string()),
            "parked": self.parked.iter().map(parked).collect::<Vec<_>>(),
            "mail": {
                "waiting": self.mail.waiting,
                "next": self.mail.next.map(|next| next.to_string()),
                "trouble": self.mail.trouble,
                "given_up": self.mail.given_up.iter().map(given_up).collect::<Vec<_>>(),
            },
            "held": self.held.iter().map(|(kind, since)| json!({ "kind": kind, "since": since.to_string() })).collect::<Vec<_>>(),
        })
    }
}
