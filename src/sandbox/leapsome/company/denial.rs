//! Why Leapsome does not do something.

use crate::sandbox::refusal::Refusal;

/// Why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Denial {
    /// It makes no sense: 400.
    Invalid(String),
    /// A name or an address is in use: 409.
    Taken(String),
    /// There is no such user: 404.
    UnknownUser,
    /// There is no such group: 401 (apis/leapsome.md §1).
    UnknownGroup,
    /// An address of a domain that is not the company's.
    Domain,
    /// A Super-Admin stays active.
    SuperAdmin,
}

impl Denial {
    pub(crate) fn invalid(message: &str) -> Self {
        Self::Invalid(message.to_owned())
    }

    /// What is said of it.
    pub(crate) fn words(&self) -> &str {
        match self {
            Self::Invalid(words) | Self::Taken(words) => words,
            Self::UnknownUser | Self::UnknownGroup => "Resource not found",
            Self::Domain => "The email domain is not registered for this organization",
            Self::SuperAdmin => "Super-Admins cannot be deactivated",
        }
    }
}

impl From<Denial> for Refusal {
    fn from(denial: Denial) -> Self {
        Self::new(denial.words(), "`GET /sandbox/users` and `/sandbox/teams` list what there is")
    }
}
