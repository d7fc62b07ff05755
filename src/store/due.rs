//! People to be looked at again, and who is at work on them. One row for each, however many deliveries said so.
//!
//! A claim has no time to run out: it is void when the replica that holds it is gone, which is known from its lock
//! (`lease`). So no clock decides whether two work on one person.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use sqlx::{Row as _, SqliteConnection};

use super::runs::{count, moment};
use super::{Store, StoreError, bulk};
use crate::model::EmployeeId;

/// Somebody to be looked at, claimed by one replica.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The employee.
    pub employee: EmployeeId,
    /// Since when something is to be looked at.
    pub marked: Timestamp,
    /// How many tries have failed since the last that did not.
    pub attempts: u32,
    /// How often they had been marked when they were claimed.
    marks: i64,
}

/// What becomes of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// Everything is done; who was marked again meanwhile is looked at again at this moment.
    Done(Timestamp),
    /// To be looked at again at this moment, not for any fault of theirs.
    Again(Timestamp),
    /// Failed, and tried again at this moment.
    Failed(Timestamp, String),
    /// Failed too often: not tried again before something new comes.
    Parked(String),
}

/// Somebody who is not tried any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    /// The employee.
    pub employee: EmployeeId,
    /// How many tries failed.
    pub attempts: u32,
    /// What the last one failed at, without personal data.
    pub trouble: String,
    /// Since when something is to be looked at.
    pub marked: Timestamp,
}

/// How much there is to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Backlog {
    /// People who wait or are being looked at.
    pub due: usize,
    /// People who are not tried any more.
    pub parked: usize,
    /// Since when the first of those who wait has been due, if their time has come.
    pub oldest: Option<Timestamp>,
}

