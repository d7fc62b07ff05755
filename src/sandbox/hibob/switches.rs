//! How the simulated HiBob behaves: everything that differs between tenants, that the fact sheet calls uncertain, or
//! that goes wrong. Plain data, settable at the start and while it runs.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::faults::Faults;
use super::tenant::catalogue::Catalogue;
use crate::sandbox::patch::patched;
use crate::sandbox::refusal::Refusal;

/// Every switch. What is left out is as in [`Switches::default`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    /// "Access data for": whose data the service user sees (apis/hibob.md §1.4 a).
    pub audience: Audience,
    /// People outside the audience whatever their status, by id (§1.5).
    pub outside: BTreeSet<String>,
    /// Permission categories that are not granted, such as `lifecycle`: their fields vanish silently (§1.4 b, §0.2).
    pub withhold_categories: BTreeSet<String>,
    /// Single fields that are not granted (§1.4 b, "field-level permissions").
    pub withhold_fields: BTreeSet<String>,
    /// Categories and fields that are not granted for single people, by id (§7.5).
    pub withhold_from: BTreeMap<String, BTreeSet<String>>,
    /// A service user without any permission group (§1.5, uncertain: §10.7).
    pub no_group: Option<NoGroup>,
    /// Whether a manager outside the audience still shows (uncertain: §10.15).
    pub outside_managers: bool,
    /// Whether `POST /people/{id}` finds inactive people, having no `showInactive` (uncertain: §10.17).
    pub person_finds_inactive: bool,
    /// Whether the lifecycle endpoints answer more than the current row (§4.2).
    pub lifecycle_history: bool,

    /// Calls a window for people search; 0 is no limit (§0.9, §6).
    pub requests_per_minute: u32,
    /// The same for every other endpoint, which the guide says nothing about (uncertain: §10.6).
    pub other_requests_per_minute: u32,
    /// How long the window of the limit is; a minute at HiBob (§6).
    pub window_seconds: u32,
    /// Whether 429 has a `Retry-After` too (uncertain: §10.6).
    pub retry_after: bool,
    /// Answers of 401 or 403 in ten seconds until the firewall blocks; 0 is no firewall (§6).
    pub firewall_after: u32,
    /// How long it blocks (§6).
    pub firewall_seconds: u32,

    /// The most field ids in a request; 0 is no cap (§2.1, uncertain: §10.10).
    pub field_cap: usize,
    /// Whether `"filters": []` is refused (§2.1, uncertain: §10.10).
    pub refuse_empty_filters: bool,
    /// Whether every filter is refused (§2.1 documents one by id or address; uncertain for tenants of other kinds).
    pub refuse_filters: bool,
    /// Whether a GET with a `Content-Type` is refused with 400 and HTML (§1.2; seen for some tables).
    pub refuse_content_type_on_get: bool,
    /// What the dead endpoints answer (§2.3 says only that they are gone).
    pub dead_status: u16,
    /// The form of error bodies (§1.5, uncertain: §10.6).
    pub error_bodies: ErrorBodies,
    /// The form of named lists (§3.2, uncertain: §10.11).
    pub lists: ListShape,
    /// Whether field metadata is wrapped in `{"fields": ...}` (§3.1).
    pub wrap_metadata: bool,
    /// Whether slash keys hold `{"value": ...}` under `REPLACE` too (uncertain: §10.9).
    pub wrap_replaced: bool,
    /// Whether `append` and `replace` are understood in lower case (uncertain: §10.9).
    pub lower_case_readable: bool,
    /// Whether an answer of default fields has no slash keys (§2.1).
    pub nested_defaults: bool,
    /// The service user's locale: how readable dates look (§0.4, §7.7).
    pub dates: DateFormat,
    /// Whether bulk errors are objects by employee id, instead of having a key `employeeId` (uncertain: §10.16).
    pub bulk_errors_by_id: bool,
    /// How long reads still answer what was before a change (§2.1, "Freshness": up to 20 seconds).
    pub stale_ms: u64,
    /// `internal.status` in garden leave, for leaves that begin from now on (uncertain: §10.13).
    pub garden_leave_active: bool,

    /// The version of webhooks (§5.1).
    pub webhook_version: WebhookVersion,
    /// The name of the list of changed fields (§5.4, uncertain: §10.2).
    pub field_updates: FieldUpdates,
    /// Whether its entries are bare texts (uncertain: §10.2).
    pub bare_field_updates: bool,
    /// Whether table events carry both `effectiveDate` and `id`, one of them null, as before 2026-03-24 (§5.4).
    pub old_table_entries: bool,
    /// Whether the ping is signed (§5.2, uncertain: §10.4).
    pub sign_ping: bool,
    /// The wait before a webhook's first repetition; it doubles each time (§5.6, uncertain: §10.4).
    pub webhook_backoff_ms: u64,
    /// How often a webhook is sent before it is given up: twelve doublings of a minute are HiBob's three days (§5.6).
    pub webhook_attempts: u32,
    /// Whether every webhook comes twice (§5.6, uncertain: §10.5).
    pub webhook_twice: bool,

    /// What goes wrong.
    pub faults: Faults,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            audience: Audience::Employed,
            outside: BTreeSet::new(),
            withhold_categories: BTreeSet::new(),
            withhold_fields: BTreeSet::new(),
            withhold_from: BTreeMap::new(),
            no_group: None,
            outside_managers: true,
            person_finds_inactive: true,
            lifecycle_history: true,
            requests_per_minute: 50,
            other_requests_per_minute: 0,
            window_seconds: 60,
            retry_after: false,
            firewall_after: 50,
            firewall_seconds: 300,
            field_cap: 400,
            refuse_empty_filters: true,
            refuse_filters: false,
            refuse_content_type_on_get: true,
            dead_status: 404,
            error_bodies: ErrorBodies::Key,
            lists: ListShape::ByName,
            wrap_metadata: false,
            wrap_replaced: false,
            lower_case_readable: false,
            nested_defaults: false,
            dates: DateFormat::DayFirst,
            bulk_errors_by_id: true,
            stale_ms: 0,
            garden_leave_active: false,
            webhook_version: WebhookVersion::V2,
            field_updates: FieldUpdates::FieldUpdates,
            bare_field_updates: false,
            old_table_entries: false,
            sign_ping: false,
            webhook_backoff_ms: 60_000,
            webhook_attempts: 13,
            webhook_twice: false,
            faults: Faults::default(),
        }
    }
}

