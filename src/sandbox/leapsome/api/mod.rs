//! Leapsome's own paths: the SCIM API below `/scim/v1`, the Content API below `/v1`.

mod body;
mod config;
mod content;
mod gate;
mod groups;
mod paging;
mod patch_op;
mod refusal;
mod users;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get};

use super::simulation::Simulation;

/// The largest body of a request.
const LARGEST_BODY: usize = 1 << 20;

/// The endpoints that the fact sheet's sections 2, 3, 5 and 6 describe. Paths are counted as the description writes them.
pub(crate) fn router(simulation: &Arc<Simulation>) -> Router<Arc<Simulation>> {
    let scim = Router::new()
        .route("/scim/v1/Users", get(users::list).post(users::create))
        .route("/scim/v1/Users/{userId}", get(users::one).patch(users::change).put(users::replace))
        .route("/scim/v1/Groups", get(groups::list).post(groups::create))
        .route("/scim/v1/Groups/{groupId}", get(groups::one).patch(groups::change))
        .route("/scim/v1/ServiceProviderConfig", get(config::show))
        .route_layer(from_fn_with_state(Arc::clone(simulation), gate::scim));
    let content = Router::new()
        .route("/v1/token", get(content::token))
        .route("/v1/employees", get(content::employees))
        .route_layer(from_fn_with_state(Arc::clone(simulation), gate::content));
    scim.merge(content)
        .route_layer(from_fn_with_state(Arc::clone(simulation), gate::record))
        .route("/scim/{*other}", any(refusal::wrong_path))
        .route("/v1/{*other}", any(refusal::wrong_path))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .fallback(refusal::wrong_path)
        .method_not_allowed_fallback(refusal::wrong_path)
}
