//! Looking at people, whatever the service user may see.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use crate::sandbox::answer::{answer, refused};
use crate::sandbox::hibob::simulation::Simulation;
use crate::sandbox::hibob::tenant::Tenant;
use crate::sandbox::hibob::tenant::catalogue::field;
use crate::sandbox::refusal::Refusal;

/// The columns of the list.
const COLUMNS: [&str; 6] =
    [field::ID, field::EMAIL, field::DISPLAY_NAME, field::LIFECYCLE, field::START_DATE, field::TERMINATION];

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Which {
    limit: usize,
    offset: usize,
    status: Option<String>,
}

impl Default for Which {
    fn default() -> Self {
        Self { limit: 100, offset: 0, status: None }
    }
}

/// Some people, in short.
pub(super) async fn list(
    State(simulation): State<Arc<Simulation>>,
    which: Result<Query<Which>, QueryRejection>,
) -> Response {
    let Ok(Query(which)) = which else {
        return refused(&Refusal::new(
            "the query is wrong",
            "there are `limit`, `offset` and `status`: `?status=hired&limit=10`",
        ));
    };
    let (people, catalogue) = (simulation.people(), simulation.catalogue());
    let status = catalogue.number(field::LIFECYCLE);
    let fits = which.status.as_ref().zip(status);
    let chosen: Vec<_> =
        people.iter().filter(|person| fits.is_none_or(|(wanted, status)| person.is(status, wanted))).collect();
    let row = |person: &&Arc<_>| -> Map<String, Json> {
        let person: &crate::sandbox::hibob::tenant::person::Person = person;
        let cell = |id: &&str| Some(((*id).to_owned(), person.value(catalogue.number(id)?)));
        COLUMNS.iter().filter_map(cell).collect()
    };
    let rows: Vec<_> = chosen.iter().skip(which.offset).take(which.limit.min(1000)).map(row).collect();
    answer(StatusCode::OK, &json!({ "total": chosen.len(), "people": rows }))
}

/// One person, by id or address.
pub(super) async fn one(State(simulation): State<Arc<Simulation>>, Path(person): Path<String>) -> Response {
    let (people, catalogue) = (simulation.people(), simulation.catalogue());
    let Some(place) = Tenant::find(&people, &catalogue, &person) else {
        let refusal = Refusal::new("nobody has this id or address", "`GET /sandbox/people` lists who is there");
        return answer(StatusCode::NOT_FOUND, &refusal);
    };
    let fields = catalogue.fields().iter().enumerate();
    let fields = fields.map(|(number, field)| (field.id.clone(), people[place].value(number)));
    answer(StatusCode::OK, &Json::Object(fields.collect()))
}
