//! Configuration that has no effect: warned of, and no reason not to run.

use super::{edited, notes, with};
use crate::author::Author;

const STATUS: &str = "tables/status.csv";
const GROUPS: &str = "tables/groups.csv";
const STANDARD: &str = "tables/standard_fields.csv";

#[test]
fn what_nothing_reads_is_named() {
    insta::assert_snapshot!(notes([
        ("a value table", Author::small().write("tables/titles.csv", "from,to\na,b\n")),
        ("a table of an unknown kind", Author::small().write("tables/old.csv", "a,b\n1,2\n")),
        ("a function", with("names.rhai", "fn shout(x) { x.to_upper() }")),
        ("a function that only an unused one calls", with("names.rhai", "fn a(x) { b(x) }\nfn b(x) { x }")),
        ("a stage that was taken out of the recipe", edited("recipe.yaml", "filter: filters\n", "")),
    ]));
}

#[test]
fn a_rule_that_can_never_match_is_named() {
    insta::assert_snapshot!(notes([
        ("two values at once", with(STATUS, "x,work.site,equals,Berlin,active\nx,work.site,equals,Paris,")),
        (
            "a value that is not that value",
            with(STATUS, "x,work.site,equals,Berlin,active\nx,work.site,not_equals,Berlin,")
        ),
        ("empty and present", with(STATUS, "x,work.site,is_empty,,active\nx,work.site,is_present,,")),
        ("more than it is less than", with(STATUS, "x,work.hours,more_than,40,active\nx,work.hours,less_than,20,")),
        (
            "after and before",
            with(STATUS, "x,work.startDate,after,2026-05-01,active\nx,work.startDate,before,2026-01-01,")
        ),
        ("a manager who is none", with(GROUPS, "x,work.isManager,equals,yes,A,\nx,work.isManager,equals,no,,")),
        ("a label that the list does not have", edited(STATUS, "equals,Employed", "equals,Employd")),
        ("one of several labels", edited(STATUS, "Garden leave", "Gardening leave")),
        ("a label instead of a machine id", with(STATUS, "x,work.department@id,equals,Finance,active")),
        ("an item that no list has", edited(GROUPS, "contains,German", "contains,Klingon")),
    ]));
}

#[test]
fn a_rule_that_another_one_covers_is_named() {
    insta::assert_snapshot!(notes([
        ("a status rule after a wider one", with(STATUS, "late,internal.lifecycleStatus,equals,Terminated,active")),
        (
            "a status rule after one with fewer conditions",
            with(STATUS, "x,internal.lifecycleStatus,equals,Employed,inactive\nx,work.site,equals,Berlin,")
        ),
        ("the same status rule again", with(STATUS, "again,internal.lifecycleStatus,equals,Employed,active")),
        ("the same filter again", with("tables/filters.csv", "again,exclude,root.email,starts_with,test-,,")),
        ("the same group again", with(GROUPS, "again,about.languages,contains,German,German speakers,")),
    ]));
}

#[test]
fn rows_of_value_tables_that_nobody_reaches_are_named() {
    insta::assert_snapshot!(notes([
        ("a key that the list does not have", with("tables/sites.csv", "Berln,Berlin,de")),
        ("a key like no other", with("tables/sites.csv", "Tokyo,Tokyo,ja")),
    ]));
}

#[test]
fn values_of_a_list_that_no_row_answers_for_are_named_once_for_a_table_and_a_field() {
    let rows = "from,to\nFinance,F\n";
    let code = |transform: &str| {
        let row = format!("department,work.department,\"{transform}\",,,");
        Author::small().write("tables/codes.csv", rows).append(STANDARD, &row)
    };
    insta::assert_snapshot!(notes([
        ("a site without a row", edited("tables/sites.csv", "Paris,\"Paris, France\",fr\n", "")),
        ("departments without a row", code("lookup(\"\"codes\"\", value)")),
        ("with something for all others in the script", code("lookup_or(\"\"codes\"\", value, \"\"X\"\")")),
        ("with a row for all others", code("lookup(\"\"codes\"\", value)").append("tables/codes.csv", "*,X")),
        (
            "one that is archived",
            edited("tables/sites.csv", "Paris,\"Paris, France\",fr\n", "").edit(
                "lists.json",
                "\"name\": \"Paris\", \"archived\": false",
                "\"name\": \"Paris\", \"archived\": true"
            )
        ),
        ("more than are named", code("lookup(\"\"codes\"\", value)").edit("lists.json", ENGINEERING, &seven_more())),
    ]));
}

/// The last department of the small recipe's lists.
const ENGINEERING: &str =
    r#"{"id": "department_3", "value": "Engineering", "name": "Engineering", "archived": false, "children": []}"#;

/// It, and seven further ones.
fn seven_more() -> String {
    let more = (4..11).map(|number| {
        ENGINEERING.replace("_3", &format!("_{number}")).replace("Engineering", &format!("Unit {number}"))
    });
    std::iter::once(ENGINEERING.to_owned()).chain(more).collect::<Vec<_>>().join(", ")
}

#[test]
fn values_that_the_target_cannot_take_are_named() {
    insta::assert_snapshot!(notes([
        ("a result of a lookup", edited("tables/sites.csv", "Germany\",de", "Germany\",german")),
        (
            "labels of a list that the target does not have",
            edited("tables/custom_fields.csv", "size,,,M,,", "size,seniority,,M,,")
        ),
        ("languages as people write them", languages()),
    ]));
}

/// `lang` from a table of languages whose line 7 gives a word instead of a code.
fn languages() -> Author {
    let table = "# Spoken language to code\nfrom,to\n# the rest\nGerman,de\n\n# English\nEnglish,english\n";
    Author::small().write("tables/languages.csv", table).edit(
        STANDARD,
        "lang,work.site,\"lookup(\"\"sites\"\", value, \"\"lang\"\")\"",
        "lang,about.languages,\"lookup(\"\"languages\"\", join(value, \"\"\"\"))\"",
    )
}
