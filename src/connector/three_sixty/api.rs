//! 360Learning's API v2, call by call (apis/360learning.md). It knows the wire, and nothing of what calls are for.

use std::num::NonZeroU32;
use std::sync::Arc;

use secrecy::{ExposeSecret as _, SecretString};
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use tokio::sync::Semaphore;

use super::settings::{Account, Settings};
use super::trouble::Trouble;
use super::wire::{RawCustomValue, RawGroup, RawMade, RawMapping, RawOperation, RawResult, RawRole, RawUser};
use crate::connector::ConnectorError;
use crate::connector::http::answer::Answer;
use crate::connector::http::authorization::{Authorization, TokenCall};
use crate::connector::http::body::Form;
use crate::connector::http::call::{Call, Effect};
use crate::connector::http::count::Calls;
use crate::connector::http::failure::Service;
use crate::connector::http::pace::{self, Limit, Owner, Pace};
use crate::connector::http::{Http, Method, StatusCode};

static SERVICE: Service = Service {
    title: "360Learning",
    caller: "company",
    unknown: "see whether client id and client secret belong together, are credentials for API v2, and were not deleted: \
              in 360Learning, Platform settings > API. Nothing was tried again",
    forbidden: "the API credentials lack a scope: `rollbook check --live` names each that is missing. Add it in \
                360Learning, Platform settings > API; if it is not offered there, ask 360Learning for it",
};

/// The API of one company.
#[derive(Debug)]
pub(super) struct Api {
    http: Http,
    reads: Arc<Pace>,
    writes: Arc<Pace>,
    /// Bulk operations have places instead of a rate (§2).
    operations: Arc<Semaphore>,
    platform: String,
}

/// What a creation gave.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) user: RawUser,
    /// Whether there was no such account before (201); otherwise a deactivated one is back (200).
    pub(super) is_new: bool,
}

/// What a listing asks for.
type Query<'a> = &'a [(&'a str, &'a str)];

impl Api {
    /// Bulk operations at the same time (§2).
    pub(super) const OPERATIONS: usize = 3;
    /// The largest answer: 5000 mappings, or the results of 20,000 rows.
    const MOST: usize = 32 << 20;
    /// Pages of one listing; a listing that never ends has more.
    const MOST_PAGES: usize = 20_000;

    pub(super) fn new(settings: &Settings, account: &Account) -> Result<Self, ConnectorError> {
        let base = settings.api();
        let body = json!({
            "grant_type": "client_credentials",
            "client_id": account.id.expose_secret(),
            "client_secret": account.secret.expose_secret(),
        });
        let token = TokenCall {
            path: &["oauth2", "token"],
            shown: "/api/v2/oauth2/token",
            form: Form::Json,
            body: SecretString::from(body.to_string()),
        };
        let http = Http::new(&SERVICE, &base, Authorization::bearer(token), &[("360-api-version", "v2.0")])?;
        let owner = |limit| Owner { service: SERVICE.title, base: &base, account: account.id.expose_secret(), limit };
        let pace = |limit, calls: NonZeroU32| pace::shared(&owner(limit), Limit::per_second(calls));
        Ok(Self {
            http,
            reads: pace("reads", settings.rates().reads),
            writes: pace("writes", settings.rates().writes),
            operations: pace::places(&owner("operations"), Self::OPERATIONS),
            platform: settings.platform.clone(),
        })
    }

    /// How many calls were made.
    pub(super) fn calls(&self) -> Calls {
        self.http.calls()
    }

    /// Where employee ids are kept.
    pub(super) fn platform(&self) -> &str {
        &self.platform
    }

    // Users (§3).

    pub(super) async fn users(&self, query: Query<'_>) -> Result<Vec<RawUser>, Trouble> {
        self.pages(&["users"], "/api/v2/users", query).await
    }

    pub(super) async fn user(&self, user: &str) -> Result<RawUser, Trouble> {
        self.get(&["users", user], "/api/v2/users/{userId}").await
    }

