//! Pages by `Link`: forward only, of a size that each endpoint fixes (apis/360learning.md §2).

use axum::extract::Query;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use super::reply::{Reply, good};
use crate::sandbox::three_sixty::company::denial::{BAD_REQUEST, Denial};

/// What is asked for: a first page, or the one after.
#[derive(Debug)]
pub(super) struct Asked {
    path: String,
    host: String,
    next: Next,
}

/// What the opaque `next` of a link holds: the query with its filters, and what was answered last.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Next {
    query: Vec<(String, String)>,
    after: Option<String>,
}

impl Asked {
    pub(super) fn of(uri: &Uri, headers: &HeaderMap) -> Result<Self, Denial> {
        let Query(query): Query<Vec<(String, String)>> = Query::try_from_uri(uri).map_err(|_| BAD_REQUEST)?;
        let next = match query.iter().find(|(key, _)| key == "next") {
            Some((_, next)) => {
                let bytes = URL_SAFE_NO_PAD.decode(next).map_err(|_| BAD_REQUEST)?;
                serde_json::from_slice(&bytes).map_err(|_| BAD_REQUEST)?
            }
            None => Next { query, after: None },
        };
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
        Ok(Self { path: uri.path().to_owned(), host: host.to_owned(), next })
    }

    pub(super) fn query(&self) -> &[(String, String)] {
        &self.next.query
    }

    /// Answers a page of what comes in the order of its keys.
    pub(super) fn page<T: Serialize>(self, size: usize, all: impl Iterator<Item = (String, T)>) -> Reply {
        let after = self.next.after;
        let mut rest = all.skip_while(|(key, _)| after.as_ref().is_some_and(|after| key <= after)).peekable();
        let mut page = Vec::new();
        let mut last = None;
        while page.len() < size
            && let Some((key, one)) = rest.next()
        {
            page.push(one);
            last = Some(key);
        }
        let mut response = good(&page)?;
        if rest.peek().is_some() {
            let next = serde_json::to_vec(&Next { query: self.next.query, after: last }).unwrap_or_default();
            let link =
                format!("<http://{}{}?next={}>; rel=\"next\"", self.host, self.path, URL_SAFE_NO_PAD.encode(next));
            let link = HeaderValue::from_str(&link).map_err(|_| BAD_REQUEST)?;
            response.headers_mut().insert(header::LINK, link);
        }
        Ok(response)
    }
}
