//! The JSON Schemas in `schemas/`: they check what an author wrote, give the defaults, and complete in editors.
//!
//! The only module that names the schema library. A violation becomes a problem in the author's words.

use std::sync::LazyLock;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use serde_json::{Map, Value as Json};

use crate::problem::{Place, Problem, Problems, did_you_mean, nearest};

/// A schema, and the validator made of it.
pub struct Schema {
    json: Json,
    validator: Validator,
}

macro_rules! schema {
    ($(#[$doc:meta])* $name:ident, $file:literal) => {
        $(#[$doc])*
        pub static $name: LazyLock<Schema> = LazyLock::new(|| Schema::new(include_str!(concat!("../../schemas/", $file))));
    };
}

schema!(
    /// A recipe.
    RECIPE, "recipe.schema.json"
);
schema!(
    /// The examples beside a recipe.
    EXAMPLES, "test.schema.json"
);
schema!(
    /// A row of `filters`.
    FILTERS, "filters.schema.json"
);
schema!(
    /// A row of `status`.
    STATUS, "status.schema.json"
);
schema!(
    /// A row of `standard_fields`.
    STANDARD_FIELDS, "standard_fields.schema.json"
);
schema!(
    /// A row of `custom_fields`.
    CUSTOM_FIELDS, "custom_fields.schema.json"
);
schema!(
    /// A row of `groups`.
    GROUPS, "groups.schema.json"
);
schema!(
    /// A delivery of HiBob's webhooks.
    WEBHOOK, "webhook.schema.json"
);

/// One violation: where in the instance, and what to say about it.
#[derive(Debug)]
pub struct Violation {
    /// JSON pointer of the value; for an unknown key, of that key.
    pub pointer: String,
    /// What of it is wrong.
    pub part: Part,
    /// A stable name.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// What of an instance is wrong.
#[derive(Debug, PartialEq, Eq)]
pub enum Part {
    /// The value.
    Value,
    /// The key; with the one that was meant, where it is near enough and not there itself.
    Key(Option<String>),
    /// This key is not there.
    Missing(String),
}

impl Violation {
    /// The violation as a problem at a place.
    pub fn report(self, place: &Place, problems: &mut Problems) {
        problems.push(Problem::new(self.code, place, self.message).maybe_help(self.help));
    }
}

impl Schema {
    fn new(text: &str) -> Self {
        let json: Json = serde_json::from_str(text).expect("a schema of ours is JSON, and a test reads each of them");
        let validator =
            jsonschema::validator_for(&json).expect("a schema of ours is valid, and a test reads each of them");
        Self { json, validator }
    }

    /// Everything that an instance violates, in the author's words.
    #[must_use]
    pub fn violations(&self, instance: &Json) -> Vec<Violation> {
        let mut found = Vec::new();
        for error in self.validator.iter_errors(instance) {
            self.explain(&error, &mut found);
        }
        found
    }

    /// Whether an instance fits.
    #[must_use]
    pub fn is_valid(&self, instance: &Json) -> bool {
        self.validator.is_valid(instance)
    }

    /// The instance with every default of the schema filled in where the author said nothing.
    #[must_use]
    pub fn with_defaults(&self, instance: &Json) -> Json {
        let mut filled = instance.clone();
        self.fill(&self.json, &mut filled);
        filled
    }

    /// The names of the properties that the schema knows at its top.
    pub fn properties(&self) -> impl Iterator<Item = &str> {
        self.json.get("properties").and_then(Json::as_object).into_iter().flatten().map(|(name, _)| name.as_str())
    }

    /// The names of the properties that the schema requires at its top.
    pub fn required(&self) -> impl Iterator<Item = &str> {
        self.json.get("required").and_then(Json::as_array).into_iter().flatten().filter_map(Json::as_str)
    }

    /// The whole schema.
    #[must_use]
    pub fn json(&self) -> &Json {
        &self.json
    }

    fn fill(&self, schema: &Json, instance: &mut Json) {
        let schema = self.resolve(schema);
        if let (Some(items), Some(entries)) = (schema.get("items"), instance.as_array_mut()) {
            entries.iter_mut().for_each(|entry| self.fill(items, entry));
            return;
        }
        let (Some(properties), Some(object)) =
            (schema.get("properties").and_then(Json::as_object), instance.as_object_mut())
        else {
            return;
        };
        for (name, property) in properties {
            let property_schema = self.resolve(property);
            let default = property.get("default").or_else(|| property_schema.get("default"));
            if let (false, Some(default)) = (object.contains_key(name), default) {
                object.insert(name.clone(), default.clone());
            }
            if let Some(value) = object.get_mut(name) {
                self.fill(property_schema, value);
            }
        }
    }

    fn resolve<'s>(&'s self, schema: &'s Json) -> &'s Json {
        let reference = schema.get("$ref").and_then(Json::as_str).and_then(|reference| reference.strip_prefix('#'));
        reference.and_then(|pointer| self.json.pointer(pointer)).unwrap_or(schema)
    }

    /// The part of the schema that holds the keyword an error came from, such as the object around `additionalProperties`.
    fn around(&self, error: &ValidationError<'_>) -> Option<&Json> {
        self.way_to(error).pop()
    }

    /// Every part of the schema on the way to the keyword that an error came from, the outermost first.
    fn way_to(&self, error: &ValidationError<'_>) -> Vec<&Json> {
        let path = error.schema_path().to_string();
        let mut schema = &self.json;
        let mut way = vec![schema];
        for part in path.rsplit_once('/').map_or("", |(around, _)| around).split('/').skip(1) {
            let next = match (part, self.resolve(schema)) {
                // A description beside a reference says more than the one behind it.
                ("$ref", _) => continue,
                (_, Json::Array(items)) => part.parse::<usize>().ok().and_then(|index| items.get(index)),
                (_, other) => other.get(part.replace("~1", "/").replace("~0", "~")),
            };
            let Some(next) = next else { break };
            schema = next;
            way.push(schema);
        }
        way
    }

    fn explain(&self, error: &ValidationError<'_>, found: &mut Vec<Violation>) {
        let pointer = error.instance_path().to_string();
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected }
            | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
                let known = self.around(error).map(known_keys).unwrap_or_default();
                found.extend(unexpected.iter().map(|key| unknown_key(key, &pointer, &known, error.instance())));
            }
            ValidationErrorKind::PropertyNames { error: inner } => {
                let key = inner.instance().as_str().unwrap_or_default();
                let message = format!("`{key}` can't be a key{}", within(&last(&pointer)));
                let schema = self.around(error).map(|schema| self.resolve(schema));
                let names = schema.and_then(|schema| schema.get("propertyNames").or(Some(schema)));
                let help = names.and_then(description).map(str::to_owned);
                let pointer = format!("{pointer}/{}", escaped(key));
                found.push(Violation { pointer, part: Part::Key(None), code: "bad-key", message, help });
            }
            ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
                self.explain_alternatives(error, context, found);
            }
            _ => found.push(self.plain(error, pointer)),
        }
    }

    /// Of several alternatives, what keeps the nearest one from fitting says the most.
    fn explain_alternatives(
        &self,
        error: &ValidationError<'_>,
        context: &[Vec<ValidationError<'static>>],
        found: &mut Vec<Violation>,
    ) {
        let wrong_kind = |errors: &&Vec<ValidationError<'static>>| {
            errors.iter().any(|inner| {
                matches!(inner.kind(), ValidationErrorKind::Type { .. })
                    && inner.instance_path() == error.instance_path()
            })
        };
        match context.iter().filter(|errors| !wrong_kind(errors)).min_by_key(|errors| errors.len()) {
            Some(nearest) => nearest.iter().for_each(|inner| self.explain(inner, found)),
            None => found.push(self.plain(error, error.instance_path().to_string())),
        }
    }

    fn plain(&self, error: &ValidationError<'_>, pointer: String) -> Violation {
        let name = last(&pointer);
        let subject = if name.is_empty() { "this file".to_owned() } else { format!("`{name}`") };
        let shown = shown(error.instance());
        let around = self.around(error);
        let described = around.and_then(description);
        let mut help = described.map(|text| first_sentence(text).to_owned());
        let (code, message) = match error.kind() {
            ValidationErrorKind::Required { property } => {
                let key = property.as_str().unwrap_or_default();
                let condition = around.filter(|schema| schema.get("properties").is_none()).and_then(description);
                let described = self.property(error, key).and_then(description).map(first_sentence);
                let help = condition.map(str::to_owned).or(described.map(|text| format!("add `{key}`: {text}")));
                let message = format!("`{key}` is missing{}", within(&name));
                return Violation { pointer, part: Part::Missing(key.to_owned()), code: "missing-key", message, help };
            }
            ValidationErrorKind::Enum { options } => {
                let options: Vec<&Json> = options.as_array().into_iter().flatten().collect();
                let words: Vec<&str> = options.iter().filter_map(|option| option.as_str()).collect();
                match (options.as_slice(), &**error.instance()) {
                    ([only], _) => {
                        help = Some(format!("write {}", plain_words(only)));
                        ("bad-value", format!("{subject} must be {only}, and is {shown}"))
                    }
                    (_, Json::String(typed)) => {
                        help = did_you_mean(typed, words.iter().copied()).or(help);
                        ("bad-value", format!("{shown} is none of the words that {subject} takes"))
                    }
                    _ => ("bad-type", format!("{subject} must be text, and is {shown}")),
                }
            }
            ValidationErrorKind::Constant { expected_value } if expected_value.as_str() == Some("") => {
                help = described.map(|text| text.trim_end_matches('.').to_owned());
                ("bad-value", format!("{subject} must be left empty here, and is {shown}"))
            }
            ValidationErrorKind::Constant { expected_value } => {
                help = Some(format!("write {expected_value}"));
                ("bad-value", format!("{subject} must be {expected_value}, and is {shown}"))
            }
            ValidationErrorKind::Type { kind } => {
                let wanted = kind_words(kind);
                if wanted == "true or false" {
                    help = Some("write true or false, without quotes".to_owned());
                }
                ("bad-type", format!("{subject} must be {wanted}, and is {shown}"))
            }
            ValidationErrorKind::Pattern { .. } => {
                help = around.and_then(form);
                ("bad-value", format!("{shown} does not have the form that {subject} takes"))
            }
            ValidationErrorKind::MinItems { .. }
            | ValidationErrorKind::MinProperties { .. }
            | ValidationErrorKind::MinLength { .. } => ("bad-value", format!("{subject} must not be empty")),
            ValidationErrorKind::MaxProperties { .. } => {
                let keys: Vec<&str> =
                    error.instance().as_object().into_iter().flatten().map(|(key, _)| &**key).collect();
                ("bad-value", format!("{subject} has too many keys: {}", keys.join(", ")))
            }
            ValidationErrorKind::UniqueItems => ("bad-value", format!("{subject} names something twice")),
            ValidationErrorKind::Minimum { limit } => {
                ("bad-value", format!("{subject} must be at least {limit}, and is {shown}"))
            }
            ValidationErrorKind::Maximum { limit } => {
                ("bad-value", format!("{subject} must be at most {limit}, and is {shown}"))
            }
            ValidationErrorKind::FalseSchema => ("bad-value", format!("{subject} must be left empty here")),
            ValidationErrorKind::OneOfMultipleValid { .. } => {
                ("bad-value", format!("{subject} says more than one thing at once"))
            }
            _ => ("bad-value", format!("{subject} can't be {shown}")),
        };
        Violation { pointer, part: Part::Value, code, message, help }
    }

    /// What the schema says of a property: beside the keyword that an error came from, or further out.
    fn property(&self, error: &ValidationError<'_>, key: &str) -> Option<&Json> {
        let property = |schema: &Json| schema.get("properties").is_some_and(|known| known.get(key).is_some());
        let found = self.way_to(error).into_iter().rev().find(|schema| property(schema));
        // A description beside a reference says more than the one behind it.
        let found = found?.get("properties")?.get(key)?;
        Some(if description(found).is_some() { found } else { self.resolve(found) })
    }
}

