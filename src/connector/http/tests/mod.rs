//! The client against a service over real sockets, which answers as each test needs it.

mod authorization;
mod body;
mod exchange;
mod pace;
mod retry;

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response as Answered;
use reqwest::header::HeaderMap;
use secrecy::SecretString;
use serde_json::Value as Json;
use tokio::net::TcpListener;

use super::answer::Answer;
use super::authorization::{Authorization, TokenCall};
use super::call::{Call, Effect};
use super::failure::{Failure, Service};
use super::pace::{Limit, Pace};
use super::{Http, Method};

static SERVICE: Service =
    Service { title: "Some service", caller: "key", unknown: "use another key", forbidden: "allow the key more" };

/// What came over the wire.
#[derive(Debug, Clone)]
struct Seen {
    /// `GET /users?page=2`.
    call: String,
    headers: HeaderMap,
    body: String,
}

/// Answers by how many calls of this name came before.
type Script = dyn Fn(&Seen, usize) -> Answered + Send + Sync;

struct Simulated {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

struct Playing {
    seen: Arc<Mutex<Vec<Seen>>>,
    script: Box<Script>,
}

impl Simulated {
    /// A service that answers by a script: what came, and how often the same came before.
    async fn new(script: impl Fn(&Seen, usize) -> Answered + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::default());
        let playing = Playing { seen: Arc::clone(&seen), script: Box::new(script) };
        let service = Router::new().fallback(answer).with_state(Arc::new(playing));
        tokio::spawn(async move { axum::serve(listener, service).await });
        Self { address, seen }
    }

    fn base(&self) -> String {
        format!("http://{}/api", self.address)
    }

    fn fixed(&self) -> Http {
        let secret = |text: &str| SecretString::from(text);
        Http::new(&SERVICE, &self.base(), Authorization::basic(&secret("id"), &secret("word")), &[]).unwrap()
    }

    fn bearer(&self) -> Http {
        let body = SecretString::from(r#"{"client_secret":"s3cret"}"#);
        let call =
            TokenCall { path: &["oauth2", "token"], shown: "/oauth2/token", form: super::body::Form::Json, body };
        Http::new(&SERVICE, &self.base(), Authorization::bearer(call), &[("api-version", "v2.0")]).unwrap()
    }

    fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The calls that came, in order.
    fn calls(&self) -> Vec<String> {
        self.seen().into_iter().map(|seen| seen.call).collect()
    }
}

async fn answer(State(playing): State<Arc<Playing>>, request: Request) -> Answered {
    let (parts, body) = request.into_parts();
    let call = format!("{} {}", parts.method, parts.uri.to_string().trim_start_matches("/api"));
    let body = String::from_utf8(to_bytes(body, 1 << 20).await.unwrap().to_vec()).unwrap();
    let seen = Seen { call, headers: parts.headers, body };
    let before = {
        let mut all = playing.seen.lock().unwrap();
        let before = all.iter().filter(|other| other.call == seen.call).count();
        all.push(seen.clone());
        before
    };
    (playing.script)(&seen, before)
}

/// An answer with a JSON body.
fn json(status: u16, body: &Json) -> Answered {
    let answer = Answered::builder().status(status).header("content-type", "application/json");
    answer.body(Body::from(body.to_string())).unwrap()
}

/// An answer with nothing but its status and a header.
fn bare(status: u16, header: (&str, &str)) -> Answered {
    Answered::builder().status(status).header(header.0, header.1).body(Body::empty()).unwrap()
}

/// An answer that breaks off.
fn cut(status: u16) -> Answered {
    let answer = Answered::builder().status(status).header("content-type", "application/json");
    answer.header("content-length", "100").body(Body::from_stream(futures_util::stream::iter(broken()))).unwrap()
}

fn broken() -> [Result<&'static str, std::io::Error>; 2] {
    [Ok("{"), Err(std::io::ErrorKind::ConnectionReset.into())]
}

fn fast() -> Pace {
    Pace::evenly(Limit::per_second(NonZeroU32::new(10_000).unwrap()))
}

async fn get(http: &Http, name: &str) -> Result<Answer, Failure> {
    http.exchange(&Call::get(&[name], "/{name}"), &fast(), 1 << 16).await
}

async fn write(http: &Http, effect: Effect, name: &str) -> Result<Answer, Failure> {
    http.exchange(&Call::new(Method::POST, effect, &[name], "/{name}"), &fast(), 1 << 16).await
}
