//! External ids (apis/360learning.md §5).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, Uri};

use super::filter::Filters;
use super::paging::Asked;
use super::reply::{Reply, body, done, good, id, json};
use crate::sandbox::three_sixty::company::denial::{Denial, missing};
use crate::sandbox::three_sixty::company::mapping::{Mapping, Target};
use crate::sandbox::three_sixty::simulation::Simulation;

type Shared = State<Arc<Simulation>>;

const MAPPINGS_A_PAGE: usize = 5000;

const UNKNOWN: Denial = missing("mappingIdNotFound");

/// The filter is called `type`, the field `targetType`.
pub(super) async fn list(State(simulation): Shared, uri: Uri, headers: HeaderMap) -> Reply {
    let asked = Asked::of(&uri, &headers)?;
    let names = ["platform", "type", "value", "targetId"];
    let filters = Filters::of(asked.query(), &names, simulation.switches().in_values);
    let passes = |mapping: &&Mapping| {
        filters.pass("platform", Some(&mapping.platform))
            && filters.pass("type", Some(&mapping.target_type))
            && filters.pass("value", Some(&mapping.value))
            && (!filters.has("targetId") || filters.pass("targetId", Some(&mapping.target_id.to_string())))
    };
    let company = simulation.company();
    let mappings = company.mappings().values().filter(passes);
    asked.page(MAPPINGS_A_PAGE, mappings.map(|mapping| (mapping.id.to_string(), mapping)))
}

pub(super) async fn create(State(simulation): Shared, told: Bytes) -> Reply {
    let to: Target = body(&told)?;
    let switches = simulation.switches();
    Ok(json(StatusCode::CREATED, simulation.company().map(to, &switches)?))
}

pub(super) async fn change(State(simulation): Shared, Path(mapping): Path<String>, told: Bytes) -> Reply {
    let to: Target = body(&told)?;
    let switches = simulation.switches();
    good(simulation.company().remap(id(&mapping, UNKNOWN)?, to, &switches)?)
}

pub(super) async fn delete(State(simulation): Shared, Path(mapping): Path<String>) -> Reply {
    let switches = simulation.switches();
    done(simulation.company().unmap(id(&mapping, UNKNOWN)?, &switches))
}
