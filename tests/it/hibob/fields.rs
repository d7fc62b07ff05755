//! `fields` of a recipe with HiBob: type, list values and permission category of each.

use serde_json::Value as Json;

use super::tenant::Tenant;

#[test]
fn fields_are_listed_with_type_list_values_and_category() {
    let ran = Tenant::open().run(&["fields", "recipes/demo-live.yaml"]).expect_code(0);
    let source: Vec<&str> = ran.stdout.lines().take_while(|line| !line.is_empty()).collect();
    let from = source.iter().position(|line| line.contains("internal.lifecycleStatus")).unwrap();
    insta::assert_snapshot!([&source[..1], &source[from..from + 5]].concat().join("\n"), @r"
    source HiBob: 26 fields
      internal.lifecycleStatus               text          Lifecycle status  [Lifecycle]
          one of: Hired · Employed · Leave · Parental leave · Garden leave · Terminated
      internal.status                        text          Status  [Lifecycle]
          one of: Active · Inactive
      internal.terminationDate               date          Termination date  [Lifecycle]
    ");
}

#[test]
fn fields_as_json_hold_ids_and_archived_items_too() {
    let ran = Tenant::open().run(&["fields", "recipes/demo-live.yaml", "--format", "json"]).expect_code(0);
    let fields: Json = serde_json::from_str(&ran.stdout).unwrap();
    let field = |id: &str| fields["source"].as_array().unwrap().iter().find(|field| field["field"] == id).unwrap();
    let department = field("work.department");
    assert_eq!((&department["category"], &department["type"]), (&Json::from("Work"), &Json::from("text")));
    let choices = department["choices"].as_array().unwrap();
    assert!(choices.iter().any(|choice| choice["id"] == "250000302" && choice["label"] == "Finance"));
    assert!(choices.iter().any(|choice| choice["archived"] == true), "people may still hold an archived item");
    assert_eq!(field("work.startDate")["type"], "date");
}
