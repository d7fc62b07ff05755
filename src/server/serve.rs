//! `rollbook serve` as a whole: what runs, what is read again, and how it ends.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::sync::{Notify, watch};
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::crews::Crews;
use super::intake::Intake;
use super::recipes::{self, ReadError};
use super::router::Gateway;
use super::signals::{self, Asked};
use super::{Limits, connections};
use crate::connector::secrets::Secrets;
use crate::metrics::Metrics;
use crate::run::mailing::Post;
use crate::store::{Replica, Store, StoreError};

/// How often the recipes' files are looked at.
const LOOK_AT_FILES: Duration = Duration::from_secs(2);
/// How often it is seen whether another process has died with people in hand.
const TAKE_OVER: Duration = Duration::from_secs(1);
/// How often old rows are let go.
const PRUNE: Duration = Duration::from_secs(3_600);
/// How long what is in hand is waited for at the end: below what service managers allow before they kill (90 s).
const FAREWELL: Duration = Duration::from_secs(60);

/// What to serve, and how.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Where webhooks, health and metrics are answered.
    pub listen: SocketAddr,
    /// The recipes, or every one in this folder.
    pub recipes: Recipes,
    /// The state database.
    pub database: String,
    /// Where secrets are looked up.
    pub secrets: Secrets,
    /// How mail leaves.
    pub post: Post,
    /// For how long deliveries, and what became of people in real time, are kept.
    pub keep: Duration,
}

/// Which recipes are served.
#[derive(Debug, Clone)]
pub enum Recipes {
    /// These.
    Named(Vec<PathBuf>),
    /// Whatever is found, now and later.
    Found(fn() -> Vec<PathBuf>),
}

impl Recipes {
    pub(super) fn paths(&self) -> Vec<PathBuf> {
        match self {
            Self::Named(paths) => paths.clone(),
            Self::Found(find) => find(),
        }
    }
}

/// Why serving could not begin.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The recipes.
    #[error(transparent)]
    Recipes(#[from] ReadError),
    /// The state database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The address cannot be listened at.
    #[error("can't listen at {address}: {cause}")]
    Listen {
        /// Where.
        address: SocketAddr,
        /// Why.
        cause: std::io::Error,
    },
}

impl ServeError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &str {
        match self {
            Self::Recipes(error) => error.help(),
            Self::Store(error) => error.help(),
            Self::Listen { .. } => "end what listens there already, or choose another address with --listen",
        }
    }
}

/// Serves until the system asks it to end. `ready` is called with the address, and how many recipes there are, once
/// everything is there.
///
/// # Errors
/// When it could not begin.
pub async fn serve(settings: &Settings, ready: impl FnOnce(SocketAddr, usize)) -> Result<(), ServeError> {
    let read = recipes::read(&settings.recipes.paths(), &settings.secrets)?;
    let store = Store::open(&settings.database).await?;
    let replica = store.replica().await?;
    let listen = |cause| ServeError::Listen { address: settings.listen, cause };
    let listener = TcpListener::bind(settings.listen).await.map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    let (metrics, limits) = (Metrics::new(), Limits::default());
    let (intake, saving) = Intake::start(store.clone(), &limits);
    let saved = intake.saved();
    let gateway = Gateway::new(store.clone(), intake, metrics.clone(), &limits);
    let (stop, stopped) = watch::channel(false);
    let router = gateway.router();
    let answering = tokio::spawn(async move {
        connections::serve(listener, router, &limits, asked_to_end(stopped)).await;
    });
    let mut crews = Crews::new(settings.clone(), store.clone(), metrics, gateway);
    ready(address, read.served.len());
    crews.staff(read, &replica);
    crews.open_mailroom();
    work(&mut crews, replica, &saved).await?;
    tracing::info!("ending: what is in hand is finished first");
    let _ = stop.send(true);
    let _ = answering.await;
    crews.end(FAREWELL).await;
    // The queue ends with the last that can put something into it.
    drop(crews);
    let _ = timeout(FAREWELL, saving).await;
    store.close().await;
    Ok(())
}

/// Sees to everything until the system asks for the end.
async fn work(crews: &mut Crews, mut replica: Replica, saved: &Notify) -> Result<(), ServeError> {
    let mut asked = signals::asked();
    let (mut files, mut old, mut dead) = (interval(LOOK_AT_FILES), interval(PRUNE), interval(TAKE_OVER));
    files.set_missed_tick_behavior(MissedTickBehavior::Delay);
    dead.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            asked = asked.recv() => match asked {
                Some(Asked::Reload) => crews.read_again(&replica),
                Some(Asked::End) | None => return Ok(()),
            },
            _ = files.tick() => crews.read_again(&replica),
            _ = old.tick() => crews.let_go_of_old_rows(),
            _ = dead.tick() => take_over(&replica).await,
            () = saved.notified() => crews.tell(),
            () = replica.lost() => {
                tracing::error!("the database is gone: nobody is looked at until it is back");
                crews.dismiss();
                replica = crews.another_replica().await;
                crews.staff_again(&replica);
                tracing::warn!("the database is back");
            }
        }
    }
}

/// Frees whom the dead have claimed.
async fn take_over(replica: &Replica) {
    match replica.void_claims_of_the_dead().await {
        Ok(0) => {}
        Ok(people) => {
            tracing::warn!(people, "people whom a process had in hand that has died are looked at by the others")
        }
        Err(error) => tracing::debug!(%error, "it is not known who has died"),
    }
}

async fn asked_to_end(mut stopped: watch::Receiver<bool>) {
    // An error means that nobody is left who could ask.
    let _ = stopped.wait_for(|stopped| *stopped).await;
}
