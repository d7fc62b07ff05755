//! The runs of each recipe: begun, ended, or found to have been killed. `history` reads them back.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::{BuildHasher, Hasher, RandomState};

use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::Value as Json;

use super::database::{Row, Transaction};
use super::error::Unreadable;
use super::{StartedBy, Store, StoreError, mails};
use crate::model::{OutcomeKind, text_newtype};

text_newtype! {
    /// A run's id, such as `20261121-034502-7f3a`: when it began, in UTC, and something that tells apart two that
    /// began in one second.
    RunId
}

impl RunId {
    fn at(started: Timestamp) -> Self {
        let second = started.to_zoned(TimeZone::UTC).strftime("%Y%m%d-%H%M%S").to_string();
        let random = RandomState::new().build_hasher().finish() & 0xffff;
        Self::new(format!("{second}-{random:04x}"))
    }
}

/// How far a run came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RunStatus {
    /// Under way, or killed and not yet noticed.
    Running,
    /// Carried out to its end; some people may have failed.
    Finished,
    /// Not begun, because that would have been dangerous.
    Refused,
    /// Ended before its end by something that concerned everybody.
    Failed,
    /// Killed; a later run of the recipe finishes its work.
    Interrupted,
}

impl RunStatus {
    /// Every status.
    pub const ALL: [Self; 5] = [Self::Running, Self::Finished, Self::Refused, Self::Failed, Self::Interrupted];

    /// The word used in the database and in lists of runs.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Finished => "finished",
            Self::Refused => "refused",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
        }
    }
}

impl fmt::Display for RunStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A run about to begin.
#[derive(Debug, Clone)]
pub struct NewRun {
    /// The recipe's name.
    pub recipe: String,
    /// The day it runs for.
    pub today: Date,
    /// The source, as reports name it.
    pub source: String,
    /// The target, as reports name it.
    pub target: String,
    /// When it began; kept to the millisecond.
    pub started: Timestamp,
    /// How many employees the source gave.
    pub employees: usize,
    /// What began it.
    pub started_by: StartedBy,
}

/// A run that has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// Its id.
    pub run: RunId,
    /// Earlier runs that never ended and whose work no run has finished yet, the oldest first: this one does.
    pub interrupted: Vec<Interrupted>,
}

/// A run that was killed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interrupted {
    /// Its id.
    pub run: RunId,
    /// When it began.
    pub started: Timestamp,
    /// How many people's outcomes it had saved.
    pub outcomes: usize,
}

/// How a run ended.
#[derive(Debug, Clone)]
pub struct RunEnd {
    /// Finished, refused or failed.
    pub status: RunStatus,
    /// When.
    pub finished: Timestamp,
    /// How many people ended how.
    pub totals: BTreeMap<OutcomeKind, usize>,
    /// What else the report needs; not looked into.
    pub summary_json: Json,
    /// Why it was refused or failed, in a sentence without personal data.
    pub message: Option<String>,
}

impl Store {
    /// Begins a run, and marks the recipe's runs that never ended as interrupted. The caller holds the recipe's lease.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn begin_run(&self, new: &NewRun) -> Result<Begun, StoreError> {
        self.committed(|| self.try_begin_run(new)).await
    }

    async fn try_begin_run(&self, new: &NewRun) -> Result<Begun, sqlx::Error> {
        let mut transaction = self.database.begin().await?;
        let interrupted = interrupt(&mut transaction, &new.recipe).await?;
        let (today, employees) = (new.today.to_string(), i64::try_from(new.employees).unwrap_or(i64::MAX));
        let run = loop {
            let run = RunId::at(new.started);
            let insert = transaction.query(
                "INSERT INTO runs (id, recipe, today, source, target, status, started, employees, totals, started_by) \
                 VALUES ($1, $2, $3, $4, $5, 'running', $6, $7, '{}', $8) ON CONFLICT (id) DO NOTHING",
            );
            let insert = insert.bind(run.as_str()).bind(&new.recipe).bind(&today).bind(&new.source).bind(&new.target);
            let insert = insert.bind(new.started.as_millisecond()).bind(employees).bind(new.started_by.word());
            if insert.execute().await? == 1 {
                break run;
            }
        };
        transaction.commit().await?;
        Ok(Begun { run, interrupted })
    }

    /// Ends a run, and marks that its report is due.
    ///
    /// # Errors
    /// When there is no such run, or the database cannot be written.
    pub async fn finish_run(&self, run: &RunId, end: &RunEnd) -> Result<(), StoreError> {
        let (totals, summary) = (totals_text(&end.totals), end.summary_json.to_string());
        let finished = || async {
            let mut transaction = self.database.begin().await?;
            let update = transaction.query(
                "UPDATE runs SET status = $2, finished = $3, totals = $4, summary = $5, message = $6 WHERE id = $1",
            );
            let update = update.bind(run.as_str()).bind(end.status.word()).bind(end.finished.as_millisecond());
            let found = update.bind(&totals).bind(&summary).bind(end.message.as_deref()).execute().await?;
            mails::report_is_due(&mut transaction, run, end.finished).await?;
            transaction.commit().await?;
            Ok(found)
        };
        match self.committed(finished).await? {
            0 => Err(StoreError::UnknownRun { asked: run.to_string(), fitting: 0 }),
            _ => Ok(()),
        }
    }
}

/// Marks the recipe's runs that never ended, and says which they are. Those that a run found which was killed itself
/// are among them: nobody has read of them yet.
async fn interrupt(transaction: &mut Transaction, recipe: &str) -> Result<Vec<Interrupted>, sqlx::Error> {
    let query = transaction.query(
        "SELECT id, started, (SELECT COUNT(*) FROM outcomes WHERE run_id = runs.id) FROM runs \
         WHERE recipe = $1 AND (status = 'running' OR (status = 'interrupted' AND started > COALESCE(\
         (SELECT MAX(started) FROM runs WHERE recipe = $1 AND status = 'finished'), 0))) ORDER BY started, id",
    );
    let rows = query.bind(recipe).fetch_all().await?;
    let update = transaction.query("UPDATE runs SET status = 'interrupted' WHERE recipe = $1 AND status = 'running'");
    update.bind(recipe).execute().await?;
    let interrupted = |row: &Row| {
        let (run, started) = (row.get::<&str>(0)?.into(), moment(row.get(1)?)?);
        Ok(Interrupted { run, started, outcomes: count(row.get(2)?, "outcomes")? })
    };
    rows.iter().map(interrupted).collect()
}

/// Totals by the words that outcomes are stored with.
fn totals_text(totals: &BTreeMap<OutcomeKind, usize>) -> String {
    totals.iter().map(|(kind, people)| (kind.word().to_owned(), Json::from(*people))).collect::<Json>().to_string()
}

/// A moment from its milliseconds.
pub(super) fn moment(milliseconds: i64) -> Result<Timestamp, sqlx::Error> {
    Timestamp::from_millisecond(milliseconds).map_err(|_| Unreadable("a moment").into())
}

pub(super) fn count(number: i64, column: &'static str) -> Result<usize, sqlx::Error> {
    usize::try_from(number).map_err(|_| Unreadable(column).into())
}
