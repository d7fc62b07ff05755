//! Mistakes in the examples beside a recipe.

use rollbook::problem::Problems;
use rollbook::run::examples::Difference;
use rollbook::run::load::load;

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
        ("a role of the user", example("  expect:", "  user: { groups: [ A, { name: B, role: manger } ] }\n  expect:")),
        ("a group without a name", example("  expect:", "  user: { groups: [ { role: manager } ] }\n  expect:")),
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

/// What comes out other than the last example of the small recipe says.
fn differences(example: &str) -> Vec<String> {
    let author = with(EXAMPLES, example);
    let mut problems = Problems::new();
    let recipe = load(&author.recipe(), &mut problems).unwrap();
    let examples = rollbook::recipe::examples::load(&author.path(EXAMPLES), &recipe, &mut problems);
    let tried = rollbook::run::examples::run(&recipe, examples.last().unwrap());
    let line = |one: Difference| format!("{}: expected {}, found {}", one.what, one.expected, one.found);
    tried.differences.into_iter().map(line).collect()
}

/// An example of a manager who has a user in one group.
fn manager(site: &str, group: &str, expect: &str) -> Vec<String> {
    differences(&format!(
        "- {{ name: a, today: 2026-03-02, employee: {{ root.id: \"1\", root.email: a@acme.example, work.site: {site}, \
         internal.lifecycleStatus: Employed, work.isManager: true }}, user: {{ external_id: \"1\", mail: a@acme.example, \
         groups: [ {group} ] }}, expect: {{ {expect} }} }}"
    ))
}

#[test]
fn an_example_may_state_the_role_in_a_group() {
    let groups = "groups: [ Everybody, Site Berlin, { name: Managers, role: manager } ]";
    assert_eq!(manager("Berlin", "{ name: Managers, role: manager }", groups), Vec::<String>::new());
    assert_eq!(manager("Berlin", "Everybody", "groups: [ Everybody, Site Berlin, Managers ]"), Vec::<String>::new());
    assert_eq!(
        manager("Berlin", "Everybody", "groups: [ Everybody, Site Berlin, { name: Managers, role: member } ]"),
        [
            "groups: expected Everybody, Managers as member, Site Berlin, found Everybody as member, Managers as manager, Site Berlin as member"
        ]
    );
}

#[test]
fn an_example_without_problems_has_a_row_for_every_value() {
    assert_eq!(manager("Berlin", "Everybody", "problems: []"), Vec::<String>::new());
    assert_eq!(
        manager("Tokyo", "Everybody", "problems: []"),
        ["problems: expected nothing reported, found sites.csv has no row for `Tokyo`"]
    );
}
