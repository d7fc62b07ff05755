//! How the simulated Learn Amp behaves: everything that differs between accounts, that the fact sheet calls uncertain, or
//! that goes wrong. Plain data, settable at the start and while it runs.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::sandbox::faults::Faults;
use crate::sandbox::patch::patched;
use crate::sandbox::refusal::Refusal;

/// The scopes that the simulated paths ask for (apis/learnamp.md §2).
pub const SCOPES: [&str; 13] = [
    "users:read",
    "users:create",
    "users:update",
    "users:deactivate",
    "users:reactivate",
    "users:delete",
    "teams:read",
    "teams:create",
    "teams:update",
    "teams:delete",
    "team_users:read",
    "team_users:create",
    "team_users:delete",
];

/// Languages that the reference names, and some more.
const LANGUAGES: [&str; 25] = [
    "en", "en-US", "de", "fr", "fr-CA", "es", "it", "nl", "pt-BR", "pt-PT", "pl", "cs", "da", "fi", "hu", "ja", "ko",
    "nb", "ro", "ru", "sv", "tr", "zh-CN", "zh-TW", "cy",
];

/// Every switch. What is left out is as in [`Switches::default`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
pub struct Switches {
    /// Calls a second; 0 is no limit (apis/learnamp.md §8, uncertain).
    pub calls_per_second: u32,
    /// How long a token is good (§2). Tokens that were given before keep their time.
    pub token_seconds: u32,
    /// Whether the key is an old one with the scope `public`, which is all scopes (§2).
    pub public_key: bool,
    /// Scopes that the key lacks (§2).
    pub withhold_scopes: BTreeSet<String>,
    /// Which bodies are read (§3, uncertain).
    pub bodies: Bodies,
    /// Records on a page that nobody gave a size (§3, uncertain).
    pub page_size: usize,
    /// Records on a page at the most, whatever is asked for (§3, uncertain).
    pub most_on_page: usize,

    /// Whether users are listed with deactivated ones where no status is asked for (§4.1, uncertain).
    pub list_deactivated: bool,
    /// Whether `filters[email]` ignores case (§4.1 says "exact", and nothing of case).
    pub email_filter_ignores_case: bool,
    /// Whether the account has custom fields; without, they are ignored in silence (§4.2).
    pub custom_fields: bool,
    /// How custom fields read in the long list (§4.3, uncertain).
    pub custom_form: CustomForm,
    /// Whether answers about one user have custom fields too (§4.3, uncertain).
    pub custom_in_answers: bool,
    /// Whether writes answer with the short form (§4.3, uncertain).
    pub short_answers: bool,
    /// What clears a field (§4.2, uncertain).
    pub cleared_by: ClearedBy,
    /// Whether a PUT needs address and names (§4.2, uncertain).
    pub names_needed: bool,
    /// Whether the package has the role `hr` (§4.2).
    pub hr_package: bool,
    /// The roles of the skills matrix (§4.2); any, if there are none.
    pub occupation_roles: BTreeSet<String>,
    /// The languages there are (§4.2); any, if there are none.
    pub languages: BTreeSet<String>,
    /// What `reactivate` in an update does (§4.2, §12, uncertain).
    pub reactivate_flag: ReactivateFlag,
    /// What deactivating a deactivated user answers, and reactivating an active one (§7, uncertain).
    pub twice: Twice,
    /// Whether 400s for what is taken have `error` only (§8).
    pub plain_errors: bool,

    /// Whether `filters[name]` finds teams by a part of their name (§6, uncertain).
    pub name_part: bool,
    /// Whether two teams can have one name (§6 does not say).
    pub same_team_names: bool,

    /// What goes wrong.
    pub faults: Faults,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            calls_per_second: 2,
            token_seconds: 7200,
            public_key: false,
            withhold_scopes: BTreeSet::new(),
            bodies: Bodies::Both,
            page_size: 10,
            most_on_page: 200,
            list_deactivated: false,
            email_filter_ignores_case: true,
            custom_fields: true,
            custom_form: CustomForm::List,
            custom_in_answers: false,
            short_answers: false,
            cleared_by: ClearedBy::Either,
            names_needed: true,
            hr_package: false,
            occupation_roles: ["Engineer", "Seller"].map(str::to_owned).into(),
            languages: LANGUAGES.map(str::to_owned).into(),
            reactivate_flag: ReactivateFlag::Works,
            twice: Twice::Refused,
            plain_errors: false,
            name_part: true,
            same_team_names: false,
            faults: Faults::default(),
        }
    }
}

/// Which bodies are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bodies {
    /// JSON and forms.
    Both,
    /// Forms alone: of JSON nothing is understood.
    Forms,
}

/// How custom fields read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomForm {
    /// `[{"name": …, "value": …}]`, those that are filled in.
    List,
    /// `{name: value}`, all of them.
    Object,
    /// Not at all.
    Absent,
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
    /// Nothing: what is set stays set.
    Nothing,
}

/// What `reactivate` in an update does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReactivateFlag {
    /// The user is back, and every other field of the update is written.
    Works,
    /// The user is back, and teams and manager of the update are ignored.
    WithoutTeams,
    /// It is ignored.
    Ignored,
    /// The update is a 400.
    Refused,
}

/// What a second deactivation or reactivation answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Twice {
    /// 204.
    Done,
    /// 400.
    Refused,
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
        if let Some(unknown) = self.withhold_scopes.iter().find(|scope| !SCOPES.contains(&scope.as_str())) {
            return Err(Refusal::new(
                format!("there is no scope `{unknown}` to withhold"),
                format!("there are: {}", SCOPES.join(", ")),
            ));
        }
        if self.token_seconds == 0 || self.page_size == 0 || self.most_on_page == 0 {
            let error = "`token_seconds`, `page_size` or `most_on_page` is 0";
            return Err(Refusal::new(error, "give at least 1"));
        }
        self.faults.check()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_scope_that_is_misspelt_is_refused_with_those_there_are() {
        let refused = Switches::default().patched(&json!({ "withhold_scopes": ["team:read"] })).unwrap_err();
        assert!(refused.error.contains("team:read") && refused.help.contains("teams:read"), "{refused}");
    }
}
