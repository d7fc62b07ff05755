//! What Learn Amp refuses leads to the right person's outcome with a hint in words, and the rest goes on.

use rollbook::connector::{ConnectorError, Target as _, Write, WriteError};
use rollbook::model::{Access, Whose};
use rollbook::sandbox::faults::Then;
use rollbook::sandbox::learnamp::Status;
use serde_json::json;

use super::company::*;

const UPDATE: &str = "PUT /v1/users/{id}";

fn refuse(status: u16, words: &str) -> Then {
    Then::Refuse { status, code: words.to_owned() }
}

async fn refused(company: &Company, write: Write) -> WriteError {
    let target = company.target();
    listed(&target, &[]).await;
    let error = one(&target, write).await.unwrap_err();
    assert!(!error.hint.is_empty() && !error.message.contains('@'), "{error:?}");
    error
}

#[tokio::test]
async fn an_address_that_another_user_has_is_reported_and_nobody_is_made() {
    for plain in [false, true] {
        let company = Company::with(|switches| switches.plain_errors = plain).await;
        let other = company.add("ada@acme.example", json!({ "integrationExternalId": "1" }));
        let creation = creation(Access::Invite, "ADA@acme.example", &[("integration_external_id", "2")]);
        let error = refused(&company, creation).await;
        assert_eq!(error.whose, Whose::Target);
        assert!(error.message.contains("`email`") && error.hint.contains("another user has this address"), "{error:?}");
        assert_eq!((company.sandbox.users().len(), company.sandbox.mails().len()), (2, 0));
        let second = company.add("bo@acme.example", json!({ "integrationExternalId": "2" }));
        let error = refused(&company, update(&second, &[("integration_external_id", "1")])).await;
        assert!(error.hint.contains("employee's id"), "{error:?}");
        assert_eq!(company.kept(&other).integration_external_id.as_deref(), Some("1"));
    }
}

#[tokio::test]
async fn a_creation_with_an_external_id_that_was_made_meanwhile_is_that_user() {
    let company = Company::open().await;
    let target = company.target();
    listed(&target, &[]).await;
    let made = company.add("ada@acme.example", json!({ "integrationExternalId": "1" }));
    let creation =
        creation(Access::Invite, "ada@acme.example", &[("integration_external_id", "1"), ("job_title", "Lead")]);
    let found = given(&target, creation).await;
    assert_eq!((found.user.clone(), found.trouble), (made, None));
    assert_eq!(company.kept(&found.user).job_title.as_deref(), Some("Lead"));
}

#[tokio::test]
async fn a_field_that_is_refused_is_that_fields_trouble_and_the_others_are_written() {
    let company = Company::open().await;
    let target = company.target();
    let user = company.add("ada@acme.example", json!({}));
    let boss = company.add("boss@acme.example", json!({}));
    listed(&target, &[]).await;
    company.hit(UPDATE, refuse(400, "managerId does not match an active user"));
    let answers = target.write(&[update(&user, &[("job_title", "Lead")]), manage(&user, Some(&boss))]).await.unwrap();
    assert!(answers[0].is_ok(), "{answers:?}");
    let error = answers[1].clone().unwrap_err();
    assert!(error.message.contains("`manager`") && error.hint.contains("run again"), "{error:?}");
    assert_eq!(company.kept(&user).job_title.as_deref(), Some("Lead"));
    let skills = update(&user, &[("occupation_role", "Astronaut"), ("location", "Leeds")]);
    let error = one(&target, skills).await.unwrap_err();
    assert!(error.message.contains("`occupation_role`") && error.hint.contains("skills matrix"), "{error:?}");
    assert_eq!(company.kept(&user).location.as_deref(), Some("Leeds"), "the rest was written");
    let error = one(&target, update(&user, &[("role", "hr")])).await.unwrap_err();
    assert_eq!((error.whose, error.hint.contains("packages")), (Whose::Recipe, true));
}

#[tokio::test]
async fn somebody_new_is_made_without_the_field_that_is_refused() {
    let company = Company::open().await;
    let creation = creation(Access::Invite, "ada@acme.example", &[("language", "xx"), ("job_title", "Lead")]);
    let made = given(&company.target(), creation).await;
    let trouble = made.trouble.unwrap();
    assert!(trouble.message.contains("`language`") && trouble.hint.contains("pt-BR"), "{trouble:?}");
    assert_eq!(company.kept(&made.user).job_title.as_deref(), Some("Lead"));
    assert_eq!(company.sandbox.mails().len(), 1);
}

