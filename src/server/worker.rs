//! Looks at people of one recipe when they are due, several parts at a time, and never beside a full sync.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use jiff::Timestamp;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};
use tracing::Instrument as _;

use super::pause::Pauses;
use super::served::Served;
use crate::metrics::Metrics;
use crate::model::{EmployeeId, OutcomeKind};
use crate::run::event::Looked;
use crate::run::{RunError, alerts};
use crate::store::{Claim, Ending, LookedAt, Store};

/// How many people are looked at together.
const TOGETHER: usize = 50;
/// How many such parts are under way at a time.
const AT_ONCE: usize = 4;
/// How often it is seen whether somebody is due of whom this process was not told: by other replicas, or by a day.
const POLL: Duration = Duration::from_secs(1);
/// How often it is tried whether a full sync is over.
const SYNC: Duration = Duration::from_millis(200);
/// How long people in hand are waited for when the server stops.
const FAREWELL: Duration = Duration::from_secs(30);

/// What works on one recipe's people.
pub(super) struct Worker {
    pub(super) served: Arc<Served>,
    pub(super) store: Store,
    pub(super) replica: Arc<str>,
    pub(super) metrics: Metrics,
    /// Notified when deliveries were saved.
    pub(super) saved: Arc<Notify>,
    /// True when it is to stop.
    pub(super) stop: watch::Receiver<bool>,
}

/// A part that was looked at: the claims, in case they have to be given back.
type Done = (Vec<Claim>, Result<Looked, RunError>);

impl Worker {
    /// Works until it is told to stop, and then finishes what it has in hand.
    pub(super) async fn run(mut self) {
        let mut looks = JoinSet::new();
        let mut pauses = Pauses::none();
        let (mut not_before, mut wait) = (Instant::now(), Duration::ZERO);
        let mut woken = None;
        while !*self.stop.borrow() {
            let rest = not_before.saturating_duration_since(Instant::now());
            tokio::select! {
                _ = self.stop.changed() => break,
                () = self.saved.notified(), if rest.is_zero() => {}
                () = tokio::time::sleep(wait.max(rest)) => {}
                Some(done) = looks.join_next() => {
                    if let Ok(done) = done && let Some(pause) = self.take(done, &mut pauses).await {
                        not_before = Instant::now() + pause;
                    }
                    wait = Duration::ZERO;
                }
            }
            if Instant::now() < not_before {
                continue;
            }
            match self.begin(&mut looks, &mut woken).await {
                Ok(next) => wait = next,
                Err(error) => not_before = Instant::now() + self.failed(&error, &mut pauses).await,
            }
        }
        let in_hand = async {
            while let Some(done) = looks.join_next().await {
                if let Ok(done) = done {
                    self.take(done, &mut pauses).await;
                }
            }
        };
        if timeout(FAREWELL, in_hand).await.is_err() {
            tracing::warn!(recipe.name = %self.served.name(), "people in hand are left to whoever goes on");
        }
    }

    /// Begins with those who are due. Says when there is something to see to again.
    async fn begin(&self, looks: &mut JoinSet<Done>, woken: &mut Option<Instant>) -> Result<Duration, RunError> {
        let name = self.served.name();
        let now = Timestamp::now();
        if woken.is_none_or(|woken| woken.elapsed() >= POLL) {
            self.store.wake(name, now).await?;
            *woken = Some(Instant::now());
        }
        loop {
            if looks.len() >= AT_ONCE {
                return Ok(POLL);
            }
            let wait = until(self.store.next_due(name).await?, now);
            if wait > Duration::ZERO {
                return Ok(wait.min(POLL));
            }
            let Some(lease) = self.store.share(name).await? else { return Ok(SYNC) };
            let open = self.served.open().await?;
            let claims = self.store.claim(name, &self.replica, now, TOGETHER).await?;
            if claims.is_empty() {
                return Ok(POLL);
            }
            let (store, replica) = (self.store.clone(), Arc::clone(&self.replica));
            let span = tracing::info_span!("look", recipe.name = %name, people = claims.len());
            let look = async move {
                let look = open.look(&claims, &replica, &store, &lease, Timestamp::now());
                let looked = AssertUnwindSafe(look).catch_unwind().await.unwrap_or_else(|_| Err(broken()));
                drop(lease);
                (claims, looked)
            };
            looks.spawn(look.instrument(span));
        }
    }

    /// Counts what was done; gives back what was not. Says how long everybody has to wait, if so.
    async fn take(&self, (claims, looked): Done, pauses: &mut Pauses) -> Option<Duration> {
        match looked {
            Ok(looked) => {
                self.count(&claims, &looked);
                let asked: Vec<EmployeeId> = claims.into_iter().map(|claim| claim.employee).collect();
                alerts::note_look(&self.served.recipe, &asked, &looked, &self.store).await;
                match looked.cut_short.map(RunError::from) {
                    Some(error) => Some(self.failed(&error, pauses).await),
                    None => {
                        pauses.reset();
                        None
                    }
                }
            }
            Err(error) => {
                let wait = self.failed(&error, pauses).await;
                self.give_back(claims).await;
                Some(wait)
            }
        }
    }

    fn count(&self, claims: &[Claim], looked: &Looked) {
        let (name, now) = (self.served.name(), Timestamp::now());
        if !looked.findings.is_empty() {
            let groups = looked.findings.len();
            tracing::warn!(recipe.name = %name, groups, "groups or teams could not be made or changed; a full sync's report says why");
        }
        let since = claims.iter().map(|claim| now.duration_since(claim.marked).unsigned_abs());
        since.for_each(|since| self.metrics.real_time(name, since));
        for kind in OutcomeKind::ALL {
            let people = looked.outcomes.iter().filter(|outcome| outcome.kind == kind).count();
            if people > 0 {
                self.metrics.outcomes(name, kind, u64::try_from(people).unwrap_or(u64::MAX));
            }
        }
    }

    /// Nobody's fault: everybody waits, and source and target are opened anew, as a secret may have been replaced.
    async fn failed(&self, error: &RunError, pauses: &mut Pauses) -> Duration {
        if matches!(error, RunError::Connector(_)) {
            self.served.close().await;
        }
        alerts::note_error(&self.served.recipe, alerts::REAL_TIME, error, &self.store).await;
        let wait = pauses.after(error);
        let wait_s = wait.as_secs_f64();
        tracing::warn!(recipe.name = %self.served.name(), %error, help = error.help(), wait_s, "real time stands still");
        wait
    }

    /// Lets others, or this worker later, claim the same people. Until the database takes that, they stay claimed.
    async fn give_back(&self, claims: Vec<Claim>) {
        let now = Timestamp::now();
        let endings = claims.into_iter().map(|claim| (claim, Ending::Again(now))).collect();
        let looked = LookedAt { endings, ..LookedAt::default() };
        let mut stop = self.stop.clone();
        while self.store.looked_at(self.served.name(), &self.replica, now, &looked).await.is_err() {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                () = tokio::time::sleep(POLL) => {}
            }
        }
    }
}

/// A fault of the program's own: nobody is lost over it.
fn broken() -> RunError {
    RunError::Output {
        message: "looking at people broke off".to_owned(),
        help: "this is a fault of the program: please report it with the lines around it".to_owned(),
    }
}

/// How long until a moment; the longest there is if there is none.
fn until(moment: Option<Timestamp>, now: Timestamp) -> Duration {
    match moment {
        Some(moment) => Duration::try_from(moment.duration_since(now)).unwrap_or(Duration::ZERO),
        None => Duration::MAX,
    }
}
