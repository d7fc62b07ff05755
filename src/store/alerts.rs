//! Trouble that people are told of, and when they were last told. What is told, and when, is decided elsewhere.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::bulk;
use super::database::{Row, Transaction};
use super::runs::{count, moment};
use super::{Store, StoreError};

/// Trouble with one subject: it stands, or its end is still to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// The word for what kind of trouble it is.
    pub occasion: String,
    /// What it is about: a person's id, a kind of change, a piece of work.
    pub subject: String,
    /// What is wrong, in one line without personal data.
    pub what: String,
    /// When it came up.
    pub since: Timestamp,
    /// When it last became another: came up, came back, or got another cause.
    pub changed: Timestamp,
    /// How often it was met.
    pub times: usize,
    /// When it ended, if it did.
    pub ended: Option<Timestamp>,
}

/// Trouble that was met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raised {
    /// The word for what kind of trouble it is.
    pub occasion: &'static str,
    /// What it is about.
    pub subject: String,
    /// What is wrong, in one line without personal data.
    pub what: String,
}

/// What was seen to be well: subjects of an occasion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Well {
    /// These.
    Subjects(&'static str, BTreeSet<String>),
    /// All but these.
    AllBut(&'static str, BTreeSet<String>),
}

impl Well {
    fn covers(&self, occasion: &str, subject: &str) -> bool {
        match self {
            Self::Subjects(of, subjects) => *of == occasion && subjects.contains(subject),
            Self::AllBut(of, subjects) => *of == occasion && !subjects.contains(subject),
        }
    }
}

/// So many alerts of a recipe are read at most: more would say nothing more to anybody.
const MOST: i64 = 10_000;

impl Store {
    /// Notes trouble that was met, and what was seen to be well.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn note_alerts(
        &self,
        recipe: &str,
        raised: &[Raised],
        well: &[Well],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if raised.is_empty() && !self.has_open_alerts(recipe).await? {
            return Ok(());
        }
        let recipe: Arc<str> = recipe.into();
        let noted = || async {
            let mut transaction = self.database.begin().await?;
            end(&mut transaction, &recipe, well, now).await?;
            raise(&mut transaction, &recipe, raised, now).await?;
            transaction.commit().await
        };
        self.committed(noted).await
    }

    /// The alerts of a recipe, the oldest first.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn alerts(&self, recipe: &str) -> Result<Vec<Alert>, StoreError> {
        let query = self.database.query(
            "SELECT occasion, subject, what, since, changed, times, ended FROM alerts WHERE recipe = $1 \
             ORDER BY since, occasion, subject LIMIT $2",
        );
        let rows = query.bind(recipe).bind(MOST).fetch_all().await;
        rows.and_then(|rows| rows.iter().map(alert).collect()).map_err(|error| self.failed(error))
    }

    /// When the trouble that stands was last told, if it was.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn last_told(&self, recipe: &str) -> Result<Option<Timestamp>, StoreError> {
        let row =
            self.database.query("SELECT told FROM tellings WHERE recipe = $1").bind(recipe).fetch_optional().await;
        let told = row.and_then(|row| row.map(|row| row.get::<Option<i64>>(0)?.map(moment).transpose()).transpose());
        told.map(Option::flatten).map_err(|error| self.failed(error))
    }

    /// Lets the caller alone tell until a moment, if nobody else is at it and nothing was told since the caller looked.
    /// Whoever dies while telling has not told: afterwards somebody else may.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn claim_telling(
        &self,
        recipe: &str,
        told: Option<Timestamp>,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<bool, StoreError> {
        let (now, until) = (now.as_millisecond(), until.as_millisecond());
        let claimed = match told {
            None => {
                let first = self.database.query(
                    "INSERT INTO tellings (recipe, claimed) VALUES ($1, $2) ON CONFLICT (recipe) DO UPDATE \
                     SET claimed = excluded.claimed WHERE tellings.claimed <= $3 AND tellings.told IS NULL",
                );
                first.bind(recipe).bind(until).bind(now).execute().await
            }
            Some(told) => {
                let again = self
                    .database
                    .query("UPDATE tellings SET claimed = $2 WHERE recipe = $1 AND claimed <= $3 AND told = $4");
                again.bind(recipe).bind(until).bind(now).bind(told.as_millisecond()).execute().await
            }
        };
        claimed.map(|rows| rows == 1).map_err(|error| self.failed(error))
    }

    /// Forgets alerts that ended, and that anything was told.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn forget_alerts(&self, recipe: &str) -> Result<(), StoreError> {
        let forgotten = || async {
            let mut transaction = self.database.begin().await?;
            forget(&mut transaction, recipe).await?;
            transaction.commit().await
        };
        self.committed(forgotten).await
    }

    async fn has_open_alerts(&self, recipe: &str) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM alerts WHERE recipe = $1 AND ended IS NULL LIMIT 1";
        let row = self.database.query(sql).bind(recipe).fetch_optional().await;
        row.map(|row| row.is_some()).map_err(|error| self.failed(error))
    }
}

