//! Finding users by external id, address and id (apis/learnamp.md §4, §4.1). External ids first: their filter gives custom
//! fields too, and what it finds need not be looked for by anything else, because no two users share address or id.

use std::collections::BTreeMap;

use super::LearnAmpTarget;
use super::api::Row;
use super::fields::{self, CUSTOM, EMAIL, EXTERNAL_ID};
use super::read::user;
use super::seen::id_of;
use crate::connector::find::{self, Sought, spellings};
use crate::connector::{ConnectorError, Wanted, rows};
use crate::model::{User, UserLayout};

/// Calls under way at the same time; the pace decides when.
const SEARCHES: usize = 4;

/// Users by their ids.
type Found = BTreeMap<u64, Row>;

impl LearnAmpTarget {
    pub(super) async fn find_users(&self, wanted: &[Wanted], layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        let sought = Sought::of(wanted);
        if !sought.is_by(&[EMAIL, EXTERNAL_ID]) {
            return find::among_everybody(self, wanted, layout).await;
        }
        let mut found = Found::new();
        let ids = sought.texts_beyond(EXTERNAL_ID, []);
        take(&mut found, find::each(SEARCHES, ids, |id| self.with_external_id(id)).await?);
        let addresses = sought.texts_beyond(EMAIL, held(&found, "email"));
        take(&mut found, find::each(SEARCHES, addresses, |address| self.addressed(address)).await?);
        let linked: Vec<u64> = sought.users.iter().filter_map(|user| id_of(user)).collect();
        let linked: Vec<u64> = linked.into_iter().filter(|id| !found.contains_key(id)).collect();
        take(&mut found, find::each(SEARCHES, linked, |id| self.with_id(id, layout)).await?);
        self.shown(found, &sought, layout).await
    }

    async fn with_external_id(&self, external_id: String) -> Result<Vec<Row>, ConnectorError> {
        self.api.users_with_external_id(&external_id).await
    }

    async fn addressed(&self, address: String) -> Result<Vec<Row>, ConnectorError> {
        for spelling in spellings(&address) {
            let rows = self.api.users_with_address(&spelling).await?;
            if !rows.is_empty() {
                return Ok(rows);
            }
        }
        Ok(Vec::new())
    }

    /// One user. Custom fields are only listed: where they are read, the user is listed too.
    async fn with_id(&self, id: u64, layout: &UserLayout) -> Result<Vec<Row>, ConnectorError> {
        let Some(row) = self.api.user(id).await? else { return Ok(Vec::new()) };
        let is_whole =
            row.contains_key(CUSTOM) || layout.fields.iter().all(|field| fields::is_standard(field.as_str()));
        let listed = match rows::text(&row, "email") {
            Some(address) if !is_whole => self.api.users_with_address(address).await?,
            _ => Vec::new(),
        };
        let own = listed.into_iter().find(|row| rows::id(row, "id") == Some(id));
        Ok(vec![own.unwrap_or(row)])
    }

    async fn shown(&self, found: Found, sought: &Sought<'_>, layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        let compared = sought.added_to(layout);
        let mut users: Vec<User> = {
            let mut seen = self.seen();
            let users = found.iter().filter_map(|(id, row)| {
                seen.user(row);
                sought.may_be(&user(*id, row, &compared), &compared).then(|| user(*id, row, layout))
            });
            users.collect()
        };
        users.sort_by(|a, b| a.id.cmp(&b.id));
        find::completed(self, users, layout).await
    }
}

fn take(found: &mut Found, rows: Vec<Vec<Row>>) {
    found.extend(rows.into_iter().flatten().filter_map(|row| Some((rows::id(&row, "id")?, row))));
}

fn held<'f>(found: &'f Found, key: &'static str) -> impl Iterator<Item = &'f str> {
    found.values().filter_map(move |row| rows::text(row, key))
}
