//! The lifecycle as dated rows: of one person, and of many by pages (apis/hibob.md §4.2).

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::audience::Audience;
use super::deliver;
use super::refusal::{bad_request, not_found, refuse};
use crate::sandbox::hibob::simulation::Simulation;
use crate::sandbox::hibob::switches::Switches;
use crate::sandbox::hibob::tenant::Tenant;
use crate::sandbox::hibob::tenant::catalogue::field;
use crate::sandbox::hibob::tenant::lifecycle::{LifecycleFields, Row, on};
use crate::sandbox::hibob::tenant::person::Person;

/// The category that the endpoints need.
const CATEGORY: &str = "lifecycle";

/// The parameters of the bulk endpoint. `includeArchived` changes nothing here: nobody is archived.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Page {
    limit: Option<usize>,
    cursor: Option<String>,
    employee_ids: Option<String>,
}

/// One person's rows.
pub(super) async fn one(State(simulation): State<Arc<Simulation>>, Path(identifier): Path<String>) -> Response {
    let switches = simulation.switches();
    let (people, catalogue) = simulation.answered();
    if switches.withhold_categories.contains(CATEGORY) {
        return forbidden(&switches);
    }
    let audience = Audience::new(&catalogue, &switches);
    let found = Tenant::find(&people, &catalogue, &identifier).filter(|place| audience.has(&people[*place]));
    let Some(place) = found else { return not_found(&switches) };
    let values = Rows { fields: LifecycleFields::of(&catalogue), day: simulation.day(), switches: &switches };
    deliver::json(&simulation, json!({ "values": values.of(&people[place]) }).to_string())
}

/// Everybody's rows, or those of chosen people; a page at a time.
pub(super) async fn bulk(
    State(simulation): State<Arc<Simulation>>,
    page: Result<Query<Page>, QueryRejection>,
) -> Response {
    let switches = simulation.switches();
    let Ok(Query(page)) = page else { return bad_request(&switches, "the query is wrong") };
    if switches.withhold_categories.contains(CATEGORY) {
        return forbidden(&switches);
    }
    let limit = page.limit.unwrap_or(50);
    let ids: Option<Vec<&str>> = page.employee_ids.as_deref().map(|ids| ids.split(',').collect());
    let start = match page.cursor.as_deref().map(decode) {
        None => 0,
        Some(Some(start)) => start,
        Some(None) => return bad_request(&switches, "cursor is not valid"),
    };
    if !(1..=200).contains(&limit) || ids.as_ref().is_some_and(|ids| ids.len() > 200) {
        return bad_request(&switches, "limit must be 1 to 200, and employeeIds at most 200");
    }
    let (people, catalogue) = simulation.answered();
    let audience = Audience::new(&catalogue, &switches);
    let id_of = |person: &Person| catalogue.number(field::ID).and_then(|id| person.text(id)).unwrap_or_default();
    let seen = people.iter().filter(|person| audience.has(person));
    let chosen: Vec<&Arc<Person>> = match &ids {
        None => seen.collect(),
        Some(ids) => seen.filter(|person| ids.contains(&id_of(person).as_str())).collect(),
    };
    let rows = Rows { fields: LifecycleFields::of(&catalogue), day: simulation.day(), switches: &switches };
    let page = chosen.iter().skip(start).take(limit);
    let results: Vec<Json> =
        page.map(|person| json!({ "employeeId": id_of(person), "values": rows.of(person) })).collect();
    let next = (start + limit < chosen.len()).then(|| URL_SAFE.encode((start + limit).to_string()));
    let found: Vec<String> = chosen.iter().filter(|_| ids.is_some()).map(|person| id_of(person)).collect();
    let missing = ids.iter().flatten().filter(|id| !found.iter().any(|found| found == *id));
    let errors: Vec<Json> = missing.map(|id| error(id, &switches)).collect();
    let answer = json!({ "results": results, "response_metadata": { "next_cursor": next }, "errors": errors });
    deliver::json(&simulation, answer.to_string())
}

/// Rows in the form of an answer.
struct Rows<'s> {
    fields: LifecycleFields,
    day: Date,
    switches: &'s Switches,
}

impl Rows<'_> {
    fn of(&self, person: &Person) -> Vec<Json> {
        let rows = self.fields.rows(person, self.switches.garden_leave_active);
        let current = on(&rows, self.day);
        let all = rows.iter().enumerate();
        all.filter(|(at, _)| self.switches.lifecycle_history || current == Some(*at))
            .map(|(at, row)| entry(at, row, rows.get(at + 1), current == Some(at)))
            .collect()
    }
}

fn entry(at: usize, row: &Row, next: Option<&Row>, current: bool) -> Json {
    let status = if row.active { "Active" } else { "Inactive" };
    let end = next.and_then(|next| next.begins().yesterday().ok());
    json!({
        "id": at + 1,
        "effectiveDate": row.effective.to_string(),
        "activeEffectiveDate": row.begins().to_string(),
        "endEffectiveDate": end.map(|end| end.to_string()),
        "isCurrent": current,
        "status": row.status,
        "employeeStatus": status,
        "reasonType": null,
        "leaveReason": null,
        "creationDate": null,
        "modificationDate": row.effective.to_string(),
        "change": { "reason": null, "changedBy": null, "changedById": "3000000000000000009" },
        "customColumns": {},
    })
}

/// Somebody who was asked for and is not to be seen; the form is uncertain (§10.16).
fn error(id: &str, switches: &Switches) -> Json {
    let error = "employee not found";
    if switches.bulk_errors_by_id { json!({ id: error }) } else { json!({ "employeeId": id, "error": error }) }
}

fn forbidden(switches: &Switches) -> Response {
    refuse(switches, StatusCode::FORBIDDEN, "forbidden", "no access to this resource")
}

fn decode(cursor: &str) -> Option<usize> {
    String::from_utf8(URL_SAFE.decode(cursor).ok()?).ok()?.parse().ok()
}
