//! The JSON Schemas in `schemas/`: they check what an author wrote, give the defaults, and complete in editors.
//!
//! The only module that names the schema library. A violation becomes a problem in the author's words.

use std::sync::LazyLock;

use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{ValidationError, Validator};
use serde_json::{Map, Value as Json};

use crate::problem::{Place, Problem, Problems, did_you_mean};

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

/// One violation: where in the instance, and what to say about it.
pub struct Violation {
    /// JSON pointer of the value; for an unknown key, of that key.
    pub pointer: String,
    /// Whether the key is meant rather than its value.
    pub of_key: bool,
    /// A stable name.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
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
        let path = error.schema_path().to_string();
        let mut schema = &self.json;
        for part in path.rsplit_once('/')?.0.split('/').skip(1) {
            schema = self.resolve(schema);
            if part == "$ref" {
                continue;
            }
            let part = part.replace("~1", "/").replace("~0", "~");
            schema = match schema {
                Json::Array(items) => items.get(part.parse::<usize>().ok()?)?,
                other => other.get(&part)?,
            };
        }
        Some(self.resolve(schema))
    }

    fn explain(&self, error: &ValidationError<'_>, found: &mut Vec<Violation>) {
        let pointer = error.instance_path().to_string();
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected }
            | ValidationErrorKind::UnevaluatedProperties { unexpected } => {
                let known = self.around(error).map(known_keys).unwrap_or_default();
                for key in unexpected {
                    let help = did_you_mean(key, known.iter().map(String::as_str));
                    let message = match pointer.is_empty() {
                        true => format!("there is no key `{key}`"),
                        false => format!("there is no key `{key}` in `{}`", last(&pointer)),
                    };
                    let pointer = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
                    found.push(Violation { pointer, of_key: true, code: "unknown-key", message, help });
                }
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
        let shown = shown(error.instance());
        let help_text = self.around(error).and_then(|schema| schema.get("description")).and_then(Json::as_str);
        let mut help = help_text.map(str::to_owned);
        let (code, message) = match error.kind() {
            ValidationErrorKind::Required { property } => {
                let key = property.as_str().unwrap_or_default();
                let described = self.around(error).and_then(|schema| schema.pointer(&format!("/properties/{key}")));
                let described =
                    described.map(|schema| self.resolve(schema)).and_then(|schema| schema.get("description"));
                help = described.and_then(Json::as_str).map(|text| format!("add `{key}`: {text}"));
                ("missing-key", format!("`{key}` is missing{}", within(&name)))
            }
            ValidationErrorKind::Enum { options } => {
                let words: Vec<&str> = options.as_array().into_iter().flatten().filter_map(Json::as_str).collect();
                let typed = error.instance().as_str().unwrap_or_default();
                help = did_you_mean(typed, words.iter().copied()).or(help);
                ("bad-value", format!("{shown} is none of the words that `{name}` takes"))
            }
            ValidationErrorKind::Constant { expected_value } => {
                help = Some(format!("write {expected_value}"));
                ("bad-value", format!("`{name}` must be {expected_value}, and is {shown}"))
            }
            ValidationErrorKind::Type { kind } => {
                ("bad-type", format!("`{name}` must be {}, and is {shown}", kind_words(kind)))
            }
            ValidationErrorKind::Pattern { .. } => {
                ("bad-value", format!("{shown} does not have the form that `{name}` takes"))
            }
            ValidationErrorKind::MinProperties { .. } | ValidationErrorKind::MaxProperties { .. } => {
                ("bad-value", format!("`{name}` has too few or too many entries"))
            }
            ValidationErrorKind::MinItems { .. } => ("bad-value", format!("`{name}` must not be empty")),
            ValidationErrorKind::Minimum { limit } => {
                ("bad-value", format!("`{name}` must be at least {limit}, and is {shown}"))
            }
            ValidationErrorKind::Maximum { limit } => {
                ("bad-value", format!("`{name}` must be at most {limit}, and is {shown}"))
            }
            ValidationErrorKind::FalseSchema => ("bad-value", format!("`{name}` must be left empty here")),
            ValidationErrorKind::OneOfMultipleValid { .. } => {
                ("bad-value", format!("`{name}` says more than one thing at once"))
            }
            _ => ("bad-value", format!("`{name}` can't be {shown}")),
        };
        Violation { pointer, of_key: false, code, message, help }
    }
}

fn known_keys(schema: &Json) -> Vec<String> {
    let properties = schema.get("properties").and_then(Json::as_object);
    properties.map(Map::keys).into_iter().flatten().cloned().collect()
}

fn last(pointer: &str) -> String {
    pointer.rsplit('/').next().unwrap_or_default().replace("~1", "/").replace("~0", "~")
}

fn within(name: &str) -> String {
    if name.is_empty() { String::new() } else { format!(" in `{name}`") }
}

fn shown(value: &Json) -> String {
    const LONGEST: usize = 60;
    match value {
        Json::Null => "empty".to_owned(),
        Json::String(text) => format!("`{}`", text.chars().take(LONGEST).collect::<String>()),
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