/// Everything there is was told at this moment.
pub(super) async fn told(transaction: &mut Transaction, recipe: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    let told = transaction.query("UPDATE tellings SET told = $2, claimed = 0 WHERE recipe = $1");
    told.bind(recipe).bind(now.as_millisecond()).execute().await.map(drop)
}

/// Forgets alerts that ended, and that anything was told.
pub(super) async fn forget(transaction: &mut Transaction, recipe: &str) -> Result<(), sqlx::Error> {
    let ended = transaction.query("DELETE FROM alerts WHERE recipe = $1 AND ended IS NOT NULL");
    ended.bind(recipe).execute().await?;
    transaction.query("DELETE FROM tellings WHERE recipe = $1").bind(recipe).execute().await.map(drop)
}

async fn raise(
    transaction: &mut Transaction,
    recipe: &Arc<str>,
    raised: &[Raised],
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    bulk::execute(
        transaction,
        "INSERT INTO alerts (recipe, occasion, subject, what, since, changed, times) ",
        &bulk::last_words(raised, |raised| (raised.occasion, raised.subject.clone())),
        " ON CONFLICT (recipe, occasion, subject) DO UPDATE SET \
         changed = CASE WHEN alerts.ended IS NULL AND alerts.what = excluded.what THEN alerts.changed \
         ELSE excluded.changed END, times = alerts.times + 1, what = excluded.what, ended = NULL",
        |row, raised| {
            row.push(Arc::clone(recipe))
                .push(raised.occasion)
                .push(raised.subject.as_str())
                .push(raised.what.as_str())
                .push(now.as_millisecond())
                .push(now.as_millisecond())
                .push(1_i64);
        },
    )
    .await
}

async fn end(
    transaction: &mut Transaction,
    recipe: &Arc<str>,
    well: &[Well],
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    if well.is_empty() {
        return Ok(());
    }
    let open = transaction.query("SELECT occasion, subject FROM alerts WHERE recipe = $1 AND ended IS NULL");
    let rows = open.bind(&**recipe).fetch_all().await?;
    for row in &rows {
        let (occasion, subject) = (row.get::<&str>(0)?, row.get::<&str>(1)?);
        if well.iter().any(|well| well.covers(occasion, subject)) {
            let ended =
                transaction.query("UPDATE alerts SET ended = $4 WHERE recipe = $1 AND occasion = $2 AND subject = $3");
            ended.bind(&**recipe).bind(occasion).bind(subject).bind(now.as_millisecond()).execute().await?;
        }
    }
    Ok(())
}

fn alert(row: &Row) -> Result<Alert, sqlx::Error> {
    Ok(Alert {
        occasion: row.get(0)?,
        subject: row.get(1)?,
        what: row.get(2)?,
        since: moment(row.get(3)?)?,
        changed: moment(row.get(4)?)?,
        times: count(row.get(5)?, "alerts.times")?,
        ended: row.get::<Option<i64>>(6)?.map(moment).transpose()?,
    })
}
