//! The `hibob` source: people from HiBob's API, read by a service user (apis/hibob.md).
//!
//! ```yaml
//! source:
//!   hibob:
//!     credentials: { id: HIBOB_SERVICE_ID, token: HIBOB_TOKEN }   # names of secrets
//!     base_url: https://api.hibob.com                             # optional: a sandbox, a proxy
//! ```
//!
//! Reading order: [`HiBobSource`] (what is read when), `settings` (the account), `api` (the calls), [`wire`] (what comes
//! back), `parts` (large companies), `chosen` (some people), [`examine`] (what `check --live` says).

mod api;
mod chosen;
mod examine;
mod parts;
mod settings;
pub(in crate::connector) mod wire;

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use tokio::sync::Mutex;

use self::api::{Api, Trouble};
use self::settings::{RawSettings, Read};
use self::wire::lists::Lists;
use self::wire::metadata::Metadata;
use self::wire::shape::Shape;
use self::wire::{TITLE, people};
use super::http::body;
use super::secrets::Secrets;
use super::{Calls, ConnectorError, ConnectorSettings, Examination, Source};
use crate::model::{EmployeeId, RecordLayout, Roster, SourceCatalogue};

/// The `hibob` source.
#[derive(Debug)]
pub struct HiBobSource {
    api: Arc<Api>,
    read: Read,
    /// Fields and lists as they were read last, and when.
    described: Mutex<Option<(Instant, Arc<Described>)>>,
}

/// What HiBob says of its fields and lists.
#[derive(Debug)]
struct Described {
    metadata: Metadata,
    lists: Lists,
}

impl HiBobSource {
    /// How long fields and lists are taken to stay as they are. A run is shorter; real-time work sees a new list item
    /// soon enough, and an item that is not known counts as not delivered until then.
    const DESCRIBED_FOR: Duration = Duration::from_secs(10 * 60);
    /// Fields in one search (apis/hibob.md §2.1).
    const MOST_FIELDS: usize = 400;
    /// How often an answer that is cut off is asked for.
    const TRIES: usize = 2;

    /// A source for an account. Nothing is called yet.
    ///
    /// # Errors
    /// When the settings make no sense, or a secret is not there or not of the right form.
    pub fn open(settings: &ConnectorSettings, secrets: &Secrets) -> Result<Self, ConnectorError> {
        let raw = RawSettings::of(settings)?;
        let api = Arc::new(Api::new(&raw.account(secrets)?)?);
        Ok(Self { api, read: raw.read, described: Mutex::new(None) })
    }

    /// What is known without the network: any field may exist.
    ///
    /// # Errors
    /// When the settings make no sense.
    pub fn describe(settings: &ConnectorSettings) -> Result<SourceCatalogue, ConnectorError> {
        RawSettings::of(settings).map(|_| SourceCatalogue::open(TITLE))
    }

    async fn described(&self) -> Result<Arc<Described>, ConnectorError> {
        let mut known = self.described.lock().await;
        if let Some((at, described)) = &*known
            && at.elapsed() < Self::DESCRIBED_FOR
        {
            return Ok(Arc::clone(described));
        }
        // One after the other: refused credentials are then shown to HiBob once, not twice.
        let (fields, lists) = (self.api.fields().await?, self.api.lists().await?);
        let metadata = Metadata::parse(&fields).map_err(|fault| Trouble::Answer(Api::FIELDS, fault))?;
        let lists = Lists::parse(&lists).map_err(|fault| Trouble::Answer(Api::LISTS, fault))?;
        let described = Arc::new(Described { metadata, lists });
        *known = Some((Instant::now(), Arc::clone(&described)));
        Ok(described)
    }

    async fn shape(&self, layout: &RecordLayout) -> Result<Arc<Shape>, ConnectorError> {
        let described = self.described().await?;
        let shape = Shape::new(layout, &described.metadata, &described.lists);
        if shape.fields.len() > Self::MOST_FIELDS {
            return Err(ConnectorError::Settings {
                message: format!(
                    "the recipe uses {} fields, and HiBob gives at most {}",
                    shape.fields.len(),
                    Self::MOST_FIELDS
                ),
                help: "use fewer fields".to_owned(),
            });
        }
        Ok(Arc::new(shape))
    }

    /// Everybody in one answer, which is parsed as it comes. One that breaks off is asked for again.
    async fn whole(&self, shape: &Arc<Shape>) -> Result<Roster, Trouble> {
        let mut tries = Self::TRIES;
        loop {
            tries -= 1;
            match self.whole_once(shape).await {
                Err(Trouble::Answer(_, fault)) if tries > 0 && Trouble::is_cut(&fault) => {
                    tracing::warn!("the answer of people search was cut off, reading again");
                }
                other => return other,
            }
        }
    }

    async fn whole_once(&self, shape: &Arc<Shape>) -> Result<Roster, Trouble> {
        let answer = self.api.search(&shape.wanted()).await?;
        let (reader, shape) = (body::reader(answer), Arc::clone(shape));
        parts::blocking(move || people::read(reader, &shape)).await.map_err(|fault| Trouble::Answer(Api::SEARCH, fault))
    }
}

#[async_trait]
impl Source for HiBobSource {
    fn calls(&self) -> Option<Calls> {
        Some(self.api.calls())
    }

    async fn catalogue(&self) -> Result<SourceCatalogue, ConnectorError> {
        let described = self.described().await?;
        Ok(described.metadata.catalogue(&described.lists))
    }

    async fn roster(&self, layout: &RecordLayout) -> Result<Roster, ConnectorError> {
        let shape = self.shape(layout).await?;
        if self.read == Read::InParts {
            return Ok(parts::read(&self.api, shape).await?);
        }
        match self.whole(&shape).await {
            Err(trouble) if trouble.may_be_size() => {
                tracing::warn!("everybody in one answer does not get through, reading in parts");
                // An answer that breaks off in parts too does so for the reason that it had as a whole.
                parts::read(&self.api, shape).await.map_err(|parts| match parts {
                    Trouble::Call(_) => parts.into(),
                    Trouble::Answer(..) => trouble.into(),
                })
            }
            other => Ok(other?),
        }
    }

    async fn people(&self, ids: &[EmployeeId], layout: &RecordLayout) -> Result<Roster, ConnectorError> {
        let shape = self.shape(layout).await?;
        Ok(chosen::read(&self.api, ids, &shape).await?)
    }

    async fn examine(&self, layout: &RecordLayout) -> Result<Examination, ConnectorError> {
        examine::examine(self, layout).await
    }
}
