//! Custom fields, their closed lists and the values of users (apis/360learning.md §4).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use serde::Deserialize;

use super::filter::Filters;
use super::paging::Asked;
use super::reply::{Reply, body, done, good, id, json};
use crate::sandbox::three_sixty::company::custom_field::{CustomField, FieldType, FieldValue, TargetType};
use crate::sandbox::three_sixty::company::denial::{Denial, missing};
use crate::sandbox::three_sixty::simulation::Simulation;

type Shared = State<Arc<Simulation>>;

const FIELDS_A_PAGE: usize = 1000;

const UNKNOWN: Denial = missing("customFieldNotFound");

fn words(field: &CustomField) -> (&'static str, &'static str) {
    let target = match field.target_type {
        TargetType::Users => "users",
        TargetType::Contents => "contents",
    };
    let kind = match field.kind {
        FieldType::String => "string",
        FieldType::Date => "date",
    };
    (target, kind)
}

pub(super) async fn list(State(simulation): Shared, uri: Uri, headers: HeaderMap) -> Reply {
    let asked = Asked::of(&uri, &headers)?;
    let filters = Filters::of(asked.query(), &["name", "targetType", "type"], simulation.switches().in_values);
    let passes = |field: &&CustomField| {
        let (target, kind) = words(field);
        filters.pass("name", Some(&field.name))
            && filters.pass("targetType", Some(target))
            && filters.pass("type", Some(kind))
    };
    let company = simulation.company();
    let fields = company.custom_fields().values().filter(passes);
    asked.page(FIELDS_A_PAGE, fields.map(|field| (field.id.to_string(), field)))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewField {
    name: String,
    target_type: TargetType,
    #[serde(rename = "type")]
    kind: FieldType,
}

pub(super) async fn create(State(simulation): Shared, told: Bytes) -> Reply {
    let new: NewField = body(&told)?;
    let most = simulation.switches().most_custom_fields;
    let mut company = simulation.company();
    Ok(json(StatusCode::CREATED, company.add_custom_field(&new.name, new.target_type, new.kind, most)?))
}

#[derive(Deserialize)]
struct NewName {
    name: String,
}

pub(super) async fn rename(State(simulation): Shared, Path(field): Path<String>, told: Bytes) -> Reply {
    let new: NewName = body(&told)?;
    good(simulation.company().rename_custom_field(id(&field, UNKNOWN)?, &new.name)?)
}

pub(super) async fn delete(State(simulation): Shared, Path(field): Path<String>) -> Reply {
    done(simulation.company().delete_custom_field(id(&field, UNKNOWN)?))
}

pub(super) async fn authorized(State(simulation): Shared, Path(field): Path<String>) -> Reply {
    good(&simulation.company().custom_field(id(&field, UNKNOWN)?)?.authorized)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewList {
    authorized_values: Vec<String>,
}

pub(super) async fn authorize(State(simulation): Shared, Path(field): Path<String>, told: Bytes) -> Reply {
    let new: NewList = body(&told)?;
    good(&simulation.company().authorize(id(&field, UNKNOWN)?, new.authorized_values)?)
}

pub(super) async fn values(State(simulation): Shared, Path(user): Path<String>) -> Reply {
    good(&simulation.company().values_of(id(&user, missing("userNotFound"))?)?)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct NewValues {
    custom_values: Vec<FieldValue>,
}

pub(super) async fn replace(State(simulation): Shared, Path(user): Path<String>, told: Bytes) -> Reply {
    let user = id(&user, missing("userNotFound"))?;
    let new: NewValues = body(&told)?;
    let mut company = simulation.company();
    company.replace_values(user, new.custom_values)?;
    good(&company.values_of(user)?)
}
