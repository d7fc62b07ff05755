//! Lists: pages of 500 with their headers, under keys that are not consistent (apis/learnupon.md §1).

use std::collections::BTreeMap;

use axum::http::HeaderValue;
use axum::response::Response;
use serde_json::{Map, Value as Json};

use super::body::good;
use crate::sandbox::learnupon::switches::{ListKeys, Switches};

/// What a query names. What is unknown is ignored in silence.
pub(super) type Query = BTreeMap<String, String>;

/// The name of a list: as documented, and its singular and plural.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name {
    documented: &'static str,
    singular: &'static str,
    plural: &'static str,
}

impl Name {
    pub(super) const USERS: Self = Self { documented: "user", singular: "user", plural: "users" };
    pub(super) const GROUPS: Self = Self { documented: "groups", singular: "group", plural: "groups" };
    /// The groups of a user.
    pub(super) const GROUPS_OF: Self = Self { documented: "group", singular: "group", plural: "groups" };
    pub(super) const INVITES: Self =
        Self { documented: "group_invite", singular: "group_invite", plural: "group_invites" };
    pub(super) const MANAGERS: Self =
        Self { documented: "group_managers", singular: "group_manager", plural: "group_managers" };

    pub(super) fn key(self, switches: &Switches) -> &'static str {
        match switches.keys {
            ListKeys::Documented => self.documented,
            ListKeys::Plural => self.plural,
            ListKeys::Singular => self.singular,
        }
    }
}

/// The page that is asked for, of which only the entries are shown.
pub(super) fn page<T>(
    switches: &Switches,
    name: Name,
    query: &Query,
    entries: impl Iterator<Item = T>,
    show: impl Fn(T) -> Json,
) -> Response {
    let page = query.get("page").and_then(|page| page.parse().ok()).unwrap_or(1).max(1);
    let size = switches.page_size;
    let mut entries = entries.skip(size.saturating_mul(page - 1));
    let shown: Vec<Json> = entries.by_ref().take(size).map(show).collect();
    let more = entries.next().is_some();
    let body = Map::from_iter([(name.key(switches).to_owned(), Json::Array(shown))]);
    let mut response = good(&Json::Object(body));
    let headers = response.headers_mut();
    headers.insert("LU-Current-Page", HeaderValue::from(page));
    headers.insert("LU-Records-Per-Page", HeaderValue::from(size));
    headers.insert("LU-Has-Next-Page", HeaderValue::from_static(if more { "true" } else { "false" }));
    response
}
