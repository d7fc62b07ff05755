//! Custom fields, their closed lists and the values of users (apis/360learning.md §4).

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Company;
use super::denial::{BAD_REQUEST, Denial, invalid, missing};
use super::id::{Id, Kind};

/// The most values of a closed list, and of a user.
pub(crate) const MOST_VALUES: usize = 300;

/// A custom field.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CustomField {
    #[serde(rename = "_id")]
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) target_type: TargetType,
    #[serde(rename = "type")]
    pub(crate) kind: FieldType,
    /// The closed list; anything goes where it is empty.
    #[serde(skip)]
    pub(crate) authorized: Vec<String>,
}

/// What a field is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TargetType {
    Users,
    Contents,
}

/// What a field holds: there are no numbers, no yes and no, no lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FieldType {
    String,
    Date,
}

/// A value as it is told and answered.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FieldValue {
    pub(crate) custom_field_id: Id,
    #[serde(rename = "type")]
    pub(crate) kind: FieldType,
    pub(crate) value: String,
}

impl FieldType {
    /// Dates are `YYYY-MM-DD`, as the text says (§4, uncertain).
    fn fits(self, value: &str) -> bool {
        self == Self::String || (value.len() == 10 && value.parse::<Date>().is_ok())
    }
}

impl Company {
    pub(crate) fn add_custom_field(
        &mut self,
        name: &str,
        target_type: TargetType,
        kind: FieldType,
        most: u32,
    ) -> Result<&CustomField, Denial> {
        if self.custom_fields.len() >= most as usize {
            return Err(invalid("customFieldLimitReached"));
        }
        self.check_name(name, target_type, None)?;
        let id = self.ids.next(Kind::CustomField);
        let field = CustomField { id, name: name.trim().to_owned(), target_type, kind, authorized: Vec::new() };
        Ok(self.custom_fields.entry(id).or_insert(field))
    }

    pub(crate) fn rename_custom_field(&mut self, id: Id, name: &str) -> Result<&CustomField, Denial> {
        let target_type = self.custom_field(id)?.target_type;
        self.check_name(name, target_type, Some(id))?;
        let field = self.custom_fields.get_mut(&id).ok_or(missing("customFieldNotFound"))?;
        field.name = name.trim().to_owned();
        Ok(field)
    }

    fn check_name(&self, name: &str, target_type: TargetType, but: Option<Id>) -> Result<(), Denial> {
        let name = name.trim();
        if name.is_empty() {
            return Err(invalid("invalidName"));
        }
        let same = |field: &&CustomField| field.target_type == target_type && field.name == name;
        match self.custom_fields.values().find(same) {
            Some(field) if Some(field.id) != but => Err(invalid("nameAlreadyTaken")),
            _ => Ok(()),
        }
    }

    /// Takes a field away, with its values.
    pub(crate) fn delete_custom_field(&mut self, id: Id) -> Result<(), Denial> {
        self.custom_fields.remove(&id).ok_or(missing("customFieldNotFound"))?;
        for user in self.users.values_mut() {
            user.values.remove(&id);
        }
        Ok(())
    }

    pub(crate) fn custom_field(&self, id: Id) -> Result<&CustomField, Denial> {
        self.custom_fields.get(&id).ok_or(missing("customFieldNotFound"))
    }

    /// Replaces a closed list; values in use can't be dropped.
    pub(crate) fn authorize(&mut self, id: Id, values: Vec<String>) -> Result<&[String], Denial> {
        let kind = self.custom_field(id)?.kind;
        if values.len() > MOST_VALUES || values.iter().any(String::is_empty) {
            return Err(BAD_REQUEST);
        }
        if values.iter().any(|value| !kind.fits(value)) {
            return Err(invalid("authorizedValuesTypeMismatch"));
        }
        let mut used = self.users.values().filter_map(|user| user.values.get(&id));
        if !values.is_empty() && used.any(|value| !values.contains(value)) {
            return Err(invalid("customFieldValuesConflict"));
        }
        let field = self.custom_fields.get_mut(&id).ok_or(missing("customFieldNotFound"))?;
        field.authorized = values;
        Ok(&field.authorized)
    }

    pub(crate) fn values_of(&self, user: Id) -> Result<Vec<FieldValue>, Denial> {
        let value = |(id, value): (&Id, &String)| {
            let kind = self.custom_fields.get(id)?.kind;
            Some(FieldValue { custom_field_id: *id, kind, value: value.clone() })
        };
        Ok(self.user(user)?.values.iter().filter_map(value).collect())
    }

    /// Replaces ALL values of a user; one bad value refuses all.
    pub(crate) fn replace_values(&mut self, user: Id, values: Vec<FieldValue>) -> Result<(), Denial> {
        self.user(user)?;
        if values.len() > MOST_VALUES || values.iter().any(|value| value.value.is_empty()) {
            return Err(BAD_REQUEST);
        }
        let mut seen = BTreeSet::new();
        for FieldValue { custom_field_id, kind, value } in &values {
            let field = self.custom_field(*custom_field_id)?;
            if field.target_type != TargetType::Users {
                return Err(missing("customFieldNotFound"));
            }
            if *kind != field.kind || !kind.fits(value) {
                return Err(invalid("wrongTypeValue"));
            }
            if !field.authorized.is_empty() && !field.authorized.contains(value) {
                return Err(invalid("unauthorizedValue"));
            }
            if !seen.insert(*custom_field_id) {
                return Err(invalid("multipleValuesForSingleCustomField"));
            }
        }
        let values: BTreeMap<_, _> = values.into_iter().map(|one| (one.custom_field_id, one.value)).collect();
        if let Some(user) = self.users.get_mut(&user) {
            user.values = values;
        }
        Ok(())
    }
}
