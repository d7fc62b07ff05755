//! Custom user data: what is defined, what each field takes, and how values are written and read (apis/learnupon.md §2.1).

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::api::Row;
use super::refusal;
use super::wire;
use crate::connector::WriteError;
use crate::model::{Cell, FieldName, Number, Section, TargetField, TargetType, Value};

/// A field of the portal.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Definition {
    id: u64,
    pub(super) field: TargetField,
    kind: Kind,
}

/// What a field takes.
#[derive(Debug, Clone, PartialEq)]
enum Kind {
    Text,
    Decimal,
    Integer,
    Date,
    /// The choices as they are listed, so that they are sent exactly so.
    Choice(Vec<Json>),
}

impl Definition {
    /// From what the portal says of it; nothing where it has no label or a type that is not known.
    pub(super) fn of(row: &Row) -> Option<Self> {
        let (id, label) = (wire::id(row, "id")?, wire::text(row, "label")?);
        let choices = || Kind::Choice(row.get("predefined_values").map(listed).unwrap_or_default());
        let (kind, target_type) = match wire::id(row, "type_id")? {
            1 => (Kind::Text, TargetType::Text),
            2 => (Kind::Decimal, TargetType::Number),
            3 => (Kind::Integer, TargetType::Number),
            4..=6 => (choices(), TargetType::Text),
            7 => (Kind::Date, TargetType::Date),
            _ => return None,
        };
        let spelt = match &kind {
            Kind::Choice(choices) => choices.iter().map(|choice| Arc::from(plain(choice))).collect(),
            _ => Vec::new(),
        };
        let field = TargetField {
            name: FieldName::new(label),
            title: label.to_owned(),
            section: Section::Custom,
            target_type,
            choices: spelt,
            required: false,
            writable: true,
            listed: false,
            on_creation: true,
        };
        Some(Self { id, field, kind })
    }

    /// Adds a value to what is sent as `CustomData`; none clears.
    pub(super) fn write(&self, value: Option<&Value>, custom: &mut Map<String, Json>) -> Result<(), WriteError> {
        custom.entry("use_definition_ids").or_insert(json!(1));
        let sent = match value {
            None => json!(""),
            Some(value) => self.encode(value)?,
        };
        custom.insert(self.id.to_string(), sent);
        Ok(())
    }

    fn encode(&self, value: &Value) -> Result<Json, WriteError> {
        match (&self.kind, value) {
            (Kind::Text, Value::Text(text)) => Ok(json!(**text)),
            (Kind::Date, Value::Date(day)) => Ok(json!(day.to_string())),
            (Kind::Integer, Value::Number(Number::Decimal(_))) => Err(refusal::no_whole_number(&self.field)),
            (Kind::Decimal | Kind::Integer, Value::Number(number)) => Ok(json!(number)),
            (Kind::Choice(choices), Value::Text(text)) => {
                let choice = choices.iter().find(|choice| plain(choice) == **text);
                choice.cloned().ok_or_else(|| refusal::no_choice(&self.field))
            }
            _ => Err(refusal::wrong_type(&self.field)),
        }
    }

    /// The value of one user who was read whole: by definition id or by label, whichever there is.
    pub(super) fn read(&self, row: &Row) -> Cell {
        let by_id = row.get("customDataFieldValues").and_then(Json::as_array).map(|values| {
            let own = |value: &&Json| value.get("definition_id").and_then(wire::number) == Some(self.id);
            values.iter().find(own).and_then(|value| value.get("value"))
        });
        let by_label = || {
            let labels = row.get("CustomData").and_then(Json::as_object)?;
            Some(labels.get(self.field.name.as_str()).or_else(|| labels.get(&self.id.to_string())))
        };
        match by_id.or_else(by_label) {
            None => Cell::NotDelivered,
            Some(None | Some(Json::Null)) => Cell::Empty,
            Some(Some(value)) => self.decode(&plain(value)),
        }
    }

