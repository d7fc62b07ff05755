//! People to be looked at again, and who is at work on them. One row for each, however many deliveries said so.
//!
//! A claim has no time to run out: it is void when the replica that holds it is gone, which is known from its lock
//! (`lease`). So no clock decides whether two work on one person.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use sqlx::AssertSqlSafe;

use super::database::{Database, Row, Transaction};
use super::runs::{count, moment};
use super::{Store, StoreError, bulk};
use crate::model::EmployeeId;

/// What is marked later than so long from now was marked by a clock that has been set back since.
const AHEAD: Duration = Duration::from_secs(60);

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

/// People who waited at a moment, and how often each had been marked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Waiting(Vec<(EmployeeId, i64)>);

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
        let recipe: Arc<str> = recipe.into();
        let mark_of = |employee: &EmployeeId| Mark {
            recipe: Arc::clone(&recipe),
            employee: employee.clone(),
            due,
            marked: now,
            marks: 1,
        };
        let marks: Vec<Mark> = employees.iter().map(mark_of).collect();
        let marked = || async {
            let mut transaction = self.database.begin().await?;
            mark(&mut transaction, &marks).await?;
            transaction.commit().await
        };
        self.committed(marked).await
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
        // Others' transactions are not waited for: so claims end none, and replicas claim at the same time.
        let free = match self.database {
            Database::Sqlite(_) => "",
            Database::Postgres(_) => " FOR UPDATE SKIP LOCKED",
        };
        // Materialized: PostgreSQL would otherwise look for others each time it comes to a row that it has locked.
        let sql = format!(
            "WITH free AS MATERIALIZED (SELECT employee FROM due WHERE recipe = $2 AND parked = 0 AND due <= $3 \
             AND claimed IS NULL ORDER BY due LIMIT $4{free}) \
             UPDATE due SET claimed = $1 WHERE recipe = $2 AND claimed IS NULL \
             AND employee IN (SELECT employee FROM free) RETURNING employee, marked, attempts, marks"
        );
        let query = self.database.query(AssertSqlSafe(sql));
        let query = query.bind(replica).bind(recipe).bind(now.as_millisecond());
        let rows = query.bind(i64::try_from(most).unwrap_or(i64::MAX)).fetch_all().await;
        let claim = |row: &Row| {
            Ok(Claim {
                employee: EmployeeId::from(row.get::<&str>(0)?),
                marked: moment(row.get(1)?)?,
                attempts: u32::try_from(row.get::<i64>(2)?).unwrap_or(u32::MAX),
                marks: row.get(3)?,
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
        let row = self.database.query(sql).bind(recipe).fetch_optional().await;
        let due = row.and_then(|row| row.map(|row| moment(row.get(0)?)).transpose());
        due.map_err(|error| self.failed(error))
    }

    /// Turns days that have come into people who are due, and those whom a clock that was ahead has put into the future.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn wake(&self, recipe: &str, now: Timestamp) -> Result<usize, StoreError> {
        let recipe: Arc<str> = recipe.into();
        let woken = || async {
            let mut transaction = self.database.begin().await?;
            let ahead = (now + AHEAD).as_millisecond();
            let back = transaction.query(
                "UPDATE due SET due = $2, marked = $2 WHERE recipe = $1 AND parked = 0 AND due > $3 AND marked > $3 \
                 AND claimed IS NULL",
            );
            back.bind(&*recipe).bind(now.as_millisecond()).bind(ahead).execute().await?;
            let query = transaction.query(
                "DELETE FROM days WHERE recipe = $1 AND employee IN \
                 (SELECT employee FROM days WHERE recipe = $1 AND at <= $2 LIMIT 10000) RETURNING employee",
            );
            let rows = query.bind(&*recipe).bind(now.as_millisecond()).fetch_all().await?;
            let mark_of = |row: &Row| {
                let employee = row.get::<&str>(0)?.into();
                Ok(Mark { recipe: Arc::clone(&recipe), employee, due: now, marked: now, marks: 1 })
            };
            let marks: Vec<Mark> = rows.iter().map(mark_of).collect::<Result<_, sqlx::Error>>()?;
            mark(&mut transaction, &marks).await?;
            transaction.commit().await?;
            Ok(marks.len())
        };
        self.committed(woken).await
    }

    /// Those who are not tried any more, the longest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn parked(&self, recipe: &str) -> Result<Vec<Parked>, StoreError> {
        let query = self.database.query(
            "SELECT employee, attempts, trouble, marked FROM due WHERE recipe = $1 AND parked = 1 ORDER BY marked",
        );
        let parked = |row: &Row| {
            Ok(Parked {
                employee: row.get::<&str>(0)?.into(),
                attempts: u32::try_from(row.get::<i64>(1)?).unwrap_or(u32::MAX),
                trouble: row.get::<Option<String>>(2)?.unwrap_or_default(),
                marked: moment(row.get(3)?)?,
            })
        };
        let rows = query.bind(recipe).fetch_all().await;
        let parked = rows.and_then(|rows| rows.iter().map(parked).collect());
        parked.map_err(|error| self.failed(error))
    }

    /// How much there is to look at, for metrics.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn backlog(&self, recipe: &str, now: Timestamp) -> Result<Backlog, StoreError> {
        let query = self.database.query(
            "SELECT COUNT(CASE WHEN parked = 0 THEN 1 END), COUNT(CASE WHEN parked = 1 THEN 1 END), \
             MIN(CASE WHEN parked = 0 AND due <= $2 THEN due END) FROM due WHERE recipe = $1",
        );
        let row = query.bind(recipe).bind(now.as_millisecond()).fetch_one().await;
        let backlog = row.and_then(|row| {
            let (due, parked) = (count(row.get(0)?, "due")?, count(row.get(1)?, "due.parked")?);
            Ok(Backlog { due, parked, oldest: row.get::<Option<i64>>(2)?.map(moment).transpose()? })
        });
        backlog.map_err(|error| self.failed(error))
    }

    /// Lets those who are parked be tried again now.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn unpark(&self, recipe: &str, now: Timestamp) -> Result<usize, StoreError> {
        let sql = "UPDATE due SET parked = 0, attempts = 0, due = $2 WHERE recipe = $1 AND parked = 1";
        let done = self.database.query(sql).bind(recipe).bind(now.as_millisecond()).execute().await;
        done.map(|rows| usize::try_from(rows).unwrap_or(usize::MAX)).map_err(|error| self.failed(error))
    }

    /// Who waits before a full sync begins to read.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn waiting(&self, recipe: &str) -> Result<Waiting, StoreError> {
        let rows =
            self.database.query("SELECT employee, marks FROM due WHERE recipe = $1").bind(recipe).fetch_all().await;
        let marks = |row: &Row| Ok((row.get::<&str>(0)?.into(), row.get(1)?));
        rows.and_then(|rows| rows.iter().map(marks).collect()).map(Waiting).map_err(|error| self.failed(error))
    }

    /// Forgets those who waited before a full sync began to read and came through it. Who was marked again meanwhile may
    /// have changed after they were read, and still waits.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn looked_at_everybody(
        &self,
        recipe: &str,
        waiting: Waiting,
        failed: &BTreeSet<EmployeeId>,
    ) -> Result<(), StoreError> {
        let recipe: Arc<str> = recipe.into();
        let settled: Vec<_> = waiting.0.into_iter().filter(|(employee, _)| !failed.contains(employee)).collect();
        let head = "DELETE FROM due WHERE claimed IS NULL AND (recipe, employee, marks) IN (";
        let forgotten = || async {
            let mut transaction = self.database.begin().await?;
            bulk::execute(&mut transaction, head, &settled, ")", |row, (employee, marks)| {
                row.push(Arc::clone(&recipe)).push(Arc::clone(employee.shared())).push(*marks);
            })
            .await?;
            transaction.commit().await
        };
        self.committed(forgotten).await
    }
}

