//! What a step of a run learned, saved whole or not at all.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::Value as Json;

use super::database::Transaction;
use super::error::Unreadable;
use super::links::kind_word;
use super::{Intent, Lease, Link, Owned, RunId, Store, StoreError, bulk, known, outcomes, owned};
use crate::model::{EmployeeId, Group, Known, Outcome, UserId};

/// Values by target field; null where the field was cleared.
pub type Fields = serde_json::Map<String, Json>;

/// Everything a step learned. What goes is taken away before what comes is put in its place, so that one batch may
/// hold both for the same person.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    /// Outcomes by their position in the plan; the last word about a position counts.
    pub outcomes: Vec<(u32, Outcome)>,
    /// Pairs to remember; a new user for an employee replaces the old one.
    pub links: Vec<Link>,
    /// Employees whose pair is forgotten.
    pub unlinked: Vec<EmployeeId>,
    /// Creations about to be asked of the target.
    pub intents: Vec<Intent>,
    /// Creations that are done, or known not to have happened.
    pub settled_intents: Vec<EmployeeId>,
    /// What we put into the target.
    pub owned: Vec<Owned>,
    /// What is no longer ours.
    pub disowned: Vec<Owned>,
    /// Groups and teams that we made.
    pub groups: Vec<Group>,
    /// Values written to users, added field by field to those written before.
    pub written: Vec<(UserId, Fields)>,
    /// What is known of users now where listings leave it out; the last word about a user counts.
    pub known: Vec<(UserId, Known)>,
}

impl Batch {
    /// Whether there is nothing to save.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let pairs = self.links.is_empty() && self.unlinked.is_empty();
        let intents = self.intents.is_empty() && self.settled_intents.is_empty();
        let ours = self.owned.is_empty() && self.disowned.is_empty() && self.groups.is_empty();
        pairs && intents && ours && self.outcomes.is_empty() && self.written.is_empty() && self.known.is_empty()
    }
}

impl Store {
    /// Saves a batch in one transaction. When this returns, it survives a loss of power.
    ///
    /// # Errors
    /// [`StoreError::Lost`] when somebody else has taken over the recipe; or when the database cannot be written. Then
    /// nothing of the batch is saved.
    pub async fn record(&self, lease: &Lease, run: &RunId, batch: &Batch) -> Result<(), StoreError> {
        self.record_for(lease, Some(run), batch).await
    }

    /// The same without a run, whose outcomes are recorded otherwise.
    ///
    /// # Errors
    /// As for [`Self::record`].
    pub async fn record_without_run(&self, lease: &Lease, batch: &Batch) -> Result<(), StoreError> {
        self.record_for(lease, None, batch).await
    }

    async fn record_for(&self, lease: &Lease, run: Option<&RunId>, batch: &Batch) -> Result<(), StoreError> {
        match self.committed(|| self.try_record(lease, run, batch)).await? {
            true => Ok(()),
            false => Err(StoreError::Lost { recipe: lease.recipe().to_owned() }),
        }
    }

    /// Whether the lease still counted, so that it is saved.
    async fn try_record(&self, lease: &Lease, run: Option<&RunId>, batch: &Batch) -> Result<bool, sqlx::Error> {
        let mut transaction = self.database.begin().await?;
        if let Transaction::Sqlite(_) = transaction {
            transaction.query(ROOM).execute().await?;
        }
        if !lease.is_current(&mut transaction).await? {
            return Ok(false);
        }
        let recipe = Arc::clone(lease.shared_recipe());
        if let Some(run) = run {
            outcomes::save(&mut transaction, run, &batch.outcomes).await?;
        }
        forget_employees(&mut transaction, UNLINK, &recipe, &batch.unlinked).await?;
        save_links(&mut transaction, &recipe, &batch.links).await?;
        forget_employees(&mut transaction, SETTLE, &recipe, &batch.settled_intents).await?;
        save_intents(&mut transaction, &recipe, &batch.intents).await?;
        owned::change(&mut transaction, &recipe, &batch.disowned, &batch.owned).await?;
        own_groups(&mut transaction, &recipe, &batch.groups).await?;
        merge_written(&mut transaction, &recipe, &batch.written).await?;
        known::save(&mut transaction, &recipe, &batch.known).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// The values last written to a user, if any were.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn written(&self, recipe: &str, user: &UserId) -> Result<Option<Fields>, StoreError> {
        let query = self.database.query("SELECT fields FROM written WHERE recipe = $1 AND user_id = $2");
        let row = query.bind(recipe).bind(user.as_str()).fetch_optional().await;
        let fields = row.and_then(|row| row.map(|row| read_fields(row.get(0)?)).transpose());
        fields.map_err(|error| self.failed(error))
    }
}