    /// What cannot be read as the field's type is as good as unknown: it is overwritten where the recipe has a value.
    fn decode(&self, text: &str) -> Cell {
        if text.trim().is_empty() {
            return Cell::Empty;
        }
        let value = match self.kind {
            Kind::Text | Kind::Choice(_) => Value::text(text),
            Kind::Decimal | Kind::Integer => Number::parse(text).map(Value::Number),
            Kind::Date => wire::day(text).map(Value::Date),
        };
        value.map_or(Cell::NotDelivered, Cell::Value)
    }
}

/// The choices: a list of texts or numbers, of objects that hold one, or a text with one in each line.
fn listed(choices: &Json) -> Vec<Json> {
    match choices {
        Json::Array(choices) => choices
            .iter()
            .map(|choice| {
                let held = ["value", "label", "name"].iter().find_map(|key| choice.get(key));
                held.unwrap_or(choice).clone()
            })
            .filter(|choice| choice.is_string() || choice.is_number())
            .collect(),
        Json::String(lines) => {
            lines.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| json!(line)).collect()
        }
        _ => Vec::new(),
    }
}

/// A text without quotes, or a number as it is written.
fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(type_id: u8, choices: Json) -> Definition {
        let row = json!({ "id": 231, "type_id": type_id, "label": "Field", "predefined_values": choices });
        Definition::of(row.as_object().unwrap()).unwrap()
    }

    #[test]
    fn each_type_is_sent_and_read_in_its_own_form_and_takes_no_other() {
        let number = |text| Value::Number(Number::parse(text).unwrap());
        let cases = [
            (definition(1, Json::Null), Value::Text("Zoë".into()), json!("Zoë")),
            (definition(2, Json::Null), number("2.5"), json!(2.5)),
            (definition(3, Json::Null), number("7"), json!(7)),
            (
                definition(4, json!(["R&D, Platform", "IT"])),
                Value::Text("R&D, Platform".into()),
                json!("R&D, Platform"),
            ),
            (definition(5, json!([{ "value": 0.5 }, { "value": 1.0 }])), Value::Text("0.5".into()), json!(0.5)),
            (definition(6, json!("1\n2")), Value::Text("2".into()), json!("2")),
            (definition(7, Json::Null), Value::Date(jiff::civil::date(2026, 2, 28)), json!("2026-02-28")),
        ];
        for (definition, value, sent) in cases {
            let mut custom = Map::new();
            definition.write(Some(&value), &mut custom).unwrap();
            assert_eq!(Json::Object(custom), json!({ "use_definition_ids": 1, "231": sent }));
            for row in [
                json!({ "CustomData": { "Field": sent } }),
                json!({ "customDataFieldValues": [{ "definition_id": "231", "value": sent }] }),
            ] {
                assert_eq!(definition.read(row.as_object().unwrap()), Cell::Value(value.clone()));
            }
            assert!(definition.write(Some(&Value::YesNo(true)), &mut Map::new()).is_err());
        }
        assert!(definition(3, Json::Null).write(Some(&number("2.5")), &mut Map::new()).is_err());
        assert!(definition(4, json!(["IT"])).write(Some(&Value::Text("it".into())), &mut Map::new()).is_err());
    }

    #[test]
    fn what_is_not_said_is_not_delivered_and_what_is_left_out_of_what_is_said_is_empty() {
        let read = |row: Json| definition(1, Json::Null).read(row.as_object().unwrap());
        assert_eq!(read(json!({ "id": 1 })), Cell::NotDelivered);
        for empty in [
            json!({ "CustomData": {} }),
            json!({ "customDataFieldValues": [] }),
            json!({ "CustomData": { "Field": "" } }),
        ] {
            assert_eq!(read(empty), Cell::Empty);
        }
        let no_date = json!({ "CustomData": { "Field": "soon" } });
        assert_eq!(definition(7, Json::Null).read(no_date.as_object().unwrap()), Cell::NotDelivered);
    }
}
