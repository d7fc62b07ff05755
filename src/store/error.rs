//! What can go wrong with the state database, in words an operator can act on.
//!
//! No text here holds a stored value: the databases name tables and columns in their messages, never contents. PostgreSQL
//! adds rows in the details of a message, which are let go. What could not be read back is named by its column. Addresses
//! are without user and password.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use jiff::Timestamp;
use sqlx::migrate::MigrateError;
use sqlx::postgres::PgDatabaseError;

/// Why the state database could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address is none that is accepted. It is not repeated: addresses of databases hold passwords.
    #[error("this is not an address of a state database that is accepted")]
    Address,
    /// The database cannot be used.
    #[error("the state database `{place}` {trouble}")]
    Unavailable {
        /// The path, `:memory:`, or the server's address without user and password.
        place: String,
        /// What kind of trouble it is.
        trouble: Trouble,
        /// What the system or the database said.
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The database was made by a later version of this program.
    #[error("the state database `{place}` was written by a newer version of rollbook")]
    Newer {
        /// The path or the address.
        place: String,
    },
    /// Another process, or another task of this one, works on the recipe.
    #[error("recipe `{recipe}` is being run by {holder}, since {since:.0}")]
    Leased {
        /// The recipe.
        recipe: String,
        /// Who, in the words it gave of itself.
        holder: String,
        /// Since when.
        since: Timestamp,
    },
    /// Workers handle people of the recipe, and did not come to an end while a sync waited.
    #[error("people of recipe `{recipe}` are being handled in real time, and that did not end within a minute")]
    Handling {
        /// The recipe.
        recipe: String,
    },
    /// The line to the database was cut, and somebody else has taken over the recipe since.
    #[error("somebody else has taken over recipe `{recipe}` while the state database could not be reached from here")]
    Lost {
        /// The recipe.
        recipe: String,
    },
    /// Another process serves from this database.
    #[error("another `rollbook serve` uses the state database `{place}`")]
    Served {
        /// The path.
        place: String,
    },
    /// No run, or more than one, has this id.
    #[error("{}", unknown_run(asked, *fitting))]
    UnknownRun {
        /// What was asked for.
        asked: String,
        /// How many runs fit.
        fitting: usize,
    },
}

/// The kinds of trouble with a database that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Another program kept it locked for longer than we wait.
    Locked,
    /// No room left.
    Full,
    /// Not a database, damaged, or with contents this program did not write.
    Corrupt,
    /// It may be read but not written.
    ReadOnly,
    /// Nobody answers there, or not any more.
    Unreachable,
    /// The server takes neither this user nor this password, or not from here.
    Refused,
    /// The server has no database of this name.
    NotThere,
    /// The user may not do what is needed.
    Forbidden,
    /// The server only repeats what another one does, or is told to write nothing.
    Standby,
    /// The server has as many connections as it takes.
    Crowded,
    /// No encryption could be agreed on.
    Encryption,
    /// The server is of a version that is too old.
    Outdated,
    /// The database cannot hold every character.
    Encoding,
    /// Anything else.
    Other,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Locked => "is locked by another program",
            Self::Full => "cannot grow: there is no space left",
            Self::Corrupt => "is damaged, or is no state database",
            Self::ReadOnly => "may not be written",
            Self::Unreachable => "cannot be reached",
            Self::Refused => "does not let this user in",
            Self::NotThere => "does not exist",
            Self::Forbidden => "does not give this user the rights that are needed",
            Self::Standby => "may only be read: its server is a standby, or told to write nothing",
            Self::Crowded => "has no connection free",
            Self::Encryption => "cannot be reached securely",
            Self::Outdated => "is on a server that is too old",
            Self::Encoding => "does not keep its texts as UTF-8",
            Self::Other => "cannot be used",
        })
    }
}

impl StdError for Trouble {}

impl StoreError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Address => {
                "give `sqlite://` and a path, such as `sqlite://.rollbook/state.db`, without options after a `?`, or \
                 `postgres://user:password@host:5432/database`, with `sslmode` and its like after a `?`; \
                 `sqlite::memory:` keeps nothing"
            }
            Self::Unavailable { trouble, .. } => trouble.help(),
            Self::Newer { .. } => "run the version of rollbook that wrote it, or a later one; nothing was changed",
            Self::Leased { .. } => "wait until that run has ended; a run that was killed blocks nobody",
            Self::Handling { .. } => "run again in a few minutes",
            Self::Lost { .. } => "nothing more is written from here; whoever took over finishes what was begun",
            Self::Served { .. } => {
                "stop that one first, or keep the state in PostgreSQL, which several can serve from: \
                 `ROLLBOOK_DATABASE_URL=postgres://…`"
            }
            Self::UnknownRun { fitting: 0, .. } => "`rollbook runs` lists the runs there are",
            Self::UnknownRun { .. } => "give more of the run's id; `rollbook runs` lists them",
        }
    }
}

