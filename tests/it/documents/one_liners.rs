//! Single conditions and transforms: for each line a recipe of its own and an example of one person, all tried at once.
//!
//! Values are written as authors see them, and their form gives the type: `"text"`, `12`, `2026-03-02`, `yes`, `[a, b]`,
//! `empty` or `undelivered`, of text or of the type behind it (`empty date`). They stand in a field of the demo that has the type.

use std::path::Path;

use super::console::rollbook;
use super::{copy_demo, write};

/// The day on which everything is tried.
const TODAY: &str = "2026-03-02";

/// `field value ~ operator ~ value ~ yes, no or unknown`
pub(super) fn conditions(block: &str, place: &str) {
    let recipes = Recipes::new();
    for (number, cells) in lines(block, place).into_iter().enumerate() {
        let [value, operator, compared, holds] = cells[..] else { panic!("{place}: four cells, not {cells:?}") };
        let action = match holds {
            "yes" => "create",
            "no" => "out_of_scope",
            "unknown" => "undecided",
            other => panic!("{place}: a condition holds, does not, or is unknown; not `{other}`"),
        };
        let value = Value::of(value);
        let compared = if compared == "-" { "" } else { compared };
        let row = format!("include,{},{operator},{}\n", value.field, quoted(compared));
        recipes.add(number, "filter: filters\n", &[("filters", "effect,field,operator,value\n", &row)]);
        recipes.example(number, &cells.join(" ~ "), &value, &format!("action: {action}"));
    }
    recipes.try_all(place);
}

/// `expression ~ value ~ result`
pub(super) fn transforms(block: &str, place: &str) {
    let recipes = Recipes::new();
    for (number, cells) in lines(block, place).into_iter().enumerate() {
        let [expression, value, result] = cells[..] else { panic!("{place}: three cells, not {cells:?}") };
        let value = Value::of(value);
        let row = format!("result,{},{}\n", value.field, quoted(expression));
        recipes.add(number, "", &[("custom_fields", "target_field,source_field,transform\n", &row)]);
        let expect = match result.strip_prefix("fails: ") {
            Some(why) => format!("{{ action: fail, problems: [ {why:?} ] }}"),
            None if result == "undelivered" => "{ action: create }".to_owned(),
            None => format!("{{ action: create, problems: [], fields: {{ result: {} }} }}", Value::of(result).yaml),
        };
        recipes.type_of_result(number, if result.starts_with("fails") { "text" } else { Value::of(result).kind });
        recipes.example(number, &cells.join(" ~ "), &value, &expect);
    }
    recipes.try_all(place);
}

fn lines<'b>(block: &'b str, place: &str) -> Vec<Vec<&'b str>> {
    let lines = block.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let lines: Vec<Vec<&str>> = lines.map(|line| line.split(" ~ ").map(str::trim).collect()).collect();
    assert!(!lines.is_empty(), "{place}: the block is empty");
    lines
}

/// A value as the documents write it.
struct Value {
    /// A field of the demo's source that holds such values.
    field: &'static str,
    /// The directory's word for the type.
    kind: &'static str,
    /// As an example writes it.
    yaml: String,
    delivered: bool,
}

impl Value {
    fn of(written: &str) -> Self {
        let (written, of_type) = match written.strip_prefix("empty ").or_else(|| written.strip_prefix("undelivered ")) {
            Some(of_type) => (written.split(' ').next().unwrap(), of_type),
            None => (written, ""),
        };
        let is_date = written.parse::<jiff::civil::Date>().is_ok();
        let (field, kind) = match if of_type.is_empty() { written } else { of_type } {
            "date" => ("work.startDate", "date"),
            "number" => ("work.employeeIdInCompany", "number"),
            "list" => ("languages", "list"),
            "yes" | "no" => ("remote", "yes_no"),
            _ if written.starts_with('[') => ("languages", "list"),
            _ if is_date => ("work.startDate", "date"),
            _ if written.parse::<f64>().is_ok() => ("work.employeeIdInCompany", "number"),
            _ => ("root.displayName", "text"),
        };
        let yaml = match written {
            "empty" | "undelivered" => "null".to_owned(),
            "yes" => "true".to_owned(),
            "no" => "false".to_owned(),
            other => other.to_owned(),
        };
        Self { field, kind, yaml, delivered: written != "undelivered" }
    }
}

