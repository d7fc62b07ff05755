//! Watching a sync from outside, so that it can be killed between any two of its transactions.

use std::path::PathBuf;
use std::process::Child;
use std::time::{Duration, Instant};

use rusqlite::Connection;

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
    let mut databases = [Database::at(program, "state"), Database::at(program, "directory")];
    let mut commits = 0;
    let killed = loop {
        if sync.try_wait().unwrap().is_some() {
            break false;
        }
        commits += databases.iter_mut().filter_map(Database::moved).count();
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

/// One database and the last transaction seen on it.
struct Database {
    path: PathBuf,
    open: Option<Connection>,
    version: i64,
}

impl Database {
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
