//! Setting some switches of a service and leaving the others.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::refusal::Refusal;

const HELP: &str = "`GET /sandbox/switches` shows every switch with its value; docs/sandbox.md explains them";

/// Switches with some of them set otherwise; `null` sets one back to the usual.
///
/// # Errors
/// A switch is unknown, or its value is of the wrong kind.
pub(super) fn patched<S: Serialize + DeserializeOwned + Default>(switches: &S, patch: &Json) -> Result<S, Refusal> {
    let wrong = |error: serde_json::Error| Refusal::new(format!("switches: {error}"), HELP);
    if !patch.is_object() {
        return Err(Refusal::new("switches are a JSON object", HELP));
    }
    let mut changed = serde_json::to_value(switches).map_err(wrong)?;
    let usual = serde_json::to_value(S::default()).map_err(wrong)?;
    merge(&mut changed, &usual, patch);
    serde_json::from_value(changed).map_err(wrong)
}

/// Puts one object over another, down to values; `null` takes the usual value.
fn merge(into: &mut Json, usual: &Json, patch: &Json) {
    match (into, patch) {
        (into, Json::Null) => *into = usual.clone(),
        (Json::Object(into), Json::Object(patch)) => {
            for (key, value) in patch {
                merge(into.entry(key.clone()).or_insert(Json::Null), &usual[key], value);
            }
        }
        (into, value) => *into = value.clone(),
    }
}
