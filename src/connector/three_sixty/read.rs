//! Reading users: everybody by listings, and some by what no listing gives.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError};

use futures_util::future::try_join;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::api::Api;
use super::custom::CustomField;
use super::fields::{EXTERNAL_ID, LEARNER, MANAGERS, listed_cell, status};
use super::id::is_id;
use super::trouble::Trouble;
use super::wire::{RawRole, RawStatus, RawUser};
use super::{AT_ONCE, Logins, ThreeSixtyTarget};
use crate::connector::Account;
use crate::model::{
    Cell, Cells, CellsBuilder, FieldName, GroupId, Membership, User, UserId, UserLayout, UserStatus, Value,
};

/// Users as listings give them, sorted by id.
#[derive(Debug)]
pub(super) struct Listed {
    layout: UserLayout,
    users: Vec<User>,
}

impl Listed {
    pub(super) fn new(
        raw: &BTreeMap<Arc<str>, RawUser>,
        external_ids: &HashMap<Arc<str>, Arc<str>>,
        layout: &UserLayout,
    ) -> Self {
        let mut read = CellsBuilder::new(layout.fields.len());
        for user in raw.values() {
            let mut cells: Vec<Cell> =
                layout.fields.iter().map(|field| cell(user, field.as_str(), external_ids)).collect();
            read.push(&mut cells);
        }
        let nowhere: Arc<[Membership]> = Arc::new([]);
        let user = |(user, cells): (&RawUser, Cells)| User {
            id: UserId::new(Arc::clone(&user.id)),
            status: status(user),
            cells,
            memberships: Arc::clone(&nowhere),
        };
        Self { layout: layout.clone(), users: raw.values().zip(read.finish()).map(user).collect() }
    }

    pub(super) fn users(&self) -> &[User] {
        &self.users
    }

    pub(super) fn find(&self, id: &str) -> Option<&User> {
        self.users.binary_search_by(|user| user.id.as_str().cmp(id)).ok().map(|place| &self.users[place])
    }
}

/// Whether a user was no deactivated one.
pub(super) fn has_access(user: &User) -> bool {
    user.status != UserStatus::Inactive
}

/// Every user with what listings give, sorted by id.
pub(super) async fn users(target: &ThreeSixtyTarget, layout: &UserLayout) -> Result<Vec<User>, Trouble> {
    let (raw, mappings) = try_join(everybody(&target.api), target.api.mappings(None)).await?;
    let external_ids = target.mappings.listed(mappings);
    let listed = Arc::new(Listed::new(&raw, &external_ids, layout));
    let gone = raw.into_values().filter(|user| user.status == RawStatus::Deleted);
    let logins = gone.map(|user| (user.id, Logins { mail: user.mail, username: user.username })).collect();
    *target.deactivated.lock().unwrap_or_else(PoisonError::into_inner) = logins;
    *target.listed.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&listed));
    Ok(listed.users.clone())
}

fn cell(user: &RawUser, field: &str, external_ids: &HashMap<Arc<str>, Arc<str>>) -> Cell {
    match field {
        EXTERNAL_ID => Cell::from(external_ids.get(&user.id).cloned().map(Value::Text)),
        field => listed_cell(user, field),
    }
}

/// Every user once, by id, the deactivated too. It is not said whether the listing has those (apis/360learning.md,
/// "Uncertain" 7): where it has none, they are asked for.
pub(super) async fn everybody(api: &Api) -> Result<BTreeMap<Arc<str>, RawUser>, Trouble> {
    let mut all = api.users(&[]).await?;
    if !all.iter().any(|user| user.status == RawStatus::Deleted) {
        all.extend(api.users(&[("status[eq]", "deleted")]).await?);
    }
    // A user who moves from page to page while they are read comes twice.
    Ok(all.into_iter().map(|user| (Arc::clone(&user.id), user)).collect())
}

/// Every account, sorted by id. The API says neither when it was made nor when it was invited.
pub(super) async fn accounts(target: &ThreeSixtyTarget) -> Result<Vec<Account>, Trouble> {
    let account = |user: RawUser| Account {
        status: status(&user),
        login: user.mail.or(user.username).unwrap_or_default(),
        id: UserId::new(user.id),
        created: None,
        invited: None,
        invitation_ends: None,
    };
    Ok(everybody(&target.api).await?.into_values().map(account).collect())
}