    pub(super) async fn create_user(&self, body: &Json, invitation: bool) -> Result<Made, Trouble> {
        let query = [("sendInvitationEmail", if invitation { "true" } else { "false" })];
        let call = Call::new(Method::POST, Effect::Write, &["users"], "/api/v2/users").query(&query).json(body);
        let answer = self.written(&call).await?;
        Ok(Made { user: parsed(&call, &answer)?, is_new: answer.status == StatusCode::CREATED })
    }

    pub(super) async fn patch_user(&self, user: &str, body: &Json) -> Result<(), Trouble> {
        let path = ["users", user];
        let call = Call::new(Method::PATCH, Effect::RepeatableWrite, &path, "/api/v2/users/{userId}");
        self.written(&call.json(body)).await.map(drop)
    }

    pub(super) async fn activate_user(&self, user: &str) -> Result<(), Trouble> {
        let path = ["users", user, "activate"];
        let call = Call::new(Method::PUT, Effect::RepeatableWrite, &path, "/api/v2/users/{userId}/activate");
        self.written(&call).await.map(drop)
    }

    pub(super) async fn delete_user(&self, user: &str) -> Result<(), Trouble> {
        let path = ["users", user];
        let call = Call::new(Method::DELETE, Effect::RepeatableWrite, &path, "/api/v2/users/{userId}");
        self.written(&call).await.map(drop)
    }

    pub(super) async fn roles(&self, user: &str) -> Result<Vec<RawRole>, Trouble> {
        self.pages(&["users", user, "roles"], "/api/v2/users/{userId}/roles", &[]).await
    }

    pub(super) async fn managers(&self, user: &str) -> Result<Vec<Arc<str>>, Trouble> {
        self.pages(&["users", user, "managers"], "/api/v2/users/{userId}/managers", &[]).await
    }

    pub(super) async fn add_manager(&self, user: &str, manager: &str) -> Result<(), Trouble> {
        self.manager(Method::POST, user, manager).await
    }

    pub(super) async fn remove_manager(&self, user: &str, manager: &str) -> Result<(), Trouble> {
        self.manager(Method::DELETE, user, manager).await
    }

    async fn manager(&self, method: Method, user: &str, manager: &str) -> Result<(), Trouble> {
        let path = ["users", user, "managers", manager];
        let shown = "/api/v2/users/{userId}/managers/{managerId}";
        self.written(&Call::new(method, Effect::RepeatableWrite, &path, shown)).await.map(drop)
    }

    // Custom fields (§4).

    pub(super) async fn custom_fields(&self) -> Result<Vec<super::wire::RawCustomField>, Trouble> {
        self.pages(&["custom-fields"], "/api/v2/custom-fields", &[("targetType[eq]", "users")]).await
    }

    pub(super) async fn authorized_values(&self, field: &str) -> Result<Vec<Arc<str>>, Trouble> {
        let shown = "/api/v2/custom-fields/{customFieldId}/authorized-values";
        self.pages(&["custom-fields", field, "authorized-values"], shown, &[]).await
    }

    pub(super) async fn custom_values(&self, user: &str) -> Result<Vec<RawCustomValue>, Trouble> {
        self.get(&["users", user, "custom-fields", "values"], "/api/v2/users/{userId}/custom-fields/values").await
    }

    pub(super) async fn put_custom_values(&self, user: &str, values: &[RawCustomValue]) -> Result<(), Trouble> {
        let path = ["users", user, "custom-fields", "values"];
        let shown = "/api/v2/users/{userId}/custom-fields/values";
        let body = json!({ "customValues": values });
        self.written(&Call::new(Method::PUT, Effect::RepeatableWrite, &path, shown).json(&body)).await.map(drop)
    }

    // External ids (§5).

    /// The mappings of this platform: all, or one user's. Only those that are what was asked for, whatever comes.
    pub(super) async fn mappings(&self, user: Option<&str>) -> Result<Vec<RawMapping>, Trouble> {
        let mut found = self.mappings_by(user.map(|user| ("targetId[eq]", user))).await?;
        found.retain(|mapping| user.is_none_or(|user| *mapping.target_id == *user));
        Ok(found)
    }

