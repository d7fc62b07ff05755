//! Accounts: made, changed, ended, and found again.

use rollbook::connector::{Target, Write};
use rollbook::model::{Access, UserStatus, Value};
use serde_json::json;

use super::portal::{Portal, creation, make, users};
use crate::contract::support::{refused, update};

const ADA: [(&str, &str); 2] = [("email", "ada@acme.example"), ("first_name", "Ada")];

#[tokio::test]
async fn everybody_is_made_as_a_learner_with_a_password_of_their_own_to_be_changed() {
    let portal = Portal::empty().await;
    let target = portal.target();
    make(&target, creation(Access::ActiveWithEmail, &ADA)).await;
    make(&target, creation(Access::Active, &[("email", "bo@acme.example")])).await;
    let users = portal.sandbox.users();
    for user in &users {
        assert_eq!((user.user_type.as_str(), user.enabled), ("learner", true));
        assert!(user.change_password_on_first_login && user.password.as_ref().unwrap().len() > 20);
    }
    assert_ne!(users[0].password, users[1].password);
    assert_eq!(portal.calls("POST /api/v1/users"), 2, "one call each");
}

#[tokio::test]
async fn a_user_type_that_was_changed_by_hand_stays_and_a_mapped_one_is_written() {
    let portal = Portal::empty().await;
    let target = portal.target();
    let ada = make(&target, creation(Access::Active, &ADA)).await;
    portal.change("ada@acme.example", &json!({ "user_type": "instructor" }));
    let change = update(&ada, &"last_name".into(), Some(Value::Text("Lee".into())));
    target.write(&[change]).await.unwrap()[0].as_ref().unwrap();
    assert_eq!(portal.sandbox.user("ada@acme.example").unwrap().user_type, "instructor");
    let mapped = update(&ada, &"user_type".into(), Some(Value::Text("manager".into())));
    target.write(&[mapped]).await.unwrap()[0].as_ref().unwrap();
    assert_eq!(portal.sandbox.user("ada@acme.example").unwrap().user_type, "manager");
}

#[tokio::test]
async fn access_again_with_other_fields_is_one_call_and_takes_away_an_end_that_has_passed() {
    let portal = Portal::empty().await;
    let target = portal.target();
    let ada = make(&target, creation(Access::Active, &ADA)).await;
    portal.change("ada@acme.example", &json!({ "account_expires": "2026-01-31" }));
    assert_eq!(users(&target, &[]).await[0].status, UserStatus::Inactive, "the day has passed");
    let back = Write::Reactivate {
        user: ada.clone(),
        from: UserStatus::Inactive,
        access: Access::Invite,
        memberships: Vec::new(),
    };
    let change = update(&ada, &"last_name".into(), Some(Value::Text("Lee".into())));
    let answers = target.write(&[back, change]).await.unwrap();
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert_eq!(portal.calls("PUT /api/v1/users/{id}"), 1);
    let user = portal.sandbox.user("ada@acme.example").unwrap();
    assert_eq!((user.enabled, user.account_expires, user.last_name.as_deref()), (true, None, Some("Lee")));
}

#[tokio::test]
async fn an_end_that_is_yet_to_come_is_written_and_takes_access_when_it_has_come() {
    let portal = Portal::empty().await;
    let target = portal.target();
    let ada = make(&target, creation(Access::Active, &ADA)).await;
    let end = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date().tomorrow().unwrap();
    let change = update(&ada, &"account_expires".into(), Some(Value::Date(end)));
    target.write(&[change]).await.unwrap()[0].as_ref().unwrap();
    assert_eq!(users(&target, &[]).await[0].status, UserStatus::Active);
    portal.days_pass(2);
    assert_eq!(users(&target, &[]).await[0].status, UserStatus::Inactive);
}

