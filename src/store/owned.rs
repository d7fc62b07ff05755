//! What is ours, user by user. Most users have what many others have too, and such lists are kept once.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::error::Unreadable;
use super::{Store, StoreError};
use crate::model::UserId;

/// The names and values of one kind of thing that are a user's, sorted.
pub type OwnedList = Arc<[(Arc<str>, Arc<str>)]>;

/// Users read at a time.
const PAGE: i64 = 10_000;

impl Store {
    /// What of one kind (`membership`: group and role; `reference`: field and user) is ours, for every user who has any.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn owned_by_user(
        &self,
        recipe: &str,
        what: &'static str,
    ) -> Result<Vec<(UserId, OwnedList)>, StoreError> {
        let mut lists = Lists::default();
        let mut users: Vec<(UserId, OwnedList)> = Vec::new();
        loop {
            let after = users.last().map_or("", |(user, _)| user.as_str());
            let page = self.page_of_owned(recipe, what, after).await.map_err(|error| self.failed(error))?;
            let rows: Vec<(UserId, String)> =
                serde_json::from_str(&page).map_err(|_| self.failed(Unreadable("owned").into()))?;
            if rows.is_empty() {
                return Ok(users);
            }
            for (user, items) in rows {
                users.push((user, lists.list(items).map_err(|error| self.failed(error.into()))?));
            }
        }
    }

    /// A page as one JSON text: the driver would take three times as long to hand over its rows one by one.
    async fn page_of_owned(&self, recipe: &str, what: &str, after: &str) -> Result<String, sqlx::Error> {
        let text: Option<String> = sqlx::query_scalar(
            "SELECT string_agg(CAST(json_array(user_id, items) AS TEXT), ',') FROM \
             (SELECT user_id, string_agg(CAST(json_array(name, value) AS TEXT), ',') AS items FROM owned \
             WHERE recipe = $1 AND user_id > $2 AND what = $3 GROUP BY user_id ORDER BY user_id LIMIT $4)",
        )
        .bind(recipe)
        .bind(after)
        .bind(what)
        .bind(PAGE)
        .fetch_one(&self.pool)
        .await?;
        Ok(format!("[{}]", text.unwrap_or_default()))
    }
}

/// The lists there are, by their JSON text, and the texts in them.
#[derive(Default)]
struct Lists {
    known: HashMap<String, OwnedList>,
    texts: HashSet<Arc<str>>,
}

impl Lists {
    fn list(&mut self, items: String) -> Result<OwnedList, Unreadable> {
        if let Some(known) = self.known.get(&items) {
            return Ok(Arc::clone(known));
        }
        let mut pairs: Vec<(Arc<str>, Arc<str>)> =
            serde_json::from_str(&format!("[{items}]")).map_err(|_| Unreadable("owned"))?;
        pairs.sort();
        let list: OwnedList = pairs.into_iter().map(|(name, value)| (self.shared(name), self.shared(value))).collect();
        self.known.insert(items, Arc::clone(&list));
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