    /// The mappings of this platform with exactly this value.
    pub(super) async fn mappings_of_value(&self, value: &str) -> Result<Vec<RawMapping>, Trouble> {
        let mut found = self.mappings_by(Some(("value[eq]", value))).await?;
        found.retain(|mapping| *mapping.value == *value);
        Ok(found)
    }

    async fn mappings_by(&self, filter: Option<(&str, &str)>) -> Result<Vec<RawMapping>, Trouble> {
        let mut query = vec![("type[eq]", "user"), ("platform[eq]", &*self.platform)];
        query.extend(filter);
        let mut found: Vec<RawMapping> = self.pages(&["external-ids"], "/api/v2/external-ids", &query).await?;
        found.retain(|mapping| &*mapping.target_type == "user" && *mapping.platform == *self.platform);
        Ok(found)
    }

    pub(super) async fn create_mapping(&self, user: &str, value: &str) -> Result<Arc<str>, Trouble> {
        let body = self.mapping_body(user, value);
        let call =
            Call::new(Method::POST, Effect::RepeatableWrite, &["external-ids"], "/api/v2/external-ids").json(&body);
        let answer = self.written(&call).await?;
        parsed::<RawMade>(&call, &answer).map(|made| made.id)
    }

    pub(super) async fn replace_mapping(&self, mapping: &str, user: &str, value: &str) -> Result<(), Trouble> {
        let path = ["external-ids", mapping];
        let call = Call::new(Method::PUT, Effect::RepeatableWrite, &path, "/api/v2/external-ids/{mappingId}");
        self.written(&call.json(&self.mapping_body(user, value))).await.map(drop)
    }

    pub(super) async fn delete_mapping(&self, mapping: &str) -> Result<(), Trouble> {
        let path = ["external-ids", mapping];
        let call = Call::new(Method::DELETE, Effect::RepeatableWrite, &path, "/api/v2/external-ids/{mappingId}");
        self.written(&call).await.map(drop)
    }

    fn mapping_body(&self, user: &str, value: &str) -> Json {
        json!({ "platform": self.platform, "targetType": "user", "targetId": user, "value": value })
    }

    // Groups (§6).

    pub(super) async fn groups(&self) -> Result<Vec<RawGroup>, Trouble> {
        self.pages(&["groups"], "/api/v2/groups", &[]).await
    }

    pub(super) async fn create_group(&self, name: &str, parent: &str) -> Result<Arc<str>, Trouble> {
        let body = json!({ "name": name, "public": false, "parentId": parent });
        let call = Call::new(Method::POST, Effect::Write, &["groups"], "/api/v2/groups").json(&body);
        let answer = self.written(&call).await?;
        parsed::<RawMade>(&call, &answer).map(|made| made.id)
    }

    pub(super) async fn add_learner(&self, group: &str, user: &str) -> Result<(), Trouble> {
        self.learner(Method::POST, group, user).await
    }

    pub(super) async fn remove_learner(&self, group: &str, user: &str) -> Result<(), Trouble> {
        self.learner(Method::DELETE, group, user).await
    }

    async fn learner(&self, method: Method, group: &str, user: &str) -> Result<(), Trouble> {
        let path = ["groups", group, "learner", user];
        let shown = "/api/v2/groups/{groupId}/{role}/{userId}";
        self.written(&Call::new(method, Effect::RepeatableWrite, &path, shown)).await.map(drop)
    }

    // Bulk operations (§7).

