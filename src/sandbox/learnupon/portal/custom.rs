//! Custom user data: its definitions, and which values they take (apis/learnupon.md §2.1).

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::Fault;
use super::user::User;
use crate::sandbox::learnupon::switches::{BadValue, Meaning, Switches};

/// A field that the portal's admin made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    /// Its id; given by the portal if left out.
    #[serde(default)]
    pub id: u64,
    /// 1 string, 2 decimal, 3 integer, 4 string choice, 5 decimal choice, 6 integer choice, 7 date.
    pub type_id: u8,
    /// What it is called.
    pub label: String,
    /// The choices, as they are to be spelt.
    #[serde(default)]
    pub predefined_values: Vec<String>,
    /// Whether nobody can be without; the API does not say it.
    #[serde(default)]
    pub mandatory: bool,
}

impl Definition {
    const CHOICES: std::ops::RangeInclusive<u8> = 4..=6;

    /// Sees that it makes sense.
    pub(super) fn check(&self) -> Result<(), Fault> {
        if !(1..=7).contains(&self.type_id) {
            return Err(Fault::invalid("`type_id` is from 1 to 7"));
        }
        if self.label.trim().is_empty() {
            return Err(Fault::invalid("a definition has a label"));
        }
        if Self::CHOICES.contains(&self.type_id) == self.predefined_values.is_empty() {
            return Err(Fault::invalid("`predefined_values` belong to the types 4, 5 and 6, and only to them"));
        }
        Ok(())
    }

    /// The value as it is kept, if the field takes it.
    fn takes(&self, value: &Json) -> Option<Json> {
        let text = match value {
            Json::String(text) => text.clone(),
            Json::Number(number) => number.to_string(),
            _ => return None,
        };
        let fits = match self.type_id {
            1 => value.is_string(),
            2 => text.parse::<f64>().is_ok_and(f64::is_finite),
            3 => text.parse::<i64>().is_ok(),
            7 => text.parse::<Date>().is_ok() && text.len() == 10,
            // "must match the predefined list exactly" (§2.1).
            _ => self.predefined_values.contains(&text),
        };
        fits.then(|| if self.type_id == 1 { value.clone() } else { Json::String(text) })
    }
}

/// What a new portal has, one of each type.
pub(super) fn usual() -> BTreeMap<u64, Definition> {
    let usual: [(u8, &str, &[&str]); 10] = [
        (1, "Employee ID", &[]),
        (4, "Department", &DEPARTMENTS),
        (1, "Job title", &[]),
        (7, "Hire date", &[]),
        (4, "Site", &["Berlin", "Paris", "London", "New York", "São Paulo", "Tokyo"]),
        (3, "Employee number", &[]),
        (6, "Level", &["1", "2", "3", "4", "5"]),
        (5, "Working time", &["0.5", "0.8", "1.0"]),
        (2, "Years of service", &[]),
        (1, "Reports to", &[]),
    ];
    let define = |(id, (type_id, label, values)): (u64, (u8, &str, &[&str]))| {
        let predefined_values = values.iter().map(|value| (*value).to_owned()).collect();
        (id, Definition { id, type_id, label: label.to_owned(), predefined_values, mandatory: false })
    };
    (231..).zip(usual).map(define).collect()
}

/// The departments of the sandbox's HiBob.
const DEPARTMENTS: [&str; 10] = [
    "Engineering",
    "R&D, Platform",
    "IT",
    "Sales \"EMEA\"",
    "Marketing",
    "Customer Success",
    "Finance",
    "People",
    "Legal",
    "Operations",
];

/// Writes `CustomData`: by label, or by definition id where `use_definition_ids` says so.
pub(super) fn write(
    user: &mut User,
    sent: &Map<String, Json>,
    definitions: &BTreeMap<u64, Definition>,
    switches: &Switches,
) -> Result<(), Fault> {
    let by_id = sent.get("use_definition_ids").is_some_and(|switch| *switch == 1 || *switch == "1" || *switch == true);
    for (key, value) in sent.iter().filter(|(key, _)| *key != "use_definition_ids") {
        let definition = if by_id {
            key.parse().ok().and_then(|id: u64| definitions.get(&id))
        } else {
            definitions.values().find(|definition| definition.label == *key)
        };
        let problem = match definition {
            None => format!("custom data field {key} does not exist"),
            Some(definition) => match (switches.cleared_by.means(value), definition.takes(value)) {
                (Meaning::Nothing, _) => continue,
                (Meaning::Clear, _) if !definition.mandatory => {
                    user.custom.remove(&definition.id);
                    continue;
                }
                (Meaning::Clear, _) => format!("{} is mandatory", definition.label),
                (Meaning::Set, Some(kept)) => {
                    user.custom.insert(definition.id, kept);
                    continue;
                }
                (Meaning::Set, None) => format!("invalid value for custom data field {}", definition.label),
            },
        };
        if switches.bad_custom_value == BadValue::Refuse {
            return Err(Fault::Invalid(problem));
        }
    }
    Ok(())
}

/// Sees that a new user has what nobody can be without.
pub(super) fn complete(user: &User, definitions: &BTreeMap<u64, Definition>, switches: &Switches) -> Result<(), Fault> {
    let lacks = |definition: &&Definition| definition.mandatory && !user.custom.contains_key(&definition.id);
    match definitions.values().find(lacks) {
        Some(definition) if switches.require_mandatory => {
            Err(Fault::Invalid(format!("custom data field {} is mandatory", definition.label)))
        }
        _ => Ok(()),
    }
}
