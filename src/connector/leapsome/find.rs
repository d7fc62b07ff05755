//! Finding users by id, external id and address (apis/leapsome.md §2, §2.1, §6). A path takes an id or an external id, a filter
//! the address; each answer is of the whole user.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::LeapsomeTarget;
use super::api::{Row, Trouble, USER, USERS};
use super::fields::{EXTERNAL_ID, USER_NAME};
use super::read::user;
use crate::connector::find::{self, Sought, spellings};
use crate::connector::rows::text;
use crate::connector::{ConnectorError, Wanted};
use crate::model::{User, UserId, UserLayout};

/// Calls under way at the same time; the pace decides when.
const AT_ONCE: usize = 12;

/// Users by their ids.
type Found = BTreeMap<Arc<str>, Row>;

/// What is known of teams or of those who wait, by id.
type Named = HashMap<Arc<str>, Arc<str>>;

impl LeapsomeTarget {
    /// A custom attribute that is not shown of somebody is not delivered: whether there is none is not said.
    pub(super) async fn find_users(&self, wanted: &[Wanted], layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        let sought = Sought::of(wanted);
        if !sought.is_by(&[EXTERNAL_ID, USER_NAME]) {
            return find::among_everybody(self, wanted, layout).await;
        }
        let mut found = Found::new();
        let linked: Vec<UserId> = sought.users.iter().map(|id| (*id).clone()).collect();
        let linked = find::each(AT_ONCE, linked, |id: UserId| async move { self.api.user(id.as_str()).await });
        take(&mut found, linked.await.map_err(|error| error.into_error(USER))?);
        let external = sought.texts_beyond(EXTERNAL_ID, held(&found, "externalId"));
        let external = find::each(AT_ONCE, external, |id: String| async move { self.api.external(&id).await });
        take(&mut found, external.await.map_err(|error| error.into_error(USER))?);
        let addresses = sought.texts_beyond(USER_NAME, held(&found, "userName"));
        match find::each(AT_ONCE, addresses, |address| self.addressed(address)).await {
            // Without this filter, only the listing tells.
            Err(Trouble::Said(said)) if said.status == 400 => {
                return find::among_everybody(self, wanted, layout).await;
            }
            other => take(&mut found, other.map_err(|error| error.into_error(USERS))?),
        }
        self.shown(found, &sought, layout).await
    }

    /// It is not known whether the filter minds case.
    async fn addressed(&self, address: String) -> Result<Option<Row>, Trouble> {
        for spelling in spellings(&address) {
            if let Some(row) = self.api.addressed(&spelling).await? {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    async fn shown(
        &self,
        mut found: Found,
        sought: &Sought<'_>,
        layout: &UserLayout,
    ) -> Result<Vec<User>, ConnectorError> {
        let (compared, nothing) = (sought.added_to(layout), Named::new());
        found.retain(|_, row| {
            let lists = &mut HashMap::new();
            user(row, &compared, &nothing, &nothing, lists).is_some_and(|user| sought.may_be(&user, &compared))
        });
        let teams = if layout.memberships { self.teams_of(found.values()).await? } else { Named::new() };
        let waiting = self.waiting_among(found.values()).await?;
        let mut lists = HashMap::new();
        let users = found.values().filter_map(|row| user(row, layout, &teams, &waiting, &mut lists)).collect();
        found.values().for_each(|row| self.seen().user(row));
        Ok(users)
    }

    /// Who of them waits, with their state; nobody where the Content API's secret is not given.
    async fn waiting_among(&self, found: impl Iterator<Item = &Row>) -> Result<Named, ConnectorError> {
        let Some(content) = &self.content else { return Ok(Named::new()) };
        let who = found.filter_map(|row| Some((text(row, "id")?.to_owned(), text(row, "userName")?.to_owned())));
        let ask = |(id, address): (String, String)| async move { content.waiting_at(&id, &address).await };
        Ok(find::each(AT_ONCE, who.collect(), ask).await?.into_iter().flatten().collect())
    }
}

fn take(found: &mut Found, rows: Vec<Option<Row>>) {
    found.extend(rows.into_iter().flatten().filter_map(|row| Some((Arc::from(text(&row, "id")?), row))));
}

fn held<'f>(found: &'f Found, key: &'static str) -> impl Iterator<Item = &'f str> {
    found.values().filter_map(move |row| text(row, key))
}
