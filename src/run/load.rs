//! From a path to a runnable recipe: the one place where a recipe meets what its connectors declare.

use std::path::Path;

use super::RunError;
use crate::connector::ConnectorError;
use crate::connector::open::{Described, describe_source, describe_target, open_target, title};
use crate::connector::secrets::Secrets;
use crate::model::{GroupSupport, SourceCatalogue, TargetCatalogue};
use crate::problem::{Problem, Problems};
use crate::recipe::examples::{self, Names};
use crate::recipe::{Draft, Recipe};

/// Loads a recipe. Every mistake in every file of it is added to `problems`.
pub fn load(path: &Path, problems: &mut Problems) -> Option<Recipe> {
    compile(Draft::load(path, problems)?, problems)
}

/// The same for files that were read already.
pub fn compile(draft: Draft, problems: &mut Problems) -> Option<Recipe> {
    let source = source_catalogue(&draft, problems);
    let target = target_catalogue(&draft, problems);
    draft.compile(&source, target, problems)
}

/// Loads a recipe that is going to be run: a target's custom fields are known only by asking it.
///
/// # Errors
/// When the target cannot be asked.
pub async fn load_to_run(path: &Path, secrets: &Secrets, problems: &mut Problems) -> Result<Option<Recipe>, RunError> {
    match Draft::load(path, problems) {
        Some(draft) => compile_to_run(draft, secrets, problems).await,
        None => Ok(None),
    }
}

/// The same for files that were read already.
///
/// # Errors
/// When the target cannot be asked.
pub async fn compile_to_run(
    draft: Draft,
    secrets: &Secrets,
    problems: &mut Problems,
) -> Result<Option<Recipe>, RunError> {
    let source = source_catalogue(&draft, problems);
    let mut target = target_catalogue(&draft, problems);
    if must_be_asked(&target) && !problems.any_fatal() {
        target = open_target(draft.target(), secrets)?.catalogue().await?;
    }
    Ok(draft.compile(&source, target, problems))
}

/// Whether a target has told what every tenant of it has, and not yet what this one has.
pub(super) fn must_be_asked(target: &TargetCatalogue) -> bool {
    !target.complete && !target.fields.is_empty()
}

/// Loads a recipe and the examples beside it, for the mistakes in either.
pub fn check(path: &Path, problems: &mut Problems) -> Option<Recipe> {
    check_against(path, None, None, problems)
}

/// The same, with the catalogues of source and target as they are now where that is known.
pub fn check_against(
    path: &Path,
    source: Option<SourceCatalogue>,
    target: Option<TargetCatalogue>,
    problems: &mut Problems,
) -> Option<Recipe> {
    let examples_path = Some(Recipe::examples_path(path)).filter(|path| path.exists());
    let draft = Draft::load(path, problems);
    let short_names = draft.as_ref().map(Draft::short_names).unwrap_or_default();
    let source = source.or_else(|| draft.as_ref().map(|draft| source_catalogue(draft, problems)));
    let source = source.unwrap_or_else(|| SourceCatalogue::open("the source"));
    let target = target.or_else(|| draft.as_ref().map(|draft| target_catalogue(draft, problems)));
    let target = target.unwrap_or_else(open_catalogue);
    let recipe = draft.and_then(|draft| draft.compile(&source, target.clone(), problems));
    match (&recipe, examples_path) {
        (_, None) => {}
        (Some(recipe), Some(path)) => _ = examples::load(&path, recipe, problems),
        (None, Some(path)) => {
            let names = Names { source: &source, target: &target, short_names: &short_names };
            examples::check(&path, &names, problems);
        }
    }
    recipe
}

/// A recipe with its defaults filled in, for reading (`check --resolved`).
pub fn resolved(path: &Path, problems: &mut Problems) -> Option<serde_json::Value> {
    Some(Draft::load(path, problems)?.resolved().clone())
}

fn source_catalogue(draft: &Draft, problems: &mut Problems) -> SourceCatalogue {
    let found = describe_source(draft.source());
    let Some(catalogue) = described(found, draft, "source", &draft.source().name, problems) else {
        return SourceCatalogue::open(title(&draft.source().name));
    };
    SourceCatalogue { complete: catalogue.complete && draft.is_whole("source"), ..catalogue }
}

fn target_catalogue(draft: &Draft, problems: &mut Problems) -> TargetCatalogue {
    let found = describe_target(draft.target());
    let Some(catalogue) = described(found, draft, "target", &draft.target().name, problems) else {
        return open_catalogue();
    };
    TargetCatalogue { complete: catalogue.complete && draft.is_whole("target"), ..catalogue }
}

/// What a connector declares. Where the schema has found its section wrong, nothing is said of it a second time.
fn described<C>(
    found: Result<Described<C>, ConnectorError>,
    draft: &Draft,
    section: &str,
    name: &str,
    problems: &mut Problems,
) -> Option<C> {
    match found {
        Ok(Described::Known(catalogue)) => return Some(catalogue),
        Ok(Described::NotBuiltIn) => problems.push(not_built_in(draft, section, name)),
        Err(ConnectorError::Settings { .. }) if !draft.is_whole(section) => {}
        Err(error) => problems.push(refused(draft, section, &error)),
        Ok(Described::Unknown) => {}
    }
    None
}

/// A target of which nothing is known: any field may exist.
fn open_catalogue() -> TargetCatalogue {
    let groups = GroupSupport { roles: Vec::new(), can_create: true, listed: true, add_only: false };
    TargetCatalogue { fields: Vec::new(), complete: false, groups, ..TargetCatalogue::default() }
}

fn not_built_in(draft: &Draft, section: &str, name: &str) -> Problem {
    let message = format!("this version can't run the {section} {}, so its fields are not checked", title(name));
    Problem::warning("not-built-in", &draft.connector_place(section), message)
        .help("`check` and `test` work; `plan` and `sync` need a version that has it")
}

pub(super) fn refused(draft: &Draft, section: &str, error: &ConnectorError) -> Problem {
    let message = error.to_string();
    Problem::new("bad-connector", &draft.setting_place(section, &message), message).help(error.help())
}
