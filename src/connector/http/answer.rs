//! An answer that was read to its end.

use std::fmt;

use reqwest::header::{HeaderMap, LINK};
use reqwest::{StatusCode, Url};
use serde::de::DeserializeOwned;

use super::call::Next;

/// What a service answered: a success, or a refusal that the connector itself understands.
pub(in crate::connector) struct Answer {
    pub(in crate::connector) status: StatusCode,
    pub(in crate::connector) headers: HeaderMap,
    /// Empty where there was none.
    pub(in crate::connector) body: Vec<u8>,
    pub(super) base: Url,
}

impl Answer {
    /// The body as a value; nothing where it is not what is looked for.
    pub(in crate::connector) fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }

    /// A header's text.
    pub(in crate::connector) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Where the next page is, by the header `Link`.
    ///
    /// # Errors
    /// When it is not below the service's own address: our credentials go nowhere else.
    pub(in crate::connector) fn next(&self) -> Result<Option<Next>, Elsewhere> {
        let links = self.headers.get_all(LINK).iter().filter_map(|value| value.to_str().ok());
        let Some(target) = links.flat_map(links_in).find(|link| link.is_next).map(|link| link.target) else {
            return Ok(None);
        };
        let url = self.base.join(target).map_err(|_| Elsewhere)?;
        let is_ours = url.origin() == self.base.origin() && url.username().is_empty() && url.password().is_none();
        if is_ours { Ok(Some(Next(url))) } else { Err(Elsewhere) }
    }
}

/// Bodies hold people.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("status", &self.status).field("bytes", &self.body.len()).finish_non_exhaustive()
    }
}

/// A link that leads to another server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::connector) struct Elsewhere;

struct Link<'a> {
    target: &'a str,
    is_next: bool,
}

/// `<https://…>; rel="next", <https://…>; rel="last"` (RFC 8288). An address may hold commas.
fn links_in(header: &str) -> impl Iterator<Item = Link<'_>> {
    let mut rest = header;
    std::iter::from_fn(move || {
        let (target, behind) = rest.split_once('<')?.1.split_once('>')?;
        let end = behind.find('<').unwrap_or(behind.len());
        let (parameters, following) = behind.split_at(end);
        rest = following;
        let is_next =
            parameters.split([';', ',']).filter_map(|parameter| parameter.split_once('=')).any(|(key, value)| {
                let mut relations = value.trim().trim_matches('"').split_ascii_whitespace();
                key.trim().eq_ignore_ascii_case("rel")
                    && relations.any(|relation| relation.eq_ignore_ascii_case("next"))
            });
        Some(Link { target: target.trim(), is_next })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(links: &[&'static str]) -> Result<Option<String>, Elsewhere> {
        let headers = links.iter().map(|link| (LINK, link.parse().unwrap())).collect();
        let base = "https://service.example:8443/api".parse().unwrap();
        let answer = Answer { status: StatusCode::OK, headers, body: b"person@example.com".to_vec(), base };
        assert!(!format!("{answer:?}").contains("person"));
        answer.next().map(|next| next.map(|next| next.0.to_string()))
    }

    #[test]
    fn the_next_page_is_found_among_other_links_as_it_is() {
        let page = "https://service.example:8443/api/users?next=a%2Cb,c%3D&mail%5Beq%5D=x";
        for links in [
            &["<https://service.example:8443/api/users?next=a%2Cb,c%3D&mail%5Beq%5D=x>; rel=\"next\""][..],
            &["</last>; rel=last, </api/users?next=a%2Cb,c%3D&mail%5Beq%5D=x>; title=\"x\"; Rel=\"prefetch NEXT\""],
            &["</first>; rel=\"first\"", "</api/users?next=a%2Cb,c%3D&mail%5Beq%5D=x>;rel=next"],
        ] {
            assert_eq!(next(links), Ok(Some(page.to_owned())), "{links:?}");
        }
        for none in [&[][..], &[""], &["<"], &["</x>"], &["</x>; rel=\"nextish\""], &["next"]] {
            assert_eq!(next(none), Ok(None), "{none:?}");
        }
    }

    #[test]
    fn a_link_to_another_server_is_never_followed() {
        for link in [
            "<https://service.example/api/users>; rel=next",
            "<http://service.example:8443/api/users>; rel=next",
            "<https://service.example.evil.example:8443/>; rel=next",
            "<https://service.example:8443@evil.example/>; rel=next",
            "<https://user:word@service.example:8443/>; rel=next",
            "<//evil.example/users>; rel=next",
            "<file:///etc/passwd>; rel=next",
        ] {
            assert_eq!(next(&[link]), Err(Elsewhere), "{link}");
        }
    }
}
