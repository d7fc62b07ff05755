//! What has been done on time, how far a run is, and who began it.

use std::fmt;

use jiff::Timestamp;

use super::runs::moment;
use super::{RunId, Store, StoreError};

/// What began a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StartedBy {
    /// Somebody, at the command line.
    Hand,
    /// The recipe's schedule.
    Schedule,
}

impl StartedBy {
    /// The word used in the database and in lists of runs.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Hand => "hand",
            Self::Schedule => "schedule",
        }
    }

    /// What goes by this word.
    pub(super) fn from_word(word: &str) -> Option<Self> {
        [Self::Hand, Self::Schedule].into_iter().find(|known| known.word() == word)
    }
}

impl fmt::Display for StartedBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl Store {
    /// Up to when the runs of a recipe's schedule are done. A recipe that is seen for the first time has missed none.
    ///
    /// # Errors
    /// When the database cannot be used.
    pub async fn slots_done(&self, recipe: &str, now: Timestamp) -> Result<Timestamp, StoreError> {
        let known = self.database.query("SELECT done FROM slots WHERE recipe = $1").bind(recipe).fetch_optional().await;
        let known = known.and_then(|row| row.map(|row| moment(row.get(0)?)).transpose());
        match known.map_err(|error| self.failed(error))? {
            Some(done) => Ok(done),
            None => {
                self.slots_are_done(recipe, now).await?;
                Ok(now)
            }
        }
    }

    /// Remembers that everything up to a moment is done; an earlier moment changes nothing.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn slots_are_done(&self, recipe: &str, until: Timestamp) -> Result<(), StoreError> {
        let done = self.database.query(
            "INSERT INTO slots (recipe, done) VALUES ($1, $2) \
             ON CONFLICT (recipe) DO UPDATE SET done = CASE WHEN excluded.done > slots.done THEN excluded.done ELSE slots.done END",
        );
        let done = done.bind(recipe).bind(until.as_millisecond()).execute().await;
        done.map(|_| ()).map_err(|error| self.failed(error))
    }

    /// When the last run began that somebody started and that came to its end.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn last_by_hand(&self, recipe: &str) -> Result<Option<Timestamp>, StoreError> {
        let last = self
            .database
            .query("SELECT MAX(started) FROM runs WHERE recipe = $1 AND started_by = 'hand' AND status = 'finished'");
        let row = last.bind(recipe).fetch_one().await;
        let last = row.and_then(|row| row.get::<Option<i64>>(0)?.map(moment).transpose());
        last.map_err(|error| self.failed(error))
    }

    /// Notes how far a run is, in words.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn note_progress(&self, run: &RunId, progress: &str) -> Result<(), StoreError> {
        let note = self.database.query("UPDATE runs SET progress = $2 WHERE id = $1 AND status = 'running'");
        let noted = note.bind(run.as_str()).bind(progress).execute().await;
        noted.map(|_| ()).map_err(|error| self.failed(error))
    }
}
