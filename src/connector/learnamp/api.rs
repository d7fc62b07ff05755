//! Learn Amp's API, call by call (apis/learnamp.md). It knows the wire, and nothing of what calls are for.

use std::collections::HashSet;
use std::sync::Arc;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use secrecy::ExposeSecret as _;
use serde_json::Value as Json;

use super::TITLE;
use super::settings::{Bodies, Key, Settings};
use super::wire::{self, Said};
use crate::connector::ConnectorError;
use crate::connector::http::authorization::{Authorization, TokenCall};
use crate::connector::http::body::{Form, urlencoded};
use crate::connector::http::call::{Call, Effect};
use crate::connector::http::count::Calls;
use crate::connector::http::failure::{Failure, Problem, Service};
use crate::connector::http::pace::{self, Limit, Owner, Pace};
use crate::connector::http::{Http, Method, StatusCode};
use crate::connector::rows;

static SERVICE: Service = Service {
    title: TITLE,
    caller: "API key",
    unknown: "see whether client id and client secret belong together and are of this company's pod (`base_url`): in Learn \
              Amp, the account Owner finds them under Company Settings > API; then run `rollbook check --live`",
    forbidden: "the API key lacks a scope: `rollbook check --live` names each that is missing. The account Owner gives it \
                under Company Settings > API",
};

/// One record of a list.
pub(super) type Row = serde_json::Map<String, Json>;

/// What a listing asks for.
type Query<'a> = &'a [(&'a str, &'a str)];

/// The API of one company.
#[derive(Debug)]
pub(super) struct Api {
    http: Http,
    pace: Arc<Pace>,
    bodies: Bodies,
}

/// Why a call did not do what it was to.
#[derive(Debug)]
pub(super) enum Trouble {
    /// Learn Amp does not do it, and says why.
    Said(Said),
    /// The write broke off, and may have been done.
    Unsure(ConnectorError),
    /// Nothing can be said of anything.
    Failed(ConnectorError),
}

/// Where tokens are given; not below `/v1` (apis/learnamp.md §1).
const TOKEN: [&str; 2] = ["oauth", "token"];
const TOKEN_SHOWN: &str = "/oauth/token";

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        let is_token = failure.call.ends_with(TOKEN_SHOWN);
        match &failure.problem {
            Problem::Unsure => Self::Unsure(failure.into()),
            Problem::Rejected(_, Some(told)) if is_token && told.contains("scope") => Self::Failed(no_such_scopes()),
            Problem::Rejected(..) if is_token => Self::Failed(ConnectorError::Credentials {
                message: format!("{TITLE} gives no token for these credentials: {}", ConnectorError::from(failure)),
                help: SERVICE.unknown.to_owned(),
            }),
            _ => Self::Failed(failure.into()),
        }
    }
}

/// What OAuth calls a scope that is not given.
const INVALID_SCOPE: &str = "invalid_scope";

fn is_about_scopes(error: &ConnectorError) -> bool {
    matches!(error, ConnectorError::Credentials { message, .. } if message.contains(INVALID_SCOPE))
}

fn no_such_scopes() -> ConnectorError {
    ConnectorError::Credentials {
        message: format!("{TITLE} does not give the API key the scopes that it is asked for ({INVALID_SCOPE})"),
        help: "`rollbook check --live` names each scope that is missing: the account Owner gives it under Company Settings > \
               API. For an old key that has no scopes of its own write `scopes: [public]` in the recipe"
            .to_owned(),
    }
}

impl Trouble {
    /// As an error of the whole, for calls that have to succeed.
    fn into_error(self, call: &str) -> ConnectorError {
        match self {
            Self::Unsure(error) | Self::Failed(error) => error,
            Self::Said(said) if said.status == StatusCode::FORBIDDEN => ConnectorError::Credentials {
                message: format!("{TITLE} does not allow GET {call} (403)"),
                help: SERVICE.forbidden.to_owned(),
            },
            Self::Said(said) => ConnectorError::Malformed {
                message: format!("{TITLE} does not answer GET {call} ({said})"),
                help: "see whether `base_url` is the pod of this company (Company Settings > API)".to_owned(),
            },
        }
    }
}

