//! Users (apis/360learning.md §3.1).

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Serialize, Serializer};

use super::group::Role;
use super::id::Id;

/// The languages that there are; anything else is refused (§3.1).
pub(crate) const LANGUAGES: [&str; 38] = [
    "bg", "cs", "da", "de", "el", "en", "es", "fi", "fr", "hr", "ht_HT", "hu", "id", "it", "ja", "kar_MM", "ko", "lt",
    "mh_MH", "nl", "nl_BE", "no", "pl", "pt", "ro", "ru", "rw_RW", "sk", "sl", "so_SO", "sv", "sw_KE", "th", "ti_ET",
    "tr", "uk", "vi", "zh",
];

/// Where a user is in their life (§3.5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Can log in.
    Active,
    /// Cannot log in yet, and is not billed.
    Invited,
    /// Deactivated: gone, but restorable.
    Deleted,
}

/// Somebody: what the user object shows, and beside it what each needs a call of its own.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct User {
    #[serde(rename = "_id")]
    pub(crate) id: Id,
    pub(crate) status: Status,
    #[serde(flatten)]
    pub(crate) profile: Profile,
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "moments")]
    pub(crate) deleted_at: Vec<Timestamp>,
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "moments")]
    pub(crate) reactivated_at: Vec<Timestamp>,
    #[serde(skip)]
    pub(crate) managers: BTreeSet<Id>,
    /// Values of custom fields by the field.
    #[serde(skip)]
    pub(crate) values: BTreeMap<Id, String>,
    #[serde(skip)]
    pub(crate) roles: BTreeSet<(Id, Role)>,
}

/// What can be set about a user.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Profile {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) username: Option<String>,
    pub(crate) lang: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) first_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) last_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) job: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) organization: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) custom: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) primary_group_id: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "moment")]
    pub(crate) to_be_deactivated_at: Option<Timestamp>,
}

impl User {
    pub(crate) fn is_deleted(&self) -> bool {
        self.status == Status::Deleted
    }

    pub(crate) fn is_owner(&self) -> bool {
        self.roles.iter().any(|(_, role)| *role == Role::Owner)
    }

    pub(crate) fn is_member_of(&self, group: Id) -> bool {
        self.roles.iter().any(|(of, _)| *of == group)
    }
}

/// A moment as the API writes it: UTC with milliseconds (§3.1).
pub(crate) fn written(moment: Timestamp) -> String {
    format!("{moment:.3}")
}

fn moment<S: Serializer>(moment: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    moment.map(written).serialize(serializer)
}

fn moments<S: Serializer>(moments: &[Timestamp], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(moments.iter().copied().map(written))
}
