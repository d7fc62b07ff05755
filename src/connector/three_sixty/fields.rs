//! The fields of a user by 360Learning's own names, and what of a write goes where.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::custom::CustomField;
use super::refusal;
use super::wire::{CustomType, RawStatus, RawUser, day};
use crate::connector::WriteError;
use crate::model::{
    Cell, FieldName, GroupSupport, Section, TargetCatalogue, TargetField, TargetType, UserStatus, Value,
};

pub(super) const MAIL: &str = "mail";
pub(super) const USERNAME: &str = "username";
pub(super) const LANGUAGE: &str = "lang";
pub(super) const PLANNED_END: &str = "toBeDeactivatedAt";
pub(super) const EXTERNAL_ID: &str = "external_id";
pub(super) const MANAGERS: &str = "managers";

/// The one role that is given and taken (apis/360learning-connector-tables.md §3).
pub(super) const LEARNER: &str = "learner";

/// Name, title on 360Learning's screens, type (apis/360learning.md §3.1).
const STANDARD: [(&str, &str, TargetType); 12] = [
    (EXTERNAL_ID, "External id", TargetType::Text),
    (MAIL, "Email", TargetType::Text),
    (USERNAME, "Username", TargetType::Text),
    ("firstName", "First name", TargetType::Text),
    ("lastName", "Last name", TargetType::Text),
    ("phone", "Phone", TargetType::Text),
    ("job", "Title", TargetType::Text),
    ("organization", "Organization", TargetType::Text),
    ("custom", "Additional information", TargetType::Text),
    (LANGUAGE, "Language", TargetType::Text),
    (PLANNED_END, "Planned deactivation date", TargetType::Date),
    (MANAGERS, "Managers", TargetType::People),
];

/// What `lang` accepts (apis/360learning.md §3.1).
const LANGUAGES: [&str; 38] = [
    "bg", "cs", "da", "de", "el", "en", "es", "fi", "fr", "hr", "ht_HT", "hu", "id", "it", "ja", "kar_MM", "ko", "lt",
    "mh_MH", "nl", "nl_BE", "no", "pl", "pt", "ro", "ru", "rw_RW", "sk", "sl", "so_SO", "sv", "sw_KE", "th", "ti_ET",
    "tr", "uk", "vi", "zh",
];

/// Everything a platform takes: the standard fields, then its custom ones; `None` where it has not been asked.
pub(super) fn catalogue(custom: Option<&[CustomField]>) -> TargetCatalogue {
    let customs = custom.unwrap_or_default().iter().map(CustomField::declared);
    TargetCatalogue {
        fields: STANDARD.iter().map(standard).chain(customs).collect(),
        complete: custom.is_some(),
        login: Some(MAIL.into()),
        other_logins: vec![USERNAME.into()],
        groups: GroupSupport { roles: vec![LEARNER.into()], can_create: true, listed: false, add_only: false },
        key_field: Some(EXTERNAL_ID.into()),
        never_empty: vec![LANGUAGE.into()],
        can_activate: true,
        references_need_access: true,
        access_carries_relations: true,
        ..TargetCatalogue::default()
    }
}

fn standard((name, title, target_type): &(&str, &str, TargetType)) -> TargetField {
    TargetField {
        name: FieldName::from(*name),
        title: (*title).to_owned(),
        section: Section::Standard,
        target_type: *target_type,
        choices: if *name == LANGUAGE { LANGUAGES.map(Arc::from).to_vec() } else { Vec::new() },
        required: false,
        writable: true,
        listed: *name != MANAGERS,
        on_creation: true,
    }
}

/// Whether a custom field cannot be known by its name, because a standard field has it.
pub(super) fn is_standard(name: &str) -> bool {
    STANDARD.iter().any(|(standard, ..)| *standard == name)
}

/// The status of a user (apis/360learning.md §3.5).
pub(super) fn status(user: &RawUser) -> UserStatus {
    match user.status {
        RawStatus::Active => UserStatus::Active,
        RawStatus::Invited => UserStatus::Invited,
        RawStatus::Deleted => UserStatus::Inactive,
    }
}

