//! `rollbook init TARGET [DIR]`: the recipes of this repository, for people who have the program alone.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{Exit, Stop, terminal};
use crate::run::RunError;

#[derive(Debug, Args)]
#[command(after_help = "\
No file that is there already is ever overwritten.

Examples:
  rollbook init directory acme      300 invented people to a directory; needs nothing else
  rollbook init 360learning acme    HiBob to 360Learning; begins with both simulated
  rollbook init learnamp acme       HiBob to Learn Amp; the same
  rollbook init learnupon acme      HiBob to LearnUpon; the same
  rollbook init leapsome acme       HiBob to Leapsome; the same

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
    /// 360Learning, with HiBob as the source; both simulated to begin with
    #[value(name = "360learning")]
    ThreeSixty,
    /// Learn Amp, with HiBob as the source; both simulated to begin with
    #[value(name = "learnamp")]
    LearnAmp,
    /// LearnUpon, with HiBob as the source; both simulated to begin with
    #[value(name = "learnupon")]
    LearnUpon,
    /// Leapsome, with HiBob as the source; both simulated to begin with
    Leapsome,
}

/// What is written for a target.
struct Files {
    /// The recipe, which is the first of them.
    recipe: &'static str,
    /// By path, with their content.
    own: &'static [(&'static str, &'static str)],
    /// What is run before anything else works.
    first: &'static [&'static str],
}

macro_rules! files {
    ($($path:literal),* $(,)?) => {
        &[$(($path, include_str!(concat!("../../", $path)))),*]
    };
}

/// The demo is the starter: what a new user runs first and what they begin their own recipe from are the same files.
const DIRECTORY: Files = Files {
    recipe: "recipes/demo.yaml",
    own: files![
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
    ],
    first: &[],
};

const THREE_SIXTY: Files = Files {
    recipe: "recipes/360learning.yaml",
    own: files![
        "recipes/360learning.yaml",
        "recipes/360learning.test.yaml",
        "recipes/scripts/360learning.rhai",
        "lookup_tables/360learning/custom_fields.csv",
        "lookup_tables/360learning/filters.csv",
        "lookup_tables/360learning/groups.csv",
        "lookup_tables/360learning/languages.csv",
        "lookup_tables/360learning/seniority.csv",
        "lookup_tables/360learning/sites.csv",
        "lookup_tables/360learning/standard_fields.csv",
        "lookup_tables/360learning/status.csv",
    ],
    first: &[
        "rollbook sandbox --everybody      # in a second terminal; paste what it exports",
        "rollbook sandbox 360learning      # in a third one; paste what it exports",
    ],
};

const LEARNAMP: Files = Files {
    recipe: "recipes/learnamp.yaml",
    own: files![
        "recipes/learnamp.yaml",
        "recipes/learnamp.test.yaml",
        "recipes/scripts/learnamp.rhai",
        "lookup_tables/learnamp/custom_fields.csv",
        "lookup_tables/learnamp/filters.csv",
        "lookup_tables/learnamp/groups.csv",
        "lookup_tables/learnamp/levels.csv",
        "lookup_tables/learnamp/sites.csv",
        "lookup_tables/learnamp/standard_fields.csv",
        "lookup_tables/learnamp/status.csv",
    ],
    first: &[
        "rollbook sandbox --everybody      # in a second terminal; paste what it exports",
        "rollbook sandbox learnamp         # in a third one; paste what it exports",
    ],
};

const LEARNUPON: Files = Files {
    recipe: "recipes/learnupon.yaml",
    own: files![
        "recipes/learnupon.yaml",
        "recipes/learnupon.test.yaml",
        "recipes/scripts/learnupon.rhai",
        "lookup_tables/learnupon/custom_fields.csv",
        "lookup_tables/learnupon/departments.csv",
        "lookup_tables/learnupon/filters.csv",
        "lookup_tables/learnupon/groups.csv",
        "lookup_tables/learnupon/languages.csv",
        "lookup_tables/learnupon/levels.csv",
        "lookup_tables/learnupon/sites.csv",
        "lookup_tables/learnupon/standard_fields.csv",
        "lookup_tables/learnupon/status.csv",
        "lookup_tables/learnupon/time_zones.csv",
    ],
    first: &[
        "rollbook sandbox --everybody      # in a second terminal; paste what it exports",
        "rollbook sandbox learnupon        # in a third one; paste what it exports",
    ],
};

