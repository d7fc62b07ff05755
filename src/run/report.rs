//! A run as it is remembered: what the report needs besides the outcomes, to and from the state database.

mod begun;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::plan::{GroupChange, NewGroup, TableMiss};
use crate::model::{EmployeeId, Finding, Language, LimitKind, OutcomeKind, Privacy, Tripped, UnreadableRecord};
use crate::report::{Attention, Calls, RunCounts, RunReport};
use crate::store::StoreError;
use crate::store::{RunRow, RunStatus, Store};

pub(super) use begun::{begin_report, calls, empty_report};

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
    title: String,
    language: Language,
    privacy: Privacy,
    trend: Vec<RunCounts>,
    /// Who needed attention in the run before.
    needed_attention: Option<BTreeSet<EmployeeId>>,
    /// Who needs it in this one; nothing where they are too many to remember.
    need_attention: Option<BTreeSet<EmployeeId>>,
    calls: Vec<Calls>,
}

/// So many people who need attention are remembered, for the next report to say who is new. Where there are more, nobody
/// reads that.
const REMEMBERED: usize = 10_000;

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
        title: report.title.clone(),
        language: report.language,
        privacy: report.privacy.clone(),
        trend: report.trend.clone(),
        needed_attention: report.needed_attention.clone(),
        need_attention: needing_attention(report),
        calls: report.calls.clone(),
        previous: previous.map(|counts| counts.iter().map(|(kind, count)| (kind.word().to_owned(), *count)).collect()),
    };
    serde_json::to_value(remembered).unwrap_or_default()
}

fn needing_attention(report: &RunReport) -> Option<BTreeSet<EmployeeId>> {
    let people = Attention::people(report);
    (people.len() <= REMEMBERED).then(|| people.into_iter().cloned().collect())
}

/// Who needed attention in a run that is over, where that was remembered.
pub(super) fn needed_attention(run: &RunRow) -> Option<BTreeSet<EmployeeId>> {
    Remembered::deserialize(&run.summary_json).ok()?.need_attention
}

/// How many employees the next full sync is measured against: those that this one read, and those whose absence the brake
/// held. A source that shrank must not look whole the night after, only because nobody approved it.
pub(super) fn employees_to_measure_by(run: RunRow) -> usize {
    let remembered: Remembered = serde_json::from_value(run.summary_json).unwrap_or_default();
    let held = remembered.tripped.iter().find(|tripped| tripped.kind == LimitKind::SourceShrink && !tripped.approved);
    run.employees + held.map_or(0, |tripped| tripped.count)
}

/// The report of a run that is over, or was cut off, without what its recipe kept out of it.
///
/// # Errors
/// When the state database cannot be read.
pub async fn recall(store: &Store, run: RunRow) -> Result<RunReport, StoreError> {
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
        title: remembered.title,
        language: remembered.language,
        privacy: remembered.privacy,
        trend: remembered.trend,
        needed_attention: remembered.needed_attention,
        calls: remembered.calls,
    }
    .kept_private())
}
