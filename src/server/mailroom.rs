//! Sees to it that mails leave: makes those of reports that are due, and sends what waits, of every recipe.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::{Notify, watch};

use crate::recipe::Recipe;
use crate::run::Stop;
use crate::run::mailing::{Post, post_what_is_due};
use crate::run::sending::{Which, send};
use crate::store::{Store, StoreError};

/// How often it is seen whether something is due that nobody has told of.
const LOOK: Duration = Duration::from_secs(5);

/// How soon it is tried again to make a mail that could not be made: it may be a large one.
const AGAIN: Duration = Duration::from_secs(60);

/// What makes and sends mails, for all recipes.
pub(super) struct Mailroom {
    /// Those that are served: their reports can be made here.
    pub(super) recipes: watch::Receiver<Vec<Arc<Recipe>>>,
    pub(super) store: Store,
    pub(super) post: Arc<Post>,
    /// Tells that there may be something to do.
    pub(super) asked: Arc<Notify>,
    /// True when it is to stop.
    pub(super) stop: watch::Receiver<bool>,
}

impl Mailroom {
    /// Makes and sends mails until it is told to stop. A mail that is being handed over is finished.
    pub(super) async fn run(mut self) {
        let mut refused = BTreeMap::new();
        while !*self.stop.borrow() {
            self.make(&mut refused).await;
            if let Err(error) = self.send().await {
                tracing::debug!(%error, "it is not known which mails are due");
            }
            tokio::select! {
                _ = self.stop.changed() => break,
                () = self.asked.notified() => {}
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }

    /// Makes the mails of reports that are due.
    async fn make(&self, refused: &mut BTreeMap<Arc<str>, Instant>) {
        let recipes = self.recipes.borrow().clone();
        for recipe in recipes {
            if refused.get(&recipe.name).is_some_and(|at| at.elapsed() < AGAIN) {
                continue;
            }
            let failed = match post_what_is_due(&recipe, &self.store, &self.post).await {
                Ok((_, failed)) => failed,
                Err(error) => Some(error.into()),
            };
            match failed {
                None => _ = refused.remove(&recipe.name),
                // Said once: it is tried again and again.
                Some(error) if refused.insert(recipe.name.clone(), Instant::now()).is_none() => {
                    tracing::error!(recipe.name = %recipe.name, %error, help = error.help(), "a report is not sent; it is tried again");
                }
                Some(_) => {}
            }
        }
    }

    /// Sends mails whose time has come.
    async fn send(&self) -> Result<(), StoreError> {
        let stop = Stop::when(self.stop.clone());
        for recipe in self.store.recipes_with_mail(Timestamp::now()).await? {
            if stop.is_asked() {
                break;
            }
            if let Err(error) = send(&recipe, &self.store, &self.post, &stop, Which::Due).await {
                tracing::warn!(recipe.name = %recipe, %error, help = error.help(), "mails wait");
            }
        }
        Ok(())
    }
}
