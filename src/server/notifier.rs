//! Sees to it that people are told what is wrong with a recipe.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Notify, watch};

use super::served::Served;
use crate::run::mailing::Post;
use crate::run::telling::tell;
use crate::store::Store;

/// How often it is seen whether there is something to tell.
const LOOK: Duration = Duration::from_secs(10);

/// What tells of one recipe.
pub(super) struct Notifier {
    pub(super) served: Arc<Served>,
    pub(super) store: Store,
    pub(super) post: Arc<Post>,
    /// Told when there may be a mail to send.
    pub(super) mails: Arc<Notify>,
    /// True when it is to stop.
    pub(super) stop: watch::Receiver<bool>,
}

impl Notifier {
    /// Tells until it is told to stop.
    pub(super) async fn run(mut self) {
        while !*self.stop.borrow() {
            match tell(&self.served.recipe, &self.store, &self.post, Timestamp::now()).await {
                Ok(()) => self.mails.notify_one(),
                Err(error) => {
                    tracing::debug!(recipe.name = %self.served.name(), %error, "it is not known what there is to tell");
                }
            }
            tokio::select! {
                _ = self.stop.changed() => break,
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    }
}
