//! `rollbook runs [RUN]`

use std::collections::BTreeMap;
use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use serde_json::json;

use super::{Exit, Settings, Stop, terminal};
use crate::model::OutcomeKind;
use crate::report::{html, text, write_sheet, write_workbook};
use crate::run::RunError;
use crate::run::report::recall;
use crate::store::{RunRow, Store};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  rollbook runs --recipe demo --last 5
  rollbook runs latest
  rollbook runs latest --format html > report.html
  rollbook runs latest --format xlsx > report.xlsx

Exit codes: 0 shown · 3 could not, or there is no such run")]
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
    /// A workbook, one sheet a topic, to be written to a file (one run only)
    Xlsx,
    /// For programs
    Json,
}

pub(super) async fn run(args: &RunsArgs, settings: &Settings) -> Result<Exit, Stop> {
    let store = Store::open(&settings.database).await?;
    match &args.run {
        Some(run) => one(find(run, args.recipe.as_deref(), &store).await?, args.format, &store).await?,
        None => {
            let runs = store.runs(args.recipe.as_deref(), args.last).await?;
            match args.format {
                RunFormat::Html | RunFormat::Csv | RunFormat::Xlsx => return Err(needs_a_run().into()),
                RunFormat::Json => terminal::print_json(&runs.iter().map(as_json).collect::<Vec<_>>()),
                RunFormat::Text => terminal::print(&list(&runs)),
            }
        }
    }
    store.close().await;
    Ok(Exit::Done)
}

/// The run asked for; `latest` is the latest of the recipe, where one is named.
async fn find(asked: &str, recipe: Option<&str>, store: &Store) -> Result<RunRow, Stop> {
    if let (Some(recipe), "latest") = (recipe, asked) {
        let latest = store.runs(Some(recipe), 1).await?.pop();
        return latest.ok_or_else(|| {
            let message = format!("there is no run of a recipe named `{recipe}`");
            RunError::NotFound { message, help: "`rollbook runs` lists the runs there are".to_owned() }.into()
        });
    }
    Ok(store.run(asked).await?)
}

fn needs_a_run() -> RunError {
    RunError::NotFound {
        message: "this form shows one run, and none is named".to_owned(),
        help: "name one, as in `rollbook runs latest --format html`; the list comes as text or json".to_owned(),
    }
}

async fn one(run: RunRow, format: RunFormat, store: &Store) -> Result<(), Stop> {
    if format == RunFormat::Json {
        terminal::print_json(&as_json(&run));
        return Ok(());
    }
    if format == RunFormat::Xlsx && terminal::is_a_terminal() {
        return Err(needs_a_file(&run).into());
    }
    let report = recall(store, run).await?;
    match format {
        RunFormat::Html => terminal::print_as_is(&html(&report)),
        RunFormat::Csv => {
            let mut sheet = Vec::new();
            // Writing to memory cannot fail.
            let _ = write_sheet(&report, &mut sheet);
            terminal::print_as_is(&String::from_utf8_lossy(&sheet));
        }
        RunFormat::Xlsx => {
            terminal::print_file(|out| write_workbook(&report, out)).map_err(|error| not_written(&error))?
        }
        RunFormat::Text | RunFormat::Json => terminal::print(&text(&report)),
    }
    Ok(())
}

fn needs_a_file(run: &RunRow) -> RunError {
    RunError::Output {
        message: "a workbook is no text, and this is a terminal".to_owned(),
        help: format!("write it to a file, as in `rollbook runs {0} --format xlsx > {0}.xlsx`", run.id),
    }
}

fn not_written(error: &std::io::Error) -> RunError {
    RunError::Output {
        message: format!("the workbook cannot be written: {}", error.kind()),
        help: "see that there is room where it is written, and in the folder for temporary files".to_owned(),
    }
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
            "{}  {began}  {:<11}  {}{}",
            run.id,
            run.status.word(),
            run.recipe,
            if counts.is_empty() { String::new() } else { format!("  {} people: {counts}", run.employees) }
        );
        if let Some(progress) = &run.progress {
            let _ = writeln!(text, "    {progress}");
        }
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
        "started_by": run.started_by.word(),
        "progress": run.progress,
        "totals": totals,
        "message": run.message,
        "summary": run.summary_json,
    })
}
