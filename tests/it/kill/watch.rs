//! Watching a sync from outside, so that it can be killed between any two of its transactions.

use std::path::PathBuf;
use std::process::Child;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::{Duration, Instant};

use rusqlite::Connection;
use sqlx::Connection as _;
use sqlx::postgres::PgConnection;

use super::world::reader;
use crate::program::{Program, Ran};

/// When to kill.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Moment {
    /// So long after the start.
    After(Duration),
    /// When so many transactions have been seen on both databases.
    Commit(usize),
    /// Never.
    Never,
}

/// What became of a sync that was watched.
pub(crate) struct Watched {
    /// Killed before it ended by itself.
    pub(crate) killed: bool,
    /// Transactions seen.
    pub(crate) commits: usize,
    pub(crate) took: Duration,
    pub(crate) ran: Ran,
}

/// Waits for a sync and kills it when its moment has come.
pub(crate) fn watch(program: &Program, sync: Child, moment: Moment) -> Watched {
    watch_for(program, sync, |commits, since| match moment {
        Moment::After(delay) => since >= delay,
        Moment::Commit(number) => commits >= number,
        Moment::Never => false,
    })
}

/// Waits for a sync; kills it when `is_time` says so of the transactions seen and the time gone by.
pub(crate) fn watch_for(
    program: &Program,
    mut sync: Child,
    mut is_time: impl FnMut(usize, Duration) -> bool,
) -> Watched {
    let started = Instant::now();
    let state = match program.server() {
        Some(url) => Database::Server(ServerWatch::of(url)),
        None => Database::File(FileWatch::at(program, "state")),
    };
    let mut databases = [state, Database::File(FileWatch::at(program, "directory"))];
    let mut commits = 0;
    let killed = loop {
        if sync.try_wait().unwrap().is_some() {
            break false;
        }
        commits += databases.iter_mut().map(Database::moved).sum::<usize>();
        if is_time(commits, started.elapsed()) {
            sync.kill().unwrap();
            break true;
        }
        std::thread::park_timeout(Duration::from_micros(100));
    };
    drop(databases);
    let ran = Ran::of(sync.wait_with_output().unwrap());
    // It may have ended in the moment before it was killed.
    let killed = killed && ran.code.is_none();
    Watched { killed, commits, took: started.elapsed(), ran }
}

enum Database {
    File(FileWatch),
    Server(ServerWatch),
}

impl Database {
    /// How many transactions were seen since this was last asked.
    fn moved(&mut self) -> usize {
        match self {
            Self::File(file) => usize::from(file.moved().is_some()),
            Self::Server(server) => server.moved(),
        }
    }
}

/// A server that nobody else uses, asked by a thread how many transactions there have been.
struct ServerWatch {
    transactions: Arc<AtomicUsize>,
    seen: usize,
}

impl ServerWatch {
    fn of(url: &str) -> Self {
        let transactions = Arc::new(AtomicUsize::new(0));
        let (url, counted) = (url.to_owned(), Arc::downgrade(&transactions));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        std::thread::spawn(move || runtime.block_on(count(&url, &counted)));
        Self { transactions, seen: 0 }
    }

    fn moved(&mut self) -> usize {
        let transactions = self.transactions.load(Ordering::Relaxed);
        // Those there were before are nobody's doing here.
        let moved = if self.seen == 0 { 0 } else { transactions - self.seen };
        self.seen = transactions;
        moved
    }
}

/// Until nobody wants to know any more, or the server is gone.
async fn count(url: &str, counted: &Weak<AtomicUsize>) {
    let Ok(mut server) = PgConnection::connect(url).await else { return };
    let sql = "SELECT pg_snapshot_xmax(pg_current_snapshot())::TEXT::BIGINT";
    while let (Ok(next), Some(counted)) =
        (sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut server).await, counted.upgrade())
    {
        counted.store(usize::try_from(next).unwrap(), Ordering::Relaxed);
        drop(counted);
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// One file and the last transaction seen on it.
struct FileWatch {
    path: PathBuf,
    open: Option<Connection>,
    version: i64,
}

impl FileWatch {
    fn at(program: &Program, name: &str) -> Self {
        Self { path: program.path(&format!(".rollbook/{name}.db")), open: None, version: 0 }
    }

    /// Whether somebody else committed since this was last asked.
    fn moved(&mut self) -> Option<()> {
        if self.open.is_none() {
            // Before there is a log, opening would be in the way of whoever sets the database up.
            if !self.path.with_extension("db-wal").exists() {
                return None;
            }
            self.open = reader(&self.path);
        }
        let version = self.open.as_ref()?.pragma_query_value(None, "data_version", |row| row.get::<_, i64>(0)).ok()?;
        let moved = version != self.version;
        self.version = version;
        moved.then_some(())
    }
}
