//! A process that serves, among others that may. Whoever it has claimed is free again when it is dead, and only then.
//!
//! On PostgreSQL it is alive as long as the session that holds its lock. A file, or memory, has one at a time.

use std::fs::{File, TryLockError};
use std::time::Duration;

use sqlx::Connection as _;
use sqlx::postgres::PgConnection;
use tokio::sync::{OwnedMutexGuard, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::database::Database;
use super::lease::key;
use super::sqlite::{beside, private_file};
use super::{Place, Store, StoreError, error};

/// How often a session is asked whether it is still there.
const PULSE: Duration = Duration::from_secs(1);

/// How long it may take to answer.
const ANSWER: Duration = Duration::from_secs(5);

/// This process's place among those that serve from one database. Dropping it, or dying, gives it up.
#[derive(Debug)]
#[must_use = "others may take this replica's people when this is dropped"]
pub struct Replica {
    id: String,
    store: Store,
    life: Life,
}

/// What a right to something lives by.
#[derive(Debug)]
pub(super) enum Life {
    /// As long as the process.
    File {
        _locked: File,
    },
    Memory {
        _held: OwnedMutexGuard<()>,
    },
    /// As long as the session that the task holds.
    Session {
        lost: watch::Receiver<bool>,
        _holds: JoinSet<()>,
    },
}

impl Store {
    /// Takes a place among those that serve, under an id that nobody had before.
    ///
    /// # Errors
    /// [`StoreError::Served`] when the database has room for one only, and there is one; or when it cannot be used.
    pub async fn replica(&self) -> Result<Replica, StoreError> {
        let id = Uuid::now_v7().hyphenated().to_string();
        let served = || StoreError::Served { place: self.place.name() };
        let life = match &self.place {
            Place::File(path) => {
                let path = beside(path, "serving");
                let failed = |error| error::file(&path.display().to_string(), error);
                let file = private_file(&path).map_err(failed)?;
                match file.try_lock() {
                    Ok(()) => Life::File { _locked: file },
                    Err(TryLockError::WouldBlock) => return Err(served()),
                    Err(TryLockError::Error(error)) => return Err(failed(error)),
                }
            }
            Place::Memory(held) => Life::Memory { _held: held.serve().ok_or_else(served)? },
            Place::Server(server) => {
                let mut session = server.session().await.map_err(|error| self.failed(error))?;
                let lock = sqlx::query("SELECT pg_advisory_lock(hashtextextended($1, 0))").bind(key("replica", &id));
                lock.execute(&mut session).await.map_err(|error| self.failed(error))?;
                Life::session(session)
            }
        };
        Ok(Replica { id, store: self.clone(), life })
    }
}

impl Replica {
    /// What claims are marked with.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Whether it was still there a moment ago. A replica that is not must let go of everything and be made anew.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        match &self.life {
            Life::File { .. } | Life::Memory { .. } => true,
            Life::Session { lost, .. } => !*lost.borrow(),
        }
    }

    /// Waits until it is not there any more, which may be for ever.
    pub async fn lost(&self) {
        self.life.lost().await;
    }

    /// Frees the people whom replicas have claimed that are dead, and says how many.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn void_claims_of_the_dead(&self) -> Result<u64, StoreError> {
        let voided = match &self.store.database {
            Database::Sqlite(_) => self.void_all_others().await,
            Database::Postgres(_) => self.void_where_nobody_holds_the_lock().await,
        };
        voided.map_err(|error| self.store.failed(error))
    }

    async fn void_all_others(&self) -> Result<u64, sqlx::Error> {
        let void = self.store.database.query("UPDATE due SET claimed = NULL WHERE claimed <> $1");
        void.bind(&self.id).execute().await
    }

    async fn void_where_nobody_holds_the_lock(&self) -> Result<u64, sqlx::Error> {
        let database = &self.store.database;
        let claimants =
            database.query("SELECT DISTINCT claimed FROM due WHERE claimed IS NOT NULL").fetch_all().await?;
        let mut voided = 0;
        for row in claimants {
            let claimant: &str = row.get(0)?;
            let mut transaction = database.begin().await?;
            let lock = transaction.query("SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))");
            let dead = lock.bind(&key("replica", claimant)).fetch_one().await?.get(0)?;
            if dead {
                let void = transaction.query("UPDATE due SET claimed = NULL WHERE claimed = $1");
                voided += void.bind(claimant).execute().await?;
                transaction.commit().await?;
            }
        }
        Ok(voided)
    }
}

impl Life {
    /// As long as this session.
    pub(super) fn session(session: PgConnection) -> Self {
        let (lose, lost) = watch::channel(false);
        let mut holds = JoinSet::new();
        holds.spawn(hold(session, lose));
        Self::Session { lost, _holds: holds }
    }

    /// Waits until it has ended, which may be for ever.
    pub(super) async fn lost(&self) {
        match self {
            Self::File { .. } | Self::Memory { .. } => std::future::pending().await,
            // The task that tells has ended too when it cannot be waited for.
            Self::Session { lost, .. } => _ = lost.clone().wait_for(|lost| *lost).await,
        }
    }
}

/// Asks the session now and then whether it is there, and tells when it is not.
async fn hold(mut session: PgConnection, lose: watch::Sender<bool>) {
    while let Ok(Ok(())) = timeout(ANSWER, session.ping()).await {
        sleep(PULSE).await;
    }
    lose.send_replace(true);
}