fn unknown_key(key: &str, pointer: &str, known: &[String], instance: &Json) -> Violation {
    let words = || known.iter().map(String::as_str);
    let help = did_you_mean(key, words());
    let meant = nearest(key, words()).filter(|meant| instance.get(meant).is_none()).map(str::to_owned);
    let message = format!("there is no key `{key}`{}", within(&last(pointer)));
    let pointer = format!("{pointer}/{}", escaped(key));
    Violation { pointer, part: Part::Key(meant), code: "unknown-key", message, help }
}

fn description(schema: &Json) -> Option<&str> {
    schema.get("description").and_then(Json::as_str)
}

/// What a text must look like: its description, and an example where there is one.
fn form(schema: &Json) -> Option<String> {
    let example = schema.pointer("/examples/0").or_else(|| schema.get("default")).map(plain_words);
    match (description(schema), example) {
        (Some(text), Some(example)) => Some(format!("{text} For example `{example}`")),
        (text, _) => text.map(|text| text.trim_end_matches('.').to_owned()),
    }
}

fn plain_words(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// As much of a description as answers a slip; the whole is for editors.
fn first_sentence(text: &str) -> &str {
    text.find(". ").map_or(text.trim_end_matches('.'), |end| &text[..end])
}

/// A key as a part of a JSON pointer.
pub(super) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn known_keys(schema: &Json) -> Vec<String> {
    let properties = schema.get("properties").and_then(Json::as_object);
    properties.map(Map::keys).into_iter().flatten().cloned().collect()
}

/// The nearest name on the way to a value; the place of an item in a list is none.
fn last(pointer: &str) -> String {
    let is_number = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let name = pointer.rsplit('/').find(|part| !is_number(part)).unwrap_or_default();
    name.replace("~1", "/").replace("~0", "~")
}

fn within(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!(" in `{name}`") }
}

/// A value in a message.
pub(super) fn shown(value: &Json) -> String {
    const LONGEST: usize = 60;
    match value {
        Json::Null => "empty".to_owned(),
        Json::String(text) if text.is_empty() => "empty".to_owned(),
        Json::String(text) => {
            let shown: String =
                text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).take(LONGEST).collect();
            format!("`{shown}`")
        }
        Json::Array(_) => "a list".to_owned(),
        Json::Object(_) => "a mapping".to_owned(),
        other => format!("`{other}`"),
    }
}

fn kind_words(kind: &TypeKind) -> String {
    let words = |name: &str| match name {
        "string" => "text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "a mapping of keys and values",
        _ => "empty",
    };
    match kind {
        TypeKind::Single(one) => words(&one.to_string()).to_owned(),
        TypeKind::Multiple(several) => {
            several.iter().map(|one| words(&one.to_string()).to_owned()).collect::<Vec<_>>().join(" or ")
        }
    }
}
