//! LearnUpon's API, call by call (apis/learnupon.md).

use std::sync::Arc;

use secrecy::ExposeSecret as _;
use serde_json::{Map, Value as Json, json};

use super::TITLE;
use super::seen::fold;
use super::settings::{Keys, Settings};
use super::windows::Windows;
use super::wire::{self, Said};
use crate::connector::Calls;
use crate::connector::ConnectorError;
use crate::connector::http::authorization::Authorization;
use crate::connector::http::call::{Call, Effect};
use crate::connector::http::failure::{Failure, Problem, Service};
use crate::connector::http::pace::{self, Limit, Owner, Pace};
use crate::connector::http::{Http, Method};

static SERVICE: Service = Service {
    title: TITLE,
    caller: "API keys",
    unknown: "see whether both keys are the portal's current pair (Settings > Integrations > API Keys): generating new \
              ones ends the old ones, and a sub-portal has its own; then run `rollbook check --live`",
    forbidden: "see whether the portal's plan has the API, and whether the keys are those of this portal; then run \
                `rollbook check --live`",
};

/// One record of a list.
pub(super) type Row = Map<String, Json>;

/// The API of one portal.
#[derive(Debug)]
pub(super) struct Api {
    http: Http,
    pace: Arc<Pace>,
    pub(super) windows: Windows,
}

/// Why a call did not do what it was to.
#[derive(Debug)]
pub(super) enum Trouble {
    /// LearnUpon does not do it, and says why.
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
            _ => Self::Failed(failure.into()),
        }
    }
}

impl Trouble {
    /// As an error of the whole, for calls that have to succeed.
    fn into_error(self, call: &str) -> ConnectorError {
        match self {
            Self::Unsure(error) | Self::Failed(error) => error,
            Self::Said(said) => ConnectorError::Malformed {
                message: format!("{TITLE} does not answer {call} ({}): {}", said.code, said.message),
                help: "see whether `portal` or `base_url` is right, and whether the portal's plan has the API"
                    .to_owned(),
            },
        }
    }
}

/// The parts of a path, and how it is shown.
struct Path<'a> {
    parts: &'a [&'a str],
    shown: &'static str,
}

impl Api {
    /// The largest answer: a page of 500 users has about 250 KB.
    const MOST: usize = 32 << 20;
    /// Where a list that never ends is left.
    const MOST_PAGES: usize = 10_000;

    pub(super) fn new(settings: &Settings, keys: &Keys) -> Result<Self, ConnectorError> {
        let authorization = Authorization::basic(&keys.username, &keys.password);
        let http = Http::new(&SERVICE, &settings.base_url, authorization, &[])?;
        // The windows are the portal's, whichever pair of keys calls.
        let owner =
            Owner { service: TITLE, base: &settings.base_url, account: keys.username.expose_secret(), limit: "calls" };
        let pace = pace::shared(&owner, Limit::per_minute(settings.per_minute));
        Ok(Self { http, pace, windows: Windows::default() })
    }

    /// How many calls were made.
    pub(super) fn calls(&self) -> Calls {
        self.http.calls()
    }

    /// `GET /users`: everybody, without custom data (apis/learnupon.md §2).
    pub(super) async fn users(&self) -> Result<Vec<Row>, ConnectorError> {
        let path = Path { parts: &["users"], shown: "/api/v1/users" };
        self.all(&path, &[("version_id", "1.2")], &["user", "users"])
            .await
            .map_err(|error| error.into_error(path.shown))
    }

    /// `GET /users?login_enabled=false`: whoever is disabled.
    pub(super) async fn disabled(&self) -> Result<Vec<Row>, ConnectorError> {
        let path = Path { parts: &["users"], shown: "/api/v1/users" };
        let asked = [("login_enabled", "false")];
        self.all(&path, &asked, &["user", "users"]).await.map_err(|error| error.into_error(path.shown))
    }

    /// `GET /users/{id}`: one user with custom data; nothing if there is none.
    pub(super) async fn user(&self, id: u64) -> Result<Option<Row>, ConnectorError> {
        let (id, shown) = (id.to_string(), "/api/v1/users/{id}");
        self.one(&Path { parts: &["users", &id], shown }, &[]).await
    }

