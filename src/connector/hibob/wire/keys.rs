//! The small readers that a walk through an employee needs: for keys, and for the items of its lists.

use std::borrow::Cow;
use std::fmt;

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json};

use super::shape::Node;

/// A key, looked up where it stands: the wanted node behind it.
pub(in crate::connector) struct Child<'s>(pub(in crate::connector) &'s Node);

impl<'de> DeserializeSeed<'de> for Child<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        // As bytes, because keys that are not wanted need not be checked for being UTF-8.
        deserializer.deserialize_bytes(self)
    }
}

impl Visitor<'_> for Child<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.child(key.as_bytes()))
    }

    fn visit_bytes<E>(self, key: &[u8]) -> Result<Self::Value, E> {
        Ok(self.0.child(key))
    }
}

/// The first key under a slash key.
pub(in crate::connector) enum Wrapping {
    /// `value`, as it should be.
    Value,
    /// Something else: the value stands bare.
    Bare(String),
}

impl<'de> Deserialize<'de> for Wrapping {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Key;
        impl Visitor<'_> for Key {
            type Value = Wrapping;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_str<E>(self, key: &str) -> Result<Wrapping, E> {
                Ok(if key == "value" { Wrapping::Value } else { Wrapping::Bare(key.to_owned()) })
            }
        }
        deserializer.deserialize_str(Key)
    }
}

/// One item of a list as text, borrowed where it can be. An object is its id, or else its value; `null` is blank.
pub(in crate::connector) struct Item<'a>(pub(in crate::connector) Cow<'a, str>);

impl<'de> Deserialize<'de> for Item<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ItemVisitor).map(Self)
    }
}

struct ItemVisitor;

impl<'de> Visitor<'de> for ItemVisitor {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an item")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(""))
    }

    fn visit_bool<E>(self, yes: bool) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(if yes { "true" } else { "false" }))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(number.to_string()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Cow::Owned(number.to_string()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Self::Value, A::Error> {
        let list = Json::deserialize(SeqAccessDeserializer::new(seq)).map_err(A::Error::custom)?;
        Ok(Cow::Owned(list.to_string()))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        let object = Map::deserialize(MapAccessDeserializer::new(map)).map_err(A::Error::custom)?;
        Ok(Cow::Owned(match object.get("id").or_else(|| object.get("value")) {
            Some(Json::String(text)) => text.clone(),
            Some(inner) => inner.to_string(),
            None => Json::Object(object).to_string(),
        }))
    }
}
