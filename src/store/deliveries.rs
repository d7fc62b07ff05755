//! Webhook deliveries, and whom they make due. Written by `server::intake`, many at a time; the worker takes it from there.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use uuid::Uuid;

use super::due::{self, Mark};
use super::{Store, StoreError, bulk};
use crate::model::{EmployeeId, text_newtype};

/// For how long deliveries are kept, unless somebody wants otherwise.
pub const KEEP_DELIVERIES: Duration = Duration::from_secs(90 * 86_400);

/// Rows forgotten in one transaction: a hundredth of a second, for which others wait.
pub(super) const PORTION: i64 = 500;
/// The pause after each, in which others write.
pub(super) const PAUSE: Duration = Duration::from_millis(50);

text_newtype! {
    /// A delivery's id, in the order of arrival and different in every process.
    DeliveryId
}

impl DeliveryId {
    /// The id of a delivery that has come now.
    #[must_use]
    pub fn next() -> Self {
        Self::new(Uuid::now_v7().hyphenated().to_string())
    }

    /// What every id from this moment on comes after or equals.
    fn first_at(moment: Timestamp) -> Self {
        let milliseconds = u128::try_from(moment.as_millisecond()).unwrap_or(0);
        // The first 48 bits are the time (RFC 9562, section 5.7).
        Self::new(Uuid::from_u128(milliseconds << 80).hyphenated().to_string())
    }
}

/// A delivery to be saved.
#[derive(Debug, Clone)]
pub struct Arrived {
    /// Its id.
    pub id: DeliveryId,
    /// The recipe that was called.
    pub recipe: Arc<str>,
    /// When; kept to the millisecond.
    pub received: Timestamp,
    /// Its type, as the source names it.
    pub kind: Arc<str>,
    /// Whom it is about, if it says so.
    pub employee: Option<EmployeeId>,
    /// As it came.
    pub body: Arc<str>,
    /// When to look at that person, if the delivery counts.
    pub due: Option<Timestamp>,
}

impl Store {
    /// Saves deliveries and marks their people due, in one transaction. When this returns, it survives a loss of power.
    ///
    /// Who is due already stays due when they were, with one more mark; who was parked is given one more try.
    ///
    /// # Errors
    /// When the database cannot be written; then nothing is saved.
    pub async fn keep_deliveries(&self, arrived: &[Arrived]) -> Result<(), StoreError> {
        let marks = marks(arrived);
        self.committed(|| self.try_keep_deliveries(arrived, &marks)).await
    }

    async fn try_keep_deliveries(&self, arrived: &[Arrived], marks: &[Mark]) -> Result<(), sqlx::Error> {
        let mut transaction = self.database.begin().await?;
        let head = "INSERT INTO deliveries (id, recipe, received, kind, employee, body) ";
        bulk::execute(&mut transaction, head, arrived, "", |row, delivery| {
            row.push(Arc::clone(delivery.id.shared()))
                .push(Arc::clone(&delivery.recipe))
                .push(delivery.received.as_millisecond())
                .push(Arc::clone(&delivery.kind))
                .push(delivery.employee.as_ref().map(|employee| Arc::clone(employee.shared())))
                .push(Arc::clone(&delivery.body));
        })
        .await?;
        due::mark(&mut transaction, marks).await?;
        transaction.commit().await
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// When it does not.
    pub async fn reachable(&self) -> Result<(), StoreError> {
        let answered = self.database.query("SELECT 1 FROM slots LIMIT 1").fetch_optional().await;
        answered.map(drop).map_err(|error| self.failed(error))
    }

    /// Forgets the deliveries that came before a moment, in portions, so that nothing waits. Says how many there were.
    /// Who is due because of them stays due.
    ///
    /// # Errors
    /// When the database cannot be written; then some portions may be gone.
    pub async fn prune_deliveries(&self, before: Timestamp) -> Result<usize, StoreError> {
        let before = DeliveryId::first_at(before);
        let mut forgotten = 0;
        loop {
            let portion = self.prune_portion(&before).await.map_err(|error| self.failed(error))?;
            forgotten += portion;
            if i64::try_from(portion).is_ok_and(|portion| portion < PORTION) {
                return Ok(forgotten);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn prune_portion(&self, before: &DeliveryId) -> Result<usize, sqlx::Error> {
        let delete = self
            .database
            .query("DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries WHERE id < $1 ORDER BY id LIMIT $2)");
        let gone = delete.bind(before.as_str()).bind(PORTION).execute().await?;
        Ok(usize::try_from(gone).unwrap_or(usize::MAX))
    }
}

/// One mark for each person, however many deliveries are about them. In the order of their keys: two processes that mark
/// the same people in different orders would wait for each other.
fn marks(arrived: &[Arrived]) -> Vec<Mark> {
    let mut marks: BTreeMap<(&Arc<str>, &EmployeeId), Mark> = BTreeMap::new();
    for delivery in arrived {
        let (Some(employee), Some(due)) = (&delivery.employee, delivery.due) else { continue };
        let mark = marks.entry((&delivery.recipe, employee)).or_insert_with(|| Mark {
            recipe: Arc::clone(&delivery.recipe),
            employee: employee.clone(),
            due,
            marked: delivery.received,
            marks: 0,
        });
        (mark.due, mark.marked) = (mark.due.min(due), mark.marked.min(delivery.received));
        mark.marks += 1;
    }
    marks.into_values().collect()
}
