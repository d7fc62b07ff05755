//! `rollbook runs [RUN]`

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use serde_json::json;

use super::{Exit, Settings, Stop, terminal};
use crate::model::OutcomeKind;
use crate::report::{html, text, write_sheet};
use crate::run::report::recall;
use crate::store::{RunRow, Store};

#[derive(Debug, Args)]
pub(super) struct RunsArgs {
    /// A run's id, the beginning of one, or `latest`; without it, the history
    run: Option<String>,
    /// Only runs of this recipe, by its name
    #[arg(long, value_name = "NAME")]
    recipe: Option<String>,
    /// How many to list
    #[arg(long, value_name = "N", default_value_t = 20)]
    last: usize,
    /// How to print
    #[arg(long, value_enum, default_value_t = RunFormat::Text)]
    format: RunFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RunFormat {
    /// For people
    Text,
    /// The report's page (one run only)
    Html,
    /// One row a person (one run only)
    Csv,
    /// For programs
    Json,
}

pub(super) async fn run(args: &RunsArgs, settings: &Settings) -> Result<Exit, Stop> {
    let store = Store::open(&settings.database).await?;
    match &args.run {
        Some(run) => one(run, args.format, &store).await?,
        None => {
            let runs = store.runs(args.recipe.as_deref(), args.last).await?;
            match args.format {
                RunFormat::Json => terminal::print_json(&runs.iter().map(as_json).collect::<Vec<_>>()),
                _ => terminal::print(&list(&runs)),
            }
        }
    }
    store.close().await;
    Ok(Exit::Done)
}

async fn one(asked: &str, format: RunFormat, store: &Store) -> Result<(), Stop> {
    let run = store.run(asked).await?;
    if format == RunFormat::Json {
        terminal::print_json(&as_json(&run));
        return Ok(());
    }
    let report = recall(store, run).await?;
    match format {
        RunFormat::Html => terminal::print(&html(&report)),
        RunFormat::Csv => {
            let mut sheet = Vec::new();
            // Writing to memory cannot fail.
            let _ = write_sheet(&report, &mut sheet);
            terminal::print(&String::from_utf8_lossy(&sheet));
        }
        RunFormat::Text | RunFormat::Json => terminal::print(&text(&report)),
    }
    Ok(())
}

fn list(runs: &[RunRow]) -> String {
    if runs.is_empty() {
        return "no runs yet\n".to_owned();
    }
    let mut text = String::new();
    for run in runs {
        let counts = counts(&run.totals).join(", ");
        let began = run.started.strftime("%Y-%m-%d %H:%M:%S UTC");
        let _ = writeln!(
            text,
            "{}  {began}  {:<11}  {}  {} people: {counts}",
            run.id,
            run.status.word(),
            run.recipe,
            run.employees
        );
        if let Some(message) = &run.message {
            let _ = writeln!(text, "    {message}");
        }
    }
    text
}

fn counts(totals: &BTreeMap<OutcomeKind, usize>) -> Vec<String> {
    let some = totals.iter().filter(|(_, count)| **count > 0);
    some.map(|(kind, count)| format!("{count} {kind}")).collect()
}

fn as_json(run: &RunRow) -> serde_json::Value {
    let totals: BTreeMap<&str, usize> = run.totals.iter().map(|(kind, count)| (kind.word(), *count)).collect();
    json!({
        "run": run.id.to_string(),
        "recipe": run.recipe,
        "status": run.status.word(),
        "today": run.today.to_string(),
        "started": run.started.to_string(),
        "finished": run.finished.map(|finished| finished.to_string()),
        "employees": run.employees,
        "totals": totals,
        "message": run.message,
        "summary": run.summary_json,
    })
}
