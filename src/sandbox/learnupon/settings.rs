//! What a sandbox is started with.

use std::path::PathBuf;

use jiff::civil::Date;

use super::switches::Switches;

/// Everything about a sandbox. The default is a portal with nobody but its admin, on any free port.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The port on 127.0.0.1; 0 takes any that is free.
    pub port: u16,
    /// The pair of API keys (apis/learnupon.md §1).
    pub keys: Keys,
    /// Who has an account beside the admin.
    pub people: People,
    /// The portal's day at the start; the clock's, in UTC, if left out. With it the day stands still.
    pub today: Option<Date>,
    /// How it behaves.
    pub switches: Switches,
}

/// Who has an account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum People {
    /// The admin alone.
    #[default]
    Admin,
    /// Users, groups and definitions of a file: an object with the lists `user`, `groups` and
    /// `customDataFieldDefinitions`, as the API answers them.
    File(PathBuf),
    /// Invented learners.
    Generated {
        /// How many.
        count: usize,
        /// The same seed gives the same people.
        seed: u64,
    },
}

/// The most people that are generated.
pub const MOST_PEOPLE: usize = 200_000;

/// The one active pair of keys of a portal. It guards nothing but invented people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// The first key, which stands for the user name.
    pub username: String,
    /// The second, which stands for the password.
    pub password: String,
}

impl Default for Keys {
    fn default() -> Self {
        Self { username: "sandbox-key".to_owned(), password: "sandbox-secret".to_owned() }
    }
}
