//! What `check --live` says of a platform: whether the credentials may do what a sync does, and what the first one costs.

use std::time::Duration;

use serde_json::json;

use super::ThreeSixtyTarget;
use super::api::Api;
use super::fields::{MANAGERS, is_standard, status};
use super::read::everybody;
use super::trouble::Trouble;
use crate::connector::http::call::{Call, Effect};
use crate::connector::http::{Method, StatusCode};
use crate::connector::{ConnectorError, Doubt, Examination};
use crate::model::{UserLayout, UserStatus};

/// An id that nothing has: what is asked of it is answered with 404, and changes nothing.
const NOBODY: &str = "000000000000000000000000";

/// Where scopes are given.
const SCOPES: &str = "in 360Learning, Platform settings > API, open the credentials and tick the scope; if it is not offered \
                      there, ask 360Learning to allow it for the company";

/// Asks for everything that a sync asks for, and for everything that it writes of nobody.
pub(super) async fn examine(target: &ThreeSixtyTarget, layout: &UserLayout) -> Result<Examination, ConnectorError> {
    let api = &target.api;
    let mut found = Examination::default();
    let missing = missing_scopes(api, &mut found).await?;
    for (scope, effect) in &missing {
        found.doubts.push(Doubt {
            grave: *effect == Need::Sync,
            field: None,
            message: format!("the API credentials lack the scope `{scope}`"),
            help: SCOPES.to_owned(),
        });
    }
    let has = |scope: &str| !missing.iter().any(|(missing, _)| *missing == scope);
    if has("groups:read") {
        default_group(target, &mut found).await?;
    }
    if has("customFields:read") {
        let custom = target.custom().await?;
        found.facts.push(format!("{} custom fields", custom.len()));
    }
    if has("users:read") && has("externalIds:read") {
        sizes(target, layout, &mut found).await?;
    }
    Ok(found)
}

/// What lacks without a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Need {
    /// The sync itself.
    Sync,
    /// Only its speed: groups are then changed one by one.
    Speed,
}

/// One call for each scope that a sync needs (apis/360learning.md §1). Those that write are about nobody.
async fn missing_scopes(api: &Api, found: &mut Examination) -> Result<Vec<(&'static str, Need)>, ConnectorError> {
    let write = |method, path, shown| Call::new(method, Effect::RepeatableWrite, path, shown);
    let mapping = json!({ "platform": api.platform(), "targetType": "user", "targetId": NOBODY, "value": "rollbook" });
    let no_row = json!({ "input": [{}] });
    let probes = [
        ("users:read", Need::Sync, Call::get(&["users", NOBODY], "/api/v2/users/{userId}")),
        (
            "users:write",
            Need::Sync,
            write(Method::PUT, &["users", NOBODY, "activate"], "/api/v2/users/{userId}/activate"),
        ),
        ("groups:read", Need::Sync, Call::get(&["groups", NOBODY], "/api/v2/groups/{groupId}")),
        (
            "groups:write",
            Need::Sync,
            write(Method::POST, &["groups", NOBODY, "learner", NOBODY], "/api/v2/groups/{groupId}/{role}/{userId}"),
        ),
        (
            "customFields:read",
            Need::Sync,
            Call::get(
                &["custom-fields", NOBODY, "authorized-values"],
                "/api/v2/custom-fields/{customFieldId}/authorized-values",
            ),
        ),
        (
            "externalIds:read",
            Need::Sync,
            Call::get(&["external-ids"], "/api/v2/external-ids").query(&[("targetId[eq]", NOBODY)]),
        ),
        (
            "externalIds:write",
            Need::Sync,
            write(Method::POST, &["external-ids"], "/api/v2/external-ids").json(&mapping),
        ),
        (
            "groups:bulk",
            Need::Speed,
            write(Method::POST, &["bulk", "groups", "memberships"], "/api/v2/bulk/groups/memberships").json(&no_row),
        ),
        ("bulkOperations:read", Need::Speed, Call::get(&["bulk", "operations"], "/api/v2/bulk/operations")),
    ];
    let mut missing = Vec::new();
    for (scope, need, call) in probes {
        let (status, code) = api.probe(call).await?;
        match code.as_deref() {
            _ if status == StatusCode::FORBIDDEN => missing.push((scope, need)),
            Some("reservedPlatformName") => found.doubts.push(reserved(api.platform())),
            _ => {}
        }
        if scope == "externalIds:write" && status.is_success() {
            take_back(api).await?;
        }
    }
    Ok(missing)
}

/// An external id of nobody is refused (apis/360learning.md §5). Where it is not, it does not stay.
async fn take_back(api: &Api) -> Result<(), Trouble> {
    for mapping in api.mappings(Some(NOBODY)).await? {
        api.delete_mapping(&mapping.id).await?;
    }
    Ok(())
}

fn reserved(platform: &str) -> Doubt {
    Doubt {
        grave: true,
        field: None,
        message: format!("360Learning keeps the platform name `{platform}` for itself: no external id can be written"),
        help: "set `platform` in the recipe to another name, such as `hibob-rollbook`".to_owned(),
    }
}

async fn default_group(target: &ThreeSixtyTarget, found: &mut Examination) -> Result<(), Trouble> {
    let tree = target.tree().await?;
    found.facts.push(format!("{} groups", tree.groups().len()));
    let doubt = |message: String, help: &str| Doubt { grave: true, field: None, message, help: help.to_owned() };
    match tree.get(&target.default_group) {
        Some(group) => found.facts.push(format!("new users who are to join no group join `{}`", group.name)),
        None => found.doubts.push(doubt(
            format!("there is no group `{}`, the `default_group` of the recipe", target.default_group),
            "name the id of a group that exists: `rollbook fields` lists them",
        )),
    }
    Ok(())
}

/// How many there are, and what a first sync costs: limits are known, so that its time is.
async fn sizes(target: &ThreeSixtyTarget, layout: &UserLayout, found: &mut Examination) -> Result<(), Trouble> {
    let users = everybody(&target.api).await?;
    let mappings = target.api.mappings(None).await?.len();
    let count = |wanted: UserStatus| users.values().filter(|user| status(user) == wanted).count();
    let (active, invited) = (count(UserStatus::Active), count(UserStatus::Invited));
    found.facts.push(format!(
        "{} users: {active} active, {invited} invited, {} deactivated; {mappings} have an external id of `{}`",
        users.len(),
        users.len() - active - invited,
        target.api.platform()
    ));
    // Custom values and managers, where the recipe has such fields, and groups.
    let asks = |is_asked: fn(&str) -> bool| usize::from(layout.fields.iter().any(|name| is_asked(name.as_str())));
    let reads = users.len()
        * (usize::from(layout.memberships) + asks(|name| !is_standard(name)) + asks(|name| name == MANAGERS));
    let missing = users.len().saturating_sub(mappings);
    found.facts.push(format!(
        "the first sync reads {reads} details of the users there are, in about {}, and writes up to {missing} missing \
         external ids, in about {}; somebody new takes up to {} writes and one for a manager",
        in_words(target.rates.time_of_reads(reads)),
        in_words(target.rates.time_of_writes(missing)),
        super::WRITES_OF_A_CREATION,
    ));
    Ok(())
}

fn in_words(time: Duration) -> String {
    match time.as_secs_f64().ceil() {
        seconds @ ..120.0 => format!("{seconds} s"),
        seconds @ 120.0..7_200.0 => format!("{} minutes", (seconds / 60.0).ceil()),
        seconds => format!("{} hours", (seconds / 3_600.0).ceil()),
    }
}