    /// `GET /users/search`: exactly one login; nothing if nobody has it. A filter that LearnUpon does not know would give
    /// somebody else.
    pub(super) async fn search(&self, key: &str, login: &str) -> Result<Option<Row>, ConnectorError> {
        let path = Path { parts: &["users", "search"], shown: "/api/v1/users/search" };
        let found = self.one(&path, &[(key, login)]).await?;
        Ok(found.filter(|row| wire::text(row, key).is_some_and(|held| fold(held) == fold(login))))
    }

    async fn one(&self, path: &Path<'_>, query: &[(&str, &str)]) -> Result<Option<Row>, ConnectorError> {
        match self.get(path, query).await {
            Ok((body, _)) => match wire::records(body, &["user", "users"]) {
                Some(records) => Ok(records.into_iter().next()),
                None => Err(no_list(path.shown)),
            },
            Err(Trouble::Said(said)) if said.not_found() => Ok(None),
            Err(other) => Err(other.into_error(path.shown)),
        }
    }

    /// `GET /users/customuserdata` (apis/learnupon.md §2.1).
    pub(super) async fn definitions(&self) -> Result<Vec<Row>, ConnectorError> {
        let keys = ["customDataFieldDefinitions", "customDataFieldDefintions", "customuserdata", "custom_user_data"];
        let path = Path { parts: &["users", "customuserdata"], shown: "/api/v1/users/customuserdata" };
        match self.all(&path, &[], &keys).await {
            Err(Trouble::Said(said)) if said.not_found() => Ok(Vec::new()),
            other => other.map_err(|error| error.into_error(path.shown)),
        }
    }

    /// `GET /timezones`: the names that `timezone_id` takes; none where the portal does not list them.
    pub(super) async fn timezones(&self) -> Result<Vec<String>, ConnectorError> {
        let path = Path { parts: &["timezones"], shown: "/api/v1/timezones" };
        let body = match self.get(&path, &[]).await {
            Ok((body, _)) => body,
            Err(Trouble::Said(said)) if said.not_found() => return Ok(Vec::new()),
            Err(other) => return Err(other.into_error(path.shown)),
        };
        let list = match &body {
            Json::Array(list) => Some(list),
            Json::Object(body) => body.values().find_map(Json::as_array),
            _ => None,
        };
        let name = |zone: &Json| {
            let named = ["id", "timezone_id", "name", "title"].iter().find_map(|key| zone.get(key)?.as_str());
            zone.as_str().or(named).map(str::to_owned)
        };
        Ok(list.ok_or_else(|| no_list(path.shown))?.iter().filter_map(name).collect())
    }

    /// `POST /users`: the id.
    pub(super) async fn create(&self, user: Row) -> Result<u64, Trouble> {
        let path = Path { parts: &["users"], shown: "/api/v1/users" };
        id_of(self.write(Method::POST, Effect::Write, &path, "User", user).await?, path.shown)
    }

    /// `PUT /users/{id}`, which changes what is sent.
    pub(super) async fn update(&self, id: u64, user: Row) -> Result<(), Trouble> {
        let id = id.to_string();
        let path = Path { parts: &["users", &id], shown: "/api/v1/users/{id}" };
        self.write(Method::PUT, Effect::RepeatableWrite, &path, "User", user).await.map(drop)
    }

    /// `GET /group_invites`: every invitation, whatever became of it (apis/learnupon.md §2.3).
    pub(super) async fn invites(&self) -> Result<Vec<Row>, ConnectorError> {
        let path = Path { parts: &["group_invites"], shown: "/api/v1/group_invites" };
        let keys = ["group_invite", "group_invites", "invites", "invite"];
        self.all(&path, &[], &keys).await.map_err(|error| error.into_error(path.shown))
    }

    /// `POST /portal_invite`: the id of the invitation.
    pub(super) async fn invite(&self, invite: Row) -> Result<u64, Trouble> {
        let path = Path { parts: &["portal_invite"], shown: "/api/v1/portal_invite" };
        id_of(self.write(Method::POST, Effect::Write, &path, "Invite", invite).await?, path.shown)
    }

