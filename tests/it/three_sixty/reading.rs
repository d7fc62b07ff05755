//! Reading a platform: pages, those whose access has ended, and what no listing gives.

use rollbook::connector::Target as _;
use rollbook::model::{Cell, TargetType, UserId, UserLayout, UserStatus, Value};
use rollbook::sandbox::three_sixty::{Settings, Users};
use serde_json::json;

use super::platform::*;

fn text(text: &str) -> Cell {
    Cell::Value(Value::Text(text.into()))
}

#[tokio::test]
async fn everybody_is_read_page_by_page_and_nobody_twice() {
    let settings = Settings { users: Users::Generated(1_203), ..Settings::default() };
    let platform = Platform::of(settings, |_| {}).await;
    let users = listed(&platform.target(), &["mail"]).await;
    assert_eq!(users.len(), 1_204, "and the owner");
    assert!(users.is_sorted_by(|a, b| a.id < b.id));
    let calls = platform.calls();
    assert_eq!((calls["GET /users"], calls["GET /external-ids"]), (3 + 1, 1), "and once for the deactivated");
    assert_eq!(calls.values().sum::<u64>(), 6, "with the token: {calls:?}");
}

#[tokio::test]
async fn those_whose_access_has_ended_are_found_whether_or_not_the_listing_has_them() {
    for list_deleted in [true, false] {
        let platform = Platform::with(|switches| switches.list_deleted = list_deleted).await;
        let gone = platform.add(json!({ "fields": { "mail": "g@acme.example" }, "status": "deleted" }));
        let users = listed(&platform.target(), &["mail"]).await;
        let found: Vec<_> = users.iter().filter(|user| user.status == UserStatus::Inactive).collect();
        assert_eq!((found.len(), &found[0].id, &found[0].cells[0]), (1, &gone, &text("g@acme.example")));
        assert_eq!(platform.target().accounts().await.unwrap().len(), 2);
    }
}

#[tokio::test]
async fn an_external_id_is_that_of_the_platform_of_the_recipe() {
    let platform = Platform::open().await;
    let user = platform.add(json!({
        "fields": { "mail": "a@acme.example" }, "externalIds": { "hibob": "77", "payroll": "x" },
    }));
    for (settings, cell) in [
        (json!({}), text("77")),
        (json!({ "platform": "payroll" }), text("x")),
        (json!({ "platform": "none" }), Cell::Empty),
    ] {
        let target = platform.open_target(settings).unwrap();
        let users = listed(&target, &["external_id"]).await;
        assert_eq!(users.iter().find(|found| found.id == user).unwrap().cells[0], cell);
    }
}

#[tokio::test]
async fn what_no_listing_gives_is_asked_for_person_by_person() {
    let platform = Platform::open().await;
    let boss = platform.add(json!({ "fields": { "mail": "b@acme.example" } }));
    let user = platform.add(json!({
        "fields": { "mail": "a@acme.example", "job": "Cook" }, "groups": ["Paris"], "managers": [boss.as_str()],
        "values": { "Site": "Paris", "Start date": "2026-03-01" }, "externalIds": { "hibob": "77" },
    }));
    let fields = ["external_id", "Site", "Start date", "Department", "job", "managers", "nothing"];
    let expected = [
        text("77"),
        text("Paris"),
        Cell::Value(Value::Date(jiff::civil::date(2026, 3, 1))),
        Cell::Empty,
        text("Cook"),
        Cell::Value(Value::List([boss.shared().clone()].into())),
        Cell::NotDelivered,
    ];
    let nobody = UserId::from("65bb0000000000000000ffff");
    for lists_first in [true, false] {
        let target = platform.target();
        if lists_first {
            let listed = listed(&target, &fields).await;
            let cells = &listed.iter().find(|found| found.id == user).unwrap().cells;
            assert_eq!((&cells[1], &cells[5], &cells[0]), (&Cell::NotDelivered, &Cell::NotDelivered, &text("77")));
        }
        target.catalogue().await.unwrap();
        platform.sandbox.forget_calls();
        let asked = [user.clone(), nobody.clone(), "no id".into()];
        let detailed = target.details(&asked, &layout(&fields)).await.unwrap();
        assert_eq!(detailed.len(), 1);
        assert_eq!(detailed[0].cells, expected.iter().cloned().collect());
        let groups: Vec<_> = detailed[0].memberships.iter().map(|held| held.group.clone()).collect();
        let paris = platform.group(&target, "Paris").await;
        assert!(groups.contains(&paris.group) && groups.len() == 2, "Paris, and Sites above it");
        if lists_first {
            let of_the_user = ["custom-fields/values", "managers", "roles"];
            let calls = platform.calls();
            assert!(of_the_user.iter().all(|call| calls[&format!("GET /users/{{userId}}/{call}")] >= 1), "{calls:?}");
            assert!(calls["GET /users/{userId}/roles"] == 1, "who is gone is asked about once");
        }
    }
}

#[tokio::test]
async fn what_the_layout_does_not_name_is_not_asked_for() {
    let platform = Platform::open().await;
    let user = platform.add(json!({ "fields": { "mail": "a@acme.example" } }));
    let target = platform.target();
    listed(&target, &["mail"]).await;
    target.catalogue().await.unwrap();
    platform.sandbox.forget_calls();
    target.details(std::slice::from_ref(&user), &layout(&["mail"])).await.unwrap();
    assert_eq!(platform.calls().into_iter().collect::<Vec<_>>(), [("GET /users/{userId}/roles".to_owned(), 1)]);
    let without_groups = UserLayout { memberships: false, ..layout(&["mail"]) };
    target.users(&without_groups).await.unwrap();
    platform.sandbox.forget_calls();
    assert_eq!(target.details(&[user], &without_groups).await.unwrap().len(), 1);
    assert!(platform.calls().is_empty());
}

#[tokio::test]
async fn custom_fields_have_their_lists_and_types_and_a_name_that_is_taken_gives_way_to_the_id() {
    let folder = tempfile::tempdir().unwrap();
    let company = json!({
        "owner": { "mail": "owner@acme.example" },
        "groups": [{ "name": "Acme" }, { "name": "All", "parent": "Acme" }],
        "customFields": [
            { "name": "Shift", "type": "string", "authorizedValues": ["Day", "Night"] },
            { "name": "Since", "type": "date" },
            { "name": "job", "type": "string" },
        ],
        "users": [],
    });
    let path = folder.path().join("company.json");
    std::fs::write(&path, company.to_string()).unwrap();
    let platform = Platform::of(Settings { company: Some(path), ..Settings::default() }, |_| {}).await;
    let catalogue = platform.target().catalogue().await.unwrap();
    assert!(catalogue.complete && !catalogue.lists_everything());
    let shift = catalogue.field("Shift").unwrap();
    assert_eq!(shift.choices.iter().map(|choice| &**choice).collect::<Vec<_>>(), ["Day", "Night"]);
    assert_eq!(catalogue.field("Since").unwrap().target_type, TargetType::Date);
    let custom: Vec<_> = catalogue.fields.iter().filter(|field| field.title == "job").collect();
    assert_eq!((custom.len(), custom[0].name.as_str().len()), (1, 24), "the custom field goes by its id");
}
