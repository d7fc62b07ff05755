//! What LearnUpon refuses, breaks off, or says under an odd status.

use rollbook::connector::{ConnectorError, Target, Write};
use rollbook::model::{Access, Value, Whose};
use rollbook::sandbox::learnupon::faults::Failure;
use serde_json::json;

use super::portal::{Portal, creation, make, users};
use crate::contract::support::{refused, update};

fn address(number: usize) -> String {
    format!("person{number}@acme.example")
}

fn people(count: usize) -> Vec<Write> {
    (0..count).map(|number| creation(Access::Active, &[("email", &address(number))])).collect()
}

#[tokio::test]
async fn each_documented_refusal_is_one_persons_with_a_hint_and_the_rest_goes_on() {
    let portal = Portal::empty().await;
    let target = portal.target();
    let cases = [
        (400, "custom data field Contract is mandatory", Whose::Recipe, "Custom User Data"),
        (422, "Email is invalid", Whose::Source, "source"),
        (400, "language is not included in the list", Whose::Recipe, "value table"),
        (422, "user limit of your licence is reached", Whose::Target, "plan"),
        (400, "something new", Whose::Target, "portal"),
    ];
    for (at, (status, message, whose, hint)) in cases.into_iter().enumerate() {
        let failure = Failure { message: Some(message.to_owned()), ..Failure::status("POST /api/v1/users", status, 1) };
        portal.switch(|switches| switches.faults.failures = vec![failure]);
        let writes = [
            creation(Access::Active, &[("email", &address(100 + at))]),
            creation(Access::Active, &[("email", &address(200 + at))]),
        ];
        let answers = target.write(&writes).await.unwrap();
        let refused = answers.iter().filter_map(|answer| answer.as_ref().err()).collect::<Vec<_>>();
        assert_eq!(refused.len(), 1, "{answers:?}");
        assert_eq!(refused[0].whose, whose, "{message}");
        assert!(refused[0].message.contains(message) && refused[0].hint.contains(hint), "{:?}", refused[0]);
    }
}

#[tokio::test]
async fn an_error_counts_whatever_its_status_is() {
    let portal = Portal::empty().await;
    let target = portal.target();
    let ada = make(&target, creation(Access::Active, &[("email", "ada@acme.example")])).await;
    make(&target, creation(Access::Active, &[("email", "bo@acme.example")])).await;
    for status in [200, 400, 422] {
        portal.switch(|switches| switches.error_status = Some(status));
        let taken = update(&ada, &"email".into(), Some(Value::Text("bo@acme.example".into())));
        refused(&target, taken).await;
        let gone = update(&"99999".into(), &"first_name".into(), Some(Value::Text("X".into())));
        refused(&target, gone).await;
    }
}

#[tokio::test]
async fn a_create_that_broke_off_is_looked_up_and_never_made_twice() {
    for done in [true, false] {
        let portal = Portal::empty().await;
        let target = portal.target();
        target.catalogue().await.unwrap();
        portal.switch(|switches| switches.faults.failures = vec![Failure::cut("POST /api/v1/users", done)]);
        let answers = target.write(&people(1)).await.unwrap();
        assert_eq!(answers[0].is_ok(), done, "{answers:?}");
        assert_eq!(portal.sandbox.users().len(), usize::from(done));
        if !done {
            make(&target, people(1).remove(0)).await;
        }
        assert_eq!(portal.sandbox.users().len(), 1);
    }
}

#[tokio::test]
async fn wrong_keys_end_the_run_at_once_and_say_where_to_look() {
    let portal = Portal::empty().await;
    let (settings, secrets) =
        portal.settings(json!({ "credentials": { "username": "TEST_LU_USERNAME", "password": "WRONG" } }));
    let missing = rollbook::connector::learnupon::LearnUponTarget::open(&settings, &secrets).unwrap_err();
    assert!(missing.to_string().contains("`WRONG`"));
    let other = Portal::empty().await;
    let (mut settings, secrets) = other.settings(json!({}));
    settings.settings["credentials"]["password"] = json!("TEST_LU_USERNAME");
    let target = rollbook::connector::learnupon::LearnUponTarget::open(&settings, &secrets).unwrap();
    for _ in 0..2 {
        let refused = target.catalogue().await.unwrap_err();
        assert!(matches!(refused, ConnectorError::Credentials { .. }), "{refused:?}");
        assert!(refused.help().contains("API Keys"), "{}", refused.help());
    }
    let calls: u64 = other.sandbox.calls().values().sum();
    assert!(calls <= 2, "refused keys are not shown again and again: {calls}");
}

#[tokio::test]
async fn a_portal_that_is_gone_ends_the_part_and_then_the_run() {
    let portal = Portal::empty().await;
    let target = portal.target();
    users(&target, &[]).await;
    target.catalogue().await.unwrap();
    let ada = make(&target, creation(Access::Active, &[("email", "ada@acme.example")])).await;
    let change = |number: usize| update(&ada, &"last_name".into(), Some(Value::Text(number.to_string().into())));
    let Portal { sandbox, .. } = portal;
    sandbox.stop().await;
    let answers = target.write(&[change(1)]).await.unwrap();
    assert!(answers[0].as_ref().is_err_and(|error| error.message.starts_with("not reached")), "{answers:?}");
    assert!(matches!(target.write(&[change(2)]).await, Err(ConnectorError::Unavailable { .. })));
}
