//! Where in an employee the wanted fields stand, worked out once for a layout.
//!
//! A field stands in up to two places: under a slash key at the top (`/work/title`), and nested (`work.title`). Both
//! are leaves of one tree of keys, so that reading an employee is a walk along it, with no path ever built.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::cell::Wanted;
use super::lists::Lists;
use super::metadata::{Kind, Metadata, default_json_path};
use crate::model::{Column, FieldPath, RecordLayout, Slot};

/// A layout, ready for reading.
#[derive(Debug)]
pub(in crate::connector) struct Shape {
    pub(in crate::connector) fields: Vec<Wanted>,
    /// The number of columns.
    pub(in crate::connector) width: usize,
    /// The permission categories of the fields.
    pub(in crate::connector) categories: BTreeMap<FieldPath, Arc<str>>,
    nodes: Vec<Node>,
}

/// A key of the employee, or of an object in it.
#[derive(Debug, Default)]
pub(in crate::connector) struct Node {
    /// The fields whose value stands here.
    pub(in crate::connector) fields: Vec<usize>,
    /// The fields that are known to be empty when there is `null` here: those of an employee that is not there.
    pub(in crate::connector) below: Vec<usize>,
    /// A slash key, whose value is wrapped in `{"value": …}`.
    pub(in crate::connector) slash: bool,
    /// Keys and their nodes, by the length of the key: few keys share one, so that no hash is needed.
    children: Vec<Vec<(Box<str>, usize)>>,
}

impl Node {
    /// The node of a key in the object that stands here.
    pub(in crate::connector) fn child(&self, key: &[u8]) -> Option<usize> {
        let known = self.children.get(key.len())?;
        known.iter().find(|(known, _)| known.as_bytes() == key).map(|(_, node)| *node)
    }

    /// Whether nothing is wanted from inside the object that stands here.
    pub(in crate::connector) fn is_leaf(&self) -> bool {
        self.children.is_empty()
    }
}

impl Shape {
    /// The employee itself.
    pub(in crate::connector) const ROOT: usize = 0;

    pub(in crate::connector) fn new(layout: &RecordLayout, metadata: &Metadata, lists: &Lists) -> Self {
        let category =
            |column: &Column| Some((column.path.clone(), metadata.field(column.path.as_str())?.category()?.into()));
        let mut shape = Self {
            fields: Vec::new(),
            width: layout.columns().len(),
            categories: layout.columns().iter().filter_map(category).collect(),
            nodes: vec![Node::default()],
        };
        for (slot, column) in layout.columns().iter().enumerate() {
            let place = (slot, column.form);
            if let Some(known) = shape.fields.iter_mut().find(|field| field.path == column.path) {
                known.slots.push(place);
                continue;
            }
            let described = metadata.field(column.path.as_str());
            let list = described.and_then(|field| field.list.as_deref()).and_then(|id| lists.list(id));
            let kind =
                if slot == Slot::ID.index() { Kind::Key } else { described.map_or(Kind::Any, |field| field.kind) };
            let id = column.path.as_str();
            let json_path = described.map_or(default_json_path(id), |field| &field.json_path);
            shape.fields.push(Wanted {
                path: column.path.clone(),
                kind,
                list: list.map(Arc::clone),
                slots: vec![place],
            });
            shape.plant(shape.fields.len() - 1, id, json_path, metadata);
        }
        shape
    }

    /// The ids of the fields.
    pub(in crate::connector) fn wanted(&self) -> Vec<&str> {
        self.fields.iter().map(|field| field.path.as_str()).collect()
    }

    pub(in crate::connector) fn node(&self, index: usize) -> &Node {
        &self.nodes[index]
    }

    /// Enters a field under every reading of its path: the name of a custom field at its end may itself hold dots.
    fn plant(&mut self, field: usize, id: &str, json_path: &str, metadata: &Metadata) {
        let keys: Vec<&str> = json_path.split('.').collect();
        for parents in 0..keys.len() {
            let parent = keys[..parents].iter().fold(Self::ROOT, |node, key| self.grow(node, key));
            let leaf = self.grow(parent, &keys[parents..].join("."));
            self.nodes[leaf].fields.push(field);
            if parents > 0 && metadata.stands_at(&keys[..parents].join(".")) {
                self.nodes[parent].below.push(field);
            }
        }
        let keys: Vec<&str> = id.split('.').collect();
        for parents in 0..keys.len() {
            let parent: String = keys[..parents].iter().flat_map(|key| ["/", key]).collect();
            let leaf = self.grow(Self::ROOT, &format!("{parent}/{}", keys[parents..].join(".")));
            self.nodes[leaf].slash = true;
            self.nodes[leaf].fields.push(field);
        }
    }

    fn grow(&mut self, node: usize, key: &str) -> usize {
        if let Some(child) = self.nodes[node].child(key.as_bytes()) {
            return child;
        }
        let child = self.nodes.len();
        self.nodes.push(Node::default());
        let children = &mut self.nodes[node].children;
        if children.len() <= key.len() {
            children.resize_with(key.len() + 1, Vec::new);
        }
        children[key.len()].push((key.into(), child));
        child
    }
}
