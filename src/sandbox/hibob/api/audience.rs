//! Whose data the service user sees: "Access data for" (apis/hibob.md §1.4 a, §0.3).

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use crate::sandbox::hibob::switches::{self, Switches};
use crate::sandbox::hibob::tenant::catalogue::{Catalogue, field};
use crate::sandbox::hibob::tenant::person::Person;

/// The condition, ready to be asked.
pub(super) struct Audience<'s> {
    condition: switches::Audience,
    outside: &'s BTreeSet<String>,
    id: Option<usize>,
    status: Option<usize>,
    lifecycle: Option<usize>,
}

impl<'s> Audience<'s> {
    pub(super) fn new(catalogue: &Catalogue, switches: &'s Switches) -> Self {
        Self {
            condition: switches.audience,
            outside: &switches.outside,
            id: catalogue.number(field::ID),
            status: catalogue.number(field::STATUS),
            lifecycle: catalogue.number(field::LIFECYCLE),
        }
    }

    /// Whether somebody is among those whose data may be seen.
    pub(super) fn has(&self, person: &Person) -> bool {
        let inside = match self.condition {
            switches::Audience::All => true,
            switches::Audience::Active => self.is_active(person),
            switches::Audience::Employed => self.lifecycle.is_none_or(|field| person.is(field, "employed")),
        };
        inside
            && (self.outside.is_empty()
                || !self.id.and_then(|id| person.text(id)).is_some_and(|id| self.outside.contains(&id)))
    }

    /// Whether somebody has access to Bob: without `showInactive` only they are answered (§2.1).
    pub(super) fn is_active(&self, person: &Person) -> bool {
        self.status.is_none_or(|status| person.is(status, "Active"))
    }

    /// The ids of everybody inside.
    pub(super) fn ids(&self, people: &[Arc<Person>]) -> HashSet<String> {
        people.iter().filter(|person| self.has(person)).filter_map(|person| person.text(self.id?)).collect()
    }
}
