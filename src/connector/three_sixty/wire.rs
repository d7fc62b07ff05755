//! What comes over the wire (apis/360learning.md), as far as it is used.

use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// A user (§3.1).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawUser {
    #[serde(rename = "_id")]
    pub(super) id: Arc<str>,
    pub(super) status: RawStatus,
    pub(super) mail: Option<Arc<str>>,
    pub(super) username: Option<Arc<str>>,
    pub(super) first_name: Option<Arc<str>>,
    pub(super) last_name: Option<Arc<str>>,
    pub(super) phone: Option<Arc<str>>,
    pub(super) job: Option<Arc<str>>,
    pub(super) organization: Option<Arc<str>>,
    pub(super) custom: Option<Arc<str>>,
    pub(super) lang: Option<Arc<str>>,
    pub(super) to_be_deactivated_at: Option<Arc<str>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum RawStatus {
    Active,
    Invited,
    Deleted,
}

/// A group (§6).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawGroup {
    #[serde(rename = "_id")]
    pub(super) id: Arc<str>,
    pub(super) name: Arc<str>,
    #[serde(default)]
    pub(super) public: bool,
    /// None for the group above all others.
    pub(super) parent_id: Option<Arc<str>>,
}

/// A custom field (§4).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawCustomField {
    #[serde(rename = "_id")]
    pub(super) id: Arc<str>,
    pub(super) name: Arc<str>,
    pub(super) target_type: Arc<str>,
    #[serde(rename = "type")]
    pub(super) kind: CustomType,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum CustomType {
    String,
    Date,
    /// A type that is not described: it is left alone, and its values are sent back as they came.
    #[serde(untagged)]
    Other(Arc<str>),
}

/// The value of a custom field: a text in both types.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawCustomValue {
    pub(super) custom_field_id: Arc<str>,
    #[serde(rename = "type")]
    pub(super) kind: CustomType,
    pub(super) value: Json,
}

/// A mapping of an external id (§5).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawMapping {
    #[serde(rename = "_id")]
    pub(super) id: Arc<str>,
    pub(super) platform: Arc<str>,
    pub(super) target_type: Arc<str>,
    pub(super) target_id: Arc<str>,
    pub(super) value: Arc<str>,
}

/// A user's role in a group (§3.2).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawRole {
    pub(super) group_id: Arc<str>,
    pub(super) role: Arc<str>,
}

/// What only the id matters of.
#[derive(Debug, Deserialize)]
pub(super) struct RawMade {
    #[serde(rename = "_id")]
    pub(super) id: Arc<str>,
}

/// A bulk operation (§7).
#[derive(Debug, Deserialize)]
pub(super) struct RawOperation {
    pub(super) status: OperationStatus,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum OperationStatus {
    Pending,
    Queued,
    Running,
    Completed,
    Error,
}

/// What became of a row of a bulk operation (§7).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawResult {
    pub(super) input: RawRow,
    pub(super) status: ResultStatus,
    pub(super) error_message: Option<String>,
}

#[derive(Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RawRow {
    pub(super) user_id: Arc<str>,
    pub(super) group_id: Arc<str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum ResultStatus {
    Success,
    Error,
}

/// Both shapes of an error (§2).
#[derive(Debug, Deserialize)]
pub(super) struct RawError {
    error: RawCode,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum RawCode {
    Plain(String),
    Object { code: String },
}

impl RawError {
    /// The code, if it has the form of one: it is shown to people, and nothing of a person may come with it.
    pub(super) fn code(&self) -> Option<&str> {
        let (RawCode::Plain(code) | RawCode::Object { code }) = &self.error;
        let fits = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
        Some(code.as_str()).filter(|code| (1..=64).contains(&code.len()) && code.bytes().all(fits))
    }
}

/// The day of a date or a date with time (UTC).
pub(super) fn day(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_shapes_of_an_error_give_their_code_and_nothing_else_does() {
        let code =
            |text: &str| serde_json::from_str::<RawError>(text).ok().and_then(|error| error.code().map(str::to_owned));
        assert_eq!(code(r#"{"error":{"code":"mailInvalid","message":"ada@x.example"}}"#).unwrap(), "mailInvalid");
        assert_eq!(code(r#"{"error":"invalid_token"}"#).unwrap(), "invalid_token");
        for odd in ["", "{}", r#"{"error":7}"#, r#"{"error":"ada@x.example"}"#, r#"{"error":""}"#, r#"{"message":"x"}"#]
        {
            assert_eq!(code(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_day_is_read_from_a_date_with_or_without_a_time() {
        assert_eq!(day("2027-03-31T23:59:59.999Z"), day("2027-03-31"));
        assert_eq!(day("soon"), None);
        assert_eq!(day("2027-3-31é"), None);
    }
}
