//! What can go wrong with the state database, in words an operator can act on.
//!
//! No text here holds a stored value: SQLite names tables and columns in its messages, never contents, and what could
//! not be read back is named by its column.

use std::error::Error as StdError;
use std::fmt;
use std::io;

use jiff::Timestamp;

/// Why the state database could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address is none that is accepted. It is not repeated: addresses of databases hold passwords.
    #[error("this is not an address of a state database that is accepted")]
    Address,
    /// The database cannot be used.
    #[error("the state database `{place}` {trouble}")]
    Unavailable {
        /// The path, or `:memory:`.
        place: String,
        /// What kind of trouble it is.
        trouble: Trouble,
        /// What the system or SQLite said.
        source: Box<dyn StdError + Send + Sync>,
    },
    /// The database was made by a later version of this program.
    #[error("the state database `{place}` was written by a newer version of rollbook")]
    Newer {
        /// The path.
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
            Self::Other => "cannot be used",
        })
    }
}

impl StoreError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Address => {
                "give `sqlite://` and a path, such as `sqlite://.rollbook/state.db`, without options after a `?`; \
                 `sqlite::memory:` keeps nothing"
            }
            Self::Unavailable { trouble, .. } => trouble.help(),
            Self::Newer { .. } => "run the version of rollbook that wrote it, or a later one; nothing was changed",
            Self::Leased { .. } => "wait until that run has ended; a run that was killed blocks nobody",
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
                "check the path; if it is right, put back the latest backup, or move the file away: \
                 the next run then finds existing users through the recipe's `identify` rules"
            }
            Self::ReadOnly => "let the user that runs rollbook write the file and the folder it is in",
            Self::Other => "check that the path is right, and that the disk is there and can be written",
        }
    }

    /// The kind of a database error; SQLite's primary result codes (<https://sqlite.org/rescode.html>).
    fn of(error: &sqlx::Error) -> Self {
        match error {
            sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. } => Self::Corrupt,
            sqlx::Error::Database(error) => {
                let code = error.code().and_then(|code| code.parse::<u32>().ok());
                match code.map(|extended| extended & 0xff) {
                    Some(5 | 6) => Self::Locked,
                    Some(3 | 8) => Self::ReadOnly,
                    Some(11 | 26) => Self::Corrupt,
                    Some(13) => Self::Full,
                    _ => Self::Other,
                }
            }
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

/// Adds where it happened to what SQLite said.
pub(super) fn database(place: &str, error: sqlx::Error) -> StoreError {
    StoreError::Unavailable { place: place.to_owned(), trouble: Trouble::of(&error), source: Box::new(error) }
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
