//! `rollbook init TARGET [DIR]`

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{Exit, Stop, terminal};
use crate::run::RunError;

#[derive(Debug, Args)]
#[command(after_help = "\
No file that is there already is ever overwritten.

Example:
  rollbook init directory acme

Exit codes: 0 written · 3 could not write")]
pub(super) struct InitArgs {
    /// The target to begin with
    target: Starter,
    /// The folder to write into
    #[arg(default_value = ".")]
    dir: PathBuf,
}

/// The targets that there is a starter for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Starter {
    /// The embedded user directory, with 300 invented people as the source
    Directory,
}

macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../", $path)))),*]
    };
}

/// The demo is the starter: what a new user runs first and what they begin their own recipe from are the same files.
const DIRECTORY: &[(&str, &str)] = files![
    "recipes/demo.yaml",
    "recipes/demo.test.yaml",
    "recipes/scripts/names.rhai",
    "recipes/demo/people.json",
    "recipes/demo/fields.json",
    "recipes/demo/named-lists.json",
    "lookup_tables/demo/budgets.csv",
    "lookup_tables/demo/custom_fields.csv",
    "lookup_tables/demo/departments.csv",
    "lookup_tables/demo/filters.csv",
    "lookup_tables/demo/groups.csv",
    "lookup_tables/demo/languages.csv",
    "lookup_tables/demo/seniority.csv",
    "lookup_tables/demo/sites.csv",
    "lookup_tables/demo/standard_fields.csv",
    "lookup_tables/demo/status.csv",
    "lookup_tables/demo/titles.csv",
    "schemas/recipe.schema.json",
    "schemas/test.schema.json",
    "schemas/filters.schema.json",
    "schemas/status.schema.json",
    "schemas/standard_fields.schema.json",
    "schemas/custom_fields.schema.json",
    "schemas/groups.schema.json",
    "schemas/value_table.schema.json",
];

pub(super) fn run(args: &InitArgs) -> Result<Exit, Stop> {
    let Starter::Directory = args.target;
    let existing: Vec<&str> =
        DIRECTORY.iter().map(|(path, _)| *path).filter(|path| args.dir.join(path).exists()).collect();
    if let Some(first) = existing.first() {
        return Err(Stop::Error(RunError::Output {
            message: format!("`{}` exists already; nothing was written", args.dir.join(first).display()),
            help: "name an empty folder, as in `rollbook init directory acme`".to_owned(),
        }));
    }
    for (path, content) in DIRECTORY {
        write(&args.dir.join(path), content)?;
    }
    let here = if args.dir == Path::new(".") { String::new() } else { format!("  cd {}\n", args.dir.display()) };
    terminal::print(&format!(
        "wrote {} files. Next:\n{here}  rollbook check\n  rollbook test\n  rollbook plan recipes/demo.yaml\n  rollbook sync recipes/demo.yaml\n",
        DIRECTORY.len()
    ));
    Ok(Exit::Done)
}

fn write(path: &Path, content: &str) -> Result<(), RunError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).and_then(|()| fs::write(path, content)).map_err(|error| RunError::Output {
        message: format!("`{}` can't be written: {error}", path.display()),
        help: "check that the folder can be written to".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_starter_has_every_table_of_the_demo() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("lookup_tables/demo");
        for entry in fs::read_dir(folder).expect("the demo's tables").flatten() {
            let name = format!("lookup_tables/demo/{}", entry.file_name().to_string_lossy());
            assert!(DIRECTORY.iter().any(|(path, _)| *path == name), "{name} is not in the starter");
        }
    }
}
