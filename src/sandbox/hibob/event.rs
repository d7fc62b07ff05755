//! What can be made to happen in the simulated company.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// Something that happens. Dates that are left out make it count at once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// Somebody new, in the future too.
    Hire(Hire),
    /// Other values in fields.
    Change(Change),
    /// Another department, site or manager.
    Move(Move),
    /// The end of an employment.
    Terminate(Terminate),
    /// A leave begins.
    Leave(Leave),
    /// A leave ends.
    Return(Dated),
    /// Somebody who had left is back, in the same record (apis/hibob.md §10.19).
    Rehire(Dated),
    /// The record is deleted: it just stops appearing (apis/hibob.md §7.13).
    Delete(Whom),
    /// The company's day moves on, and what is due takes effect.
    Day(Day),
}

/// Somebody new.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hire {
    /// The first day; until then they are hired and inactive (apis/hibob.md §4.1). Today if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_date: Option<Date>,
    /// Values by field id: first name and surname at least.
    pub fields: Map<String, Json>,
}

/// Other values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Id or address.
    pub person: String,
    /// Values by field id; list items by id or label, `null` to empty a field.
    pub fields: Map<String, Json>,
}

/// Another place in the company. At least one of them is given.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// Id or address.
    pub person: String,
    /// By id or label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub department: Option<String>,
    /// By id or label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// By id or address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub manager: Option<String>,
}

/// The end of an employment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Terminate {
    /// Id or address.
    pub person: String,
    /// The termination date: they still belong to the company on this day, and are terminated from the next on
    /// (apis/hibob.md §4.1). Yesterday if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// The last working day. Earlier than the date it means garden leave between the two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_day: Option<Date>,
    /// "Revoke access immediately": ahead of the date (apis/hibob.md §5.4).
    #[serde(default)]
    pub revoke_access: bool,
}

/// A leave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leave {
    /// Id or address.
    pub person: String,
    /// The first day. Today if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// The lifecycle status: `leave`, `parental leave`, or one of the company's own.
    #[serde(default = "Leave::usual")]
    pub kind: String,
    /// Whether they keep their access meanwhile.
    #[serde(default)]
    pub remain_active: bool,
}

impl Leave {
    fn usual() -> String {
        "leave".to_owned()
    }
}

/// A person and a day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dated {
    /// Id or address.
    pub person: String,
    /// The first day. Today if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Whom {
    /// Id or address.
    pub person: String,
}

/// A day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Day {
    /// The new day; not before the company's own.
    pub date: Date,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Played {
    /// The id of the person it happened to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// The webhook events it gives rise to, in order, whether or not anybody receives them.
    pub webhooks: Vec<String>,
}

/// Something that webhooks tell of (apis/hibob.md §5.4).
#[derive(Debug, Clone)]
pub(crate) struct Notice {
    pub(crate) kind: &'static str,
    pub(crate) employee: String,
    /// Who that is, for webhooks of the first version (§5.5).
    pub(crate) brief: Json,
    pub(crate) about: About,
}

/// What a notice says beside whom it is about.
#[derive(Debug, Clone)]
pub(crate) enum About {
    Person,
    Fields(Vec<String>),
    Table { table: &'static str, effective: Date },
    Lifecycle { status: String, effective: Date },
}
