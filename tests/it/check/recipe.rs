//! Mistakes in the recipe itself.

use rollbook::connector::open::{Described, describe_source, describe_target};
use rollbook::problem::Problems;
use rollbook::recipe::Draft;

use super::{edited, notes, with};
use crate::author::Author;

const RECIPE: &str = "recipe.yaml";

fn recipe(from: &str, to: &str) -> Author {
    edited(RECIPE, from, to)
}

fn added(lines: &str) -> Author {
    with(RECIPE, lines)
}

#[test]
fn an_unknown_key_is_named_at_every_level_with_the_nearest_known_one() {
    insta::assert_snapshot!(notes([
        ("at the top", recipe("identify:", "identfy:")),
        ("at the top, and like nothing", added("colour: red")),
        ("a source", recipe("  file:", "  fiel:")),
        ("in a source", recipe("people:", "poeple:")),
        ("a target", recipe("  directory:", "  directroy:")),
        ("in a target", recipe("database:", "databse:")),
        ("in a custom field", recipe("choices:", "choises:")),
        ("in identify", recipe("ignore_case", "ignore_caps")),
        ("in fields", recipe("custom: custom_fields", "costum: custom_fields")),
        ("in groups", recipe("ownership", "owner")),
        ("in provisioning", recipe("end_date", "enddate")),
        ("in limits", recipe("never_touch", "never-touch")),
        ("in one of the limits", recipe("limits: {", "limits: { deactivate: { mots: 3 },")),
        ("in report", recipe("{ to:", "{ when_: always, to:")),
        ("in schedule", added("schedule: { fullsync: \"0 2 * * *\" }")),
        ("in real_time", added("real_time: { path: /hooks/a, secret: A, setle: 20s }")),
        ("in notify", added("notify: { too: [it@acme.example] }")),
        ("in the time zone", recipe("Europe/Paris", "{ table: sites, field: work.site, colum: to, default: UTC }")),
    ]));
}

#[test]
fn a_word_that_a_key_does_not_take_is_named_with_those_it_takes() {
    insta::assert_snapshot!(notes([
        ("version", recipe("version: 1", "version: 2")),
        ("ownership", recipe("ownership: rules", "ownership: rule")),
        ("create", recipe("provisioning:", "provisioning:\n  create: invited")),
        ("start", recipe("on_start_date", "at_start")),
        ("out_of_scope", recipe("provisioning:", "provisioning:\n  out_of_scope: delete")),
        ("missing", recipe("provisioning:", "provisioning:\n  missing: delete")),
        ("when", recipe("report: {", "report: { when: never,")),
        ("attach", recipe("report: {", "report: { attach: [pdf],")),
        ("on", added("notify: { on: [run_fail] }")),
        ("events", added("real_time: { path: /hooks/a, secret: A, events: [employee.create] }")),
        ("the type of a custom field", recipe("hours: number", "hours: integer")),
        ("the type of a custom field with choices", recipe("type: text", "type: word")),
    ]));
}

#[test]
fn a_value_of_the_wrong_kind_is_named_with_the_right_one() {
    insta::assert_snapshot!(notes([
        ("text for a number", recipe("limits: {", "limits: { deactivate: { most: many },")),
        ("too large", recipe("limits: {", "limits: { deactivate: { percent: 120 },")),
        ("below nothing", recipe("limits: {", "limits: { deactivate: { few: -1 },")),
        ("text for true", recipe("create: true", "create: \"yes\"")),
        ("yes is a word in YAML 1.2", recipe("create: true", "create: yes")),
        ("a text for a list", recipe("[ names.rhai ]", "names.rhai")),
        ("a text for a mapping", recipe("{ to: [ hr@acme.example ] }", "hr@acme.example")),
        ("a list for a text", recipe("tables: tables", "tables: [ tables ]")),
        ("a number for a text", recipe("name: acme", "name: 7")),
        ("nothing", recipe("filter: filters", "filter:")),
        ("an empty list", recipe("[ hr@acme.example ]", "[]")),
        ("a name with capitals and spaces", recipe("name: acme", "name: Acme Corp")),
        ("a table with its extension", recipe("filter: filters", "filter: filters.csv")),
        ("no script", recipe("names.rhai", "names.txt")),
        ("the same script twice", recipe("[ names.rhai ]", "[ names.rhai, names.rhai ]")),
    ]));
}