/// One page of a list.
struct Page {
    rows: Vec<Row>,
    /// What the headers count (apis/learnamp.md §3).
    total: Option<usize>,
    pages: Option<usize>,
}

impl Api {
    /// The largest answer.
    const MOST: usize = 32 << 20;
    /// How many records are asked for at once; how many are given, Learn Amp decides.
    const PER_PAGE: &str = "200";
    /// Where a list that never ends is left.
    const MOST_PAGES: usize = 20_000;
    /// Pages that are asked for at the same time; the pace decides when.
    const AT_ONCE: usize = 4;
    /// How often a list that changes while it is read is read.
    const READINGS: usize = 3;

    /// What every listing of users asks for: whether one without a status has deactivated users is not known
    /// (apis/learnamp.md §4.1).
    const EVERY_STATUS: [(&str, &str); 6] = [
        ("expanded", "true"),
        ("filters[status][]", "not_invited"),
        ("filters[status][]", "invite_scheduled"),
        ("filters[status][]", "invite_pending"),
        ("filters[status][]", "confirmed"),
        ("filters[status][]", "deactivated"),
    ];

    pub(super) fn new(settings: &Settings, key: &Key, scopes: &str) -> Result<Self, ConnectorError> {
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", key.id.expose_secret()),
            ("client_secret", key.secret.expose_secret()),
            ("scope", scopes),
        ];
        let token = TokenCall { path: &TOKEN, shown: TOKEN_SHOWN, form: Form::Urlencoded, body: urlencoded(form) };
        let http = Http::new(&SERVICE, &settings.base_url, Authorization::bearer(token), &[])?;
        let owner = Owner { service: TITLE, base: &settings.base_url, account: key.id.expose_secret(), limit: "calls" };
        Ok(Self { http, pace: pace::shared(&owner, Limit::per_second(settings.per_second)), bodies: settings.bodies })
    }

    /// How many calls were made.
    pub(super) fn calls(&self) -> Calls {
        self.http.calls()
    }

    // Users (§4).

    /// Everybody, in the long form.
    pub(super) async fn users(&self) -> Result<Vec<Row>, ConnectorError> {
        self.all("users", "/v1/users", &Self::EVERY_STATUS).await
    }

    /// Who has exactly this address, in any case.
    pub(super) async fn users_with_address(&self, address: &str) -> Result<Vec<Row>, ConnectorError> {
        let mut query = vec![("filters[email]", address)];
        query.extend(Self::EVERY_STATUS);
        let mut rows = self.all("users", "/v1/users", &query).await?;
        rows.retain(|row| rows::text(row, "email").is_some_and(|held| held.to_lowercase() == address.to_lowercase()));
        Ok(rows)
    }

    /// Who has exactly this external id, in the form of a listing, which alone has custom fields (§4.1, §4.3).
    pub(super) async fn users_with_external_id(&self, external_id: &str) -> Result<Vec<Row>, ConnectorError> {
        let mut query = vec![("filters[integration_external_id]", external_id)];
        query.extend(Self::EVERY_STATUS);
        let mut rows = self.all("users", "/v1/users", &query).await?;
        rows.retain(|row| rows::text(row, "integrationExternalId") == Some(external_id));
        Ok(rows)
    }

    /// One user in the long form; nothing if there is none.
    pub(super) async fn user(&self, id: u64) -> Result<Option<Row>, ConnectorError> {
        self.one(&["v1", "users", &id.to_string()], "/v1/users/{id}").await
    }

    /// The user with exactly this external id; nothing if there is none.
    pub(super) async fn user_with_external_id(&self, external_id: &str) -> Result<Option<Row>, ConnectorError> {
        let parts = ["v1", "users", "by_integration_external_id", external_id];
        self.one(&parts, "/v1/users/by_integration_external_id/{extId}").await
    }

    pub(super) async fn create_user(&self, body: &Row) -> Result<Row, Trouble> {
        self.write(Method::POST, Effect::Write, &["v1", "users"], "/v1/users", body).await
    }

    pub(super) async fn update_user(&self, id: u64, body: &Row) -> Result<Row, Trouble> {
        let id = id.to_string();
        self.write(Method::PUT, Effect::RepeatableWrite, &["v1", "users", &id], "/v1/users/{id}", body).await
    }

    pub(super) async fn deactivate_user(&self, id: u64) -> Result<(), Trouble> {
        self.act(id, "deactivate", "/v1/users/{id}/deactivate").await
    }

    pub(super) async fn reactivate_user(&self, id: u64) -> Result<(), Trouble> {
        self.act(id, "reactivate", "/v1/users/{id}/reactivate").await
    }

    async fn act(&self, id: u64, act: &str, shown: &'static str) -> Result<(), Trouble> {
        let id = id.to_string();
        let parts = ["v1", "users", &id, act];
        self.exchange(Call::new(Method::PUT, Effect::RepeatableWrite, &parts, shown)).await.map(drop)
    }

    // Teams (§6).

    pub(super) async fn teams(&self) -> Result<Vec<Row>, ConnectorError> {
        self.all("teams", "/v1/teams", &[]).await
    }

    /// Whether the filter finds parts of names is not known (§6): names are compared here.
    pub(super) async fn teams_called(&self, name: &str) -> Result<Vec<Row>, ConnectorError> {
        let mut rows = self.all("teams", "/v1/teams", &[("filters[name]", name)]).await?;
        rows.retain(|row| rows::text(row, "name") == Some(name));
        Ok(rows)
    }

    pub(super) async fn create_team(&self, body: &Row) -> Result<Row, Trouble> {
        self.write(Method::POST, Effect::Write, &["v1", "teams"], "/v1/teams", body).await
    }

    pub(super) async fn update_team(&self, id: u64, body: &Row) -> Result<Row, Trouble> {
        let id = id.to_string();
        self.write(Method::PUT, Effect::RepeatableWrite, &["v1", "teams", &id], "/v1/teams/{id}", body).await
    }

    /// Whether the key is given a token with the scopes that it is asked for. The user that is asked for is nobody.
    pub(super) async fn is_given_a_token(&self) -> Result<bool, ConnectorError> {
        match self.exchange(Call::get(&["v1", "users", "0"], "/v1/users/{id}")).await {
            Ok(_) | Err(Trouble::Said(_)) => Ok(true),
            Err(Trouble::Failed(error) | Trouble::Unsure(error)) if is_about_scopes(&error) => Ok(false),
            Err(other) => Err(other.into_error("/v1/users/{id}")),
        }
    }

    // The wire.

    async fn one(&self, parts: &[&str], shown: &'static str) -> Result<Option<Row>, ConnectorError> {
        match self.exchange(Call::get(parts, shown)).await {
            Ok(body) => wire::record(body).map(Some).ok_or_else(|| no_record(shown)),
            Err(Trouble::Said(said)) if said.status == StatusCode::NOT_FOUND => Ok(None),
            Err(other) => Err(other.into_error(shown)),
        }
    }

    /// Every page of a list. One that changes while it is read, so that somebody moves to a page that was read before, is
    /// read again.
    async fn all(&self, name: &str, shown: &'static str, query: Query<'_>) -> Result<Vec<Row>, ConnectorError> {
        for _ in 0..Self::READINGS {
            let (rows, total) = self.reading(name, shown, query).await.map_err(|trouble| trouble.into_error(shown))?;
            if total.is_none_or(|total| rows.len() >= total) {
                return Ok(rows);
            }
        }
        Err(ConnectorError::Unavailable {
            message: format!("{TITLE} lists fewer records at GET {shown} than it counts, several times"),
            help: "somebody may be changing many of them just now: run again later".to_owned(),
        })
    }

    /// The list, each record once, and how many Learn Amp counts.
    async fn reading(
        &self,
        name: &str,
        shown: &'static str,
        query: Query<'_>,
    ) -> Result<(Vec<Row>, Option<usize>), Trouble> {
        let mut seen = HashSet::new();
        let mut all = Vec::new();
        let mut take = |page: Page| {
            let came = all.len();
            all.extend(page.rows.into_iter().filter(|row| rows::id(row, "id").is_none_or(|id| seen.insert(id))));
            (page.total, all.len() > came)
        };
        let first = self.page(name, shown, query, 1).await?;
        let pages = first.pages;
        let (mut total, mut more) = take(first);
        if let Some(pages) = pages {
            let others = (2..=pages.min(Self::MOST_PAGES)).map(|page| self.page(name, shown, query, page));
            let mut others = stream::iter(others).buffered(Self::AT_ONCE);
            while let Some(page) = others.try_next().await? {
                total = take(page).0.or(total);
            }
            drop(others);
            return Ok((all, total));
        }
        // Nothing says how many there are: until one has nothing new.
        for page in 2..=Self::MOST_PAGES {
            if !more {
                break;
            }
            (total, more) = take(self.page(name, shown, query, page).await?);
        }
        Ok((all, total))
    }

    async fn page(&self, name: &str, shown: &'static str, query: Query<'_>, page: usize) -> Result<Page, Trouble> {
        let page = page.to_string();
        let mut asked = query.to_vec();
        asked.extend([("page", page.as_str()), ("perPage", Self::PER_PAGE)]);
        let parts = ["v1", name];
        let call = Call::get(&parts, shown).query(&asked).expecting(&[StatusCode::FORBIDDEN]);
        let answer = self.http.exchange(&call, &self.pace, Self::MOST).await?;
        let body = wire::reply(&answer).map_err(Trouble::Said)?;
        let rows = rows::records(body, &[name]).ok_or_else(|| Trouble::Failed(no_record(shown)))?;
        let counted = |header: &str| answer.header(header).and_then(|text| text.trim().parse::<usize>().ok());
        let (total, granted) = (counted("total"), counted("per-page").filter(|granted| *granted > 0));
        let pages = counted("total-pages").or_else(|| Some(total?.div_ceil(granted?)));
        Ok(Page { rows, total, pages })
    }

    async fn write(
        &self,
        method: Method,
        effect: Effect,
        parts: &[&str],
        shown: &'static str,
        body: &Row,
    ) -> Result<Row, Trouble> {
        let call = Call::new(method, effect, parts, shown);
        let call = match self.bodies {
            Bodies::Json => call.json(&Json::Object(body.clone())),
            Bodies::Form => {
                let pairs = wire::form(body);
                call.form(pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())))
            }
        };
        let body = self.exchange(call).await?;
        // An answer without a record was a success all the same: nothing can be compared with it.
        Ok(wire::record(body).unwrap_or_default())
    }

    async fn exchange(&self, call: Call<'_>) -> Result<Json, Trouble> {
        // A single missing permission must not end everything (apis/learnamp.md §8).
        let call = call.expecting(&[StatusCode::FORBIDDEN]);
        let answer = self.http.exchange(&call, &self.pace, Self::MOST).await?;
        wire::reply(&answer).map_err(Trouble::Said)
    }
}

fn no_record(shown: &str) -> ConnectorError {
    ConnectorError::Malformed {
        message: format!("{TITLE} answered GET {shown} with something else than what was asked for"),
        help: "see whether `base_url` is the pod of this company, and whether a proxy stands between".to_owned(),
    }
}
