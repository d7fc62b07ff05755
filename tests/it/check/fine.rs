//! What looks odd and is right: no alarm.

use super::{edited, with};
use crate::author::Author;

const STATUS: &str = "tables/status.csv";
const STANDARD: &str = "tables/standard_fields.csv";
const GROUPS: &str = "tables/groups.csv";

/// Nothing is said of any of these.
fn fine<const N: usize>(cases: [(&str, Author); N]) {
    for (title, author) in cases {
        assert_eq!(author.reads(), "", "{title}");
    }
}

#[test]
fn the_small_recipe_and_the_demo_are_right() {
    fine([("small", Author::small()), ("demo", Author::demo())]);
}

#[test]
fn fields_may_be_written_in_every_form_of_the_language() {
    fine([
        ("the machine id of a list", with(STATUS, "x,work.department@id,equals,department_1,active")),
        ("the machine id of a field that is no list", with(STATUS, "x,work.title@id,equals,CEO,active")),
        ("a short name", with(STATUS, "x,seniority,equals,Senior,active")),
        ("the machine id by a short name", with(STATUS, "x,seniority@id,equals,seniority_2,active")),
        ("a field of the manager", with(STATUS, "x,work.manager.email,ends_with,@acme.example,active")),
        ("a whole field id of the manager", with(STATUS, "x,work.manager.work.site,equals,Berlin,active")),
        ("the manager's manager", with(STATUS, "x,work.manager.work.manager.email,is_present,,active")),
        ("labels in other capitals", edited(STATUS, "equals,Employed", "equals,EMPLOYED")),
        (
            "capitals in `in`, and spaces around bars",
            edited(STATUS, "Terminated|Garden leave", "terminated | GARDEN LEAVE |"),
        ),
        ("days", with(STATUS, "x,work.startDate,on_or_after,today - 2 w,active")),
        ("a day from another field", with(STATUS, "x,work.startDate,before,{internal.terminationDate}-6m,active")),
        ("a person without a manager", with(STATUS, "x,work.manager,is_empty,,active")),
        ("a script without a field", with(STATUS, "x,,script,today > \"2026-01-01\",active")),
    ]);
}

#[test]
fn every_column_may_be_left_out_or_added_that_nothing_needs() {
    let columns = "comment,status,value,operator,field,enabled\n,active,Employed,equals,internal.lifecycleStatus,\n";
    let sites = "from,to,lang,enabled,comment\nBerlin,\"Berlin, Germany\",de,yes,\nParis,\"Paris, France\",fr,1,x\nOslo,Oslo,no,no,later\n";
    fine([
        ("in another order, without rule", Author::small().write(STATUS, columns)),
        ("enabled and comment in a value table", Author::small().write("tables/sites.csv", sites)),
        (
            "a row that is switched off may be wrong",
            Author::small().append("tables/filters.csv", "old,exclude,no.such.field,what,,no,kept for later"),
        ),
        ("rows and comments between", with(STATUS, "\n# nobody else\n,,,,")),
        ("only a header", Author::small().write("tables/filters.csv", "effect,operator,field,value\n")),
    ]);
}

#[test]
fn rules_that_resemble_each_other_are_not_the_same() {
    fine([
        ("the same condition, another group", with(GROUPS, "also,work.isManager,equals,yes,Leaders,")),
        ("the same group, another condition", with(GROUPS, "also,work.title,starts_with,Head of,Managers,manager")),
        ("the same group and condition, another role", with(GROUPS, "also,work.isManager,equals,yes,Managers,")),
        (
            "a special case before the general one",
            edited(STATUS, "employed,", "berlin,work.site,equals,Berlin,ignore\nemployed,"),
        ),
        (
            "a rule over several rows, not next to each other",
            with(STATUS, "a,work.hours,more_than,10,active\nb,work.hours,equals,3,active\na,work.hours,less_than,20,"),
        ),
        (
            "a list contains two items",
            with(GROUPS, "both,about.languages,contains,English,Both,\nboth,about.languages,contains,German,,"),
        ),
        ("bounds that meet", with(STATUS, "x,work.hours,at_least,20,active\nx,work.hours,at_most,20,")),
        (
            "not one and not the other",
            with(STATUS, "x,work.site,not_equals,Berlin,active\nx,work.site,not_equals,Paris,"),
        ),
        ("around today", with(STATUS, "x,work.startDate,after,today-90d,active\nx,work.startDate,before,today,")),
    ]);
}

#[test]
fn value_tables_may_answer_for_more_than_the_list() {
    fine([
        ("a row for everything else", with("tables/sites.csv", "*,Elsewhere,en")),
        ("an empty value", edited("tables/sites.csv", "France\",fr", "France\",")),
        (
            "a key that is made from the value",
            edited(STANDARD, "\"lookup(\"\"sites\"\", value)\"", "\"lookup(\"\"sites\"\", trim(value))\""),
        ),
        ("keys to the letter", with("recipe.yaml", "exact: [ sites ]")),
        (
            "keys that differ in capitals, to the letter",
            with("recipe.yaml", "exact: [ titles ]")
                .write("tables/titles.csv", "from,to\nA,1\na,2\n")
                .append(STANDARD, "job_title,work.title,\"lookup(\"\"titles\"\", value)\",,,"),
        ),
        (
            "a table that only the time zone reads",
            edited("recipe.yaml", "Europe/Paris", "{ table: zones, field: work.site, column: zone, default: UTC }")
                .write("tables/zones.csv", "from,to,zone\nBerlin,,Europe/Berlin\nParis,,Europe/Paris\n"),
        ),
        (
            "a table that only a script reads",
            with("names.rhai", "fn code(x) { lookup(\"codes\", x) }")
                .write("tables/codes.csv", "from,to\nFinance,F\n")
                .append(STANDARD, "department,work.department,code(value),,,"),
        ),
    ]);
}

#[test]
fn every_section_of_the_language_is_taken() {
    fine([
        ("attach", edited("recipe.yaml", "report: {", "report: { when: problems, attach: [csv],")),
        ("nothing attached", edited("recipe.yaml", "report: {", "report: { attach: [],")),
        ("a name before an address", edited("recipe.yaml", "hr@acme.example", "\"hr+reports@acme.example\"")),
    ]);
}
