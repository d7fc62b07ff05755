//! HiBob's people search answer as a stream of records (apis/hibob.md §2.1).
//!
//! A field is looked for under its slash key first, wrapped in `{"value": …}` or bare, and then nested. `null` and an
//! empty list are known to be empty; what stands nowhere was not delivered.

use std::fmt;
use std::io::Read;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json};

use super::cell::Wire;
use super::draft::{Draft, Rank};
use super::fault::Fault;
use super::keys::{Child, Item, Wrapping};
use super::shape::{Node, Shape};
use super::stream::JsonStream;
use crate::model::{Number, Roster};

/// Reads everybody: an object with `employees`, whatever else it holds, or a bare list.
pub(in crate::connector) fn read(reader: impl Read, shape: &Shape) -> Result<Roster, Fault> {
    let mut draft = Draft::new(shape);
    read_into(reader, &mut draft)?;
    Ok(draft.finish())
}

/// Reads everybody of one answer of several.
pub(in crate::connector) fn read_into(reader: impl Read, draft: &mut Draft<'_>) -> Result<(), Fault> {
    let mut stream = JsonStream::open(reader)?;
    match stream.peek()? {
        Some(b'[') => employees(&mut stream, draft)?,
        Some(b'{') => answer(&mut stream, draft)?,
        _ => {
            stream.value(|json| IgnoredAny::deserialize(json))?;
            return Err(Fault::Shape { wanted: "people", at: stream.place() });
        }
    }
    stream.end()
}

/// Reads the answer of one person, which stands alone (apis/hibob.md §2.2).
pub(in crate::connector) fn read_one(text: &[u8], draft: &mut Draft<'_>) -> Result<(), Fault> {
    let mut stream = JsonStream::open(text)?;
    person(&mut stream, draft)?;
    stream.end()
}

fn answer<R: Read>(stream: &mut JsonStream<R>, draft: &mut Draft<'_>) -> Result<(), Fault> {
    let mut found = false;
    let at = stream.place();
    stream.items(*b"{}", |stream| {
        let key = stream.value(|json| String::deserialize(json))?;
        stream.expect(b':')?;
        if key != "employees" {
            return stream.value(|json| IgnoredAny::deserialize(json)).map(|_| ());
        }
        found = true;
        match stream.peek()? {
            None | Some(b'[') => employees(stream, draft),
            Some(_) => Err(Fault::Shape { wanted: "a list under `employees`", at: stream.place() }),
        }
    })?;
    if found { Ok(()) } else { Err(Fault::Shape { wanted: "`employees`", at }) }
}

fn employees<R: Read>(stream: &mut JsonStream<R>, draft: &mut Draft<'_>) -> Result<(), Fault> {
    stream.items(*b"[]", |stream| person(stream, draft))
}

fn person<R: Read>(stream: &mut JsonStream<R>, draft: &mut Draft<'_>) -> Result<(), Fault> {
    let is_person = stream.peek()? == Some(b'{');
    if is_person {
        stream.value(|json| {
            draft.clear();
            Walk::from(draft, Shape::ROOT).deserialize(json)
        })?;
        draft.keep().unwrap_or_else(|reason| draft.reject(reason.to_owned()));
    } else {
        stream.value(|json| IgnoredAny::deserialize(json))?;
        draft.reject("is not an employee".to_owned());
    }
    Ok(())
}

/// A walk through one employee, along the shape. Whatever comes, it goes on; only broken JSON ends it.
struct Walk<'d, 's> {
    draft: &'d mut Draft<'s>,
    node: &'s Node,
    /// Whether a `{"value": …}` may still be around the value.
    wrapped: bool,
}

impl<'d, 's> Walk<'d, 's> {
    fn from(draft: &'d mut Draft<'s>, node: usize) -> Self {
        let node = draft.shape.node(node);
        Self { draft, node, wrapped: node.slash }
    }

    fn rank(&self) -> Rank {
        if self.node.slash { Rank::Slash } else { Rank::Nested }
    }

    fn put(self, wire: Wire<'_>) {
        for field in &self.node.fields {
            self.draft.put(*field, self.rank(), wire);
        }
        if matches!(wire, Wire::Null) {
            for field in &self.node.below {
                self.draft.put(*field, self.rank(), wire);
            }
        }
    }

    /// An object out of which only some keys are wanted.
    fn branch<'de, A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(child) = map.next_key_seed(Child(self.node))? {
            match child {
                Some(child) => map.next_value_seed(Walk::from(self.draft, child))?,
                None => map.next_value::<IgnoredAny>().map(|_| ())?,
            }
        }
        Ok(())
    }

    /// `{"value": …}`, or an object that has lost its wrapping.
    fn unwrap<'de, A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        match map.next_key()? {
            None => self.put(Wire::Null),
            Some(Wrapping::Value) => {
                map.next_value_seed(Walk { draft: self.draft, node: self.node, wrapped: false })?;
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            }
            Some(Wrapping::Bare(first)) => {
                let value = map.next_value()?;
                self.whole(map, Map::from_iter([(first, value)]))?;
            }
        }
        Ok(())
    }

    /// An object that is a field itself; fields inside it may be wanted as well.
    fn whole<'de, A: MapAccess<'de>>(self, mut map: A, mut object: Map<String, Json>) -> Result<(), A::Error> {
        while let Some((key, value)) = map.next_entry()? {
            object.insert(key, value);
        }
        for (key, value) in object.iter().filter(|_| !self.node.is_leaf()) {
            if let Some(child) = self.node.child(key.as_bytes()) {
                Walk::from(self.draft, child).deserialize(value).map_err(A::Error::custom)?;
            }
        }
        self.put(Wire::Object(&object));
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let rank = self.rank();
        let settled = self.node.is_leaf() && self.node.fields.iter().all(|field| self.draft.outranks(*field, rank));
        if settled { IgnoredAny::deserialize(deserializer).map(|_| ()) } else { deserializer.deserialize_any(self) }
    }
}

impl<'de> Visitor<'de> for Walk<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.put(Wire::Null);
        Ok(())
    }

    fn visit_bool<E>(self, yes: bool) -> Result<(), E> {
        self.put(Wire::Bool(yes));
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.put(Wire::Number(Number::Whole(number)));
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        match i64::try_from(number) {
            Ok(number) => self.put(Wire::Number(Number::Whole(number))),
            Err(_) => self.put(Wire::Text(&number.to_string())),
        }
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        match Number::from_f64(number) {
            Some(number) => self.put(Wire::Number(number)),
            None => self.put(Wire::Text(&number.to_string())),
        }
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.put(Wire::Text(text));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        if self.node.fields.is_empty() {
            while seq.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(());
        }
        let mut items = Vec::new();
        while let Some(Item(item)) = seq.next_element()? {
            items.push(item);
        }
        self.put(Wire::Items(&items));
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        if self.wrapped {
            self.unwrap(map)
        } else if self.node.fields.is_empty() {
            self.branch(map)
        } else {
            self.whole(map, Map::new())
        }
    }
}
