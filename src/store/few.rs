//! What is remembered of a few people, and what became of them in real time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::database::{Row, Transaction};
use super::deliveries::{PAUSE, PORTION};
use super::due::{self, Claim, Ending};
use super::error::Unreadable;
use super::runs::{count, moment};
use super::{Intent, Link, OwnedList, Store, StoreError, bulk};
use crate::model::{EmployeeId, Known, OutcomeKind, UserId};

/// What looking at a few people led to, saved whole or not at all.
#[derive(Debug, Clone, Default)]
pub struct LookedAt {
    /// What became of whom.
    pub handled: Vec<Handled>,
    /// The changes that limits count: the kind in a word, and whose.
    pub counted: Vec<(String, EmployeeId)>,
    /// Kinds of change that stop until somebody has looked.
    pub paused: BTreeSet<String>,
    /// When each is to be looked at though nothing changes; nothing if there is no such day.
    pub days: Vec<(EmployeeId, Option<Timestamp>)>,
    /// What becomes of the claims.
    pub endings: Vec<(Claim, Ending)>,
}

/// What became of one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Handled {
    /// The employee.
    pub employee: EmployeeId,
    /// How it ended.
    pub kind: OutcomeKind,
    /// The whole of it, for the report; not looked into.
    pub outcome_json: String,
}