/// These users with everything, asked for one by one. What a listing of the same layout says of them is not asked again.
pub(super) async fn details(
    target: &ThreeSixtyTarget,
    users: &[UserId],
    layout: &UserLayout,
    listed: Option<&Listed>,
) -> Result<Vec<User>, Trouble> {
    let custom = target.custom().await?;
    let asking = Asking {
        target,
        layout,
        listed: listed.filter(|listed| listed.layout == *layout),
        custom: layout.fields.iter().map(|name| custom.iter().find(|field| *field.name == *name.as_str())).collect(),
        managers: layout.find(&FieldName::from(MANAGERS)).is_some(),
    };
    let ids: Vec<UserId> = users.iter().filter(|user| is_id(user.as_str())).cloned().collect();
    let asking = &asking;
    let ask = |id: UserId| async move { asking.user(id.as_str()).await };
    let read: Vec<Option<User>> = stream::iter(ids).map(ask).buffer_unordered(AT_ONCE).try_collect().await?;
    Ok(read.into_iter().flatten().collect())
}

/// What is asked of each user.
struct Asking<'a> {
    target: &'a ThreeSixtyTarget,
    layout: &'a UserLayout,
    listed: Option<&'a Listed>,
    /// The custom field at each place of the layout, where there is one.
    custom: Vec<Option<&'a CustomField>>,
    managers: bool,
}

impl Asking<'_> {
    async fn user(&self, id: &str) -> Result<Option<User>, Trouble> {
        match self.there(id).await {
            Err(trouble) if trouble.is_not_found() => Ok(None),
            other => other.map(Some),
        }
    }

    async fn there(&self, id: &str) -> Result<User, Trouble> {
        let api = &self.target.api;
        let (user_status, mut cells) = self.listed(id).await?;
        if self.custom.iter().any(Option::is_some) {
            let values = api.custom_values(id).await?;
            for (cell, field) in cells.iter_mut().zip(&self.custom) {
                if let Some(field) = field {
                    *cell = field.cell(&values);
                }
            }
        }
        if self.managers {
            let mut managers = api.managers(id).await?;
            managers.sort();
            let managers = Some(managers).filter(|managers| !managers.is_empty());
            for (cell, _) in cells.iter_mut().zip(&self.layout.fields).filter(|(_, name)| name.as_str() == MANAGERS) {
                *cell = Cell::from(managers.clone().map(|managers| Value::List(managers.into())));
            }
        }
        let roles = if self.layout.memberships { api.roles(id).await? } else { Vec::new() };
        let memberships = memberships(roles);
        Ok(User { id: id.into(), status: user_status, cells: cells.into_iter().collect(), memberships })
    }

    /// What a listing says of a user; who was not listed is asked for alone.
    async fn listed(&self, id: &str) -> Result<(UserStatus, Vec<Cell>), Trouble> {
        if let Some(user) = self.listed.and_then(|listed| listed.find(id)) {
            return Ok((user.status, user.cells.iter().cloned().collect()));
        }
        let user = self.target.api.user(id).await?;
        let mut external_ids = HashMap::new();
        if self.layout.find(&FieldName::from(EXTERNAL_ID)).is_some() {
            let mappings = self.target.api.mappings(Some(id)).await?;
            external_ids.extend(mappings.into_iter().map(|mapping| (mapping.target_id, mapping.value)));
        }
        let cells = self.layout.fields.iter().map(|field| cell(&user, field.as_str(), &external_ids)).collect();
        Ok((status(&user), cells))
    }
}

/// The groups that somebody is a learner of, sorted: other roles are nobody's business here.
pub(super) fn memberships(roles: Vec<RawRole>) -> Arc<[Membership]> {
    let learner = |role: RawRole| Membership { group: GroupId::new(role.group_id), role: role.role };
    let mut held: Vec<Membership> = roles.into_iter().filter(|role| &*role.role == LEARNER).map(learner).collect();
    held.sort();
    held.dedup();
    held.into()
}