impl Store {
    /// Marks people to be looked at from a moment on; who waits already keeps their earlier one.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn mark_due(
        &self,
        recipe: &str,
        employees: &[EmployeeId],
        due: Timestamp,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let marked = async {
            let mut transaction = self.begin().await?;
            let marks: Vec<Mark> = employees
                .iter()
                .map(|employee| Mark { recipe: recipe.into(), employee: employee.clone(), due, marks: 1 })
                .collect();
            mark(&mut transaction, &marks, now).await?;
            transaction.commit().await
        };
        marked.await.map_err(|error| self.failed(error))
    }

    /// Claims those whose time has come, the longest due first.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn claim(
        &self,
        recipe: &str,
        replica: &str,
        now: Timestamp,
        most: usize,
    ) -> Result<Vec<Claim>, StoreError> {
        let rows = sqlx::query(
            "UPDATE due SET claimed = $1 WHERE recipe = $2 AND claimed IS NULL AND employee IN (SELECT employee FROM due \
             WHERE recipe = $2 AND parked = 0 AND due <= $3 AND claimed IS NULL ORDER BY due LIMIT $4) \
             RETURNING employee, marked, attempts, marks",
        )
        .bind(replica)
        .bind(recipe)
        .bind(now.as_millisecond())
        .bind(i64::try_from(most).unwrap_or(i64::MAX))
        .fetch_all(&self.pool)
        .await;
        let claim = |row: &sqlx::sqlite::SqliteRow| {
            Ok(Claim {
                employee: EmployeeId::from(row.try_get::<&str, _>(0)?),
                marked: moment(row.try_get(1)?)?,
                attempts: u32::try_from(row.try_get::<i64, _>(2)?).unwrap_or(u32::MAX),
                marks: row.try_get(3)?,
            })
        };
        let claims = rows.and_then(|rows| rows.iter().map(claim).collect());
        claims.map_err(|error| self.failed(error))
    }

    /// When the next person is due who is not at work on or parked.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn next_due(&self, recipe: &str) -> Result<Option<Timestamp>, StoreError> {
        let sql = "SELECT due FROM due WHERE recipe = $1 AND parked = 0 AND claimed IS NULL ORDER BY due LIMIT 1";
        let due: Result<Option<i64>, sqlx::Error> =
            sqlx::query_scalar(sql).bind(recipe).fetch_optional(&self.pool).await;
        due.and_then(|due| due.map(moment).transpose()).map_err(|error| self.failed(error))
    }

    /// Turns days that have come into people who are due.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn wake(&self, recipe: &str, now: Timestamp) -> Result<usize, StoreError> {
        let woken = async {
            let mut transaction = self.begin().await?;
            let came: Vec<String> = sqlx::query_scalar(
                "DELETE FROM days WHERE recipe = $1 AND employee IN \
                 (SELECT employee FROM days WHERE recipe = $1 AND at <= $2 LIMIT 10000) RETURNING employee",
            )
            .bind(recipe)
            .bind(now.as_millisecond())
            .fetch_all(&mut *transaction)
            .await?;
            let marks: Vec<Mark> = came
                .iter()
                .map(|employee| Mark {
                    recipe: recipe.into(),
                    employee: EmployeeId::from(employee.as_str()),
                    due: now,
                    marks: 1,
                })
                .collect();
            mark(&mut transaction, &marks, now).await?;
            transaction.commit().await?;
            Ok(came.len())
        };
        woken.await.map_err(|error| self.failed(error))
    }

    /// Those who are not tried any more, the longest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn parked(&self, recipe: &str) -> Result<Vec<Parked>, StoreError> {
        let rows: Result<Vec<(String, i64, Option<String>, i64)>, sqlx::Error> = sqlx::query_as(
            "SELECT employee, attempts, trouble, marked FROM due WHERE recipe = $1 AND parked = 1 ORDER BY marked",
        )
        .bind(recipe)
        .fetch_all(&self.pool)
        .await;
        let parked = |(employee, attempts, trouble, marked): (String, i64, Option<String>, i64)| {
            Ok(Parked {
                employee: EmployeeId::from(employee.as_str()),
                attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
                trouble: trouble.unwrap_or_default(),
                marked: moment(marked)?,
            })
        };
        let parked = rows.and_then(|rows| rows.into_iter().map(parked).collect());
        parked.map_err(|error| self.failed(error))
    }

    /// How much there is to look at, for metrics.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn backlog(&self, recipe: &str, now: Timestamp) -> Result<Backlog, StoreError> {
        let row: Result<(i64, i64, Option<i64>), sqlx::Error> = sqlx::query_as(
            "SELECT COUNT(*), COALESCE(SUM(parked), 0), MIN(CASE WHEN parked = 0 AND due <= $2 THEN due END) FROM due \
             WHERE recipe = $1",
        )
        .bind(recipe)
        .bind(now.as_millisecond())
        .fetch_one(&self.pool)
        .await;
        let backlog = row.and_then(|(all, parked, oldest)| {
            let parked = count(parked, "due.parked")?;
            let due = count(all, "due")?.saturating_sub(parked);
            Ok(Backlog { due, parked, oldest: oldest.map(moment).transpose()? })
        });
        backlog.map_err(|error| self.failed(error))
    }

    /// Lets those who are parked be tried again now.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn unpark(&self, recipe: &str, now: Timestamp) -> Result<usize, StoreError> {
        let sql = "UPDATE due SET parked = 0, attempts = 0, due = $2 WHERE recipe = $1 AND parked = 1";
        let done = sqlx::query(sql).bind(recipe).bind(now.as_millisecond()).execute(&self.pool).await;
        let done = done.and_then(|done| count(i64::try_from(done.rows_affected()).unwrap_or(i64::MAX), "due"));
        done.map_err(|error| self.failed(error))
    }

    /// Forgets who was marked before a full sync began to read and came through it: everybody has been looked at since.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn looked_at_everybody(
        &self,
        recipe: &str,
        since: Timestamp,
        failed: &BTreeSet<EmployeeId>,
    ) -> Result<(), StoreError> {
        let forgotten = async {
            let mut transaction = self.begin().await?;
            let marked: Vec<String> =
                sqlx::query_scalar("SELECT employee FROM due WHERE recipe = $1 AND marked <= $2 AND claimed IS NULL")
                    .bind(recipe)
                    .bind(since.as_millisecond())
                    .fetch_all(&mut *transaction)
                    .await?;
            let marked = marked.iter().map(|employee| EmployeeId::from(employee.as_str()));
            let settled: Vec<EmployeeId> = marked.filter(|employee| !failed.contains(employee)).collect();
            let recipe: Arc<str> = recipe.into();
            bulk::execute(
                &mut transaction,
                "DELETE FROM due WHERE (recipe, employee) IN (",
                &settled,
                ")",
                |row, employee| {
                    row.push_bind(Arc::clone(&recipe)).push_bind(Arc::clone(employee.shared()));
                },
            )
            .await?;
            transaction.commit().await
        };
        forgotten.await.map_err(|error| self.failed(error))
    }
}

