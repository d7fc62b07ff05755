//! `rollbook check [RECIPE…]`

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value as Json, json};

use super::{Exit, Format, Settings, Stop, terminal};
use crate::problem::{Problem, Problems, Severity};
use crate::run::{RunError, live, load};

#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 no problems · 2 problems (warnings alone are 0) · 3 could not run")]
pub(super) struct CheckArgs {
    /// Recipes; all in the folder `recipes` if none is named
    recipes: Vec<PathBuf>,
    /// Also ask source and target: credentials, fields, permissions, sizes, who gets an account
    #[arg(long)]
    live: bool,
    /// Also print each recipe with every default filled in; as JSON, one object with `problems` and `resolved`
    #[arg(long)]
    resolved: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) async fn run(args: &CheckArgs, settings: &Settings) -> Result<Exit, Stop> {
    let (mut found, mut resolved) = (Vec::new(), Vec::new());
    let recipes = recipes_or_all(&args.recipes)?;
    for path in &recipes {
        let mut problems = Problems::new();
        let facts = if args.live {
            live::check(path, &settings.secrets(), settings.now(), &mut problems).await
        } else {
            load::check(path, &mut problems);
            Vec::new()
        };
        let problems = problems.into_sorted();
        if args.format == Format::Text {
            let text = terminal::problems_text(&problems, terminal::stdout_style());
            terminal::print_as_is(&text);
            let facts: String = facts.iter().map(|fact| format!("  {fact}\n")).collect();
            terminal::print(&format!("{facts}{}: {}\n", path.display(), terminal::count(&problems)));
        }
        if args.resolved
            && let Some(recipe) = load::resolved(path, &mut Problems::new())
        {
            match args.format {
                Format::Text => terminal::print_json(&recipe),
                Format::Json => resolved.push(json!({ "file": path.display().to_string(), "recipe": recipe })),
            }
        }
        found.extend(problems);
    }
    if args.format == Format::Json {
        let problems: Vec<Json> = found.iter().map(as_json).collect();
        match args.resolved {
            true => terminal::print_json(&json!({ "problems": problems, "resolved": resolved })),
            false => terminal::print_json(&problems),
        }
    }
    let fatal = found.iter().any(|problem| problem.severity == Severity::Problem);
    Ok(if fatal { Exit::Problems } else { Exit::Done })
}

fn as_json(problem: &Problem) -> Json {
    let (line, column) = problem.line_column().unzip();
    json!({
        "severity": problem.severity.to_string(),
        "code": problem.code,
        "file": problem.path().display().to_string(),
        "line": line,
        "column": column,
        "message": problem.message,
        "help": problem.help,
    })
}

/// The recipes named, or every recipe in `recipes`.
pub(super) fn recipes_or_all(named: &[PathBuf]) -> Result<Vec<PathBuf>, Stop> {
    if !named.is_empty() {
        return Ok(named.to_vec());
    }
    let paths = found_recipes();
    if paths.is_empty() {
        return Err(Stop::Error(RunError::NotFound {
            message: "there are no recipes in the folder `recipes` here".to_owned(),
            help: "name a recipe, or write a starter with `rollbook init directory`".to_owned(),
        }));
    }
    Ok(paths)
}

/// Every recipe in the folder `recipes`, by name.
pub(super) fn found_recipes() -> Vec<PathBuf> {
    let entries = std::fs::read_dir("recipes").map(|entries| entries.flatten().map(|entry| entry.path()).collect());
    let mut paths: Vec<PathBuf> = entries.unwrap_or_default();
    paths.retain(|path| is_recipe(path));
    paths.sort();
    paths
}

fn is_recipe(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    (name.ends_with(".yaml") || name.ends_with(".yml")) && !name.contains(".test.")
}
