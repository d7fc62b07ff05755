//! The database file: opening it, making its tables, and saying in plain words why it cannot be used.

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, Transaction, TransactionBehavior};

use super::fields::{KEYED, Keyed};
use crate::connector::ConnectorError;
use crate::private;

/// Tells our files from other people's databases: "RbDi".
const APPLICATION: i32 = 0x5262_4469;
/// The version of `schema.sql`.
const VERSION: i32 = 2;
/// The version before fields had keys; such a directory is brought up to date when it is opened.
const WITHOUT_KEYS: i32 = 1;
/// How long to wait for another program that is writing.
const PATIENCE: Duration = Duration::from_secs(5);
/// Statements kept ready; updates have one for each set of fields.
const STATEMENTS: usize = 128;
/// Memory for pages while reading, which goes through each table once and in order.
const READING_KIB: i32 = 500;
/// Memory for pages while writing: those of a large first sync are written to again and again.
const WRITING_KIB: i32 = 16_000;
/// The size of a new file's pages, in bytes: rows come and go by the thousand, and each page is a call to the system.
const PAGE: i32 = 16 << 10;
/// How many changed pages are collected before they go into the database file, which waits for the disk.
const CHECKPOINT_PAGES: i32 = 2_000;

/// Opens the database; folder, file and tables are made when they are not there.
pub(super) fn open(path: &Path) -> Result<Connection, ConnectorError> {
    if let Some(folder) = path.parent() {
        private::make_folder(folder).map_err(|error| ConnectorError::Unavailable {
            message: format!("the folder of the directory `{}` cannot be made: {error}", path.display()),
            help: "make the folder, or name another file under `database`".to_owned(),
        })?;
    }
    // SQLite's side files take after the database. Why it can't be made, SQLite says better.
    let _ = private::writing().create_new(true).open(path);
    let mut connection = connect(path).map_err(|error| unavailable(path, &error))?;
    // In one transaction, because another process may be making the tables.
    let kind = connection.transaction().and_then(|snapshot| kind(&snapshot));
    match kind.map_err(|error| unavailable(path, &error))? {
        Kind::Ours => {}
        Kind::New | Kind::WithoutKeys => make_tables(&mut connection).map_err(|error| unavailable(path, &error))?,
        Kind::Newer => {
            return Err(ConnectorError::Unavailable {
                message: format!("the directory `{}` was made by a newer Rollbook", path.display()),
                help: "use that version, or name another file under `database`".to_owned(),
            });
        }
        Kind::Foreign => {
            return Err(ConnectorError::Unavailable {
                message: format!("`{}` is the database of another program", path.display()),
                help: "name a file of its own under `database`".to_owned(),
            });
        }
    }
    Ok(connection)
}

fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(PATIENCE)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "cache_size", -READING_KIB)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.pragma_update(None, "page_size", PAGE)?;
    connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
    connection.pragma_update_and_check(None, "wal_autocheckpoint", CHECKPOINT_PAGES, |_| Ok(()))?;
    Ok(connection)
}

/// A directory without anything in it, kept nowhere.
pub(super) fn empty() -> rusqlite::Result<Connection> {
    let mut connection = Connection::open_in_memory()?;
    make_tables(&mut connection)?;
    Ok(connection)
}

/// Makes room for the pages that are written to.
pub(super) fn prepare_to_write(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "cache_size", -WRITING_KIB)
}

/// What the file is.
enum Kind {
    New,
    WithoutKeys,
    Ours,
    Newer,
    Foreign,
}

fn kind(connection: &Connection) -> rusqlite::Result<Kind> {
    let number = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(match (number("application_id")?, number("user_version")?) {
        (APPLICATION, VERSION) => Kind::Ours,
        (APPLICATION, WITHOUT_KEYS) => Kind::WithoutKeys,
        (APPLICATION, _) => Kind::Newer,
        (0, 0) if tables == 0 => Kind::New,
        _ => Kind::Foreign,
    })
}

fn make_tables(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have made them while this one waited for its turn.
    match kind(&transaction)? {
        Kind::New => transaction.execute_batch(include_str!("schema.sql"))?,
        Kind::WithoutKeys => add_keys(&transaction)?,
        Kind::Ours | Kind::Newer | Kind::Foreign => return Ok(()),
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}

fn add_keys(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction.execute_batch(include_str!("to_version_2.sql"))?;
    for keyed in KEYED.iter().filter(|keyed| !keyed.unique) {
        let Keyed { field, key, .. } = keyed;
        let mut keep = transaction.prepare(&format!("UPDATE users SET {key} = ?2 WHERE id = ?1"))?;
        let mut select = transaction.prepare(&format!("SELECT id, {field} FROM users WHERE {field} IS NOT NULL"))?;
        let held: Vec<(i64, String)> =
            select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect::<rusqlite::Result<_>>()?;
        for (number, value) in held {
            keep.execute((number, Keyed::key_of(&value)))?;
        }
    }
    Ok(())
}

/// Why the database cannot be used, and what to do. SQLite's own words are left out: they may quote values.
pub(super) fn unavailable(path: &Path, error: &rusqlite::Error) -> ConnectorError {
    let (what, help) = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            ("is being written by another program", "wait for it to finish or stop it, and run again")
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            ("cannot be written", "allow the account that runs Rollbook to write the file and its folder")
        }
        Some(ErrorCode::CannotOpen) => {
            ("cannot be opened", "check that it is a file, and that its folder can be written")
        }
        Some(ErrorCode::DiskFull) => ("has no room left", "free some disk space, and run again"),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            ("is damaged, or no database", "restore it from a backup, or name another file under `database`")
        }
        Some(ErrorCode::SystemIoFailure) => {
            ("cannot be read or written", "check the disk; network drives are not safe for databases")
        }
        Some(code) => {
            return ConnectorError::Unavailable {
                message: format!("the directory `{}` failed ({code:?})", path.display()),
                help: "run again; if it stays, restore the file from a backup".to_owned(),
            };
        }
        None => ("holds something unexpected", "restore it from a backup; only Rollbook should write to it"),
    };
    ConnectorError::Unavailable { message: format!("the directory `{}` {what}", path.display()), help: help.to_owned() }
}
