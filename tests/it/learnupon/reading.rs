//! What is read, in whichever form it comes.

use rollbook::connector::Target;
use rollbook::model::{Access, Cell, UserStatus, Value};
use rollbook::sandbox::learnupon::switches::ListKeys;
use serde_json::json;

use super::portal::{Portal, creation, make, users};

#[tokio::test]
async fn lists_are_read_under_every_key_that_was_seen() {
    let portal = Portal::with_people(3).await;
    let target = portal.target();
    make(&target, creation(Access::Invite, &[("email", "ada@acme.example")])).await;
    for keys in [ListKeys::Documented, ListKeys::Plural, ListKeys::Singular] {
        portal.switch(|switches| switches.keys = keys);
        assert_eq!(users(&portal.target(), &["email"]).await.len(), 5, "{keys:?}");
    }
}

#[tokio::test]
async fn language_is_written_and_locale_read_and_what_a_listing_leaves_out_is_not_delivered() {
    let portal = Portal::empty().await;
    let target = portal.target();
    make(&target, creation(Access::Active, &[("email", "ada@acme.example"), ("language", "pt_br")])).await;
    let read = users(&target, &["language", "timezone_id", "account_expires"]).await.remove(0);
    let cells: Vec<Cell> = read.cells.iter().cloned().collect();
    assert_eq!(cells, [Cell::Value(Value::Text("pt_br".into())), Cell::Empty, Cell::Empty]);
    portal.switch(|switches| switches.not_listed = ["account_expires".to_owned()].into());
    assert_eq!(users(&target, &["account_expires"]).await[0].cells[0], Cell::NotDelivered);
}

#[tokio::test]
async fn a_bare_list_of_time_zones_is_one_too() {
    let portal = Portal::empty().await;
    portal.switch(|switches| switches.bare_timezones = true);
    let catalogue = portal.target().catalogue().await.unwrap();
    assert!(catalogue.field("timezone_id").unwrap().choices.iter().any(|zone| &**zone == "Paris"));
}

#[tokio::test]
async fn people_without_access_are_listed_as_such() {
    let portal = Portal::of_file(&json!({ "user": [
        { "id": 3, "email": "ada@acme.example", "enabled": false },
        { "id": 20, "email": "bo@acme.example" },
    ] }))
    .await;
    let listed: Vec<_> = users(&portal.target(), &[]).await.into_iter().map(|user| (user.id, user.status)).collect();
    assert_eq!(listed, [("20".into(), UserStatus::Active), ("3".into(), UserStatus::Inactive)]);
    portal.switch(|switches| switches.not_listed = ["enabled".to_owned()].into());
    let listed: Vec<_> = users(&portal.target(), &[]).await.into_iter().map(|user| (user.id, user.status)).collect();
    assert_eq!(
        listed,
        [("20".into(), UserStatus::Active), ("3".into(), UserStatus::Inactive)],
        "asked for by the filter"
    );
    let accounts = portal.target().accounts().await.unwrap();
    assert!(accounts.iter().all(|account| account.created.is_some() && account.invited.is_none()));
}

#[tokio::test]
async fn a_portal_without_time_zones_or_custom_data_has_its_standard_fields() {
    let portal = Portal::empty().await;
    portal.switch(|switches| {
        let gone = |path: &str| rollbook::sandbox::learnupon::faults::Failure::status(path, 404, 1);
        switches.faults.failures = vec![gone("GET /api/v1/timezones"), gone("GET /api/v1/users/customuserdata")];
    });
    let catalogue = portal.target().catalogue().await.unwrap();
    assert_eq!(catalogue.fields.len(), 8);
    assert!(catalogue.field("timezone_id").unwrap().choices.is_empty());
}
