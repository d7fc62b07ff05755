//! How the simulated 360Learning behaves: everything that differs between companies, that the fact sheet calls
//! uncertain, or that goes wrong. Plain data, settable at the start and while it runs.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::sandbox::faults::Faults;
use crate::sandbox::patch::patched;
use crate::sandbox::refusal::Refusal;

/// The scopes of a credential that the simulated paths ask for (apis/360learning.md §1).
pub const SCOPES: [&str; 10] = [
    "users:read",
    "users:write",
    "groups:read",
    "groups:write",
    "groups:bulk",
    "bulkOperations:read",
    "customFields:read",
    "customFields:write",
    "externalIds:read",
    "externalIds:write",
];

/// Every switch. What is left out is as in [`Switches::default`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    /// Reads a second; 0 is no limit (apis/360learning.md §2).
    pub reads_per_second: u32,
    /// Writes a second; 0 is no limit (§2).
    pub writes_per_second: u32,
    /// How long a token is good (§1). Tokens that were given before keep their time.
    pub token_seconds: u32,
    /// Whether `expires_in` is a text, as a guide shows it (§1).
    pub expires_in_text: bool,
    /// Scopes that the credential lacks (§1).
    pub withhold_scopes: BTreeSet<String>,
    /// Whether 403 has a plain text as its error, as guides suggest (§2).
    pub plain_scope_error: bool,

    /// Whether `GET /users` without a filter has deleted users too (uncertain 7).
    pub list_deleted: bool,
    /// Whether `mail[eq]` ignores case (uncertain 2).
    pub mail_filter_ignores_case: bool,
    /// How several values of an `[in]` filter are written (§2, uncertain 2).
    pub in_values: InValues,
    /// Whether addresses are kept in lower case, however they come.
    pub lower_case_mails: bool,
    /// Whether the company allows user names (§3.1).
    pub usernames: bool,
    /// Whether the company has a default group, without which nobody is created (§3.3).
    pub default_group: bool,
    /// Whether the role `analyst` can be given (§3.3, §6).
    pub analyst: bool,
    /// What `DELETE` answers for a user who is deleted already (§3.5, uncertain 6).
    pub delete_deleted: DeleteDeleted,
    /// Whether `activate` mails the user (uncertain 1).
    pub activation_mails: bool,
    /// When groups, roles, planned deactivation and being a manager are lost (§3.5).
    pub lost_at: LostAt,
    /// Platform names that mappings cannot have, in lower case (§5, uncertain 3).
    pub reserved_platforms: BTreeSet<String>,

    /// Whether learners of a public group join its parents, up to and including the first private one (§6, uncertain 5).
    pub joining_cascades: bool,
    /// Whether leaving a group leaves its public subgroups, down to the first private one (§6).
    pub leaving_cascades: bool,
    /// The most groups that there can be (§6, the number is not published).
    pub most_groups: u32,
    /// The most custom fields that there can be (§4, uncertain 8).
    pub most_custom_fields: u32,

    /// Whether the bulk API is there; without it 503 (§7).
    pub bulk: bool,
    /// Bulk operations at once (§2).
    pub bulk_at_once: u32,
    /// How long a bulk operation waits in the queue.
    pub bulk_wait_ms: u64,
    /// How many rows a bulk operation does in a second.
    pub bulk_rows_per_second: u32,
    /// Whether a bulk row for a membership that is there is a success (uncertain 5).
    pub bulk_joins_again: bool,

    /// How many calls are recorded, the latest ones; 0 records nothing.
    pub record: u32,
    /// What goes wrong with the next bulk operation.
    pub bulk_faults: BulkFaults,
    /// What goes wrong.
    pub faults: Faults,
}

/// What goes wrong with a bulk operation; over when it has begun.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BulkFaults {
    /// So many rows fail, the first ones.
    pub rows: u32,
    /// It ends in `error` after so many rows.
    pub stops_after: Option<u32>,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            reads_per_second: 50,
            writes_per_second: 10,
            token_seconds: 3600,
            expires_in_text: false,
            withhold_scopes: BTreeSet::new(),
            plain_scope_error: false,
            list_deleted: true,
            mail_filter_ignores_case: true,
            in_values: InValues::Repeated,
            lower_case_mails: false,
            usernames: false,
            default_group: true,
            analyst: true,
            delete_deleted: DeleteDeleted::Done,
            activation_mails: false,
            lost_at: LostAt::Deletion,
            reserved_platforms: ["360learning", "bamboohr", "cornerstone", "oracle", "successfactors"]
                .map(str::to_owned)
                .into(),
            joining_cascades: true,
            leaving_cascades: true,
            most_groups: 10_000,
            most_custom_fields: 100,
            bulk: true,
            bulk_at_once: 3,
            bulk_wait_ms: 50,
            bulk_rows_per_second: 10_000,
            bulk_joins_again: true,
            record: 0,
            bulk_faults: BulkFaults::default(),
            faults: Faults::default(),
        }
    }
}

/// How several values of an `[in]` filter are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InValues {
    /// `mail[in]=a&mail[in]=b`.
    Repeated,
    /// `mail[in][0]=a&mail[in][1]=b`.
    Indexed,
    /// `mail[in]=a,b`.
    Comma,
}

/// What `DELETE` answers for a user who is deleted already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeleteDeleted {
    /// 204.
    Done,
    /// 404.
    NotFound,
}

/// When groups, roles, planned deactivation and being a manager are lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LostAt {
    /// When the user is deleted.
    Deletion,
    /// When the user is restored.
    Restoring,
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
        for (name, number) in [
            ("token_seconds", self.token_seconds),
            ("bulk_at_once", self.bulk_at_once),
            ("bulk_rows_per_second", self.bulk_rows_per_second),
        ] {
            if number == 0 {
                return Err(Refusal::new(format!("`{name}` is 0"), "give at least 1"));
            }
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
        let refused = Switches::default().patched(&json!({ "withhold_scopes": ["user:read"] })).unwrap_err();
        assert!(refused.error.contains("user:read") && refused.help.contains("users:read"), "{refused}");
    }
}
