//! A plan on disk: made, reviewed by people, and applied exactly as saved, or refused because something has moved since.

use std::io::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::engine::Inputs;
use crate::engine::fingerprint::{Fingerprint, plan_hash};
use crate::model::Plan;
use crate::private;
use crate::recipe::Recipe;
use crate::run::RunError;

/// The form of the file; raised when an older one can no longer be read.
const VERSION: u32 = 1;

/// A saved plan.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SavedPlan {
    version: u32,
    fingerprint: Fingerprint,
    plan: Plan,
}

impl SavedPlan {
    /// A plan together with what it was made from.
    #[must_use]
    pub fn new(recipe: &Recipe, inputs: &Inputs<'_>, plan: &Plan) -> Self {
        Self { version: VERSION, fingerprint: Fingerprint::of(recipe, inputs, plan), plan: plan.clone() }
    }

    /// Writes the file, whole or not at all.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), RunError> {
        let failed = |error: &std::io::Error| RunError::Output {
            message: format!("the plan can't be saved as `{}`: {error}", path.display()),
            help: "check that the folder exists and can be written to".to_owned(),
        };
        let beside = path.with_extension("part");
        let write = || -> std::io::Result<()> {
            // A plan holds personal data.
            let mut file = std::io::BufWriter::new(private::writing().create(true).truncate(true).open(&beside)?);
            serde_json::to_writer_pretty(&mut file, self)?;
            file.write_all(b"\n")?;
            file.into_inner()?.sync_all()?;
            std::fs::rename(&beside, path)
        };
        write().map_err(|error| {
            // A half-written file must not stay; that it cannot be removed either adds nothing to the error.
            let _ = std::fs::remove_file(&beside);
            failed(&error)
        })
    }

    /// Reads a file, and refuses one that was altered after it was saved.
    ///
    /// # Errors
    /// When it is no saved plan, or not as it was saved.
    pub fn read(path: &Path) -> Result<Self, RunError> {
        let refused = |why: String, help: &str| RunError::SavedPlan {
            message: format!("`{}` can't be applied: {why}", path.display()),
            help: help.to_owned(),
        };
        let again = "make a new one with `rollbook plan RECIPE --out FILE`";
        let bytes = std::fs::read(path).map_err(|error| refused(format!("it can't be read ({error})"), again))?;
        let saved: Self = serde_json::from_slice(&bytes).map_err(|error| {
            refused(format!("it is no saved plan (line {}, column {})", error.line(), error.column()), again)
        })?;
        if saved.version != VERSION {
            return Err(refused(format!("it has version {}, and this program reads {VERSION}", saved.version), again));
        }
        if plan_hash(&saved.plan) != saved.fingerprint.plan {
            return Err(refused("it was changed after it was saved".to_owned(), again));
        }
        Ok(saved)
    }

    /// The plan, if everything it was made from is still so.
    ///
    /// # Errors
    /// When the plan is another recipe's, or stale; the words say what has moved.
    pub fn into_plan(self, recipe: &Recipe, inputs: &Inputs<'_>) -> Result<Plan, RunError> {
        if self.plan.recipe != recipe.name {
            return Err(RunError::SavedPlan {
                message: format!("the plan is for the recipe `{}`, not `{}`", self.plan.recipe, recipe.name),
                help: "name the recipe that the plan was made with".to_owned(),
            });
        }
        let moved = self.fingerprint.moved(&Fingerprint::of(recipe, inputs, &self.plan));
        if moved.is_empty() {
            return Ok(self.plan);
        }
        Err(RunError::SavedPlan {
            message: format!("the plan is stale; since it was saved, this has moved: {}", moved.join("; ")),
            help: "nothing was written; make a new plan with `rollbook plan RECIPE --out FILE` and review it"
                .to_owned(),
        })
    }
}
