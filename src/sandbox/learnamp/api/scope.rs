//! Which scope a call asks for (apis/learnamp.md §4, §6).

use axum::http::Method;

/// The scope of an endpoint.
pub(super) fn of(method: &Method, path: &str) -> &'static str {
    let members = path.starts_with("/v1/teams") && path.contains("/users");
    match (*method == Method::GET, path) {
        (true, _) if members => "team_users:read",
        (false, _) if members && *method == Method::DELETE => "team_users:delete",
        (false, _) if members => "team_users:create",
        (true, path) if path.starts_with("/v1/teams") => "teams:read",
        (false, path) if path.starts_with("/v1/teams") => match *method {
            Method::POST => "teams:create",
            Method::DELETE => "teams:delete",
            _ => "teams:update",
        },
        (true, _) => "users:read",
        (false, path) if path.ends_with("/deactivate") => "users:deactivate",
        (false, path) if path.ends_with("/reactivate") => "users:reactivate",
        (false, _) => match *method {
            Method::POST => "users:create",
            Method::DELETE => "users:delete",
            _ => "users:update",
        },
    }
}
