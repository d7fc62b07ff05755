//! A little user directory in a file: users, groups, flat teams, managers and the mails that went out.
//!
//! It is the target of a fresh machine, and a service of its own: it gives ids, keeps dates by its own clock,
//! checks types, choices and unique fields itself, and deletes nobody. Only this folder knows SQLite.

mod check;
mod custom;
mod database;
mod fields;
mod find;
mod id;
mod read;
mod refusal;
mod settings;
#[cfg(test)]
mod tests;
mod write;
mod write_user;

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use rusqlite::Connection;
use tokio::sync::Mutex;

use self::settings::Settings;
use super::{Account, ConnectorError, ConnectorSettings, Pace, Target, Wanted, Write, WriteError, WriteKind, Written};
use crate::model::{Group, TargetCatalogue, User, UserLayout};

/// The directory in one database file. Several may be open on one file, in this process and in others.
#[derive(Debug, Clone)]
pub struct DirectoryTarget {
    opened: Arc<Opened>,
}

#[derive(Debug)]
struct Opened {
    path: PathBuf,
    catalogue: TargetCatalogue,
    /// None until the file is there. Whoever asks first has it first, so that users get their numbers in order.
    connection: Arc<Mutex<Option<Connection>>>,
}

impl DirectoryTarget {
    /// Opens the directory. A file that is not there yet is made by the first write: looking changes nothing.
    ///
    /// # Errors
    /// When the settings make no sense, or the file cannot be used.
    pub fn open(settings: &ConnectorSettings) -> Result<Self, ConnectorError> {
        let Settings { database: path, catalogue } = Settings::read(settings)?;
        let connection = if path.exists() { Some(database::open(&path)?) } else { None };
        Ok(Self { opened: Arc::new(Opened { path, catalogue, connection: Arc::new(Mutex::new(connection)) }) })
    }

    /// Every field the directory would take with these settings; no file is opened or made.
    ///
    /// # Errors
    /// When the settings make no sense.
    pub fn describe(settings: &ConnectorSettings) -> Result<TargetCatalogue, ConnectorError> {
        Settings::read(settings).map(|settings| settings.catalogue)
    }

    /// Does some work with the database on a thread that may block.
    async fn with<T: Send + 'static>(
        &self,
        purpose: Purpose,
        work: impl FnOnce(&mut Connection, &TargetCatalogue) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, ConnectorError> {
        let opened = Arc::clone(&self.opened);
        let mut connection = Arc::clone(&opened.connection).lock_owned().await;
        tokio::task::spawn_blocking(move || opened.with(&mut connection, purpose, work)).await.unwrap_or_else(|_| {
            Err(ConnectorError::Unavailable {
                message: format!("work in the directory `{}` was broken off", self.opened.path.display()),
                help: "run again; what was not finished was not kept".to_owned(),
            })
        })
    }
}

/// What some work is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// To look: a directory that is not there yet is an empty one.
    Read,
    /// To change: a directory that is not there yet is made.
    Write,
}

impl Opened {
    fn with<T>(
        &self,
        connection: &mut Option<Connection>,
        purpose: Purpose,
        work: impl FnOnce(&mut Connection, &TargetCatalogue) -> rusqlite::Result<T>,
    ) -> Result<T, ConnectorError> {
        // Work that panicked left no transaction behind: dropping one rolls it back.
        let worked = match connection {
            Some(connection) => work(connection, &self.catalogue),
            None if purpose == Purpose::Read && !self.path.exists() => {
                database::empty().and_then(|mut empty| work(&mut empty, &self.catalogue))
            }
            none => work(none.insert(database::open(&self.path)?), &self.catalogue),
        };
        worked.map_err(|error| database::unavailable(&self.path, &error))
    }
}

#[async_trait]
impl Target for DirectoryTarget {
    async fn catalogue(&self) -> Result<TargetCatalogue, ConnectorError> {
        Ok(self.opened.catalogue.clone())
    }

    async fn groups(&self) -> Result<Vec<Group>, ConnectorError> {
        self.with(Purpose::Read, |connection, _| read::groups(connection)).await
    }

    async fn users(&self, layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        let layout = layout.clone();
        self.with(Purpose::Read, move |connection, catalogue| read::users(connection, catalogue, &layout)).await
    }

    async fn find(&self, wanted: &[Wanted], layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        let (wanted, layout) = (wanted.to_vec(), layout.clone());
        self.with(Purpose::Read, move |connection, catalogue| find::users(connection, catalogue, &wanted, &layout))
            .await
    }

    async fn accounts(&self) -> Result<Vec<Account>, ConnectorError> {
        self.with(Purpose::Read, |connection, _| read::accounts(connection)).await
    }

    /// One part is written while the answers to another are taken in.
    fn pace(&self, kind: WriteKind) -> Pace {
        let batch = match kind {
            // Rows of three numbers or so: what takes time is that each part waits for the disk.
            WriteKind::Memberships => 5_000,
            WriteKind::Users | WriteKind::References | WriteKind::Groups => 2_500,
        };
        Pace { batch, concurrency: 2 }
    }

    async fn write(&self, writes: &[Write]) -> Result<Vec<Result<Written, WriteError>>, ConnectorError> {
        let writes = writes.to_vec();
        self.with(Purpose::Write, move |connection, catalogue| write::batch(connection, catalogue, &writes)).await
    }
}
