//! A run as it is remembered: what the report needs besides the outcomes, to and from the state database.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::RunError;
use crate::model::plan::{GroupChange, NewGroup, TableMiss};
use crate::model::{Finding, LimitKind, OutcomeKind, Tripped, UnreadableRecord};
use crate::report::RunReport;
use crate::store::{RunRow, RunStatus, Store};

/// What is kept of a report beside its outcomes and the columns of the run itself.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Remembered {
    description: Option<String>,
    timezone: String,
    unreadable: Vec<UnreadableRecord>,
    tripped: Vec<Tripped>,
    findings: Vec<Finding>,
    table_misses: Vec<TableMiss>,
    new_groups: Vec<NewGroup>,
    group_changes: Vec<GroupChange>,
    phases: Vec<(String, Duration)>,
    refused: Option<String>,
    interrupted: Vec<String>,
    previous: Option<BTreeMap<String, usize>>,
}

/// What to keep of a report.
pub(super) fn remember(report: &RunReport) -> serde_json::Value {
    let previous = report.previous.as_ref();
    let remembered = Remembered {
        description: report.description.clone(),
        timezone: report.timezone.clone(),
        unreadable: report.unreadable.clone(),
        tripped: report.tripped.clone(),
        findings: report.findings.clone(),
        table_misses: report.table_misses.clone(),
        new_groups: report.new_groups.clone(),
        group_changes: report.group_changes.clone(),
        phases: report.phases.clone(),
        refused: report.refused.clone(),
        interrupted: report.interrupted.clone(),
        previous: previous.map(|counts| counts.iter().map(|(kind, count)| (kind.word().to_owned(), *count)).collect()),
    };
    serde_json::to_value(remembered).unwrap_or_default()
}

/// How many employees the next full sync is measured against: those that this one read, and those whose absence the brake
/// held. A source that shrank must not look whole the night after, only because nobody approved it.
pub(super) fn employees_to_measure_by(run: RunRow) -> usize {
    let remembered: Remembered = serde_json::from_value(run.summary_json).unwrap_or_default();
    let held = remembered.tripped.iter().find(|tripped| tripped.kind == LimitKind::SourceShrink && !tripped.approved);
    run.employees + held.map_or(0, |tripped| tripped.count)
}

/// The report of a run that is over, or was cut off.
///
/// # Errors
/// When the state database cannot be read.
pub async fn recall(store: &Store, run: RunRow) -> Result<RunReport, RunError> {
    let outcomes = store.outcomes(&run.id).await?;
    let remembered: Remembered = serde_json::from_value(run.summary_json).unwrap_or_default();
    let cut_off = matches!(run.status, RunStatus::Interrupted | RunStatus::Running);
    let refused = remembered
        .refused
        .or(run.message)
        .or_else(|| cut_off.then(|| "the run did not come to its end; the next one finishes what it began".to_owned()));
    let previous = remembered.previous.map(|counts| {
        counts.into_iter().filter_map(|(word, count)| Some((OutcomeKind::from_word(&word)?, count))).collect()
    });
    Ok(RunReport {
        run: run.id.to_string(),
        recipe: run.recipe,
        description: remembered.description,
        source: run.source,
        target: run.target,
        today: run.today,
        started: run.started,
        finished: run.finished.unwrap_or(run.started),
        timezone: remembered.timezone,
        employees: run.employees + remembered.unreadable.len(),
        unreadable: remembered.unreadable,
        outcomes,
        tripped: remembered.tripped,
        findings: remembered.findings,
        table_misses: remembered.table_misses,
        new_groups: remembered.new_groups,
        group_changes: remembered.group_changes,
        phases: remembered.phases,
        refused,
        interrupted: remembered.interrupted,
        previous,
    })
}
