//! What became of one person in one run, and what somebody should do about it.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::plan::{Changes, PersonPlan, Reason, Verdict};

/// Whose move it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// Somebody has to put the data right in the source.
    Source,
    /// The recipe, a table or a script has to change.
    Recipe,
    /// Something has to be settled in the target.
    Target,
    /// Credentials or permissions have to be granted.
    Credentials,
}

impl Whose {
    /// Every side, in the order of the report.
    pub const ALL: [Self; 4] = [Self::Source, Self::Recipe, Self::Target, Self::Credentials];

    /// How the report says it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Source => "HiBob data",
            Self::Recipe => "recipe or table",
            Self::Target => "target",
            Self::Credentials => "credentials or permissions",
        }
    }
}

impl fmt::Display for Whose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}

/// Something that needs attention: what, why, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// Whose move it is.
    pub whose: Whose,
    /// What happened, in plain words; the same for many people.
    pub text: Arc<str>,
    /// What to do.
    pub hint: Arc<str>,
    /// The line that it comes from, if there is one.
    pub reason: Option<Reason>,
}

/// How it ended for one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeKind {
    /// A user was made.
    Created,
    /// The user was changed.
    Updated,
    /// The user has access again.
    Reactivated,
    /// The user's access ended.
    Deactivated,
    /// Nothing was to be done.
    Unchanged,
    /// The brake held everything that was to be done.
    Held,
    /// Left alone by the status rules.
    Ignored,
    /// Left out by the filter.
    OutOfScope,
    /// Waiting for the start date.
    Waiting,
    /// Not decided, because something was not delivered.
    Undecided,
    /// Not settled between two records or users.
    Conflict,
    /// On the `never_touch` list.
    Protected,
    /// Failed: by the recipe's own rules, or while writing.
    Failed,
}

impl OutcomeKind {
    /// Every kind, in the order of the report.
    pub const ALL: [Self; 13] = [
        Self::Created,
        Self::Updated,
        Self::Reactivated,
        Self::Deactivated,
        Self::Unchanged,
        Self::Held,
        Self::Ignored,
        Self::OutOfScope,
        Self::Waiting,
        Self::Undecided,
        Self::Conflict,
        Self::Protected,
        Self::Failed,
    ];

    /// The word used in the report, the CSV and the database.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Reactivated => "reactivated",
            Self::Deactivated => "deactivated",
            Self::Unchanged => "unchanged",
            Self::Held => "held",
            Self::Ignored => "ignored",
            Self::OutOfScope => "out of scope",
            Self::Waiting => "waiting",
            Self::Undecided => "undecided",
            Self::Conflict => "conflict",
            Self::Protected => "protected",
            Self::Failed => "failed",
        }
    }

    /// The kind with this word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// How a verdict ends when everything it asks for is done.
    #[must_use]
    pub fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Create => Self::Created,
            Verdict::Update => Self::Updated,
            Verdict::Reactivate => Self::Reactivated,
            Verdict::Deactivate => Self::Deactivated,
            Verdict::Unchanged => Self::Unchanged,
            Verdict::Ignore => Self::Ignored,
            Verdict::OutOfScope => Self::OutOfScope,
            Verdict::Wait => Self::Waiting,
            Verdict::Undecided => Self::Undecided,
            Verdict::Conflict => Self::Conflict,
            Verdict::Protected => Self::Protected,
            Verdict::Fail => Self::Failed,
        }
    }
}

impl fmt::Display for OutcomeKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What became of one person: the plan for them, how it ended, and what the brake held back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// How it ended.
    pub kind: OutcomeKind,
    /// The person as planned: identity, reason, findings. Its `changes` are those that were carried out.
    pub person: Box<PersonPlan>,
    /// The changes that the brake held back.
    pub held: Option<Box<Changes>>,
    /// Why it failed, if it did, with what to do.
    pub failure: Option<Box<Finding>>,
}
