//! The calls of the SCIM API (apis/leapsome.md §0 to §3, §5).

use std::sync::Arc;

use secrecy::ExposeSecret as _;
use serde_json::{Map, Value as Json, json};

use super::TITLE;
use super::settings::{Keys, Settings};
use crate::connector::ConnectorError;
use crate::connector::http::answer::Answer;
use crate::connector::http::authorization::Authorization;
use crate::connector::http::call::{Call, Effect};
use crate::connector::http::count::Calls;
use crate::connector::http::failure::{Failure, Problem, Service, harmless};
use crate::connector::http::pace::{self, Limit, Owner, Pace};
use crate::connector::http::{Http, Method, StatusCode};
use crate::connector::rows;

static SERVICE: Service = Service { title: TITLE, caller: "SCIM token", unknown: UNKNOWN, forbidden: UNKNOWN };

const UNKNOWN: &str = "copy the token again from Settings > Integrations > HRIS integrations > SCIM, without anything before \
                       or after it: it is shown once, when it is made, and making another ends it";

/// The two codes that are swapped here: 403 is an invalid token, 401 a missing right, and also a group that is not there
/// (§1). Each is therefore an answer, and one more call tells which it is.
const SWAPPED: [StatusCode; 2] = [StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];

/// One record.
pub(super) type Row = Map<String, Json>;

/// The SCIM API of one company.
#[derive(Debug)]
pub(super) struct Api {
    http: Http,
    pace: Arc<Pace>,
}

/// What Leapsome says of something that it does not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) status: u16,
    /// Its words, without anything of a person; empty where there were none.
    pub(super) message: String,
}

/// Why a call did not do what it was to.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Leapsome does not do it.
    Said(Said),
    /// The write broke off, and may have been done.
    Unsure(ConnectorError),
    /// Nothing can be said of anything.
    Failed(ConnectorError),
}

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        match failure.problem {
            Problem::Unsure => Self::Unsure(failure.into()),
            Problem::Refused(status) => Self::Failed(ConnectorError::Credentials {
                message: format!("{TITLE} does not accept the SCIM token ({} at {})", status.as_u16(), failure.call),
                help: UNKNOWN.to_owned(),
            }),
            _ => Self::Failed(failure.into()),
        }
    }
}

impl Trouble {
    /// As an error of the whole, for calls that have to succeed.
    pub(super) fn into_error(self, call: &str) -> ConnectorError {
        match self {
            Self::Unsure(error) | Self::Failed(error) => error,
            Self::Said(said) if SWAPPED.iter().any(|code| code.as_u16() == said.status) => {
                ConnectorError::Credentials {
                    message: format!("{TITLE} knows the SCIM token and does not let it call {call} ({})", said.status),
                    help: "make a new token as a Super-Admin under Settings > Integrations > HRIS integrations > SCIM"
                        .to_owned(),
                }
            }
            Self::Said(said) => ConnectorError::Malformed {
                message: format!("{TITLE} does not answer {call} ({}{})", said.status, said.quoted()),
                help: "see whether `base_url` is right, and whether the plan has the SCIM API".to_owned(),
            },
        }
    }
}

impl Said {
    fn of(answer: &Answer) -> Self {
        let text = |key: &str| answer.json::<Json>()?.get(key)?.as_str().map(str::to_owned);
        let is_text = answer.header("content-type").is_some_and(|kind| kind.starts_with("text/plain"));
        let plain = || is_text.then(|| String::from_utf8_lossy(&answer.body).into_owned());
        let message = text("detail").or_else(|| text("message")).or_else(|| text("error")).or_else(plain);
        Self { status: answer.status.as_u16(), message: harmless(&message.unwrap_or_default()) }
    }

    /// Its words, behind a colon where there are some.
    pub(super) fn quoted(&self) -> String {
        if self.message.is_empty() { String::new() } else { format!(": {}", self.message) }
    }
}

/// A path: its parts, and how it is shown.
struct Path<'a> {
    parts: &'a [&'a str],
    shown: &'static str,
}

