//! HiBob over real HTTP on loopback, for trying recipes without an account, and for tests: the paths that Rollbook
//! reads from, with their traps, and a control API beside them that makes things happen.
//!
//! What it simulates is in the fact sheet `apis/hibob.md`; each behaviour names its section. What the sheet calls
//! uncertain is one of the [`Switches`].
//!
//! | module | what it is |
//! | --- | --- |
//! | [`settings`] | what a sandbox is started with |
//! | [`switches`], [`faults`] | how it behaves, and what goes wrong |
//! | [`event`] | what can happen in the company |
//! | `tenant` | the company: fields, lists, people, days |
//! | `api` | HiBob's paths, below `/v1` |
//! | `control` | the sandbox's own, below `/sandbox` |
//! | `webhook` | signed, in order, repeated |
//! | `simulation` | what all of them share |

mod api;
mod control;
pub mod event;
pub mod faults;
mod running;
pub mod settings;
mod simulation;
pub mod switches;
mod tenant;
mod webhook;

pub use self::event::{Event, Played, Refusal};
pub use self::running::Sandbox;
pub use self::settings::{People, ServiceUser, Settings};
pub use self::switches::Switches;
pub use self::webhook::{Attempt, Delivery, DeliveryState};

/// Why a sandbox cannot start.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// A file cannot be used.
    #[error("{name}: {message}")]
    Input {
        /// Which.
        name: String,
        /// What is wrong with it.
        message: String,
        /// What to do.
        help: String,
    },
    /// The port cannot be had.
    #[error("port {port} of 127.0.0.1 can't be used: {error}")]
    Port {
        /// Which.
        port: u16,
        /// Why.
        error: std::io::Error,
    },
    /// A setting makes no sense.
    #[error("{0}")]
    Setting(Refusal),
}

impl SandboxError {
    fn unreadable(name: &str, error: &std::io::Error) -> Self {
        Self::Input {
            name: name.to_owned(),
            message: format!("can't be read: {error}"),
            help: "check the path".to_owned(),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &str {
        match self {
            Self::Input { help, .. } => help,
            Self::Port { .. } => "take another with `--port`; 0 takes any that is free",
            Self::Setting(refusal) => &refusal.help,
        }
    }
}
