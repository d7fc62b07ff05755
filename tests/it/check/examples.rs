//! Mistakes in the examples beside a recipe.

use super::{edited, notes, with};
use crate::author::Author;

const EXAMPLES: &str = "recipe.test.yaml";

fn example(from: &str, to: &str) -> Author {
    edited(EXAMPLES, from, to)
}

#[test]
fn everything_wrong_with_an_example_is_named() {
    insta::assert_snapshot!(notes([
        ("an unknown key", example("today:", "todey:")),
        ("an unknown key in expect", example("action:", "actions:")),
        ("an unknown action", example("action: create", "action: created")),
        ("a day that does not exist", example("2026-03-02", "2026-02-30")),
        ("a day in another form", example("2026-03-02", "02.03.2026")),
        ("a field of the source", example("work.site:", "work.sit:")),
        ("a field of the target", example("first_name:", "firstname:")),
        ("a field that no table fills", example("first_name:", "last_name:")),
        ("a value of the wrong kind", example("work.startDate: 2026-02-02", "work.startDate: soon")),
        ("a list for a text", example("root.firstName: ada", "root.firstName: [ada]")),
        ("no id", example("    root.id: \"1\"\n", "")),
        ("an id that is a number", example("root.id: \"1\"", "root.id: 1")),
        ("a status", example("  expect:", "  user: { status: gone }\n  expect:")),
        ("a field of the user", example("  expect:", "  user: { mial: a@b.example }\n  expect:")),
        ("what was not delivered", example("  expect:", "  not_delivered: [ work.stie ]\n  expect:")),
        (
            "nothing expected",
            with(EXAMPLES, "- { name: a, today: 2026-01-01, employee: { root.id: \"1\" }, expect: {} }")
        ),
        (
            "several in one example",
            example("work.site:", "work.sit:").edit(EXAMPLES, "first_name:", "frst_name:").edit(
                EXAMPLES,
                "2026-03-02",
                "2026-02-30"
            )
        ),
        ("no list", Author::small().write(EXAMPLES, "name: one\n")),
        ("no YAML", with(EXAMPLES, "  - [")),
        ("nothing in the file", Author::small().write(EXAMPLES, "# to do\n")),
    ]));
}

#[test]
fn examples_are_checked_even_when_the_recipe_is_wrong() {
    insta::assert_snapshot!(notes([
        (
            "a field and a table",
            example("work.site:", "work.sit:").edit("recipe.yaml", "filter: filters", "filter: filtres")
        ),
        ("a recipe that is no YAML", example("today:", "todey:").edit("recipe.yaml", "[ names.rhai ]", "[ names.rhai")),
    ]));
}
