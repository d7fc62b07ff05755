//! The state database: what Rollbook remembers between runs, and what lets a killed run be finished by the next.
//!
//! One place for links, what is ours in the target, the runs and their outcomes, and who works on a recipe. Everything
//! a step of a run learned is saved in one transaction ([`Store::record`]), so that a process can die at any moment.
//! It decides nothing and knows neither recipes nor targets. Personal data is in the database and nowhere else.
//!
//! SQLite now; the statements are such that PostgreSQL takes them too, and say why where they are not.
//! Reading order: `lease`, `links`, `owned`, `known`, `runs`, `history`, `outcomes`, `journal`; for real time `due`, `few`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Sqlite, Transaction};

mod bulk;
mod details;
mod due;
mod error;
mod few;
mod history;
mod journal;
mod known;
mod lease;
mod links;
mod outcomes;
mod owned;
mod runs;
#[cfg(test)]
mod tests;

use crate::private;

pub use due::{Backlog, Claim, Ending, Parked};
pub use error::{StoreError, Trouble};
pub use few::{Handled, LookedAt};
pub use history::RunRow;
pub use journal::{Batch, Fields};
pub use lease::Lease;
pub use links::{Intent, Link, Owned, OwnedWhat};
pub use outcomes::KEEP_RUNS;
pub use owned::OwnedList;
pub use runs::{Begun, Interrupted, NewRun, RunEnd, RunId, RunStatus};

/// The tables. A migration that was released is never changed again; new ones are added beside it.
static MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations");

/// How long to wait for another process that is writing. Our own transactions take a fraction of a second.
const BUSY: Duration = Duration::from_secs(5);

/// One that writes and one that reads: a console page must not wait for a sync. Each takes its memory.
const CONNECTIONS: u32 = 2;

/// The state database. Cheap to clone; clones share their connections.
#[derive(Debug, Clone)]
pub struct Store {
    pool: SqlitePool,
    place: Place,
}

/// Where the database is.
#[derive(Debug, Clone)]
enum Place {
    File(PathBuf),
    /// Gone with the store; with the recipes that are leased from it.
    Memory(lease::Held),
}

impl Place {
    fn parse(url: &str) -> Result<Self, StoreError> {
        if url == "sqlite::memory:" {
            return Ok(Self::Memory(lease::Held::default()));
        }
        match url.strip_prefix("sqlite://") {
            Some(path) if !path.is_empty() && !path.contains('?') => Ok(Self::File(path.into())),
            _ => Err(StoreError::Address),
        }
    }

    fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Memory(_) => ":memory:".to_owned(),
        }
    }
}

impl Store {
    /// Opens the state database at `sqlite://path`, made with its folders if it is not there, or `sqlite::memory:`.
    ///
    /// # Errors
    /// When the address is another, or the database cannot be used.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let place = Place::parse(url)?;
        let options = SqliteConnectOptions::new()
            .busy_timeout(BUSY)
            .journal_mode(SqliteJournalMode::Wal)
            // In WAL mode anything less loses the last transactions when the machine loses power.
            .synchronous(SqliteSynchronous::Full)
            // Kibibytes: what is read is read once and in order. Writing takes more.
            .pragma("cache_size", "-500")
            // Pages of 4 KiB. Each commit is safe in the log; putting them into the database file waits for the disk twice.
            .pragma("wal_autocheckpoint", "8000")
            .foreign_keys(true);
        Self::connect(place, options).await
    }

    async fn connect(place: Place, options: SqliteConnectOptions) -> Result<Self, StoreError> {
        // Statements are not logged: ours have thousands of placeholders. Rows are handed over in large portions.
        let options = options.row_buffer_size(1_000).disable_statement_logging();
        // An in-memory database lives as long as its one connection.
        let pool = SqlitePoolOptions::new().test_before_acquire(false).idle_timeout(None).max_lifetime(None);
        match &place {
            Place::Memory(_) => {
                let pool = pool.max_connections(1).connect_lazy_with(options.in_memory(true));
                Self { pool, place }.migrated().await
            }
            Place::File(path) => {
                // Two processes that meet at a new database would both set it up.
                let _one_at_a_time = set_up(path.clone()).await.map_err(|error| error::file(&place.name(), error))?;
                let pool = pool.max_connections(CONNECTIONS).connect_lazy_with(options.filename(path));
                Self { pool, place }.migrated().await
            }
        }
    }

    async fn migrated(self) -> Result<Self, StoreError> {
        let outcome = match self.pool.acquire().await {
            Ok(mut connection) => MIGRATIONS.run(&mut *connection).await,
            Err(error) => Err(error.into()),
        };
        match outcome {
            Ok(()) => Ok(self),
            Err(MigrateError::VersionMissing(_)) => Err(StoreError::Newer { place: self.place.name() }),
            Err(MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _)) => Err(self.failed(error)),
            Err(other) => Err(StoreError::Unavailable {
                place: self.place.name(),
                trouble: Trouble::Corrupt,
                source: Box::new(other),
            }),
        }
    }

    /// Closes the connections, so that everything is in the one file; dropping does so too, without waiting.
    pub async fn close(self) {
        self.pool.close().await;
    }

    /// Begins a transaction that writes.
    async fn begin(&self) -> Result<Transaction<'static, Sqlite>, sqlx::Error> {
        // SQLite only: a transaction that reads first and writes later fails at once, without waiting, when somebody
        // wrote in between. PostgreSQL needs a plain BEGIN.
        self.pool.begin_with("BEGIN IMMEDIATE").await
    }

    fn failed(&self, error: sqlx::Error) -> StoreError {
        error::database(&self.place.name(), error)
    }
}

/// Makes the folders and the file, private to their user, and holds a lock until the caller is done setting up.
async fn set_up(path: PathBuf) -> io::Result<fs::File> {
    let task = tokio::task::spawn_blocking(move || {
        if let Some(folder) = path.parent() {
            private::make_folder(folder)?;
        }
        let lock = private_file(&beside(&path, "lock"))?;
        lock.lock()?;
        if !path.exists() {
            // Only while it is new: closing a second handle would drop SQLite's own locks on the file
            // (https://sqlite.org/howtocorrupt.html, section 2.2).
            private_file(&path)?;
        }
        Ok(lock)
    });
    task.await.unwrap_or_else(|error| Err(io::Error::other(error)))
}

/// Opens a file for writing, made readable for its user alone if it is new. SQLite's side files take after it.
fn private_file(path: &Path) -> io::Result<fs::File> {
    private::writing().create(true).truncate(false).open(path)
}

/// The database's path with something appended.
fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}

/// Text read from the database, shared.
fn shared(text: &str) -> Arc<str> {
    text.into()
}
