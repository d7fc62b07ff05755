//! Named lists: the labels behind the machine ids that list fields hold (apis/hibob.md §3.2).

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::Deserialize;
use serde_json::Value as Json;

use super::fault::{Fault, Place};
use crate::model::Choice;

/// Every list by its id, which HiBob compares with case.
#[derive(Debug, Default)]
pub(in crate::connector) struct Lists {
    lists: BTreeMap<String, Arc<NamedList>>,
}

/// The items of one list, parents before their children.
#[derive(Debug, Default)]
pub(in crate::connector) struct NamedList {
    choices: Vec<Choice>,
    by_id: HashMap<Arc<str>, usize>,
}

impl Lists {
    const DEEPEST: usize = 32;
    const WANTED: &'static str = "named lists";

    /// Reads both forms: an object keyed by list name, and an array of lists that name themselves.
    pub(in crate::connector) fn parse(text: &[u8]) -> Result<Self, Fault> {
        let fault = |error| Fault::of_json(&error, text, Place::START, Self::WANTED);
        let named: Vec<(Option<String>, RawList)> = if text.trim_ascii_start().starts_with(b"[") {
            let lists: Vec<RawList> = serde_json::from_slice(text).map_err(fault)?;
            lists.into_iter().map(|list| (list.name.clone(), list)).collect()
        } else {
            let lists: BTreeMap<String, RawList> = serde_json::from_slice(text).map_err(fault)?;
            lists.into_iter().map(|(name, list)| (Some(name), list)).collect()
        };
        let mut lists = BTreeMap::new();
        for (name, list) in named {
            let shape = Fault::Shape { wanted: "a name for every list", at: Place::START };
            let mut items = NamedList::default();
            items.extend(list.values.or(list.items).unwrap_or_default(), Self::DEEPEST)?;
            lists.insert(name.ok_or(shape)?, Arc::new(items));
        }
        Ok(Self { lists })
    }

    /// How many lists there are.
    pub(in crate::connector) fn len(&self) -> usize {
        self.lists.len()
    }

    /// The list with exactly this id.
    pub(in crate::connector) fn list(&self, id: &str) -> Option<&Arc<NamedList>> {
        self.lists.get(id)
    }
}

impl NamedList {
    /// The item with this machine id.
    pub(in crate::connector) fn item(&self, id: &str) -> Option<&Choice> {
        self.by_id.get(id).map(|index| &self.choices[*index])
    }

    /// The item that people know by this label.
    pub(in crate::connector) fn labelled(&self, label: &str) -> Option<&Choice> {
        self.choices.iter().find(|choice| *choice.label == *label)
    }

    /// The items, in HiBob's order; archived ones stay, because people may still hold them.
    pub(in crate::connector) fn choices(&self) -> &[Choice] {
        &self.choices
    }

    fn extend(&mut self, items: Vec<RawItem>, depth: usize) -> Result<(), Fault> {
        if depth == 0 {
            return Err(Fault::Shape { wanted: "lists of at most 32 levels", at: Place::START });
        }
        for item in items {
            if let Some(id) = text(&item.id) {
                let label = text(&item.value).or_else(|| text(&item.name)).unwrap_or_else(|| Arc::clone(&id));
                self.by_id.entry(Arc::clone(&id)).or_insert_with(|| {
                    self.choices.push(Choice { id, label, archived: item.archived == Json::Bool(true) });
                    self.choices.len() - 1
                });
            }
            self.extend(item.children.unwrap_or_default(), depth - 1)?;
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct RawList {
    name: Option<String>,
    values: Option<Vec<RawItem>>,
    items: Option<Vec<RawItem>>,
}

/// One item as it comes. Ids are numbers or text, by list; they are compared as text.
#[derive(Deserialize)]
#[serde(default)]
struct RawItem {
    id: Json,
    value: Json,
    name: Json,
    archived: Json,
    children: Option<Vec<Self>>,
}

impl Default for RawItem {
    fn default() -> Self {
        Self { id: Json::Null, value: Json::Null, name: Json::Null, archived: Json::Null, children: None }
    }
}

/// Text or a number as text; nothing where it is blank or something else.
fn text(json: &Json) -> Option<Arc<str>> {
    match json {
        Json::String(text) if !text.trim().is_empty() => Some(text.trim().into()),
        Json::Number(number) => Some(number.to_string().into()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str) -> Vec<(String, String, bool)> {
        let lists = Lists::parse(text.as_bytes()).expect("lists");
        let list = lists.list("team").expect("the list");
        list.choices().iter().map(|c| (c.id.to_string(), c.label.to_string(), c.archived)).collect()
    }

    #[test]
    fn both_forms_hold_the_same_list() {
        let items = r#"[{"id": 7, "value": "Seven"}, {"id": "x", "name": "Ex", "archived": true}]"#;
        let keyed = labels(&format!(r#"{{"team": {{"name": "team", "values": {items}}}}}"#));
        assert_eq!(keyed, [("7".into(), "Seven".into(), false), ("x".into(), "Ex".into(), true)]);
        assert_eq!(labels(&format!(r#"[{{"name": "team", "items": {items}}}]"#)), keyed);
    }

    #[test]
    fn children_of_a_hierarchy_are_found_at_any_level() {
        let text = r#"{"team": {"values": [{"id": "1", "value": "A", "children": [{"id": 2, "value": "B",
            "children": [{"id": "3", "value": "C", "children": null}]}]}]}}"#;
        let lists = Lists::parse(text.as_bytes()).expect("lists");
        assert_eq!(lists.list("team").and_then(|l| l.item("3")).map(|c| &*c.label), Some("C"));
        assert!(lists.list("Team").is_none(), "list ids compare with case");
    }

    #[test]
    fn an_item_without_a_label_is_called_by_its_id_and_the_first_of_equals_counts() {
        let found =
            labels(r#"[{"name": "team", "items": [{"id": "1", "value": " "}, {"id": 1, "value": "late"}, {}]}]"#);
        assert_eq!(found, [("1".into(), "1".into(), false)]);
    }

    #[test]
    fn lists_nested_without_end_are_refused() {
        let text = format!(
            r#"{{"team": {{"values": {}{}}}}}"#,
            r#"[{"id": 1, "children": "#.repeat(40),
            "[]".to_owned() + "}]".repeat(40).as_str()
        );
        let fault = Lists::parse(text.as_bytes()).expect_err("too deep").to_string();
        assert!(fault.starts_with("does not hold lists of at most 32 levels"), "{fault}");
    }
}