/// What a listing says of a standard field; not delivered where it says nothing.
pub(super) fn listed_cell(user: &RawUser, name: &str) -> Cell {
    let text = |text: &Option<Arc<str>>| match text {
        Some(text) if !text.trim().is_empty() => Cell::Value(Value::Text(Arc::clone(text))),
        _ => Cell::Empty,
    };
    match name {
        MAIL => text(&user.mail),
        USERNAME => text(&user.username),
        "firstName" => text(&user.first_name),
        "lastName" => text(&user.last_name),
        "phone" => text(&user.phone),
        "job" => text(&user.job),
        "organization" => text(&user.organization),
        "custom" => text(&user.custom),
        LANGUAGE => text(&user.lang),
        // A deactivated account has none: what it says is lost when it is restored (apis/360learning.md §3.5).
        PLANNED_END if user.status == RawStatus::Deleted => Cell::Empty,
        PLANNED_END => Cell::from(user.to_be_deactivated_at.as_deref().and_then(day).map(Value::Date)),
        _ => Cell::NotDelivered,
    }
}

/// Whether a user has what would be written to a field.
pub(super) fn is_already(user: &RawUser, name: &str, written: &Json) -> bool {
    let wanted = match (name, written.as_str()) {
        (PLANNED_END, Some(text)) => Cell::from(day(text).map(Value::Date)),
        (_, Some(text)) => Cell::from(Value::text(text)),
        (_, None) => Cell::Empty,
    };
    listed_cell(user, name) == wanted
}

/// The fields of a write, found to be right and parted by the calls that carry them.
#[derive(Debug, Default)]
pub(super) struct Checked<'f> {
    /// For the user itself; `null` clears.
    pub(super) body: Map<String, Json>,
    /// Custom fields; `None` clears.
    pub(super) custom: Vec<(&'f CustomField, Option<Arc<str>>)>,
    /// The external id, if it is written; `None` clears.
    pub(super) external_id: Option<Option<Arc<str>>>,
}

/// Checks the fields of a write. The first that is wrong refuses all, before anything is called.
pub(super) fn check<'f, 'v>(
    custom: &'f [CustomField],
    fields: impl IntoIterator<Item = (&'v FieldName, Option<&'v Value>)>,
) -> Result<Checked<'f>, WriteError> {
    let mut checked = Checked::default();
    for (name, value) in fields {
        let name = name.as_str();
        let value = value.filter(|value| !matches!(value, Value::Text(text) if text.trim().is_empty()));
        if let Some(field) = custom.iter().find(|field| *field.name == *name) {
            checked.custom.push((field, field.checked(value)?));
            continue;
        }
        let Some((_, _, target_type)) = STANDARD.iter().find(|(standard, ..)| *standard == name) else {
            return Err(refusal::unknown_field(name));
        };
        match (name, target_type, value) {
            (MANAGERS, ..) => return Err(refusal::is_reference(name)),
            (LANGUAGE, _, None) => return Err(refusal::never_empty(name)),
            (EXTERNAL_ID, _, None) => checked.external_id = Some(None),
            (EXTERNAL_ID, _, Some(Value::Text(text))) => checked.external_id = Some(Some(Arc::clone(text))),
            (_, _, None) => _ = checked.body.insert(name.to_owned(), Json::Null),
            (LANGUAGE, _, Some(Value::Text(text))) if !LANGUAGES.contains(&&**text) => {
                return Err(refusal::unknown_choice(name));
            }
            // People have access on their last day (apis/hibob.md §4.1).
            (_, TargetType::Date, Some(Value::Date(date))) => {
                checked.body.insert(name.to_owned(), format!("{date}T23:59:59.999Z").into());
            }
            (_, TargetType::Text, Some(Value::Text(text))) => _ = checked.body.insert(name.to_owned(), (**text).into()),
            (_, TargetType::Date, _) => return Err(refusal::wrong_type(name, "date")),
            _ => return Err(refusal::wrong_type(name, "text")),
        }
    }
    Ok(checked)
}

/// The word for a type in a refusal.
pub(super) fn type_word(kind: &CustomType) -> &'static str {
    match kind {
        CustomType::Date => "date",
        CustomType::String | CustomType::Other(_) => "text",
    }
}