pub(super) const USERS: &str = "/scim/v1/Users";
pub(super) const USER: &str = "/scim/v1/Users/{id}";
const GROUPS: &str = "/scim/v1/Groups";
const GROUP: &str = "/scim/v1/Groups/{id}";
const CONFIG: &str = "/scim/v1/ServiceProviderConfig";

impl Api {
    /// Users or groups on a page; up to 5,000 and 1,000 are taken (§2, §3).
    const PAGE: usize = 1000;
    /// The largest answer: a page of users has about two megabytes.
    const MOST: usize = 64 << 20;
    /// Where a list that never ends is left.
    const MOST_PAGES: usize = 10_000;

    pub(super) fn new(settings: &Settings, keys: &Keys) -> Result<Self, ConnectorError> {
        let http = Http::new(&SERVICE, &settings.scim, Authorization::token(&keys.token), &[])?;
        let owner = Owner { service: TITLE, base: &settings.scim, account: keys.token.expose_secret(), limit: "calls" };
        Ok(Self { http, pace: pace::shared(&owner, Limit::per_second(settings.per_second)) })
    }

    pub(super) fn calls(&self) -> Calls {
        self.http.calls()
    }

    /// `GET /ServiceProviderConfig`: whether the token is good (§5).
    pub(super) async fn config(&self) -> Result<(), Trouble> {
        let parts = ["ServiceProviderConfig"];
        self.http.exchange(&Call::get(&parts, CONFIG), &self.pace, Self::MOST).await?;
        Ok(())
    }

    /// `GET /Users`, page by page.
    pub(super) async fn users(&self, take: impl FnMut(Row)) -> Result<(), ConnectorError> {
        self.all(&Path { parts: &["Users"], shown: USERS }, take).await
    }

    /// `GET /Groups`, page by page.
    pub(super) async fn groups(&self, take: impl FnMut(Row)) -> Result<(), ConnectorError> {
        self.all(&Path { parts: &["Groups"], shown: GROUPS }, take).await
    }

    /// `GET /Users/{id}`: the user with this id. A path is tried as an external id too (§2), so that somebody else may be
    /// answered: nobody then.
    pub(super) async fn user(&self, id: &str) -> Result<Option<Row>, Trouble> {
        Ok(self.on_path(id).await?.filter(|user| rows::text(user, "id") == Some(id)))
    }

    /// The same path with an external id: the user who has it.
    pub(super) async fn external(&self, external: &str) -> Result<Option<Row>, Trouble> {
        Ok(self.on_path(external).await?.filter(|user| rows::text(user, "externalId") == Some(external)))
    }

