//! HTTP as every service needs it: one client with its connections kept, credentials that cannot be printed, calls below
//! the service's limit, retries where they are safe, and errors that carry no personal data.
//!
//! Reading order: [`Http::send`] (one call, to its answer), [`patience`] (when to try again), [`failure`] (what went
//! wrong, in words), [`pace`] (the limit), [`body`] (an answer's body as a reader).

pub(super) mod body;
pub(super) mod failure;
pub(super) mod pace;
mod patience;

use std::sync::OnceLock;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Client, StatusCode, Url};

use self::failure::{Failure, Problem};
use self::pace::Pace;
use self::patience::Patience;
use super::ConnectorError;

pub(super) use reqwest::{Method, Response};

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long an answer may be silent: a large tenant's people take a while to begin.
const SILENCE: Duration = Duration::from_secs(120);

/// A service, and how we talk to it.
#[derive(Debug)]
pub(super) struct Http {
    client: Client,
    base: Url,
    /// What people call the service.
    service: &'static str,
    /// Set once the service has refused our credentials: repeating would only have us blocked (apis/hibob.md §6).
    refused: OnceLock<Failure>,
}

/// A call. Whether it may be repeated is the caller's to say.
#[derive(Debug)]
pub(super) struct Call<'a> {
    pub(super) method: Method,
    /// The parts of the path below the base, as they are: with whatever they hold of a person.
    pub(super) path: &'a [&'a str],
    /// What is asked for beside the path.
    pub(super) query: Option<&'static str>,
    /// The path as errors and logs show it, without anything of a person.
    pub(super) shown: &'a str,
    /// A JSON text.
    pub(super) body: Option<Vec<u8>>,
    /// Whether nothing changes if it is made twice.
    pub(super) repeatable: bool,
}

impl Http {
    /// A client for a service at this address, with this value of `Authorization`.
    ///
    /// # Errors
    /// When the address is none, the value is none of a header, or the machine's certificates cannot be read.
    pub(super) fn new(service: &'static str, base: &str, authorization: &str) -> Result<Self, ConnectorError> {
        // Whoever was first has installed the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let base = base_url(base)?;
        let mut authorization = HeaderValue::from_str(authorization).map_err(|_| ConnectorError::Credentials {
            message: format!("the credentials for {service} cannot be sent"),
            help: "set the secrets again, as they were shown".to_owned(),
        })?;
        authorization.set_sensitive(true);
        let headers = HeaderMap::from_iter([
            (AUTHORIZATION, authorization),
            (ACCEPT, HeaderValue::from_static("application/json")),
        ]);
        let agent = concat!("rollbook/", env!("CARGO_PKG_VERSION"));
        let client =
            Client::builder().connect_timeout(CONNECT).read_timeout(SILENCE).default_headers(headers).user_agent(agent);
        // A redirect would carry the credentials to wherever it points.
        let client =
            client.redirect(reqwest::redirect::Policy::none()).build().map_err(|_| ConnectorError::Unavailable {
                message: "this machine has no certificates to check a server's by".to_owned(),
                help: "install the package `ca-certificates`".to_owned(),
            })?;
        Ok(Self { client, base, service, refused: OnceLock::new() })
    }

    /// Makes a call and gives its answer when that has begun: a success, and JSON. Waits for its turn in the limit, and
    /// tries again where that is safe and may help.
    ///
    /// # Errors
    /// When the service cannot be reached, refuses, or answers what is no answer.
    pub(super) async fn send(&self, call: &Call<'_>, pace: &Pace) -> Result<Response, Failure> {
        let mut patience = Patience::new();
        loop {
            if let Some(refused) = self.refused.get() {
                return Err(refused.clone());
            }
            pace.turn().await;
            let failure = match self.once(call).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => failure,
            };
            if matches!(failure.problem, Problem::Refused(_)) {
                return Err(self.refused.get_or_init(|| failure).clone());
            }
            let wait = if call.repeatable { patience.wait(&failure, Timestamp::now()) } else { None };
            let Some(wait) = wait else { return Err(failure) };
            tracing::warn!(
                http.request.method = %call.method,
                url.template = call.shown,
                error.r#type = failure.problem.kind(),
                wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
                "call failed, trying again"
            );
            tokio::time::sleep(wait).await;
        }
    }

    async fn once(&self, call: &Call<'_>) -> Result<Response, Failure> {
        let mut url = self.base.clone();
        if let Ok(mut parts) = url.path_segments_mut() {
            parts.pop_if_empty().extend(call.path);
        }
        url.set_query(call.query);
        let mut request = self.client.request(call.method.clone(), url);
        if let Some(body) = &call.body {
            // Only with a body: some of HiBob's GETs answer 400 to it (apis/hibob.md §1.2).
            request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        let failed =
            |problem| Failure { service: self.service, call: format!("{} {}", call.method, call.shown), problem };
        let answer = request.send().await.map_err(|error| failed(Problem::of_error(&error, &self.base)))?;
        let status = answer.status();
        let kind = answer.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let (is_json, is_page) = (is_json(kind), kind.trim_start().to_ascii_lowercase().starts_with("text/html"));
        if status.is_success() && is_json {
            return Ok(answer);
        }
        Err(failed(match status {
            // A wrong path answers 200 with a page (apis/hibob.md §0.10).
            status if status.is_success() && is_page => Problem::WebPage(status),
            status if status.is_success() => Problem::NotJson(status),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => Problem::Refused(status),
            StatusCode::NOT_FOUND => Problem::NotFound,
            StatusCode::TOO_MANY_REQUESTS => Problem::TooMany(patience::asked_wait(answer.headers(), Timestamp::now())),
            status if status.is_server_error() => Problem::Server(status),
            status => Problem::Rejected(status, failure::told(answer).await),
        }))
    }
}

/// The address of a service. `http` is taken too, for a sandbox or a proxy near by; whoever names such an address has the
/// credentials sent as they are.
fn base_url(text: &str) -> Result<Url, ConnectorError> {
    let fits = |url: &Url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
    };
    Url::parse(text).ok().filter(fits).ok_or_else(|| ConnectorError::Settings {
        message: "`base_url` is not the address of a server".to_owned(),
        help: "write it as https://host, without user and password".to_owned(),
    })
}

fn is_json(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_a_password_or_of_no_server_is_refused() {
        for wrong in ["", "api.hibob.com", "ftp://host", "https://user:secret@host", "file:///etc"] {
            let error = base_url(wrong).unwrap_err().to_string();
            assert!(!error.contains("secret"), "{error}");
        }
        assert!(base_url("http://127.0.0.1:8080").is_ok() && base_url("https://api.hibob.com/v1").is_ok());
    }

    #[test]
    fn only_json_is_json() {
        assert!(
            is_json("application/json; charset=utf-8") && is_json("application/scim+json") && !is_json("text/html")
        );
    }
}
