//! How an employee is written: slash keys for what has a value, then everything nested (apis/hibob.md §2.1).

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::readable::Readable;
use crate::sandbox::hibob::switches::Switches;
use crate::sandbox::hibob::tenant::catalogue::{Catalogue, field};
use crate::sandbox::hibob::tenant::person::Person;

/// Which values are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Values {
    /// Machine values.
    Machine,
    /// Machine values, and readable ones beside them.
    Append,
    /// Readable values instead.
    Replace,
}

/// A way to write employees, worked out once for an answer.
#[derive(Debug)]
pub(crate) struct Layout {
    columns: Vec<Column>,
    nested: Vec<Node>,
    values: Values,
    readable: Readable,
    slash_keys: bool,
    wrap_replaced: bool,
    sight: Sight,
}

/// A field of the answer.
#[derive(Debug)]
struct Column {
    field: usize,
    /// The slash key as JSON, with its colon.
    key: String,
}

/// A key of the nested form.
#[derive(Debug)]
struct Node {
    name: String,
    /// The key as JSON, with its colon.
    key: String,
    field: Option<usize>,
    children: Vec<Self>,
}

/// What of whom the service user may see (§1.4 b).
#[derive(Debug)]
struct Sight {
    id: Option<usize>,
    manager: Option<usize>,
    /// The fields that show a manager.
    shows_manager: Vec<usize>,
    /// Whoever may show as a manager, if not everybody (§10.15).
    visible_managers: Option<HashSet<String>>,
    withheld: Vec<bool>,
    withheld_from: HashMap<String, Vec<bool>>,
}

impl Layout {
    /// The layout for fields by number; without any, the default set (§2.1).
    pub(crate) fn new(
        catalogue: &Arc<Catalogue>,
        fields: Option<Vec<usize>>,
        values: Values,
        switches: &Switches,
    ) -> Self {
        let slash_keys = fields.is_some() || !switches.nested_defaults;
        let fields = fields.unwrap_or_else(|| {
            (0..catalogue.fields().len()).filter(|number| catalogue.field(*number).is_default()).collect()
        });
        let mut nested = Vec::new();
        let mut columns: Vec<Column> = Vec::new();
        for number in fields {
            if columns.iter().any(|column| column.field == number) {
                continue;
            }
            let field = catalogue.field(number);
            columns.push(Column { field: number, key: key(&format!("/{}", field.id.replace('.', "/"))) });
            plant(&mut nested, &field.json_path, number);
        }
        Self {
            columns,
            nested,
            values,
            readable: Readable::new(Arc::clone(catalogue), switches.dates),
            slash_keys,
            wrap_replaced: switches.wrap_replaced,
            sight: Sight::new(catalogue, switches),
        }
    }

    /// Lets only these people show as managers.
    pub(crate) fn show_managers(&mut self, ids: HashSet<String>) {
        self.sight.visible_managers = Some(ids);
    }

    /// Writes one employee.
    pub(crate) fn write(&self, person: &Person, out: &mut String) {
        let sight = self.sight.of(person);
        out.push('{');
        let empty = out.len();
        if self.slash_keys {
            for column in &self.columns {
                self.write_slash(column, person, &sight, out, empty);
            }
        }
        let readable = (self.values == Values::Replace).then_some(&self.readable);
        Nested { person, sight: &sight, readable, nulls: true }.write(&self.nested, out, empty);
        if self.values == Values::Append {
            comma(out, empty);
            out.push_str("\"humanReadable\":{");
            let start = out.len();
            Nested { person, sight: &sight, readable: Some(&self.readable), nulls: false }.write(
                &self.nested,
                out,
                start,
            );
            out.push('}');
        }
        out.push('}');
    }

    fn write_slash(&self, column: &Column, person: &Person, sight: &PersonSight<'_>, out: &mut String, empty: usize) {
        let Some(raw) = sight.raw(person, column.field).filter(|raw| !matches!(*raw, "null" | "[]")) else { return };
        comma(out, empty);
        out.push_str(&column.key);
        match self.values {
            Values::Replace if self.wrap_replaced => {
                out.push_str("{\"value\":");
                self.readable.write(column.field, raw, out);
                out.push('}');
            }
            Values::Replace => self.readable.write(column.field, raw, out),
            _ => {
                out.push_str("{\"value\":");
                out.push_str(raw);
                out.push('}');
            }
        }
    }
}

