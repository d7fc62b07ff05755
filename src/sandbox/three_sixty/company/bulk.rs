//! Bulk operations: they wait, run, and are over after a while; their rows are done when they end
//! (apis/360learning.md §7).

use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::Company;
use super::denial::Denial;
use super::group::{Joined, Role};
use super::id::{Id, Kind};
use super::user::written;
use crate::sandbox::three_sixty::switches::Switches;

/// The most rows of an operation.
pub(crate) const MOST_ROWS: usize = 20_000;

/// A bulk operation.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: Id,
    pub(crate) kind: BulkKind,
    pub(crate) created: Timestamp,
    rows: Vec<Row>,
    starts: Instant,
    ends: Instant,
    /// How it ended.
    end: Option<End>,
    /// Of the rows, so many fail by a fault; and after so many it stops.
    faulty: u32,
    stops_after: Option<usize>,
}

#[derive(Debug)]
struct End {
    at: Timestamp,
    results: Vec<Json>,
    failed: bool,
}

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) enum BulkKind {
    AddUsersToGroups,
    RemoveUsersFromGroups,
}

/// A membership to add or to remove.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Row {
    pub(crate) user_id: Id,
    pub(crate) group_id: Id,
    pub(crate) role: Role,
}

/// Where an operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Stage {
    Queued,
    Running,
    Completed,
    Error,
}

impl Operation {
    pub(crate) fn stage(&self) -> Stage {
        match &self.end {
            Some(End { failed: true, .. }) => Stage::Error,
            Some(_) => Stage::Completed,
            None if Instant::now() < self.starts => Stage::Queued,
            None => Stage::Running,
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        self.end.is_some()
    }

    /// As `GET /bulk/operations/{id}` shows it.
    pub(crate) fn shown(&self) -> Json {
        let stage = self.stage();
        let created = written(self.created);
        let mut shown = json!({
            "_id": self.id, "type": self.kind, "status": stage, "createdAt": created, "queuedAt": created,
        });
        if stage != Stage::Queued {
            let done = self.end.as_ref().map_or(0, |end| end.results.len());
            shown["startedAt"] = json!(created);
            shown["progress"] = json!({ "index": done, "updatedAt": created });
        }
        if let Some(end) = &self.end {
            shown["endedAt"] = json!(written(end.at));
            if end.failed {
                shown["errorMessage"] = json!("the operation stopped");
            }
        }
        shown
    }

    /// The results, row by row, when it is over.
    pub(crate) fn results(&self) -> Option<&[Json]> {
        self.end.as_ref().map(|end| end.results.as_slice())
    }
}

impl Company {
    /// Takes an operation. Whoever calls has seen that there is room for one more.
    pub(crate) fn begin(&mut self, kind: BulkKind, rows: Vec<Row>, switches: &Switches) -> Id {
        let id = self.ids.next(Kind::Operation);
        let starts = Instant::now() + Duration::from_millis(switches.bulk_wait_ms);
        let each = Duration::from_secs(1) / switches.bulk_rows_per_second.max(1);
        let ends = starts + each * u32::try_from(rows.len()).unwrap_or(u32::MAX);
        let faulty = switches.bulk_faults.rows;
        let stops_after = switches.bulk_faults.stops_after.map(|rows| rows as usize);
        let created = self.now();
        self.operations.push(Operation { id, kind, created, rows, starts, ends, end: None, faulty, stops_after });
        id
    }

    /// How many operations are under way.
    pub(crate) fn under_way(&self) -> usize {
        self.operations.iter().filter(|operation| !operation.is_over()).count()
    }

    /// Does what is due by now, in the order in which it ends.
    pub(crate) fn do_due(&mut self, switches: &Switches) {
        let now = Instant::now();
        loop {
            let due = self.operations.iter().enumerate().filter(|(_, one)| !one.is_over() && one.ends <= now);
            let Some((at, _)) = due.min_by_key(|(_, one)| one.ends) else { return };
            let (kind, stop) = (self.operations[at].kind, self.operations[at].stops_after);
            let (rows, faulty) = (std::mem::take(&mut self.operations[at].rows), self.operations[at].faulty as usize);
            let failed = stop.is_some_and(|stop| stop < rows.len());
            let done = rows.into_iter().take(stop.unwrap_or(usize::MAX)).enumerate();
            let results = done.map(|(at, row)| self.do_row(kind, &row, at < faulty, switches)).collect();
            self.operations[at].end = Some(End { at: self.now(), results, failed });
        }
    }

    fn do_row(&mut self, kind: BulkKind, row: &Row, faulty: bool, switches: &Switches) -> Json {
        let Row { user_id, group_id, role } = *row;
        let done = match kind {
            _ if faulty => Err("internalError"),
            _ if role == Role::Owner => Err("invalidRole"),
            BulkKind::AddUsersToGroups => {
                self.join(group_id, role, user_id, switches).map_err(code).and_then(|joined| {
                    let refused = joined == Joined::Again && !switches.bulk_joins_again;
                    if refused { Err("userAlreadyInGroup") } else { Ok(()) }
                })
            }
            BulkKind::RemoveUsersFromGroups => self.leave(group_id, role, user_id, switches).map_err(code),
        };
        match done {
            Ok(()) => json!({ "input": row, "status": "success", "resourceId": group_id }),
            Err(message) => json!({ "input": row, "status": "error", "errorMessage": message }),
        }
    }
}

fn code(denial: Denial) -> &'static str {
    denial.code
}
