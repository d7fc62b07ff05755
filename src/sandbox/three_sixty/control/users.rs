//! Looking at users and groups, whatever the credentials may see.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json;

use crate::sandbox::answer::{answer, refused};
use crate::sandbox::refusal::Refusal;
use crate::sandbox::three_sixty::company::group::Role;
use crate::sandbox::three_sixty::company::user::Status;
use crate::sandbox::three_sixty::simulation::Simulation;
use crate::sandbox::three_sixty::snapshot;

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Which {
    limit: usize,
    offset: usize,
    status: Option<Status>,
}

impl Default for Which {
    fn default() -> Self {
        Self { limit: 100, offset: 0, status: None }
    }
}

/// Some users.
pub(super) async fn list(
    State(simulation): State<Arc<Simulation>>,
    which: Result<Query<Which>, QueryRejection>,
) -> Response {
    let Ok(Query(which)) = which else {
        return refused(&Refusal::new(
            "the query is wrong",
            "there are `limit`, `offset` and `status`: `?status=invited&limit=10`",
        ));
    };
    let mut users = snapshot::of(&simulation.company());
    users.retain(|user| which.status.is_none_or(|status| user.status == status));
    let some: Vec<_> = users.iter().skip(which.offset).take(which.limit.min(1000)).collect();
    answer(StatusCode::OK, &json!({ "total": users.len(), "users": some }))
}

/// One user, by id, address, user name or external id.
pub(super) async fn one(State(simulation): State<Arc<Simulation>>, Path(user): Path<String>) -> Response {
    let company = simulation.company();
    let id = company.find(&user).map(|id| id.to_string());
    match snapshot::of(&company).into_iter().find(|user| Some(&user.id) == id.as_ref()) {
        Some(user) => answer(StatusCode::OK, &user),
        None => {
            let refusal = Refusal::new("nobody has this id or address", "`GET /sandbox/users` lists who is there");
            answer(StatusCode::NOT_FOUND, &refusal)
        }
    }
}

/// The groups.
pub(super) async fn groups(State(simulation): State<Arc<Simulation>>) -> Response {
    let company = simulation.company();
    let learners = |id| company.users().values().filter(|user| user.roles.contains(&(id, Role::Learner))).count();
    let groups = company.groups().values().map(|group| {
        json!({
            "id": group.id, "name": group.name, "public": group.public, "parent": group.parent_id,
            "learners": learners(group.id),
        })
    });
    answer(StatusCode::OK, &json!({ "groups": groups.collect::<Vec<_>>() }))
}
