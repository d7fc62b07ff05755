//! HTTP as every service needs it: one client with its connections kept, credentials that cannot be printed, calls below
//! the service's limit, retries where they are safe, and errors that carry no personal data.
//!
//! A connector says once what the service is ([`Service`]), who calls ([`Authorization`]) and which limits there are
//! ([`pace::shared`], one for reads and one for writes, or one for both), and then makes [`Call`]s:
//!
//! - [`Http::send`] gives a success as it begins to come, for a body that is too large to be held;
//! - [`Http::exchange`] gives an [`Answer`] that was read to its end: any success with or without a body, and every refusal
//!   that the connector may understand (4xx but 401, 403 and 429), for its codes;
//! - [`Answer::next`] is the page that follows, for [`Call::next`].
//!
//! What is tried again: a 429 always, since nothing was done; a call that never reached the service; and, where nothing
//! changes if it is made twice ([`Effect`]), a call that broke or a service in trouble. What becomes of a [`Effect::Write`]
//! that breaks is not known: [`Problem::Unsure`]. Once the credentials were refused no further call is made.
//!
//! ```text
//! static SERVICE: Service = Service { title: "LearnUpon", … };
//! let http = Http::new(&SERVICE, &base_url, Authorization::basic(&user, &password), &[])?;
//! let owner = Owner { service: SERVICE.title, base: &base_url, account: user.expose_secret(), limit: "calls" };
//! let pace = pace::shared(&owner, Limit::per_minute(calls));
//! let answer = http.exchange(&Call::get(&["users"], "/users").query(&[("page", "2")]), &pace, most_bytes).await?;
//! if let Some((left, window)) = headers_say(&answer) {
//!     pace.spread(left, window);
//! }
//! ```
//!
//! Reading order: [`call`] (what is asked), [`Http`] (one call, to its answer), [`answer`], [`patience`] (when to try
//! again), [`authorization`] (tokens), [`failure`] (what went wrong, in words), [`pace`] (the limit), [`body`] (bodies as
//! readers), [`count`] (for logs and metrics). By itself: [`chat`] (a message to people).

pub(super) mod answer;
pub(super) mod authorization;
pub(super) mod body;
pub(super) mod call;
pub(super) mod chat;
pub(super) mod count;
pub(super) mod failure;
pub(super) mod pace;
mod patience;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Url};
use secrecy::ExposeSecret as _;
use tokio::time::Instant;

use self::answer::Answer;
use self::authorization::{Authorization, Bearer, Token};
use self::body::Form;
use self::call::{Call, Effect};
use self::count::{Calls, Counter};
use self::failure::{Failure, Problem, Service, Why};
use self::pace::Pace;
use self::patience::Patience;
use super::ConnectorError;

pub(super) use reqwest::{Method, Response, StatusCode};

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(10);
/// How long an answer may be silent: a large tenant's people take a while to begin.
const SILENCE: Duration = Duration::from_secs(120);

/// A service, and how we talk to it.
#[derive(Debug)]
pub(super) struct Http {
    client: Client,
    base: Url,
    service: &'static Service,
    authorization: Authorization,
    counter: Counter,
    /// Set once the service has refused our credentials: repeating would only have us blocked (apis/hibob.md §6).
    refused: OnceLock<Failure>,
}

/// Which answers are none to the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    /// Anything but a success with JSON.
    Json,
    /// What no connector can make sense of.
    Anything,
}

impl Http {
    /// A client for a service at this address. These headers go with every call.
    ///
    /// # Errors
    /// When the address is none, or the machine's certificates cannot be read.
    pub(super) fn new(
        service: &'static Service,
        base: &str,
        authorization: Authorization,
        headers: &[(&'static str, &'static str)],
    ) -> Result<Self, ConnectorError> {
        // Whoever was first has installed the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let base = base_url(base)?;
        let with_all = |(name, value): &(&'static str, &'static str)| {
            (HeaderName::from_static(name), HeaderValue::from_static(value))
        };
        let headers: HeaderMap = headers.iter().chain(&[(ACCEPT.as_str(), "application/json")]).map(with_all).collect();
        let agent = concat!("rollbook/", env!("CARGO_PKG_VERSION"));
        let client =
            Client::builder().connect_timeout(CONNECT).read_timeout(SILENCE).default_headers(headers).user_agent(agent);
        // A redirect would carry the credentials to wherever it points.
        let client =
            client.redirect(reqwest::redirect::Policy::none()).build().map_err(|_| ConnectorError::Unavailable {
                message: "this machine has no certificates to check a server's by".to_owned(),
                help: "install the package `ca-certificates`".to_owned(),
            })?;
        let counter = Counter::new(service.title);
        Ok(Self { client, base, service, authorization, counter, refused: OnceLock::new() })
    }

