//! The runs there were, read back.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value as Json;

use super::database::Row;
use super::error::Unreadable;
use super::runs::{RunId, RunStatus, count, moment};
use super::{StartedBy, Store, StoreError};
use crate::model::OutcomeKind;

/// A run as it is remembered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunRow {
    /// Its id.
    pub id: RunId,
    /// The recipe's name.
    pub recipe: String,
    /// The day it ran for.
    pub today: Date,
    /// The source, as reports name it.
    pub source: String,
    /// The target, as reports name it.
    pub target: String,
    /// How far it came.
    pub status: RunStatus,
    /// When it began.
    pub started: Timestamp,
    /// When it ended, if it did.
    pub finished: Option<Timestamp>,
    /// How many employees the source gave.
    pub employees: usize,
    /// How many people ended how; empty until it ended.
    pub totals: BTreeMap<OutcomeKind, usize>,
    /// What else the report needs; null until it ended.
    pub summary_json: Json,
    /// Why it was refused or failed.
    pub message: Option<String>,
    /// What began it.
    pub started_by: StartedBy,
    /// How far it is, in words, while it runs.
    pub progress: Option<String>,
}

/// Every run, before a condition.
macro_rules! select_runs {
    ($rest:literal) => {
        concat!(
            "SELECT id, recipe, today, source, target, status, started, finished, employees, totals, summary, message, \
             started_by, progress FROM runs ",
            $rest
        )
    };
}

impl Store {
    /// The recipe's latest run that was carried out to its end.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn last_finished(&self, recipe: &str) -> Result<Option<RunRow>, StoreError> {
        let sql = select_runs!("WHERE recipe = $1 AND status = 'finished' ORDER BY started DESC, id DESC LIMIT 1");
        let rows = self.database.query(sql).bind(recipe).fetch_all().await;
        Ok(self.read_runs(rows)?.pop())
    }

    /// When the latest runs of a recipe began that were carried out to their end, and how many people ended how; the oldest
    /// first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn trend(
        &self,
        recipe: &str,
        limit: usize,
    ) -> Result<Vec<(Timestamp, BTreeMap<OutcomeKind, usize>)>, StoreError> {
        let query = self.database.query(
            "SELECT started, totals FROM runs WHERE recipe = $1 AND status = 'finished' \
             ORDER BY started DESC, id DESC LIMIT $2",
        );
        let rows = query.bind(recipe).bind(i64::try_from(limit).unwrap_or(i64::MAX)).fetch_all().await;
        let counts = |row: &Row| Ok((moment(row.get(0)?)?, read_totals(row.get(1)?)?));
        rows.and_then(|rows| rows.iter().rev().map(counts).collect()).map_err(|error| self.failed(error))
    }

    /// The latest runs, of one recipe or of all, the newest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn runs(&self, recipe: Option<&str>, limit: usize) -> Result<Vec<RunRow>, StoreError> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let query = match recipe {
            Some(recipe) => self
                .database
                .query(select_runs!("WHERE recipe = $1 ORDER BY started DESC, id DESC LIMIT $2"))
                .bind(recipe),
            None => self.database.query(select_runs!("ORDER BY started DESC, id DESC LIMIT $1")),
        };
        self.read_runs(query.bind(limit).fetch_all().await)
    }

    /// One run, by its id, by the beginning of it where that fits no other, or by the word `latest`.
    ///
    /// # Errors
    /// [`StoreError::UnknownRun`] when no run fits, or several do.
    pub async fn run(&self, asked: &str) -> Result<RunRow, StoreError> {
        let mut found = if asked == "latest" {
            self.runs(None, 1).await?
        } else if !asked.is_empty() && asked.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-') {
            let beginning = format!("{asked}%");
            let rows = self.database.query(select_runs!("WHERE id LIKE $1")).bind(&beginning);
            self.read_runs(rows.fetch_all().await)?
        } else {
            Vec::new()
        };
        match (found.pop(), found.len()) {
            (Some(run), 0) => Ok(run),
            (last, others) => {
                let fitting = others + usize::from(last.is_some());
                Err(StoreError::UnknownRun { asked: asked.to_owned(), fitting })
            }
        }
    }

    fn read_runs(&self, rows: Result<Vec<Row>, sqlx::Error>) -> Result<Vec<RunRow>, StoreError> {
        rows.and_then(|rows| rows.iter().map(read_run).collect()).map_err(|error| self.failed(error))
    }
}

fn read_run(row: &Row) -> Result<RunRow, sqlx::Error> {
    let status = row.get::<&str>(5)?;
    let status = RunStatus::ALL.into_iter().find(|known| known.word() == status);
    let summary: Option<&str> = row.get(10)?;
    let started_by = StartedBy::from_word(row.get(12)?);
    Ok(RunRow {
        id: row.get::<&str>(0)?.into(),
        recipe: row.get(1)?,
        today: row.get::<&str>(2)?.parse().map_err(|_| Unreadable("runs.today"))?,
        source: row.get(3)?,
        target: row.get(4)?,
        status: status.ok_or(Unreadable("runs.status"))?,
        started: moment(row.get(6)?)?,
        finished: row.get::<Option<i64>>(7)?.map(moment).transpose()?,
        employees: count(row.get(8)?, "runs.employees")?,
        totals: read_totals(row.get(9)?)?,
        summary_json: summary.map_or(Ok(Json::Null), serde_json::from_str).map_err(|_| Unreadable("runs.summary"))?,
        message: row.get(11)?,
        started_by: started_by.ok_or(Unreadable("runs.started_by"))?,
        progress: row.get::<Option<String>>(13)?.filter(|_| status == Some(RunStatus::Running)),
    })
}

fn read_totals(text: &str) -> Result<BTreeMap<OutcomeKind, usize>, Unreadable> {
    let unreadable = Unreadable("runs.totals");
    let Ok(words) = serde_json::from_str::<BTreeMap<&str, usize>>(text) else { return Err(unreadable) };
    let known = words.into_iter().map(|(word, people)| Some((OutcomeKind::from_word(word)?, people)));
    known.collect::<Option<_>>().ok_or(unreadable)
}
