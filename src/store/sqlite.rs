//! The state database as one file, or in memory: how it is made, opened and kept private.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection as _};

use super::database::Database;
use super::{Place, Store, StoreError, error, lease};
use crate::private;

/// The tables. A migration that was released is never changed again; new ones are added beside it, and a twin for
/// PostgreSQL with the same number.
static MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations/sqlite");

/// How long to wait for another process that is writing. Our own transactions take a fraction of a second.
const BUSY: Duration = Duration::from_secs(5);

/// One that writes and one that reads: a console page must not wait for a sync. Each takes its memory.
const CONNECTIONS: u32 = 2;

/// Where `sqlite:…` leads, if it leads anywhere.
pub(super) fn place(url: &str) -> Option<Place> {
    if url == "sqlite::memory:" {
        return Some(Place::Memory(lease::Held::default()));
    }
    let path = url.strip_prefix("sqlite://")?;
    (!path.is_empty() && !path.contains('?')).then(|| Place::File(path.into()))
}

/// How every database of ours is opened.
pub(super) fn options() -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .busy_timeout(BUSY)
        .journal_mode(SqliteJournalMode::Wal)
        // In WAL mode anything less loses the last transactions when the machine loses power.
        .synchronous(SqliteSynchronous::Full)
        // For new files. Twice the usual: a sync writes and reads tens of megabytes in order, and each page is a call to the
        // system; more would make the small changes of real time larger.
        .page_size(8192)
        // Kibibytes: what is read is read once and in order. Writing takes more.
        .pragma("cache_size", "-500")
        // Pages. Each commit is safe in the log; putting them into the database file waits for the disk twice.
        .pragma("wal_autocheckpoint", "4000")
        .foreign_keys(true)
}

/// Opens a file, made with its folders if it is not there.
pub(super) async fn open_file(path: PathBuf, options: SqliteConnectOptions) -> Result<Store, StoreError> {
    let place = Place::File(path.clone());
    // Two processes that meet at a new database would both set it up.
    let _one_at_a_time = set_up(path.clone()).await.map_err(|error| error::file(&place.name(), error))?;
    // SQLite ends a transaction by itself when the disk is full or fails, and the driver then takes it to be open for
    // ever: nothing more could be written by that connection, with room again or without.
    let usable = |connection: &SqliteConnection| !connection.is_in_transaction();
    let pool = pool()
        .max_connections(CONNECTIONS)
        .before_acquire(move |connection, _| Box::pin(std::future::ready(Ok(usable(connection)))))
        .connect_lazy_with(quick(options).filename(path));
    migrated(Store { database: Database::Sqlite(pool), place }).await
}

/// Opens a database that lives as long as its one connection.
pub(super) async fn open_in_memory(place: Place) -> Result<Store, StoreError> {
    let pool = pool().max_connections(1).connect_lazy_with(quick(options()).in_memory(true));
    migrated(Store { database: Database::Sqlite(pool), place }).await
}

fn pool() -> SqlitePoolOptions {
    SqlitePoolOptions::new().test_before_acquire(false).idle_timeout(None).max_lifetime(None)
}

/// Statements are not logged: ours have thousands of placeholders. Rows are handed over in large portions.
fn quick(options: SqliteConnectOptions) -> SqliteConnectOptions {
    options.row_buffer_size(1_000).disable_statement_logging()
}

async fn migrated(store: Store) -> Result<Store, StoreError> {
    let Database::Sqlite(pool) = &store.database else { return Ok(store) };
    let outcome = match pool.acquire().await {
        Ok(mut connection) => MIGRATIONS.run(&mut *connection).await,
        Err(error) => Err(error.into()),
    };
    outcome.map_err(|error| error::migration(&store.place.name(), error))?;
    Ok(store)
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
pub(super) fn private_file(path: &Path) -> io::Result<fs::File> {
    private::writing().create(true).truncate(false).open(path)
}

/// The database's path with something appended.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(ending);
    name.into()
}