    /// `DELETE /group_invites/{id}`.
    pub(super) async fn withdraw(&self, id: u64) -> Result<(), Trouble> {
        let id = id.to_string();
        let path = Path { parts: &["group_invites", &id], shown: "/api/v1/group_invites/{id}" };
        self.write(Method::DELETE, Effect::RepeatableWrite, &path, "", Map::new()).await.map(drop)
    }

    /// `GET /groups` (apis/learnupon.md §3).
    pub(super) async fn groups(&self) -> Result<Vec<Row>, ConnectorError> {
        let path = Path { parts: &["groups"], shown: "/api/v1/groups" };
        self.all(&path, &[], &["groups", "group"]).await.map_err(|error| error.into_error(path.shown))
    }

    /// `POST /groups`: the id.
    pub(super) async fn create_group(&self, title: &str) -> Result<u64, Trouble> {
        let path = Path { parts: &["groups"], shown: "/api/v1/groups" };
        let group = Map::from_iter([("title".to_owned(), json!(title))]);
        id_of(self.write(Method::POST, Effect::RepeatableWrite, &path, "Group", group).await?, path.shown)
    }

    /// `GET /group_memberships` of a group: its members.
    pub(super) async fn members(&self, group: u64) -> Result<Vec<Row>, ConnectorError> {
        self.memberships("group_id", group).await
    }

    /// `GET /group_memberships` of a user: their groups.
    pub(super) async fn groups_of(&self, user: u64) -> Result<Vec<Row>, ConnectorError> {
        self.memberships("user_id", user).await
    }

    async fn memberships(&self, key: &str, id: u64) -> Result<Vec<Row>, ConnectorError> {
        let path = Path { parts: &["group_memberships"], shown: "/api/v1/group_memberships" };
        let keys = ["user", "users", "group", "groups", "group_memberships", "group_membership"];
        match self.all(&path, &[(key, &id.to_string())], &keys).await {
            // A group or a user that went away while we were reading.
            Err(Trouble::Said(said)) if said.not_found() => Ok(Vec::new()),
            other => other.map_err(|error| error.into_error(path.shown)),
        }
    }

    /// `POST /group_memberships`; whoever is in stays in.
    pub(super) async fn join(&self, pair: Row) -> Result<(), Trouble> {
        let path = Path { parts: &["group_memberships"], shown: "/api/v1/group_memberships" };
        self.write(Method::POST, Effect::RepeatableWrite, &path, "GroupMembership", pair).await.map(drop)
    }

    /// `DELETE /group_memberships/0`, with group and user in the body.
    pub(super) async fn leave(&self, pair: Row) -> Result<(), Trouble> {
        let path = Path { parts: &["group_memberships", "0"], shown: "/api/v1/group_memberships/0" };
        self.write(Method::DELETE, Effect::RepeatableWrite, &path, "GroupMembership", pair).await.map(drop)
    }

    /// `GET /group_managers`, of one group or of all.
    pub(super) async fn managers(&self, group: Option<u64>) -> Result<Vec<Row>, Trouble> {
        match group.map(|group| group.to_string()) {
            Some(group) => self.group_managers(&[("group_id", &group)]).await,
            None => self.group_managers(&[]).await,
        }
    }

    /// `GET /group_managers` of one user. A filter that LearnUpon does not know would give those of others too.
    pub(super) async fn managed_by(&self, user: u64) -> Result<Vec<Row>, ConnectorError> {
        match self.group_managers(&[("user_id", &user.to_string())]).await {
            Ok(mut rows) => {
                rows.retain(|row| wire::id(row, "user_id") == Some(user));
                Ok(rows)
            }
            Err(Trouble::Said(_)) => Ok(Vec::new()),
            Err(Trouble::Unsure(error) | Trouble::Failed(error)) => Err(error),
        }
    }

    async fn group_managers(&self, query: &[(&str, &str)]) -> Result<Vec<Row>, Trouble> {
        let path = Path { parts: &["group_managers"], shown: "/api/v1/group_managers" };
        self.all(&path, query, &["group_managers", "group_manager", "managers", "user"]).await
    }

