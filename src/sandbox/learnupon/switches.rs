//! How the simulated LearnUpon behaves: everything that differs between portals, that the fact sheet calls uncertain, or
//! that goes wrong. Plain data, settable at the start and while it runs.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::faults::Faults;
use crate::sandbox::patch;
use crate::sandbox::refusal::Refusal;

/// Every switch. What is left out is as in [`Switches::default`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Switches {
    /// Calls in the shorter window; 0 is no limit (apis/learnupon.md §1, uncertain: U2).
    pub requests_per_minute: u32,
    /// How long that window is; a minute at LearnUpon.
    pub minute_ms: u32,
    /// Calls in the longer, rolling window; 0 is no limit (§1, uncertain: U2).
    pub requests_per_week: u32,
    /// How long that window is; a week at LearnUpon.
    pub week_seconds: u32,
    /// Whether 429 has a `Retry-After` (§1, uncertain: U1).
    pub retry_after: bool,
    /// Records on a page (§1).
    pub page_size: usize,

    /// What people log in with: the portal's unique key (§2).
    pub login: Login,
    /// The keys that lists have in answers (§1).
    pub keys: ListKeys,
    /// Whether definitions are spelt `customDataFieldDefintions` (§2.1).
    pub misspelt_definitions: bool,
    /// How custom data reads (§2.1).
    pub custom_data: CustomDataForm,
    /// Standard fields that listings leave out (§2 does not say which they have).
    pub not_listed: BTreeSet<String>,
    /// The key of a membership's id with `version_id=1.1` (uncertain: U7).
    pub membership_id_key: String,
    /// Whether memberships say that a rule made them, as `"automatic": true` (§3 says only that they are marked).
    pub show_automatic: bool,
    /// What `PUT /users/{id}` answers (uncertain: U3).
    pub update_answer: UpdateAnswer,
    /// Whether time zones are bare texts (§2 says only that they are listed).
    pub bare_timezones: bool,
    /// The status of every error, whatever it is (§1: "even if the HTTP status is odd").
    pub error_status: Option<u16>,
    /// The status for what makes no sense (§1, uncertain: U1).
    pub invalid_status: u16,
    /// The status for what exists already (§1, uncertain: U1).
    pub duplicate_status: u16,

    /// Whether search takes upper and lower case as the same (uncertain: U6).
    pub search_ignores_case: bool,
    /// Whether search finds people without access (uncertain: U6).
    pub search_finds_disabled: bool,
    /// Whether a search without hits is 200 with nobody, instead of 404 (§1).
    pub empty_search: bool,
    /// Whether groups are found by a part of their title (§3).
    pub title_part: bool,
    /// Whether two titles that differ in case are one (§3 says only that titles are unique).
    pub titles_ignore_case: bool,
    /// What one bad value of custom data does (§2.1, uncertain).
    pub bad_custom_value: BadValue,
    /// Whether nobody is created without the mandatory custom data (uncertain: U4).
    pub require_mandatory: bool,
    /// What clears a field (§2, uncertain: U3).
    pub cleared_by: ClearedBy,
    /// Whether an `account_expires` that has passed disables at once, instead of the next day (uncertain: U8).
    pub past_expiry_disables: bool,
    /// Whether a membership that exists is refused (uncertain: U7).
    pub refuse_membership_twice: bool,
    /// Whether accounts made through the API get a welcome mail: a setting of the portal (§2.3, uncertain: U5).
    pub mail_on_create: bool,
    /// A portal with single sign-on: accounts get no mail (§2.3, §6).
    pub sso: bool,
    /// Addresses of people in other portals of the realm, in lower case (§2.3).
    pub realm: BTreeSet<String>,
    /// "Allow user creation if user already exists" (§2.3).
    pub allow_realm_users: bool,
    /// How long an invitation can be accepted (§6).
    pub invitation_hours: u32,
    /// Whether invitations to the portal are listed among those to groups (§2.3 names one list only).
    pub list_portal_invites: bool,
    /// Whether the list says names, dates and custom data of invitations, beside address, group and status (§2.3).
    pub invites_tell: bool,

    /// What goes wrong.
    pub faults: Faults,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            requests_per_minute: 300,
            minute_ms: 60_000,
            requests_per_week: 360_000,
            week_seconds: 604_800,
            retry_after: false,
            page_size: 500,
            login: Login::Email,
            keys: ListKeys::Documented,
            misspelt_definitions: false,
            custom_data: CustomDataForm::Both,
            not_listed: BTreeSet::new(),
            membership_id_key: "membership_id".to_owned(),
            show_automatic: true,
            update_answer: UpdateAnswer::Id,
            bare_timezones: false,
            error_status: None,
            invalid_status: 400,
            duplicate_status: 422,
            search_ignores_case: true,
            search_finds_disabled: true,
            empty_search: false,
            title_part: false,
            titles_ignore_case: false,
            bad_custom_value: BadValue::Refuse,
            require_mandatory: true,
            cleared_by: ClearedBy::Either,
            past_expiry_disables: true,
            refuse_membership_twice: true,
            mail_on_create: true,
            sso: false,
            realm: BTreeSet::new(),
            allow_realm_users: false,
            invitation_hours: 72,
            list_portal_invites: true,
            invites_tell: true,
            faults: Faults::default(),
        }
    }
}

