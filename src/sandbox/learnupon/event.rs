//! What can happen in the portal by hand: what people do there, and what an admin does on its screens.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::portal::{Definition, Rule};

/// Something that happens. Users are named by id or by what they log in with, invitations by id or address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// An invitation is accepted: the person becomes a user, with a new id (apis/learnupon.md §2.3).
    Accept(Invited),
    /// An invitation is refused.
    Reject(Invited),
    /// An admin makes an account, without a mail.
    Add(Fields),
    /// An admin changes an account.
    Change(Change),
    /// An admin deletes an account.
    Delete(Whom),
    /// An admin makes a custom field, or changes the one with its label (§2.1).
    Define(Definition),
    /// An admin takes a custom field away.
    Undefine(Label),
    /// An admin makes a dynamic rule (§3).
    Rule(Rule),
    /// The portal's day moves on: accounts and invitations whose time is over end (§2.2, §6).
    Day(Day),
}

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Invited {
    /// Its id, or the address.
    pub invite: String,
}

/// An account to make.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fields {
    /// As the API takes them.
    pub fields: Map<String, Json>,
}

/// Other values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Id, address or user name.
    pub user: String,
    /// As the API takes them.
    pub fields: Map<String, Json>,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Whom {
    /// Id, address or user name.
    pub user: String,
}

/// A custom field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// What it is called.
    pub label: String,
}

/// A day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Day {
    /// Not before the portal's own.
    pub date: Date,
}
