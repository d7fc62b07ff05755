//! Users, their managers and their roles (apis/360learning.md §3).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use serde::Deserialize;
use serde_json::json;

use super::filter::Filters;
use super::paging::Asked;
use super::reply::{Reply, body, done, good, id, json};
use crate::sandbox::three_sixty::company::denial::{BAD_REQUEST, Denial, missing};
use crate::sandbox::three_sixty::company::draft::Draft;
use crate::sandbox::three_sixty::company::group::Role;
use crate::sandbox::three_sixty::company::id::Id;
use crate::sandbox::three_sixty::company::life::{Created, Membership};
use crate::sandbox::three_sixty::company::user::{Status, User};
use crate::sandbox::three_sixty::simulation::Simulation;

type Shared = State<Arc<Simulation>>;

const USERS_A_PAGE: usize = 500;
const RELATIONS_A_PAGE: usize = 1000;

const UNKNOWN: Denial = missing("userNotFound");

fn word(status: Status) -> &'static str {
    match status {
        Status::Active => "active",
        Status::Invited => "invited",
        Status::Deleted => "deleted",
    }
}

pub(super) async fn list(State(simulation): Shared, uri: Uri, headers: HeaderMap) -> Reply {
    let asked = Asked::of(&uri, &headers)?;
    let switches = simulation.switches();
    let filters = Filters::of(asked.query(), &["mail", "username", "status"], switches.in_values);
    let filters = filters.only("status", &["active", "invited", "deleted"])?;
    let with_deleted = switches.list_deleted || filters.has("status");
    let passes = |user: &&User| {
        let mail = user.profile.mail.as_deref();
        let by_mail = if switches.mail_filter_ignores_case {
            filters.pass_in_any_case("mail", mail)
        } else {
            filters.pass("mail", mail)
        };
        by_mail
            && (with_deleted || !user.is_deleted())
            && filters.pass("username", user.profile.username.as_deref())
            && filters.pass("status", Some(word(user.status)))
    };
    let company = simulation.company();
    asked.page(USERS_A_PAGE, company.users().values().filter(passes).map(|user| (user.id.to_string(), user)))
}

pub(super) async fn one(State(simulation): Shared, Path(user): Path<String>) -> Reply {
    good(simulation.company().user(id(&user, UNKNOWN)?)?)
}

#[derive(Deserialize)]
struct NewUser {
    membership: NewMembership,
    #[serde(flatten)]
    fields: Draft,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewMembership {
    group_id: Id,
    role: Role,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Inviting {
    #[serde(default = "Inviting::usual")]
    send_invitation_email: bool,
}

impl Inviting {
    fn usual() -> bool {
        true
    }
}

pub(super) async fn create(State(simulation): Shared, uri: Uri, told: Bytes) -> Reply {
    let Query(inviting) = Query::<Inviting>::try_from_uri(&uri).map_err(|_| BAD_REQUEST)?;
    let new: NewUser = body(&told)?;
    let first = Membership { group: new.membership.group_id, role: new.membership.role };
    let switches = simulation.switches();
    let mut company = simulation.company();
    let created = company.create(new.fields, first, inviting.send_invitation_email, &switches)?;
    let (status, user) = match created {
        Created::New(user) => (StatusCode::CREATED, user),
        Created::Restored(user) => (StatusCode::OK, user),
    };
    Ok(json(status, company.user(user)?))
}

pub(super) async fn change(State(simulation): Shared, Path(user): Path<String>, told: Bytes) -> Reply {
    let user = id(&user, UNKNOWN)?;
    let draft: Draft = body(&told)?;
    let switches = simulation.switches();
    let mut company = simulation.company();
    company.change(user, draft, &switches)?;
    good(company.user(user)?)
}

pub(super) async fn activate(State(simulation): Shared, Path(user): Path<String>) -> Reply {
    let user = id(&user, UNKNOWN)?;
    let switches = simulation.switches();
    let mut company = simulation.company();
    company.activate(user, &switches)?;
    good(company.user(user)?)
}

pub(super) async fn delete(State(simulation): Shared, Path(user): Path<String>) -> Reply {
    let switches = simulation.switches();
    done(simulation.company().delete(id(&user, UNKNOWN)?, &switches))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewPassword {
    password: String,
    #[serde(rename = "passwordMustBeChanged")]
    _must_be_changed: bool,
}

pub(super) async fn set_password(State(simulation): Shared, Path(user): Path<String>, told: Bytes) -> Reply {
    let new: NewPassword = body(&told)?;
    done(simulation.company().set_password(id(&user, UNKNOWN)?, &new.password))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Forgetting {
    #[serde(default)]
    delete_external_ids: bool,
}

pub(super) async fn pseudonymize(
    State(simulation): Shared,
    Path(user): Path<String>,
    Query(forgetting): Query<Forgetting>,
) -> Reply {
    let user = id(&user, UNKNOWN)?;
    let mut company = simulation.company();
    company.pseudonymize(user, forgetting.delete_external_ids)?;
    good(company.user(user)?)
}

pub(super) async fn managers(
    State(simulation): Shared,
    Path(user): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Reply {
    let company = simulation.company();
    let managers = &company.user(id(&user, UNKNOWN)?)?.managers;
    Asked::of(&uri, &headers)?.page(RELATIONS_A_PAGE, managers.iter().map(|one| (one.to_string(), one)))
}

pub(super) async fn subordinates(
    State(simulation): Shared,
    Path(user): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Reply {
    let company = simulation.company();
    let manager = company.user(id(&user, UNKNOWN)?)?.id;
    let below = company.users().values().filter(|user| user.managers.contains(&manager));
    Asked::of(&uri, &headers)?.page(RELATIONS_A_PAGE, below.map(|one| (one.id.to_string(), one.id)))
}

pub(super) async fn manage(State(simulation): Shared, Path((user, manager)): Path<(String, String)>) -> Reply {
    let (user, manager) = (id(&user, UNKNOWN)?, id(&manager, missing("managerNotFound"))?);
    done(simulation.company().manage(user, manager))
}

pub(super) async fn unmanage(State(simulation): Shared, Path((user, manager)): Path<(String, String)>) -> Reply {
    let (user, manager) = (id(&user, UNKNOWN)?, id(&manager, missing("managerNotFound"))?);
    done(simulation.company().unmanage(user, manager))
}

pub(super) async fn roles(State(simulation): Shared, Path(user): Path<String>, uri: Uri, headers: HeaderMap) -> Reply {
    let company = simulation.company();
    let roles = company.user(id(&user, UNKNOWN)?)?.roles.iter();
    let shown =
        roles.map(|(group, role)| (format!("{group}{}", *role as u8), json!({ "groupId": group, "role": role })));
    Asked::of(&uri, &headers)?.page(RELATIONS_A_PAGE, shown)
}
