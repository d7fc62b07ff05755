//! People from a file: HiBob's people search answer as it came, or a CSV whose headers are field ids.
//!
//! ```yaml
//! source:
//!   file:
//!     people: demo/people.json
//!     fields: demo/fields.json           # optional: types, list ids, where a field stands
//!     lists: demo/named-lists.json       # optional: labels of list values
//! ```
//!
//! Every read opens the files again, so that a changed export is seen by the next run. What people look
//! like on the wire is in [`super::hibob::wire`].

mod csv;
mod input;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use serde::Deserialize;

use self::input::Input;
use super::hibob::wire::lists::Lists;
use super::hibob::wire::metadata::Metadata;
use super::hibob::wire::shape::Shape;
use super::hibob::wire::{TITLE, people, stream};
use super::{ConnectorError, ConnectorSettings, Doubt, Examination, Source};
use crate::model::{Column, EmployeeId, FieldPath, RecordLayout, Roster, SourceCatalogue, SourceField};

/// The `file` source.
#[derive(Debug)]
pub struct FileSource {
    files: Arc<Files>,
}

impl FileSource {
    /// A source over the files that the settings name. They are opened when they are read.
    ///
    /// # Errors
    /// When the settings are not `people`, `fields` and `lists`.
    pub fn open(settings: &ConnectorSettings) -> Result<Self, ConnectorError> {
        Ok(Self { files: Arc::new(Files::new(settings)?) })
    }

    /// Every field the source offers, read at once and without a runtime: what `check` needs.
    ///
    /// # Errors
    /// When the settings are wrong, or a file is not there or not what it should be. Of people in JSON only the
    /// start is looked at.
    pub fn describe(settings: &ConnectorSettings) -> Result<SourceCatalogue, ConnectorError> {
        Files::new(settings)?.catalogue()
    }
}

#[async_trait]
impl Source for FileSource {
    async fn catalogue(&self) -> Result<SourceCatalogue, ConnectorError> {
        let files = Arc::clone(&self.files);
        blocking(move || files.catalogue()).await
    }

    async fn roster(&self, layout: &RecordLayout) -> Result<Roster, ConnectorError> {
        let (files, layout) = (Arc::clone(&self.files), layout.clone());
        blocking(move || files.roster(&layout)).await
    }

    /// Everything is read to find anybody. An entry that cannot be read counts only where somebody is not found: it may be
    /// that person's.
    async fn people(&self, ids: &[EmployeeId], layout: &RecordLayout) -> Result<Roster, ConnectorError> {
        let ids: BTreeSet<&EmployeeId> = ids.iter().collect();
        let mut roster = self.roster(layout).await?;
        roster.records.retain(|record| ids.contains(&record.id));
        if roster.records.len() == ids.len() {
            roster.unreadable.clear();
        }
        Ok(roster)
    }

    async fn examine(&self, layout: &RecordLayout) -> Result<Examination, ConnectorError> {
        let roster = self.roster(layout).await?;
        let nowhere = |slot: usize| roster.records.iter().all(|record| !record.cells[slot].is_delivered());
        let columns = layout.columns().iter().enumerate();
        let doubt = |(_, column): (usize, &Column)| Doubt {
            grave: false,
            field: Some(column.path.clone()),
            message: format!("`{}` is delivered for nobody", column.path),
            help: "export the people again with this field".to_owned(),
        };
        let doubts = columns.filter(|(slot, _)| !roster.records.is_empty() && nowhere(*slot)).map(doubt).collect();
        let people = roster.records.len();
        Ok(Examination { people, facts: vec![format!("{people} people")], doubts })
    }
}

/// The section of the recipe, as it stands there.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSettings {
    people: PathBuf,
    fields: Option<PathBuf>,
    lists: Option<PathBuf>,
}

#[derive(Debug)]
struct Files {
    people: Input,
    fields: Option<Input>,
    lists: Option<Input>,
}

impl Files {
    fn new(settings: &ConnectorSettings) -> Result<Self, ConnectorError> {
        let raw = RawSettings::deserialize(&settings.settings).map_err(|error| ConnectorError::Settings {
            message: format!("the section `{}` of the recipe: {error}", settings.name),
            help: "give the path of `people`, and if you have them those of `fields` and `lists`".to_owned(),
        })?;
        let input = |path: PathBuf| Input::new(settings.base.join(path));
        Ok(Self { people: input(raw.people), fields: raw.fields.map(input), lists: raw.lists.map(input) })
    }

    fn catalogue(&self) -> Result<SourceCatalogue, ConnectorError> {
        let (metadata, lists) = (self.metadata()?, self.lists()?);
        let people = self.people.open()?;
        if !self.people.is_table() {
            stream::JsonStream::open(people).map_err(|fault| self.people.error(&fault))?;
            return Ok(metadata
                .map(|metadata| metadata.catalogue(&lists))
                .unwrap_or_else(|| SourceCatalogue::open(TITLE)));
        }
        // A table has the columns it has, whatever the metadata knows beyond them.
        let headers = csv::headers(people).map_err(|fault| self.people.error(&fault))?;
        let metadata = metadata.unwrap_or_default();
        let fields = headers.into_iter().map(|header| {
            let path = FieldPath::from(header.as_str());
            let field = match metadata.field(&header) {
                Some(field) => field.describe(&path, &lists),
                None => {
                    SourceField { path: path.clone(), name: header, value_type: None, category: None, choices: None }
                }
            };
            (path, field)
        });
        Ok(SourceCatalogue { title: TITLE.into(), fields: fields.collect(), complete: true })
    }

    fn roster(&self, layout: &RecordLayout) -> Result<Roster, ConnectorError> {
        let shape = Shape::new(layout, &self.metadata()?.unwrap_or_default(), &self.lists()?);
        let people = self.people.open()?;
        let roster = if self.people.is_table() { csv::read(people, &shape) } else { people::read(people, &shape) };
        roster.map_err(|fault| self.people.error(&fault))
    }

    fn metadata(&self) -> Result<Option<Metadata>, ConnectorError> {
        let Some(input) = &self.fields else { return Ok(None) };
        Metadata::parse(&input.read()?).map(Some).map_err(|fault| input.error(&fault))
    }

    fn lists(&self) -> Result<Lists, ConnectorError> {
        let Some(input) = &self.lists else { return Ok(Lists::default()) };
        Lists::parse(&input.read()?).map_err(|fault| input.error(&fault))
    }
}

/// Runs file work where it holds up nobody. A panic in it stays a panic.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ConnectorError> + Send + 'static,
) -> Result<T, ConnectorError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => Err(ConnectorError::Unavailable {
            message: "reading was stopped, because the program is ending".to_owned(),
            help: "run it again".to_owned(),
        }),
    }
}
