//! From a value of the source to one that the target takes. What it cannot take is reported with both spellings, and not sent.

use std::sync::Arc;

use crate::model::{TargetField, TargetType, Value};
use crate::problem::nearest;
use crate::stage::condition::{as_number, as_yes_no};
use crate::stage::date_expression::as_day;

/// A value that the target cannot take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// What does not fit.
    pub text: String,
    /// What to do.
    pub hint: String,
}

/// Converts a value to the type of a target field, and checks it against the closed list of values if there is one.
pub(super) fn convert(value: &Value, target: &TargetField) -> Result<Value, Mismatch> {
    let value = match target.target_type {
        TargetType::Text | TargetType::Team | TargetType::TeamKey => match value {
            Value::Text(text) if !text.trim().is_empty() => Some(value.clone()),
            other => Value::text(&other.to_string()),
        },
        TargetType::Number => as_number(value).map(Value::Number),
        TargetType::YesNo => as_yes_no(value).map(Value::YesNo),
        TargetType::Date => as_day(value).map(Value::Date),
        TargetType::List | TargetType::People => Some(as_list(value)),
        TargetType::Person => as_reference(value),
    }
    .ok_or_else(|| wrong_type(value, target))?;
    check_choice(&value, target)?;
    Ok(value)
}

fn as_list(value: &Value) -> Value {
    match value {
        Value::List(items) => Value::List(Arc::clone(items)),
        Value::Text(text) | Value::Person(text) => Value::List(Arc::from([Arc::clone(text)])),
        other => Value::List(Arc::from([Arc::from(other.to_string())])),
    }
}

fn as_reference(value: &Value) -> Option<Value> {
    match value {
        Value::Person(id) | Value::Text(id) => Some(Value::Person(Arc::clone(id))),
        _ => None,
    }
}

fn check_choice(value: &Value, target: &TargetField) -> Result<(), Mismatch> {
    if target.choices.is_empty() {
        return Ok(());
    }
    let allowed = |text: &str| target.choices.iter().any(|choice| **choice == *text);
    let wrong = match value {
        Value::List(items) => items.iter().find(|item| !allowed(item)).map(|item| item.to_string()),
        Value::Text(text) | Value::Person(text) if allowed(text) => None,
        other => Some(other.to_string()).filter(|text| !allowed(text)),
    };
    match wrong {
        None => Ok(()),
        Some(text) => Err(not_a_choice(&text, target)),
    }
}

/// The words for a value that is not on the target's list.
pub(super) fn not_a_choice(text: &str, target: &TargetField) -> Mismatch {
    let near = nearest(text, target.choices.iter().map(|choice| &**choice));
    let hint = match near {
        Some(near) => format!(
            "the target has `{near}`; make the two spellings the same, or map one to the other in a value table"
        ),
        None => format!("the target takes only: {}", shortened(&target.choices)),
    };
    Mismatch { text: format!("`{}` does not take `{text}`", target.name), hint }
}

fn wrong_type(value: &Value, target: &TargetField) -> Mismatch {
    Mismatch {
        text: format!("`{}` takes a {}, and `{value}` is none", target.name, target.target_type),
        hint: "put the value right in the source, or change it with a transform".to_owned(),
    }
}

fn shortened(choices: &[Arc<str>]) -> String {
    const SHOWN: usize = 12;
    let mut text = choices.iter().take(SHOWN).map(|choice| &**choice).collect::<Vec<_>>().join(", ");
    if choices.len() > SHOWN {
        text.push_str(", …");
    }
    text
}
