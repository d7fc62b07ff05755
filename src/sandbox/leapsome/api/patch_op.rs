//! SCIM's lists of operations as the flat objects that Leapsome describes (apis/leapsome.md §0: perhaps it takes both).

use serde_json::{Map, Value as Json};

use crate::sandbox::leapsome::company::denial::Denial;
use crate::sandbox::leapsome::switches::PatchForm;

/// The start of every schema's name.
const URN: &str = "urn:";

/// The body of a change as a flat object, in the forms that are switched on.
pub(super) fn flat(sent: Map<String, Json>, form: PatchForm) -> Result<Map<String, Json>, Denial> {
    let operations = sent.get("Operations").and_then(Json::as_array).cloned();
    match (operations, form) {
        (Some(operations), PatchForm::PatchOp | PatchForm::Either) => of(&operations),
        (None, PatchForm::PatchOp) => Err(Denial::invalid("Operations are missing")),
        // A list of operations is nothing that a flat object has.
        (_, PatchForm::Flat | PatchForm::Either) => Ok(sent),
    }
}

/// Whether a body is a list of operations that is taken as one.
pub(super) fn is_operations(sent: &Map<String, Json>, form: PatchForm) -> bool {
    form != PatchForm::Flat && sent.contains_key("Operations")
}

fn of(operations: &[Json]) -> Result<Map<String, Json>, Denial> {
    let mut flat = Map::new();
    for operation in operations {
        let value = match operation["op"].as_str().map(str::to_lowercase).as_deref() {
            Some("add" | "replace") => operation["value"].clone(),
            Some("remove") => Json::Null,
            _ => return Err(Denial::invalid("op is add, replace or remove")),
        };
        match (operation["path"].as_str(), value) {
            (None, Json::Object(values)) => {
                for (path, value) in values {
                    set(&mut flat, &path, value);
                }
            }
            (None, _) => return Err(Denial::invalid("an operation without a path has an object")),
            (Some(path), value) => set(&mut flat, path, value),
        }
    }
    Ok(flat)
}

/// Sets what a path names: `active`, `name.givenName`, `urn:…:User:department`.
fn set(flat: &mut Map<String, Json>, path: &str, value: Json) {
    let parts = match path.rsplit_once(':').filter(|_| path.starts_with(URN)) {
        Some((schema, attribute)) if attribute != "User" => Some((schema, attribute)),
        Some(_) => None,
        None => path.split_once('.'),
    };
    let Some((outer, inner)) = parts else {
        return match (flat.get_mut(path), value) {
            (Some(Json::Object(known)), Json::Object(more)) => known.extend(more),
            (_, value) => drop(flat.insert(path.to_owned(), value)),
        };
    };
    let held = flat.entry(outer).or_insert_with(|| Json::Object(Map::new()));
    held[inner] = value;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn operations_with_and_without_paths_become_one_flat_object() {
        let work = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        let operations = json!({ "Operations": [
            { "op": "Replace", "path": "active", "value": false },
            { "op": "add", "path": "name.givenName", "value": "Ada" },
            { "op": "replace", "path": format!("{work}:department"), "value": "Data" },
            { "op": "remove", "path": format!("{work}:level") },
            { "op": "replace", "value": { "title": "Analyst", work: { "gender": "female" } } } ] });
        let sent = operations.as_object().unwrap().clone();
        let wanted = json!({ "active": false, "name": { "givenName": "Ada" }, "title": "Analyst",
            work: { "department": "Data", "level": null, "gender": "female" } });
        assert_eq!(Json::Object(flat(sent.clone(), PatchForm::PatchOp).unwrap()), wanted);
        assert_eq!(flat(sent.clone(), PatchForm::Flat).unwrap(), sent);
        assert!(flat(Map::new(), PatchForm::PatchOp).is_err());
    }
}
