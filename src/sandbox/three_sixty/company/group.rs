//! Groups, their tree, and who has which role in them (apis/360learning.md §6).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Company;
use super::denial::{Denial, invalid, missing};
use super::id::{Id, Kind};
use crate::sandbox::three_sixty::switches::Switches;

/// A group. The root has no parent.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Group {
    #[serde(rename = "_id")]
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) public: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) parent_id: Option<Id>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) custom: Option<String>,
}

/// What somebody is in a group. Paths write the last but one with a hyphen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// Administers the group.
    Admin,
    /// Sees its figures.
    Analyst,
    /// Coaches its learners.
    Coach,
    /// Adds to its courses.
    Contributor,
    /// Writes its courses.
    Editor,
    /// Takes its courses.
    Learner,
    /// Administers its users.
    UserAdmin,
    /// Owns the company; cannot be given.
    Owner,
}

impl Role {
    /// The role that a path names.
    pub(crate) fn of_path(text: &str) -> Option<Self> {
        Some(match text {
            "admin" => Self::Admin,
            "analyst" => Self::Analyst,
            "coach" => Self::Coach,
            "contributor" => Self::Contributor,
            "editor" => Self::Editor,
            "learner" => Self::Learner,
            "user-admin" => Self::UserAdmin,
            _ => return None,
        })
    }
}

/// Changes of a group; what is absent stays.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GroupChange {
    pub(crate) name: Option<String>,
    pub(crate) public: Option<bool>,
    pub(crate) parent_id: Option<Id>,
    #[serde(default, deserialize_with = "super::draft::told")]
    pub(crate) custom: Option<Option<String>>,
}

/// The groups of a company by id.
pub(crate) type Groups = BTreeMap<Id, Group>;

impl Company {
    pub(crate) fn root(&self) -> Id {
        self.root
    }

    pub(crate) fn groups(&self) -> &Groups {
        &self.groups
    }

    pub(crate) fn add_group(&mut self, name: String, public: bool, parent: Id, most: u32) -> Result<Id, Denial> {
        if !self.groups.contains_key(&parent) {
            return Err(missing("parentGroupNotFound"));
        }
        if self.groups.len() >= most as usize {
            return Err(invalid("maxGroupsLimitReached"));
        }
        let id = self.ids.next(Kind::Group);
        self.groups.insert(id, Group { id, name, public, parent_id: Some(parent), custom: None });
        Ok(id)
    }

    pub(crate) fn change_group(&mut self, id: Id, change: GroupChange) -> Result<&Group, Denial> {
        if let Some(parent) = change.parent_id {
            if !self.groups.contains_key(&parent) {
                return Err(missing("parentGroupNotFound"));
            }
            if self.is_within(parent, id) {
                return Err(invalid("parentGroupNotDescendantOrSelf"));
            }
        }
        if id == self.root && change.public == Some(true) {
            return Err(invalid("rootGroupNotPublic"));
        }
        let group = self.groups.get_mut(&id).ok_or(missing("groupNotFound"))?;
        if let Some(name) = change.name {
            group.name = name;
        }
        group.public = change.public.unwrap_or(group.public);
        group.parent_id = change.parent_id.or(group.parent_id);
        if let Some(custom) = change.custom {
            group.custom = custom;
        }
        Ok(group)
    }

    /// Takes a group away, and the groups below it.
    pub(crate) fn delete_group(&mut self, id: Id) -> Result<(), Denial> {
        if id == self.root {
            return Err(invalid("groupIsRoot"));
        }
        if !self.groups.contains_key(&id) {
            return Err(missing("groupNotFound"));
        }
        let gone: Vec<Id> = self.groups.keys().copied().filter(|one| self.is_within(*one, id)).collect();
        self.groups.retain(|one, _| !gone.contains(one));
        for user in self.users.values_mut() {
            user.roles.retain(|(group, _)| !gone.contains(group));
            user.profile.primary_group_id = user.profile.primary_group_id.filter(|group| !gone.contains(group));
        }
        Ok(())
    }

    /// Whether a group is another one or lies below it.
    fn is_within(&self, group: Id, top: Id) -> bool {
        self.upwards(group).any(|one| one == top)
    }

    /// A group and those above it, up to the root.
    fn upwards(&self, group: Id) -> impl Iterator<Item = Id> {
        std::iter::successors(Some(group), |one| self.groups.get(one)?.parent_id)
    }

    /// Gives a role. Learners of a public group join what is above it, where that is switched (§6, uncertain 5).
    pub(crate) fn join(&mut self, group: Id, role: Role, user: Id, switches: &Switches) -> Result<Joined, Denial> {
        let Some(found) = self.groups.get(&group) else { return Err(missing("groupNotFound")) };
        if role == Role::Analyst && !switches.analyst {
            return Err(invalid("analystUnavailable"));
        }
        let mut groups = vec![group];
        if role == Role::Learner && found.public && switches.joining_cascades {
            for above in self.upwards(group).skip(1) {
                groups.push(above);
                if !self.groups.get(&above).is_some_and(|group| group.public) {
                    break;
                }
            }
        }
        let user = self.users.get_mut(&user).ok_or(missing("userNotFound"))?;
        if user.is_deleted() {
            return Err(invalid("userDeleted"));
        }
        let again = user.roles.contains(&(group, role));
        user.roles.extend(groups.into_iter().map(|group| (group, role)));
        Ok(if again { Joined::Again } else { Joined::New })
    }

    /// Takes a role away. Learners of a group leave its public subgroups too, down to the first private one (§6).
    pub(crate) fn leave(&mut self, group: Id, role: Role, user: Id, switches: &Switches) -> Result<(), Denial> {
        if !self.groups.contains_key(&group) {
            return Err(missing("groupNotFound"));
        }
        if role == Role::Analyst && !switches.analyst {
            return Err(invalid("analystUnavailable"));
        }
        let mut left = vec![group];
        if role == Role::Learner && switches.leaving_cascades {
            let mut next = 0;
            while let Some(&top) = left.get(next) {
                let below = self.groups.values().filter(|group| group.public && group.parent_id == Some(top));
                left.extend(below.map(|group| group.id));
                next += 1;
            }
        }
        let user = self.users.get_mut(&user).filter(|user| user.roles.contains(&(group, role)));
        let user = user.ok_or(missing("userNotFoundInGroup"))?;
        user.roles.retain(|(group, of)| *of != role || !left.contains(group));
        let still = |group: &Id| user.roles.iter().any(|(of, _)| of == group);
        user.profile.primary_group_id = user.profile.primary_group_id.filter(still);
        Ok(())
    }
}

/// Whether a membership is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Joined {
    New,
    Again,
}