/// Recipes in a folder, `0.yaml` and on, each with the demo's source, scripts and value tables.
struct Recipes(tempfile::TempDir);

impl Recipes {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy_demo(folder.path());
        for path in ["recipes/demo.yaml", "recipes/demo.test.yaml"] {
            std::fs::remove_file(folder.path().join(path)).unwrap();
        }
        Self(folder)
    }

    fn path(&self, path: &str) -> std::path::PathBuf {
        self.0.path().join(path)
    }

    fn add(&self, number: usize, stages: &str, tables: &[(&str, &str, &str)]) {
        for table in ["sites", "departments", "titles", "budgets", "seniority", "languages"] {
            let (from, to) = (format!("lookup_tables/demo/{table}.csv"), format!("lookup_tables/{number}/{table}.csv"));
            write(&self.path(&to), &std::fs::read_to_string(self.path(&from)).unwrap(), false);
        }
        let fields = "target_field,source_field,default\nmail,,a@acme.example\n";
        write(&self.path(&format!("lookup_tables/{number}/standard_fields.csv")), fields, false);
        let mut custom = "";
        for (name, header, rows) in tables {
            write(&self.path(&format!("lookup_tables/{number}/{name}.csv")), &format!("{header}{rows}"), false);
            if *name == "custom_fields" {
                custom = ", custom: custom_fields";
            }
        }
        let recipe = format!(
            "version: 1\nname: r{number}\nsource:\n  file:\n    people: demo/people.json\n    fields: demo/fields.json\n    \
             lists: demo/named-lists.json\n    short_names:\n      remote: work.custom.field_1700000000003\n      \
             languages: about.custom.Spoken languages_X1a2\ntarget:\n  directory:\n    database: directory.db\n    \
             custom_fields: {{ result: TYPE }}\nidentify: [ {{ employee: root.email, user: mail }} ]\n\
             tables: ../lookup_tables/{number}\nfields: {{ standard: standard_fields{custom} }}\n\
             scripts: [ scripts/names.rhai ]\n{stages}"
        );
        write(&self.path(&format!("recipes/{number}.yaml")), &recipe.replace("TYPE", "text"), false);
    }

    fn type_of_result(&self, number: usize, kind: &str) {
        let path = self.path(&format!("recipes/{number}.yaml"));
        let recipe = std::fs::read_to_string(&path).unwrap();
        write(&path, &recipe.replace("result: text", &format!("result: {kind}")), false);
    }

    fn example(&self, number: usize, name: &str, value: &Value, expect: &str) {
        let not_delivered =
            if value.delivered { String::new() } else { format!("  not_delivered: [ {} ]\n", value.field) };
        let expect = if expect.starts_with('{') { expect.to_owned() } else { format!("{{ {expect} }}") };
        let example = format!(
            "- name: {name:?}\n  today: {TODAY}\n  employee: {{ root.id: \"1\", root.email: a@acme.example, work.site: Berlin, \
             {}: {} }}\n{not_delivered}  expect: {expect}\n",
            value.field, value.yaml
        );
        write(&self.path(&format!("recipes/{number}.test.yaml")), &example, false);
    }

    fn try_all(&self, place: &str) {
        let (output, code) = rollbook(&["test"], Path::new(self.0.path()));
        let failing: String =
            output.lines().filter(|line| !line.starts_with("holds")).map(|line| format!("{line}\n")).collect();
        assert_eq!(code, 0, "{place}:\n{failing}");
    }
}

fn quoted(cell: &str) -> String {
    format!("\"{}\"", cell.replace('"', "\"\""))
}
