//! Groups and single memberships (apis/360learning.md §6).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use serde::Deserialize;
use serde_json::json;

use super::paging::Asked;
use super::reply::{Reply, body, done, good, id, json};
use crate::sandbox::three_sixty::company::denial::{BAD_REQUEST, Denial, missing};
use crate::sandbox::three_sixty::company::group::{GroupChange, Role};
use crate::sandbox::three_sixty::company::id::Id;
use crate::sandbox::three_sixty::simulation::Simulation;

type Shared = State<Arc<Simulation>>;

const GROUPS_A_PAGE: usize = 500;
const ROLES_A_PAGE: usize = 1000;

const UNKNOWN: Denial = missing("groupNotFound");

pub(super) async fn list(State(simulation): Shared, uri: Uri, headers: HeaderMap) -> Reply {
    let company = simulation.company();
    let groups = company.groups().values();
    Asked::of(&uri, &headers)?.page(GROUPS_A_PAGE, groups.map(|group| (group.id.to_string(), group)))
}

pub(super) async fn one(State(simulation): Shared, Path(group): Path<String>) -> Reply {
    let company = simulation.company();
    good(company.groups().get(&id(&group, UNKNOWN)?).ok_or(UNKNOWN)?)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewGroup {
    name: String,
    public: bool,
    parent_id: Id,
    custom: Option<String>,
}

pub(super) async fn create(State(simulation): Shared, told: Bytes) -> Reply {
    let new: NewGroup = body(&told)?;
    if new.name.is_empty() || new.custom.as_deref() == Some("") {
        return Err(BAD_REQUEST);
    }
    let most = simulation.switches().most_groups;
    let mut company = simulation.company();
    let group = company.add_group(new.name, new.public, new.parent_id, most)?;
    let group = company.change_group(group, GroupChange { custom: new.custom.map(Some), ..GroupChange::default() })?;
    Ok(json(StatusCode::CREATED, group))
}

pub(super) async fn change(State(simulation): Shared, Path(group): Path<String>, told: Bytes) -> Reply {
    let change: GroupChange = body(&told)?;
    if change.name.as_deref() == Some("") || change.custom.iter().flatten().any(String::is_empty) {
        return Err(BAD_REQUEST);
    }
    good(simulation.company().change_group(id(&group, UNKNOWN)?, change)?)
}

pub(super) async fn delete(State(simulation): Shared, Path(group): Path<String>) -> Reply {
    done(simulation.company().delete_group(id(&group, UNKNOWN)?))
}

pub(super) async fn roles(State(simulation): Shared, Path(group): Path<String>, uri: Uri, headers: HeaderMap) -> Reply {
    let group = id(&group, UNKNOWN)?;
    let company = simulation.company();
    if !company.groups().contains_key(&group) {
        return Err(UNKNOWN);
    }
    let roles = company.users().values().flat_map(|user| {
        user.roles.range((group, Role::Admin)..=(group, Role::Owner)).map(|(_, role)| (user.id, *role))
    });
    let shown = roles.map(|(user, role)| (format!("{user}{}", role as u8), json!({ "userId": user, "role": role })));
    Asked::of(&uri, &headers)?.page(ROLES_A_PAGE, shown)
}

pub(super) async fn join(
    State(simulation): Shared,
    Path((group, role, user)): Path<(String, String, String)>,
) -> Reply {
    let (group, user) = (id(&group, UNKNOWN)?, id(&user, missing("userNotFound"))?);
    let role = Role::of_path(&role).ok_or(BAD_REQUEST)?;
    let switches = simulation.switches();
    done(simulation.company().join(group, role, user, &switches).map(|_| ()))
}

pub(super) async fn leave(
    State(simulation): Shared,
    Path((group, role, user)): Path<(String, String, String)>,
) -> Reply {
    let (group, user) = (id(&group, UNKNOWN)?, id(&user, missing("userNotFoundInGroup"))?);
    let role = Role::of_path(&role).ok_or(BAD_REQUEST)?;
    let switches = simulation.switches();
    done(simulation.company().leave(group, role, user, &switches))
}
