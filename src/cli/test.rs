//! `rollbook test [RECIPE…]`

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value as Json, json};

use super::check::recipes_or_all;
use super::{Exit, Format, Stop, terminal};
use crate::problem::{Problems, Severity};
use crate::recipe::Recipe;
use crate::recipe::examples::{self, Example};
use crate::run::examples::{Tried, run as try_example};

#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 all examples hold · 1 an example failed · 2 problems in the author's files")]
pub(super) struct TestArgs {
    /// Recipes; all in the folder `recipes` if none is named
    recipes: Vec<PathBuf>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

pub(super) fn run(args: &TestArgs) -> Result<Exit, Stop> {
    let (mut passed, mut failed) = (0, 0);
    let mut results = Vec::new();
    for path in recipes_or_all(&args.recipes)? {
        let recipe = terminal::load_recipe(&path)?;
        for example in load_examples(&path, &recipe)? {
            let tried = try_example(&recipe, &example);
            match tried.differences.is_empty() {
                true => passed += 1,
                false => failed += 1,
            }
            match args.format {
                Format::Text => terminal::print(&text(&example, &tried)),
                Format::Json => results.push(as_json(&path, &example, &tried)),
            }
        }
    }
    match args.format {
        Format::Text => terminal::print(&format!("\n{passed} examples hold, {failed} do not\n")),
        Format::Json => terminal::print_json(&results),
    }
    Ok(if failed == 0 { Exit::Done } else { Exit::Failed })
}

fn load_examples(path: &Path, recipe: &Recipe) -> Result<Vec<Example>, Stop> {
    let examples_path = Recipe::examples_path(path);
    if !examples_path.exists() {
        terminal::say(&format!("{}: no examples ({} does not exist)", path.display(), examples_path.display()));
        return Ok(Vec::new());
    }
    let mut problems = Problems::new();
    let examples = examples::load(&examples_path, recipe, &mut problems);
    let problems = problems.into_sorted();
    if problems.iter().any(|problem| problem.severity == Severity::Problem) {
        let text = terminal::problems_text(&problems, crate::problem::Style::Plain);
        terminal::say(&format!("{text}{}: {}", examples_path.display(), terminal::count(&problems)));
        return Err(Stop::Problems);
    }
    Ok(examples)
}

fn text(example: &Example, tried: &Tried) -> String {
    if tried.differences.is_empty() {
        return format!("holds  {}\n", example.name);
    }
    let (line, _) = example.place.line_column();
    let mut text = format!("FAILS  {} ({}:{line})\n", example.name, example.place.file.path.display());
    for difference in &tried.differences {
        text.push_str(&format!(
            "         {}\n           expected  {}\n           found     {}\n",
            difference.what, difference.expected, difference.found
        ));
    }
    text
}

fn as_json(path: &Path, example: &Example, tried: &Tried) -> Json {
    let differences: Vec<Json> = tried
        .differences
        .iter()
        .map(|one| json!({ "what": one.what, "expected": one.expected, "found": one.found }))
        .collect();
    json!({
        "recipe": path.display().to_string(),
        "example": example.name,
        "line": example.place.line_column().0,
        "holds": differences.is_empty(),
        "differences": differences,
    })
}