    /// Makes a call and gives its answer when that has begun: a success, and JSON. Waits for its turn in the limit, and
    /// tries again where that is safe and may help.
    ///
    /// # Errors
    /// When the service cannot be reached, refuses, or answers what is no answer.
    pub(super) async fn send(&self, call: &Call<'_>, pace: &Pace) -> Result<Response, Failure> {
        let mut tries = Tries::new(self, call);
        loop {
            match tries.next(pace, Wanted::Json).await {
                Ok(answer) => return Ok(answer),
                Err(failure) => tries.wait(failure).await?,
            }
        }
    }

    /// Makes a call and gives its answer when that has come to its end. Waits for its turn in the limit, and tries again
    /// where that is safe and may help. A body of more than `most` bytes is not read.
    ///
    /// # Errors
    /// When the service cannot be reached, does not accept the credentials or allow the call, is called too often or in
    /// trouble for too long, or answers with something that is no answer.
    pub(super) async fn exchange(&self, call: &Call<'_>, pace: &Pace, most: usize) -> Result<Answer, Failure> {
        let mut tries = Tries::new(self, call);
        loop {
            let answered = match tries.next(pace, Wanted::Anything).await {
                Ok(answer) => self.read(call, answer, most).await,
                Err(failure) => Err(failure),
            };
            match answered {
                Ok(answer) => return Ok(answer),
                Err(failure) => tries.wait(failure).await?,
            }
        }
    }

    /// How many calls were made so far.
    pub(super) fn calls(&self) -> Calls {
        self.counter.so_far()
    }

    async fn read(&self, call: &Call<'_>, answer: Response, most: usize) -> Result<Answer, Failure> {
        let (status, headers) = (answer.status(), answer.headers().clone());
        match body::whole(answer, most).await {
            Ok(body) => Ok(Answer { status, headers, body, base: self.base.clone() }),
            Err(error) if error.kind() == std::io::ErrorKind::FileTooLarge => {
                Err(self.failed(call, Problem::TooLarge { most }))
            }
            Err(_) => Err(self.failed(call, Problem::unreachable(&self.base, Why::Cut))),
        }
    }

    /// Makes a call once.
    async fn once(&self, call: &Call<'_>, authorization: HeaderValue, wanted: Wanted) -> Result<Response, Failure> {
        let mut request = self.client.request(call.method.clone(), call.url(&self.base));
        request = request.header(AUTHORIZATION, authorization);
        if let Some((form, body)) = &call.body {
            // Only with a body: some of HiBob's GETs answer 400 to it (apis/hibob.md §1.2).
            request = request.header(CONTENT_TYPE, form.content_type()).body(body.clone());
        }
        self.counter.call(call.effect);
        let answered = request.send().await;
        let answer = answered.map_err(|error| self.failed(call, Problem::of_error(&error, &self.base)))?;
        let status = answer.status();
        if call.expected.contains(&status) {
            return Ok(answer);
        }
        // A write that was done may be answered with nothing, or with anything.
        let may_be_bare = call.effect != Effect::Read || !answer.headers().contains_key(CONTENT_TYPE);
        match (Problem::of_answer(&answer, Timestamp::now()), wanted) {
            (None, _) => Ok(answer),
            (Some(Problem::NotJson(_)), Wanted::Anything) if may_be_bare => Ok(answer),
            (Some(Problem::NotFound | Problem::Rejected(..)), Wanted::Anything) if status.is_client_error() => {
                Ok(answer)
            }
            (Some(Problem::Rejected(..)), _) => {
                let told = failure::told(answer).await;
                Err(self.failed(call, Problem::Rejected(status, told)))
            }
            (Some(problem), _) => Err(self.failed(call, problem)),
        }
    }