impl Trouble {
    fn help(self) -> &'static str {
        match self {
            Self::Locked => "close the program that has it open (a backup, a database browser) and run again",
            Self::Full => "make room on that disk and run again; what was saved before is safe",
            Self::Corrupt => {
                "check the address; if it is right, put back the latest backup, or begin with an empty database: \
                 the next run then finds existing users through the recipe's `identify` rules"
            }
            Self::ReadOnly => "let the user that runs rollbook write the file and the folder it is in",
            Self::Unreachable => {
                "check host and port, that the server runs, and that it listens for this machine; \
                 what was saved before is safe"
            }
            Self::Refused => {
                "check user and password in the address (`%40` for an `@` in it), and that the server's `pg_hba.conf` \
                 lets this user in from here"
            }
            Self::NotThere => {
                "check the name at the end of the address, or make it: `createdb --owner=rollbook rollbook`"
            }
            Self::Forbidden => "make this user the owner of the database: `ALTER DATABASE … OWNER TO …`",
            Self::Standby => "give the address of the primary server, or see to its `default_transaction_read_only`",
            Self::Crowded => {
                "raise `max_connections` of the server or the limit of this user, or let fewer programs use it"
            }
            Self::Encryption => {
                "check `sslmode` and `sslrootcert` in the address against what the server offers: \
                 `sslmode=verify-full` needs a certificate for just this host name"
            }
            Self::Outdated => "use PostgreSQL 14 or later",
            Self::Encoding => "make the database anew with `createdb --encoding=UTF8 --template=template0`",
            Self::Other => "check that the address is right, and that the database can be written",
        }
    }

    /// The kind of a database error.
    fn of(error: &sqlx::Error) -> Self {
        match error {
            sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. } => Self::Corrupt,
            // So the TLS library says that it does not trust a certificate.
            sqlx::Error::Io(error) if error.kind() == io::ErrorKind::InvalidData => Self::Encryption,
            sqlx::Error::Io(_) | sqlx::Error::PoolTimedOut => Self::Unreachable,
            sqlx::Error::Tls(_) => Self::Encryption,
            sqlx::Error::Database(error) => match error.try_downcast_ref::<PgDatabaseError>() {
                Some(error) => Self::of_postgres(error.code()),
                None => Self::of_sqlite(&error.code().unwrap_or_default()),
            },
            _ => Self::Other,
        }
    }

    /// By primary result codes (<https://sqlite.org/rescode.html>).
    fn of_sqlite(code: &str) -> Self {
        match code.parse::<u32>().map(|extended| extended & 0xff) {
            Ok(5 | 6) => Self::Locked,
            Ok(3 | 8) => Self::ReadOnly,
            Ok(11 | 26) => Self::Corrupt,
            Ok(13) => Self::Full,
            _ => Self::Other,
        }
    }

    /// By SQLSTATE (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
    fn of_postgres(code: &str) -> Self {
        match code {
            "28000" | "28P01" => Self::Refused,
            "3D000" => Self::NotThere,
            "3F000" | "42501" => Self::Forbidden,
            "25006" => Self::Standby,
            "53100" => Self::Full,
            "53300" => Self::Crowded,
            "55P03" => Self::Locked,
            // Tables that are missing, or are another program's.
            "42703" | "42804" | "42P01" | "42P07" | "XX001" | "XX002" => Self::Corrupt,
            "57P01" | "57P02" | "57P03" | "57P05" => Self::Unreachable,
            connection if connection.starts_with("08") => Self::Unreachable,
            _ => Self::Other,
        }
    }

    fn of_io(error: &io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Other,
        }
    }
}

/// Stored text that does not read back: the column, never the contents.
#[derive(Debug, thiserror::Error)]
#[error("column `{0}` holds something that this version does not write")]
pub(super) struct Unreadable(pub(super) &'static str);

impl From<Unreadable> for sqlx::Error {
    fn from(unreadable: Unreadable) -> Self {
        Self::Decode(Box::new(unreadable))
    }
}

/// Whether PostgreSQL ended a transaction only because of what others did at the same time.
pub(super) fn is_deadlock(error: &sqlx::Error) -> bool {
    let error = error.as_database_error().and_then(|error| error.try_downcast_ref::<PgDatabaseError>());
    error.is_some_and(|error| matches!(error.code(), "40001" | "40P01"))
}

/// What PostgreSQL said, without its details: these may show a row.
#[derive(Debug, thiserror::Error)]
#[error("{message} (SQLSTATE {code})")]
struct Said {
    code: String,
    message: String,
}

/// Adds where it happened to what the database said.
pub(super) fn database(place: &str, error: sqlx::Error) -> StoreError {
    let trouble = Trouble::of(&error);
    let said = error.as_database_error().and_then(|error| error.try_downcast_ref::<PgDatabaseError>());
    let said = said.map(|error| Said { code: error.code().to_owned(), message: error.message().to_owned() });
    let source: Box<dyn StdError + Send + Sync> = match said {
        Some(said) => Box::new(said),
        None => Box::new(error),
    };
    StoreError::Unavailable { place: place.to_owned(), trouble, source }
}

/// Adds where it happened to why the tables could not be made.
pub(super) fn migration(place: &str, error: MigrateError) -> StoreError {
    let place = place.to_owned();
    match error {
        MigrateError::VersionMissing(_) => StoreError::Newer { place },
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => database(&place, error),
        other => StoreError::Unavailable { place, trouble: Trouble::Corrupt, source: Box::new(other) },
    }
}

/// Adds where it happened to what the file system said.
pub(super) fn file(place: &str, error: io::Error) -> StoreError {
    StoreError::Unavailable { place: place.to_owned(), trouble: Trouble::of_io(&error), source: Box::new(error) }
}

fn unknown_run(asked: &str, fitting: usize) -> String {
    match fitting {
        0 => format!("there is no run `{asked}`"),
        _ => format!("`{asked}` fits {fitting} runs"),
    }
}
