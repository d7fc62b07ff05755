//! External ids (apis/360learning.md §5).

use serde::{Deserialize, Serialize};

use super::Company;
use super::denial::{BAD_REQUEST, Denial, invalid, missing};
use super::id::{Id, Kind};
use crate::sandbox::three_sixty::switches::Switches;

/// A mapping.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Mapping {
    #[serde(rename = "_id")]
    pub(crate) id: Id,
    #[serde(flatten)]
    pub(crate) to: Target,
}

/// What is mapped to what.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Target {
    pub(crate) platform: String,
    pub(crate) target_type: String,
    pub(crate) target_id: Id,
    pub(crate) value: String,
}

impl std::ops::Deref for Mapping {
    type Target = Target;

    fn deref(&self) -> &Target {
        &self.to
    }
}

impl Company {
    /// Maps something: one value for each target and platform, and no value twice.
    pub(crate) fn map(&mut self, to: Target, switches: &Switches) -> Result<&Mapping, Denial> {
        self.check_target(&to, switches)?;
        if self.mappings.values().any(|mapping| mapping.has_target_of(&to)) {
            return Err(invalid("mappingAlreadyExists"));
        }
        if self.mappings.values().any(|mapping| mapping.has_value_of(&to)) {
            return Err(invalid("valueAlreadyUsed"));
        }
        let id = self.ids.next(Kind::Mapping);
        Ok(self.mappings.entry(id).or_insert(Mapping { id, to }))
    }

    pub(crate) fn remap(&mut self, id: Id, to: Target, switches: &Switches) -> Result<&Mapping, Denial> {
        if !self.mappings.contains_key(&id) {
            return Err(missing("mappingIdNotFound"));
        }
        self.check_target(&to, switches)?;
        let mut others = self.mappings.values().filter(|mapping| mapping.id != id);
        if others.clone().any(|mapping| mapping.has_target_of(&to)) {
            return Err(invalid("targetAlreadyMapped"));
        }
        if others.any(|mapping| mapping.has_value_of(&to)) {
            return Err(invalid("valueAlreadyUsed"));
        }
        let mapping = self.mappings.get_mut(&id).ok_or(missing("mappingIdNotFound"))?;
        mapping.to = to;
        Ok(mapping)
    }

    pub(crate) fn unmap(&mut self, id: Id, switches: &Switches) -> Result<(), Denial> {
        let mapping = self.mappings.get(&id).ok_or(missing("mappingIdNotFound"))?;
        check_platform(&mapping.platform, switches)?;
        self.mappings.remove(&id);
        Ok(())
    }

    /// Users and groups are simulated; whatever else can be mapped is never found.
    fn check_target(&self, to: &Target, switches: &Switches) -> Result<(), Denial> {
        if to.platform.is_empty() || to.value.is_empty() {
            return Err(BAD_REQUEST);
        }
        check_platform(&to.platform, switches)?;
        let found = match to.target_type.as_str() {
            "user" => self.users.contains_key(&to.target_id),
            "group" => self.groups.contains_key(&to.target_id),
            _ => false,
        };
        if found { Ok(()) } else { Err(missing("resourceNotFound")) }
    }
}

impl Mapping {
    fn has_target_of(&self, to: &Target) -> bool {
        self.platform == to.platform && self.target_type == to.target_type && self.target_id == to.target_id
    }

    fn has_value_of(&self, to: &Target) -> bool {
        self.platform == to.platform && self.target_type == to.target_type && self.value == to.value
    }
}

fn check_platform(platform: &str, switches: &Switches) -> Result<(), Denial> {
    let reserved = switches.reserved_platforms.contains(&platform.to_lowercase());
    if reserved { Err(invalid("reservedPlatformName")) } else { Ok(()) }
}