/// "Access data for".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// "Lifecycle status equals Employed", as a new group has it: no leavers, no starters, nobody on leave.
    Employed,
    /// "Everyone": all active people.
    Active,
    /// The condition is removed or has every status.
    All,
}

/// What a service user without a permission group gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoGroup {
    /// 403.
    Forbidden,
    /// 200 with nobody.
    Empty,
}

/// The form of error bodies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorBodies {
    /// `{"key", "error"}`; 404 is empty.
    Key,
    /// `{"error", "message", "statusCode", "timestamp"}`.
    Long,
    /// Nothing.
    Empty,
}

/// The form of named lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListShape {
    /// As seen: an object by name, with `values`.
    ByName,
    /// As documented: an array, with `items`.
    Documented,
}

/// How a readable date looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateFormat {
    /// `31/12/2026`.
    DayFirst,
    /// `12/31/2026`.
    MonthFirst,
}

/// The version of webhooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WebhookVersion {
    /// Ids only.
    V2,
    /// The old one, with names.
    V1,
}

/// The name of the list of changed fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldUpdates {
    /// `fieldUpdates`, as the text names it.
    FieldUpdates,
    /// `fieldUpdatesIds`, as a sample has it.
    FieldUpdatesIds,
}

impl Switches {
    /// These switches with some of them set otherwise; `null` sets one back. Nothing changes when one is wrong.
    ///
    /// # Errors
    /// A switch is unknown, or its value is of the wrong kind.
    pub fn patched(&self, patch: &Json) -> Result<Self, Refusal> {
        let switches: Self = patched(self, patch)?;
        switches.check()?;
        Ok(switches)
    }

    /// Sees that what is withheld exists: a misspelt category would withhold nothing, in silence.
    pub(crate) fn check_names(&self, catalogue: &Catalogue) -> Result<(), Refusal> {
        let fields = || self.withhold_fields.iter().chain(&self.faults.missing_fields);
        if let Some(unknown) = fields().find(|id| catalogue.number(id).is_none()) {
            let help = "`GET /v1/company/people/fields` lists the fields there are";
            return Err(Refusal::new(format!("there is no field `{unknown}` to withhold"), help));
        }
        let categories = catalogue.categories();
        let known = |name: &str| categories.contains(name);
        let either = |name: &&String| !known(name) && catalogue.number(name).is_none();
        let unknown = self.withhold_categories.iter().find(|name| !known(name));
        if let Some(unknown) = unknown.or_else(|| self.withhold_from.values().flatten().find(either)) {
            let all = categories.into_iter().collect::<Vec<_>>().join(", ");
            return Err(Refusal::new(
                format!("there is no category `{unknown}` to withhold"),
                format!("there are: {all}"),
            ));
        }
        Ok(())
    }

    fn check(&self) -> Result<(), Refusal> {
        if self.window_seconds == 0 {
            return Err(Refusal::new("`window_seconds` is 0", "give at least 1; `requests_per_minute` 0 is no limit"));
        }
        if !(400..=599).contains(&self.dead_status) {
            return Err(Refusal::new("`dead_status` is no error", "give a status from 400 to 599"));
        }
        self.faults.check()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_switch_is_set_and_set_back_and_the_others_stay() {
        let usual = Switches::default();
        let patch = json!({ "audience": "all", "faults": { "latency_ms": 5, "cut": { "percent": 60 } } });
        let patched = usual.patched(&patch).unwrap();
        assert_eq!((patched.audience, patched.faults.latency_ms, patched.requests_per_minute), (Audience::All, 5, 50));
        assert_eq!(patched.patched(&json!({ "audience": null, "faults": null })).unwrap(), usual);
    }

    #[test]
    fn an_unknown_switch_is_refused_by_name() {
        let refused = Switches::default().patched(&json!({ "audiense": "all" })).unwrap_err();
        assert!(refused.error.contains("audiense"), "{refused}");
    }
}
