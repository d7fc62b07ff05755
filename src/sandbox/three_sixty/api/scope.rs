//! Which scope a path asks for (apis/360learning.md §1, §3 to §7).

/// The scope of an endpoint.
pub(super) fn of(path: &str, is_write: bool) -> &'static str {
    let path = path.strip_prefix("/api/v2/").unwrap_or(path);
    let scopes = [
        ("users", ["users:read", "users:write"]),
        ("custom-fields", ["customFields:read", "customFields:write"]),
        ("external-ids", ["externalIds:read", "externalIds:write"]),
        ("groups", ["groups:read", "groups:write"]),
        ("bulk/groups", ["groups:bulk", "groups:bulk"]),
        ("bulk/operations", ["bulkOperations:read", "bulkOperations:read"]),
    ];
    let scope = scopes.into_iter().find(|(start, _)| path.starts_with(start));
    scope.map_or("", |(_, scopes)| scopes[usize::from(is_write)])
}
