//! From a path to a runnable recipe: the one place where a recipe meets what its connectors declare.

use std::path::Path;

use crate::connector::ConnectorError;
use crate::connector::open::{Described, describe_source, describe_target, title};
use crate::model::{GroupSupport, SourceCatalogue, TargetCatalogue};
use crate::problem::{Problem, Problems};
use crate::recipe::{Draft, Recipe};

/// Loads a recipe. Every mistake in every file is added to `problems`.
pub fn load(path: &Path, problems: &mut Problems) -> Option<Recipe> {
    let draft = Draft::load(path, problems)?;
    let source = source_catalogue(&draft, problems);
    let target = target_catalogue(&draft, problems);
    draft.compile(&source, target, problems)
}

/// A recipe with its defaults filled in, for reading (`check --resolved`).
pub fn resolved(path: &Path, problems: &mut Problems) -> Option<serde_json::Value> {
    Some(Draft::load(path, problems)?.resolved().clone())
}

fn source_catalogue(draft: &Draft, problems: &mut Problems) -> SourceCatalogue {
    match describe_source(draft.source()) {
        Ok(Described::Known(catalogue)) => catalogue,
        Ok(Described::NotBuiltIn) => {
            problems.push(not_built_in(draft, "source", &draft.source().name));
            SourceCatalogue::default()
        }
        Err(error) => {
            problems.push(refused(draft, "source", &error));
            SourceCatalogue::default()
        }
    }
}

fn target_catalogue(draft: &Draft, problems: &mut Problems) -> TargetCatalogue {
    match describe_target(draft.target()) {
        Ok(Described::Known(catalogue)) => catalogue,
        Ok(Described::NotBuiltIn) => {
            problems.push(not_built_in(draft, "target", &draft.target().name));
            open_catalogue()
        }
        Err(error) => {
            problems.push(refused(draft, "target", &error));
            open_catalogue()
        }
    }
}

/// A target of which nothing is known: any field may exist.
fn open_catalogue() -> TargetCatalogue {
    let groups = GroupSupport { roles: Vec::new(), can_create: true };
    TargetCatalogue { fields: Vec::new(), complete: false, login: None, groups }
}

fn not_built_in(draft: &Draft, section: &str, name: &str) -> Problem {
    let message = format!("this version can't run the {section} {}, so its fields are not checked", title(name));
    Problem::warning("not-built-in", &draft.connector_place(section), message)
        .help("`check` and `test` work; `plan` and `sync` need a version that has it")
}

fn refused(draft: &Draft, section: &str, error: &ConnectorError) -> Problem {
    Problem::new("bad-connector", &draft.connector_place(section), error.to_string()).help(error.help())
}
