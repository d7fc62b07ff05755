//! Values in and out of scripts. The type is kept: a date that goes in as a date comes out as one.

use jiff::civil::{Date, DateTime};
use rhai::{Array, Dynamic, Engine, EvalAltResult, FLOAT, INT, ImmutableString, Map, Position};

use crate::model::{Cell, Number, Value};

use super::employee::Employee;

/// What a helper gives back to Rhai.
pub(super) type Outcome<T> = Result<T, Box<EvalAltResult>>;

/// What a helper could not do, in words without the person's data.
///
/// A type of its own, so that it is told from an author's `throw "text"`; scripts that catch it can show it.
#[derive(Debug, Clone)]
pub(super) struct Trouble(pub(super) String);

/// The error that carries it. Rhai adds the position.
pub(super) fn trouble<T>(message: impl Into<String>) -> Outcome<T> {
    Err(EvalAltResult::ErrorRuntime(Dynamic::from(Trouble(message.into())), Position::NONE).into())
}

pub(super) fn register(engine: &mut Engine) {
    engine
        .register_type_with_name::<Trouble>("error")
        .register_fn("to_string", |error: &mut Trouble| error.0.clone())
        .register_fn("to_debug", |error: &mut Trouble| error.0.clone());
}

/// A delivered cell as a script sees it; `None` if it was not delivered.
pub(super) fn to_dynamic(cell: &Cell) -> Option<Dynamic> {
    Some(match cell {
        Cell::NotDelivered => return None,
        Cell::Empty => Dynamic::UNIT,
        Cell::Value(value) => match value {
            Value::Text(text) | Value::Person(text) => Dynamic::from(ImmutableString::from(&**text)),
            Value::Number(Number::Whole(number)) => Dynamic::from_int(*number),
            Value::Number(Number::Decimal(number)) => Dynamic::from_float(*number),
            Value::YesNo(yes) => Dynamic::from_bool(*yes),
            Value::Date(date) => Dynamic::from(*date),
            Value::DateTime(date_time) => Dynamic::from(*date_time),
            Value::List(items) => {
                let items = items.iter().map(|item| Dynamic::from(ImmutableString::from(&**item)));
                Dynamic::from_array(items.collect())
            }
        },
    })
}

/// What a script gave, as a cell; an error in words where it is nothing that a field can hold.
pub(super) fn to_cell(value: Dynamic) -> Result<Cell, String> {
    let value = value.flatten();
    if let Ok(text) = value.as_immutable_string_ref() {
        return Ok(Value::text(&text).into());
    }
    if value.is_unit() {
        return Ok(Cell::Empty);
    }
    if let Ok(number) = value.as_int() {
        return Ok(Cell::Value(Value::Number(Number::Whole(number))));
    }
    if let Ok(number) = value.as_float() {
        let number =
            Number::from_f64(number).ok_or("the script gave something that is not a number (NaN or infinite)")?;
        return Ok(Cell::Value(Value::Number(number)));
    }
    if let Ok(yes) = value.as_bool() {
        return Ok(Cell::Value(Value::YesNo(yes)));
    }
    if let Some(date) = value.read_lock::<Date>() {
        return Ok(Cell::Value(Value::Date(*date)));
    }
    if let Some(date_time) = value.read_lock::<DateTime>() {
        return Ok(Cell::Value(Value::DateTime(*date_time)));
    }
    if let Ok(items) = value.as_array_ref() {
        return list(&items);
    }
    match text(&value) {
        Some(text) => Ok(Value::text(&text).into()),
        None => Err(format!("the script gave {}, which no field can hold", kind(&value))),
    }
}

/// A list of texts; what is empty in it is left out.
fn list(items: &Array) -> Result<Cell, String> {
    let mut texts = Vec::with_capacity(items.len());
    for item in items.iter().filter(|item| !item.is_unit()) {
        let text = text(item).ok_or_else(|| format!("the script gave a list with {} in it", kind(item)))?;
        if !text.trim().is_empty() {
            texts.push(text.as_str().into());
        }
    }
    Ok(if texts.is_empty() { Cell::Empty } else { Cell::Value(Value::List(texts.into())) })
}

/// A single value as text, as people write it; `None` for `()`, lists and whatever else is no single value.
pub(super) fn text(value: &Dynamic) -> Option<ImmutableString> {
    if let Ok(text) = value.as_immutable_string_ref() {
        return Some(text.clone());
    }
    let text = if let Ok(letter) = value.as_char() {
        letter.to_string()
    } else if let Ok(number) = value.as_int() {
        number.to_string()
    } else if let Ok(number) = value.as_float() {
        number.to_string()
    } else if let Ok(yes) = value.as_bool() {
        if yes { "yes" } else { "no" }.to_owned()
    } else if let Some(date) = value.read_lock::<Date>() {
        date.to_string()
    } else if let Some(date_time) = value.read_lock::<DateTime>() {
        date_time.to_string()
    } else {
        return None;
    };
    Some(text.into())
}

/// The text of an argument; `None` for `()`.
pub(super) fn text_argument(helper: &str, value: &Dynamic) -> Outcome<Option<ImmutableString>> {
    if value.is_unit() {
        return Ok(None);
    }
    match text(value) {
        Some(text) => Ok(Some(text)),
        None => trouble(format!("`{helper}` takes a text, not {}", kind(value))),
    }
}

/// What kind of value this is, in words.
pub(super) fn kind(value: &Dynamic) -> &'static str {
    if value.is::<Map>() {
        "a map"
    } else if value.is::<Array>() {
        "a list"
    } else if value.is::<Employee>() {
        "the whole employee"
    } else if value.is::<Trouble>() {
        "an error"
    } else {
        kind_of_type(value.type_name())
    }
}

/// The same for the type names in Rhai's messages.
pub(super) fn kind_of_type(name: &str) -> &'static str {
    if name.contains("ImmutableString") {
        return "a text";
    }
    let name = name.rsplit("::").next().unwrap_or(name).trim_start_matches('&').trim_start_matches("mut ");
    match name {
        "()" => "nothing (`()`)",
        "string" | "String" | "ImmutableString" | "&str" | "str" => "a text",
        "char" => "a letter",
        "i64" | "INT" => "a whole number",
        "f64" | "FLOAT" => "a decimal number",
        "bool" => "true or false",
        "array" | "Array" | "Vec<Dynamic>" => "a list",
        "map" | "Map" => "a map",
        "date" | "Date" => "a date",
        "date-time" | "DateTime" => "a date with a time",
        "employee" | "Employee" => "the whole employee",
        "error" | "Trouble" => "an error",
        "Fn" | "FnPtr" => "a function",
        _ => "something else",
    }
}

const _: () = assert!(size_of::<INT>() == 8 && size_of::<FLOAT>() == 8);
