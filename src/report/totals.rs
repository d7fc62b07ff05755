//! Counts that add up to the number of records read.

use std::collections::BTreeMap;

use super::RunReport;
use crate::model::OutcomeKind;

/// How many people ended how.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Totals {
    /// Employees that the source gave, by how it ended for them.
    pub employees: BTreeMap<OutcomeKind, usize>,
    /// Linked users whose employee is gone from the source, by how it ended for them.
    pub gone: BTreeMap<OutcomeKind, usize>,
    /// Records that could not be read as an employee.
    pub unreadable: usize,
    /// Records read that are in no row, because the run ended before them.
    pub not_reached: usize,
}

impl Totals {
    /// Counts a report.
    #[must_use]
    pub fn of(report: &RunReport) -> Self {
        let mut totals = Self { unreadable: report.unreadable.len(), ..Self::default() };
        for outcome in &report.outcomes {
            let counts = if outcome.person.in_roster { &mut totals.employees } else { &mut totals.gone };
            *counts.entry(outcome.kind).or_default() += 1;
        }
        totals.not_reached = report.employees.saturating_sub(totals.read());
        totals
    }

    /// Records that the report accounts for: every employee with an outcome, and every unreadable record.
    #[must_use]
    pub fn read(&self) -> usize {
        self.employees.values().sum::<usize>() + self.unreadable
    }

    /// Linked users whose employee is gone.
    #[must_use]
    pub fn gone(&self) -> usize {
        self.gone.values().sum()
    }

    /// People that ended in one way, whether the source still has them or not.
    #[must_use]
    pub fn count(&self, kind: OutcomeKind) -> usize {
        let of = |counts: &BTreeMap<_, _>| counts.get(&kind).copied().unwrap_or_default();
        of(&self.employees) + of(&self.gone)
    }

    /// People by how it ended, for keeping as the next report's [`RunReport::previous`].
    #[must_use]
    pub fn by_kind(&self) -> BTreeMap<OutcomeKind, usize> {
        OutcomeKind::ALL.into_iter().map(|kind| (kind, self.count(kind))).filter(|(_, count)| *count > 0).collect()
    }
}
