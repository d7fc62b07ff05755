//! What breaks on the way from a server, whoever it stands for: bodies that end early, errors of the server.

use serde::{Deserialize, Serialize};

/// A body that breaks off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Breakage {
    /// After so much of it.
    pub percent: u8,
    /// For the next so many bodies; for all if left out.
    #[serde(default)]
    pub calls: Option<u32>,
}

/// An error of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerError {
    /// 500 to 599.
    #[serde(default = "ServerError::usual")]
    pub status: u16,
    /// For the next so many calls.
    pub calls: u32,
}

impl ServerError {
    fn usual() -> u16 {
        503
    }
}

/// How a body ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    Whole,
    /// The connection is closed after so many percent.
    Cut(u8),
    /// The JSON ends after so many percent.
    Truncated(u8),
}

impl Ending {
    /// How much of the body is sent.
    pub(super) fn percent(self) -> usize {
        match self {
            Self::Whole => 100,
            Self::Cut(percent) | Self::Truncated(percent) => percent.into(),
        }
    }
}

/// The share that the next body has, where it breaks off.
pub(super) fn spend(breakage: &mut Option<Breakage>) -> Option<u8> {
    let Breakage { percent, calls } = breakage.as_mut()?;
    let percent = *percent;
    match calls {
        Some(0..=1) => *breakage = None,
        Some(calls) => *calls -= 1,
        None => {}
    }
    Some(percent)
}
