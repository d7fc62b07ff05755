//! Types and choices, checked by the directory itself: from the fields of a write to what its columns will hold.

use std::borrow::Cow;

use super::fields::{COLUMNS, KEYED, Keyed};
use super::refusal;
use crate::connector::WriteError;
use crate::model::{FieldName, Section, TargetCatalogue, TargetField, TargetType, Value};

/// The fields of one write, found to be right.
#[derive(Debug, Default)]
pub(super) struct Checked<'a> {
    /// Places in [`COLUMNS`], and what goes there.
    pub(super) columns: Vec<(usize, Stored<'a>)>,
    /// Custom fields.
    pub(super) custom: Vec<(&'a str, Option<&'a Value>)>,
}

/// What a column will hold.
#[derive(Debug)]
pub(super) enum Stored<'a> {
    /// No value.
    Nothing,
    /// This text.
    Text(Cow<'a, str>),
    /// The team with this name, if there is one.
    Team(&'a str),
}

/// Checks fields against the catalogue. The first that is wrong refuses the write, which is done whole or not at all.
pub(super) fn check<'a>(
    catalogue: &TargetCatalogue,
    fields: impl IntoIterator<Item = (&'a FieldName, Option<&'a Value>)>,
) -> Result<Checked<'a>, WriteError> {
    let mut checked = Checked::default();
    for (name, value) in fields {
        let place = catalogue.fields.iter().position(|field| field.name == *name);
        let place = place.ok_or_else(|| refusal::unknown_field(name.as_str()))?;
        let field = &catalogue.fields[place];
        let value = value.filter(|value| !is_blank(value));
        if field.target_type.refers_to_users() {
            return Err(refusal::is_reference(name.as_str()));
        }
        match value {
            Some(value) => check_value(field, value)?,
            None if field.required => return Err(refusal::required(name.as_str())),
            None => {}
        }
        match field.section {
            Section::Custom => checked.custom.push((name.as_str(), value)),
            Section::Standard => {
                let key = value.and_then(Value::as_text).map(|text| Stored::Text(Keyed::key_of(text).into()));
                if let Some(column) = key_column(name.as_str()) {
                    checked.columns.push((column, key.unwrap_or(Stored::Nothing)));
                }
                checked.columns.push((place, stored(field.target_type, value)));
            }
        }
    }
    Ok(checked)
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Text(text) => text.trim().is_empty(),
        Value::List(items) => items.is_empty(),
        _ => false,
    }
}

fn check_value(field: &TargetField, value: &Value) -> Result<(), WriteError> {
    let fits = matches!(
        (field.target_type, value),
        (TargetType::Text | TargetType::Team | TargetType::TeamKey, Value::Text(_))
            | (TargetType::Number, Value::Number(_))
            | (TargetType::YesNo, Value::YesNo(_))
            | (TargetType::Date, Value::Date(_))
            | (TargetType::List, Value::List(_))
    );
    if !fits {
        return Err(refusal::wrong_type(field));
    }
    let items = match value {
        Value::Text(text) => std::slice::from_ref(text),
        Value::List(items) => items,
        _ => &[],
    };
    if !field.choices.is_empty() && items.iter().any(|item| !field.choices.contains(item)) {
        return Err(refusal::unknown_choice(field));
    }
    Ok(())
}

fn key_column(field: &str) -> Option<usize> {
    let keyed = KEYED.iter().find(|keyed| keyed.field == field)?;
    COLUMNS.iter().position(|column| *column == keyed.key)
}

fn stored(target_type: TargetType, value: Option<&Value>) -> Stored<'_> {
    match value {
        None => Stored::Nothing,
        Some(Value::Text(name)) if target_type == TargetType::Team => Stored::Team(name),
        Some(Value::Text(text)) => Stored::Text(Cow::Borrowed(text)),
        Some(value) => Stored::Text(Cow::Owned(value.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fields;
    use super::*;

    fn refused(field: &str, value: Option<&Value>) -> String {
        let catalogue = fields::catalogue(Vec::new());
        check(&catalogue, [(&field.into(), value)]).map(|_| ()).unwrap_err().message
    }

    #[test]
    fn a_value_of_another_type_is_refused_without_being_named() {
        let value = Value::Text("1970-01-01".into());
        assert_eq!(refused("birth_date", Some(&value)), "`birth_date` takes a value of type date, and this is another");
        assert_eq!(refused("lang", Some(&Value::Text("EN".into()))), "`lang` does not take this value");
        assert_eq!(refused("manager", None), "`manager` refers to users and is written on its own");
        assert_eq!(refused("mail", Some(&Value::Text(" ".into()))), "a user needs `mail`");
        assert_eq!(refused("male", None), "the directory has no field `male`");
    }
}
