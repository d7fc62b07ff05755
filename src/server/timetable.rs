//! Runs a recipe's full sync when its time has come: once, whoever of several processes does it, and once for all that was
//! missed.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Notify, watch};

use super::served::Served;
use crate::connector::secrets::Secrets;
use crate::engine::brake::Approvals;
use crate::metrics::Metrics;
use crate::run::sync::{Request, sync};
use crate::run::{Quiet, RunError, Stop, alerts};
use crate::stage::cadence::Cadence;
use crate::stage::today::Now;
use crate::store::{StartedBy, Store, StoreError};

/// The longest wait without looking at the clock, which may have been set.
const GLANCE: Duration = Duration::from_secs(30);
/// How soon to see whether another process has done it.
const TAKEN: Duration = Duration::from_secs(5);
/// How soon a run that could not begin is tried again, and how often.
const AGAIN: [Duration; 3] = [Duration::from_secs(60), Duration::from_secs(300), Duration::from_secs(1_800)];

/// What runs one recipe's full syncs.
pub(super) struct Timetable {
    pub(super) served: Arc<Served>,
    pub(super) cadence: Cadence,
    pub(super) store: Store,
    pub(super) secrets: Secrets,
    pub(super) metrics: Metrics,
    /// Told when a report is due.
    pub(super) reports: Arc<Notify>,
    /// True when it is to stop.
    pub(super) stop: watch::Receiver<bool>,
}

impl Timetable {
    /// Runs full syncs until it is told to stop. A sync under way ends after the writes that it has sent, and is finished by
    /// the next.
    pub(super) async fn run(mut self) {
        let mut tries = 0;
        while !*self.stop.borrow() {
            let wait = match self.turn(&mut tries).await {
                Ok(wait) => wait,
                Err(error) => {
                    tracing::warn!(recipe.name = %self.served.name(), %error, help = error.help(), "the schedule waits");
                    GLANCE
                }
            };
            tokio::select! {
                _ = self.stop.changed() => break,
                () = tokio::time::sleep(wait.min(GLANCE)) => {}
            }
        }
    }

    /// Runs if it is time. Says how long to wait.
    async fn turn(&mut self, tries: &mut usize) -> Result<Duration, RunError> {
        let name = Arc::clone(self.served.name());
        let now = Timestamp::now();
        // A clock that has been set back is no reason to wait until it is there again.
        let done = self.store.slots_done(&name, now).await?.min(now);
        let Some(next) = self.cadence.next_after(done) else { return Ok(GLANCE) };
        if next > now {
            return Ok(Duration::try_from(next.duration_since(now)).unwrap_or(GLANCE));
        }
        match self.sync().await {
            // Stopped on the way: whoever goes on finishes it.
            Ok(()) if *self.stop.borrow() => return Ok(Duration::ZERO),
            Ok(()) => {}
            Err(RunError::Store(StoreError::Leased { .. } | StoreError::Handling { .. })) => return Ok(TAKEN),
            Err(error) => {
                self.served.close().await;
                tracing::error!(recipe.name = %name, %error, help = error.help(), "the scheduled sync could not begin");
                if let Some(wait) = AGAIN.get(*tries) {
                    *tries += 1;
                    return Ok(*wait);
                }
            }
        }
        *tries = 0;
        self.store.slots_are_done(&name, now).await?;
        Ok(Duration::ZERO)
    }

    async fn sync(&self) -> Result<(), RunError> {
        let open = match self.served.open().await {
            Ok(open) => open,
            Err(error) => {
                alerts::note_error(&self.served.recipe, alerts::FULL_SYNC, &error, &self.store).await;
                return Err(error);
            }
        };
        let request = Request {
            recipe: &open.recipe,
            secrets: &self.secrets,
            now: Now::At(Timestamp::now()),
            approvals: Approvals::new(),
            saved: None,
            verify: false,
            started_by: StartedBy::Schedule,
            progress: &Quiet,
            stop: Stop::when(self.stop.clone()),
        };
        let synced = sync(request, &self.store).await;
        // Of a run that could not begin as well.
        self.reports.notify_one();
        self.metrics.run(self.served.name(), synced?.status);
        Ok(())
    }
}
