//! The standard fields of accounts, by LearnUpon's own names, and the catalogue with them (apis/learnupon.md §2).

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::api::Row;
use super::custom::Definition;
use super::refusal;
use super::settings::Login;
use super::wire;
use crate::connector::WriteError;
use crate::model::{Cell, FieldName, GroupSupport, Section, TargetCatalogue, TargetField, TargetType, Value};

pub(super) const EMAIL: &str = "email";
pub(super) const USERNAME: &str = "username";
pub(super) const USER_TYPE: &str = "user_type";
pub(super) const EXPIRES: &str = "account_expires";
const LANGUAGE: &str = "language";
const TIMEZONE: &str = "timezone_id";

/// The roles of a place in a group; the first is the default.
pub(super) const MEMBER: &str = "member";
pub(super) const MANAGER: &str = "manager";
/// What a dynamic rule of the portal made. It is no role that a recipe can name: nothing of it is ever ours.
pub(super) const AUTOMATIC: &str = "automatic";

/// Name, title and type of each standard field.
const STANDARD: [(&str, &str, TargetType); 8] = [
    (EMAIL, "Email", TargetType::Text),
    (USERNAME, "Username", TargetType::Text),
    ("first_name", "First name", TargetType::Text),
    ("last_name", "Last name", TargetType::Text),
    (LANGUAGE, "Language", TargetType::Text),
    (USER_TYPE, "User type", TargetType::Text),
    (EXPIRES, "Account expires", TargetType::Date),
    (TIMEZONE, "Time zone", TargetType::Text),
];

/// What `language` takes.
const LANGUAGES: [&str; 27] = [
    "en", "cs", "da", "en_gb", "nl", "fi_fl", "nl_be", "fr", "fr_ca", "de", "hu", "id", "it", "ja", "ko", "nb_no",
    "pl", "pt", "pt_br", "ru", "sk", "es", "sv", "tr", "vi_vn", "zh_cn", "zh_tw",
];

/// What `user_type` takes, in the order of the ids that invitations use (apis/learnupon.md §2.3).
const USER_TYPES: [&str; 4] = ["learner", "admin", "instructor", "manager"];

/// What is known without asking: the standard fields.
pub(super) fn described(login: Login) -> TargetCatalogue {
    let login = match login {
        Login::Email => EMAIL,
        Login::Username => USERNAME,
    };
    let others = [EMAIL, USERNAME].into_iter().filter(|name| *name != login);
    TargetCatalogue {
        fields: STANDARD.iter().map(|field| standard(field, login)).collect(),
        complete: false,
        login: Some(login.into()),
        other_logins: others.map(FieldName::from).collect(),
        groups: GroupSupport {
            roles: [MEMBER, MANAGER].map(Arc::from).to_vec(),
            can_create: true,
            listed: true,
            add_only: false,
        },
        never_empty: vec![LANGUAGE.into(), USER_TYPE.into()],
        invited_are_fixed: true,
        ..TargetCatalogue::default()
    }
}

/// The same with what the portal says: custom fields and time zones. A custom field with the name of a standard one, or of
/// one before it, cannot be told from that and is left out.
pub(super) fn asked(login: Login, definitions: &[Definition], timezones: &[String]) -> TargetCatalogue {
    let mut catalogue = TargetCatalogue { complete: true, ..described(login) };
    if let Some(field) = catalogue.fields.iter_mut().find(|field| field.name.as_str() == TIMEZONE) {
        field.choices = timezones.iter().map(|name| Arc::from(name.as_str())).collect();
    }
    for definition in definitions {
        if catalogue.field(definition.field.name.as_str()).is_none() {
            catalogue.fields.push(definition.field.clone());
        }
    }
    catalogue
}

fn standard((name, title, target_type): &(&str, &str, TargetType), login: &str) -> TargetField {
    let choices: &[&str] = match *name {
        LANGUAGE => &LANGUAGES,
        USER_TYPE => &USER_TYPES,
        _ => &[],
    };
    TargetField {
        name: FieldName::from(*name),
        title: (*title).to_owned(),
        section: Section::Standard,
        target_type: *target_type,
        choices: choices.iter().copied().map(Arc::from).collect(),
        required: *name == login,
        writable: true,
        listed: true,
        on_creation: true,
    }
}

/// One field of a user as a listing gives it; `language` is read as `locale`.
pub(super) fn read(row: &Row, field: &str) -> Cell {
    match field {
        LANGUAGE if row.contains_key("locale") => wire::text_cell(row, "locale"),
        EXPIRES => wire::day_cell(row, EXPIRES),
        name if STANDARD.iter().any(|(standard, ..)| *standard == name) => wire::text_cell(row, name),
        _ => Cell::NotDelivered,
    }
}

/// A value as it is sent. An empty text clears: that is what a form sends (apis/learnupon.md §2 names no rule).
pub(super) fn encode(field: &TargetField, value: Option<&Value>) -> Result<Json, WriteError> {
    match (field.target_type, value) {
        (_, None) => Ok(json!("")),
        (TargetType::Date, Some(Value::Date(day))) => Ok(json!(day.to_string())),
        (TargetType::Text, Some(Value::Text(text))) => {
            if !field.choices.is_empty() && !field.choices.iter().any(|choice| choice == text) {
                return Err(refusal::no_choice(field));
            }
            Ok(json!(**text))
        }
        _ => Err(refusal::wrong_type(field)),
    }
}

/// The id of a user type in invitations: learner where it is none.
pub(super) fn type_id(user_type: Option<&str>) -> usize {
    user_type.and_then(|wanted| USER_TYPES.iter().position(|known| *known == wanted)).unwrap_or(0) + 1
}
