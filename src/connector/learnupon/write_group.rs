//! Memberships and group managers (apis/learnupon.md §3). What was written is looked up where LearnUpon says no: its texts
//! do not tell for sure that somebody is in already.

use serde_json::{Map, json};

use super::api::{Row, Trouble};
use super::fields::{AUTOMATIC, MANAGER, MEMBER};
use super::{LearnUponTarget, read, refusal, wire};
use crate::connector::WriteError;
use crate::model::Membership;

impl LearnUponTarget {
    pub(super) async fn join(&self, user: u64, membership: &Membership) -> Result<(), WriteError> {
        let group = group_of(membership)?;
        match &*membership.role {
            MEMBER => match self.api.join(pair(group, user)).await {
                Err(Trouble::Said(said)) => match self.place_in(group, user).await? {
                    Some(AUTOMATIC) => Err(refusal::kept_by_rule()),
                    Some(_) => Ok(()),
                    None if said.not_found() => Err(refusal::unknown_group()),
                    None => Err(refusal::said(&said)),
                },
                other => self.done(other),
            },
            MANAGER => self.manage(group, user).await,
            _ => Err(refusal::unknown_role()),
        }
    }

    pub(super) async fn leave(&self, user: u64, membership: &Membership) -> Result<(), WriteError> {
        let group = group_of(membership)?;
        match &*membership.role {
            MEMBER if self.seen().automatic.contains(&(group, user)) => Err(refusal::not_ours()),
            MEMBER => match self.api.leave(pair(group, user)).await {
                Err(Trouble::Said(said)) if said.not_found() => Ok(()),
                other => self.done(other),
            },
            MANAGER => self.manage_no_more(group, user).await,
            _ => Err(refusal::unknown_role()),
        }
    }

    /// Where a user is in a group, as LearnUpon has it now.
    async fn place_in(&self, group: u64, user: u64) -> Result<Option<&'static str>, WriteError> {
        let groups = self.api.groups_of(user).await.map_err(|error| self.failed(error))?;
        let is_it = |row: &&Row| wire::id(row, "group_id").or_else(|| wire::id(row, "id")) == Some(group);
        Ok(groups.iter().find(is_it).map(|row| if read::is_automatic(row) { AUTOMATIC } else { MEMBER }))
    }

    async fn manage(&self, group: u64, user: u64) -> Result<(), WriteError> {
        let may = {
            let seen = self.seen();
            let user_type = seen.users.get(&user).and_then(|user| user.user_type.as_deref());
            user_type.is_none_or(|user_type| matches!(user_type, "manager" | "admin"))
        };
        if !may {
            return Err(refusal::no_manager());
        }
        match self.api.add_manager(pair(group, user)).await {
            Err(Trouble::Said(said)) => match self.manager_entry(group, user).await? {
                Some(_) => Ok(()),
                None => Err(refusal::said(&said)),
            },
            other => self.done(other),
        }
    }

    async fn manage_no_more(&self, group: u64, user: u64) -> Result<(), WriteError> {
        let known = self.seen().managers.remove(&(group, user));
        let entry = match known {
            Some(entry) => Some(entry),
            None => self.manager_entry(group, user).await?,
        };
        let Some(entry) = entry else { return Ok(()) };
        match self.api.remove_manager(entry).await {
            Err(Trouble::Said(said)) if said.not_found() => Ok(()),
            other => self.done(other),
        }
    }

    /// The entry that says that a user manages a group.
    async fn manager_entry(&self, group: u64, user: u64) -> Result<Option<u64>, WriteError> {
        let rows = match self.api.managers(Some(group)).await {
            Ok(rows) => rows,
            Err(Trouble::Said(said)) if said.not_found() => Vec::new(),
            Err(trouble) => return self.done(Err(trouble)).map(|()| None),
        };
        let is_it = |row: &&Row| {
            wire::id(row, "user_id") == Some(user) && wire::id(row, "group_id").is_none_or(|other| other == group)
        };
        Ok(rows.iter().find(is_it).and_then(|row| wire::id(row, "id")))
    }
}

fn group_of(membership: &Membership) -> Result<u64, WriteError> {
    membership.group.as_str().parse().map_err(|_| refusal::unknown_group())
}

fn pair(group: u64, user: u64) -> Row {
    Map::from_iter([("group_id".to_owned(), json!(group)), ("user_id".to_owned(), json!(user))])
}
