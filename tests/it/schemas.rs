//! Schemas and code in step: the same words, the same keys, the same defaults; and the recipes that we show are right.

use std::collections::BTreeSet;
use std::fs;

use rollbook::model::plan::Verdict;
use rollbook::problem::Severity;
use rollbook::recipe::schema;
use rollbook::recipe::schema::Schema;
use rollbook::stage::condition::Operator;
use rollbook::stage::limits::Limit;
use serde_json::{Value as Json, json};

use crate::author::{Author, repository};

/// Every schema with conditions in its rows.
fn rows_with_conditions() -> [&'static Schema; 3] {
    [&schema::FILTERS, &schema::STATUS, &schema::GROUPS]
}

/// The words that a property takes.
fn words(schema: &Json, pointer: &str) -> BTreeSet<String> {
    let words = schema.pointer(&format!("{pointer}/enum")).and_then(Json::as_array);
    let words = words.unwrap_or_else(|| panic!("{pointer} has words"));
    words.iter().map(|word| word.as_str().unwrap().to_owned()).collect()
}

fn set<const N: usize>(words: [&str; N]) -> BTreeSet<String> {
    words.map(str::to_owned).into()
}

/// The keys of a section.
fn keys(section: &str) -> Vec<String> {
    let properties = schema::RECIPE.json().pointer(&format!("/properties/{section}/properties")).unwrap();
    properties.as_object().unwrap().keys().cloned().collect()
}

#[test]
fn each_schema_is_valid_json_schema_with_a_description_everywhere() {
    let mut seen = 0;
    for entry in fs::read_dir(repository().join("schemas")).unwrap().flatten() {
        let json: Json = serde_json::from_str(&fs::read_to_string(entry.path()).unwrap()).unwrap();
        let shown = entry.path().display().to_string();
        assert_eq!(json["$schema"], "https://json-schema.org/draft/2020-12/schema", "{shown}");
        jsonschema::meta::validate(&json).unwrap_or_else(|error| panic!("{shown}: {error}"));
        check_described(&json, &shown);
        seen += 1;
    }
    assert_eq!(seen, 9);
}

/// Editors show title and description of every property; one behind a reference has those of its target.
fn check_described(schema: &Json, at: &str) {
    for (name, property) in schema.get("properties").and_then(Json::as_object).into_iter().flatten() {
        let at = format!("{at}/{name}");
        let described = property.get("description").is_some() || property.get("$ref").is_some();
        let condition = at.contains("/then") || property.get("const").is_some() || property.get("not").is_some();
        assert!(described || condition, "{at} has no description");
        check_described(property, &at);
    }
    for key in ["items", "additionalProperties"] {
        if let Some(inner) = schema.get(key).filter(|inner| inner.is_object()) {
            check_described(inner, &format!("{at}/{key}"));
        }
    }
    for (name, definition) in schema.get("$defs").and_then(Json::as_object).into_iter().flatten() {
        check_described(definition, &format!("{at}/$defs/{name}"));
    }
}

#[test]
fn operators_are_the_same_in_every_table_and_in_the_code() {
    let known: BTreeSet<String> = Operator::words().map(str::to_owned).collect();
    for rows in rows_with_conditions() {
        assert_eq!(words(rows.json(), "/properties/operator"), known);
    }
}

#[test]
fn actions_are_the_words_of_the_verdicts_and_none() {
    let mut known: BTreeSet<String> = Verdict::ALL.map(|verdict| verdict.word().to_owned()).into();
    known.insert("none".to_owned());
    assert_eq!(words(schema::EXAMPLES.json(), "/items/properties/expect/properties/action"), known);
}

#[test]
fn words_of_the_tables_are_those_of_the_language() {
    let word = |rows: &Schema, column: &str| words(rows.json(), &format!("/properties/{column}"));
    assert_eq!(word(&schema::FILTERS, "effect"), set(["include", "exclude"]));
    assert_eq!(word(&schema::STATUS, "status"), set(["active", "inactive", "ignore"]));
    for rows in [&*schema::STANDARD_FIELDS, &*schema::CUSTOM_FIELDS] {
        assert_eq!(word(rows, "when_empty"), set(["clear", "keep", "error"]));
        assert_eq!(word(rows, "write"), set(["always", "on_create"]));
    }
}

