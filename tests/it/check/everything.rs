//! One recipe with a mistake of nearly every kind, in every file: all of them are named at once.

use crate::author::Author;

/// The small recipe, broken in each of its files.
fn broken() -> Author {
    Author::small()
        .edit("recipe.yaml", "timezone: Europe/Paris", "timezone: Europe/Pris")
        .edit("recipe.yaml", "      seniority:", "      seniorty:")
        .edit("recipe.yaml", "choices: [S, M, L]", "choises: [S, M, L]")
        .edit("recipe.yaml", "employee: root.email", "employee: root.mail")
        .edit("recipe.yaml", "ownership: rules", "ownership: rule")
        .edit("recipe.yaml", "start: on_start_date", "start: at_once")
        .edit("recipe.yaml", "end_date: internal.terminationDate", "end_date: work.title")
        .edit("recipe.yaml", "limits: {", "limits: { deactivate: { most: many, percnt: 5 },")
        .edit("recipe.yaml", "hr@acme.example", "hr.acme.example, me@here")
        .append("recipe.yaml", "schedule: { full_sync: daily }\ncolour: red")
        .append("names.rhai", "fn twice(x) {\n    tidyy(x) + y\n}\nfn slug(x) { x }")
        .edit("tables/filters.csv", "effect,", "efect,")
        .edit("tables/filters.csv", "starts_with", "start_with")
        .append(
            "tables/filters.csv",
            "managers,exclude,work.isManager,equals,perhaps,,\nold,exclude,work.startDate,before,yesterday,,",
        )
        .edit("tables/status.csv", "internal.terminationDate", "internal.terminationdate")
        .append(
            "tables/status.csv",
            "spoken,about.languages,equals,German,active\nhead,work.title,matches,(Head,enabled",
        )
        .append("tables/status.csv", "employed,work.hours,at_least,many,inactive\nshort,work.site")
        .edit("tables/standard_fields.csv", "tidy(value)", "tidi(value)")
        .edit("tables/standard_fields.csv", "\"lookup(\"\"sites\"\", value)\"", "\"lookup(\"\"sits\"\", value)\"")
        .edit("tables/standard_fields.csv", "manager,work.manager", "manger,work.manager.emial")
        .append("tables/standard_fields.csv", "cost_centre,payroll.code,,,,\nhire_date,,,soon,,")
        .edit("tables/custom_fields.csv", "clear,", "clean,")
        .append("tables/custom_fields.csv", "cost_centre,payroll.code,,,,\nremote,,,,,")
        .edit("tables/groups.csv", "Site {work.site}", "Site {work.site")
        .edit("tables/groups.csv", "Managers,manager", "Managers,boss")
        .edit("tables/sites.csv", "fr\n", "\"fr\n")
        .edit("recipe.test.yaml", "action: create", "action: created")
        .edit("recipe.test.yaml", "work.site: Berlin", "work.sit: Berlin")
        .edit("recipe.test.yaml", "work.startDate: 2026-02-02", "work.startDate: soon")
        .edit("recipe.test.yaml", "first_name:", "firstname:")
}

#[test]
fn every_mistake_in_every_file_is_named_at_once() {
    let author = broken();
    assert!(author.problems().len() >= 40, "{}", author.notes());
    insta::assert_snapshot!("everything", author.reads());
}

#[test]
fn what_is_named_at_once_is_the_same_every_time() {
    let author = broken();
    let first = author.reads();
    for _ in 0..3 {
        assert_eq!(author.reads(), first);
    }
}
