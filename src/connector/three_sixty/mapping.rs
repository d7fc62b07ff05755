//! External ids: where the employee's id is kept (apis/360learning.md §5).

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::Held;
use super::api::Api;
use super::trouble::Trouble;
use super::wire::RawMapping;

/// The mappings that are known, by user.
#[derive(Debug, Default)]
pub(super) struct Mappings {
    known: Mutex<Option<HashMap<Arc<str>, Mapping>>>,
}

#[derive(Debug, Clone)]
struct Mapping {
    id: Arc<str>,
    value: Arc<str>,
}

impl Mappings {
    /// Every mapping, as it was just listed.
    pub(super) fn listed(&self, mappings: Vec<RawMapping>) -> HashMap<Arc<str>, Arc<str>> {
        let mapping = |raw: RawMapping| (raw.target_id, Mapping { id: raw.id, value: raw.value });
        let known: HashMap<Arc<str>, Mapping> = mappings.into_iter().map(mapping).collect();
        let values = known.iter().map(|(user, mapping)| (Arc::clone(user), Arc::clone(&mapping.value))).collect();
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(known);
        values
    }

    /// A user's mapping: `None` where that is not known.
    fn of(&self, user: &str) -> Option<Option<Mapping>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().map(|known| known.get(user).cloned())
    }

    /// A user's mapping as it was just read.
    pub(super) fn noticed(&self, user: &str, raw: Option<&RawMapping>) {
        self.learn(user, raw.map(|raw| Mapping { id: Arc::clone(&raw.id), value: Arc::clone(&raw.value) }));
    }

    fn learn(&self, user: &str, mapping: Option<Mapping>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = &mut *known {
            match mapping {
                Some(mapping) => known.insert(user.into(), mapping),
                None => known.remove(user),
            };
        }
    }

    /// Gives a user an external id, another one, or none.
    pub(super) async fn write(
        &self,
        api: &Api,
        user: &str,
        wanted: Option<&Arc<str>>,
        held: Held,
    ) -> Result<(), Trouble> {
        let held = match (self.of(user), held) {
            (Some(held), _) => held,
            (None, Held::Nothing) => None,
            (None, Held::Unknown) => Self::asked(api, user).await?,
        };
        match self.replace(api, user, held, wanted).await {
            // Somebody else has written or taken it since it was listed.
            Err(trouble) if matches!(trouble.code(), Some("mappingAlreadyExists" | "mappingIdNotFound")) => {
                let held = Self::asked(api, user).await?;
                self.replace(api, user, held, wanted).await
            }
            other => other,
        }
    }

    async fn replace(
        &self,
        api: &Api,
        user: &str,
        held: Option<Mapping>,
        wanted: Option<&Arc<str>>,
    ) -> Result<(), Trouble> {
        let value = wanted.map(Arc::clone);
        let id = match (held, wanted) {
            (None, None) => return Ok(()),
            (Some(held), Some(wanted)) if held.value == *wanted => Some(held.id),
            (Some(held), Some(wanted)) => {
                api.replace_mapping(&held.id, user, wanted).await?;
                Some(held.id)
            }
            (None, Some(wanted)) => Some(api.create_mapping(user, wanted).await?),
            (Some(held), None) => {
                api.delete_mapping(&held.id).await?;
                None
            }
        };
        self.learn(user, id.zip(value).map(|(id, value)| Mapping { id, value }));
        Ok(())
    }

    async fn asked(api: &Api, user: &str) -> Result<Option<Mapping>, Trouble> {
        let mapping = api.mappings(Some(user)).await?.into_iter().next();
        Ok(mapping.map(|raw| Mapping { id: raw.id, value: raw.value }))
    }
}
