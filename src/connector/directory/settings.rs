//! `target: directory:` in a recipe, from what the author wrote to what the directory needs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::fields;
use crate::connector::{ConnectorError, ConnectorSettings};
use crate::model::{FieldName, Section, TargetCatalogue, TargetField, TargetType};

/// What the directory needs to know, checked.
#[derive(Debug)]
pub(super) struct Settings {
    /// The database file.
    pub(super) database: PathBuf,
    /// Every field, custom fields included.
    pub(super) catalogue: TargetCatalogue,
}

/// The section as written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSettings {
    database: String,
    #[serde(default)]
    custom_fields: BTreeMap<String, Json>,
}

/// A custom field as written, where it is more than the word for its type.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawField {
    #[serde(rename = "type")]
    kind: FieldType,
    #[serde(default)]
    choices: Vec<String>,
    title: Option<String>,
}

/// The types that a custom field can have.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(try_from = "String")]
enum FieldType {
    Text,
    Number,
    YesNo,
    Date,
    List,
}

impl Settings {
    /// Reads the section; nothing on disk is looked at.
    pub(super) fn read(settings: &ConnectorSettings) -> Result<Self, ConnectorError> {
        let raw: RawSettings = section(&settings.settings).map_err(|message| {
            let help = "the directory takes `database` (the file, required) and `custom_fields`";
            refused(format!("target `{}`: {message}", settings.name), help)
        })?;
        if raw.database.trim().is_empty() {
            return Err(refused("`database` is empty", "name the file, such as `.rollbook/directory.db`"));
        }
        let custom = raw.custom_fields.iter().map(|(name, field)| custom_field(name, field));
        Ok(Self {
            database: settings.base.join(&raw.database),
            catalogue: fields::catalogue(custom.collect::<Result<_, _>>()?),
        })
    }
}

impl TryFrom<String> for FieldType {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        match word.as_str() {
            "text" => Ok(Self::Text),
            "number" => Ok(Self::Number),
            "yes_no" => Ok(Self::YesNo),
            "date" => Ok(Self::Date),
            "list" => Ok(Self::List),
            _ => Err(format!("`{word}` is no type of field")),
        }
    }
}

/// Reads a part of the section, with the words of an author for what is wrong.
fn section<T: DeserializeOwned>(written: &Json) -> Result<T, String> {
    if !written.is_object() {
        return Err("a value stands here where keys should".to_owned());
    }
    T::deserialize(written).map_err(|error| error.to_string().replace(" field `", " key `"))
}

fn custom_field(name: &str, written: &Json) -> Result<TargetField, ConnectorError> {
    let refused = |message: &str, help: &str| refused(format!("custom field `{name}`: {message}"), help);
    if name.trim().is_empty() || fields::is_standard(name) {
        return Err(refused("the name is empty, or a standard field has it", "give the custom field another name"));
    }
    let raw = match written {
        Json::String(_) => FieldType::deserialize(written)
            .map(|kind| RawField { kind, choices: Vec::new(), title: None })
            .map_err(|error| error.to_string()),
        _ => section(written),
    };
    let raw = raw.map_err(|message| {
        let help = "write a type (text, number, yes_no, date or list), or `{ type: text, choices: [a, b], title: … }`";
        refused(&message, help)
    })?;
    if !raw.choices.is_empty() && !matches!(raw.kind, FieldType::Text | FieldType::List) {
        return Err(refused("only text and lists can have choices", "leave `choices` out, or make the type `text`"));
    }
    let distinct: BTreeSet<&str> = raw.choices.iter().map(String::as_str).collect();
    if distinct.len() < raw.choices.len() || distinct.iter().any(|choice| choice.trim().is_empty()) {
        return Err(refused("`choices` holds an empty text, or one twice", "name each choice once"));
    }
    Ok(TargetField {
        name: FieldName::from(name),
        title: raw.title.unwrap_or_else(|| title_of(name)),
        section: Section::Custom,
        target_type: raw.kind.target_type(),
        choices: raw.choices.into_iter().map(Arc::from).collect(),
        required: false,
        writable: true,
        listed: true,
        on_creation: true,
    })
}

impl FieldType {
    fn target_type(self) -> TargetType {
        match self {
            Self::Text => TargetType::Text,
            Self::Number => TargetType::Number,
            Self::YesNo => TargetType::YesNo,
            Self::Date => TargetType::Date,
            Self::List => TargetType::List,
        }
    }
}

/// `cost_centre` → `Cost centre`.
fn title_of(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn refused(message: impl Into<String>, help: &str) -> ConnectorError {
    ConnectorError::Settings { message: message.into(), help: help.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(settings: Json) -> Result<Settings, String> {
        let settings = ConnectorSettings { name: "directory".into(), settings, base: "recipes".into() };
        Settings::read(&settings).map_err(|error| error.to_string())
    }

    #[test]
    fn a_custom_field_is_a_type_or_a_type_with_choices_and_a_title() {
        let settings = read(json!({
            "database": "people.db",
            "custom_fields": { "cost_centre": "text", "shift": { "type": "list", "choices": ["day", "night"], "title": "Shifts" } },
        }));
        let settings = settings.unwrap();
        assert_eq!(settings.database, PathBuf::from("recipes/people.db"));
        let centre = settings.catalogue.field("cost_centre").unwrap();
        assert_eq!((centre.title.as_str(), centre.target_type), ("Cost centre", TargetType::Text));
        let shift = settings.catalogue.field("shift").unwrap();
        assert_eq!((shift.title.as_str(), shift.target_type, shift.choices.len()), ("Shifts", TargetType::List, 2));
    }

    #[test]
    fn what_makes_no_sense_is_named() {
        let wrong = |settings| read(settings).unwrap_err();
        assert!(wrong(json!({ "database": "a.db", "databse": 1 })).contains("unknown key `databse`"));
        assert_eq!(wrong(json!({})), "target `directory`: missing key `database`");
        assert!(wrong(Json::Null).contains("keys"));
        assert!(wrong(json!({ "database": " " })).contains("empty"));
        let field = |field| wrong(json!({ "database": "a.db", "custom_fields": field }));
        assert_eq!(field(json!({ "size": "shoe" })), "custom field `size`: `shoe` is no type of field");
        assert!(field(json!({ "size": 7 })).contains("`size`"));
        assert!(field(json!({ "mail": "text" })).contains("standard field"));
        assert!(field(json!({ "size": { "type": "number", "choices": ["1"] } })).contains("choices"));
        assert!(field(json!({ "size": { "type": "text", "choices": ["S", "S"] } })).contains("twice"));
        assert!(wrong(json!({ "database": "a.db", "groups": ["A"] })).contains("unknown key `groups`"));
    }
}