/// Somebody to be looked at.
#[derive(Debug, Clone)]
pub(super) struct Mark {
    pub(super) recipe: Arc<str>,
    pub(super) employee: EmployeeId,
    pub(super) due: Timestamp,
    /// Since when something is to be looked at.
    pub(super) marked: Timestamp,
    /// How many deliveries said so.
    pub(super) marks: i64,
}

/// Marks people; no two of the marks may be of one person. Who is parked gets one more try.
pub(super) async fn mark(transaction: &mut Transaction, marks: &[Mark]) -> Result<(), sqlx::Error> {
    bulk::execute(
        transaction,
        "INSERT INTO due (recipe, employee, due, marked, marks, attempts, parked) ",
        marks,
        " ON CONFLICT (recipe, employee) DO UPDATE SET marks = due.marks + excluded.marks, parked = 0, \
         due = CASE WHEN due.parked = 1 OR due.due > excluded.due THEN excluded.due ELSE due.due END, \
         marked = CASE WHEN due.parked = 1 THEN excluded.marked ELSE due.marked END",
        |row, mark| {
            row.push(Arc::clone(&mark.recipe))
                .push(Arc::clone(mark.employee.shared()))
                .push(mark.due.as_millisecond())
                .push(mark.marked.as_millisecond())
                .push(mark.marks)
                .push(0_i64)
                .push(0_i64);
        },
    )
    .await
}

/// Ends claims. One that is not the replica's any more is left alone.
pub(super) async fn end(
    transaction: &mut Transaction,
    recipe: &str,
    replica: &str,
    endings: &[(Claim, Ending)],
) -> Result<(), sqlx::Error> {
    for (claim, ending) in endings {
        let employee = claim.employee.as_str();
        let (due, failed, parked, trouble) = match ending {
            Ending::Done(again) => {
                let sql = "DELETE FROM due WHERE recipe = $1 AND employee = $2 AND claimed = $3 AND marks = $4";
                let gone = transaction.query(sql).bind(recipe).bind(employee).bind(replica).bind(claim.marks);
                if gone.execute().await? == 1 {
                    continue;
                }
                (*again, -1_i64, 0_i64, None)
            }
            Ending::Again(at) => (*at, 0, 0, None),
            Ending::Failed(at, trouble) => (*at, 1, 0, Some(trouble.as_str())),
            Ending::Parked(trouble) => (claim.marked, 1, 1, Some(trouble.as_str())),
        };
        let end = transaction.query(
            "UPDATE due SET claimed = NULL, due = $4, parked = $6, trouble = $7, \
             attempts = CASE WHEN $5 < 0 THEN 0 ELSE attempts + $5 END, marked = CASE WHEN $5 < 0 THEN $4 ELSE marked END \
             WHERE recipe = $1 AND employee = $2 AND claimed = $3",
        );
        let end = end.bind(recipe).bind(employee).bind(replica).bind(due.as_millisecond());
        end.bind(failed).bind(parked).bind(trouble).execute().await?;
    }
    Ok(())
}
