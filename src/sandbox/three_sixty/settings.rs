//! What a sandbox is started with.

use std::path::PathBuf;

use jiff::civil::Date;

use super::switches::Switches;

/// Everything about a sandbox. The default is a company with its owner only, on any free port.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The port on 127.0.0.1; 0 takes any that is free.
    pub port: u16,
    /// Who may call (apis/360learning.md §1).
    pub client: Client,
    /// Who is there beside the owner.
    pub users: Users,
    /// Groups, custom fields and users in the form of `start.json`; the bundled company's if left out.
    pub company: Option<PathBuf>,
    /// The day at the start; the clock's, in UTC, if left out. With it the day stands still.
    pub today: Option<Date>,
    /// How it behaves.
    pub switches: Switches,
}

/// Who is there beside the owner and the users of the company's file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Users {
    /// Nobody.
    #[default]
    None,
    /// So many invented ones, active and in the default group.
    Generated(usize),
}

/// The most users that are generated.
pub const MOST_USERS: usize = 200_000;

/// An application with client credentials. They guard nothing but invented people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// The id.
    pub id: String,
    /// The secret.
    pub secret: String,
}

impl Default for Client {
    fn default() -> Self {
        Self { id: "cid_sandbox".to_owned(), secret: "cs_sandbox".to_owned() }
    }
}
