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

/// The drafts of some people, and what was noted on the way.
struct Part<'a> {
    drafts: Vec<Draft>,
    misses: Misses,
    groups: GroupNames<'a>,
}

impl<'a> Planner<'a> {
    /// Everybody's draft, in order, and the values that no row of a table knew.
    pub(super) fn drafts(&mut self, parts: NonZeroUsize) -> (Vec<Draft>, Misses) {
        let records = self.people.records();
        if parts.get() == 1 {
            return self.some_drafts(records);
        }
        let parts = records.chunks(records.len().div_ceil(parts.get()).max(1));
        let parts: Vec<(Planner<'a>, &'a [Record])> = parts.map(|records| (self.another(), records)).collect();
        let parts: Vec<(Part<'a>, &[Record])> =
            parts.into_par_iter().map(|(planner, records)| (planner.part(records), records)).collect();
        let (mut drafts, mut misses) = (Vec::with_capacity(records.len()), Misses::new());
        for (part, records) in parts {
            let (some, missed) = match self.groups.take_over(part.groups) {
                Ok(()) => (part.drafts, part.misses),
                Err(_) => self.some_drafts(records),
            };
            drafts.extend(some);
            add(&mut misses, missed);
        }
        (drafts, misses)
    }

    fn part(self, records: &'a [Record]) -> Part<'a> {
        let (drafts, misses) = self.some_drafts(records);
        Part { drafts, misses, groups: self.groups }
    }

    fn some_drafts(&self, records: &'a [Record]) -> (Vec<Draft>, Misses) {
        let mut session = self.session();
        let drafts =
            records.iter().map(|record| self.draft(&self.person(record, &mut session), &mut session)).collect();
        (drafts, session.take_misses())
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
