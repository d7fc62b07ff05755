//! How the simulated Leapsome behaves: everything that differs between companies, that the fact sheet calls uncertain, or
//! that goes wrong. Plain data, settable at the start and while it runs.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::sandbox::faults::Faults;
use crate::sandbox::patch::patched;
use crate::sandbox::refusal::Refusal;

/// Every switch. What is left out is as in [`Switches::default`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Switches {
    /// Calls of the SCIM API a second; 0 is no limit (apis/leapsome.md §0).
    pub scim_per_second: u32,
    /// Calls of the Content API a second; 0 is no limit (§0).
    pub content_per_second: u32,
    /// How long a token of the Content API is good (§6). Tokens that were given before keep their time.
    pub token_seconds: u32,
    /// Whether 403 is an invalid token and 401 a missing right, as is written; otherwise as is usual (§1, uncertain).
    pub swapped_codes: bool,
    /// Whether the SCIM token may do anything; without it everything but the configuration is refused (§1).
    pub authorized: bool,
    /// What a group that is not there answers: 401 as is written, or 404 (§1).
    pub unknown_group_status: u16,
    /// What error bodies look like (§1).
    pub errors: ErrorBody,

    /// What creating somebody who is there answers (§2.2).
    pub existing: Existing,
    /// Domains of addresses that are taken, in lower case; none takes all (§2.2).
    pub domains: BTreeSet<String>,
    /// What an address of another domain answers (§2.2, uncertain).
    pub unknown_domain_status: u16,
    /// Whether created users are invited at once: "Automatically send Leapsome invite emails" (§2.2).
    pub auto_invite: bool,
    /// Whether users who were only created show as active in the SCIM API (§4 does not say).
    pub created_is_active: bool,
    /// Whether people are deactivated when their end date has passed: a company setting (§4).
    pub deactivate_after_end_date: bool,
    /// What deactivating a Super-Admin answers (§4, uncertain).
    pub super_admin_status: u16,

    /// What bodies `PATCH /Users/{id}` takes (§0, uncertain).
    pub patch: PatchForm,
    /// Whether `PATCH` is refused without a `userName` (§2.3).
    pub patch_needs_user_name: bool,
    /// Whether an address and an external id that change in one step make a second user (§4).
    pub duplicates: bool,
    /// What a manager whom nobody knows does (§2.3, uncertain).
    pub unknown_manager: Unknown,
    /// What a custom attribute that is not there does (§2.3, §9).
    pub unknown_attribute: Unknown,
    /// What a value that makes no sense does: a date that is none, another gender.
    pub bad_value: Unknown,
    /// How additional managers come (§2.3, uncertain).
    pub additional_managers: ManyForm,
    /// What clears a value (§2.3, uncertain).
    pub cleared_by: ClearedBy,
    /// Whether `PUT` empties what is not sent (§9, uncertain).
    pub put_wipes: bool,

    /// Whether filters compare with upper and lower case as the same.
    pub filter_ignores_case: bool,
    /// Whether a filter on anything but the name is ignored instead of refused (§2.1).
    pub other_filters_ignored: bool,
    /// Whether lists show the newest first (§9: the order is not known).
    pub newest_first: bool,
    /// Whether users who are deactivated are listed (§9, very likely).
    pub list_deactivated: bool,

    /// How many calls are recorded, the latest ones; 0 records nothing.
    pub record: u32,
    /// What goes wrong.
    pub faults: Faults,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            scim_per_second: 30,
            content_per_second: 20,
            token_seconds: 18_000,
            swapped_codes: true,
            authorized: true,
            unknown_group_status: 401,
            errors: ErrorBody::Scim,
            existing: Existing::Empty,
            domains: BTreeSet::from(["acme.example".to_owned()]),
            unknown_domain_status: 400,
            auto_invite: false,
            created_is_active: true,
            deactivate_after_end_date: false,
            super_admin_status: 400,
            patch: PatchForm::Flat,
            patch_needs_user_name: true,
            duplicates: true,
            unknown_manager: Unknown::Ignore,
            unknown_attribute: Unknown::Ignore,
            bad_value: Unknown::Ignore,
            additional_managers: ManyForm::List,
            cleared_by: ClearedBy::Either,
            put_wipes: true,
            filter_ignores_case: true,
            other_filters_ignored: false,
            newest_first: false,
            list_deactivated: true,
            record: 0,
            faults: Faults::default(),
        }
    }
}

