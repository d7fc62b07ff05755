//! Lists: filters and pages (apis/leapsome.md §2.1, §2.5, §3).

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::sandbox::leapsome::company::denial::Denial;
use crate::sandbox::leapsome::switches::Switches;

/// What a query names.
pub(super) type Query = BTreeMap<String, String>;

/// The value that a filter asks for, if there is one. Only `eq` on one attribute; the value may have no quotes.
pub(super) fn wanted(query: &Query, attribute: &str, switches: &Switches) -> Result<Option<String>, Denial> {
    let Some(filter) = query.get("filter") else { return Ok(None) };
    let mut words = filter.trim().splitn(3, ' ');
    let (name, operator, value) = (words.next(), words.next(), words.next());
    let known = name.is_some_and(|name| name.eq_ignore_ascii_case(attribute))
        && operator.is_some_and(|operator| operator.eq_ignore_ascii_case("eq"));
    match value {
        Some(value) if known => Ok(Some(unquoted(value.trim()))),
        _ if switches.other_filters_ignored => Ok(None),
        _ => Err(Denial::invalid("this filter is not supported")),
    }
}

fn unquoted(value: &str) -> String {
    let inner = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    inner.map_or_else(|| value.to_owned(), |inner| inner.replace("\\\"", "\"").replace("\\\\", "\\"))
}

/// Whether a value is the wanted one.
pub(super) fn fits(switches: &Switches, wanted: &str, value: &str) -> bool {
    if switches.filter_ignores_case { wanted.to_lowercase() == value.to_lowercase() } else { wanted == value }
}

/// The page that is asked for: `count` up to `most`, so many if none is given, from `startIndex` on.
pub(super) fn page<T>(
    query: &Query,
    most: usize,
    usual: usize,
    all: Vec<T>,
    show: impl Fn(&T) -> Json,
) -> Result<Json, Denial> {
    let number = |key: &str| query.get(key).map(|text| text.parse::<usize>()).transpose();
    let count = number("count").map_err(|_| Denial::invalid("count is a number"))?;
    let start = number("startIndex").map_err(|_| Denial::invalid("startIndex is a number"))?.unwrap_or(1);
    if count.is_some_and(|count| count > most) || start == 0 {
        return Err(Denial::Invalid(format!("count is 0 to {most}, startIndex 1 or more")));
    }
    let shown: Vec<Json> = all.iter().skip(start - 1).take(count.unwrap_or(usual)).map(show).collect();
    Ok(json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": all.len(),
        "itemsPerPage": shown.len(),
        "startIndex": start,
        "Resources": shown,
    }))
}
