//! How a report is to be written: in which language, and what of people it may show.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::FieldName;

/// The languages that reports and messages are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub enum Language {
    /// English.
    #[default]
    #[serde(rename = "en")]
    English,
    /// French.
    #[serde(rename = "fr")]
    French,
    /// German.
    #[serde(rename = "de")]
    German,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 3] = [Self::English, Self::French, Self::German];

    /// Its code (ISO 639-1), as recipes and pages name it.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::French => "fr",
            Self::German => "de",
        }
    }

    /// The language with this code.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.code() == code)
    }
}

/// A column of the table of people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SheetColumn {
    /// The employee's id.
    EmployeeId,
    /// The name.
    Name,
    /// The address.
    Email,
    /// How it ended.
    Outcome,
    /// The rule that decided.
    Reason,
    /// File and line of that rule.
    Where,
    /// The user's id.
    UserId,
    /// What was changed, groups apart.
    Changes,
    /// Groups joined.
    GroupsJoined,
    /// Groups left.
    GroupsLeft,
    /// What the brake held.
    Held,
    /// What needs attention.
    Attention,
    /// What to do about it.
    Hint,
    /// Whose move it is.
    Whose,
}

impl SheetColumn {
    /// Every column, in the order of the table.
    pub const ALL: [Self; 14] = [
        Self::EmployeeId,
        Self::Name,
        Self::Email,
        Self::Outcome,
        Self::Reason,
        Self::Where,
        Self::UserId,
        Self::Changes,
        Self::GroupsJoined,
        Self::GroupsLeft,
        Self::Held,
        Self::Attention,
        Self::Hint,
        Self::Whose,
    ];

    /// Its name in recipes and in the head of the CSV, which programs read: the same in every language.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::EmployeeId => "employee_id",
            Self::Name => "name",
            Self::Email => "email",
            Self::Outcome => "outcome",
            Self::Reason => "reason",
            Self::Where => "where",
            Self::UserId => "user_id",
            Self::Changes => "changes",
            Self::GroupsJoined => "groups_joined",
            Self::GroupsLeft => "groups_left",
            Self::Held => "held",
            Self::Attention => "attention",
            Self::Hint => "hint",
            Self::Whose => "whose",
        }
    }

    /// The column with this name.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.word() == word)
    }
}

impl fmt::Display for SheetColumn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// What of people a report keeps to itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Privacy {
    /// Columns that no table has. A name or an address that is left out is nowhere else in the report either.
    pub left_out: BTreeSet<SheetColumn>,
    /// Fields of the target of which it only says that they changed.
    pub masked: BTreeSet<FieldName>,
    /// Whether the mail itself has counts only: people are named in what is attached.
    pub counts_only: bool,
}
