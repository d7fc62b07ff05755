//! PostgreSQL's advisory locks. They belong to a session, and go with it when the process ends or its line is cut.
//!
//! A sync has a session of its own. Workers come and go too quickly for that: they share one per process. A session
//! counts how often it has locked something, and does not stand in its own way.

use std::sync::Arc;
use std::time::Instant;

use sqlx::postgres::PgConnection;
use sqlx::{Connection as _, Row as _};
use tokio::sync::{Mutex, mpsc, oneshot};
use tokio::time::timeout;

use super::{Locked, PASSING, PAUSE, WORKERS};
use crate::store::postgres::{PATIENCE, Server};

/// The session that this process's workers share, once there is one.
#[derive(Clone, Default)]
pub(in crate::store) struct Sessions(Arc<Mutex<Option<Workers>>>);

type Workers = mpsc::UnboundedSender<Ask>;

/// What is asked of whoever holds the workers' session.
pub(super) enum Ask {
    Share { recipe: String, workers: Workers, answer: oneshot::Sender<Result<Option<Guard>, sqlx::Error>> },
    Release(String),
}

#[derive(Debug)]
pub(super) enum Guard {
    Alone { _session: PgConnection },
    Shared { workers: Workers, recipe: String },
}

impl Drop for Guard {
    fn drop(&mut self) {
        if let Self::Shared { workers, recipe } = self {
            // Without its session the lock is gone anyway.
            let _ = workers.send(Ask::Release(std::mem::take(recipe)));
        }
    }
}

impl Sessions {
    pub(super) async fn lock(&self, server: &Server, recipe: &str) -> Result<Locked<Guard>, sqlx::Error> {
        let mut session = server.session().await?;
        let began = Instant::now();
        let (sync, work) = (key("sync", recipe), key("work", recipe));
        while !try_alone(&mut session, &sync).await? {
            if began.elapsed() > PASSING {
                return Ok(Locked::Taken);
            }
            tokio::time::sleep(PAUSE).await;
        }
        sqlx::query("SELECT set_config('lock_timeout', $1, FALSE)")
            .bind(format!("{}s", WORKERS.as_secs()))
            .execute(&mut session)
            .await?;
        let locked = sqlx::query("SELECT pg_advisory_lock(hashtextextended($1, 0))").bind(&work).execute(&mut session);
        match locked.await {
            Ok(_) => Ok(Locked::Ours(Guard::Alone { _session: session })),
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("55P03") => Ok(Locked::Shared),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn share(&self, server: &Server, recipe: &str) -> Result<Option<Guard>, sqlx::Error> {
        let mut workers = self.0.lock().await;
        if let Some(known) = &*workers
            && let Some(Ok(answer)) = ask(known, recipe).await
        {
            return Ok(answer);
        }
        // There is no session yet, or it was lost.
        let (asks, asked) = mpsc::unbounded_channel();
        tokio::spawn(hold(server.session().await?, asked));
        let answer = ask(&asks, recipe).await;
        *workers = Some(asks);
        answer.unwrap_or(Err(sqlx::Error::PoolTimedOut))
    }
}

/// Asks for a share; nothing if nobody holds the session any more, or nothing comes back from it.
async fn ask(workers: &Workers, recipe: &str) -> Option<Result<Option<Guard>, sqlx::Error>> {
    let (answer, answered) = oneshot::channel();
    workers.send(Ask::Share { recipe: recipe.to_owned(), workers: workers.clone(), answer }).ok()?;
    timeout(PATIENCE, answered).await.ok()?.ok()
}

/// Holds the workers' session until it fails, or until nobody can ask any more.
async fn hold(mut session: PgConnection, mut asked: mpsc::UnboundedReceiver<Ask>) {
    while let Some(ask) = asked.recv().await {
        let failed = match ask {
            Ask::Share { recipe, workers, answer } => {
                let shared = share(&mut session, &recipe).await;
                let failed = shared.is_err();
                // If nobody waits for it any more, the guard is dropped, and asks for the release.
                let _ = answer.send(shared.map(|shared| shared.then(|| Guard::Shared { workers, recipe })));
                failed
            }
            Ask::Release(recipe) => {
                let sql = "SELECT pg_advisory_unlock_shared(hashtextextended($1, 0))";
                yes(&mut session, sql, &key("work", &recipe)).await.is_err()
            }
        };
        if failed {
            return;
        }
    }
    // Nobody is left to be told that this failed.
    let _ = session.close().await;
}

/// Takes a share, unless a sync is there or waits. The session may have shares already, and would get another whoever
/// waits; so it looks at what only syncs hold, for as long as the statement takes.
async fn share(session: &mut PgConnection, recipe: &str) -> Result<bool, sqlx::Error> {
    let sql = "SELECT CASE WHEN pg_try_advisory_xact_lock_shared(hashtextextended($1, 0)) \
               THEN pg_try_advisory_lock_shared(hashtextextended($2, 0)) ELSE FALSE END";
    let query = sqlx::query(sql).bind(key("sync", recipe)).bind(key("work", recipe));
    query.fetch_one(session).await?.try_get(0)
}

/// Takes a lock for as long as the session lasts; says whether nobody else has it.
pub(super) async fn try_alone(session: &mut PgConnection, key: &str) -> Result<bool, sqlx::Error> {
    yes(session, "SELECT pg_try_advisory_lock(hashtextextended($1, 0))", key).await
}

/// What a lock of ours is known by, among those of other programs.
pub(in crate::store) fn key(purpose: &str, name: &str) -> String {
    format!("rollbook {purpose} {name}")
}

async fn yes(session: &mut PgConnection, sql: &'static str, key: &str) -> Result<bool, sqlx::Error> {
    sqlx::query(sql).bind(key).fetch_one(session).await?.try_get(0)
}