/// Every word of every key is tried in a recipe that then compiles to something of its own.
#[test]
fn every_word_of_the_recipe_means_something_of_its_own() {
    for (section, key) in [
        ("groups", "ownership"),
        ("provisioning", "create"),
        ("provisioning", "start"),
        ("provisioning", "out_of_scope"),
        ("provisioning", "missing"),
        ("report", "when"),
        ("report", "details"),
    ] {
        let words = words(schema::RECIPE.json(), &format!("/properties/{section}/properties/{key}"));
        let meanings: BTreeSet<String> = words.iter().map(|word| meaning(section, key, word)).collect();
        assert_eq!(meanings.len(), words.len(), "{section}.{key}: {words:?} mean {meanings:?}");
    }
}

/// What a recipe makes of a word.
fn meaning(section: &str, key: &str, word: &str) -> String {
    let body = match (section, key) {
        ("groups", _) => format!("groups: {{ table: groups, {key}: {word} }}"),
        ("report", _) => format!("report: {{ to: [hr@acme.example], {key}: {word} }}"),
        (_, "start") => format!("provisioning: {{ start: {word}, start_date: work.startDate }}"),
        _ => format!("provisioning: {{ {key}: {word} }}"),
    };
    let recipe = compiled(&with_section(section, &body));
    let groups = recipe.groups.as_ref().unwrap();
    let provisioning = &recipe.provisioning;
    match key {
        "ownership" => format!("{:?}", groups.ownership),
        "create" => format!("{:?}", provisioning.create),
        "start" => format!("{:?}", std::mem::discriminant(&provisioning.start)),
        "out_of_scope" => format!("{:?}", provisioning.out_of_scope.0),
        "missing" => format!("{:?}", provisioning.missing.0),
        "details" => recipe.report.privacy.counts_only.to_string(),
        _ => format!("{:?}", recipe.report.recipients),
    }
}

/// The small recipe with one of its sections in other words.
fn with_section(section: &str, body: &str) -> Author {
    let author = Author::small();
    let text = fs::read_to_string(author.recipe()).unwrap();
    let start = text.find(&format!("\n{section}:")).unwrap() + 1;
    let next =
        text[start..].match_indices('\n').find(|(at, _)| text[start + at + 1..].starts_with(char::is_alphabetic));
    let end = next.map_or(text.len(), |(at, _)| start + at + 1);
    author.write("recipe.yaml", format!("{}{body}\n{}", &text[..start], &text[end..]))
}

fn compiled(author: &Author) -> rollbook::recipe::Recipe {
    let mut problems = rollbook::problem::Problems::new();
    rollbook::run::load::load(&author.recipe(), &mut problems).unwrap_or_else(|| panic!("{}", author.notes()))
}

/// A full section `report`.
fn report() -> Json {
    json!({
        "to": ["hr@acme.example"],
        "when": "changes",
        "attach": ["csv"],
        "title": "Acme",
        "timezone": "Europe/Paris",
        "details": "attached",
        "leave_out": ["hint"],
        "mask": [],
    })
}

#[test]
fn every_key_of_a_section_is_read_alone_and_with_all_others() {
    let sections: [(&str, Json); 5] = [
        (
            "provisioning",
            json!({ "create": "active", "start": "on_start_date", "start_date": "work.startDate",
                "end_date": "internal.terminationDate", "reactivate": false, "out_of_scope": "deactivate", "missing": "leave" }),
        ),
        (
            "limits",
            json!({ "deactivate": { "most": 1, "percent": 2.5, "few": 3 }, "change_login": { "most": 1, "percent": 2, "few": 3 },
                "clear_field": { "most": 1, "percent": 2, "few": 3 }, "source_shrink": { "most": 1, "percent": 2, "few": 3 },
                "target_shrink": { "most": 1, "percent": 2, "few": 3 }, "never_touch": ["x@acme.example"] }),
        ),
        ("groups", json!({ "table": "groups", "ownership": "added", "create": true })),
        ("report", report()),
        ("fields", json!({ "standard": "standard_fields", "custom": "custom_fields" })),
    ];
    for (section, full) in sections {
        let written: Vec<String> = full.as_object().unwrap().keys().cloned().collect();
        assert_eq!(written, keys(section), "the full section `{section}` has every key");
        assert_eq!(with_section(section, &format!("{section}: {full}")).notes(), "nothing is wrong\n", "{section}");
        for (key, value) in full.as_object().unwrap() {
            let mut alone = json!({ key: value });
            for needed in needs(section, key) {
                alone[needed] = full[needed].clone();
            }
            let author = with_section(section, &format!("{section}: {alone}"));
            let problems: Vec<String> = author
                .problems()
                .iter()
                .filter(|problem| problem.path().ends_with("recipe.yaml") && problem.severity == Severity::Problem)
                .map(|problem| problem.message.clone())
                .collect();
            let expected = if (section, key.as_str()) == ("fields", "custom") { 1 } else { 0 };
            assert_eq!(problems.len(), expected, "{section}: {alone}: {problems:?}");
        }
    }
}

