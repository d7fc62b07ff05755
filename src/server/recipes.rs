//! The recipes that are served, read together: paths and names must differ between them.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::served::Served;
use super::{HookError, Hooks};
use crate::connector::secrets::Secrets;
use crate::problem::Problem;

/// Recipes that can be served together.
pub(super) struct Read {
    /// By name.
    pub(super) served: BTreeMap<Arc<str>, Arc<Served>>,
    /// Where they are called.
    pub(super) hooks: Hooks,
}

/// Why recipes cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Some have problems.
    #[error("recipes have problems")]
    Problems(Vec<Problem>),
    /// There is nothing to serve.
    #[error("there is nothing to serve: no recipe has `real_time`, or a `full_sync` in its `schedule`")]
    Nothing,
    /// Two recipes go by one name.
    #[error("two recipes have the name `{0}`")]
    SameName(Arc<str>),
    /// The path or secret of a webhook.
    #[error(transparent)]
    Hook(#[from] HookError),
}

impl ReadError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &str {
        match self {
            Self::Problems(_) => "`rollbook check` shows them",
            Self::Nothing => "write one of them into a recipe, or run `rollbook sync` by a timer of your own",
            Self::SameName(_) => "links and runs are kept by this name: give each recipe its own",
            Self::Hook(error) => error.help(),
        }
    }
}

/// Reads recipes. Those that do nothing by themselves are left out.
pub(super) fn read(paths: &[PathBuf], secrets: &Secrets) -> Result<Read, ReadError> {
    let (mut served, mut problems) = (BTreeMap::new(), Vec::new());
    for path in paths {
        match Served::load(path, secrets) {
            Ok(recipe) if !recipe.does_something() => {}
            Ok(recipe) => {
                let name = Arc::clone(recipe.name());
                if served.insert(Arc::clone(&name), Arc::new(recipe)).is_some() {
                    return Err(ReadError::SameName(name));
                }
            }
            Err(found) => problems.extend(found),
        }
    }
    if !problems.is_empty() {
        return Err(ReadError::Problems(problems));
    }
    if served.is_empty() {
        return Err(ReadError::Nothing);
    }
    let real_time = served.iter().map(|(name, served)| (name, served.recipe.real_time.as_ref()));
    let hooks = Hooks::of(real_time, secrets)?;
    Ok(Read { served, hooks })
}
