//! One run of a recipe at a time.
//!
//! Whether a recipe is leased is decided by a lock on a file beside the database, which the operating system frees the
//! moment a process ends, however it ends. The `leases` table only says who it is. Lock files are never deleted:
//! two processes could otherwise hold locks on two files of one name.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs::{File, TryLockError};
use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

use super::{Place, Store, StoreError, beside, error, private_file, runs};

/// The right to run a recipe. Dropping it, or dying, gives it back.
#[derive(Debug)]
#[must_use = "the recipe is free again when this is dropped"]
pub struct Lease {
    _guard: Guard,
}

#[derive(Debug)]
enum Guard {
    /// Locked for as long as it is open.
    File { _locked: File },
    /// In the set for as long as it lives.
    Memory { held: Held, recipe: String },
}

/// The recipes that are leased from an in-memory database.
#[derive(Debug, Clone, Default)]
pub(super) struct Held(Arc<Mutex<BTreeSet<String>>>);

impl Drop for Guard {
    fn drop(&mut self) {
        if let Self::Memory { held, recipe } = self {
            held.0.lock().unwrap_or_else(PoisonError::into_inner).remove(recipe);
        }
    }
}

impl Store {
    /// Takes a recipe's lease; `holder` is what a second run is told, such as `process 4711 (sync)`.
    ///
    /// # Errors
    /// [`StoreError::Leased`] while somebody else has it.
    pub async fn lease(&self, recipe: &str, holder: &str) -> Result<Lease, StoreError> {
        let Some(guard) = self.guard(recipe)? else {
            return Err(self.refusal(recipe).await?);
        };
        sqlx::query(
            "INSERT INTO leases (recipe, holder, since) VALUES ($1, $2, $3) \
             ON CONFLICT (recipe) DO UPDATE SET holder = excluded.holder, since = excluded.since",
        )
        .bind(recipe)
        .bind(holder)
        .bind(Timestamp::now().as_millisecond())
        .execute(&self.pool)
        .await
        .map_err(|error| self.failed(error))?;
        Ok(Lease { _guard: guard })
    }

    /// The lock itself, or nothing if somebody else has it.
    fn guard(&self, recipe: &str) -> Result<Option<Guard>, StoreError> {
        match &self.place {
            Place::Memory(held) => {
                let new = held.0.lock().unwrap_or_else(PoisonError::into_inner).insert(recipe.to_owned());
                Ok(new.then(|| Guard::Memory { held: held.clone(), recipe: recipe.to_owned() }))
            }
            Place::File(path) => {
                let path = beside(path, &format!("{}.lock", slug(recipe)));
                let failed = |error| error::file(&path.display().to_string(), error);
                let file = private_file(&path).map_err(failed)?;
                match file.try_lock() {
                    Ok(()) => Ok(Some(Guard::File { _locked: file })),
                    Err(TryLockError::WouldBlock) => Ok(None),
                    Err(TryLockError::Error(error)) => Err(failed(error)),
                }
            }
        }
    }

    async fn refusal(&self, recipe: &str) -> Result<StoreError, StoreError> {
        let row: Option<(String, i64)> = sqlx::query_as("SELECT holder, since FROM leases WHERE recipe = $1")
            .bind(recipe)
            .fetch_optional(&self.pool)
            .await
            .map_err(|error| self.failed(error))?;
        // There is no row for the moment between another process's lock and its entry.
        let (holder, since) = row.unwrap_or_else(|| ("another process".to_owned(), Timestamp::now().as_millisecond()));
        let since = runs::moment(since).map_err(|error| self.failed(error))?;
        Ok(StoreError::Leased { recipe: recipe.to_owned(), holder, since })
    }
}

/// A recipe's name as part of a file name, different for different names even where files differ only in case.
fn slug(recipe: &str) -> String {
    let mut slug = String::with_capacity(recipe.len());
    for byte in recipe.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => slug.push(char::from(byte)),
            // Writing to a string does not fail.
            _ => _ = write!(slug, "={byte:02x}"),
        }
    }
    slug
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn recipes_whose_names_look_alike_have_different_lock_files() {
        assert_eq!(slug("acme-learnupon"), "acme-learnupon");
        assert_eq!(slug("Acme/é"), "=41cme=2f=c3=a9");
        assert_ne!(slug("a b"), slug("a-b"));
    }
}
