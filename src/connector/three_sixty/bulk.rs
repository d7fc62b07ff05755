//! Bulk operations on memberships: begun, waited for, and read row by row (apis/360learning.md §7).

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use super::api::Api;
use super::fields::LEARNER;
use super::refusal;
use super::trouble::{Stop, Trouble};
use super::wire::{OperationStatus, RawResult, ResultStatus};
use crate::connector::http::Method;
use crate::connector::http::failure::Problem;
use crate::connector::{WriteError, Written};

/// Rows in one operation.
pub(super) const MOST: usize = 20_000;

/// How long an operation is waited for.
const PATIENCE: Duration = Duration::from_secs(30 * 60);
/// Between two looks at an operation, longer and longer: reads have a limit of their own, and a run waits for this.
const FIRST_LOOK: Duration = Duration::from_millis(100);
const LAST_LOOK: Duration = Duration::from_secs(2);

/// How often an operation is begun again where bulk operations are in trouble.
const TRIES: usize = 3;

/// What is done to memberships.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Join,
    Leave,
}

/// A membership to change, and the place of the write that wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) place: usize,
    pub(super) user: Arc<str>,
    pub(super) group: Arc<str>,
}

/// Carries out rows and answers each; nothing where there are no bulk operations.
pub(super) async fn carry_out(
    api: &Api,
    change: Change,
    rows: &[Row],
) -> Result<Option<Vec<(usize, Result<Written, Stop>)>>, Stop> {
    let mut answers = Vec::with_capacity(rows.len());
    for some in rows.chunks(MOST) {
        match operation(api, change, some).await {
            Ok(Some(results)) => answers.extend(answered(change, some, &results)),
            Ok(None) if answers.is_empty() => return Ok(None),
            Ok(None) => answers.extend(some.iter().map(|row| (row.place, Err(refusal::no_result().into())))),
            Err(stop) if answers.is_empty() => return Err(stop),
            Err(stop) => {
                let error = stop.words();
                answers.extend(some.iter().map(|row| (row.place, Err(Stop::One(error.clone())))));
            }
        }
    }
    Ok(Some(answers))
}

async fn operation(api: &Api, change: Change, rows: &[Row]) -> Result<Option<Vec<RawResult>>, Stop> {
    // Until the end, so that there are never more of ours than there may be.
    let _place = api.operation_place().await;
    let until = Instant::now() + PATIENCE;
    let input: Vec<Json> =
        rows.iter().map(|row| json!({ "userId": &*row.user, "groupId": &*row.group, "role": LEARNER })).collect();
    let input = Json::Array(input);
    let method = match change {
        Change::Join => Method::POST,
        Change::Leave => Method::DELETE,
    };
    let mut tries = TRIES;
    let operation = loop {
        match api.change_memberships(method.clone(), &input).await {
            Ok(Some(operation)) => break operation,
            Ok(None) => return Ok(None),
            // Others of the company's integrations have all the places.
            Err(Trouble::Failed(failure))
                if matches!(failure.problem, Problem::TooMany(_)) && Instant::now() < until =>
            {
                tracing::warn!("all bulk operations of the company are taken, waiting on");
            }
            Err(trouble) if trouble.is_unavailable() && tries > 0 => {
                tries -= 1;
                tokio::time::sleep(LAST_LOOK).await;
            }
            Err(trouble) => return Err(trouble.into()),
        }
    };
    finished(api, &operation, until).await?;
    Ok(Some(api.operation_results(&operation).await?))
}

async fn finished(api: &Api, operation: &str, until: Instant) -> Result<(), Stop> {
    let mut wait = FIRST_LOOK;
    loop {
        tokio::time::sleep(wait).await;
        match api.operation(operation).await?.status {
            // What was done before an error is in the results too.
            OperationStatus::Completed | OperationStatus::Error => return Ok(()),
            OperationStatus::Pending | OperationStatus::Queued | OperationStatus::Running => {}
        }
        if Instant::now() > until {
            return Err(refusal::no_end().into());
        }
        wait = wait.mul_f64(1.5).min(LAST_LOOK);
    }
}

/// Each row by what is said of it: an operation that completed may have failed for some.
fn answered(
    change: Change,
    rows: &[Row],
    results: &[RawResult],
) -> impl Iterator<Item = (usize, Result<Written, Stop>)> {
    let said: HashMap<(&str, &str), &RawResult> =
        results.iter().map(|result| ((&*result.input.user_id, &*result.input.group_id), result)).collect();
    rows.iter().map(move |row| {
        let answer = match said.get(&(&*row.user, &*row.group)) {
            None => Err(refusal::no_result()),
            Some(RawResult { status: ResultStatus::Success, .. }) => Ok(()),
            Some(result) => failed(change, result.error_message.as_deref().unwrap_or_default()),
        };
        (row.place, answer.map(|()| Written::Done).map_err(Stop::One))
    })
}

/// Who is in no group leaves none, and who is in it already joins it.
fn failed(change: Change, message: &str) -> Result<(), WriteError> {
    let is_done = match change {
        Change::Join => message.to_lowercase().contains("already"),
        Change::Leave => message.contains("userNotFoundInGroup"),
    };
    if is_done { Ok(()) } else { Err(refusal::of_row(message)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(place: usize, user: &str) -> Row {
        Row { place, user: user.into(), group: "g".into() }
    }

    #[test]
    fn rows_are_answered_by_what_they_are_whatever_their_order() {
        let results = json!([
            { "input": { "userId": "c", "groupId": "g", "role": "learner" }, "status": "error", "errorMessage": "userNotFoundInGroup" },
            { "input": { "userId": "b", "groupId": "g" }, "status": "error", "errorMessage": "userDeleted" },
            { "input": { "userId": "a", "groupId": "g" }, "status": "success", "resourceId": "x" },
            { "input": { "userId": "d", "groupId": "other" }, "status": "success" },
        ]);
        let results: Vec<RawResult> = serde_json::from_value(results).unwrap();
        let rows = [row(7, "a"), row(8, "b"), row(9, "c"), row(10, "d")];
        let went: Vec<(usize, bool)> =
            answered(Change::Leave, &rows, &results).map(|(place, answer)| (place, answer.is_ok())).collect();
        assert_eq!(went, [(7, true), (8, false), (9, true), (10, false)]);
    }
}
