//! The Content API, as far as it is read for provisioning (apis/leapsome.md §6).

use std::sync::Arc;

use axum::extract::{Query as Asked, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use serde_json::{Value as Json, json};

use super::body::{good, shown};
use super::paging::Query;
use super::refusal::refuse;
use crate::sandbox::leapsome::company::Company;
use crate::sandbox::leapsome::company::team::Kind;
use crate::sandbox::leapsome::company::user::{Status, User};
use crate::sandbox::leapsome::simulation::Simulation;

type Shared = State<Arc<Simulation>>;

/// The most employees on a page, and how many there are if none is asked for.
const MOST: usize = 1000;
const USUAL: usize = 100;

/// `GET /token`: the secret travels in the query.
pub(super) async fn token(State(simulation): Shared, Asked(query): Asked<Query>) -> Response {
    let switches = simulation.switches();
    if query.get("secret") != Some(&simulation.keys().api_secret) {
        return refuse(&switches, StatusCode::UNAUTHORIZED, "Authorization failed");
    }
    let token = simulation.give_token(switches.token_seconds);
    good(&json!({ "token": token, "expiresIn": switches.token_seconds }))
}

/// `GET /employees`: everybody with their status, deleted people too, and with their pay.
pub(super) async fn employees(State(simulation): Shared, Asked(query): Asked<Query>) -> Response {
    let company = simulation.company();
    let asked = |key: &str| query.get(key).map(String::as_str);
    let status = |user: &User| json!(user.status).as_str().map(str::to_owned);
    let fits = |user: &&User| {
        asked("email").is_none_or(|email| email.eq_ignore_ascii_case(&user.user_name))
            && asked("employeeId").is_none_or(|id| id == user.id)
            && asked("status").is_none_or(|wanted| status(user).as_deref() == Some(wanted))
            && asked("displayedName").is_none_or(|part| {
                user.display_name.as_ref().is_some_and(|name| name.to_lowercase().contains(&part.to_lowercase()))
            })
    };
    let number = |key: &str, usual: usize| asked(key).map_or(Ok(usual), str::parse::<usize>);
    let (Ok(page @ 1..), Ok(size @ 1..=MOST)) = (number("page", 1), number("pageSize", USUAL)) else {
        return refuse(&simulation.switches(), StatusCode::BAD_REQUEST, "page and pageSize are numbers from 1 on");
    };
    let all: Vec<&User> = company.users().values().chain(company.removed()).filter(fits).collect();
    let data: Vec<Json> =
        all.iter().skip((page - 1).saturating_mul(size)).take(size).map(|user| show(&company, user)).collect();
    good(&json!({ "data": data, "meta": { "page": page, "pageSize": size, "totalCount": all.len() } }))
}

fn show(company: &Company, user: &User) -> Json {
    let person = |id: &String| {
        let name = company.users().get(id).and_then(|user| user.display_name.clone());
        shown([("id", json!(id)), ("name", json!(name))])
    };
    let date = |date: Option<Date>| date.map(|date| format!("{date}T00:00:00.000Z"));
    let teams = |kind: Kind| -> Json {
        let found = user.teams().into_iter().filter_map(|id| company.teams().get(id)).filter(|team| team.kind == kind);
        found.map(|team| json!({ "id": team.id, "name": team.name })).collect()
    };
    let lifecycle = match user.status {
        Status::Deactivated => "deactivated",
        Status::Removed => "terminated",
        Status::PreBoardingActive | Status::PreBoardingInvited => "preBoarding",
        Status::Created | Status::Invited | Status::Active => "active",
    };
    let attributes =
        company.attributes().filter_map(|one| Some((one.name.clone(), json!(user.attributes.get(&one.id)?))));
    shown([
        ("id", json!(user.id)),
        ("email", json!(user.user_name)),
        ("firstname", json!(user.given_name)),
        ("lastname", json!(user.family_name)),
        ("fullname", json!(user.formatted())),
        ("displayedName", json!(user.display_name)),
        ("status", json!(user.status)),
        ("lifecycleStatus", json!(lifecycle)),
        ("manager", user.manager.as_ref().map_or(Json::Null, person)),
        ("additionalManagers", user.additional_managers.iter().map(person).collect()),
        ("indirectManagers", json!([])),
        ("startDate", json!(date(user.start_date))),
        ("endDate", json!(date(user.end_date))),
        ("teams", teams(Kind::Generic)),
        ("departments", teams(Kind::Department)),
        ("divisions", teams(Kind::Division)),
        ("costCenters", teams(Kind::CostCenter)),
        ("level", json!(user.level)),
        ("title", json!(user.title)),
        ("compensation", json!({ "salary": user.salary, "currency": "EUR", "frequency": "year" })),
        ("customAttributes", Json::Object(attributes.collect())),
    ])
}
