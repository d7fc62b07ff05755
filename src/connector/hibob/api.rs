//! HiBob's API, call by call. All of them only read, so that every one may be repeated.

use std::io;
use std::num::NonZeroU32;

use base64::Engine as _;
use reqwest::header::HeaderValue;
use reqwest::{Method, Response};
use secrecy::ExposeSecret as _;
use serde_json::json;

use super::settings::Account;
use super::wire::fault::Fault;
use crate::connector::ConnectorError;
use crate::connector::http::failure::{Failure, Problem};
use crate::connector::http::pace::Pace;
use crate::connector::http::{Call, Http, body};

/// The API of one company.
#[derive(Debug)]
pub(super) struct Api {
    http: Http,
    /// People search has the only documented limit (apis/hibob.md §6); the others are given the same.
    search: Pace,
    metadata: Pace,
}

/// What a body was too large or too broken for, and which call gave it.
#[derive(Debug)]
pub(super) enum Trouble {
    /// The call failed.
    Call(Failure),
    /// Its answer broke off, or is not what it should be.
    Answer(&'static str, Fault),
}

impl Api {
    /// Calls a minute (apis/hibob.md §6).
    const LIMIT: NonZeroU32 = NonZeroU32::new(50).expect("not zero");
    /// The largest answer that is read whole: metadata, lists, one person, or 200 people.
    const WHOLE: usize = 64 << 20;

    pub(super) fn new(account: &Account) -> Result<Self, ConnectorError> {
        let pair = format!("{}:{}", account.id.expose_secret(), account.token.expose_secret());
        let authorization = format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair));
        let authorization = HeaderValue::from_str(&authorization).map_err(|_| ConnectorError::Credentials {
            message: "the service user's id and token cannot be sent".to_owned(),
            help: "set them again, as Bob showed them".to_owned(),
        })?;
        let http = Http::new(super::wire::TITLE, &account.base_url, authorization)?;
        Ok(Self { http, search: Pace::below(Self::LIMIT), metadata: Pace::below(Self::LIMIT) })
    }

    /// `POST /v1/people/search`: machine values, inactive people included (apis/hibob.md §0.3, §2.1). With `ids`, only
    /// those people.
    pub(super) async fn search(&self, fields: &[&str], ids: Option<&[&str]>) -> Result<Response, Failure> {
        let mut body = json!({ "fields": fields, "showInactive": true });
        if let Some(ids) = ids {
            body["filters"] = json!([{ "fieldPath": "root.id", "operator": "equals", "values": ids }]);
        }
        let call = Call {
            method: Method::POST,
            path: &["v1", "people", "search"],
            query: None,
            shown: "/v1/people/search",
            body: Some(body.to_string().into_bytes()),
            repeatable: true,
        };
        self.http.send(&call, &self.search).await
    }

    /// The same, as one text.
    pub(super) async fn search_whole(&self, fields: &[&str], ids: Option<&[&str]>) -> Result<Vec<u8>, Trouble> {
        let answer = self.search(fields, ids).await.map_err(Trouble::Call)?;
        whole(answer, "POST /v1/people/search").await
    }

    /// `POST /v1/people/{id}` (apis/hibob.md §2.2); nothing if there is no such person.
    pub(super) async fn person(&self, id: &str, fields: &[&str]) -> Result<Option<Vec<u8>>, Trouble> {
        let call = Call {
            method: Method::POST,
            path: &["v1", "people", id],
            query: None,
            shown: "/v1/people/{id}",
            body: Some(json!({ "fields": fields }).to_string().into_bytes()),
            repeatable: true,
        };
        match self.http.send(&call, &self.search).await {
            Ok(answer) => whole(answer, "POST /v1/people/{id}").await.map(Some),
            Err(failure) if failure.problem == Problem::NotFound => Ok(None),
            Err(failure) => Err(Trouble::Call(failure)),
        }
    }

    /// `GET /v1/company/people/fields` (apis/hibob.md §3.1).
    pub(super) async fn fields(&self) -> Result<Vec<u8>, Trouble> {
        self.get(&["v1", "company", "people", "fields"], None, "/v1/company/people/fields").await
    }

    /// `GET /v1/company/named-lists`, archived items included: people may still hold them (apis/hibob.md §3.2).
    pub(super) async fn lists(&self) -> Result<Vec<u8>, Trouble> {
        self.get(&["v1", "company", "named-lists"], Some("includeArchived=true"), "/v1/company/named-lists").await
    }

    async fn get(&self, path: &[&str], query: Option<&'static str>, shown: &'static str) -> Result<Vec<u8>, Trouble> {
        let call = Call { method: Method::GET, path, query, shown, body: None, repeatable: true };
        let answer = self.http.send(&call, &self.metadata).await.map_err(Trouble::Call)?;
        whole(answer, shown).await
    }
}

async fn whole(answer: Response, call: &'static str) -> Result<Vec<u8>, Trouble> {
    body::whole(answer, Api::WHOLE).await.map_err(|error| Trouble::Answer(call, Fault::Read(error)))
}

impl Trouble {
    /// Whether an answer broke off.
    pub(super) fn is_cut(fault: &Fault) -> bool {
        match fault {
            Fault::Read(error) => error.kind() != io::ErrorKind::FileTooLarge,
            Fault::CutOff(_) | Fault::Empty => true,
            _ => false,
        }
    }

    /// Whether the same might succeed in smaller parts: it broke off, or took too long.
    pub(super) fn may_be_size(&self) -> bool {
        match self {
            Self::Call(failure) => matches!(failure.problem, Problem::Server(_) | Problem::Unreachable { .. }),
            Self::Answer(_, fault) => Self::is_cut(fault),
        }
    }
}

impl From<Trouble> for ConnectorError {
    fn from(trouble: Trouble) -> Self {
        match trouble {
            Trouble::Call(failure) => failure.into(),
            Trouble::Answer(call, Fault::Read(error)) if error.kind() == io::ErrorKind::FileTooLarge => {
                Self::Malformed {
                    message: format!("the answer of HiBob to {call} is larger than {} MiB", Api::WHOLE >> 20),
                    help: "this is far more than HiBob's largest; see whether `base_url` is right".to_owned(),
                }
            }
            Trouble::Answer(call, Fault::Read(_) | Fault::CutOff(_) | Fault::Empty) => Self::Unavailable {
                message: format!("the answer of HiBob to {call} was cut off, more than once"),
                help: "nothing was changed; run again later, and see whether a proxy limits answers in time or size"
                    .to_owned(),
            },
            Trouble::Answer(call, fault) => Self::Malformed {
                message: format!("the answer of HiBob to {call} {fault}"),
                help: "see whether `base_url` is right and nothing stands between; then run again".to_owned(),
            },
        }
    }
}
