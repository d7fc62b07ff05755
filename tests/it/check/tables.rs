//! Mistakes in lookup tables.

use super::{edited, notes, with};
use crate::author::Author;

const FILTERS: &str = "tables/filters.csv";
const STATUS: &str = "tables/status.csv";
const STANDARD: &str = "tables/standard_fields.csv";
const CUSTOM: &str = "tables/custom_fields.csv";
const GROUPS: &str = "tables/groups.csv";

/// A status rule with one condition on its own line 5.
fn condition(field: &str, operator: &str, value: &str) -> Author {
    with(STATUS, &format!("x,{field},{operator},{value},active"))
}

#[test]
fn columns_are_known_and_there() {
    insta::assert_snapshot!(notes([
        ("misspelt in filters", edited(FILTERS, "operator", "operater")),
        ("misspelt in status", edited(STATUS, "value,status", "value,state")),
        ("misspelt in standard fields", edited(STANDARD, "source_field", "source")),
        ("misspelt in custom fields", edited(CUSTOM, "when_empty", "if_empty")),
        ("misspelt in groups", edited(GROUPS, "group,role", "group,rol")),
        ("twice", edited(STATUS, "rule,field", "field,field")),
        ("without a name", edited(STATUS, "rule,field", "rule,")),
        ("only a header, and that of another table", Author::small().write(STATUS, "target_field,source_field\n")),
    ]));
}

#[test]
fn words_of_a_column_are_known() {
    insta::assert_snapshot!(notes([
        ("effect", edited(FILTERS, "exclude", "excluded")),
        ("effect, with capitals", edited(FILTERS, "exclude", "Exclude")),
        ("operator", edited(FILTERS, "starts_with", "start_with")),
        ("operator, as in other languages", edited(FILTERS, "starts_with", "==")),
        ("operator in groups", edited(GROUPS, "contains", "contain")),
        ("status", edited(STATUS, "Employed,active", "Employed,enabled")),
        ("when_empty", edited(STANDARD, "root.id,,,error", "root.id,,,fail")),
        ("write", edited(STANDARD, "en,,on_create", "en,,once")),
        ("enabled", edited(FILTERS, "is_present,,,", "is_present,,maybe,")),
        ("role", edited(GROUPS, "Managers,manager", "Managers,managers")),
    ]));
}

#[test]
fn what_a_row_needs_is_asked_for() {
    insta::assert_snapshot!(notes([
        ("an effect", edited(FILTERS, "exclude", "")),
        ("an operator", edited(FILTERS, "starts_with", "")),
        ("a field", edited(FILTERS, "root.email", "")),
        ("a value", edited(FILTERS, "test-", "")),
        ("no value", edited(FILTERS, "is_present,", "is_present,x")),
        ("a status", edited(STATUS, "equals,Employed,active", "equals,Employed,")),
        (
            "a status, in a row without a rule",
            edited(
                STATUS,
                "employed,internal.lifecycleStatus,equals,Employed,active",
                ",internal.lifecycleStatus,equals,Employed,"
            )
        ),
        ("a group", edited(GROUPS, "Managers,manager", ",")),
        ("a group, in a row without a rule", with(GROUPS, ",work.isManager,equals,no,,")),
        ("a condition's operator in groups", edited(GROUPS, "work.isManager,equals,yes", "work.isManager,,yes")),
        ("a target field", edited(STANDARD, "external_id,", ",")),
        ("where a field comes from", edited(STANDARD, "external_id,root.id", "external_id,")),
        ("a source field for `value`", edited(STANDARD, "first_name,root.firstName", "first_name,")),
        ("an expression", with(STATUS, "x,,script,,active")),
        ("a field for a script that reads `value`", with(STATUS, "x,,script,value == 1,active")),
        ("what the target requires", edited(STANDARD, "mail,root.email,,,error,\n", "")),
    ]));
}

#[test]
fn fields_are_known_in_every_table() {
    insta::assert_snapshot!(notes([
        ("filters", edited(FILTERS, "root.email", "root.emial")),
        ("status", edited(STATUS, "internal.terminationDate", "internal.terminationdate")),
        ("source field", edited(STANDARD, "work.manager", "work.manger")),
        ("target field", edited(STANDARD, "first_name", "firstname")),
        ("target field like no other", edited(STANDARD, "first_name", "shoe_size")),
        ("custom target field", edited(CUSTOM, "cost_centre", "cost_center")),
        ("groups", edited(GROUPS, "about.languages", "about.language")),
        ("in a group's name", edited(GROUPS, "Site {work.site}", "Site {work.sit}")),
        ("in a day", edited(STATUS, "before,today", "before,{work.strtDate}")),
        ("the machine id of nothing", edited(FILTERS, "root.email", "work.departmnt@id")),
        ("of the manager", edited(STANDARD, "work.manager", "work.manager.emial")),
        ("of somebody who is no reference", edited(STANDARD, "work.manager", "work.title.email")),
        ("in a transform", edited(STANDARD, "tidy(value)", "\"tidy(employee[\"\"root.fistName\"\"])\"")),
    ]));
}