/// What error bodies look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorBody {
    /// Nothing.
    Empty,
    /// A plain text.
    Plain,
    /// An object with `schemas`, `detail` and `status`.
    Scim,
}

/// What creating somebody who is there answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Existing {
    /// 201 with `{}`.
    Empty,
    /// 409.
    Conflict,
}

/// What bodies a change is sent in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PatchForm {
    /// Flat partial objects, as described.
    Flat,
    /// Lists of operations, as SCIM has them.
    PatchOp,
    /// Both.
    Either,
}

/// What something unknown does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unknown {
    /// It alone is left out, and nothing is said.
    Ignore,
    /// The whole call is refused.
    Refuse,
}

/// How several values come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ManyForm {
    /// In a list.
    List,
    /// In one text, with commas.
    Text,
}

/// What clears a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClearedBy {
    /// `null` and the empty text.
    Either,
    /// `null`; the empty text changes nothing.
    Null,
    /// The empty text; `null` changes nothing.
    EmptyText,
    /// Nothing does.
    Nothing,
}

/// What a value that is sent asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Set,
    Clear,
    Nothing,
}

impl ClearedBy {
    pub(super) fn means(self, value: &Json) -> Meaning {
        let empty = value.as_str().is_some_and(|text| text.trim().is_empty()) || *value == Json::Array(Vec::new());
        match self {
            _ if !value.is_null() && !empty => Meaning::Set,
            Self::Either => Meaning::Clear,
            Self::Null if value.is_null() => Meaning::Clear,
            Self::EmptyText if empty => Meaning::Clear,
            Self::Null | Self::EmptyText | Self::Nothing => Meaning::Nothing,
        }
    }
}

impl Switches {
    /// These switches with some of them set otherwise; `null` sets one back. Nothing changes when one is wrong.
    ///
    /// # Errors
    /// A switch is unknown, or its value makes no sense.
    pub fn patched(&self, patch: &Json) -> Result<Self, Refusal> {
        let switches: Self = patched(self, patch)?;
        switches.check()?;
        Ok(switches)
    }

    pub(super) fn check(&self) -> Result<(), Refusal> {
        let statuses = [self.unknown_group_status, self.unknown_domain_status, self.super_admin_status];
        if statuses.iter().any(|status| !(400..=599).contains(status)) {
            return Err(Refusal::new("a status is no error", "give a status from 400 to 599"));
        }
        if self.token_seconds == 0 {
            return Err(Refusal::new("`token_seconds` is 0", "give at least 1"));
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
        let patched = usual.patched(&json!({ "auto_invite": true, "patch": "either" })).unwrap();
        assert_eq!((patched.auto_invite, patched.patch, patched.scim_per_second), (true, PatchForm::Either, 30));
        assert_eq!(patched.patched(&json!({ "auto_invite": null, "patch": null })).unwrap(), usual);
        assert!(usual.patched(&json!({ "auto_invites": true })).unwrap_err().error.contains("auto_invites"));
        assert!(usual.patched(&json!({ "unknown_domain_status": 200 })).is_err());
    }

    #[test]
    fn what_clears_a_value_is_as_switched() {
        let asked = [json!("x"), json!(null), json!(" "), json!([])];
        let means = |cleared: ClearedBy| asked.each_ref().map(|value| cleared.means(value));
        use Meaning::{Clear, Nothing, Set};
        assert_eq!(means(ClearedBy::Either), [Set, Clear, Clear, Clear]);
        assert_eq!(means(ClearedBy::Null), [Set, Clear, Nothing, Nothing]);
        assert_eq!(means(ClearedBy::EmptyText), [Set, Nothing, Clear, Clear]);
        assert_eq!(means(ClearedBy::Nothing), [Set, Nothing, Nothing, Nothing]);
    }
}
