//! What is known of users where the target's listings leave it out.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::database::{Row, Transaction};
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
        let rows = self.database.query("SELECT user_id, known FROM known WHERE recipe = $1").bind(recipe);
        let row = |row: Row| {
            let known = serde_json::from_str(row.get(1)?).map_err(|_| Unreadable("known.known"))?;
            Ok((UserId::from(row.get::<&str>(0)?), known))
        };
        rows.fetch_all().await?.into_iter().map(row).collect()
    }
}

/// Puts what is known now in the place of what was.
pub(super) async fn save(
    transaction: &mut Transaction,
    recipe: &Arc<str>,
    known: &[(UserId, Known)],
) -> Result<(), sqlx::Error> {
    let text = |known: &Known| serde_json::to_string(known).map_err(|error| sqlx::Error::Encode(Box::new(error)));
    let rows = bulk::last_words(known, |(user, _)| user.clone());
    let rows: Vec<(&UserId, String)> =
        rows.into_iter().map(|(user, known)| Ok((user, text(known)?))).collect::<Result<_, sqlx::Error>>()?;
    bulk::execute(
        transaction,
        "INSERT INTO known (recipe, user_id, known) ",
        &rows,
        " ON CONFLICT (recipe, user_id) DO UPDATE SET known = excluded.known",
        |row, (user, known)| {
            row.push(Arc::clone(recipe)).push(Arc::clone(user.shared())).push(known.as_str());
        },
    )
    .await
}
