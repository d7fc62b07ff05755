//! Custom fields: what a platform has, their closed lists, and values that are replaced all at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::Value as Json;

use super::api::Api;
use super::fields::{is_standard, type_word};
use super::trouble::Trouble;
use super::wire::{CustomType, RawCustomField, RawCustomValue, day};
use super::{AT_ONCE, Held, refusal};
use crate::connector::WriteError;
use crate::model::{Cell, FieldName, Section, TargetField, TargetType, Value};

/// A custom field of users.
#[derive(Debug)]
pub(super) struct CustomField {
    id: Arc<str>,
    /// What recipes call it: its name, or its id where the name is not its own.
    pub(super) name: Arc<str>,
    title: Arc<str>,
    kind: CustomType,
    /// The values of its closed list, if it has one.
    choices: Vec<Arc<str>>,
}

/// Every custom field of users, with its list.
pub(super) async fn read(api: &Api) -> Result<Vec<CustomField>, Trouble> {
    let raw: Vec<RawCustomField> = api.custom_fields().await?;
    let is_ours =
        |field: &RawCustomField| &*field.target_type == "users" && !matches!(field.kind, CustomType::Other(_));
    let raw: Vec<RawCustomField> = raw.into_iter().filter(is_ours).collect();
    let mut named: BTreeMap<Arc<str>, usize> = BTreeMap::new();
    raw.iter().for_each(|field| *named.entry(Arc::clone(&field.name)).or_default() += 1);
    let with_list = |field: RawCustomField| async move {
        let mut choices = api.authorized_values(&field.id).await?;
        choices.retain(|choice| !choice.trim().is_empty());
        Ok::<_, Trouble>((field, choices))
    };
    let described: Vec<_> = stream::iter(raw).map(with_list).buffered(AT_ONCE).try_collect().await?;
    let field = |(field, choices): (RawCustomField, Vec<Arc<str>>)| {
        let is_its_own = named.get(&field.name) == Some(&1) && !is_standard(&field.name);
        let name = if is_its_own { &field.name } else { &field.id };
        CustomField { name: Arc::clone(name), title: field.name, id: field.id, kind: field.kind, choices }
    };
    Ok(described.into_iter().map(field).collect())
}

impl CustomField {
    /// As the catalogue has it. A closed list of days is left to 360Learning: choices are texts.
    pub(super) fn declared(&self) -> TargetField {
        let is_text = self.kind == CustomType::String;
        TargetField {
            name: FieldName::new(Arc::clone(&self.name)),
            title: self.title.to_string(),
            section: Section::Custom,
            target_type: if is_text { TargetType::Text } else { TargetType::Date },
            choices: if is_text { self.choices.clone() } else { Vec::new() },
            required: false,
            writable: true,
            listed: false,
            on_creation: true,
        }
    }

    /// What goes over the wire for a value.
    pub(super) fn checked(&self, value: Option<&Value>) -> Result<Option<Arc<str>>, WriteError> {
        let Some(value) = value else { return Ok(None) };
        let sent: Arc<str> = match (&self.kind, value) {
            (CustomType::String, Value::Text(text)) => Arc::clone(text),
            (CustomType::Date, Value::Date(date)) => date.to_string().into(),
            _ => return Err(refusal::wrong_type(&self.name, type_word(&self.kind))),
        };
        let is_choice = |choice: &Arc<str>| is_same(&self.kind, choice, &sent);
        if !self.choices.is_empty() && !self.choices.iter().any(is_choice) {
            return Err(refusal::unknown_choice(&self.name));
        }
        Ok(Some(sent))
    }

    /// What a user's values say of it.
    pub(super) fn cell(&self, values: &[RawCustomValue]) -> Cell {
        let Some(value) = values.iter().find(|value| value.custom_field_id == self.id) else { return Cell::Empty };
        match (&self.kind, value.value.as_str()) {
            (CustomType::String, Some(text)) => Cell::from(Value::text(text)),
            (CustomType::Date, Some(text)) => day(text).map_or(Cell::NotDelivered, |day| Cell::Value(Value::Date(day))),
            _ => Cell::NotDelivered,
        }
    }
}