/// The nested form of one person.
struct Nested<'a> {
    person: &'a Person,
    sight: &'a PersonSight<'a>,
    /// Writes readable values, if they are wanted.
    readable: Option<&'a Readable>,
    /// Whether empty fields are written.
    nulls: bool,
}

impl Nested<'_> {
    /// Writes the keys of an object; those without anything in them are left out.
    fn write(&self, nodes: &[Node], out: &mut String, empty: usize) {
        for node in nodes {
            let before = out.len();
            comma(out, empty);
            out.push_str(&node.key);
            let written = match node.field.and_then(|field| Some((field, self.sight.raw(self.person, field)?))) {
                Some((field, raw)) => self.write_value(field, raw, out),
                None => {
                    out.push('{');
                    let start = out.len();
                    self.write(&node.children, out, start);
                    out.push('}');
                    out.len() > start + 1
                }
            };
            if !written {
                out.truncate(before);
            }
        }
    }

    /// Writes a value; whether there was anything to write.
    fn write_value(&self, field: usize, raw: &str, out: &mut String) -> bool {
        let is_empty = matches!(raw, "null" | "[]");
        match self.readable {
            Some(readable) if !is_empty => readable.write(field, raw, out),
            _ => out.push_str(raw),
        }
        self.nulls || !is_empty
    }
}

impl Sight {
    fn new(catalogue: &Catalogue, switches: &Switches) -> Self {
        let numbers = |ids: &[&str]| ids.iter().filter_map(|id| catalogue.number(id)).collect();
        let fields = catalogue.fields().iter();
        let withheld = fields.map(|field| {
            switches.withhold_categories.contains(&field.category)
                || switches.withhold_fields.contains(&field.id)
                || switches.faults.missing_fields.contains(&field.id)
        });
        let from = |names: &std::collections::BTreeSet<String>| {
            catalogue
                .fields()
                .iter()
                .map(|field| names.contains(&field.category) || names.contains(&field.id))
                .collect()
        };
        Self {
            id: catalogue.number(field::ID),
            manager: catalogue.number(field::MANAGER),
            shows_manager: numbers(&[field::MANAGER, field::REPORTS_TO]),
            visible_managers: None,
            withheld: withheld.collect(),
            withheld_from: switches.withhold_from.iter().map(|(id, names)| (id.clone(), from(names))).collect(),
        }
    }

    fn of(&self, person: &Person) -> PersonSight<'_> {
        let text = |field: Option<usize>| field.and_then(|field| person.text(field));
        let own =
            if self.withheld_from.is_empty() { None } else { text(self.id).and_then(|id| self.withheld_from.get(&id)) };
        let visible = self.visible_managers.as_ref();
        let hides_manager =
            visible.is_some_and(|visible| text(self.manager).is_some_and(|manager| !visible.contains(&manager)));
        PersonSight { sight: self, own, hides_manager }
    }
}

/// What may be seen of one person.
struct PersonSight<'s> {
    sight: &'s Sight,
    own: Option<&'s Vec<bool>>,
    hides_manager: bool,
}

impl PersonSight<'_> {
    /// A field's value as JSON, if it is there and may be seen.
    fn raw<'p>(&self, person: &'p Person, field: usize) -> Option<&'p str> {
        let withheld = |fields: &Vec<bool>| fields.get(field).copied().unwrap_or(false);
        if withheld(&self.sight.withheld) || self.own.is_some_and(withheld) {
            return None;
        }
        let raw = person.raw(field)?;
        Some(if self.hides_manager && self.sight.shows_manager.contains(&field) { "null" } else { raw })
    }
}

fn comma(out: &mut String, empty: usize) {
    if out.len() > empty {
        out.push(',');
    }
}

fn key(name: &str) -> String {
    format!("{}:", serde_json::Value::from(name))
}

/// Enters a field under its path. A field that stands inside another is part of that one's object.
fn plant(nodes: &mut Vec<Node>, path: &str, field: usize) {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let at = nodes.iter().position(|node| node.name == name).unwrap_or_else(|| {
        nodes.push(Node { name: name.to_owned(), key: key(name), field: None, children: Vec::new() });
        nodes.len() - 1
    });
    match rest {
        Some(rest) => plant(&mut nodes[at].children, rest, field),
        None => nodes[at].field = Some(field),
    }
}
