//! A recipe whose files are read and whose form is checked, and that still has to be held against what its source and
//! target offer.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::schema::{self, Schema};
use super::yaml::{Document, Kind, Node};
use super::{load, raw};
use crate::model::{ConnectorSettings, FieldPath};
use crate::problem::{Place, Problem, Problems, SourceFile, did_you_mean};
use crate::table::Table;

/// A recipe's files, read and well formed as far as they can be by themselves.
pub struct Draft {
    pub(super) document: Document,
    /// The recipe with every default filled in.
    pub(super) json: Json,
    pub(super) tables: BTreeMap<String, Table>,
    pub(super) scripts: Vec<Arc<SourceFile>>,
    /// A hash over the text of every file, for telling whether a saved plan is stale.
    pub(super) texts_hash: String,
    source: ConnectorSettings,
    target: ConnectorSettings,
}

impl Draft {
    /// Reads a recipe, its tables and its scripts. All mistakes of form are added to `problems`; `None` only when there
    /// is nothing left to go on with.
    pub fn load(path: &Path, problems: &mut Problems) -> Option<Self> {
        let file = load::text(path, None, problems)?;
        let document = Document::parse(&file, problems)?;
        let written = document.root.to_json();
        for violation in schema::RECIPE.violations(&written) {
            let place = match violation.of_key {
                true => document.key_at(&violation.pointer),
                false => document.at(&violation.pointer),
            };
            violation.report(&place, problems);
        }
        let json = schema::RECIPE.with_defaults(&written);
        let base = path.parent().map_or_else(PathBuf::new, Path::to_owned);
        let tables = Self::tables(&document, &json, &base, problems);
        let scripts = Self::scripts(&document, &json, &base, problems);
        let connector = |section: &str| connector(&json, section, &base);
        let (source, target) = (connector("source"), connector("target"));
        let texts_hash =
            texts_hash(std::iter::once(&document.file).chain(tables.values().map(|table| &table.file)).chain(&scripts));
        Some(Self { source: source?, target: target?, document, json, tables, scripts, texts_hash })
    }

    /// The `source` section.
    #[must_use]
    pub fn source(&self) -> &ConnectorSettings {
        &self.source
    }

    /// The `target` section.
    #[must_use]
    pub fn target(&self) -> &ConnectorSettings {
        &self.target
    }

    /// The place of the connector's name in the `source` or `target` section, for what the connector finds wrong.
    #[must_use]
    pub fn connector_place(&self, section: &str) -> Place {
        match &self.document.find(&format!("/{section}")).kind {
            Kind::Map(entries) if !entries.is_empty() => self.document.key_place(&entries[0].0),
            _ => self.document.at(&format!("/{section}")),
        }
    }

    /// The recipe with all its defaults (`check --resolved`).
    #[must_use]
    pub fn resolved(&self) -> &Json {
        &self.json
    }

    /// Short names for long field ids: `fields` of a HiBob source, `short_names` of a file source.
    pub(super) fn short_names(&self) -> BTreeMap<String, FieldPath> {
        let settings = self.json.pointer(&format!("/source/{}", self.source.name));
        let section = settings.and_then(|settings| settings.get("short_names").or_else(|| settings.get("fields")));
        let section = section.and_then(Json::as_object);
        section
            .into_iter()
            .flatten()
            .filter_map(|(name, path)| Some((name.clone(), FieldPath::from(path.as_str()?))))
            .collect()
    }

    /// The table that a stage names, checked row by row against the schema of its kind.
    pub(super) fn rule_table(
        &self,
        name: &str,
        pointer: &str,
        rows: &Schema,
        problems: &mut Problems,
    ) -> Option<&Table> {
        let Some(table) = self.tables.get(name) else {
            let help = did_you_mean(name, self.tables.keys().map(String::as_str));
            let place = self.document.at(pointer);
            let message = format!("there is no table `{name}` in the recipe's folder of tables");
            problems.push(Problem::new("unknown-table", &place, message).maybe_help(help));
            return None;
        };
        let known: Vec<&str> = rows.properties().collect();
        let required: Vec<&str> = rows.required().collect();
        table.check_columns(&known, &required, problems);
        for row in table.rows() {
            let cells: Json = known
                .iter()
                .filter_map(|column| row.given(column).map(|cell| ((*column).to_owned(), Json::from(cell.text))))
                .collect::<serde_json::Map<_, _>>()
                .into();
            if rows.is_valid(&cells) {
                continue;
            }
            for violation in rows.violations(&cells) {
                let column = violation.pointer.trim_start_matches('/');
                let place = row.given(column).map_or_else(|| row.place(), |cell| cell.place.clone());
                violation.report(&place, problems);
            }
        }
        Some(table)
    }

    fn tables(document: &Document, json: &Json, base: &Path, problems: &mut Problems) -> BTreeMap<String, Table> {
        let Some(folder) = json.get("tables").and_then(Json::as_str) else { return BTreeMap::new() };
        let tables = load::tables(&base.join(folder), &document.at("/tables"), problems);
        tables.into_iter().map(|table| (table.name().into_owned(), table)).collect()
    }

    fn scripts(document: &Document, json: &Json, base: &Path, problems: &mut Problems) -> Vec<Arc<SourceFile>> {
        let paths = json.get("scripts").and_then(Json::as_array).into_iter().flatten();
        paths
            .enumerate()
            .filter_map(|(index, path)| {
                let place = document.at(&format!("/scripts/{index}"));
                load::text(&base.join(path.as_str()?), Some(&place), problems)
            })
            .collect()
    }

    /// A section of the recipe, where it is there and well formed.
    pub(super) fn section<T: serde::de::DeserializeOwned>(&self, name: &str) -> Option<T> {
        raw::section(&self.json, name)
    }

    /// A text of the recipe and its place.
    pub(super) fn text(&self, pointer: &str) -> Option<(&str, Place)> {
        let text = self.json.pointer(pointer)?.as_str()?;
        Some((text, self.document.at(pointer)))
    }

    /// The line of a key: its own where the author wrote it, else that of what is around it.
    pub(super) fn key_place(&self, pointer: &str) -> Place {
        self.document.key_at(pointer)
    }

    /// The entries of a sequence in the recipe.
    pub(super) fn list(&self, pointer: &str) -> &[Node] {
        match &self.document.find(pointer).kind {
            Kind::List(items) if self.json.pointer(pointer).is_some() => items,
            _ => &[],
        }
    }
}

/// A connector's section, without what is the recipe's own in it: short names for fields.
fn connector(json: &Json, section: &str, base: &Path) -> Option<ConnectorSettings> {
    let (name, settings) = json.get(section)?.as_object()?.iter().next()?;
    let mut settings = settings.clone();
    if let Some(settings) = settings.as_object_mut() {
        settings.remove("short_names");
    }
    Some(ConnectorSettings { name: name.as_str().into(), settings, base: base.to_owned() })
}

fn texts_hash<'f>(files: impl Iterator<Item = &'f Arc<SourceFile>>) -> String {
    let mut hash = Sha256::new();
    for file in files {
        hash.update(file.name().as_bytes());
        hash.update([0]);
        hash.update(file.text.len().to_le_bytes());
        hash.update(file.text.as_bytes());
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
