//! What is ours, user by user. Most users have what many others have too, and such lists are kept once.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use serde_json::value::RawValue;
use sqlx::AssertSqlSafe;

use super::database::Transaction;
use super::error::Unreadable;
use super::{Owned, Store, StoreError, bulk};
use crate::model::UserId;

/// The names and values of one kind of thing that are a user's, sorted.
pub type OwnedList = Arc<[(Arc<str>, Arc<str>)]>;

/// Users read at a time.
const PAGE: i64 = 1_000;

impl Store {
    /// What of one kind (`membership`: group and role; `reference`: field and user) is ours, for every user who has any.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn owned_by_user(
        &self,
        recipe: &str,
        what: &'static str,
    ) -> Result<BTreeMap<UserId, OwnedList>, StoreError> {
        let mut lists = Lists::default();
        // Made into a map at once, which leaves no room in its nodes; what comes in order would leave half.
        let mut users: Vec<(UserId, OwnedList)> = Vec::new();
        loop {
            let after = users.last().map_or("", |(user, _)| user.as_str());
            let page = self.page_of_owned(recipe, what, after).await.map_err(|error| self.failed(error))?;
            let rows: Vec<(UserId, &RawValue)> =
                serde_json::from_str(&page).map_err(|_| self.failed(Unreadable("ours").into()))?;
            if rows.is_empty() {
                return Ok(users.into_iter().collect());
            }
            for (user, items) in rows {
                users.push((user, lists.list(items.get()).map_err(|error| self.failed(error.into()))?));
            }
        }
    }

    /// A page as one JSON text: the driver would take three times as long to hand over its rows one by one. The lists in it
    /// are JSON already, and stay as they are.
    async fn page_of_owned(&self, recipe: &str, what: &str, after: &str) -> Result<String, sqlx::Error> {
        let sql = format!(
            "SELECT string_agg('[' || {} || ',' || items || ']', ',') FROM (SELECT user_id, items FROM ours \
             WHERE recipe = $1 AND user_id > $2 AND what = $3 ORDER BY user_id LIMIT $4) AS page",
            self.database.as_json("user_id")
        );
        let query = self.database.query(AssertSqlSafe(sql)).bind(recipe).bind(after).bind(what).bind(PAGE);
        let text: Option<String> = query.fetch_one().await?.get(0)?;
        Ok(format!("[{}]", text.unwrap_or_default()))
    }
}

/// The names and values of one row while it is changed.
type Items = BTreeSet<(Arc<str>, Arc<str>)>;

/// Takes away what is no longer ours, then adds what is. The rows of all users concerned are read at once, changed and
/// written back.
pub(super) async fn change(
    transaction: &mut Transaction,
    recipe: &Arc<str>,
    disowned: &[Owned],
    owned: &[Owned],
) -> Result<(), sqlx::Error> {
    let keys: BTreeSet<Key<'_>> = disowned.iter().chain(owned).map(Key::of).collect();
    let keys: Vec<Key<'_>> = keys.into_iter().collect();
    let mut ours: BTreeMap<Key<'_>, Items> = BTreeMap::new();
    let before = "SELECT what, user_id, items FROM ours WHERE (recipe, what, user_id) IN (";
    for row in bulk::fetch(&mut *transaction, before, &keys, ")", |row, key| key.push(row, recipe)).await? {
        let found = Key { what: row.get(0)?, user: row.get(1)? };
        if let Ok(place) = keys.binary_search_by(|key| key.cmp(&found)) {
            ours.insert(keys[place], serde_json::from_str(row.get(2)?).map_err(|_| Unreadable("ours"))?);
        }
    }
    for gone in disowned {
        let (_, name, value) = gone.what.columns();
        ours.entry(Key::of(gone)).or_default().remove(&(Arc::clone(name), Arc::clone(value)));
    }
    for new in owned {
        let (_, name, value) = new.what.columns();
        ours.entry(Key::of(new)).or_default().insert((Arc::clone(name), Arc::clone(value)));
    }
    let (kept, empty): (Vec<_>, Vec<_>) = ours.into_iter().partition(|(_, items)| !items.is_empty());
    save(transaction, recipe, &kept).await?;
    let head = "DELETE FROM ours WHERE (recipe, what, user_id) IN (";
    bulk::execute(transaction, head, &empty, ")", |row, (key, _)| key.push(row, recipe)).await
}

async fn save(transaction: &mut Transaction, recipe: &Arc<str>, rows: &[(Key<'_>, Items)]) -> Result<(), sqlx::Error> {
    let text = |items| serde_json::to_string(items).map_err(|error| sqlx::Error::Encode(Box::new(error)));
    let rows = rows.iter().map(|(key, items)| Ok((*key, text(items)?)));
    let rows: Vec<(Key<'_>, String)> = rows.collect::<Result<_, sqlx::Error>>()?;
    let head = "INSERT INTO ours (recipe, what, user_id, items) ";
    let tail = " ON CONFLICT (recipe, what, user_id) DO UPDATE SET items = excluded.items";
    bulk::execute(transaction, head, &rows, tail, |row, (key, items)| {
        key.push(row, recipe);
        row.push(items.as_str());
    })
    .await
}

/// What tells apart the rows of one recipe.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key<'o> {
    what: &'o str,
    user: &'o str,
}

impl<'o> Key<'o> {
    fn of(owned: &'o Owned) -> Self {
        Self { what: owned.what.columns().0, user: owned.user.as_str() }
    }

    fn push(self, row: &mut bulk::Values<'o>, recipe: &Arc<str>) {
        row.push(Arc::clone(recipe)).push(self.what).push(self.user);
    }
}

/// The lists there are, by their JSON text, and the texts in them.
#[derive(Default)]
struct Lists {
    known: HashMap<String, OwnedList>,
    texts: HashSet<Arc<str>>,
}

impl Lists {
    fn list(&mut self, items: &str) -> Result<OwnedList, Unreadable> {
        if let Some(known) = self.known.get(items) {
            return Ok(Arc::clone(known));
        }
        let mut pairs: Vec<(Arc<str>, Arc<str>)> = serde_json::from_str(items).map_err(|_| Unreadable("ours"))?;
        pairs.sort();
        let list: OwnedList = pairs.into_iter().map(|(name, value)| (self.shared(name), self.shared(value))).collect();
        self.known.insert(items.to_owned(), Arc::clone(&list));
        Ok(list)
    }

    fn shared(&mut self, text: Arc<str>) -> Arc<str> {
        if let Some(known) = self.texts.get(&text) {
            return Arc::clone(known);
        }
        self.texts.insert(Arc::clone(&text));
        text
    }
}