/// SQLite's kibibytes for pages: what a batch changes fits, so that no page of it is written twice.
const ROOM: &str = "PRAGMA cache_size = -3072";
const UNLINK: &str = "DELETE FROM links WHERE (recipe, employee) IN (";
const SETTLE: &str = "DELETE FROM intents WHERE (recipe, employee) IN (";

async fn forget_employees(
    transaction: &mut Transaction,
    head: &'static str,
    recipe: &Arc<str>,
    employees: &[EmployeeId],
) -> Result<(), sqlx::Error> {
    bulk::execute(transaction, head, employees, ")", |row, employee| {
        row.push(Arc::clone(recipe)).push(Arc::clone(employee.shared()));
    })
    .await
}

async fn save_links(transaction: &mut Transaction, recipe: &Arc<str>, links: &[Link]) -> Result<(), sqlx::Error> {
    bulk::execute(
        transaction,
        "INSERT INTO links (recipe, employee, user_id) ",
        &bulk::last_words(links, |link| link.employee.clone()),
        " ON CONFLICT (recipe, employee) DO UPDATE SET user_id = excluded.user_id",
        |row, link| {
            row.push(Arc::clone(recipe)).push(Arc::clone(link.employee.shared())).push(Arc::clone(link.user.shared()));
        },
    )
    .await
}

async fn save_intents(transaction: &mut Transaction, recipe: &Arc<str>, intents: &[Intent]) -> Result<(), sqlx::Error> {
    bulk::execute(
        transaction,
        "INSERT INTO intents (recipe, employee, login) ",
        &bulk::last_words(intents, |intent| intent.employee.clone()),
        " ON CONFLICT (recipe, employee) DO UPDATE SET login = excluded.login",
        |row, intent| {
            row.push(Arc::clone(recipe)).push(Arc::clone(intent.employee.shared())).push(intent.login.as_deref());
        },
    )
    .await
}

async fn own_groups(transaction: &mut Transaction, recipe: &Arc<str>, groups: &[Group]) -> Result<(), sqlx::Error> {
    bulk::execute(
        transaction,
        "INSERT INTO owned_groups (recipe, group_id, kind, name) ",
        &bulk::last_words(groups, |group| (group.kind, group.id.clone())),
        " ON CONFLICT (recipe, kind, group_id) DO UPDATE SET name = excluded.name",
        |row, group| {
            row.push(Arc::clone(recipe))
                .push(Arc::clone(group.id.shared()))
                .push(kind_word(group.kind))
                .push(Arc::clone(&group.name));
        },
    )
    .await
}

/// Reads the rows of all users concerned at once, merges, and writes them back.
async fn merge_written(
    transaction: &mut Transaction,
    recipe: &Arc<str>,
    written: &[(UserId, Fields)],
) -> Result<(), sqlx::Error> {
    let users: BTreeSet<&UserId> = written.iter().map(|(user, _)| user).collect();
    let users: Vec<&UserId> = users.into_iter().collect();
    let head = "SELECT user_id, fields FROM written WHERE (recipe, user_id) IN (";
    let rows = bulk::fetch(&mut *transaction, head, &users, ")", |row, user| {
        row.push(Arc::clone(recipe)).push(Arc::clone(user.shared()));
    });
    let mut before: HashMap<String, Fields> = HashMap::new();
    for row in rows.await? {
        before.insert(row.get(0)?, read_fields(row.get(1)?)?);
    }
    let mut merged: BTreeMap<&UserId, Cow<'_, Fields>> = BTreeMap::new();
    for (user, fields) in written {
        let known = merged.remove(user).or_else(|| before.remove(user.as_str()).map(Cow::Owned));
        merged.insert(user, known.map_or(Cow::Borrowed(fields), |known| Cow::Owned(extended(known, fields))));
    }
    let text = |fields: &Fields| serde_json::to_string(fields).map_err(|error| sqlx::Error::Encode(Box::new(error)));
    let rows = merged.into_iter().map(|(user, fields)| Ok((user, text(&fields)?)));
    let rows: Vec<(&UserId, String)> = rows.collect::<Result<_, sqlx::Error>>()?;
    bulk::execute(
        transaction,
        "INSERT INTO written (recipe, user_id, fields) ",
        &rows,
        " ON CONFLICT (recipe, user_id) DO UPDATE SET fields = excluded.fields",
        |row, (user, fields)| {
            row.push(Arc::clone(recipe)).push(Arc::clone(user.shared())).push(fields.as_str());
        },
    )
    .await
}

fn extended(known: Cow<'_, Fields>, fields: &Fields) -> Fields {
    let mut all = known.into_owned();
    all.extend(fields.iter().map(|(field, value)| (field.clone(), value.clone())));
    all
}

fn read_fields(text: &str) -> Result<Fields, sqlx::Error> {
    serde_json::from_str(text).map_err(|_| Unreadable("written.fields").into())
}
