//! Teams: departments, divisions, cost centres and those made by hand (apis/leapsome.md §3).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::denial::Denial;
use super::id::{Ids, Of};

/// The longest name (§3).
const LONGEST_NAME: usize = 128;

/// A team.
#[derive(Debug, Clone)]
pub(crate) struct Team {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) external_id: Option<String>,
    pub(crate) kind: Kind,
}

/// What kind of team.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// "Generic team": made through the API, or by hand.
    #[default]
    Generic,
    /// A department.
    Department,
    /// A division.
    Division,
    /// A cost centre.
    CostCenter,
}

/// All teams.
#[derive(Debug, Default)]
pub(crate) struct Teams {
    by_id: BTreeMap<String, Team>,
}

impl Teams {
    pub(crate) fn all(&self) -> impl DoubleEndedIterator<Item = &Team> {
        self.by_id.values()
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Team> {
        self.by_id.get(id)
    }

    pub(crate) fn name(&self, id: &str) -> Option<String> {
        self.get(id).map(|team| team.name.clone())
    }

    /// A team by its id, or else by an external id (§3).
    pub(crate) fn on_path(&self, text: &str) -> Option<&Team> {
        self.get(text).or_else(|| self.all().find(|team| team.external_id.as_deref() == Some(text)))
    }

    /// A team by its id or its name, for people.
    pub(crate) fn named(&self, text: &str) -> Option<&Team> {
        self.get(text).or_else(|| self.all().find(|team| team.name == text))
    }

    /// Makes a team; names are taken once.
    pub(crate) fn make(
        &mut self,
        ids: &mut Ids,
        name: &str,
        kind: Kind,
        external_id: Option<String>,
    ) -> Result<String, Denial> {
        self.check_name(name, None)?;
        let id = ids.next(Of::Team);
        self.by_id.insert(id.clone(), Team { id: id.clone(), name: name.to_owned(), external_id, kind });
        Ok(id)
    }

    /// The team of a name exactly as it is spelt; it is made if there is none (§2.3).
    pub(crate) fn named_or_made(&mut self, ids: &mut Ids, name: &str, kind: Kind) -> Result<String, Denial> {
        let known = self.all().find(|team| team.name == name).map(|team| team.id.clone());
        known.map_or_else(|| self.make(ids, name, kind, None), Ok)
    }

    pub(crate) fn rename(&mut self, id: &str, name: &str) -> Result<(), Denial> {
        self.check_name(name, Some(id))?;
        let team = self.by_id.get_mut(id).ok_or(Denial::UnknownGroup)?;
        name.clone_into(&mut team.name);
        Ok(())
    }

    pub(crate) fn set_external_id(&mut self, id: &str, external_id: Option<String>) {
        if let Some(team) = self.by_id.get_mut(id) {
            team.external_id = external_id;
        }
    }

    fn check_name(&self, name: &str, own: Option<&str>) -> Result<(), Denial> {
        if name.trim().is_empty() {
            return Err(Denial::Invalid("The displayName field is not set".to_owned()));
        }
        if name.chars().count() > LONGEST_NAME {
            return Err(Denial::Invalid("The displayName field exceeds 128 characters".to_owned()));
        }
        let taken = self.all().any(|team| team.name == name && own != Some(&team.id));
        if taken { Err(Denial::Taken("The displayName is already in use".to_owned())) } else { Ok(()) }
    }
}
