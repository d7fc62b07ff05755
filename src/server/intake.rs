//! The group commit: everything that waits is saved in one transaction, and answered when that is safe on disk. One task
//! a process writes; while it does, the next group gathers.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::JoinHandle;

use super::Limits;
use crate::store::{Arrived, Store, StoreError};

/// The most that are saved in one transaction: some hundredths of a second.
const TOGETHER: usize = 1_000;

/// How often workers look by themselves who is due.
const SOON: Duration = Duration::from_secs(1);

/// Where deliveries are kept.
pub trait Keep: Send + Sync + 'static {
    /// Saves all of them or none. When this returns, they survive a loss of power.
    fn keep(&self, arrived: &[Arrived]) -> impl Future<Output = Result<(), StoreError>> + Send;
}

impl Keep for Store {
    async fn keep(&self, arrived: &[Arrived]) -> Result<(), StoreError> {
        self.keep_deliveries(arrived).await
    }
}

/// Why a delivery was not saved, as far as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unsaved {
    /// Too many are waiting.
    Full,
    /// The database did not take it, or not in time.
    NoDatabase,
}

/// Saves deliveries. Clones share one queue.
#[derive(Debug, Clone)]
pub struct Intake {
    queue: mpsc::Sender<Waiting>,
    patience: Duration,
    saved: Arc<Notify>,
}

#[derive(Debug)]
struct Waiting {
    delivery: Arrived,
    answer: oneshot::Sender<Result<(), Unsaved>>,
}

impl Intake {
    /// Starts saving. The task ends when every clone of the intake is gone and everything that waited is saved.
    #[must_use]
    pub fn start(keep: impl Keep, limits: &Limits) -> (Self, JoinHandle<()>) {
        let (queue, waiting) = mpsc::channel(limits.waiting);
        let saved = Arc::new(Notify::new());
        let task = tokio::spawn(save(waiting, keep, Arc::clone(&saved)));
        (Self { queue, patience: limits.saving, saved }, task)
    }

    /// Is notified when people have become due, now or within a second.
    #[must_use]
    pub fn saved(&self) -> Arc<Notify> {
        Arc::clone(&self.saved)
    }

    /// Saves a delivery. When this returns, it survives a loss of power.
    pub(super) async fn save(&self, delivery: Arrived) -> Result<(), Unsaved> {
        let (answer, answered) = oneshot::channel();
        self.queue.try_send(Waiting { delivery, answer }).map_err(|_| Unsaved::Full)?;
        match tokio::time::timeout(self.patience, answered).await {
            Ok(Ok(answer)) => answer,
            // It may still be saved later, and is then there twice: that does no harm.
            Ok(Err(_)) | Err(_) => Err(Unsaved::NoDatabase),
        }
    }
}

async fn save(mut waiting: mpsc::Receiver<Waiting>, keep: impl Keep, saved: Arc<Notify>) {
    let (mut group, mut deliveries, mut answers) = (Vec::new(), Vec::new(), Vec::new());
    let mut well = true;
    while waiting.recv_many(&mut group, TOGETHER).await > 0 {
        for one in group.drain(..) {
            deliveries.push(one.delivery);
            answers.push(one.answer);
        }
        let kept = keep.keep(&deliveries).await;
        tell(&kept, &mut well);
        if kept.is_ok() && is_soon(&deliveries, Timestamp::now()) {
            saved.notify_one();
        }
        let answer = kept.map_err(|_| Unsaved::NoDatabase);
        for one in answers.drain(..) {
            // Whoever waited for too long has been answered.
            let _ = one.send(answer);
        }
        deliveries.clear();
    }
}

/// Whether somebody is due before workers look by themselves: told of every delivery, they would stand in its way.
fn is_soon(deliveries: &[Arrived], now: Timestamp) -> bool {
    let soon = now + SOON;
    deliveries.iter().any(|delivery| delivery.due.is_some_and(|due| due <= soon))
}

