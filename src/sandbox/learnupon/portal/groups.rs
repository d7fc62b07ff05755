//! Groups, who is in them, and who manages them (apis/learnupon.md §3).

use jiff::Timestamp;
use serde::Serialize;

use super::{Fault, Portal};
use crate::sandbox::learnupon::switches::Switches;

/// A group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// Its id.
    pub id: u64,
    /// Its title, which no other has.
    pub title: String,
    /// What it is for.
    pub description: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

/// Somebody's place in a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Membership {
    /// Its id.
    pub id: u64,
    /// The group.
    pub group_id: u64,
    /// The user.
    pub user_id: u64,
    /// Whether a dynamic rule made it.
    pub automatic: bool,
    /// Whether the member was enrolled into the group's courses.
    pub enrolled: bool,
}

/// Somebody who manages a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GroupManager {
    /// Its id.
    pub id: u64,
    /// The group.
    pub group_id: u64,
    /// The user, of the type `manager` or `admin`.
    pub user_id: u64,
    /// Whether they may make accounts.
    pub can_create_users: bool,
}

impl Portal {
    /// `POST /groups`.
    pub(crate) fn create_group(
        &mut self,
        title: &str,
        description: Option<String>,
        switches: &Switches,
    ) -> Result<u64, Fault> {
        if title.trim().is_empty() {
            return Err(Fault::invalid("title can't be blank"));
        }
        self.check_title(title, None, switches)?;
        let (id, now) = (self.new_id(), self.now());
        let group = Group { id, title: title.trim().to_owned(), description, created_at: now, updated_at: now };
        self.groups.insert(id, group);
        Ok(id)
    }

    /// `PUT /groups/{id}`.
    pub(crate) fn rename_group(&mut self, id: u64, title: &str, switches: &Switches) -> Result<(), Fault> {
        self.check_title(title, Some(id), switches)?;
        let now = self.now();
        let group = self.groups.get_mut(&id).ok_or(Fault::NotFound)?;
        title.trim().clone_into(&mut group.title);
        group.updated_at = now;
        Ok(())
    }

    /// `DELETE /groups/{id}`.
    pub(crate) fn delete_group(&mut self, id: u64) -> Result<(), Fault> {
        self.groups.remove(&id).ok_or(Fault::NotFound)?;
        self.memberships.retain(|(_, group), _| *group != id);
        self.managers.retain(|_, manager| manager.group_id != id);
        Ok(())
    }

    fn check_title(&self, title: &str, own: Option<u64>, switches: &Switches) -> Result<(), Fault> {
        let title = title.trim();
        let same = |other: &str| {
            other == title || (switches.titles_ignore_case && other.to_lowercase() == title.to_lowercase())
        };
        match self.groups.values().find(|group| same(&group.title) && Some(group.id) != own) {
            Some(_) => Err(Fault::Duplicate("title already exists".to_owned())),
            None => Ok(()),
        }
    }

    fn check_pair(&self, group: u64, user: u64) -> Result<(), Fault> {
        if !self.groups.contains_key(&group) {
            return Err(Fault::invalid("group does not exist"));
        }
        if !self.users.contains_key(&user) {
            return Err(Fault::invalid("user does not exist"));
        }
        Ok(())
    }

    /// `POST /group_memberships`. What a rule made becomes manual.
    pub(crate) fn join(&mut self, group: u64, user: u64, enrol: bool, switches: &Switches) -> Result<u64, Fault> {
        self.check_pair(group, user)?;
        if let Some(known) = self.memberships.get_mut(&(user, group)) {
            if known.automatic || !switches.refuse_membership_twice {
                known.automatic = false;
                return Ok(known.id);
            }
            return Err(Fault::Duplicate("user is already a member of this group".to_owned()));
        }
        let id = self.new_id();
        let membership = Membership { id, group_id: group, user_id: user, automatic: false, enrolled: enrol };
        self.memberships.insert((user, group), membership);
        Ok(id)
    }

    /// `DELETE /group_memberships/0`.
    pub(crate) fn leave(&mut self, group: u64, user: u64) -> Result<(), Fault> {
        self.memberships.remove(&(user, group)).map(drop).ok_or(Fault::NotFound)
    }

    /// `DELETE /group_memberships/{id}`.
    pub(crate) fn leave_by_id(&mut self, id: u64) -> Result<(), Fault> {
        let pair = self.memberships.iter().find(|(_, membership)| membership.id == id).map(|(pair, _)| *pair);
        self.memberships.remove(&pair.ok_or(Fault::NotFound)?).map(drop).ok_or(Fault::NotFound)
    }

    /// `POST /group_managers`.
    pub(crate) fn add_manager(&mut self, group: u64, user: u64, can_create_users: bool) -> Result<u64, Fault> {
        self.check_pair(group, user)?;
        let fits = self.users.get(&user).is_some_and(|user| matches!(user.user_type.as_str(), "manager" | "admin"));
        if !fits {
            return Err(Fault::invalid("user is not of the type manager"));
        }
        if self.managers.values().any(|manager| (manager.group_id, manager.user_id) == (group, user)) {
            return Err(Fault::Duplicate("user already manages this group".to_owned()));
        }
        let id = self.new_id();
        self.managers.insert(id, GroupManager { id, group_id: group, user_id: user, can_create_users });
        Ok(id)
    }

    /// `DELETE /group_managers/0`.
    pub(crate) fn remove_manager(&mut self, group: u64, user: u64) -> Result<(), Fault> {
        let found = self.managers.values().find(|manager| (manager.group_id, manager.user_id) == (group, user));
        let id = found.ok_or(Fault::NotFound)?.id;
        self.remove_manager_by_id(id)
    }

    /// `DELETE /group_managers/{id}`.
    pub(crate) fn remove_manager_by_id(&mut self, id: u64) -> Result<(), Fault> {
        self.managers.remove(&id).map(drop).ok_or(Fault::NotFound)
    }
}
