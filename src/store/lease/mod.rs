//! Who may work on a recipe: one full sync, or any number of workers that handle single people.
//!
//! A sync holds the recipe's lock exclusively, workers share it: what a sync has planned is older than what a worker has
//! just written. A sync that waits is let in before further workers. Locks are of a kind that goes with its process,
//! however it ends: on files beside an SQLite database, on a session of PostgreSQL's. The `leases` table says who it is,
//! for the text of a refusal, and counts terms.
//!
//! A session can be lost while its process lives on. So each lease has a term, which others end by taking the lock, and
//! nothing is recorded once it is over. Odd terms are a sync's, even ones the workers'.

mod file;
mod memory;
mod sender;
mod session;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::database::Transaction;
use super::{Place, Store, StoreError, runs};

pub(super) use memory::Held;
pub use sender::Sender;
pub(super) use session::{Sessions, key};

/// How long a sync waits for workers to be done with the people they have in hand.
const WORKERS: Duration = Duration::from_secs(60);

/// How long a sync tries its luck before it believes that another one is at work: the lock of one that has ended, or of
/// a worker that is just looking, is free within this.
const PASSING: Duration = Duration::from_millis(500);

/// The time between two tries.
const PAUSE: Duration = Duration::from_millis(10);

/// The right to work on a recipe. Dropping it with its clones, or dying, gives it back.
#[derive(Debug, Clone)]
#[must_use = "the recipe is free again when this is dropped"]
pub struct Lease {
    recipe: Arc<str>,
    term: i64,
    _guard: Arc<Guard>,
}

/// What is let go with the lease.
#[derive(Debug)]
enum Guard {
    File { _guard: file::Guard },
    Memory { _guard: memory::Guard },
    Session { _guard: session::Guard },
}

/// What came of asking for a recipe for oneself.
enum Locked<G> {
    Ours(G),
    /// Another sync has it.
    Taken,
    /// Workers did not come to an end in time.
    Shared,
}

impl<G> Locked<G> {
    fn map<H>(self, change: impl FnOnce(G) -> H) -> Locked<H> {
        match self {
            Self::Ours(guard) => Locked::Ours(change(guard)),
            Self::Taken => Locked::Taken,
            Self::Shared => Locked::Shared,
        }
    }
}

impl Lease {
    /// The recipe that it is for.
    #[must_use]
    pub fn recipe(&self) -> &str {
        &self.recipe
    }

    pub(super) fn shared_recipe(&self) -> &Arc<str> {
        &self.recipe
    }

    /// Whether this lease still counts. Until the transaction ends, nobody else's recording for the recipe begins.
    pub(super) async fn is_current(&self, transaction: &mut Transaction) -> Result<bool, sqlx::Error> {
        let sql = match transaction {
            Transaction::Sqlite(_) => "SELECT term FROM leases WHERE recipe = $1",
            Transaction::Postgres(_) => "SELECT term FROM leases WHERE recipe = $1 FOR UPDATE",
        };
        let row = transaction.query(sql).bind(&*self.recipe).fetch_optional().await?;
        Ok(row.map(|row| row.get::<i64>(0)).transpose()? == Some(self.term))
    }
}

impl Store {
    /// Takes a recipe for a full sync; `holder` is what a second one is told, such as `process 4711 (sync)`. Workers may
    /// finish what they have in hand, for a minute.
    ///
    /// # Errors
    /// [`StoreError::Leased`] while another sync has it, [`StoreError::Handling`] when workers do not come to an end.
    pub async fn lease(&self, recipe: &str, holder: &str) -> Result<Lease, StoreError> {
        let guard = match self.lock(recipe).await? {
            Locked::Ours(guard) => guard,
            Locked::Taken => return Err(self.refusal(recipe).await?),
            Locked::Shared => return Err(StoreError::Handling { recipe: recipe.to_owned() }),
        };
        let begin = self.database.query(
            "INSERT INTO leases (recipe, holder, since, term) VALUES ($1, $2, $3, 1) \
             ON CONFLICT (recipe) DO UPDATE SET holder = excluded.holder, since = excluded.since, \
             term = leases.term + 1 + leases.term % 2 RETURNING term",
        );
        let row = begin.bind(recipe).bind(holder).bind(Timestamp::now().as_millisecond()).fetch_one().await;
        let term = row.and_then(|row| row.get(0)).map_err(|error| self.failed(error))?;
        Ok(Lease { recipe: recipe.into(), term, _guard: Arc::new(guard) })
    }

    /// Shares a recipe with other workers; nothing while a sync has it or waits for it.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn share(&self, recipe: &str) -> Result<Option<Lease>, StoreError> {
        let Some(guard) = self.lock_shared(recipe).await? else { return Ok(None) };
        let term = self.shared_term(recipe).await.map_err(|error| self.failed(error))?;
        Ok(Some(Lease { recipe: recipe.into(), term, _guard: Arc::new(guard) }))
    }

    async fn shared_term(&self, recipe: &str) -> Result<i64, sqlx::Error> {
        let known = self.database.query("SELECT term FROM leases WHERE recipe = $1 AND term % 2 = 0");
        if let Some(row) = known.bind(recipe).fetch_optional().await? {
            return row.get(0);
        }
        // The first since a sync: if that one only lost its session, this ends its term.
        let begin = self.database.query(
            "INSERT INTO leases (recipe, holder, since, term) VALUES ($1, 'another process', $2, 0) \
             ON CONFLICT (recipe) DO UPDATE SET term = leases.term + leases.term % 2 RETURNING term",
        );
        begin.bind(recipe).bind(Timestamp::now().as_millisecond()).fetch_one().await?.get(0)
    }

    async fn lock(&self, recipe: &str) -> Result<Locked<Guard>, StoreError> {
        match &self.place {
            Place::File(path) => Ok(file::lock(path, recipe).await?.map(|_guard| Guard::File { _guard })),
            Place::Memory(held) => Ok(held.lock(recipe).await.map(|_guard| Guard::Memory { _guard })),
            Place::Server(server) => match server.sessions.lock(server, recipe).await {
                Ok(locked) => Ok(locked.map(|_guard| Guard::Session { _guard })),
                Err(error) => Err(self.failed(error)),
            },
        }
    }

    async fn lock_shared(&self, recipe: &str) -> Result<Option<Guard>, StoreError> {
        match &self.place {
            Place::File(path) => Ok(file::share(path, recipe)?.map(|_guard| Guard::File { _guard })),
            Place::Memory(held) => Ok(held.share(recipe).map(|_guard| Guard::Memory { _guard })),
            Place::Server(server) => match server.sessions.share(server, recipe).await {
                Ok(guard) => Ok(guard.map(|_guard| Guard::Session { _guard })),
                Err(error) => Err(self.failed(error)),
            },
        }
    }

    async fn refusal(&self, recipe: &str) -> Result<StoreError, StoreError> {
        let query = self.database.query("SELECT holder, since FROM leases WHERE recipe = $1").bind(recipe);
        let row = query.fetch_optional().await.map_err(|error| self.failed(error))?;
        let read = || match &row {
            Some(row) => Ok((row.get(0)?, runs::moment(row.get(1)?)?)),
            // There is no row for the moment between another process's lock and its entry.
            None => Ok(("another process".to_owned(), Timestamp::now())),
        };
        let (holder, since) = read().map_err(|error| self.failed(error))?;
        Ok(StoreError::Leased { recipe: recipe.to_owned(), holder, since })
    }
}
