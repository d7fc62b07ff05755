//! What a sandbox is started with.

use std::path::PathBuf;

use super::switches::Switches;

/// Everything about a sandbox. The default is an account with its Owner only, on any free port.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The port on 127.0.0.1; 0 takes any that is free.
    pub port: u16,
    /// Who may call (apis/learnamp.md §2).
    pub key: Key,
    /// Who is there beside the Owner.
    pub people: People,
    /// How it behaves.
    pub switches: Switches,
}

/// Who is there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum People {
    /// The Owner alone.
    #[default]
    Owner,
    /// Teams, custom fields and users of a file, the Owner first.
    File(PathBuf),
    /// Invented people beside the Owner, who have accepted their invitation.
    Generated {
        /// How many.
        count: usize,
        /// The same seed gives the same people.
        seed: u64,
    },
}

/// The most people that are generated.
pub const MOST_PEOPLE: usize = 200_000;

/// An API key. It guards nothing but invented people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The client id.
    pub id: String,
    /// The client secret.
    pub secret: String,
}

impl Default for Key {
    fn default() -> Self {
        Self { id: "sandbox-client".to_owned(), secret: "sandbox-secret".to_owned() }
    }
}