#[tokio::test]
async fn a_custom_field_that_is_not_there_is_named_once_it_is_known_and_asked_for_once() {
    let company = Company::open().await;
    let target = company.target();
    let users = ["a", "b", "c"].map(|name| company.add(&format!("{name}@acme.example"), json!({})));
    listed(&target, &[]).await;
    let changes = |user| update(user, &[("Bagde", "1"), ("Level", "7"), ("job_title", "Lead")]);
    for (turn, user) in users.iter().enumerate() {
        company.sandbox.forget_calls();
        let error = one(&target, changes(user)).await.unwrap_err();
        assert!(error.message.contains("no custom field `Bagde`") && error.whose == Whose::Recipe, "{error:?}");
        let kept = company.kept(user);
        assert_eq!((&*kept.custom["Level"], kept.job_title.as_deref()), ("7", Some("Lead")));
        assert_eq!(company.writes()[UPDATE], if turn == 0 { 4 } else { 1 });
    }
    let made = given(&target, creation(Access::Active, "new@acme.example", &[("Bagde", "1"), ("Level", "7")])).await;
    assert!(made.trouble.unwrap().message.contains("Bagde"));
    assert_eq!(company.kept(&made.user).custom["Level"], "7");
    let fresh = company.target();
    let made = given(&fresh, creation(Access::Active, "newer@acme.example", &[("Bagde", "1"), ("Level", "7")])).await;
    assert!(made.trouble.unwrap().message.contains("Bagde"));
    assert_eq!(company.kept(&made.user).custom["Level"], "7");
}

#[tokio::test]
async fn custom_fields_that_are_dropped_in_silence_are_noticed_where_the_answer_shows_them() {
    let company = Company::with(|switches| switches.custom_in_answers = true).await;
    let user = company.add("ada@acme.example", json!({}));
    let target = company.target();
    all_done(&target, &[update(&user, &[("Level", "7")])]).await;
    company.change(json!({ "change": "define", "name": "Badge", "required": true }));
    all_done(&target, &[update(&user, &[("Badge", "1")])]).await;
    let error = one(&target, update(&user, &[("Badge", "")])).await.unwrap_err();
    assert!(error.message.contains("Badge"), "{error:?}");
    assert_eq!(company.kept(&user).custom["Badge"], "1");
}

#[tokio::test]
async fn a_user_who_is_gone_is_told_apart_from_a_custom_field_that_is_not_there() {
    let company = Company::open().await;
    let error = one(&company.target(), update(&"999".into(), &[("job_title", "x")])).await.unwrap_err();
    assert!(error.message.contains("no such user"), "{error:?}");
    let error = one(&company.target(), end(&"999".into())).await.unwrap_err();
    assert!(error.message.contains("no such user"), "{error:?}");
}

#[tokio::test]
async fn each_documented_code_has_words_and_leaves_the_others_alone() {
    for (status, words, whose) in [
        (400, "something is wrong", Whose::Target),
        (403, "Forbidden", Whose::Credentials),
        (406, "The requested format is not supported", Whose::Target),
        (410, "Gone", Whose::Target),
        (422, "Unprocessable", Whose::Target),
    ] {
        let company = Company::open().await;
        let target = company.target();
        let users = ["a", "b"].map(|name| company.add(&format!("{name}@acme.example"), json!({})));
        listed(&target, &[]).await;
        company.hit("PUT /v1/users/{id}/deactivate", refuse(status, words));
        let answers = target.write(&[end(&users[0]), end(&users[1])]).await.unwrap();
        let errors: Vec<&WriteError> = answers.iter().filter_map(|answer| answer.as_ref().err()).collect();
        assert_eq!(errors.len(), 1, "{status}");
        assert!(errors[0].message.contains(&status.to_string()) && errors[0].whose == whose, "{:?}", errors[0]);
        let gone = company.sandbox.users().iter().filter(|user| user.status == Status::Deactivated).count();
        assert_eq!(gone, 1, "{status}: the other one went on");
    }
}

#[tokio::test]
async fn scopes_that_the_key_lacks_end_the_run_with_what_to_do_and_without_the_secret() {
    let company = Company::with(|switches| _ = switches.withhold_scopes.insert("teams:update".to_owned())).await;
    let error = company.target().users(&layout(&[])).await.unwrap_err();
    assert!(matches!(error, ConnectorError::Credentials { .. }), "{error:?}");
    let said = format!("{error} {}", error.help());
    assert!(said.contains("invalid_scope") && said.contains("check --live") && !said.contains(SECRET), "{said}");
    let fewer = company.open_target(json!({ "scopes": ["users:read", "teams:read"] })).unwrap();
    assert_eq!(fewer.users(&layout(&[])).await.unwrap().len(), 1);
    let old = Company::with(|switches| switches.public_key = true).await;
    let target = old.open_target(json!({ "scopes": ["public"] })).unwrap();
    given(&target, creation(Access::Invite, "ada@acme.example", &[])).await;
}

#[tokio::test]
async fn too_many_calls_are_waited_for_without_a_word_of_how_long() {
    let company = Company::open().await;
    let target = company.target();
    company.sandbox.switch(|switches| switches.faults.rate_limited = 2);
    given(&target, creation(Access::Invite, "ada@acme.example", &[])).await;
    assert_eq!(company.sandbox.users().len(), 2);
}