/// The keys that another one cannot do without.
fn needs(section: &str, key: &str) -> &'static [&'static str] {
    match (section, key) {
        ("groups", _) => &["table"],
        ("report", _) => &["to"],
        ("provisioning", "start") => &["start_date"],
        _ => &[],
    }
}

#[test]
fn defaults_stand_in_the_schema_and_the_code_has_the_same() {
    let small = "version: 1\nname: a\nsource: { file: { people: people.json } }\n\
        target: { directory: { database: a.db } }\nidentify: [ { employee: root.id, user: external_id } ]\n\
        tables: tables\nfields: { standard: standard_fields }\n";
    let author = Author::small()
        .write("recipe.yaml", small)
        .remove("recipe.test.yaml")
        .write("tables/standard_fields.csv", "target_field,source_field\nmail,root.email\n");
    let without = compiled(&author).limits;
    let written = Author::small()
        .write("recipe.yaml", format!("{small}limits: {{}}\n"))
        .remove("recipe.test.yaml")
        .write("tables/standard_fields.csv", "target_field,source_field\nmail,root.email\n");
    let with = compiled(&written).limits;
    assert_eq!(without, with, "an empty section is the same as none");
    assert_eq!(with.deactivate, Limit { most: Some(20), percent: Some(5.0), few: 3 });
    assert_eq!((with.change_login.percent, with.clear_field.percent), (Some(5.0), Some(10.0)));
    assert_eq!(with.source_shrink, Limit { most: None, percent: Some(10.0), few: 0 });
    let provisioning = compiled(&author).provisioning;
    assert_eq!(format!("{:?}", provisioning.create), "Invite");
    assert!(provisioning.reactivate.0 && provisioning.end.is_none());
}

#[test]
fn columns_of_the_schemas_are_those_that_the_code_reads() {
    let columns = |rows: &Schema| rows.properties().map(str::to_owned).collect::<BTreeSet<_>>();
    let condition = ["rule", "field", "operator", "value", "enabled", "comment"];
    let with = |more: &[&str]| condition.iter().chain(more).map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(columns(&schema::FILTERS), with(&["effect"]));
    assert_eq!(columns(&schema::STATUS), with(&["status"]));
    assert_eq!(columns(&schema::GROUPS), with(&["group", "role"]));
    let mapping =
        set(["target_field", "source_field", "transform", "default", "when_empty", "write", "enabled", "comment"]);
    assert_eq!(columns(&schema::STANDARD_FIELDS), mapping);
    assert_eq!(columns(&schema::CUSTOM_FIELDS), mapping);
    // Each of them is asked for by its name somewhere in the code that reads rows.
    let code: String =
        ["stage/rule.rs", "stage/filter.rs", "stage/status.rs", "stage/groups.rs", "stage/fields.rs", "table/read.rs"]
            .map(|file| fs::read_to_string(repository().join("src").join(file)).unwrap())
            .concat();
    for column in columns(&schema::FILTERS).union(&mapping).chain(&set(["status", "group", "role"])) {
        assert!(column == "comment" || code.contains(&format!("\"{column}\"")), "`{column}` is read");
    }
}

#[test]
fn the_recipe_of_the_language_page_loads_without_a_problem() {
    let author = language_page();
    assert!(author.problems().is_empty(), "{}", author.notes());
}

/// The large recipe of the language page, with tables that fit it.
fn language_page() -> Author {
    let fixtures = repository().join("tests/it/fixtures/language");
    let mut author = Author::small().remove("recipe.yaml").remove("recipe.test.yaml").remove("tables");
    for (file, to) in [
        ("acme-360learning.yaml", "recipe.yaml"),
        ("acme-360learning.test.yaml", "recipe.test.yaml"),
        ("names.rhai", "scripts/names.rhai"),
        ("filters.csv", "tables/filters.csv"),
        ("status.csv", "tables/status.csv"),
        ("standard_fields.csv", "tables/standard_fields.csv"),
        ("custom_fields.csv", "tables/custom_fields.csv"),
        ("groups.csv", "tables/groups.csv"),
    ] {
        author = author.write(to, fs::read(fixtures.join(file)).unwrap());
    }
    author.edit("recipe.yaml", "tables: ../lookup_tables/acme-360learning", "tables: tables")
}
