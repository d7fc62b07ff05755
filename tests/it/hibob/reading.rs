//! What is read of people, and how values come to their labels.

use rollbook::sandbox::hibob::People;
use rollbook::sandbox::hibob::switches::{Audience, ListShape};
use serde_json::json;

use super::tenant::{Tenant, person, shown};

/// One person with everything, and one whose manager is nobody.
const INES: &str = "3000000000000000101";
const FIELDS: [&str; 10] = [
    "root.email",
    "work.department",
    "work.department@id",
    "work.site",
    "work.startDate",
    "work.manager",
    "work.reportsTo",
    "work.custom.field_1700000000003",
    "about.custom.Spoken languages_X1a2",
    "internal.lifecycleStatus",
];

#[test]
fn values_come_with_the_labels_of_both_shapes_of_lists() {
    let tenant = Tenant::open();
    let by_name = tenant.roster(&FIELDS).unwrap();
    insta::assert_snapshot!(shown(person(&by_name, INES), &FIELDS).join("\n"), @r"
    ins.novk.0@acme.example
    IT
    250000308
    New York
    2019-05-15
    empty
    empty
    no
    日本語, English, Français
    Leave
    ");
    tenant.switch(|switches| (switches.lists, switches.wrap_metadata) = (ListShape::Documented, true));
    let documented = tenant.roster(&FIELDS).unwrap();
    assert_eq!(documented.records, by_name.records);
}

#[test]
fn an_archived_item_keeps_its_label_and_items_of_a_hierarchy_have_theirs() {
    let folder = tempfile::tempdir().unwrap();
    let people = json!({ "employees": [
        { "id": "1", "work": { "department": "7", "team": 12 } },
        { "id": "2", "work": { "department": "8", "team": "99" } },
    ] });
    let field = |id: &str, kind: &str, list: &str| {
        json!({ "id": id, "type": kind, "categoryId": "work", "category": "work", "categoryDisplayName": "Work", "name": id,
                "jsonPath": id.trim_start_matches("root."), "typeData": { "listId": list } })
    };
    let fields = json!([
        { "id": "root.id", "type": "employee-reference", "categoryId": "root", "category": "root", "jsonPath": "id", "name": "Id" },
        field("work.department", "list", "department"),
        field("work.team", "hierarchy-list", "team"),
    ]);
    let lists = json!({
        "department": { "name": "department", "values": [
            { "id": "7", "value": "Closed", "name": "Closed", "archived": true, "children": [] },
            { "id": "8", "value": "Open", "name": "Open", "archived": false, "children": [] } ] },
        "team": { "name": "team", "values": [
            { "id": "11", "value": "North", "name": "North", "archived": false, "children": [
                { "id": "12", "value": "North-West", "name": "North-West", "archived": false, "children": [] } ] } ] },
    });
    let file = |name: &str, json: &serde_json::Value| {
        let path = folder.path().join(name);
        std::fs::write(&path, json.to_string()).unwrap();
        path
    };
    let mut settings = rollbook::sandbox::hibob::Settings {
        people: People::File(file("people.json", &people)),
        fields: Some(file("fields.json", &fields)),
        lists: Some(file("lists.json", &lists)),
        ..rollbook::sandbox::hibob::Settings::default()
    };
    settings.switches.audience = Audience::All;
    let tenant = Tenant::start(settings);
    let wanted = ["work.department", "work.team"];
    let roster = tenant.roster(&wanted).unwrap();
    assert_eq!(shown(person(&roster, "1"), &wanted), ["Closed", "North-West"]);
    assert_eq!(shown(person(&roster, "2"), &wanted), ["Open", "not delivered"], "an item that its list does not have");
}
