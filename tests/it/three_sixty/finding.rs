//! Finding the users of some people: which calls it takes, and what comes with them.

use rollbook::connector::{Target, Wanted, Write};
use rollbook::model::{Access, User, UserId, UserStatus, Value};
use serde_json::json;

use super::platform::*;

fn wanted(user: Option<&UserId>, fields: &[(&str, &str)]) -> Wanted {
    let fields = fields.iter().map(|(name, text)| ((*name).into(), Value::Text((*text).into())));
    Wanted { user: user.cloned(), fields: fields.collect() }
}

async fn found(target: &dyn Target, wanted: Wanted) -> Vec<User> {
    target.find(&[wanted], &layout(&["mail", "external_id", "job", "managers"])).await.unwrap()
}

#[tokio::test]
async fn a_linked_user_takes_two_calls_and_those_for_what_no_listing_gives() {
    let platform = Platform::open().await;
    let ada = platform.add(json!({ "fields": { "mail": "ada@acme.example" }, "externalIds": { "hibob": "77" } }));
    platform.add(json!({ "fields": { "mail": "bo@acme.example" }, "externalIds": { "payroll": "77" } }));
    let target = platform.target();
    target.catalogue().await.unwrap();
    platform.sandbox.forget_calls();
    let users = found(&target, wanted(Some(&ada), &[("external_id", "77"), ("mail", "Ada@acme.example")])).await;
    assert_eq!((users.len(), &users[0].id, users[0].cells[1].to_string()), (1, &ada, "77".to_owned()));
    let calls = platform.calls();
    let expected =
        ["GET /external-ids", "GET /users/{userId}", "GET /users/{userId}/managers", "GET /users/{userId}/roles"];
    assert_eq!(calls, expected.map(|call| (call.to_owned(), 1)).into());
}

#[tokio::test]
async fn an_address_finds_those_whose_access_has_ended_too_however_the_filter_works() {
    for (list_deleted, ignores_case) in [(true, true), (false, true), (true, false), (false, false)] {
        let platform = Platform::with(|switches| {
            (switches.list_deleted, switches.mail_filter_ignores_case) = (list_deleted, ignores_case);
        })
        .await;
        let gone = platform.add(json!({ "fields": { "mail": "gone@acme.example" }, "status": "deleted" }));
        let target = platform.target();
        let users = found(&target, wanted(None, &[("mail", "Gone@acme.example")])).await;
        assert_eq!((users.len(), &users[0].id, users[0].status), (1, &gone, UserStatus::Inactive));
        assert!(found(&target, wanted(None, &[("mail", "new@acme.example")])).await.is_empty());

        let (user, from, access) = (gone.clone(), UserStatus::Inactive, Access::Active);
        let back = Write::Reactivate { user, from, access, memberships: Vec::new() };
        assert!(target.write(&[back]).await.unwrap()[0].is_ok(), "what was found is enough to give access again");
        assert_eq!(found(&target, wanted(Some(&gone), &[])).await[0].status, UserStatus::Active);
    }
}

#[tokio::test]
async fn what_was_listed_before_is_not_taken_for_what_is() {
    let platform = Platform::open().await;
    let ada = platform.add(json!({ "fields": { "mail": "ada@acme.example", "job": "Cook" } }));
    let target = platform.target();
    target.users(&layout(&["mail", "external_id", "job", "managers"])).await.unwrap();
    let by_hand = platform.target();
    let change = |name: &str, text: &str| Write::UpdateUser {
        user: ada.clone(),
        fields: vec![(name.into(), Some(Value::Text(text.into())))],
    };
    by_hand.write(&[change("job", "Chef"), change("external_id", "9")]).await.unwrap();
    let users = found(&target, wanted(Some(&ada), &[])).await;
    assert_eq!((users[0].cells[1].to_string(), users[0].cells[2].to_string()), ("9".to_owned(), "Chef".to_owned()));
}

#[tokio::test]
async fn custom_fields_and_managers_find_nobody() {
    let platform = Platform::open().await;
    let ada = platform.add(json!({ "fields": { "mail": "ada@acme.example" } }));
    let target = platform.target();
    let custom = target.catalogue().await.unwrap().fields;
    let custom = custom.into_iter().find(|field| field.section == rollbook::model::Section::Custom).unwrap();
    platform.sandbox.forget_calls();
    let person = wanted(None, &[(custom.name.as_str(), "x"), ("managers", ada.as_str())]);
    assert!(found(&target, person).await.is_empty());
    assert!(platform.calls().is_empty());
}
