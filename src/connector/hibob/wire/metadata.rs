//! Field metadata: which fields there are, of which type, and where in an employee they stand (apis/hibob.md §3.1).

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde::Deserialize;

use super::fault::{Fault, Place};
use super::lists::Lists;
use crate::model::{FieldPath, SourceCatalogue, SourceField, ValueType};

/// How a field's values are to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::connector) enum Kind {
    /// The employee's own id: text, whatever HiBob calls it.
    Key,
    /// `text`, `text-area`, `short-date` (a day without a year).
    Text,
    /// `number`, and the amount of a `currency`.
    Number,
    /// `boolean`.
    YesNo,
    /// `date`.
    Date,
    /// `time`: a timestamp without a zone.
    DateTime,
    /// `list`, `hierarchy-list`, `list_id`: one item of a named list.
    Choice,
    /// `multi-list`: any number of items.
    Choices,
    /// `employee-reference` and `employee`.
    Person,
    /// No metadata, or a type that HiBob does not document (`period`, `working_pattern`): the JSON decides.
    Any,
}

impl Kind {
    fn from_type(name: &str) -> Self {
        match name {
            "text" | "text-area" | "short-date" => Self::Text,
            "number" | "currency" => Self::Number,
            "boolean" => Self::YesNo,
            "date" => Self::Date,
            "time" => Self::DateTime,
            "list" | "hierarchy-list" | "list_id" => Self::Choice,
            "multi-list" => Self::Choices,
            "employee-reference" | "employee" => Self::Person,
            _ => Self::Any,
        }
    }

    /// What recipes see.
    fn value_type(self) -> Option<ValueType> {
        match self {
            Self::Key | Self::Text | Self::Choice => Some(ValueType::Text),
            Self::Number => Some(ValueType::Number),
            Self::YesNo => Some(ValueType::YesNo),
            Self::Date => Some(ValueType::Date),
            Self::DateTime => Some(ValueType::DateTime),
            Self::Choices => Some(ValueType::List),
            Self::Person => Some(ValueType::Person),
            Self::Any => None,
        }
    }
}

/// Every field of the company, by id.
#[derive(Debug, Default)]
pub(in crate::connector) struct Metadata {
    fields: BTreeMap<FieldPath, FieldMetadata>,
}

/// What HiBob says of one field.
#[derive(Debug)]
pub(in crate::connector) struct FieldMetadata {
    pub(in crate::connector) kind: Kind,
    /// Where it stands in an employee: keys, joined by dots.
    pub(in crate::connector) json_path: String,
    pub(in crate::connector) list: Option<String>,
    name: String,
    category: Option<String>,
}

impl Metadata {
    const WANTED: &'static str = "field metadata";

    /// Reads both forms: a bare array, and an object with `fields`. The first of two fields with one id counts.
    pub(in crate::connector) fn parse(text: &[u8]) -> Result<Self, Fault> {
        let fault = |error| Fault::of_json(&error, text, Place::START, Self::WANTED);
        let raw: Vec<RawField> = if text.trim_ascii_start().starts_with(b"[") {
            serde_json::from_slice(text).map_err(fault)?
        } else {
            serde_json::from_slice::<RawFields>(text).map_err(fault)?.fields
        };
        let mut fields = BTreeMap::new();
        for raw in raw {
            if let Entry::Vacant(place) = fields.entry(FieldPath::from(raw.id.as_str())) {
                place.insert(FieldMetadata::from(raw));
            }
        }
        Ok(Self { fields })
    }

    /// The field with exactly this id.
    pub(in crate::connector) fn field(&self, path: &str) -> Option<&FieldMetadata> {
        self.fields.get(path)
    }

    /// How many fields there are.
    pub(in crate::connector) fn len(&self) -> usize {
        self.fields.len()
    }

    /// Whether a field stands at this place in an employee.
    pub(in crate::connector) fn stands_at(&self, json_path: &str) -> bool {
        self.fields.values().any(|field| field.json_path == json_path)
    }

    /// What recipes are checked against.
    pub(in crate::connector) fn catalogue(&self, lists: &Lists) -> SourceCatalogue {
        let fields = self.fields.iter().map(|(path, field)| (path.clone(), field.describe(path, lists)));
        SourceCatalogue { title: super::TITLE.into(), fields: fields.collect(), complete: true }
    }
}

impl FieldMetadata {
    /// What people call it.
    pub(in crate::connector) fn name(&self) -> &str {
        &self.name
    }

    /// The permission category, as Bob's screens show it.
    pub(in crate::connector) fn category(&self) -> Option<&str> {
        self.category.as_deref()
    }

    /// The field for recipes, with the items of its list where they are known.
    pub(in crate::connector) fn describe(&self, path: &FieldPath, lists: &Lists) -> SourceField {
        let list = self.list.as_deref().and_then(|id| lists.list(id));
        SourceField {
            path: path.clone(),
            name: self.name.clone(),
            value_type: self.kind.value_type(),
            category: self.category.clone(),
            choices: list.map(|list| list.choices().to_vec()),
        }
    }
}

impl From<RawField> for FieldMetadata {
    fn from(raw: RawField) -> Self {
        let kind = if raw.id == "root.id" { Kind::Key } else { Kind::from_type(&raw.r#type) };
        let list = raw.type_data.and_then(|data| data.list_id);
        Self {
            kind,
            json_path: raw.json_path.unwrap_or_else(|| default_json_path(&raw.id).to_owned()),
            list: list.filter(|_| matches!(kind, Kind::Choice | Kind::Choices)),
            name: raw.name.unwrap_or_else(|| raw.id.clone()),
            category: raw.category_display_name.or(raw.category),
        }
    }
}

/// Where a field stands when no metadata says so: `root` fields are at the top, all others under their id.
pub(in crate::connector) fn default_json_path(id: &str) -> &str {
    id.strip_prefix("root.").unwrap_or(id)
}

#[derive(Deserialize)]
struct RawFields {
    fields: Vec<RawField>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawField {
    id: String,
    name: Option<String>,
    category: Option<String>,
    category_display_name: Option<String>,
    json_path: Option<String>,
    #[serde(default)]
    r#type: String,
    type_data: Option<RawTypeData>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawTypeData {
    list_id: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_read_and_unknown_types_are_left_to_the_values() {
        let array = r#"[{"id": "root.id", "type": "employee-reference", "jsonPath": "id"},
            {"id": "payroll.period", "type": "period", "typeData": {}, "categoryDisplayName": "Payroll"}]"#;
        for text in [array.to_owned(), format!(r#"{{"fields": {array}}}"#)] {
            let catalogue = Metadata::parse(text.as_bytes()).expect("metadata").catalogue(&Lists::default());
            assert!(catalogue.complete);
            assert_eq!(catalogue.field("root.id").and_then(|f| f.value_type), Some(ValueType::Text));
            let period = catalogue.field("payroll.period").expect("the field");
            assert_eq!((period.value_type, period.category.as_deref()), (None, Some("Payroll")));
            assert_eq!(period.name, "payroll.period", "a field without a name is called by its id");
        }
    }

    #[test]
    fn metadata_of_another_form_names_the_place() {
        let fault = Metadata::parse(b"{\n \"employees\": []}").expect_err("people, not metadata");
        assert_eq!(fault.to_string(), "does not hold field metadata (line 2, column 17)");
    }
}
