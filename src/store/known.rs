//! What is known of users where the target's listings leave it out.

use std::collections::BTreeMap;
use std::sync::Arc;

use sqlx::{Row as _, SqliteConnection};

use super::error::Unreadable;
use super::{Store, StoreError, bulk};
use crate::model::{Known, UserId};

impl Store {
    /// What is known of each user.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn known(&self, recipe: &str) -> Result<BTreeMap<UserId, Known>, StoreError> {
        self.try_known(recipe).await.map_err(|error| self.failed(error))
    }

    async fn try_known(&self, recipe: &str) -> Result<BTreeMap<UserId, Known>, sqlx::Error> {
        let rows = sqlx::query("SELECT user_id, known FROM known WHERE recipe = $1").bind(recipe);
        let row = |row: sqlx::sqlite::SqliteRow| {
            let known = serde_json::from_str(row.try_get(1)?).map_err(|_| Unreadable("known.known"))?;
            Ok((UserId::from(row.try_get::<&str, _>(0)?), known))
        };
        rows.fetch_all(&self.pool).await?.into_iter().map(row).collect()
    }
}

/// Puts what is known now in the place of what was.
pub(super) async fn save(
    connection: &mut SqliteConnection,
    recipe: &Arc<str>,
    known: &[(UserId, Known)],
) -> Result<(), sqlx::Error> {
    let text = |known: &Known| serde_json::to_string(known).map_err(|error| sqlx::Error::Encode(Box::new(error)));
    let rows = bulk::last_words(known, |(user, _)| user.clone());
    let rows: Vec<(&UserId, String)> =
        rows.into_iter().map(|(user, known)| Ok((user, text(known)?))).collect::<Result<_, sqlx::Error>>()?;
    bulk::execute(
        connection,
        "INSERT INTO known (recipe, user_id, known) ",
        &rows,
        " ON CONFLICT (recipe, user_id) DO UPDATE SET known = excluded.known",
        |row, (user, known)| {
            row.push_bind(Arc::clone(recipe)).push_bind(Arc::clone(user.shared())).push_bind(known.as_str());
        },
    )
    .await
}
