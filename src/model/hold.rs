//! What the brake holds back.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{EmployeeId, FieldName};

/// The kinds of change that have a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitKind {
    /// Ending access.
    Deactivate,
    /// Changing the address or name that people log in with.
    ChangeLogin,
    /// Emptying one field for many people.
    ClearField,
    /// Far fewer employees than last time: every deactivation is held.
    SourceShrink,
    /// Far fewer users in the target than are remembered: making them all again is held.
    TargetShrink,
}

impl LimitKind {
    /// Every kind, in the order of the report.
    pub const ALL: [Self; 5] =
        [Self::Deactivate, Self::ChangeLogin, Self::ClearField, Self::SourceShrink, Self::TargetShrink];

    /// The word used in recipes and after `--approve`.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Deactivate => "deactivate",
            Self::ChangeLogin => "change_login",
            Self::ClearField => "clear_field",
            Self::SourceShrink => "source_shrink",
            Self::TargetShrink => "target_shrink",
        }
    }
}

impl fmt::Display for LimitKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A limit that a plan breaks: what is held, whom it concerns, and how to let it pass once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tripped {
    /// Which limit.
    pub kind: LimitKind,
    /// The field, for [`LimitKind::ClearField`].
    pub field: Option<FieldName>,
    /// How many changes (or missing people) there are.
    pub count: usize,
    /// The limit in words: "at most 20, or 5 % of 400 linked users".
    pub limit: String,
    /// Everybody who is held, by id and name.
    pub people: Vec<(EmployeeId, String)>,
    /// Whether it was approved for this run, so that nothing is held after all.
    pub approved: bool,
    /// The number to approve: `count`, or where fields are emptied that of all fields together, so that approving one
    /// never lets another pass unseen.
    pub to_approve: usize,
}

impl Tripped {
    /// What to type to let it pass once.
    #[must_use]
    pub fn approval(&self) -> String {
        format!("--approve {}={}", self.kind, self.to_approve)
    }
}