    /// What to call with, and not with the token that the service no longer knows.
    async fn authorization(&self, no_longer_known: Option<&HeaderValue>) -> Result<HeaderValue, Failure> {
        match &self.authorization {
            Authorization::Fixed(value) => Ok(value.clone()),
            Authorization::Bearer(bearer) => bearer.token(no_longer_known, || self.new_token(bearer)).await,
        }
    }

    async fn new_token(&self, bearer: &Bearer) -> Result<Token, Failure> {
        let in_query = bearer.call.form == Form::Query;
        let method = if in_query { Method::GET } else { Method::POST };
        let call = Call::new(method, Effect::Read, bearer.call.path, bearer.call.shown);
        let mut url = call.url(&self.base);
        if in_query {
            url.set_query(Some(bearer.call.body.expose_secret()));
        }
        let mut patience = Patience::new();
        loop {
            self.counter.token();
            let mut request = self.client.request(call.method.clone(), url.clone());
            if !in_query {
                request = request.header(CONTENT_TYPE, bearer.call.form.content_type());
                request = request.body(bearer.call.body.expose_secret().to_owned());
            }
            let problem = match request.send().await {
                Err(error) => Problem::of_error(&error, &self.base),
                Ok(answer) => match Problem::of_answer(&answer, Timestamp::now()) {
                    None => match body::whole(answer, 64 << 10).await {
                        Err(_) => Problem::unreachable(&self.base, Why::Cut),
                        Ok(body) => match Token::parse(&body, Instant::now()) {
                            Some(token) => return Ok(token),
                            None => Problem::NoToken,
                        },
                    },
                    // A service may repeat what it was asked, and that is the secret.
                    Some(Problem::Rejected(status, _)) if in_query => Problem::Rejected(status, None),
                    Some(Problem::Rejected(status, _)) => Problem::Rejected(status, failure::told(answer).await),
                    Some(problem) => problem,
                },
            };
            patience.endure(self.failed(&call, problem), &call).await?;
        }
    }

    fn failed(&self, call: &Call<'_>, problem: Problem) -> Failure {
        Failure { service: self.service, call: call.name(), effect: call.effect, problem }
    }
}

/// The tries of one call.
struct Tries<'a> {
    http: &'a Http,
    call: &'a Call<'a>,
    patience: Patience,
    /// What the last try was made with.
    authorization: Option<HeaderValue>,
    /// Whether the last token was taken after the service no longer knew the one before.
    renewed: bool,
}

impl<'a> Tries<'a> {
    fn new(http: &'a Http, call: &'a Call<'a>) -> Self {
        Self { http, call, patience: Patience::new(), authorization: None, renewed: false }
    }

    /// One try, when it is its turn.
    async fn next(&mut self, pace: &Pace, wanted: Wanted) -> Result<Response, Failure> {
        let http = self.http;
        if let Some(refused) = http.refused.get() {
            return Err(refused.clone());
        }
        let no_longer_known = self.authorization.take().filter(|_| self.renewed);
        let authorization = http.authorization(no_longer_known.as_ref()).await?;
        self.authorization = Some(authorization.clone());
        let asked = Instant::now();
        pace.turn().await;
        http.counter.waited(asked.elapsed());
        http.once(self.call, authorization, wanted).await
    }

    /// Waits before the next try, unless it would not help or do harm.
    async fn wait(&mut self, failure: Failure) -> Result<(), Failure> {
        let is_unknown = failure.problem == Problem::Refused(StatusCode::UNAUTHORIZED);
        let with_token = matches!(self.http.authorization, Authorization::Bearer(_));
        // Without one, it was the call for a token that was refused.
        if is_unknown && with_token && self.authorization.is_some() && !self.renewed {
            self.renewed = true;
            return Ok(());
        }
        if matches!(failure.problem, Problem::Refused(_)) {
            return Err(self.http.refused.get_or_init(|| failure).clone());
        }
        self.renewed = false;
        self.patience.endure(failure, self.call).await
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
