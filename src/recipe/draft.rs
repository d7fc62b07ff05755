//! A recipe whose files are read and whose form is checked, and that still has to be held against what its source and
//! target offer.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::form::WellFormed;
use super::schema::{self, Part, Schema};
use super::yaml::{Document, Kind, Node};
use super::{load, raw};
use crate::model::{ConnectorSettings, FieldPath};
use crate::problem::{Place, Problem, Problems, SourceFile, did_you_mean};
use crate::script::Unread;
use crate::table::Table;

/// A recipe's files, read and well formed as far as they can be by themselves.
#[derive(Clone)]
pub struct Draft {
    pub(super) document: Document,
    /// The recipe with every default filled in.
    pub(super) json: Json,
    form: WellFormed,
    pub(super) tables: BTreeMap<String, Table>,
    pub(super) scripts: Vec<Arc<SourceFile>>,
    /// What could not be read, and has been reported.
    pub(super) unread: Unread,
    /// A hash over the text of every file, for telling whether a saved plan is stale.
    pub(super) texts_hash: String,
    source: ConnectorSettings,
    target: ConnectorSettings,
}

impl Draft {
    /// Reads a recipe, its tables and its scripts. All mistakes of form are added to `problems`; `None` only when there
    /// is nothing left to go on with.
    pub fn load(path: &Path, problems: &mut Problems) -> Option<Self> {
        let file = load::yaml(path, problems)?;
        let mut document = Document::parse(&file, problems)?;
        let form = WellFormed::check(&mut document, &schema::RECIPE, problems);
        let json = schema::RECIPE.with_defaults(&form.json);
        let base = path.parent().map_or_else(PathBuf::new, Path::to_owned);
        let (all_tables, scripts) = (!form.is_whole("/tables"), !form.is_whole("/scripts"));
        let mut unread = Unread { all_tables, scripts, ..Unread::default() };
        let tables = Self::tables(&document, &json, &base, &mut unread, problems);
        let scripts = Self::scripts(&document, &json, &base, &mut unread, problems);
        let connector = |section: &str| connector(&json, section, &base);
        let (source, target) = (connector("source"), connector("target"));
        let texts_hash =
            texts_hash(std::iter::once(&document.file).chain(tables.values().map(|table| &table.file)).chain(&scripts));
        Some(Self { source, target, document, json, form, tables, scripts, unread, texts_hash })
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

    /// Whether every value of the `source` or `target` section is right in form, so that what its connector says of it,
    /// and of names that it does not know, is worth saying.
    #[must_use]
    pub fn is_whole(&self, section: &str) -> bool {
        self.form.is_whole(&format!("/{section}"))
    }

    /// The place of the value in a connector's section that a message is about: a file that it names, else the
    /// connector's name.
    #[must_use]
    pub fn setting_place(&self, section: &str, message: &str) -> Place {
        let settings = self.json.get(section).and_then(Json::as_object).and_then(|section| section.iter().next());
        let named = settings.and_then(|(connector, settings)| {
            let is_named = |value: &Json| {
                let name = value.as_str().and_then(|text| Path::new(text).file_name()).and_then(|name| name.to_str());
                name.is_some_and(|name| message.contains(&format!("{name}`")))
            };
            let (key, _) = settings.as_object()?.iter().find(|(_, value)| is_named(value))?;
            Some(format!("/{section}/{connector}/{key}"))
        });
        named.map_or_else(|| self.connector_place(section), |pointer| self.document.at(&pointer))
    }

    /// The first place in a table that reads a field; the connector's name where none does.
    #[must_use]
    pub fn field_place(&self, path: &FieldPath) -> Place {
        let short_names = self.short_names();
        let means = |text: &str| {
            let name = text.strip_suffix("@id").unwrap_or(text);
            short_names.get(name).map_or(name, FieldPath::as_str) == path.as_str()
        };
        let rows = self.tables.values().flat_map(Table::rows);
        let cells = rows.flat_map(|row| ["source_field", "field"].map(|column| row.given(column)));
        let found = cells.flatten().find(|cell| means(cell.text));
        found.map_or_else(|| self.connector_place("source"), |cell| cell.place)
    }

    /// The recipe with all its defaults (`check --resolved`).
    #[must_use]
    pub fn resolved(&self) -> &Json {
        &self.json
    }

    /// Short names for long field ids: `fields` of a HiBob source, `short_names` of a file source.
    #[must_use]
    pub fn short_names(&self) -> BTreeMap<String, FieldPath> {
        let settings = self.json.pointer(&format!("/source/{}", self.source.name));
        let section = settings.and_then(|settings| settings.get("short_names").or_else(|| settings.get("fields")));
        let section = section.and_then(Json::as_object);
        section
            .into_iter()
            .flatten()
            .filter_map(|(name, path)| Some((name.clone(), FieldPath::from(path.as_str()?))))
            .collect()
    }

    /// Holds the header of the table that a stage names against the columns of its kind, and takes a misspelt column for
    /// the one that was meant, so that the rows are checked too.
    pub(super) fn check_header(&mut self, pointer: &str, rows: &Schema, problems: &mut Problems) {
        let Some(name) = self.json.pointer(pointer).and_then(Json::as_str) else { return };
        let Some(table) = self.tables.get_mut(name) else { return };
        let known: Vec<&str> = rows.properties().collect();
        let required: Vec<&str> = rows.required().collect();
        table.check_columns(&known, &required, problems);
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
            if !self.unread.has_table(name) {
                let help = did_you_mean(name, self.tables.keys().map(String::as_str));
                let place = self.document.at(pointer);
                let message = format!("there is no table `{name}` in the recipe's folder of tables");
                problems.push(Problem::new("unknown-table", &place, message).maybe_help(help));
            }
            return None;
        };
        let known: Vec<&str> = rows.properties().filter(|column| table.has_column(column)).collect();
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
                let column = match &violation.part {
                    // The header has been said to lack it.
                    Part::Missing(column)
                        if rows.required().any(|name| name == column) && !table.has_column(column) =>
                    {
                        continue;
                    }
                    Part::Missing(column) => column.as_str(),
                    Part::Value | Part::Key(_) => violation.pointer.trim_start_matches('/'),
                };
                let place = row.hole(column);
                violation.report(&place, problems);
            }
        }
        Some(table)
    }

    fn tables(
        document: &Document,
        json: &Json,
        base: &Path,
        unread: &mut Unread,
        problems: &mut Problems,
    ) -> BTreeMap<String, Table> {
        let Some(folder) = json.get("tables").and_then(Json::as_str) else { return BTreeMap::new() };
        let tables = load::tables(&base.join(folder), &document.at("/tables"), unread, problems);
        tables.into_iter().map(|table| (table.name().into_owned(), table)).collect()
    }

    fn scripts(
        document: &Document,
        json: &Json,
        base: &Path,
        unread: &mut Unread,
        problems: &mut Problems,
    ) -> Vec<Arc<SourceFile>> {
        let Some(paths) = json.get("scripts").and_then(Json::as_array) else { return Vec::new() };
        if paths.len() > load::MAX_SCRIPTS {
            let message = format!("the recipe names {} scripts; at most {} are read", paths.len(), load::MAX_SCRIPTS);
            let help = "put functions that belong together into one file";
            problems.push(Problem::new("too-many-scripts", &document.at("/scripts"), message).help(help));
            unread.scripts = true;
        }
        let mut found = Vec::new();
        for (index, path) in paths.iter().enumerate().take(load::MAX_SCRIPTS) {
            let place = document.at(&format!("/scripts/{index}"));
            match path.as_str().and_then(|path| load::script(&base.join(path), &place, problems)) {
                Some(file) => found.push(file),
                None => unread.scripts = true,
            }
        }
        found
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

/// A connector's section, without what is the recipe's own in it: short names for fields. Where the author wrote none,
/// one without a name, which no connector has.
fn connector(json: &Json, section: &str, base: &Path) -> ConnectorSettings {
    let written = json.get(section).and_then(Json::as_object).and_then(|section| section.iter().next());
    let (name, mut settings) = written.map_or(("", Json::Null), |(name, settings)| (name.as_str(), settings.clone()));
    if let Some(settings) = settings.as_object_mut() {
        settings.remove("short_names");
    }
    ConnectorSettings { name: name.into(), settings, base: base.to_owned() }
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
