//! A recipe that is served: as it was when it was last right, opened when it is first needed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::Mutex;

use crate::connector::secrets::Secrets;
use crate::problem::{Problem, Problems};
use crate::recipe::{Draft, Recipe};
use crate::run::event::OpenRecipe;
use crate::run::{RunError, load};

/// A recipe that is served.
pub(super) struct Served {
    /// Where its file is.
    pub(super) path: PathBuf,
    /// As it is without asking its target: its name, and what is done by itself.
    pub(super) recipe: Arc<Recipe>,
    /// Its files as they were read: what stands there now may be wrong.
    draft: Draft,
    secrets: Secrets,
    open: Mutex<Option<Arc<OpenRecipe>>>,
}

impl Served {
    /// Reads a recipe. Source and target are not asked for anything: deliveries are taken while they are away.
    ///
    /// # Errors
    /// With every problem, when it cannot be run.
    pub(super) fn load(path: &Path, secrets: &Secrets) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::new();
        let Some(draft) = Draft::load(path, &mut problems) else { return Err(problems.into_sorted()) };
        let Some(recipe) = load::compile(draft.clone(), &mut problems) else { return Err(problems.into_sorted()) };
        Ok(Self {
            path: path.to_owned(),
            recipe: Arc::new(recipe),
            draft,
            secrets: secrets.clone(),
            open: Mutex::default(),
        })
    }

    /// Its name.
    pub(super) fn name(&self) -> &Arc<str> {
        &self.recipe.name
    }

    /// Whether this is the same text from the same place.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.path == other.path && self.recipe.texts_hash == other.recipe.texts_hash
    }

    /// Whether anything of it is done without being asked for.
    pub(super) fn does_something(&self) -> bool {
        let scheduled = self.recipe.schedule.as_ref().is_some_and(|schedule| schedule.full_sync.is_some());
        scheduled || self.recipe.real_time.is_some()
    }

    /// The recipe with source and target, opened once.
    ///
    /// # Errors
    /// When its target cannot be asked what it takes, or no longer takes what the recipe gives it.
    pub(super) async fn open(&self) -> Result<Arc<OpenRecipe>, RunError> {
        let mut open = self.open.lock().await;
        if let Some(open) = &*open {
            return Ok(Arc::clone(open));
        }
        let mut problems = Problems::new();
        let recipe = load::compile_to_run(self.draft.clone(), &self.secrets, &mut problems).await?;
        let recipe = recipe.ok_or_else(|| RunError::NotFound {
            message: format!("{} has problems with what its target takes now", self.path.display()),
            help: format!("`rollbook check --live {}` shows them", self.path.display()),
        })?;
        let opened = Arc::new(OpenRecipe::open(Arc::new(recipe), &self.secrets)?);
        *open = Some(Arc::clone(&opened));
        Ok(opened)
    }

    /// Lets go of source and target, to be opened anew: a secret may have been replaced.
    pub(super) async fn close(&self) {
        *self.open.lock().await = None;
    }
}
