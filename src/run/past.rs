//! What earlier runs of a recipe have to say to the report of the next one.

use std::collections::{BTreeMap, BTreeSet};

use super::RunError;
use super::report::needed_attention;
use crate::model::{EmployeeId, OutcomeKind};
use crate::report::{RunCounts, TREND};
use crate::store::Store;

/// The runs before this one.
#[derive(Debug, Default)]
pub(super) struct Past {
    /// The counts of the last one that was carried out.
    pub(super) previous: Option<BTreeMap<OutcomeKind, usize>>,
    /// Who needed attention in it.
    pub(super) needed_attention: Option<BTreeSet<EmployeeId>>,
    /// The last ones, the oldest first.
    pub(super) trend: Vec<RunCounts>,
}

impl Past {
    pub(super) async fn of(recipe: &str, store: &Store) -> Result<Self, RunError> {
        let Some(last) = store.last_finished(recipe).await? else { return Ok(Self::default()) };
        let trend = store.trend(recipe, TREND - 1).await?;
        Ok(Self {
            needed_attention: needed_attention(&last),
            previous: Some(last.totals),
            trend: trend.into_iter().map(|(started, counts)| RunCounts { started, counts }).collect(),
        })
    }
}