impl Store {
    /// The links of some employees, and those of some users.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn links_of(
        &self,
        recipe: &str,
        employees: &BTreeSet<EmployeeId>,
        users: &BTreeSet<UserId>,
    ) -> Result<Vec<Link>, StoreError> {
        let employees: Vec<_> = employees.iter().map(|employee| Arc::clone(employee.shared())).collect();
        let users: Vec<_> = users.iter().map(|user| Arc::clone(user.shared())).collect();
        let select = "SELECT employee, user_id FROM links WHERE (recipe, employee) IN (";
        let mut rows = self.rows_with(recipe, select, &employees).await?;
        let select = "SELECT employee, user_id FROM links WHERE (recipe, user_id) IN (";
        rows.extend(self.rows_with(recipe, select, &users).await?);
        let links: BTreeMap<String, String> = rows.into_iter().collect();
        let link = |(employee, user): (String, String)| Link {
            employee: EmployeeId::from(employee.as_str()),
            user: UserId::from(user.as_str()),
        };
        Ok(links.into_iter().map(link).collect())
    }

    /// The creations that were announced for some employees and are not known to be done.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn intents_of(&self, recipe: &str, employees: &BTreeSet<EmployeeId>) -> Result<Vec<Intent>, StoreError> {
        let keys: Vec<_> = employees.iter().map(|employee| Arc::clone(employee.shared())).collect();
        let head = "SELECT employee, login FROM intents WHERE (recipe, employee) IN (";
        let rows = self.fetch_with(recipe, head, &keys).await;
        let intent = |row: &Row| Ok(Intent { employee: row.get::<&str>(0)?.into(), login: row.get(1)? });
        rows.and_then(|rows| rows.iter().map(intent).collect()).map_err(|error| self.failed(error))
    }

    /// What of one kind (`membership`, `reference`) is ours of some users.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn owned_of(
        &self,
        recipe: &str,
        what: &str,
        users: &BTreeSet<UserId>,
    ) -> Result<BTreeMap<UserId, OwnedList>, StoreError> {
        let keys: Vec<_> = users.iter().map(|user| Arc::clone(user.shared())).collect();
        let head = match what {
            "membership" => "SELECT user_id, items FROM ours WHERE what = 'membership' AND (recipe, user_id) IN (",
            _ => "SELECT user_id, items FROM ours WHERE what = 'reference' AND (recipe, user_id) IN (",
        };
        let mut owned = BTreeMap::new();
        for (user, items) in self.rows_with(recipe, head, &keys).await? {
            let mut items: Vec<(Arc<str>, Arc<str>)> =
                serde_json::from_str(&items).map_err(|_| self.failed(Unreadable("ours").into()))?;
            items.sort();
            owned.insert(UserId::from(user.as_str()), items.into());
        }
        Ok(owned)
    }

    /// What is known of some users where listings leave it out.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn known_of(
        &self,
        recipe: &str,
        users: &BTreeSet<UserId>,
    ) -> Result<BTreeMap<UserId, Known>, StoreError> {
        let keys: Vec<_> = users.iter().map(|user| Arc::clone(user.shared())).collect();
        let head = "SELECT user_id, known FROM known WHERE (recipe, user_id) IN (";
        let rows = self.rows_with(recipe, head, &keys).await?;
        let known = |(user, text): (String, String)| {
            let known = serde_json::from_str(&text).map_err(|_| self.failed(Unreadable("known.known").into()))?;
            Ok((UserId::from(user.as_str()), known))
        };
        rows.into_iter().map(known).collect()
    }

    /// How many users are linked: what shares are measured against.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn count_links(&self, recipe: &str) -> Result<usize, StoreError> {
        let row = self.database.query("SELECT COUNT(*) FROM links WHERE recipe = $1").bind(recipe).fetch_one().await;
        row.and_then(|row| count(row.get(0)?, "links")).map_err(|error| self.failed(error))
    }

    /// The changes that limits count since a moment, by kind; and the kinds that are stopped.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn changes_since(
        &self,
        recipe: &str,
        since: Timestamp,
    ) -> Result<(Vec<(String, EmployeeId)>, BTreeSet<String>), StoreError> {
        let query = self.database.query("SELECT kind, employee FROM recent_changes WHERE recipe = $1 AND at > $2");
        let rows = query.bind(recipe).bind(since.as_millisecond()).fetch_all().await;
        let change = |row: &Row| Ok((row.get(0)?, row.get::<&str>(1)?.into()));
        let changes = rows.and_then(|rows| rows.iter().map(change).collect()).map_err(|error| self.failed(error))?;
        Ok((changes, self.pauses(recipe).await?.into_iter().map(|(kind, _)| kind).collect()))
    }

    /// The kinds of change that real time does not make now, and since when.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn pauses(&self, recipe: &str) -> Result<Vec<(String, Timestamp)>, StoreError> {
        let query = self.database.query("SELECT kind, since FROM pauses WHERE recipe = $1 ORDER BY since");
        let rows = query.bind(recipe).fetch_all().await;
        let pause = |row: &Row| Ok((row.get(0)?, moment(row.get(1)?)?));
        rows.and_then(|rows| rows.iter().map(pause).collect()).map_err(|error| self.failed(error))
    }

    /// Lets real time make every kind of change again, and forgets what the limits counted. Says whether any was stopped.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn resume(&self, recipe: &str) -> Result<bool, StoreError> {
        let resumed = || async {
            let mut transaction = self.database.begin().await?;
            let gone = transaction.query("DELETE FROM pauses WHERE recipe = $1").bind(recipe).execute().await?;
            transaction.query("DELETE FROM recent_changes WHERE recipe = $1").bind(recipe).execute().await?;
            transaction.commit().await?;
            Ok(gone > 0)
        };
        self.committed(resumed).await
    }

    /// Saves what became of a few people, and ends the claims on them.
    ///
    /// # Errors
    /// When the database cannot be written; then the claims stand, and the people are looked at again.
    pub async fn looked_at(
        &self,
        recipe: &str,
        replica: &str,
        now: Timestamp,
        looked: &LookedAt,
    ) -> Result<(), StoreError> {
        let recipe: Arc<str> = recipe.into();
        let saved = || async {
            let mut transaction = self.database.begin().await?;
            save_handled(&mut transaction, &recipe, now, &looked.handled).await?;
            save_counted(&mut transaction, &recipe, now, &looked.counted).await?;
            for kind in &looked.paused {
                let pause = transaction.query(
                    "INSERT INTO pauses (recipe, kind, since) VALUES ($1, $2, $3) ON CONFLICT (recipe, kind) DO NOTHING",
                );
                pause.bind(&*recipe).bind(kind).bind(now.as_millisecond()).execute().await?;
            }
            set_days(&mut transaction, &recipe, &looked.days).await?;
            due::end(&mut transaction, &recipe, replica, &looked.endings).await?;
            transaction.commit().await
        };
        self.committed(saved).await
    }

    /// Replaces the days of everybody.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn replace_days(&self, recipe: &str, days: &[(EmployeeId, Timestamp)]) -> Result<(), StoreError> {
        let days: Vec<_> = days.iter().map(|(employee, at)| (employee.clone(), Some(*at))).collect();
        let recipe: Arc<str> = recipe.into();
        let replaced = || async {
            let mut transaction = self.database.begin().await?;
            transaction.query("DELETE FROM days WHERE recipe = $1").bind(&*recipe).execute().await?;
            set_days(&mut transaction, &recipe, &days).await?;
            transaction.commit().await
        };
        self.committed(replaced).await
    }

    /// Forgets what became of people before a moment, in portions, so that nothing waits. Says how many looks that were.
    ///
    /// # Errors
    /// When the database cannot be written; then some portions may be gone.
    pub async fn prune_handled(&self, before: Timestamp) -> Result<usize, StoreError> {
        let mut forgotten = 0;
        loop {
            let delete = self.database.query(
                "DELETE FROM handled WHERE (recipe, at, employee) IN \
                 (SELECT recipe, at, employee FROM handled WHERE at < $1 LIMIT $2)",
            );
            let gone = delete.bind(before.as_millisecond()).bind(PORTION).execute().await;
            let gone = gone.map_err(|error| self.failed(error))?;
            forgotten += usize::try_from(gone).unwrap_or(usize::MAX);
            if i64::try_from(gone).is_ok_and(|gone| gone < PORTION) {
                return Ok(forgotten);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn rows_with(
        &self,
        recipe: &str,
        head: &'static str,
        keys: &[Arc<str>],
    ) -> Result<Vec<(String, String)>, StoreError> {
        let rows = self.fetch_with(recipe, head, keys).await;
        let pair = |row: &Row| Ok((row.get(0)?, row.get(1)?));
        rows.and_then(|rows| rows.iter().map(pair).collect()).map_err(|error| self.failed(error))
    }

    async fn fetch_with(&self, recipe: &str, head: &'static str, keys: &[Arc<str>]) -> Result<Vec<Row>, sqlx::Error> {
        let recipe: Arc<str> = recipe.into();
        bulk::fetch(&self.database, head, keys, ")", |row, key| {
            row.push(Arc::clone(&recipe)).push(Arc::clone(key));
        })
        .await
    }
}

async fn save_handled(
    transaction: &mut Transaction,
    recipe: &Arc<str>,
    now: Timestamp,
    handled: &[Handled],
) -> Result<(), sqlx::Error> {
    bulk::execute(
        transaction,
        "INSERT INTO handled (recipe, at, employee, kind, outcome) ",
        &bulk::last_words(handled, |handled| handled.employee.clone()),
        " ON CONFLICT (recipe, at, employee) DO UPDATE SET kind = excluded.kind, outcome = excluded.outcome",
        |row, handled| {
            row.push(Arc::clone(recipe))
                .push(now.as_millisecond())
                .push(Arc::clone(handled.employee.shared()))
                .push(handled.kind.word())
                .push(handled.outcome_json.as_str());
        },
    )
    .await
}

/// Who is counted twice is counted from the later time on.
async fn save_counted(
    transaction: &mut Transaction,
    recipe: &Arc<str>,
    now: Timestamp,
    counted: &[(String, EmployeeId)],
) -> Result<(), sqlx::Error> {
    bulk::execute(
        transaction,
        "INSERT INTO recent_changes (recipe, kind, employee, at) ",
        &bulk::last_words(counted, Clone::clone),
        " ON CONFLICT (recipe, kind, employee) DO UPDATE SET at = excluded.at",
        |row, (kind, employee)| {
            row.push(Arc::clone(recipe))
                .push(kind.as_str())
                .push(Arc::clone(employee.shared()))
                .push(now.as_millisecond());
        },
    )
    .await
}

async fn set_days(
    transaction: &mut Transaction,
    recipe: &Arc<str>,
    days: &[(EmployeeId, Option<Timestamp>)],
) -> Result<(), sqlx::Error> {
    let (set, gone): (Vec<_>, Vec<_>) = days.iter().partition(|(_, at)| at.is_some());
    bulk::execute(transaction, "DELETE FROM days WHERE (recipe, employee) IN (", &gone, ")", |row, (employee, _)| {
        row.push(Arc::clone(recipe)).push(Arc::clone(employee.shared()));
    })
    .await?;
    bulk::execute(
        transaction,
        "INSERT INTO days (recipe, employee, at) ",
        &bulk::last_words(&set, |(employee, _)| employee.clone()),
        " ON CONFLICT (recipe, employee) DO UPDATE SET at = excluded.at",
        |row, (employee, at)| {
            row.push(Arc::clone(recipe))
                .push(Arc::clone(employee.shared()))
                .push(at.unwrap_or_default().as_millisecond());
        },
    )
    .await
}
