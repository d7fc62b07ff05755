//! A little user directory in a file: users, groups, flat teams, managers and the mails that went out.
//!
//! It is the target of a fresh machine, and a service of its own: it gives ids, keeps dates by its own clock,
//! checks types, choices and unique fields itself, and deletes nobody. Only this folder knows SQLite.

mod check;
mod custom;
mod database;
mod fields;
mod id;
mod read;
mod refusal;
mod settings;
#[cfg(test)]
mod tests;
mod write;
mod write_user;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use rusqlite::Connection;

use self::settings::Settings;
use super::{Account, ConnectorError, ConnectorSettings, Pace, Target, Write, WriteError, Written};
use crate::model::{Group, GroupKind, TargetCatalogue, User, UserLayout};

/// The directory in one database file. Several may be open on one file, in this process and in others.
#[derive(Debug, Clone)]
pub struct DirectoryTarget {
    opened: Arc<Opened>,
}

#[derive(Debug)]
struct Opened {
    path: PathBuf,
    catalogue: TargetCatalogue,
    connection: Mutex<Connection>,
}

impl DirectoryTarget {
    /// Opens the directory; its folder, file and the groups of the settings are made when they are not there.
    ///
    /// # Errors
    /// When the settings make no sense, or the file cannot be used.
    pub fn open(settings: &ConnectorSettings) -> Result<Self, ConnectorError> {
        let Settings { database: path, catalogue, groups } = Settings::read(settings)?;
        let connection = Mutex::new(database::open(&path)?);
        let opened = Opened { path, catalogue, connection };
        opened.with(|connection, catalogue| {
            let known = read::groups(connection)?;
            let is_known =
                |name: &str| known.iter().any(|group| group.kind == GroupKind::Group && &*group.name == name);
            let missing: Vec<Write> = groups
                .iter()
                .filter(|name| !is_known(name))
                .map(|name| Write::CreateGroup { kind: GroupKind::Group, name: name.as_str().into() })
                .collect();
            // An open that has nothing to make does not wait for those who write.
            if missing.is_empty() { Ok(Vec::new()) } else { write::batch(connection, catalogue, &missing) }
        })?;
        Ok(Self { opened: Arc::new(opened) })
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
        work: impl FnOnce(&mut Connection, &TargetCatalogue) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, ConnectorError> {
        let opened = Arc::clone(&self.opened);
        tokio::task::spawn_blocking(move || opened.with(work)).await.unwrap_or_else(|_| {
            Err(ConnectorError::Unavailable {
                message: format!("work in the directory `{}` was broken off", self.opened.path.display()),
                help: "run again; what was not finished was not kept".to_owned(),
            })
        })
    }
}

impl Opened {
    fn with<T>(
        &self,
        work: impl FnOnce(&mut Connection, &TargetCatalogue) -> rusqlite::Result<T>,
    ) -> Result<T, ConnectorError> {
        // A thread that gave up while it held the lock left no transaction behind: dropping one rolls it back.
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        work(&mut connection, &self.catalogue).map_err(|error| database::unavailable(&self.path, &error))
    }
}

#[async_trait]
impl Target for DirectoryTarget {
    async fn catalogue(&self) -> Result<TargetCatalogue, ConnectorError> {
        Ok(self.opened.catalogue.clone())
    }

    async fn groups(&self) -> Result<Vec<Group>, ConnectorError> {
        self.with(|connection, _| read::groups(connection)).await
    }

    async fn users(&self, layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        let layout = layout.clone();
        self.with(move |connection, catalogue| read::users(connection, catalogue, &layout)).await
    }

    async fn accounts(&self) -> Result<Vec<Account>, ConnectorError> {
        self.with(|connection, _| read::accounts(connection)).await
    }

    fn pace(&self) -> Pace {
        Pace { batch: 500, concurrency: 1 }
    }

    async fn write(&self, writes: &[Write]) -> Result<Vec<Result<Written, WriteError>>, ConnectorError> {
        let writes = writes.to_vec();
        self.with(move |connection, catalogue| write::batch(connection, catalogue, &writes)).await
    }
}