/// Says when it begins to go wrong and when it is well again, not once for every delivery.
fn tell(kept: &Result<(), StoreError>, well: &mut bool) {
    match kept {
        Err(error) if *well => tracing::error!(%error, help = error.help(), "deliveries can't be saved"),
        Ok(()) if !*well => tracing::warn!("deliveries are saved again"),
        _ => {}
    }
    *well = kept.is_ok();
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use futures_util::FutureExt as _;
    use tokio::sync::Semaphore;

    use super::*;
    use crate::store::DeliveryId;

    /// Keeps when it is let, and remembers in which groups.
    #[derive(Clone)]
    struct Gated {
        turns: Arc<Semaphore>,
        groups: Arc<Mutex<Vec<usize>>>,
        broken: bool,
    }

    impl Gated {
        fn new(turns: usize) -> Self {
            Self { turns: Arc::new(Semaphore::new(turns)), groups: Arc::default(), broken: false }
        }

        fn groups(&self) -> Vec<usize> {
            self.groups.lock().unwrap().clone()
        }
    }

    impl Keep for Gated {
        async fn keep(&self, arrived: &[Arrived]) -> Result<(), StoreError> {
            self.turns.acquire().await.unwrap().forget();
            self.groups.lock().unwrap().push(arrived.len());
            if self.broken { Err(StoreError::Address) } else { Ok(()) }
        }
    }

    fn delivery() -> Arrived {
        let received = Timestamp::UNIX_EPOCH;
        Arrived {
            id: DeliveryId::new("1"),
            recipe: "acme".into(),
            received,
            kind: "employee.updated".into(),
            employee: Some("1".into()),
            body: "{}".into(),
            due: Some(received),
        }
    }

    /// Deliveries that wait, each in a task of its own.
    fn deliver(intake: &Intake, count: usize) -> Vec<JoinHandle<Result<(), Unsaved>>> {
        let one = |_| {
            let intake = intake.clone();
            tokio::spawn(async move { intake.save(delivery()).await })
        };
        (0..count).map(one).collect()
    }

    #[tokio::test]
    async fn what_gathers_during_a_transaction_is_saved_by_the_next_one() {
        let gated = Gated::new(0);
        let (intake, _task) = Intake::start(gated.clone(), &Limits::default());
        let mut all = deliver(&intake, 1);
        tokio::task::yield_now().await;
        all.extend(deliver(&intake, 50));
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(all.iter().all(|one| !one.is_finished()), "nothing is answered before it is saved");
        gated.turns.add_permits(2);
        for one in all {
            assert_eq!(one.await.unwrap(), Ok(()));
        }
        assert_eq!(gated.groups().iter().sum::<usize>(), 51);
        assert_eq!(gated.groups().len(), 2);
    }

    #[tokio::test]
    async fn what_cannot_be_saved_is_answered_as_that() {
        let (intake, _task) = Intake::start(Gated { broken: true, ..Gated::new(1) }, &Limits::default());
        assert_eq!(intake.save(delivery()).await, Err(Unsaved::NoDatabase));
    }

    #[tokio::test]
    async fn one_too_many_is_turned_away_at_once_and_the_others_are_saved() {
        let gated = Gated::new(0);
        let limits = Limits { waiting: 5, ..Limits::default() };
        let (intake, _task) = Intake::start(gated.clone(), &limits);
        let mut all = deliver(&intake, 1);
        tokio::time::sleep(Duration::from_millis(20)).await;
        all.extend(deliver(&intake, 5));
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert_eq!(intake.save(delivery()).await, Err(Unsaved::Full));
        gated.turns.add_permits(2);
        for one in all {
            assert_eq!(one.await.unwrap(), Ok(()));
        }
        assert_eq!(gated.groups(), [1, 5]);
    }

    #[tokio::test]
    async fn workers_are_told_of_who_is_due_soon_and_not_of_others() {
        let (intake, _task) = Intake::start(Gated::new(9), &Limits::default());
        let saved = intake.saved();
        let later = Some(Timestamp::now() + Duration::from_secs(60));
        for due in [None, later] {
            intake.save(Arrived { due, ..delivery() }).await.unwrap();
        }
        assert!(saved.notified().now_or_never().is_none());
        intake.save(Arrived { due: Some(Timestamp::now()), ..delivery() }).await.unwrap();
        assert!(saved.notified().now_or_never().is_some());
    }

    #[tokio::test]
    async fn what_waits_is_saved_when_the_server_stops() {
        let gated = Gated::new(0);
        let (intake, task) = Intake::start(gated.clone(), &Limits::default());
        let all = deliver(&intake, 5);
        tokio::task::yield_now().await;
        drop(intake);
        gated.turns.add_permits(5);
        task.await.unwrap();
        for one in all {
            assert_eq!(one.await.unwrap(), Ok(()));
        }
    }

    #[tokio::test]
    async fn a_database_that_hangs_is_not_waited_for() {
        let limits = Limits { saving: Duration::from_millis(20), ..Limits::default() };
        let (intake, _task) = Intake::start(Gated::new(0), &limits);
        assert_eq!(intake.save(delivery()).await, Err(Unsaved::NoDatabase));
    }
}
