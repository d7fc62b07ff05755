//! Bulk memberships: taken at once, done later, read row by row (apis/360learning.md §7).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::IntoResponse as _;
use serde::Deserialize;
use serde_json::Value as Json;

use super::filter::Filters;
use super::paging::Asked;
use super::reply::{Reply, body, good, id};
use crate::sandbox::three_sixty::company::bulk::{BulkKind, MOST_ROWS, Operation, Row};
use crate::sandbox::three_sixty::company::denial::{Denial, invalid, missing};
use crate::sandbox::three_sixty::simulation::Simulation;

type Shared = State<Arc<Simulation>>;

const OPERATIONS_A_PAGE: usize = 20;

const UNKNOWN: Denial = missing("bulkOperationNotFound");

pub(super) async fn add(State(simulation): Shared, headers: HeaderMap, told: Bytes) -> Reply {
    begin(&simulation, BulkKind::AddUsersToGroups, &headers, &told)
}

pub(super) async fn remove(State(simulation): Shared, headers: HeaderMap, told: Bytes) -> Reply {
    begin(&simulation, BulkKind::RemoveUsersFromGroups, &headers, &told)
}

#[derive(Deserialize)]
struct Input {
    input: Vec<Json>,
}

fn begin(simulation: &Simulation, kind: BulkKind, headers: &HeaderMap, told: &[u8]) -> Reply {
    let switches = simulation.switches();
    if !switches.bulk {
        return Err(Denial { status: 503, code: "bulkAPIDisabled" });
    }
    let told: Input = body(told).map_err(|_| invalid("invalidInput"))?;
    if told.input.len() > MOST_ROWS {
        return Err(invalid("inputTooLong"));
    }
    let rows: Result<Vec<Row>, _> = told.input.into_iter().map(serde_json::from_value).collect();
    let rows = rows.map_err(|_| invalid("invalidInput"))?;
    let mut company = simulation.company();
    if company.under_way() >= switches.bulk_at_once as usize {
        return Err(Denial { status: 429, code: "bulkOperationsConcurrencyLimitReached" });
    }
    let operation = company.begin(kind, rows, &switches);
    simulation.bulk_began();
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("127.0.0.1");
    let location = format!("http://{host}/api/v2/bulk/operations/{operation}");
    Ok((StatusCode::ACCEPTED, [(header::LOCATION, location)]).into_response())
}

pub(super) async fn list(State(simulation): Shared, uri: Uri, headers: HeaderMap) -> Reply {
    let asked = Asked::of(&uri, &headers)?;
    let fields = ["status", "type", "createdAt"];
    let filters = Filters::of(asked.query(), &fields, simulation.switches().in_values);
    let company = simulation.company();
    let shown = company.operations().iter().map(|operation| (operation.id.to_string(), operation.shown()));
    let passes = |(_, shown): &(String, Json)| fields.iter().all(|field| filters.pass(field, shown[*field].as_str()));
    asked.page(OPERATIONS_A_PAGE, shown.filter(passes))
}

pub(super) async fn one(State(simulation): Shared, Path(operation): Path<String>) -> Reply {
    let operation = id(&operation, UNKNOWN)?;
    let company = simulation.company();
    let found = company.operations().iter().find(|one| one.id == operation).ok_or(UNKNOWN)?;
    good(&found.shown())
}

pub(super) async fn results(State(simulation): Shared, Path(operation): Path<String>) -> Reply {
    let operation = id(&operation, UNKNOWN)?;
    let company = simulation.company();
    let found: &Operation = company.operations().iter().find(|one| one.id == operation).ok_or(UNKNOWN)?;
    good(&found.results().ok_or(invalid("bulkOperationNotRun"))?)
}