#[tokio::test]
async fn access_is_ended_by_disabling_and_nobody_is_ever_deleted() {
    let portal = Portal::empty().await;
    let target = portal.target();
    let ada = make(&target, creation(Access::Active, &ADA)).await;
    target.write(&[Write::Deactivate { user: ada }]).await.unwrap()[0].as_ref().unwrap();
    assert!(!portal.sandbox.user("ada@acme.example").unwrap().enabled);
    assert_eq!(portal.calls("DELETE /api/v1/users/{id}"), 0);
    let sources = std::fs::read_dir(crate::author::repository().join("src/connector/learnupon")).unwrap();
    for file in sources {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let deletes = text.lines().filter(|line| line.contains("Method::DELETE"));
        assert!(deletes.into_iter().all(|line| !line.contains("\"users\"")), "no call deletes a user");
    }
}

#[tokio::test]
async fn an_account_that_was_made_meanwhile_is_brought_up_to_date_and_one_that_was_listed_is_a_conflict() {
    let portal = Portal::empty().await;
    let target = portal.target();
    assert!(users(&target, &[]).await.is_empty());
    portal.play(&rollbook::sandbox::learnupon::event::Event::Add(rollbook::sandbox::learnupon::event::Fields {
        fields: json!({ "email": "ada@acme.example" }).as_object().unwrap().clone(),
    }));
    let ada = make(&target, creation(Access::Active, &ADA)).await;
    let user = portal.sandbox.user("ada@acme.example").unwrap();
    assert_eq!((ada.as_str(), user.first_name.as_deref()), (&*user.id.to_string(), Some("Ada")));

    let next = portal.target();
    users(&next, &[]).await;
    portal.sandbox.forget_calls();
    let conflict = refused(&next, creation(Access::Active, &[("email", "ADA@acme.example")])).await;
    assert!(conflict.message.contains("another user"), "{conflict:?}");
    assert!(conflict.hint.contains("identify"), "{conflict:?}");
    assert_eq!(portal.calls("POST /api/v1/users"), 0, "what is known is not tried");
}

#[tokio::test]
async fn an_address_of_another_portal_of_the_realm_is_said_to_be_one() {
    let portal = Portal::empty().await;
    portal.switch(|switches| switches.realm = ["ada@acme.example".to_owned()].into());
    let refusal = refused(&portal.target(), creation(Access::Active, &ADA)).await;
    assert!(refusal.message.contains("another portal of the same realm"), "{refusal:?}");
    assert!(refusal.hint.contains("Allow user creation if user already exists"), "{refusal:?}");
}

#[tokio::test]
async fn a_portal_of_user_names_needs_no_address() {
    let portal = Portal::empty().await;
    portal.switch(|switches| switches.login = rollbook::sandbox::learnupon::switches::Login::Username);
    let target = portal.target_with(json!({ "login": "username" }));
    let catalogue = target.catalogue().await.unwrap();
    assert_eq!(catalogue.login.as_ref().unwrap().as_str(), "username");
    make(&target, creation(Access::Active, &[("username", "ada.lee")])).await;
    refused(&target, creation(Access::Active, &[("email", "bo@acme.example")])).await;
    assert_eq!(&*target.accounts().await.unwrap()[0].login, "ada.lee");
}

#[tokio::test]
async fn a_portal_with_single_sign_on_mails_nothing_and_invites_nobody() {
    let portal = Portal::empty().await;
    portal.switch(|switches| switches.sso = true);
    let target = portal.target_with(json!({ "sso": true }));
    for (number, access) in [Access::Invite, Access::Active, Access::ActiveWithEmail].into_iter().enumerate() {
        let address = format!("person{number}@acme.example");
        make(&target, creation(access, &[("email", &address)])).await;
    }
    assert!(portal.sandbox.mails().is_empty() && portal.sandbox.invites().is_empty());
    assert!(portal.sandbox.users().iter().all(|user| user.enabled && !user.change_password_on_first_login));
    users(&target, &[]).await;
    assert_eq!(portal.calls("GET /api/v1/group_invites"), 0, "where nobody is invited, nothing is to be read");
}
