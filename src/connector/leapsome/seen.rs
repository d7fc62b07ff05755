//! What was seen of the company as long as the target is open, so that nothing is asked for twice.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::api::Row;
use super::fields::{self, WORK};
use crate::connector::rows::text;

/// What a change needs to know of a user.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct SeenUser {
    pub(super) user_name: Arc<str>,
    pub(super) external_id: Option<Arc<str>>,
    pub(super) first_name: Option<Arc<str>>,
    pub(super) last_name: Option<Arc<str>>,
    /// Custom attributes by id, as far as they are shown.
    pub(super) attributes: Vec<(Arc<str>, Arc<str>)>,
}

/// Everything.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// By id.
    pub(super) users: HashMap<Arc<str>, SeenUser>,
    /// Teams by id, with their names; nothing before they were read.
    pub(super) teams: Option<HashMap<Arc<str>, Arc<str>>>,
    /// Whether they were read for the listing of users that comes next.
    pub(super) teams_are_new: bool,
    /// Teams that come into being when somebody is the first in them.
    pub(super) coming: HashSet<Arc<str>>,
    /// Those that did so since, whose ids are not known.
    pub(super) came: HashSet<Arc<str>>,
}

impl Seen {
    /// Takes in one user.
    pub(super) fn user(&mut self, row: &Row) {
        if let Some(id) = text(row, "id") {
            self.users.insert(id.into(), SeenUser::of(row));
        }
    }

    /// Whether there is a team of exactly this name, or will be.
    pub(super) fn has_team(&self, name: &str) -> bool {
        let is_new = self.coming.contains(name) || self.came.contains(name);
        is_new || self.teams.iter().flat_map(HashMap::values).any(|known| **known == *name)
    }
}

impl SeenUser {
    pub(super) fn of(row: &Row) -> Self {
        let part = |key: &str| row.get("name")?.get(key)?.as_str().filter(|part| !part.is_empty()).map(Arc::from);
        let work = row.get(WORK).and_then(serde_json::Value::as_object).into_iter().flatten();
        let attributes = work.filter(|(key, _)| fields::is_attribute(key));
        Self {
            user_name: text(row, "userName").unwrap_or_default().into(),
            external_id: text(row, "externalId").map(Arc::from),
            first_name: part("givenName"),
            last_name: part("familyName"),
            attributes: attributes
                .filter_map(|(id, value)| Some((Arc::from(id.as_str()), Arc::from(value.as_str()?))))
                .collect(),
        }
    }
}
