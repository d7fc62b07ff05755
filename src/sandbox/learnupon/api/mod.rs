//! LearnUpon's own paths, below `/api/v1`.

mod body;
mod gate;
mod groups;
mod invites;
pub(crate) mod limit;
mod list;
mod refusal;
mod users;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post, put};

use super::simulation::Simulation;

/// The largest body of a request.
const LARGEST_BODY: usize = 1 << 20;

/// The endpoints. Any other path answers 401 (apis/learnupon.md §1, "Errors").
pub(crate) fn router(simulation: &Arc<Simulation>) -> Router<Arc<Simulation>> {
    Router::new()
        .route("/api/v1/users", get(users::list).post(users::create))
        .route("/api/v1/users/search", get(users::search))
        .route("/api/v1/users/customuserdata", get(users::definitions))
        .route("/api/v1/users/{id}", get(users::one).put(users::update).delete(users::delete))
        .route("/api/v1/timezones", get(users::timezones))
        .route("/api/v1/portal_invite", post(invites::to_portal))
        .route("/api/v1/group_invites", get(invites::list).post(invites::to_group))
        .route("/api/v1/group_invites/{id}", axum::routing::delete(invites::withdraw))
        .route("/api/v1/groups", get(groups::list).post(groups::create))
        .route("/api/v1/groups/{id}", put(groups::rename).delete(groups::delete))
        .route("/api/v1/group_memberships", get(groups::memberships).post(groups::join))
        .route("/api/v1/group_memberships/{id}", axum::routing::delete(groups::leave))
        .route("/api/v1/group_managers", get(groups::managers).post(groups::add_manager))
        .route("/api/v1/group_managers/{id}", axum::routing::delete(groups::remove_manager))
        .route_layer(from_fn_with_state(Arc::clone(simulation), gate::pass))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .fallback(refusal::wrong_path)
        .method_not_allowed_fallback(refusal::wrong_path)
}