const LEAPSOME: Files = Files {
    recipe: "recipes/leapsome.yaml",
    own: files![
        "recipes/leapsome.yaml",
        "recipes/leapsome.test.yaml",
        "recipes/scripts/leapsome.rhai",
        "lookup_tables/leapsome/custom_fields.csv",
        "lookup_tables/leapsome/filters.csv",
        "lookup_tables/leapsome/genders.csv",
        "lookup_tables/leapsome/groups.csv",
        "lookup_tables/leapsome/levels.csv",
        "lookup_tables/leapsome/sites.csv",
        "lookup_tables/leapsome/standard_fields.csv",
        "lookup_tables/leapsome/status.csv",
    ],
    first: &[
        "rollbook sandbox --everybody      # in a second terminal; paste what it exports",
        "rollbook sandbox leapsome         # in a third one; paste what it exports",
    ],
};

/// What editors check the files against.
const SCHEMAS: &[(&str, &str)] = files![
    "schemas/recipe.schema.json",
    "schemas/test.schema.json",
    "schemas/filters.schema.json",
    "schemas/status.schema.json",
    "schemas/standard_fields.schema.json",
    "schemas/custom_fields.schema.json",
    "schemas/groups.schema.json",
    "schemas/value_table.schema.json",
];

impl Starter {
    fn files(self) -> &'static Files {
        match self {
            Self::Directory => &DIRECTORY,
            Self::ThreeSixty => &THREE_SIXTY,
            Self::LearnAmp => &LEARNAMP,
            Self::LearnUpon => &LEARNUPON,
            Self::Leapsome => &LEAPSOME,
        }
    }
}

pub(super) fn run(args: &InitArgs) -> Result<Exit, Stop> {
    let files = args.target.files();
    let all = || files.own.iter().chain(SCHEMAS);
    if let Some((first, _)) = all().find(|(path, _)| args.dir.join(path).exists()) {
        return Err(Stop::Error(RunError::Output {
            message: format!("`{}` exists already; nothing was written", args.dir.join(first).display()),
            help: "name an empty folder, as in `rollbook init directory acme`".to_owned(),
        }));
    }
    for (path, content) in all() {
        write(&args.dir.join(path), content)?;
    }
    let here = (args.dir != Path::new(".")).then(|| format!("cd {}", args.dir.display()));
    let recipe = files.recipe;
    let try_out = ["rollbook check".to_owned(), "rollbook test".to_owned()];
    let run = ["plan", "sync"].map(|command| format!("rollbook {command} {recipe}"));
    let first = files.first.iter().map(|line| (*line).to_owned());
    let next: Vec<String> = here.into_iter().chain(try_out).chain(first).chain(run).collect();
    terminal::print(&format!("wrote {} files. Next:\n  {}\n", all().count(), next.join("\n  ")));
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
    fn each_starter_has_every_table_of_its_recipe() {
        for (files, name) in [
            (&DIRECTORY, "demo"),
            (&THREE_SIXTY, "360learning"),
            (&LEARNAMP, "learnamp"),
            (&LEARNUPON, "learnupon"),
            (&LEAPSOME, "leapsome"),
        ] {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("lookup_tables").join(name);
            for entry in fs::read_dir(folder).expect("the tables").flatten() {
                let path = format!("lookup_tables/{name}/{}", entry.file_name().to_string_lossy());
                assert!(files.own.iter().any(|(own, _)| *own == path), "{path} is not in the starter");
            }
        }
    }
}
