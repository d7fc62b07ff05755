//! Locks of a database in memory, which is this process's alone.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedMutexGuard, OwnedRwLockReadGuard, OwnedRwLockWriteGuard, RwLock};
use tokio::time::timeout;

use super::{Locked, WORKERS};

/// The locks of each recipe, and of whoever serves.
#[derive(Debug, Clone, Default)]
pub(in crate::store) struct Held {
    recipes: Arc<Mutex<BTreeMap<String, Recipe>>>,
    serving: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Debug, Clone, Default)]
struct Recipe {
    /// A sync holds it; another one need not wait for the lock to know.
    sync: Arc<tokio::sync::Mutex<()>>,
    /// Fair: who waits to have it alone is let in before others that would share it.
    work: Arc<RwLock<()>>,
    mail: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Debug)]
pub(super) enum Guard {
    Alone { _work: OwnedRwLockWriteGuard<()>, _sync: OwnedMutexGuard<()> },
    Shared { _work: OwnedRwLockReadGuard<()> },
}

impl Held {
    pub(super) async fn lock(&self, recipe: &str) -> Locked<Guard> {
        let Recipe { sync, work, .. } = self.recipe(recipe);
        let Ok(sync) = sync.try_lock_owned() else { return Locked::Taken };
        match timeout(WORKERS, work.write_owned()).await {
            Ok(work) => Locked::Ours(Guard::Alone { _work: work, _sync: sync }),
            Err(_) => Locked::Shared,
        }
    }

    pub(super) fn share(&self, recipe: &str) -> Option<Guard> {
        let work = self.recipe(recipe).work.try_read_owned().ok()?;
        Some(Guard::Shared { _work: work })
    }

    /// The mails of a recipe, for one to send.
    pub(in crate::store) fn send(&self, recipe: &str) -> Option<OwnedMutexGuard<()>> {
        self.recipe(recipe).mail.try_lock_owned().ok()
    }

    /// The place of the one that serves.
    pub(in crate::store) fn serve(&self) -> Option<OwnedMutexGuard<()>> {
        Arc::clone(&self.serving).try_lock_owned().ok()
    }

    fn recipe(&self, recipe: &str) -> Recipe {
        self.recipes.lock().unwrap_or_else(PoisonError::into_inner).entry(recipe.to_owned()).or_default().clone()
    }
}