/// Changes a user's values. All of them are replaced by one call, so that those of others are read first and sent again;
/// nothing is written where nothing differs.
pub(super) async fn change(
    api: &Api,
    user: &str,
    changes: &[(&CustomField, Option<Arc<str>>)],
    held: Held,
) -> Result<(), Trouble> {
    if changes.is_empty() {
        return Ok(());
    }
    let before = match held {
        Held::Nothing => Vec::new(),
        Held::Unknown => api.custom_values(user).await?,
    };
    let after = merged(&before, changes);
    if after == before {
        return Ok(());
    }
    api.put_custom_values(user, &after).await
}

fn merged(before: &[RawCustomValue], changes: &[(&CustomField, Option<Arc<str>>)]) -> Vec<RawCustomValue> {
    let mut after = before.to_vec();
    for (field, value) in changes {
        let place = after.iter().position(|held| held.custom_field_id == field.id);
        match (place, value) {
            (Some(place), None) => _ = after.remove(place),
            (None, None) => {}
            (Some(place), Some(value))
                if after[place].value.as_str().is_some_and(|held| is_same(&field.kind, held, value)) => {}
            (Some(place), Some(value)) => after[place].value = Json::from(&**value),
            (None, Some(value)) => after.push(RawCustomValue {
                custom_field_id: Arc::clone(&field.id),
                kind: field.kind.clone(),
                value: Json::from(&**value),
            }),
        }
    }
    after
}

/// Days may come with a time and are sent without one (apis/360learning.md §4).
fn is_same(kind: &CustomType, one: &str, other: &str) -> bool {
    match kind {
        CustomType::Date => day(one) == day(other),
        CustomType::String | CustomType::Other(_) => one == other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(id: &str, kind: CustomType, choices: &[&str]) -> CustomField {
        let choices = choices.iter().map(|choice| (*choice).into()).collect();
        CustomField { id: id.into(), name: id.into(), title: id.into(), kind, choices }
    }

    fn value(id: &str, kind: CustomType, value: &str) -> RawCustomValue {
        RawCustomValue { custom_field_id: id.into(), kind, value: value.into() }
    }

    #[test]
    fn a_value_of_a_type_that_nobody_described_is_sent_back_as_it_came() {
        let came = serde_json::json!([{ "customFieldId": "x", "type": "number", "value": 7.5 }]);
        let before: Vec<RawCustomValue> = serde_json::from_value(came.clone()).unwrap();
        assert_eq!(serde_json::to_value(&before).unwrap(), came);
        let site = field("site", CustomType::String, &[]);
        let after = serde_json::to_value(merged(&before, &[(&site, Some("Lyon".into()))])).unwrap();
        assert_eq!(after[0], came[0]);
        assert_eq!(after[1], serde_json::json!({ "customFieldId": "site", "type": "string", "value": "Lyon" }));
    }

    #[test]
    fn what_others_wrote_is_sent_again_and_what_does_not_differ_changes_nothing() {
        let (site, since) = (field("site", CustomType::String, &[]), field("since", CustomType::Date, &[]));
        let before = [
            value("others", CustomType::String, "x"),
            value("site", CustomType::String, "Lyon"),
            value("since", CustomType::Date, "2026-03-01T00:00:00.000Z"),
        ];
        let same = [(&site, Some("Lyon".into())), (&since, Some("2026-03-01".into()))];
        assert_eq!(merged(&before, &same), before);
        let after = merged(&before, &[(&site, None), (&since, Some("2026-04-01".into()))]);
        assert_eq!(after, [value("others", CustomType::String, "x"), value("since", CustomType::Date, "2026-04-01")]);
    }

    #[test]
    fn a_closed_list_takes_only_what_is_in_it() {
        let site = field("site", CustomType::String, &["Lyon"]);
        assert!(site.checked(Some(&Value::Text("Lyon".into()))).is_ok() && site.checked(None).is_ok());
        assert!(site.checked(Some(&Value::Text("lyon".into()))).is_err());
        assert!(site.checked(Some(&Value::YesNo(true))).is_err());
    }
}
