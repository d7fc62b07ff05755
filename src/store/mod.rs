//! The state database: what Rollbook remembers between runs, and what lets a killed run be finished by the next.
//!
//! One place for links, what is ours in the target, the runs and their outcomes, and who works on a recipe. Everything
//! a step of a run learned is saved in one transaction ([`Store::record`]), so that a process can die at any moment.
//! It decides nothing and knows neither recipes nor targets. Personal data is in the database and nowhere else.
//!
//! It is SQLite for one process, or PostgreSQL for many; `database` lets the rest write each statement once.
//! Reading order: `database`, `sqlite`, `postgres`, `lease`, `replica`, `links`, `owned`, `known`, `runs`, `history`,
//! `outcomes`, `journal`; for real time `deliveries`, `due`, `few`, `timetable`, `alerts`; `mails`.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

mod alerts;
mod bulk;
mod database;
mod deliveries;
mod details;
mod due;
mod error;
mod few;
mod history;
mod journal;
mod known;
mod lease;
mod links;
mod mails;
mod outcomes;
mod owned;
mod postgres;
mod replica;
mod runs;
mod sqlite;
#[cfg(test)]
mod tests;
mod timetable;

use database::Database;

pub use alerts::{Alert, Raised, Well};
pub use deliveries::{Arrived, DeliveryId, KEEP_DELIVERIES};
pub use due::{Backlog, Claim, Ending, Parked, Waiting};
pub use error::{StoreError, Trouble};
pub use few::{Handled, LookedAt};
pub use history::RunRow;
pub use journal::{Batch, Fields};
pub use lease::{Lease, Sender};
pub use links::{Intent, Link, Owned, OwnedWhat};
pub use mails::{Fate, KEEP_MAILS, MailKind, MailStanding, NewMail, Outgoing, Settles};
pub use outcomes::KEEP_RUNS;
pub use owned::OwnedList;
pub use replica::Replica;
pub use runs::{Begun, Interrupted, NewRun, RunEnd, RunId, RunStatus};
pub use timetable::StartedBy;

/// How often a transaction is tried that is ended for the sake of another. Each time, one of them gets on.
const TRIES: usize = 10;

/// The state database. Cheap to clone; clones share their connections.
#[derive(Clone)]
pub struct Store {
    database: Database,
    place: Place,
}

/// Where the database is.
#[derive(Clone)]
enum Place {
    File(PathBuf),
    /// Gone with the store; with the recipes that are leased from it.
    Memory(lease::Held),
    Server(postgres::Server),
}

impl Place {
    fn parse(url: &str) -> Result<Self, StoreError> {
        let place = sqlite::place(url).or_else(|| postgres::Server::parse(url).map(Self::Server));
        place.ok_or(StoreError::Address)
    }

    /// How it is named to people: without anything that gives access.
    fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Memory(_) => ":memory:".to_owned(),
            Self::Server(server) => server.to_string(),
        }
    }
}

impl Store {
    /// Opens the state database: `sqlite://path`, made with its folders if it is not there, `sqlite::memory:`, or
    /// `postgres://user:password@host/database`, whose tables are made if they are not there.
    ///
    /// # Errors
    /// When the address is another, or the database cannot be used.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        match Place::parse(url)? {
            Place::File(path) => sqlite::open_file(path, sqlite::options()).await,
            place @ Place::Memory(_) => sqlite::open_in_memory(place).await,
            Place::Server(server) => postgres::open(server).await,
        }
    }

    /// Closes the connections, so that everything is in the one file; dropping does so too, without waiting.
    pub async fn close(self) {
        self.database.close().await;
    }

    /// Runs a transaction, and once more where PostgreSQL ended it for the sake of another: two that lock the same rows
    /// in another order stand in each other's way.
    async fn committed<T, F>(&self, transaction: impl Fn() -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, sqlx::Error>>,
    {
        let mut tries = 1;
        loop {
            match transaction().await {
                Err(error) if tries < TRIES && error::is_deadlock(&error) => tries += 1,
                done => return done.map_err(|error| self.failed(error)),
            }
        }
    }

    fn failed(&self, error: sqlx::Error) -> StoreError {
        error::database(&self.place.name(), error)
    }
}

/// The address of a database may hold a password.
impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("place", &self.place.name()).finish_non_exhaustive()
    }
}

/// Text read from the database, shared.
fn shared(text: &str) -> Arc<str> {
    text.into()
}
