//! What became of each person, run by run.
//!
//! Most people are unremarkable: their columns say everything. What more there is to say about the others is kept as
//! one JSON text: see `details`.

use std::sync::Arc;

use sqlx::AssertSqlSafe;

use super::database::{Row, Transaction};
use super::details::{Details, Reasons};
use super::error::Unreadable;
use super::{RunId, Store, StoreError, bulk, shared};
use crate::model::plan::{Origin, PersonPlan, Reason, Verdict};
use crate::model::{Outcome, OutcomeKind};

/// How many runs of a recipe keep their outcomes, unless somebody wants otherwise.
pub const KEEP_RUNS: usize = 50;

/// People read at a time.
const PAGE: i64 = 2_000;

/// The verdict that ends like this when all goes well.
pub(super) fn verdict_of(kind: OutcomeKind) -> Option<Verdict> {
    Verdict::ALL.into_iter().find(|verdict| OutcomeKind::of(*verdict) == kind)
}

/// Saves outcomes; what was saved before for the same position of the run is replaced.
pub(super) async fn save(
    transaction: &mut Transaction,
    run: &RunId,
    outcomes: &[(u32, Outcome)],
) -> Result<(), sqlx::Error> {
    if outcomes.is_empty() {
        return Ok(());
    }
    let mut reasons = Reasons::read(&transaction.query(Reasons::OF_RUN).bind(run.as_str()).fetch_all().await?)?;
    let known = reasons.len();
    let mut unfit = Ok(());
    bulk::execute(
        transaction,
        "INSERT INTO outcomes (run_id, position, employee, name, email, kind, user_id, in_roster, \
         reason, reason_file, reason_line, details) ",
        &bulk::last_words(outcomes, |(position, _)| *position),
        " ON CONFLICT (run_id, position) DO UPDATE SET employee = excluded.employee, name = excluded.name, \
         email = excluded.email, kind = excluded.kind, user_id = excluded.user_id, in_roster = excluded.in_roster, \
         reason = excluded.reason, reason_file = excluded.reason_file, reason_line = excluded.reason_line, \
         details = excluded.details",
        |row, (position, outcome)| {
            // Put into words here, while the database is busy with the rows before.
            let details = Details::of(outcome, &mut reasons).text().unwrap_or_else(|error| {
                unfit = Err(error);
                None
            });
            let person = &outcome.person;
            let origin = person.reason.origin.as_deref();
            row.push(Arc::clone(run.shared()))
                .push(i64::from(*position))
                .push(Arc::clone(person.employee.shared()))
                .push(Arc::clone(&person.name))
                .push(person.email.clone())
                .push(outcome.kind.word())
                .push(person.user.as_ref().map(|user| Arc::clone(user.shared())))
                .push(i64::from(person.in_roster))
                .push(Arc::clone(&person.reason.text))
                .push(origin.map(|origin| Arc::clone(&origin.file)))
                .push(origin.map(|origin| i64::from(origin.line)))
                .push(details.map(Arc::<str>::from));
        },
    )
    .await?;
    unfit?;
    reasons.save(transaction, run, known).await
}

impl Store {
    /// Everybody's outcome in a run, by position.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn outcomes(&self, run: &RunId) -> Result<Vec<Outcome>, StoreError> {
        let mut outcomes = Vec::new();
        self.for_each_outcome(run, |outcome| outcomes.push(outcome)).await?;
        Ok(outcomes)
    }

    /// Shows everybody's outcome in a run, by position, without holding more than a page of them.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn for_each_outcome(&self, run: &RunId, mut show: impl FnMut(Outcome)) -> Result<(), StoreError> {
        let mut last = -1;
        let mut reasons = self.reasons(run).await.map_err(|error| self.failed(error))?;
        loop {
            let page = self.page(run, last, &mut reasons).await.map_err(|error| self.failed(error))?;
            let Some((position, _)) = page.last() else { return Ok(()) };
            last = *position;
            page.into_iter().for_each(|(_, outcome)| show(outcome));
        }
    }

    async fn reasons(&self, run: &RunId) -> Result<Reasons, sqlx::Error> {
        Reasons::read(&self.database.query(Reasons::OF_RUN).bind(run.as_str()).fetch_all().await?)
    }

    async fn page(&self, run: &RunId, after: i64, reasons: &mut Reasons) -> Result<Vec<(i64, Outcome)>, sqlx::Error> {
        let query = self.database.query(
            "SELECT position, employee, name, email, kind, user_id, in_roster, reason, reason_file, reason_line, \
             details FROM outcomes WHERE run_id = $1 AND position > $2 ORDER BY position LIMIT $3",
        );
        let rows = query.bind(run.as_str()).bind(after).bind(PAGE).fetch_all().await?;
        rows.iter().map(|row| Ok((row.get(0)?, read(row, reasons)?))).collect()
    }

    /// Forgets the outcomes of all but the newest `keep_runs` runs of a recipe; the runs themselves stay listed.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn prune(&self, recipe: &str, keep_runs: usize) -> Result<(), StoreError> {
        const OLD: &str = " WHERE run_id IN (SELECT id FROM runs WHERE recipe = $1 AND id NOT IN \
             (SELECT id FROM runs WHERE recipe = $1 ORDER BY started DESC, id DESC LIMIT $2))";
        for table in ["DELETE FROM outcomes", "DELETE FROM reasons"] {
            let query = self.database.query(AssertSqlSafe(format!("{table}{OLD}"))).bind(recipe);
            let done = query.bind(i64::try_from(keep_runs).unwrap_or(i64::MAX)).execute().await;
            done.map_err(|error| self.failed(error))?;
        }
        Ok(())
    }
}

fn read(row: &Row, reasons: &mut Reasons) -> Result<Outcome, sqlx::Error> {
    let kind = OutcomeKind::from_word(row.get(4)?).ok_or(Unreadable("outcomes.kind"))?;
    let told = Details::told(row.get(10)?, kind, reasons)?;
    Ok(Outcome {
        kind,
        person: Box::new(PersonPlan {
            employee: row.get::<&str>(1)?.into(),
            name: shared(row.get(2)?),
            email: row.get::<Option<&str>>(3)?.map(shared),
            in_roster: row.get::<i64>(6)? != 0,
            user: row.get::<Option<&str>>(5)?.map(Into::into),
            new_link: told.new_link,
            verdict: told.verdict,
            reason: Reason { text: shared(row.get(7)?), origin: origin_of(row.get(8)?, row.get(9)?)? },
            changes: told.changes,
            findings: told.findings,
            no_group_rule: told.no_group_rule,
        }),
        held: told.held,
        failure: told.failure.map(Box::new),
    })
}

/// The place that two columns name.
pub(super) fn origin_of(file: Option<&str>, line: Option<i64>) -> Result<Option<Arc<Origin>>, sqlx::Error> {
    let (Some(file), Some(line)) = (file, line) else { return Ok(None) };
    let line = u32::try_from(line).map_err(|_| Unreadable("outcomes.reason_line"))?;
    Ok(Some(Arc::new(Origin { file: shared(file), line })))
}