#[test]
fn the_sections_for_serving_are_checked_in_form() {
    insta::assert_snapshot!(notes([
        ("a schedule", added("schedule: { full_sync: daily, manual_every: 1 hour }")),
        ("a time that is none", added("schedule: { full_sync: \"61 2 * * *\" }")),
        ("a time that never comes", added("schedule: { full_sync: \"0 2 31 2 *\" }")),
        ("a wait that is too long", added("schedule: { manual_every: 400d }")),
        ("a path", added("real_time: { path: hooks, secret: A }")),
        ("a secret instead of its name", added("real_time: { path: /hooks, secret: hunter2 }")),
        ("a webhook's address instead of the name of a secret", added("notify: { webhook: \"https://chat.example\" }")),
    ]));
}

#[test]
fn the_sections_of_connectors_are_checked_in_form_built_in_or_not() {
    let target = |section: &str| {
        let text = std::fs::read_to_string(Author::small().recipe()).unwrap();
        let (head, rest) = text.split_once("target:\n").unwrap();
        let tail = &rest[rest.find("identify:").unwrap()..];
        Author::small().write(RECIPE, format!("{head}target:\n  {section}\n{tail}"))
    };
    insta::assert_snapshot!(notes([
        ("without credentials", target("scim: {}")),
        ("a secret instead of its name", target("leapsome: { credentials: { token: abc-123 } }")),
        (
            "a group that is no id, and an address that is none",
            target(
                "360learning: { credentials: { client_id: A, client_secret: B }, default_group: All, base_url: acme }"
            )
        ),
        (
            "an address that credentials should not go to",
            target("scim: { credentials: { token: A }, base_url: \"http://proxy.acme.example\" }")
        ),
        ("all right", target("scim: { credentials: { token: A }, base_url: \"https://acme.example/scim\" }")),
        (
            "two at once",
            target(
                "scim: { credentials: { token: A }, base_url: \"https://acme.example\" }\n  directory: { database: a.db }"
            )
        ),
        ("none", target("{}")),
    ]));
}

#[test]
fn what_must_be_there_and_is_not_is_asked_for() {
    insta::assert_snapshot!(notes([
        ("version", recipe("version: 1\n", "")),
        ("name", recipe("name: acme\n", "")),
        ("people", recipe("    people: people.json\n", "")),
        ("half of a comparison", recipe(", user: external_id", "")),
        ("start_date", recipe("  start_date: work.startDate\n", "")),
        ("to", recipe("to: [ hr@acme.example ]", "when: always")),
        ("the type of a custom field", recipe("type: text, ", "")),
        ("nearly everything", Author::small().write(RECIPE, "version: 1\nname: acme\n")),
    ]));
}

#[test]
fn a_name_that_leads_nowhere_is_named_with_the_nearest_that_does() {
    insta::assert_snapshot!(notes([
        ("a field in identify", recipe("employee: root.email", "employee: root.mail")),
        ("a target field in identify", recipe("user: mail", "user: email")),
        ("a target field that refers to people", recipe("user: mail", "user: manager")),
        ("a start date", recipe("start_date: work.startDate", "start_date: work.startdate")),
        ("a start date that is no day", recipe("start_date: work.startDate", "start_date: work.title")),
        ("an end date that is no day", recipe("end_date: internal.terminationDate", "end_date: work.isManager")),
        ("a short name that leads nowhere", recipe("work.custom.field_1", "work.custom.field_2")),
        ("a short name that hides a field", recipe("seniority: work", "root.id: work")),
        ("a table of a stage", recipe("filter: filters", "filter: filter")),
        ("a table like no other", recipe("standard: standard_fields", "standard: pineapple")),
        ("an exact table", added("exact: [ sties ]")),
        ("a script", recipe("names.rhai", "name.rhai")),
    ]));
}

