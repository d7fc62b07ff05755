//! The vendor's description: OpenAPI files, of which each operation's schemas are made into validators.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use rollbook::sandbox::record::Exchange;
use serde_json::{Value as Json, json};

/// The operations of several files, by method and path.
pub(crate) struct Description {
    operations: BTreeMap<String, Operation>,
}

/// One operation, with what its schemas refer to.
struct Operation {
    shape: Json,
    components: Json,
}

impl Description {
    pub(super) fn read(files: &[PathBuf]) -> Self {
        let mut operations = BTreeMap::new();
        for file in files {
            // JSON is YAML too.
            let mut document: Json = serde_yaml::from_str(&fs::read_to_string(file).unwrap()).unwrap();
            tighten(&mut document);
            let server = document.pointer("/servers/0/url").and_then(Json::as_str).unwrap_or_default();
            let base = server.split_once("://").and_then(|(_, rest)| rest.split_once('/')).map(|(_, path)| path);
            let base = base.map(|path| format!("/{path}")).unwrap_or_default();
            for (path, methods) in document["paths"].as_object().unwrap() {
                for (method, shape) in methods.as_object().unwrap() {
                    let components = document["components"].clone();
                    let operation = Operation { shape: shape.clone(), components };
                    operations.insert(format!("{} {base}{path}", method.to_uppercase()), operation);
                }
            }
        }
        assert!(operations.len() > 30, "the files describe operations");
        Self { operations }
    }

    /// The endpoints that begin so.
    pub(super) fn endpoints(&self, start: &str) -> Vec<&str> {
        let path = |endpoint: &&String| endpoint.split_once(' ').is_some_and(|(_, path)| path.starts_with(start));
        self.operations.keys().filter(path).map(String::as_str).collect()
    }

    /// A part of a file's shared schemas, by the operation that refers to them.
    pub(super) fn shared(&self, endpoint: &str, pointer: &str) -> &Json {
        self.operations[endpoint].components.pointer(pointer).unwrap()
    }

    /// What is wrong with a call, by the description.
    pub(crate) fn check(&self, exchange: &Exchange) -> Vec<String> {
        let place = format!("{} {}", exchange.endpoint, exchange.status);
        let Some(operation) = self.operations.get(&exchange.endpoint) else {
            return vec![format!("{place}: there is no such operation")];
        };
        let mut wrong = operation.unknown_parameters(exchange.query.as_deref().unwrap_or_default());
        if (200..300).contains(&exchange.status) {
            let schema = operation.shape.pointer("/requestBody/content/application~1json/schema");
            wrong.extend(operation.mistakes("request", schema, exchange.request.as_ref()));
        }
        match operation.shape["responses"].get(exchange.status.to_string()) {
            Some(response) => {
                let schema = response.pointer("/content/application~1json/schema");
                wrong.extend(operation.mistakes("response", schema, exchange.response.as_ref()));
            }
            None => wrong.push("this status is not described".to_owned()),
        }
        wrong.into_iter().map(|mistake| format!("{place}: {mistake}")).collect()
    }
}

impl Operation {
    /// Names in a query that are neither parameters nor the opaque `next`.
    fn unknown_parameters(&self, query: &str) -> Vec<String> {
        let parameters = self.shape["parameters"].as_array();
        let known = |name: &str| parameters.into_iter().flatten().any(|parameter| parameter["name"] == name);
        let names = query.split('&').filter(|pair| !pair.is_empty()).map(|pair| pair.split(['=', '[', '%']).next());
        let unknown = names.flatten().filter(|name| *name != "next" && !known(name));
        unknown.map(|name| format!("there is no parameter `{name}`")).collect()
    }

    fn mistakes(&self, what: &str, schema: Option<&Json>, body: Option<&Json>) -> Vec<String> {
        match (schema, body) {
            (None, None) => Vec::new(),
            (None, Some(_)) => vec![format!("the {what} has a body")],
            (Some(_), None) => vec![format!("the {what} has no body")],
            (Some(schema), Some(body)) => {
                let mut schema = schema.clone();
                schema["components"] = self.components.clone();
                let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
                validator.iter_errors(body).map(|error| format!("{what}{}: {error}", error.instance_path())).collect()
            }
        }
    }
}

/// Says in JSON Schema what the files say otherwise, and refuses keys that are not described. `nullable` is OpenAPI's own;
/// `oneOf` stands for "any of" in them: an empty list is one of dates as well as one of texts.
fn tighten(node: &mut Json) {
    match node {
        Json::Array(items) => items.iter_mut().for_each(tighten),
        Json::Object(object) => {
            object.values_mut().for_each(tighten);
            if let Some(any) = object.remove("oneOf") {
                object.insert("anyOf".to_owned(), any);
            }
            let is_schema = object.get("type").is_some_and(|kind| kind == "object");
            if is_schema && object.get("properties").is_some_and(Json::is_object) {
                object.entry("additionalProperties").or_insert(json!(false));
            }
            if object.remove("nullable") == Some(json!(true)) {
                let inner = std::mem::take(object);
                *node = json!({ "anyOf": [inner, { "type": "null" }] });
            }
        }
        _ => {}
    }
}

#[test]
fn a_call_is_held_against_the_description_in_path_query_status_and_bodies() {
    let folder = tempfile::tempdir().unwrap();
    let user = json!({ "type": "object", "properties": {
        "mail": { "type": "string", "nullable": true }, "at": { "type": "string", "format": "date-time" } },
        "required": ["mail"] });
    let content = |name: &str| json!({ "content": { "application/json": { "schema": { "$ref": name } } } });
    let operation = json!({ "parameters": [{ "name": "page", "in": "query" }],
        "requestBody": content("#/components/schemas/User"),
        "responses": { "200": content("#/components/schemas/User"), "204": {} } });
    let paths: serde_json::Map<String, Json> =
        (0..51).map(|number| (format!("/users/{number}"), json!({ "post": operation }))).collect();
    let document = json!({ "paths": paths, "components": { "schemas": { "User": user } } });
    let file = folder.path().join("api.json");
    fs::write(&file, document.to_string()).unwrap();
    let description = Description::read(&[file]);
    let call = |status, query: &str, request: Json, response: Option<Json>| Exchange {
        endpoint: "POST /users/1".to_owned(),
        query: Some(query.to_owned()),
        request: Some(request),
        status,
        response,
    };
    let good = json!({ "mail": null, "at": "2026-01-01T00:00:00.000Z" });
    assert_eq!(description.check(&call(200, "page[eq]=1&next=x", good.clone(), Some(good.clone()))), [""; 0]);
    assert_eq!(description.check(&call(204, "", good.clone(), None)), [""; 0]);
    for (wrong, says) in [
        (call(200, "pgae=1", good.clone(), Some(good.clone())), "no parameter `pgae`"),
        (call(201, "", good.clone(), Some(good.clone())), "not described"),
        (call(204, "", good.clone(), Some(good.clone())), "has a body"),
        (call(200, "", json!({ "mail": 1 }), Some(good.clone())), "request/mail"),
        (call(200, "", good.clone(), Some(json!({ "mail": "a", "at": "soon" }))), "response/at"),
        (call(200, "", good.clone(), Some(json!({ "mail": "a", "male": "a" }))), "male"),
    ] {
        let said = description.check(&wrong);
        assert!(said.len() == 1 && said[0].contains(says), "{said:?} says {says}");
    }
}
