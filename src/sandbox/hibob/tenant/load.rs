//! People out of a file in the form of a people search answer (apis/hibob.md §2.1), read one by one.

use std::fmt;
use std::io::Read;
use std::sync::Arc;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json};

use super::catalogue::{Catalogue, as_text, field};
use super::person::Person;
use crate::sandbox::SandboxError;

/// Reads `{"employees": [...]}` or the bare list. Fields that the catalogue lacks are added to it.
pub(crate) fn load(reader: impl Read, name: &str, catalogue: &mut Catalogue) -> Result<Vec<Arc<Person>>, SandboxError> {
    let mut people = Vec::new();
    let mut json = serde_json::Deserializer::from_reader(reader);
    let read = Employees { catalogue, people: &mut people }.deserialize(&mut json).and_then(|()| json.end());
    read.map_err(|error| SandboxError::Input {
        name: name.to_owned(),
        message: match error.classify() {
            serde_json::error::Category::Data => error.to_string(),
            _ => format!("line {}, column {}: not JSON", error.line(), error.column()),
        },
        help: "the file holds what `POST /v1/people/search` answered: an object with a list `employees`".to_owned(),
    })?;
    Ok(people)
}

struct Employees<'c> {
    catalogue: &'c mut Catalogue,
    people: &'c mut Vec<Arc<Person>>,
}

impl<'de> DeserializeSeed<'de> for Employees<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Employees<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `employees`, or a list of employees")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { catalogue, people } = self;
        let mut found = false;
        while let Some(key) = map.next_key::<String>()? {
            if key == "employees" {
                found = true;
                map.next_value_seed(Employees { catalogue: &mut *catalogue, people: &mut *people })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        if found { Ok(()) } else { Err(A::Error::custom("there are no `employees`")) }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(employee) = seq.next_element::<Map<String, Json>>()? {
            let person = person(&employee, self.catalogue);
            let number = self.people.len() + 1;
            let Some(person) = person else {
                return Err(A::Error::custom(format!("employee {number} has no id")));
            };
            self.people.push(Arc::new(person));
        }
        Ok(())
    }
}

/// One employee. A slash key counts before the nested place.
fn person(employee: &Map<String, Json>, catalogue: &mut Catalogue) -> Option<Person> {
    for key in employee.keys().filter_map(|key| key.strip_prefix('/')) {
        catalogue.learn(&key.replace('/', "."));
    }
    let mut values: Vec<Option<Json>> =
        catalogue.fields().iter().map(|field| find(employee, &field.id, &field.json_path).cloned()).collect();
    let id = catalogue.number(field::ID)?;
    let text = as_text(values[id].as_ref().filter(|id| id.is_string() || id.is_number())?);
    values[id] = Some(Json::String(text));
    Some(Person::new(values.len(), |field| values[field].as_ref()))
}

fn find<'e>(employee: &'e Map<String, Json>, id: &str, json_path: &str) -> Option<&'e Json> {
    if let Some(value) = employee.get(&format!("/{}", id.replace('.', "/"))) {
        return Some(value.get("value").unwrap_or(value));
    }
    nested(employee, json_path)
}

/// The value at a path of keys joined by dots; the last key may itself hold dots.
fn nested<'e>(object: &'e Map<String, Json>, path: &str) -> Option<&'e Json> {
    object.get(path).or_else(|| {
        let (key, rest) = path.split_once('.')?;
        nested(object.get(key)?.as_object()?, rest)
    })
}