#[test]
fn values_fit_the_type_of_their_field() {
    insta::assert_snapshot!(notes([
        ("a number that is none", condition("work.hours", "at_least", "many")),
        ("one of several numbers", condition("work.hours", "in", "1|two|three")),
        ("a day that is none", condition("work.startDate", "before", "tomorrow")),
        ("a day in another order", condition("work.startDate", "before", "01.02.2026")),
        ("a day that does not exist", condition("work.startDate", "equals", "2026-02-30")),
        ("an offset that is none", condition("work.startDate", "after", "today+2 weeks")),
        ("yes or no that is neither", condition("work.isManager", "equals", "maybe")),
        ("a pattern that is none", condition("work.title", "matches", "(Head")),
        ("a pattern that looks back", condition("work.title", "matches", "(?<!x)Head")),
        ("a pattern that grows without bounds", condition("work.title", "matches", "(a{1000}){1000}")),
        ("an offset that leads out of the calendar", condition("work.startDate", "after", "today+99999y")),
    ]));
}

#[test]
fn operators_make_sense_for_the_type_of_their_field() {
    insta::assert_snapshot!(notes([
        ("a list equals", condition("about.languages", "equals", "German")),
        ("a list starts with", condition("about.languages", "starts_with", "Ger")),
        ("text at least", condition("work.title", "at_least", "B")),
        ("text before", condition("work.title", "before", "today")),
        ("a number before", condition("work.hours", "before", "today")),
        ("a number contains", condition("work.hours", "contains", "4")),
        ("a day contains", condition("work.startDate", "contains", "2026")),
        ("a day matches", condition("work.startDate", "matches", "^2026")),
        ("yes or no at least", condition("work.isManager", "at_least", "yes")),
        ("yes or no in", condition("work.isManager", "in", "yes|no")),
        ("a person before", condition("work.manager", "before", "today")),
        ("a person contains", condition("work.manager", "contains", "1")),
    ]));
}

#[test]
fn target_fields_are_filled_once_from_the_right_table_with_what_they_take() {
    insta::assert_snapshot!(notes([
        ("twice in one table", with(STANDARD, "mail,root.email,,,,")),
        ("once in each table", with(CUSTOM, "mail,root.email,,,,")),
        ("a custom field among the standard ones", with(STANDARD, "hours,work.hours,,,,")),
        ("a default that is no choice", edited(CUSTOM, "size,,,M", "size,,,Medium")),
        ("a default nearly a choice", edited(CUSTOM, "size,,,M", "size,,,m")),
        ("a default that is no number", with(CUSTOM, "hours,work.hours,,forty,,")),
        ("a default that is neither yes nor no", with(CUSTOM, "remote,work.isManager,,perhaps,,")),
        ("a default that is no day", with(STANDARD, "hire_date,work.startDate,,soon,,")),
        ("a default that is no language", edited(STANDARD, ",en,,on_create", ",xx,,on_create")),
    ]));
}

#[test]
fn groups_are_written_so_that_they_can_be_found() {
    insta::assert_snapshot!(notes([
        ("a brace that is not closed", edited(GROUPS, "Site {work.site}", "Site {work.site")),
        ("a brace that is not opened", edited(GROUPS, "Site {work.site}", "Site work.site}")),
        ("nothing between the braces", edited(GROUPS, "Site {work.site}", "Site {}")),
    ]));
}

#[test]
fn the_rows_of_one_rule_agree() {
    insta::assert_snapshot!(notes([
        ("status", with(STATUS, "employed,work.site,equals,Berlin,inactive")),
        ("effect", with(FILTERS, "test accounts,include,work.title,is_present,,,")),
        ("group", with(GROUPS, "managers,work.site,equals,Berlin,Chefs,")),
        ("role", with(GROUPS, "managers,work.site,equals,Berlin,,member")),
    ]));
}

#[test]
fn a_table_that_is_no_table_is_named_where_it_stops_being_one() {
    insta::assert_snapshot!(notes([
        ("a cell too few", edited(STATUS, "over,internal.terminationDate", "internal.terminationDate")),
        ("a cell too many", edited(STATUS, "Employed,active", "Employed, Hired,active")),
        ("a quote that is not closed", edited(STATUS, "in,Terminated", "in,\"Terminated")),
        ("a quote in the middle", edited(STATUS, "in,Terminated|Garden leave", "in,\"Terminated\"|Garden leave")),
        ("nothing", Author::small().write(STATUS, "")),
        ("only comments", Author::small().write(STATUS, "# to do\n")),
        ("only commas", Author::small().write(STATUS, ",,,\n")),
    ]));
}

#[test]
fn value_tables_are_keyed_and_filled() {
    insta::assert_snapshot!(notes([
        ("a key twice", with("tables/sites.csv", "berlin,Berlin,de")),
        ("two rows for everything else", with("tables/sites.csv", "*,A,en\n*,B,en")),
        ("a row without a key", with("tables/sites.csv", ",Nowhere,en")),
        ("no column but the key", Author::small().write("tables/sites.csv", "from\nBerlin\n")),
        ("no `to`, which a lookup reads", edited("tables/sites.csv", "from,to", "from,label")),
        ("no `from`", edited("tables/sites.csv", "from,to", "key,to")),
    ]));
}