#[test]
fn a_time_zone_is_known_or_named() {
    let table = |text: &str| recipe("Europe/Paris", text);
    insta::assert_snapshot!(notes([
        ("misspelt", recipe("Europe/Paris", "Europe/Pris")),
        ("a city alone", recipe("Europe/Paris", "Atlantis")),
        ("no form of one", recipe("Europe/Paris", "\"+01:00\"")),
        ("an unknown table", table("{ table: site, field: work.site, column: lang, default: UTC }")),
        ("an unknown column", table("{ table: sites, field: work.site, column: zone, default: UTC }")),
        ("an unknown field", table("{ table: sites, field: work.sit, column: lang, default: UTC }")),
        ("an unknown default", table("{ table: sites, field: work.site, default: Europe/Pariss }")),
        ("cells that are none", table("{ table: sites, field: work.site, column: lang, default: UTC }")),
        ("no default", table("{ table: sites, field: work.site, column: lang }")),
    ]));
}

#[test]
fn a_mail_address_that_is_none_is_named() {
    let to = |address: &str| recipe("[ hr@acme.example ]", &format!("[ hr@acme.example, {address} ]"));
    insta::assert_snapshot!(notes([
        ("without a host", to("hr@")),
        ("without an @", to("hr.acme.example")),
        ("with a space", to("\"h r@acme.example\"")),
        ("with two @", to("hr@acme@example.org")),
        ("without a dot", to("hr@acme")),
        ("with a line break", to("\"hr@acme.example\\nBcc: x@y.example\"")),
        ("in notify", added("notify: { to: [ it@acme ] }")),
        ("twice", to("hr@acme.example")),
    ]));
}

#[test]
fn what_is_no_yaml_is_named_where_it_stops_being_one() {
    insta::assert_snapshot!(notes([
        ("a bracket that is not closed", recipe("[ names.rhai ]", "[ names.rhai")),
        ("a brace that is not closed", recipe("ignore_case: true }", "ignore_case: true")),
        ("a tab", recipe("  start:", "\tstart:")),
        ("a quote that is not closed", recipe("name: acme", "name: \"acme")),
        ("a colon in a value", recipe("name: acme", "description: Acme: everybody\nname: acme")),
        ("a level too far to the left", recipe("    people: people.json", "   people: people.json")),
        ("a key twice", added("name: other")),
        ("a key twice, further in", recipe("    lists: lists.json", "    people: lists.json")),
        ("nothing at all", Author::small().write(RECIPE, "")),
        ("only comments", Author::small().write(RECIPE, "# nothing yet\n")),
        ("a list", Author::small().write(RECIPE, "- version: 1\n")),
        ("one word", Author::small().write(RECIPE, "hello\n")),
        ("two documents", added("---\nversion: 1")),
        ("deeper than anything", added(&format!("x: {}1{}", "[".repeat(40), "]".repeat(40)))),
        ("a colon without a key", added(": x")),
        ("an anchor within itself", added("x: &a [ *a ]")),
    ]));
}

#[test]
fn a_field_that_the_target_sets_itself_cannot_be_written() {
    let author = Author::small();
    let mut problems = Problems::new();
    let draft = Draft::load(&author.recipe(), &mut problems).unwrap();
    let Described::Known(source) = describe_source(draft.source()).unwrap() else { panic!("files are built in") };
    let Described::Known(mut target) = describe_target(draft.target()).unwrap() else { panic!("it is built in") };
    target.fields.iter_mut().find(|field| field.name.as_str() == "first_name").unwrap().writable = false;
    assert!(draft.compile(&source, target, &mut problems).is_none());
    let problems = problems.into_sorted();
    assert_eq!(problems.len(), 1, "{problems:?}");
    insta::assert_snapshot!(problems[0].message, @"`first_name` is set by the target itself and can't be written");
    assert_eq!(problems[0].line_column(), Some((4, 1)));
}
