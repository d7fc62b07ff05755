//! Learn Amp's own paths: the token's, and everything below `/v1`.

mod body;
mod gate;
mod members;
mod paging;
mod reply;
mod scope;
mod teams;
mod token;
mod users;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{delete, get, post, put};

use super::simulation::Simulation;

/// The largest body of a request.
const LARGEST_BODY: usize = 1 << 20;

/// The endpoints that the fact sheet's sections 2, 4 and 6 describe.
pub(super) fn router(simulation: &Arc<Simulation>) -> Router<Arc<Simulation>> {
    let asked_for = Router::new()
        .route("/v1/users", get(users::list).post(users::create))
        .route("/v1/users/{id}", get(users::one).put(users::update).delete(users::delete))
        .route("/v1/users/{id}/deactivate", put(users::deactivate))
        .route("/v1/users/{id}/reactivate", put(users::reactivate))
        .route(
            "/v1/users/by_integration_external_id/{extId}",
            get(users::one_by_external_id).put(users::update_by_external_id),
        )
        .route("/v1/teams", get(teams::list).post(teams::create))
        .route("/v1/teams/{id}", get(teams::one).put(teams::update).delete(teams::delete))
        .route(
            "/v1/teams/by_external_id/{extId}",
            get(teams::one_by_external_id).put(teams::update_by_external_id).delete(teams::delete_by_external_id),
        )
        .route("/v1/teams/{id}/users", get(members::list).post(members::join))
        .route(
            "/v1/teams/by_external_id/{extId}/users",
            get(members::list_by_external_id).post(members::join_by_external_id),
        )
        .route("/v1/teams/users", post(members::join_named))
        .route("/v1/teams/{id}/bulk/users", post(members::join_all))
        .route("/v1/teams/by_external_id/{extId}/bulk/users", post(members::join_all_by_external_id))
        .route("/v1/teams/{id}/users/{userId}", delete(members::leave))
        .route("/v1/teams/by_external_id/{extId}/users/{userId}", delete(members::leave_by_external_id))
        .route_layer(from_fn_with_state(Arc::clone(simulation), gate::pass));
    let token = Router::new()
        .route("/oauth/token", post(token::give))
        .route_layer(from_fn_with_state(Arc::clone(simulation), gate::suffer));
    asked_for
        .merge(token)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .fallback(reply::wrong_path)
        .method_not_allowed_fallback(reply::wrong_path)
}
