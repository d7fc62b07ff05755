//! Records as services answer them: JSON objects, in lists, with texts, numbers and days of whatever form.

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Map, Value as Json};

use crate::model::{Cell, Value};

/// The records of a list: under one of these keys, else under the only key that holds a list.
pub(in crate::connector) fn records(body: Json, keys: &[&str]) -> Option<Vec<Map<String, Json>>> {
    let list = match body {
        Json::Array(list) => list,
        Json::Object(mut body) => {
            let named = keys.iter().find(|key| body.contains_key(**key)).map(|key| (*key).to_owned());
            let mut lists = body.iter().filter(|(_, value)| value.is_array()).map(|(key, _)| key.clone());
            let key = match named {
                Some(key) => key,
                None => lists.next().filter(|_| lists.next().is_none())?,
            };
            match body.remove(&key)? {
                Json::Array(list) => list,
                one @ Json::Object(_) => vec![one],
                _ => return None,
            }
        }
        _ => return None,
    };
    list.into_iter().map(|record| if let Json::Object(record) = record { Some(record) } else { None }).collect()
}

/// A number, also as text.
pub(in crate::connector) fn number(value: &Json) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.trim().parse().ok())
}

/// The id of a record.
pub(in crate::connector) fn id(record: &Map<String, Json>, key: &str) -> Option<u64> {
    record.get(key).and_then(number)
}

/// A text that is not blank.
pub(in crate::connector) fn text<'r>(record: &'r Map<String, Json>, key: &str) -> Option<&'r str> {
    record.get(key)?.as_str().filter(|text| !text.trim().is_empty())
}

/// A moment in time.
pub(in crate::connector) fn moment(record: &Map<String, Json>, key: &str) -> Option<Timestamp> {
    text(record, key)?.parse().ok()
}

/// A day, also as the beginning of a time.
pub(in crate::connector) fn day(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

/// A text as the engine sees it; what is not there is not delivered.
pub(in crate::connector) fn text_cell(record: &Map<String, Json>, key: &str) -> Cell {
    match record.get(key) {
        None => Cell::NotDelivered,
        Some(Json::Null) => Cell::Empty,
        Some(Json::String(text)) => Value::text(text).into(),
        Some(Json::Number(number)) => Value::text(&number.to_string()).into(),
        Some(_) => Cell::NotDelivered,
    }
}

/// A day as the engine sees it.
pub(in crate::connector) fn day_cell(record: &Map<String, Json>, key: &str) -> Cell {
    match text_cell(record, key) {
        Cell::Value(Value::Text(text)) => day(&text).map_or(Cell::NotDelivered, |day| Cell::Value(Value::Date(day))),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_list_is_found_whatever_its_key_is() {
        let found = |body: Json| records(body, &["user", "users"]).map(|records| records.len());
        let one = json!([{ "id": 1 }]);
        assert_eq!(found(json!({ "user": one })), Some(1));
        assert_eq!(found(json!({ "users": one, "customDataFieldDefintions": [1, 2] })), Some(1));
        assert_eq!(found(json!({ "people": one, "page": 1 })), Some(1));
        assert_eq!(found(json!({ "user": { "id": 1 } })), Some(1));
        assert_eq!(found(one), Some(1));
        for none in [json!({ "a": [], "b": [] }), json!({ "user": [1] }), json!({}), json!("x"), Json::Null] {
            assert_eq!(found(none.clone()), None, "{none}");
        }
    }

    #[test]
    fn a_cell_is_empty_only_where_the_field_is_there() {
        let record = json!({ "a": null, "b": " ", "c": "x", "d": "2026-03-01T00:00:00Z", "e": "soon" });
        let Json::Object(record) = record else { panic!("an object") };
        assert_eq!(text_cell(&record, "none"), Cell::NotDelivered);
        assert_eq!([text_cell(&record, "a"), text_cell(&record, "b")], [Cell::Empty, Cell::Empty]);
        assert_eq!(text_cell(&record, "c"), Cell::Value(Value::Text("x".into())));
        assert_eq!(day_cell(&record, "d"), Cell::Value(Value::Date(jiff::civil::date(2026, 3, 1))));
        assert_eq!(day_cell(&record, "e"), Cell::NotDelivered);
    }
}