    /// `POST /group_managers`.
    pub(super) async fn add_manager(&self, pair: Row) -> Result<(), Trouble> {
        let path = Path { parts: &["group_managers"], shown: "/api/v1/group_managers" };
        self.write(Method::POST, Effect::RepeatableWrite, &path, "GroupManager", pair).await.map(drop)
    }

    /// `DELETE /group_managers/{id}`.
    pub(super) async fn remove_manager(&self, id: u64) -> Result<(), Trouble> {
        let id = id.to_string();
        let path = Path { parts: &["group_managers", &id], shown: "/api/v1/group_managers/{id}" };
        self.write(Method::DELETE, Effect::RepeatableWrite, &path, "", Map::new()).await.map(drop)
    }

    /// Every page of a list: until `LU-Has-Next-Page` is not `true` (apis/learnupon.md §1, "Paging").
    async fn all(&self, path: &Path<'_>, query: &[(&str, &str)], keys: &[&str]) -> Result<Vec<Row>, Trouble> {
        let mut all = Vec::new();
        for page in 1..=Self::MOST_PAGES {
            let page = page.to_string();
            let mut asked = query.to_vec();
            if page != "1" {
                asked.push(("page", &page));
            }
            let (body, more) = self.get(path, &asked).await?;
            let records = wire::records(body, keys).ok_or_else(|| Trouble::Failed(no_list(path.shown)))?;
            let came = records.len();
            all.extend(records);
            if !more || came == 0 {
                return Ok(all);
            }
        }
        Err(Trouble::Failed(no_list(path.shown)))
    }

    /// A body, and whether a page follows.
    async fn get(&self, path: &Path<'_>, query: &[(&str, &str)]) -> Result<(Json, bool), Trouble> {
        let parts = parts(path);
        let answer = self.exchange(&Call::get(&parts, path.shown).query(query)).await?;
        let more = answer.header("lu-has-next-page").is_some_and(|more| more.trim().eq_ignore_ascii_case("true"));
        wire::reply(&answer).map(|body| (body, more)).map_err(Trouble::Said)
    }

    /// Bodies are wrapped in the name of what they are (apis/learnupon.md §1).
    async fn write(
        &self,
        method: Method,
        effect: Effect,
        path: &Path<'_>,
        wrapper: &str,
        body: Row,
    ) -> Result<Json, Trouble> {
        let parts = parts(path);
        let mut call = Call::new(method, effect, &parts, path.shown);
        if !wrapper.is_empty() {
            call = call.json(&json!({ wrapper: body }));
        }
        let answer = self.exchange(&call).await?;
        wire::reply(&answer).map_err(Trouble::Said)
    }

    async fn exchange(&self, call: &Call<'_>) -> Result<crate::connector::http::answer::Answer, Trouble> {
        self.windows.check().map_err(Trouble::Failed)?;
        let answer = self.http.exchange(call, &self.pace, Self::MOST).await?;
        self.windows.heard(&answer, &self.pace);
        Ok(answer)
    }
}

fn parts<'a>(path: &Path<'a>) -> Vec<&'a str> {
    ["api", "v1"].into_iter().chain(path.parts.iter().copied()).collect()
}

fn id_of(body: Json, shown: &str) -> Result<u64, Trouble> {
    let Json::Object(body) = body else { return Err(Trouble::Unsure(no_id(shown))) };
    wire::id(&body, "id").ok_or_else(|| Trouble::Unsure(no_id(shown)))
}

fn no_id(shown: &str) -> ConnectorError {
    ConnectorError::Malformed {
        message: format!("{TITLE} answered {shown} without the id of what was made"),
        help: "run again: the next run looks at what is there, and does what is missing".to_owned(),
    }
}

fn no_list(shown: &str) -> ConnectorError {
    ConnectorError::Malformed {
        message: format!("{TITLE} answered {shown} without a list that can be read to its end"),
        help: "see whether `portal` or `base_url` is right, and whether a proxy stands between".to_owned(),
    }
}
