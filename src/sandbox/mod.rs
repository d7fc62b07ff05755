//! The services that Rollbook talks to, simulated over real HTTP on loopback: for trying recipes without an account, and
//! for tests. Each stands where the real one would, knows nothing of the rest of the crate, and has a control API of its
//! own below `/sandbox`.
//!
//! | module | what it is |
//! | --- | --- |
//! | [`hibob`] | HiBob, with a company of invented people in which things happen |
//! | [`learnamp`] | Learn Amp, with users, teams and invitations |
//! | [`learnupon`] | LearnUpon, a portal with users, groups and invitations |
//! | [`three_sixty`] | 360Learning, with users, groups, custom fields and mappings |
//! | [`leapsome`] | Leapsome, with users, teams and a status of each |
//! | [`breakage`] | what breaks on the way from HiBob |
//! | [`faults`] | what breaks on the way to a target |
//! | `line`, `limit`, `tokens` | what calls of a target pass: faults, limits, tokens |
//! | [`record`] | calls as they came and were answered |
//! | `refusal` | why something cannot happen |
//! | `answer`, `deliver`, `serving` | bodies and servers, whoever they stand for |
//! | `patch`, `lock` | switches set one by one, and state that requests share |
//! | `names`, `numbers` | what people are invented from |

mod answer;
pub mod breakage;
mod deliver;
pub mod faults;
pub mod hibob;
pub mod leapsome;
pub mod learnamp;
pub mod learnupon;
mod limit;
mod line;
mod lock;
mod names;
mod numbers;
mod patch;
pub mod record;
mod refusal;
mod serving;
pub mod three_sixty;
mod tokens;

pub use self::refusal::Refusal;

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
