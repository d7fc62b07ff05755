//! The state database on real files and real servers: what is remembered, who may run, and what an operator reads when it
//! fails.

use std::fs;

use jiff::Timestamp;
use jiff::civil::date;
use tempfile::TempDir;

use super::*;

/// Each case once on SQLite and once on PostgreSQL.
macro_rules! on_both {
    ($($case:ident),* $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test]
                async fn $case() {
                    super::$case(super::Fresh::sqlite()).await;
                }
            )*
        }

        mod postgres {
            $(
                #[tokio::test]
                async fn $case() {
                    if let Some(fresh) = super::Fresh::postgres() {
                        super::$case(fresh).await;
                    }
                }
            )*
        }
    };
}

mod alerts;
#[path = "../../../tests/cluster/mod.rs"]
#[expect(dead_code, reason = "the other tests use more of it")]
mod cluster;
mod deliveries;
mod leases;
mod mails;
mod memory;
mod people;
mod real_time;
mod server;
mod trouble;

use cluster::Cluster;

/// An empty database.
struct Fresh {
    url: String,
    _folder: Option<Folder>,
}

impl Fresh {
    fn sqlite() -> Self {
        let folder = Folder::new();
        Self { url: folder.url(), _folder: Some(folder) }
    }

    fn postgres() -> Option<Self> {
        Some(Self { url: Cluster::shared()?.database(), _folder: None })
    }

    async fn store(&self) -> Store {
        Store::open(&self.url).await.unwrap()
    }
}

/// A folder for one test's database, gone with it.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("state").join("state.db")
    }

    fn url(&self) -> String {
        format!("sqlite://{}", self.path().display())
    }

    async fn store(&self) -> Store {
        Store::open(&self.url()).await.unwrap()
    }

    /// A database with one finished batch in it, closed.
    async fn used(&self) {
        let store = self.store().await;
        let run = begin(&store, 0).await.run;
        let links = vec![Link { employee: "1".into(), user: "u1".into() }];
        record(&store, &run, "acme", &Batch { links, ..Batch::default() }).await.unwrap();
        store.close().await;
    }
}

/// A run of `acme` that begins so many seconds after two on the first of March.
fn new_run(seconds: i64) -> NewRun {
    let two: Timestamp = "2026-03-01T02:00:00Z".parse().unwrap();
    NewRun {
        recipe: "acme".to_owned(),
        today: date(2026, 3, 1),
        source: "hibob".to_owned(),
        target: "360learning".to_owned(),
        started: Timestamp::from_second(two.as_second() + seconds).unwrap(),
        employees: 400,
        started_by: StartedBy::Hand,
    }
}

/// Saves a batch under a lease of its own.
async fn record(store: &Store, run: &RunId, recipe: &str, batch: &Batch) -> Result<(), StoreError> {
    let lease = store.lease(recipe, "a test").await?;
    store.record(&lease, run, batch).await
}

async fn begin(store: &Store, seconds: i64) -> Begun {
    store.begin_run(&new_run(seconds)).await.unwrap()
}

/// A finished run's end.
fn end() -> RunEnd {
    RunEnd {
        status: RunStatus::Finished,
        finished: "2026-03-01T02:05:00Z".parse().unwrap(),
        totals: [(crate::model::OutcomeKind::OutOfScope, 3)].into(),
        summary_json: serde_json::json!({ "tripped": [] }),
        message: None,
    }
}
