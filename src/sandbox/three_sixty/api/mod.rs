//! 360Learning's own paths, below `/api/v2`.

mod bulk;
mod custom_fields;
mod external_ids;
mod filter;
mod gate;
mod groups;
mod paging;
mod recorder;
mod refusal;
mod reply;
mod scope;
mod token;
mod users;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post, put};

use super::simulation::Simulation;

/// The largest body of a request: 20,000 memberships fit.
const LARGEST_BODY: usize = 8 << 20;

/// The endpoints that the fact sheet's sections 1 to 7 describe.
pub(crate) fn router(simulation: &Arc<Simulation>) -> Router<Arc<Simulation>> {
    let asked_for = Router::new()
        .route("/api/v2/users", get(users::list).post(users::create))
        .route("/api/v2/users/{userId}", get(users::one).patch(users::change).delete(users::delete))
        .route("/api/v2/users/{userId}/activate", put(users::activate))
        .route("/api/v2/users/{userId}/password", put(users::set_password))
        .route("/api/v2/users/{userId}/pseudonymize", put(users::pseudonymize))
        .route("/api/v2/users/{userId}/managers", get(users::managers))
        .route("/api/v2/users/{userId}/managers/{managerId}", post(users::manage).delete(users::unmanage))
        .route("/api/v2/users/{userId}/subordinates", get(users::subordinates))
        .route("/api/v2/users/{userId}/roles", get(users::roles))
        .route("/api/v2/users/{userId}/custom-fields/values", get(custom_fields::values).put(custom_fields::replace))
        .route("/api/v2/custom-fields", get(custom_fields::list).post(custom_fields::create))
        .route(
            "/api/v2/custom-fields/{customFieldId}",
            axum::routing::patch(custom_fields::rename).delete(custom_fields::delete),
        )
        .route(
            "/api/v2/custom-fields/{customFieldId}/authorized-values",
            get(custom_fields::authorized).put(custom_fields::authorize),
        )
        .route("/api/v2/external-ids", get(external_ids::list).post(external_ids::create))
        .route("/api/v2/external-ids/{mappingId}", put(external_ids::change).delete(external_ids::delete))
        .route("/api/v2/groups", get(groups::list).post(groups::create))
        .route("/api/v2/groups/{groupId}", get(groups::one).patch(groups::change).delete(groups::delete))
        .route("/api/v2/groups/{groupId}/roles", get(groups::roles))
        .route("/api/v2/groups/{groupId}/{role}/{userId}", post(groups::join).delete(groups::leave))
        .route("/api/v2/bulk/groups/memberships", post(bulk::add).delete(bulk::remove))
        .route("/api/v2/bulk/operations", get(bulk::list))
        .route("/api/v2/bulk/operations/{bulkOperationId}", get(bulk::one))
        .route("/api/v2/bulk/operations/{bulkOperationId}/results", get(bulk::results))
        .route_layer(from_fn_with_state(Arc::clone(simulation), gate::pass));
    let token = Router::new()
        .route("/api/v2/oauth2/token", post(token::give))
        .route_layer(from_fn_with_state(Arc::clone(simulation), gate::suffer));
    asked_for
        .merge(token)
        .route_layer(from_fn_with_state(Arc::clone(simulation), recorder::record))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .fallback(refusal::wrong_path)
        .method_not_allowed_fallback(refusal::wrong_path)
}
