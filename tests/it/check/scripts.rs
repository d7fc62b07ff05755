//! Mistakes in scripts and in the expressions of cells.

use rollbook::problem::Problems;
use rollbook::recipe::examples;
use rollbook::run::load;

use super::{edited, notes, with};
use crate::author::Author;

const SCRIPT: &str = "names.rhai";
const STANDARD: &str = "tables/standard_fields.csv";

/// The first name's transform, written as a spreadsheet would.
fn transform(expression: &str) -> Author {
    edited(STANDARD, "tidy(value)", &format!("\"{}\"", expression.replace('"', "\"\"")))
}

#[test]
fn a_script_that_is_none_is_named_where_it_stops_being_one() {
    insta::assert_snapshot!(notes([
        ("a brace that is not closed", with(SCRIPT, "fn a(x) { x")),
        ("a bracket that is not closed", with(SCRIPT, "fn a(x) { trim(x }")),
        ("a text that is not closed", with(SCRIPT, "fn a(x) { \"x }")),
        ("a word of another language", with(SCRIPT, "function a(x) { x }")),
        ("a statement outside of functions", with(SCRIPT, "let x = 1;")),
        ("a function twice", with(SCRIPT, "fn tidy(x) { x }")),
        ("a helper's name", with(SCRIPT, "fn slug(x) { x }")),
        ("eval", with(SCRIPT, "fn a(x) { eval(x) }")),
        ("import", with(SCRIPT, "import \"a\" as b;")),
        ("print", with(SCRIPT, "fn a(x) { print(x) }")),
    ]));
}

#[test]
fn every_call_and_name_is_resolved_before_a_run() {
    insta::assert_snapshot!(notes([
        ("a function", transform("tidi(value)")),
        ("a function like no other", transform("frobnicate(value)")),
        ("a function of a script that another function misspells", with(SCRIPT, "fn twice(x) { tidyy(x) }")),
        ("too many arguments", transform("tidy(value, 2)")),
        ("a method", transform("value.to_uper()")),
        ("a variable", transform("tidy(valu)")),
        ("employee with dots", transform("tidy(employee.root.email)")),
        ("a table", transform("lookup(\"site\", value)")),
        ("a column", transform("lookup(\"sites\", value, \"land\")")),
        ("a rule table", transform("lookup(\"status\", value)")),
        ("a script that reads what only cells see", with(SCRIPT, "fn mine() { value }")),
        ("syntax", transform("tidy(value")),
        ("nothing but an assignment", transform("let x = value")),
        ("a pattern", transform("capture(value, \"(\")")),
        ("a format", transform("format_date(value, \"QQ\")")),
    ]));
}

#[test]
fn a_script_that_goes_wrong_for_a_person_is_that_persons_failure() {
    let outcomes: String = [
        ("an endless loop", "fn tidy(text) { loop { } }"),
        ("a text that doubles for ever", "fn tidy(text) { let s = text; loop { s += s; } }"),
        ("a list that grows for ever", "fn tidy(text) { let l = [text]; loop { l += l; } }"),
        ("a function that calls itself", "fn tidy(text) { tidy(text) }"),
        ("two functions that call each other", "fn tidy(text) { other(text) }\nfn other(text) { tidy(text) }"),
        ("a division by zero", "fn tidy(text) { 1 / 0 }"),
        ("fail", "fn tidy(text) { fail(\"not today\") }"),
        ("a place beyond the end of a list", "fn tidy(text) { split(text, \",\")[7] }"),
        ("a day that is none", "fn tidy(text) { parse_date(text, \"DD.MM.YYYY\") }"),
        ("a number too large", "fn tidy(text) { 9223372036854775807 + 1 }"),
    ]
    .iter()
    .map(|(title, script)| format!("# {title}\n{}\n", failure(&Author::small().write(SCRIPT, script))))
    .collect();
    insta::assert_snapshot!(outcomes);
}

/// What comes of the one example, and why.
fn failure(author: &Author) -> String {
    let mut problems = Problems::new();
    let recipe = load::load(&author.recipe(), &mut problems).unwrap();
    let mut examples = examples::load(&author.path("recipe.test.yaml"), &recipe, &mut problems);
    assert!(!problems.any_fatal(), "{}", author.notes());
    examples[0].expect.problems = Some(vec!["something else".to_owned()]);
    let differences = rollbook::run::examples::run(&recipe, &examples[0]).differences;
    let found = |what: &str| differences.iter().find(|one| one.what == what).unwrap().found.clone();
    format!("{}\n  {}", found("action"), found("problems"))
}
