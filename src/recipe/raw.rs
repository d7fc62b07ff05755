//! The recipe as written, section by section, after the schema has filled in its defaults.
//!
//! Each section is read by itself: one that the schema found wrong is left out, and the others are still checked.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use crate::model::SheetColumn;

/// `identify`, one entry.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Identify {
    pub(super) employee: String,
    pub(super) user: String,
    pub(super) ignore_case: bool,
}

/// `fields`: the names of two tables.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FieldTables {
    pub(super) standard: Option<String>,
    pub(super) custom: Option<String>,
}

/// `groups`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Groups {
    pub(super) table: String,
    pub(super) ownership: String,
    pub(super) create: bool,
}

/// `provisioning`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Provisioning {
    pub(super) create: String,
    pub(super) start: String,
    pub(super) start_date: Option<String>,
    pub(super) end_date: Option<String>,
    pub(super) reactivate: bool,
    pub(super) out_of_scope: String,
    pub(super) missing: String,
}

/// One of the `limits`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limit {
    pub(super) most: Option<usize>,
    pub(super) percent: f64,
    pub(super) few: usize,
}

/// `limits`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limits {
    pub(super) deactivate: Limit,
    pub(super) change_login: Limit,
    pub(super) clear_field: Limit,
    pub(super) source_shrink: Limit,
    pub(super) target_shrink: Limit,
    pub(super) never_touch: Vec<String>,
}

/// `timezone` per person.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ZoneTable {
    pub(super) table: String,
    pub(super) field: String,
    pub(super) column: String,
    pub(super) default: String,
}

/// `report`
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Report {
    pub(super) to: Recipients,
    pub(super) when: String,
    pub(super) title: Option<String>,
    pub(super) timezone: Option<String>,
    pub(super) details: String,
    pub(super) attach: Vec<String>,
    pub(super) leave_out: Vec<SheetColumn>,
    pub(super) mask: Option<Vec<String>>,
}

/// `report.to`: one list, or one for each kind of report.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Recipients {
    All(Vec<String>),
    ByKind(BTreeMap<String, Vec<String>>),
}

impl Default for Recipients {
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

/// `schedule`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Schedule {
    pub(super) full_sync: Option<String>,
    pub(super) manual_every: String,
}

/// `real_time`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RealTime {
    pub(super) path: String,
    pub(super) secret: String,
    pub(super) settle: String,
    /// `all`, or a list.
    pub(super) events: Json,
}

/// `notify`
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Notify {
    #[serde(default)]
    pub(super) to: Vec<String>,
    pub(super) webhook: Option<String>,
    pub(super) on: Vec<String>,
}

/// A section of a recipe, where it is there and well formed.
pub(super) fn section<T: DeserializeOwned>(recipe: &Json, name: &str) -> Option<T> {
    recipe.get(name).and_then(|section| T::deserialize(section).ok())
}

/// One entry of a sequence, where it is well formed.
pub(super) fn entry<T: DeserializeOwned>(entry: &Json) -> Option<T> {
    T::deserialize(entry).ok()
}