    /// A place among the bulk operations that may run at the same time, held until it is dropped.
    pub(super) async fn operation_place(&self) -> Option<tokio::sync::SemaphorePermit<'_>> {
        self.operations.acquire().await.ok()
    }

    /// Begins a bulk operation: adds (`POST`) or removes (`DELETE`) memberships. Gives its id; nothing where the platform
    /// or the credentials have no bulk operations.
    pub(super) async fn change_memberships(&self, method: Method, rows: &Json) -> Result<Option<String>, Trouble> {
        let expected = [StatusCode::FORBIDDEN, StatusCode::SERVICE_UNAVAILABLE];
        let path = ["bulk", "groups", "memberships"];
        let call = Call::new(method, Effect::RepeatableWrite, &path, "/api/v2/bulk/groups/memberships");
        let call = call.json(&json!({ "input": rows })).expecting(&expected);
        let answer = self.http.exchange(&call, &self.writes, Self::MOST).await?;
        let answer = match success(&call, answer) {
            Err(trouble) if matches!(trouble.code(), Some("bulkAPIDisabled" | "invalid_scope")) => {
                tracing::warn!(error.r#type = trouble.code(), "no bulk operations, memberships are changed one by one");
                return Ok(None);
            }
            answer => answer?,
        };
        let location = answer.header("location").and_then(|place| place.split(['?', '#']).next());
        let id = location.and_then(|place| place.trim_end_matches('/').rsplit('/').next());
        match id.filter(|id| super::id::is_id(id)) {
            Some(id) => Ok(Some(id.to_owned())),
            None => Err(Trouble::Odd { call: call.name(), what: "does not say which operation it began" }),
        }
    }

    pub(super) async fn operation(&self, operation: &str) -> Result<RawOperation, Trouble> {
        self.get(&["bulk", "operations", operation], "/api/v2/bulk/operations/{bulkOperationId}").await
    }

    pub(super) async fn operation_results(&self, operation: &str) -> Result<Vec<RawResult>, Trouble> {
        let shown = "/api/v2/bulk/operations/{bulkOperationId}/results";
        self.pages(&["bulk", "operations", operation, "results"], shown, &[]).await
    }

    /// The status and code of a call that is made to see whether it is allowed.
    pub(super) async fn probe(&self, call: Call<'_>) -> Result<(StatusCode, Option<String>), Trouble> {
        let call = call.expecting(&[StatusCode::FORBIDDEN]);
        let pace = if call.effect() == Effect::Read { &self.reads } else { &self.writes };
        let answer = self.http.exchange(&call, pace, Self::MOST).await?;
        let code = Trouble::of(call.name(), &answer).code().map(str::to_owned);
        Ok((answer.status, code))
    }

    async fn get<T: DeserializeOwned>(&self, path: &[&str], shown: &str) -> Result<T, Trouble> {
        let call = Call::get(path, shown);
        let answer = success(&call, self.http.exchange(&call, &self.reads, Self::MOST).await?)?;
        parsed(&call, &answer)
    }

    /// Every page of a listing (§2).
    async fn pages<T: DeserializeOwned>(
        &self,
        path: &[&str],
        shown: &str,
        query: Query<'_>,
    ) -> Result<Vec<T>, Trouble> {
        let mut next = None;
        let mut all = Vec::new();
        for _ in 0..Self::MOST_PAGES {
            let call = match &next {
                None => Call::get(path, shown).query(query),
                Some(next) => Call::next(next, shown),
            };
            let answer = success(&call, self.http.exchange(&call, &self.reads, Self::MOST).await?)?;
            all.extend(parsed::<Vec<T>>(&call, &answer)?);
            let elsewhere = |_| Trouble::Odd { call: call.name(), what: "leads to another server for its next page" };
            let following = answer.next().map_err(elsewhere)?;
            if following.is_none() {
                return Ok(all);
            }
            next = following;
        }
        Err(Trouble::Odd { call: format!("GET {shown}"), what: "has no last page" })
    }

    async fn written(&self, call: &Call<'_>) -> Result<Answer, Trouble> {
        success(call, self.http.exchange(call, &self.writes, Self::MOST).await?)
    }
}

fn success(call: &Call<'_>, answer: Answer) -> Result<Answer, Trouble> {
    if answer.status.is_success() { Ok(answer) } else { Err(Trouble::of(call.name(), &answer)) }
}

fn parsed<T: DeserializeOwned>(call: &Call<'_>, answer: &Answer) -> Result<T, Trouble> {
    answer.json().ok_or_else(|| Trouble::Odd { call: call.name(), what: "is not what its reference describes" })
}
