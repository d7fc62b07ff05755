//! What a sandbox is started with.

use std::path::PathBuf;

use jiff::civil::Date;

use super::switches::Switches;

/// Everything about a sandbox. The default is a company with its owner, some teams and some custom attributes, on any free
/// port.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The port on 127.0.0.1; 0 takes any that is free.
    pub port: u16,
    /// Who may call (apis/leapsome.md §0).
    pub keys: Keys,
    /// Who is there beside the owner.
    pub users: Users,
    /// Users, teams and custom attributes in the form of `start.json`; the bundled company's if left out.
    pub company: Option<PathBuf>,
    /// The day at the start; the clock's, in UTC, if left out. With it the day stands still.
    pub today: Option<Date>,
    /// How it behaves.
    pub switches: Switches,
}

/// Who is there beside the users of the company's file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Users {
    /// Nobody.
    #[default]
    None,
    /// Invented ones, active, without an external id.
    Generated {
        /// How many.
        count: usize,
        /// The same seed gives the same people.
        seed: u64,
    },
}

/// The most users that are generated.
pub const MOST_USERS: usize = 200_000;

/// What the two APIs ask for. It guards nothing but invented people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// The token of the SCIM API.
    pub token: String,
    /// The secret of the Content API.
    pub api_secret: String,
}

impl Default for Keys {
    fn default() -> Self {
        Self { token: "sandbox-scim-token".to_owned(), api_secret: "sandbox-api-secret".to_owned() }
    }
}
