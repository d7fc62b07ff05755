//! What is asked of a service.

use reqwest::{Method, StatusCode, Url};
use secrecy::ExposeSecret as _;
use serde_json::Value as Json;

use super::body::{Form, urlencoded};

/// A call.
pub(in crate::connector) struct Call<'a> {
    pub(super) method: Method,
    pub(super) address: Address<'a>,
    /// The path as errors and logs show it, without anything of a person.
    pub(super) shown: &'a str,
    /// What is sent, and how it is written.
    pub(super) body: Option<(Form, Vec<u8>)>,
    pub(super) effect: Effect,
    /// Statuses that are an answer to this call, and otherwise a failure.
    pub(super) expected: &'a [StatusCode],
}

/// Where a call goes.
pub(super) enum Address<'a> {
    /// Below the service's base.
    Path { parts: &'a [&'a str], query: &'a [(&'a str, &'a str)] },
    /// To where the service said that there is more.
    Next(&'a Next),
}

/// The address of the next page, as the service gave it; it is the service's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::connector) struct Next(pub(super) Url);

/// What a call does, which decides whether it may be made again when it is not known what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::connector) enum Effect {
    /// Nothing: it reads.
    Read,
    /// Making it twice is the same as making it once.
    RepeatableWrite,
    /// Making it twice may do something twice.
    Write,
}

impl<'a> Call<'a> {
    /// A call to the parts of a path below the base, which may hold whatever they hold of a person; `shown` is the path as
    /// errors and logs show it.
    pub(in crate::connector) fn new(method: Method, effect: Effect, parts: &'a [&'a str], shown: &'a str) -> Self {
        Self { method, address: Address::Path { parts, query: &[] }, shown, body: None, effect, expected: &[] }
    }

    /// `GET`.
    pub(in crate::connector) fn get(parts: &'a [&'a str], shown: &'a str) -> Self {
        Self::new(Method::GET, Effect::Read, parts, shown)
    }

    /// The page that follows one that was answered.
    pub(in crate::connector) fn next(next: &'a Next, shown: &'a str) -> Self {
        Self { address: Address::Next(next), ..Self::get(&[], shown) }
    }

    /// With these parameters, as they are; they are encoded here.
    pub(in crate::connector) fn query(mut self, asked: &'a [(&'a str, &'a str)]) -> Self {
        if let Address::Path { query, .. } = &mut self.address {
            *query = asked;
        }
        self
    }

    /// With a JSON body.
    pub(in crate::connector) fn json(mut self, body: &Json) -> Self {
        self.body = Some((Form::Json, body.to_string().into_bytes()));
        self
    }

    /// With a form as the body.
    pub(in crate::connector) fn form<'f>(mut self, pairs: impl IntoIterator<Item = (&'f str, &'f str)>) -> Self {
        let body = urlencoded(pairs).expose_secret().as_bytes().to_vec();
        self.body = Some((Form::Urlencoded, body));
        self
    }

    /// With statuses that the caller takes as an answer, though they would be a failure: 403 where it is asked what is
    /// allowed, 503 where it has a code, 401 where it is no word on the credentials. A 429 is never an answer.
    pub(in crate::connector) fn expecting(mut self, statuses: &'a [StatusCode]) -> Self {
        self.expected = statuses;
        self
    }

    /// The path without anything of a person.
    pub(in crate::connector) fn shown(&self) -> &'a str {
        self.shown
    }

    /// What it does.
    pub(in crate::connector) fn effect(&self) -> Effect {
        self.effect
    }

    pub(super) fn url(&self, base: &Url) -> Url {
        match &self.address {
            Address::Next(next) => next.0.clone(),
            Address::Path { parts, query } => {
                let mut url = base.clone();
                if let Ok(mut path) = url.path_segments_mut() {
                    path.pop_if_empty().extend(*parts);
                }
                if !query.is_empty() {
                    url.query_pairs_mut().extend_pairs(*query);
                }
                url
            }
        }
    }

    /// Method and path, without anything of a person.
    pub(in crate::connector) fn name(&self) -> String {
        format!("{} {}", self.method, self.shown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_path_and_a_query_hold_stays_in_its_place() {
        let base: Url = "https://service.example/api/".parse().unwrap();
        let url = |parts: &[&str], query: &[(&str, &str)]| Call::get(parts, "/").query(query).url(&base).to_string();
        assert_eq!(url(&["users", "a/b?c#d"], &[]), "https://service.example/api/users/a%2Fb%3Fc%23d");
        assert_eq!(
            url(&["users"], &[("mail[eq]", "a+b&c=d@x.example"), ("e", "")]),
            "https://service.example/api/users?mail%5Beq%5D=a%2Bb%26c%3Dd%40x.example&e="
        );
    }
}
