//! Custom values of one user as they are kept: one JSON object, read without building it.
//!
//! Text, whole numbers, yes/no and lists are themselves. Dates are text, and so are decimal numbers, because JSON
//! readers may round those; the type in the catalogue says which is meant.

use std::fmt;

use foldhash::HashMap;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json};

use super::read::Shared;
use crate::model::{Cell, Number, TargetType, Value};

/// The object after some changes; `None` takes a value out.
pub(super) fn edited(kept: &str, changes: &[(&str, Option<&Value>)]) -> serde_json::Result<String> {
    let mut object: Map<String, Json> = serde_json::from_str(kept)?;
    for (name, value) in changes {
        match value {
            Some(value) => object.insert((*name).to_owned(), json(value)),
            None => object.remove(*name),
        };
    }
    serde_json::to_string(&object)
}

fn json(value: &Value) -> Json {
    match value {
        Value::Number(Number::Whole(whole)) => Json::from(*whole),
        Value::YesNo(yes) => Json::from(*yes),
        Value::List(items) => items.iter().map(|item| Json::from(&**item)).collect(),
        other => Json::from(other.to_string()),
    }
}

/// A custom field that is wanted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    /// The index of its cell, and of the texts that it shares with others.
    pub(super) place: usize,
    /// Its type now; values that were kept under another type come as what they look like.
    pub(super) target_type: TargetType,
}

/// Puts the wanted custom values into their cells.
pub(super) fn read_into(
    kept: &str,
    wanted: &HashMap<&str, Wanted>,
    cells: &mut [Cell],
    shared: &mut [Shared],
) -> serde_json::Result<()> {
    let mut deserializer = serde_json::Deserializer::from_str(kept);
    deserializer.deserialize_map(Object { wanted, cells, shared })
}

struct Object<'a> {
    wanted: &'a HashMap<&'a str, Wanted>,
    cells: &'a mut [Cell],
    shared: &'a mut [Shared],
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of custom values")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(wanted) = map.next_key_seed(Key(self.wanted))? {
            let Some(wanted) = wanted else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            let value =
                map.next_value_seed(Kept { target_type: wanted.target_type, shared: &mut self.shared[wanted.place] })?;
            self.cells[wanted.place] = Cell::Value(value);
        }
        Ok(())
    }
}

struct Key<'a>(&'a HashMap<&'a str, Wanted>);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Option<Wanted>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Option<Wanted>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a custom field")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.get(name).copied())
    }
}

struct Kept<'a> {
    target_type: TargetType,
    shared: &'a mut Shared,
}

impl<'de> DeserializeSeed<'de> for Kept<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Kept<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a custom value")
    }

    fn visit_bool<E: Error>(self, yes: bool) -> Result<Value, E> {
        Ok(Value::YesNo(yes))
    }

    fn visit_i64<E: Error>(self, whole: i64) -> Result<Value, E> {
        Ok(Value::Number(Number::Whole(whole)))
    }

    fn visit_u64<E: Error>(self, whole: u64) -> Result<Value, E> {
        i64::try_from(whole).map(|whole| Value::Number(Number::Whole(whole))).map_err(E::custom)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        let typed = match self.target_type {
            TargetType::Date => text.parse().ok().map(Value::Date),
            TargetType::Number => Number::parse(text).map(Value::Number),
            _ => None,
        };
        Ok(typed.unwrap_or_else(|| Value::Text(self.shared.text(text))))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element::<String>()? {
            list.push(self.shared.text(&item));
        }
        Ok(Value::List(list.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_read_back_and_a_changed_type_shows_what_was_kept() {
        let decimal = Value::Number(Number::parse("0.1234567890123456789").unwrap());
        let list = Value::List(["a".into(), "\"ß\"".into()].into());
        let changes = [("rate", Some(&decimal)), ("tags", Some(&list)), ("old", Some(&Value::YesNo(true)))];
        let kept = edited("{}", &changes).unwrap();
        let kept = edited(&kept, &[("old", None), ("size", Some(&Value::Text("M".into())))]).unwrap();

        let wanted = |place, target_type| Wanted { place, target_type };
        let wanted = HashMap::from_iter([
            ("rate", wanted(0, TargetType::Number)),
            ("tags", wanted(1, TargetType::List)),
            ("old", wanted(2, TargetType::YesNo)),
            ("size", wanted(3, TargetType::Date)),
        ]);
        let mut cells = vec![Cell::Empty; 4];
        read_into(&kept, &wanted, &mut cells, &mut [(); 4].map(|()| Shared::default())).unwrap();
        let size = Cell::Value(Value::Text("M".into()));
        assert_eq!(cells, [Cell::Value(decimal), Cell::Value(list), Cell::Empty, size]);
    }
}