    async fn on_path(&self, text: &str) -> Result<Option<Row>, Trouble> {
        // These would lead to another path than a user's.
        if matches!(text, "" | "." | "..") {
            return Ok(None);
        }
        let path = Path { parts: &["Users", text], shown: USER };
        match self.call(Call::get(path.parts, path.shown)).await {
            Ok(answer) => Ok(answer.json::<Row>()),
            Err(Trouble::Said(said)) if said.status == 404 => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// `GET /Users?filter=`: who has an address. A filter that Leapsome does not understand may give anybody (§2.1).
    pub(super) async fn addressed(&self, address: &str) -> Result<Option<Row>, Trouble> {
        let quoted = address.replace('\\', "\\\\").replace('"', "\\\"");
        let filter = format!("userName eq \"{quoted}\"");
        let asked = [("filter", filter.as_str())];
        let answer = self.call(Call::get(&["Users"], USERS).query(&asked)).await?;
        let listed = answer.json::<Json>().and_then(|body| rows::records(body, &["Resources"])).unwrap_or_default();
        let fits = |user: &Row| rows::text(user, "userName").is_some_and(|held| fold(held) == fold(address));
        Ok(listed.into_iter().find(fits))
    }

    /// `POST /Users`: somebody with an id, or nothing where the user was there (§2.2).
    pub(super) async fn create(&self, user: &Row) -> Result<Option<Row>, Trouble> {
        let call = Call::new(Method::POST, Effect::Write, &["Users"], USERS).json(&json!(user));
        let answer = match self.call(call).await {
            Err(Trouble::Said(said)) if said.status == 409 => return Ok(None),
            other => other?,
        };
        Ok(answer.json::<Row>().filter(|made| rows::text(made, "id").is_some()))
    }

    /// `PATCH /Users/{id}`: the user as they are then.
    pub(super) async fn change(&self, id: &str, body: &Json) -> Result<Row, Trouble> {
        let parts = ["Users", id];
        let call = Call::new(Method::PATCH, Effect::RepeatableWrite, &parts, USER).json(body);
        let answer = self.call(call).await?;
        Ok(answer.json::<Row>().unwrap_or_default())
    }

    /// `POST /Groups`: the id; nothing where the name is taken.
    pub(super) async fn create_group(&self, name: &str) -> Result<Option<Arc<str>>, Trouble> {
        let body = json!({ "displayName": name });
        let call = Call::new(Method::POST, Effect::RepeatableWrite, &["Groups"], GROUPS).json(&body);
        match self.call(call).await {
            Ok(answer) => Ok(answer.json::<Row>().and_then(|group| rows::text(&group, "id").map(Arc::from))),
            Err(Trouble::Said(said)) if said.status == 409 => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// `PATCH /Groups/{id}`: adds up to 100 members (§3).
    pub(super) async fn join(&self, group: &str, users: &[&str]) -> Result<(), Trouble> {
        let members: Json = users.iter().map(|user| json!({ "value": user })).collect();
        let parts = ["Groups", group];
        let call = Call::new(Method::PATCH, Effect::RepeatableWrite, &parts, GROUP);
        self.call(call.json(&json!({ "members": members }))).await.map(drop)
    }

    /// Every page of a list. Whoever moved to another page while the pages were read is taken once. Pages may be smaller
    /// than asked for; one with nothing new on it is the end.
    async fn all(&self, path: &Path<'_>, mut take: impl FnMut(Row)) -> Result<(), ConnectorError> {
        let mut known = std::collections::HashSet::new();
        let mut start = 1;
        for _ in 0..Self::MOST_PAGES {
            let (count, first) = (Self::PAGE.to_string(), start.to_string());
            let asked = [("startIndex", first.as_str()), ("count", count.as_str())];
            let answer = self.call(Call::get(path.parts, path.shown).query(&asked)).await;
            let body: Json = answer.map_err(|error| error.into_error(path.shown))?.json().unwrap_or(Json::Null);
            let total = body.get("totalResults").and_then(rows::number).and_then(|total| usize::try_from(total).ok());
            let Some(page) = rows::records(body, &["Resources"]) else {
                // Nobody at all may be shown without a list.
                return if total == Some(0) { Ok(()) } else { Err(no_list(path.shown)) };
            };
            start += page.len();
            let mut is_new = false;
            for row in page {
                if rows::text(&row, "id").is_some_and(|id| known.insert(Arc::<str>::from(id))) {
                    is_new = true;
                    take(row);
                }
            }
            if !is_new || total.is_some_and(|total| start > total) {
                return Ok(());
            }
        }
        Err(no_list(path.shown))
    }

    /// A success, or what Leapsome says. After one of the two codes that are swapped, one more call tells whether the token
    /// is good (§1).
    async fn call(&self, call: Call<'_>) -> Result<Answer, Trouble> {
        let answer = self.http.exchange(&call.expecting(&SWAPPED), &self.pace, Self::MOST).await?;
        if answer.status.is_success() {
            return Ok(answer);
        }
        if SWAPPED.contains(&answer.status) {
            self.config().await?;
        }
        Err(Trouble::Said(Said::of(&answer)))
    }
}

fn no_list(shown: &str) -> ConnectorError {
    ConnectorError::Malformed {
        message: format!("{TITLE} answered {shown} without a list that can be read to its end"),
        help: "see whether `base_url` is right, and whether a proxy stands between".to_owned(),
    }
}

/// How addresses are compared.
pub(super) fn fold(address: &str) -> String {
    address.trim().to_lowercase()
}
