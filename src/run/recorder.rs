//! Saving what a run learns beside the run's own work: one batch is saved while the next is put together.

use tokio::task::JoinHandle;
use tracing::Instrument as _;

use super::RunError;
use crate::store::{Batch, Lease, RunId, Store, StoreError};

/// Saves batches one after the other, in the order in which they were handed over.
pub(super) struct Recorder {
    store: Store,
    lease: Lease,
    /// The run whose outcomes are saved with everything else; nothing in real time, which saves them at the end.
    run: Option<RunId>,
    /// The batch that is being saved.
    saving: Option<JoinHandle<Result<(), StoreError>>>,
}

impl Recorder {
    pub(super) fn new(store: &Store, lease: &Lease, run: Option<&RunId>) -> Self {
        Self { store: store.clone(), lease: lease.clone(), run: run.cloned(), saving: None }
    }

    /// Begins to save a batch, once everything before it is saved. This one is safe when [`Self::saved`] has said so.
    ///
    /// # Errors
    /// When what came before could not be saved.
    pub(super) async fn save(&mut self, batch: Batch) -> Result<(), RunError> {
        self.saved().await?;
        if !batch.is_empty() {
            let (store, lease, run) = (self.store.clone(), self.lease.clone(), self.run.clone());
            let saving = async move { record(&store, &lease, run.as_ref(), &batch).await };
            self.saving = Some(tokio::spawn(saving.in_current_span()));
        }
        Ok(())
    }

    /// Saves a batch before anything else goes on: where there is nothing that could, this takes less memory.
    ///
    /// # Errors
    /// When this, or what came before, could not be saved.
    pub(super) async fn save_now(&mut self, batch: Batch) -> Result<(), RunError> {
        self.saved().await?;
        if !batch.is_empty() {
            record(&self.store, &self.lease, self.run.as_ref(), &batch).await?;
        }
        Ok(())
    }

    /// Waits until everything that was handed over is saved. May be given up and asked again.
    ///
    /// # Errors
    /// When it could not be saved: then nothing more may be written, as it would not be remembered.
    pub(super) async fn saved(&mut self) -> Result<(), RunError> {
        let Some(saving) = &mut self.saving else { return Ok(()) };
        let done = saving.await;
        self.saving = None;
        match done {
            Ok(saved) => Ok(saved?),
            // Nobody stops it: this is a panic, and stays one.
            Err(broken) => std::panic::resume_unwind(broken.into_panic()),
        }
    }
}

async fn record(store: &Store, lease: &Lease, run: Option<&RunId>, batch: &Batch) -> Result<(), StoreError> {
    match run {
        Some(run) => store.record(lease, run, batch).await,
        None => store.record_without_run(lease, batch).await,
    }
}
