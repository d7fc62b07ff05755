//! Pages, counted in headers (apis/learnamp.md §3).

use std::collections::BTreeMap;

use axum::http::HeaderValue;
use axum::response::Response;
use serde_json::{Map, Value as Json};

use super::reply::good;
use crate::sandbox::learnamp::switches::Switches;

/// What a query names, with every value of what it names several times.
#[derive(Debug, Default)]
pub(super) struct Asked(BTreeMap<String, Vec<String>>);

impl Asked {
    pub(super) fn of(pairs: Vec<(String, String)>) -> Self {
        let mut asked: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (key, value) in pairs {
            asked.entry(key).or_default().push(value);
        }
        Self(asked)
    }

    /// The last value of a name.
    pub(super) fn one(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.last().map(String::as_str)
    }

    /// Every value of a filter, which may be written with `[]` and be a list with commas.
    pub(super) fn filter(&self, name: &str) -> Option<Vec<&str>> {
        let plain = self.0.get(&format!("filters[{name}]"));
        let listed = self.0.get(&format!("filters[{name}][]"));
        let values: Vec<&str> = plain.into_iter().chain(listed).flatten().flat_map(|value| value.split(',')).collect();
        (!values.is_empty()).then_some(values)
    }

    pub(super) fn is_true(&self, name: &str) -> bool {
        self.one(name) == Some("true")
    }
}

/// The page that is asked for, of which only the entries are shown. A size above the largest is cut down in silence.
pub(super) fn page<T>(
    switches: &Switches,
    name: &str,
    asked: &Asked,
    all: &[T],
    show: impl FnMut(&T) -> Json,
) -> Response {
    let number = |name: &str| asked.one(name).and_then(|text| text.parse::<usize>().ok()).filter(|number| *number > 0);
    let size = number("perPage").unwrap_or(switches.page_size).min(switches.most_on_page);
    let at = number("page").unwrap_or(1) - 1;
    let shown: Vec<Json> = all.iter().skip(at.saturating_mul(size)).take(size).map(show).collect();
    let body = Map::from_iter([(name.to_owned(), Json::Array(shown))]);
    let mut response = good(&Json::Object(body));
    let headers = response.headers_mut();
    headers.insert("Total", HeaderValue::from(all.len()));
    headers.insert("Per-Page", HeaderValue::from(size));
    headers.insert("Total-Pages", HeaderValue::from(all.len().div_ceil(size)));
    response
}
