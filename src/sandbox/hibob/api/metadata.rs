//! Field metadata and named lists (apis/hibob.md §3).

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use super::deliver;
use super::refusal::not_found;
use crate::sandbox::hibob::simulation::Simulation;
use crate::sandbox::hibob::switches::ListShape;

/// `includeArchived`, false by default (§3.2).
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Which {
    #[serde(default)]
    include_archived: bool,
}

/// Every field, whatever is permitted (§3.1).
pub(super) async fn fields(State(simulation): State<Arc<Simulation>>) -> Response {
    let metadata = simulation.catalogue().metadata();
    let wrapped = simulation.switches().wrap_metadata;
    let answer = if wrapped { json!({ "fields": metadata }) } else { metadata };
    deliver::json(&simulation, answer.to_string())
}

/// Every list.
pub(super) async fn lists(State(simulation): State<Arc<Simulation>>, Query(which): Query<Which>) -> Response {
    let shape = simulation.switches().lists;
    let catalogue = simulation.catalogue();
    let lists =
        catalogue.lists().iter().map(|(name, list)| (name.clone(), render(name, list, shape, which.include_archived)));
    let answer = match shape {
        ListShape::ByName => Json::Object(lists.collect()),
        ListShape::Documented => lists.map(|(_, list)| list).collect(),
    };
    deliver::json(&simulation, answer.to_string())
}

/// One list, by its exact name.
pub(super) async fn list(
    State(simulation): State<Arc<Simulation>>,
    Path(name): Path<String>,
    Query(which): Query<Which>,
) -> Response {
    let switches = simulation.switches();
    match simulation.catalogue().lists().get(&name) {
        Some(list) => {
            deliver::json(&simulation, render(&name, list, switches.lists, which.include_archived).to_string())
        }
        None => not_found(&switches),
    }
}

fn render(name: &str, list: &Json, shape: ListShape, archived: bool) -> Json {
    let items = list.get("values").or_else(|| list.get("items")).cloned().unwrap_or_else(|| json!([]));
    let items = if archived { items } else { current(&items) };
    let key = match shape {
        ListShape::ByName => "values",
        ListShape::Documented => "items",
    };
    json!({ "name": name, key: items })
}

/// The items that are not archived, down the tree.
fn current(items: &Json) -> Json {
    let items = items.as_array().into_iter().flatten().filter(|item| item["archived"] != json!(true));
    let items = items.map(|item| {
        let mut item: Map<String, Json> = item.as_object().cloned().unwrap_or_default();
        if let Some(children) = item.get_mut("children") {
            *children = current(children);
        }
        Json::Object(item)
    });
    items.collect()
}