/// The unique key of a portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Login {
    /// `email`, as usual.
    Email,
    /// `username` instead; addresses may be shared or missing.
    Username,
}

/// The keys of lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListKeys {
    /// `user`, `group` for the groups of a user, `groups`, `group_invite`, `group_managers`.
    Documented,
    /// Always the plural.
    Plural,
    /// Always the singular.
    Singular,
}

/// How custom data reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomDataForm {
    /// By label and as a list of values.
    Both,
    /// By label: `CustomData`.
    Labels,
    /// As a list: `customDataFieldValues` with `definition_id` and `value`.
    Values,
}

/// What an update answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UpdateAnswer {
    /// `{"id": …}`.
    Id,
    /// `{}`.
    Nothing,
    /// The user.
    User,
}

/// What one bad value does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BadValue {
    /// The whole call is refused.
    Refuse,
    /// The value alone is left out, and nothing is said.
    Ignore,
}

/// What clears a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClearedBy {
    /// `null` and the empty text.
    Either,
    /// The empty text; `null` changes nothing.
    EmptyText,
    /// `null`; the empty text changes nothing.
    Null,
}

impl ClearedBy {
    /// What a value asks for: to clear, or nothing at all.
    pub(super) fn means(self, value: &Json) -> Meaning {
        let null = value.is_null();
        let empty = value.as_str().is_some_and(|text| text.trim().is_empty());
        match self {
            _ if !null && !empty => Meaning::Set,
            Self::Either => Meaning::Clear,
            Self::EmptyText if empty => Meaning::Clear,
            Self::Null if null => Meaning::Clear,
            Self::EmptyText | Self::Null => Meaning::Nothing,
        }
    }
}

/// What a value that is sent asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Set,
    Clear,
    Nothing,
}

impl Switches {
    /// These switches with some of them set otherwise; `null` sets one back. Nothing changes when one is wrong.
    ///
    /// # Errors
    /// A switch is unknown, or its value is of the wrong kind.
    pub fn patched(&self, patch: &Json) -> Result<Self, Refusal> {
        let switches: Self = patch::patched(self, patch)?;
        switches.check()?;
        Ok(switches)
    }

    fn check(&self) -> Result<(), Refusal> {
        if self.minute_ms < 60 || self.week_seconds == 0 {
            return Err(Refusal::new(
                "a window is too short",
                "give `minute_ms` of at least 60, `week_seconds` from 1",
            ));
        }
        if self.page_size == 0 {
            return Err(Refusal::new("`page_size` is 0", "give at least 1"));
        }
        let errors = [Some(self.invalid_status), Some(self.duplicate_status)];
        if errors.into_iter().flatten().any(|status| !(400..=599).contains(&status)) {
            return Err(Refusal::new("a status is no error", "give a status from 400 to 599"));
        }
        if self.error_status.is_some_and(|status| !(200..=599).contains(&status)) {
            return Err(Refusal::new("`error_status` is no status", "give one from 200 to 599"));
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
        let patched = usual.patched(&json!({ "sso": true, "login": "username" })).unwrap();
        assert_eq!((patched.sso, patched.login, patched.page_size), (true, Login::Username, 500));
        assert_eq!(patched.patched(&json!({ "sso": null, "login": null })).unwrap(), usual);
        assert!(usual.patched(&json!({ "ssso": true })).unwrap_err().error.contains("ssso"));
    }
}
