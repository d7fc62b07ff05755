//! A user with everything that belongs to them, which the API itself never shows in one place.

use std::collections::BTreeMap;

use serde::Serialize;

use super::company::Company;
use super::company::group::Role;
use super::company::user::{Status, User as Inner, written};

/// A user. Empty texts stand for what is not set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The id.
    pub id: String,
    /// Active, invited or deleted.
    pub status: Status,
    /// The owner of the company cannot be deleted.
    pub owner: bool,
    /// Fields by their names in the API, of those that are set.
    pub fields: BTreeMap<&'static str, String>,
    /// The ids of managers.
    pub managers: Vec<String>,
    /// Roles by group, in the order of groups.
    pub groups: Vec<InGroup>,
    /// Custom values by the name of the field.
    pub values: BTreeMap<String, String>,
    /// External ids by platform.
    pub external_ids: BTreeMap<String, String>,
    /// How often they were deleted, and brought back.
    pub deleted: usize,
    /// How often they were brought back.
    pub restored: usize,
}

/// A role in a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InGroup {
    /// The id of the group.
    pub group: String,
    /// Its name.
    pub name: String,
    /// The role.
    pub role: Role,
}

impl User {
    /// A field by its name in the API; empty if it is not set.
    #[must_use]
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// The names of the groups that they are a learner of, in order.
    #[must_use]
    pub fn learns_in(&self) -> Vec<&str> {
        let mut names: Vec<&str> =
            self.groups.iter().filter(|one| one.role == Role::Learner).map(|one| one.name.as_str()).collect();
        names.sort_unstable();
        names
    }
}

/// Everybody, in the order in which they were made.
pub(super) fn of(company: &Company) -> Vec<User> {
    let mut external: BTreeMap<_, BTreeMap<String, String>> = BTreeMap::new();
    for mapping in company.mappings().values() {
        let ids = external.entry(mapping.target_id).or_default();
        ids.insert(mapping.platform.clone(), mapping.value.clone());
    }
    let one = |user: &Inner| shown(company, user, external.remove(&user.id).unwrap_or_default());
    company.users().values().map(one).collect()
}

fn shown(company: &Company, user: &Inner, external_ids: BTreeMap<String, String>) -> User {
    let profile = &user.profile;
    let texts = [
        ("mail", &profile.mail),
        ("username", &profile.username),
        ("firstName", &profile.first_name),
        ("lastName", &profile.last_name),
        ("phone", &profile.phone),
        ("job", &profile.job),
        ("organization", &profile.organization),
        ("custom", &profile.custom),
    ];
    let mut fields: BTreeMap<_, _> = texts.into_iter().filter_map(|(name, text)| Some((name, text.clone()?))).collect();
    fields.insert("lang", profile.lang.clone());
    fields.extend(profile.primary_group_id.map(|id| ("primaryGroupId", id.to_string())));
    fields.extend(profile.to_be_deactivated_at.map(|moment| ("toBeDeactivatedAt", written(moment))));
    let group = |(id, role): &(_, Role)| {
        let name = company.groups().get(id).map(|group| group.name.clone()).unwrap_or_default();
        InGroup { group: id.to_string(), name, role: *role }
    };
    let value = |(id, value): (&_, &String)| Some((company.custom_fields().get(id)?.name.clone(), value.clone()));
    User {
        id: user.id.to_string(),
        status: user.status,
        owner: user.is_owner(),
        fields,
        managers: user.managers.iter().map(ToString::to_string).collect(),
        groups: user.roles.iter().map(group).collect(),
        values: user.values.iter().filter_map(value).collect(),
        external_ids,
        deleted: user.deleted_at.len(),
        restored: user.reactivated_at.len(),
    }
}
