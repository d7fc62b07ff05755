//! Everybody's draft. People are decided one by one, so they are parted among the cores; what is noted on the way is
//! brought together in the people's order, so that nothing shows how they were parted.

use std::num::NonZeroUsize;
use std::sync::Arc;

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

use super::group_names::GroupNames;
use super::{Draft, Planner};
use crate::model::Record;
use crate::script::Misses;

/// How many people make up for starting on another core.
pub(super) const WORTH_A_CORE: usize = 2_000;

/// What was noted while some people were decided.
struct Notes<'a> {
    misses: Misses,
    groups: GroupNames<'a>,
}

impl<'a> Planner<'a> {
    /// Everybody's draft, in order, and the values that no row of a table knew.
    pub(super) fn drafts(&mut self, parts: NonZeroUsize) -> (Vec<Draft>, Misses) {
        let records = self.people.records();
        // Each is put in its place: a list for each part, and then one of them all, would take twice the memory.
        let mut drafts: Vec<Draft> = records.iter().map(Draft::of).collect();
        let size = records.len().div_ceil(parts.get()).max(1);
        let parts = records.chunks(size).zip(drafts.chunks_mut(size));
        let parts: Vec<_> = parts.map(|(records, drafts)| (self.another(), records, drafts)).collect();
        let notes: Vec<Notes<'a>> =
            parts.into_par_iter().map(|(planner, records, drafts)| planner.part(records, drafts)).collect();
        let mut misses = Misses::new();
        for (notes, (records, drafts)) in notes.into_iter().zip(records.chunks(size).zip(drafts.chunks_mut(size))) {
            let missed = match self.groups.take_over(notes.groups) {
                Ok(()) => notes.misses,
                Err(_) => {
                    records.iter().zip(&mut *drafts).for_each(|(record, draft)| *draft = Draft::of(record));
                    self.fill_drafts(records, drafts)
                }
            };
            add(&mut misses, missed);
        }
        (drafts, misses)
    }

    fn part(self, records: &'a [Record], drafts: &mut [Draft]) -> Notes<'a> {
        Notes { misses: self.fill_drafts(records, drafts), groups: self.groups }
    }

    fn fill_drafts(&self, records: &'a [Record], drafts: &mut [Draft]) -> Misses {
        let mut session = self.session();
        for (record, draft) in records.iter().zip(drafts) {
            self.fill_draft(draft, &self.person(record, &mut session), &mut session);
        }
        session.take_misses()
    }

    /// A planner for other people, with notes of its own.
    fn another(&self) -> Self {
        Self {
            recipe: self.recipe,
            inputs: self.inputs,
            people: self.people,
            days: self.days.clone(),
            links: Arc::clone(&self.links),
            groups: self.groups.fresh(),
            teams: self.teams,
            keys: Arc::clone(&self.keys),
        }
    }
}

/// Adds up for how many people values were missed.
pub(super) fn add(misses: &mut Misses, more: Misses) {
    for (missed, people) in more {
        *misses.entry(missed).or_default() += people;
    }
}
