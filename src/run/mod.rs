//! The shell: the only place where core and world meet. Fetch, decide, brake, apply, report; flat and boring.
//!
//! Reading order: [`load`] (files → recipe), [`gather`] (world → inputs), `complete` (what
//! listings leave out), [`sync`] (a whole run), `progress` (how far it is), [`event`] (a few people, in real
//! time), `apply` (a plan → the target), `recorder` (what it learns, saved beside it), [`examples`], [`plan_file`] (a saved
//! plan), [`report`] (a run as it is remembered), [`mailing`] (reports become mails), [`sending`], `redelivery` (what is not
//! taken), [`mail_trial`];
//! [`alerts`] (what is wrong and what is well), [`notices`] (what is told of it, and when), [`telling`].

pub mod alerts;
mod apply;
mod carry_out;
mod complete;
mod ending;
pub mod event;
pub mod examples;
pub mod gather;
mod journal;
pub mod live;
pub mod load;
pub mod mail_trial;
pub mod mailing;
pub mod notices;
mod outlook;
mod past;
pub mod plan_file;
mod progress;
mod recorder;
mod redelivery;
pub mod report;
pub mod sending;
mod stale;
pub mod sync;
pub mod telling;

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::watch;

use crate::connector::{ConnectorError, Load};
use crate::model::Plan;
use crate::model::plan::Verdict;
use crate::store::StoreError;

/// A run could not be carried out.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// Source or target.
    #[error("{0}")]
    Connector(#[from] ConnectorError),
    /// The state database.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// A saved plan cannot be used.
    #[error("{message}")]
    SavedPlan {
        /// What is wrong with it.
        message: String,
        /// What to do.
        help: String,
    },
    /// A file of ours cannot be written.
    #[error("{message}")]
    Output {
        /// Which, and why.
        message: String,
        /// What to do.
        help: String,
    },
    /// The recipe allows no run by hand yet.
    #[error("{message}")]
    TooSoon {
        /// Since when, and from when on.
        message: String,
        /// What to do.
        help: String,
    },
    /// Somebody asked for is not to be found.
    #[error("{message}")]
    NotFound {
        /// Who or what.
        message: String,
        /// What to do.
        help: String,
    },
}

impl RunError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &str {
        match self {
            Self::Connector(error) => error.help(),
            Self::Store(error) => error.help(),
            Self::SavedPlan { help, .. }
            | Self::Output { help, .. }
            | Self::TooSoon { help, .. }
            | Self::NotFound { help, .. } => help,
        }
    }
}

/// How much a plan writes, whatever the brake holds of it.
#[must_use]
pub fn load_of(plan: &Plan) -> Load {
    let mut load = Load::default();
    for person in &plan.people {
        match person.verdict {
            Verdict::Create => load.creates += 1,
            Verdict::Update | Verdict::Reactivate => load.updates += 1,
            Verdict::Deactivate => load.deactivations += 1,
            _ => continue,
        }
        let Some(changes) = &person.changes else { continue };
        load.references += changes.references.len();
        load.memberships += changes.join.len() + changes.leave.len();
    }
    load
}

/// What a run is doing, for a progress bar.
pub trait Progress: Sync {
    /// A phase begins; `total` counts people where that is known.
    fn phase(&self, name: &'static str, total: Option<usize>);
    /// So many people of the phase are done.
    fn advance(&self, people: usize);
}

/// Shows nothing.
pub struct Quiet;

impl Progress for Quiet {
    fn phase(&self, _name: &'static str, _total: Option<usize>) {}
    fn advance(&self, _people: usize) {}
}

/// Whether somebody asked a run to come to an end: nothing more is then begun, and what is under way is finished.
#[derive(Debug, Clone, Default)]
pub struct Stop(Option<watch::Receiver<bool>>);

impl Stop {
    /// Nobody will ask.
    #[must_use]
    pub fn never() -> Self {
        Self::default()
    }

    /// When this becomes true.
    #[must_use]
    pub fn when(asked: watch::Receiver<bool>) -> Self {
        Self(Some(asked))
    }

    /// Whether somebody has asked.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.0.as_ref().is_some_and(|asked| *asked.borrow())
    }
}

/// The moment, to the millisecond that the store keeps: a report shown again reads as it did when it was sent.
fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
}

/// A duration as logs have it.
fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
