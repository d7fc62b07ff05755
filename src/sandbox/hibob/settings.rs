//! What a sandbox is started with.

use std::path::PathBuf;

use jiff::civil::Date;

use super::switches::Switches;

/// Everything about a sandbox. The default is the bundled company on any free port.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The port on 127.0.0.1; 0 takes any that is free.
    pub port: u16,
    /// The service user (apis/hibob.md §1.2).
    pub service_user: ServiceUser,
    /// Who works there.
    pub people: People,
    /// Field metadata in HiBob's form; the bundled company's if left out.
    pub fields: Option<PathBuf>,
    /// Named lists in HiBob's form; the bundled company's if left out.
    pub lists: Option<PathBuf>,
    /// The company's day at the start; the clock's, in UTC, if left out. With it the day stands still.
    pub today: Option<Date>,
    /// Where webhooks go.
    pub webhook: Option<Webhook>,
    /// How it behaves.
    pub switches: Switches,
}

/// Who works in the company.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum People {
    /// The 300 of the demo.
    #[default]
    Bundled,
    /// Those of a file in the form of a people search answer.
    File(PathBuf),
    /// Invented ones.
    Generated {
        /// How many.
        count: usize,
        /// The same seed gives the same people.
        seed: u64,
    },
}

/// The most people that are generated.
pub const MOST_PEOPLE: usize = 1_000_000;

/// The service user that calls come from. It guards nothing but invented people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceUser {
    /// The id.
    pub id: String,
    /// The token.
    pub token: String,
}

impl Default for ServiceUser {
    fn default() -> Self {
        Self { id: "SERVICE-1001".to_owned(), token: "sandbox-token".to_owned() }
    }
}

/// Where webhooks go, and what they are signed with (apis/hibob.md §5.2).
#[derive(Clone)]
pub struct Webhook {
    /// An address beginning with `http://`.
    pub url: String,
    /// The secret.
    pub secret: secrecy::SecretString,
}

impl std::fmt::Debug for Webhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Webhook").field("url", &self.url).finish_non_exhaustive()
    }
}
