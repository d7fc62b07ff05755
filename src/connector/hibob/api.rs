//! HiBob's API, call by call. All of them only read, so that every one may be repeated.

use std::io;
use std::num::NonZeroU32;

use serde::de::IgnoredAny;
use serde_json::json;

use super::settings::Account;
use super::wire::fault::{Fault, Place};
use crate::connector::Calls;
use crate::connector::ConnectorError;
use crate::connector::http::authorization::Authorization;
use crate::connector::http::call::{Call, Effect};
use crate::connector::http::failure::{Failure, Problem, Service, Why};
use crate::connector::http::pace::Pace;
use crate::connector::http::{Http, Method, Response, body};

/// HiBob, and what to do in Bob where it refuses.
static SERVICE: Service = Service {
    title: super::wire::TITLE,
    caller: "service user",
    unknown: "see whether id and token are those of the same user, whole and without quotes or spaces; then run \
              `rollbook check --live`. Nothing was tried again, as repeats lead to a block",
    forbidden: "put the service user into a permission group, and see whether access is limited to certain IP \
                addresses; after many refusals it is also blocked for some minutes. Then run `rollbook check --live`. \
                Nothing was tried again",
};

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
    /// How often an answer that breaks off is asked for.
    const TRIES: usize = 3;

    pub(super) const SEARCH: &'static str = "POST /v1/people/search";
    pub(super) const PERSON: &'static str = "POST /v1/people/{id}";
    pub(super) const FIELDS: &'static str = "GET /v1/company/people/fields";
    pub(super) const LISTS: &'static str = "GET /v1/company/named-lists";

    pub(super) fn new(account: &Account) -> Result<Self, ConnectorError> {
        let authorization = Authorization::basic(&account.id, &account.token);
        let http = Http::new(&SERVICE, &account.base_url, authorization, &[])?;
        Ok(Self { http, search: Pace::below(Self::LIMIT), metadata: Pace::below(Self::LIMIT) })
    }

    /// How many calls were made.
    pub(super) fn calls(&self) -> Calls {
        self.http.calls()
    }

    /// `POST /v1/people/search` for everybody, as the answer begins.
    pub(super) async fn search(&self, fields: &[&str]) -> Result<Response, Trouble> {
        self.http.send(&Self::search_call(fields, None), &self.search).await.map_err(Trouble::Call)
    }

    /// The same as one text, and with `ids` for those people only.
    pub(super) async fn search_whole(&self, fields: &[&str], ids: Option<&[&str]>) -> Result<Vec<u8>, Trouble> {
        self.whole(&Self::search_call(fields, ids), &self.search, Self::SEARCH).await
    }

    /// Machine values, inactive people included (apis/hibob.md §0.3, §2.1).
    fn search_call(fields: &[&str], ids: Option<&[&str]>) -> Call<'static> {
        let mut body = json!({ "fields": fields, "showInactive": true });
        if let Some(ids) = ids {
            body["filters"] = json!([{ "fieldPath": "root.id", "operator": "equals", "values": ids }]);
        }
        Call::new(Method::POST, Effect::Read, &["v1", "people", "search"], "/v1/people/search").json(&body)
    }

    /// `POST /v1/people/{id}` (apis/hibob.md §2.2); nothing if there is no such person.
    pub(super) async fn person(&self, id: &str, fields: &[&str]) -> Result<Option<Vec<u8>>, Trouble> {
        let path = ["v1", "people", id];
        let call = Call::new(Method::POST, Effect::Read, &path, "/v1/people/{id}").json(&json!({ "fields": fields }));
        match self.whole(&call, &self.search, Self::PERSON).await {
            Err(Trouble::Call(failure)) if failure.problem == Problem::NotFound => Ok(None),
            answer => answer.map(Some),
        }
    }

    /// `GET /v1/company/people/fields` (apis/hibob.md §3.1).
    pub(super) async fn fields(&self) -> Result<Vec<u8>, Trouble> {
        let call = Call::get(&["v1", "company", "people", "fields"], "/v1/company/people/fields");
        self.whole(&call, &self.metadata, Self::FIELDS).await
    }

    /// `GET /v1/company/named-lists`, archived items included: people may still hold them (apis/hibob.md §3.2).
    pub(super) async fn lists(&self) -> Result<Vec<u8>, Trouble> {
        let call = Call::get(&["v1", "company", "named-lists"], "/v1/company/named-lists")
            .query(&[("includeArchived", "true")]);
        self.whole(&call, &self.metadata, Self::LISTS).await
    }

    /// An answer as one text. One that breaks off is asked for again, whether the connection or only the JSON ended.
    async fn whole(&self, call: &Call<'_>, pace: &Pace, name: &'static str) -> Result<Vec<u8>, Trouble> {
        let mut tries = Self::TRIES;
        loop {
            tries -= 1;
            let answer = self.http.send(call, pace).await.map_err(Trouble::Call)?;
            let text = body::whole(answer, Self::WHOLE).await.map_err(Fault::Read).and_then(unbroken);
            match text {
                Err(fault) if tries > 0 && Trouble::is_cut(&fault) => {
                    tracing::warn!(url.template = call.shown(), "the answer was cut off, reading again");
                }
                text => return text.map_err(|fault| Trouble::Answer(name, fault)),
            }
        }
    }
}

/// A JSON text that has its end. Whatever else is wrong with it is for those to say who read it.
fn unbroken(text: Vec<u8>) -> Result<Vec<u8>, Fault> {
    match serde_json::from_slice::<IgnoredAny>(&text) {
        Err(error) if error.is_eof() => Err(Fault::CutOff(Place::START.after(&text))),
        _ => Ok(text),
    }
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

    /// Whether HiBob objects to what is asked for, and not to who asks.
    pub(super) fn is_the_request(&self) -> bool {
        matches!(self, Self::Call(Failure { problem: Problem::Rejected(..), .. }))
    }

    /// Whether the same might succeed in smaller parts: it broke off, or took too long.
    pub(super) fn may_be_size(&self) -> bool {
        match self {
            Self::Call(failure) => {
                matches!(failure.problem, Problem::Server(_) | Problem::Unreachable { why: Why::Cut | Why::Late, .. })
            }
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