/// Somebody to be looked at.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    pub(super) recipe: Arc<str>,
    pub(super) employee: EmployeeId,
    pub(super) due: Timestamp,
    /// How many deliveries said so.
    pub(super) marks: i64,
}

/// Marks people; no two of the marks may be of one person. Who is parked gets one more try.
pub(super) async fn mark(connection: &mut SqliteConnection, marks: &[Mark], now: Timestamp) -> Result<(), sqlx::Error> {
    let now = now.as_millisecond();
    bulk::execute(
        connection,
        "INSERT INTO due (recipe, employee, due, marked, marks, attempts, parked) ",
        marks,
        " ON CONFLICT (recipe, employee) DO UPDATE SET marks = due.marks + excluded.marks, parked = 0, \
         due = CASE WHEN due.parked = 1 OR due.due > excluded.due THEN excluded.due ELSE due.due END",
        |row, mark| {
            row.push_bind(Arc::clone(&mark.recipe))
                .push_bind(Arc::clone(mark.employee.shared()))
                .push_bind(mark.due.as_millisecond())
                .push_bind(now)
                .push_bind(mark.marks)
                .push_bind(0_i64)
                .push_bind(0_i64);
        },
    )
    .await
}

/// Ends claims. One that is not the replica's any more is left alone.
pub(super) async fn end(
    connection: &mut SqliteConnection,
    recipe: &str,
    replica: &str,
    endings: &[(Claim, Ending)],
) -> Result<(), sqlx::Error> {
    for (claim, ending) in endings {
        let employee = claim.employee.as_str();
        let (due, failed, parked, trouble) = match ending {
            Ending::Done(again) => {
                let sql = "DELETE FROM due WHERE recipe = $1 AND employee = $2 AND claimed = $3 AND marks = $4";
                let gone = sqlx::query(sql).bind(recipe).bind(employee).bind(replica).bind(claim.marks);
                if gone.execute(&mut *connection).await?.rows_affected() == 1 {
                    continue;
                }
                (*again, -1, 0, None)
            }
            Ending::Again(at) => (*at, 0, 0, None),
            Ending::Failed(at, trouble) => (*at, 1, 0, Some(trouble)),
            Ending::Parked(trouble) => (claim.marked, 1, 1, Some(trouble)),
        };
        sqlx::query(
            "UPDATE due SET claimed = NULL, due = $4, parked = $6, trouble = $7, \
             attempts = CASE WHEN $5 < 0 THEN 0 ELSE attempts + $5 END, marked = CASE WHEN $5 < 0 THEN $4 ELSE marked END \
             WHERE recipe = $1 AND employee = $2 AND claimed = $3",
        )
        .bind(recipe)
        .bind(employee)
        .bind(replica)
        .bind(due.as_millisecond())
        .bind(i64::from(failed))
        .bind(i64::from(parked))
        .bind(trouble)
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}
