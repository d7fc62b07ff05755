//! Every code that is documented leads to the right person's outcome or ends the run, with something to do
//! (apis/leapsome.md §1).

use rollbook::connector::{ConnectorError, Target as _, Write, Written};
use rollbook::model::Whose;
use rollbook::sandbox::faults::{CallFault, Then};
use rollbook::sandbox::leapsome::switches::ErrorBody;

use super::office::*;

#[tokio::test]
async fn a_wrong_token_ends_everything_and_says_where_the_right_one_is_under_either_code() {
    for swapped in [true, false] {
        let office = Office::with(|switches| switches.swapped_codes = swapped).await;
        let ada = office.add("ada@acme.example", "1");
        let target = office.with_secret("OTHER", "another-token").unwrap();
        let error = target.groups().await.unwrap_err();
        assert!(matches!(error, ConnectorError::Credentials { .. }), "{error:?}");
        assert!(
            error.to_string().contains("does not accept the SCIM token") && error.help().contains("SCIM"),
            "{error:?}"
        );
        let answers = target.write(&[update(&ada, &[("title", "x")])]).await;
        assert!(answers.is_err() || answers.unwrap()[0].is_err());
        assert!(target.write(&[update(&ada, &[("title", "x")])]).await.is_err(), "no part is sent any more");
    }
}

#[tokio::test]
async fn a_right_that_the_token_lacks_is_told_apart_from_a_wrong_token() {
    for swapped in [true, false] {
        let office = Office::with(|switches| (switches.swapped_codes, switches.authorized) = (swapped, false)).await;
        let target = office.target();
        let error = target.users(&layout(&[])).await.unwrap_err();
        assert!(error.to_string().contains("knows the SCIM token"), "{error}");
        let ada = office.add("ada@acme.example", "1");
        let error = one(&target, update(&ada, &[("title", "x")])).await.unwrap_err();
        assert_eq!(error.whose, Whose::Credentials);
    }
}

#[tokio::test]
async fn a_refusal_is_one_persons_whatever_its_body_looks_like_and_others_go_on() {
    for errors in [ErrorBody::Empty, ErrorBody::Plain, ErrorBody::Scim] {
        let office = Office::with(|switches| switches.errors = errors).await;
        let target = office.target();
        let (ada, bo) = (office.add("ada@acme.example", "1"), office.add("bo@acme.example", "2"));
        listed(&target, &[]).await;
        for status in [400, 404, 409, 422] {
            office.hit(CHANGE, Then::Refuse { status, code: "no ada@acme.example".to_owned() });
            let answers = target.write(&[update(&ada, &[("title", "x")])]).await.unwrap();
            let error = answers[0].clone().unwrap_err();
            assert!(!error.hint.is_empty() && !error.message.contains("ada@"), "{status}: {error:?}");
            done(&target, &[update(&bo, &[("title", &status.to_string())])]).await;
        }
    }
}

#[tokio::test]
async fn an_address_of_another_domain_is_told_in_words() {
    let office = Office::open().await;
    let target = office.target();
    let error = one(&target, creation(&[("user_name", "ada@other.example")])).await.unwrap_err();
    assert!(error.hint.contains("registered e-mail domains") && error.whose == Whose::Source, "{error:?}");
    let ada = office.add("ada@acme.example", "1");
    let error = one(&target, update(&ada, &[("user_name", "ada@other.example")])).await.unwrap_err();
    assert!(error.hint.contains("registered e-mail domains"), "{error:?}");
}

#[tokio::test]
async fn a_super_admin_whose_access_should_end_is_told_in_words() {
    let office = Office::open().await;
    let target = office.target();
    let owner = listed(&target, &[]).await.remove(0).id;
    let error = one(&target, Write::Deactivate { user: owner }).await.unwrap_err();
    assert!(error.hint.contains("Super-Admin") && error.hint.contains("never_touch"), "{error:?}");
}

#[tokio::test]
async fn a_call_too_many_is_made_again_later_and_a_server_in_trouble_too() {
    let office = Office::open().await;
    let target = office.target();
    let ada = office.add("ada@acme.example", "1");
    office.sandbox.switch(|switches| switches.faults.rate_limited = 1);
    done(&target, &[update(&ada, &[("title", "a")])]).await;
    for then in [Then::CutBefore, Then::CutAfter, Then::Fail { status: 503, done: true }] {
        office.hit(CHANGE, then);
        done(&target, &[update(&ada, &[("title", "b")])]).await;
    }
    assert_eq!(office.kept("1").title, "b");
}

#[tokio::test]
async fn a_server_in_trouble_for_good_ends_the_run_and_says_of_whom_nothing_is_known() {
    let office = Office::open().await;
    let target = office.target();
    let ada = office.add("ada@acme.example", "1");
    listed(&target, &[]).await;
    let then = Then::Fail { status: 503, done: false };
    let fault = CallFault { endpoint: Some(CHANGE.to_owned()), after: 0, calls: 100, then };
    office.sandbox.switch(|switches| switches.faults.calls = vec![fault]);
    let answers = target.write(&[update(&ada, &[("title", "x")])]).await.unwrap();
    assert!(answers[0].as_ref().unwrap_err().message.contains("not reached"), "{answers:?}");
    assert!(target.write(&[update(&ada, &[("title", "x")])]).await.is_err());
}

#[tokio::test]
async fn what_fails_after_a_creation_is_said_with_the_user_who_is_there() {
    let office = Office::open().await;
    let target = office.target();
    office.hit(CHANGE, Then::Refuse { status: 400, code: "nonsense".to_owned() });
    let fields = [("user_name", "ada@acme.example"), ("external_id", "1"), ("level", "L4")];
    let given = given(&target, creation(&fields)).await;
    assert_eq!(given.user.as_str(), office.kept("1").id);
    assert!(given.trouble.unwrap().message.contains("nonsense"));
    done(&target, &[update(&given.user, &[("level", "L4")])]).await;
    assert_eq!(office.kept("1").level.as_deref(), Some("L4"));
}

#[tokio::test]
async fn people_who_show_as_inactive_until_they_are_invited_are_told_apart_with_the_api_secret() {
    let office = Office::with(|switches| switches.created_is_active = false).await;
    let ada = office.add("ada@acme.example", "1");
    let error = one(&office.target(), reactivate(&ada)).await.unwrap_err();
    assert!(error.hint.contains("api_secret"), "{error:?}");
    let target = office.target_with_content();
    let users = listed(&target, &[]).await;
    let status = users.iter().find(|user| user.id == ada).unwrap().status;
    assert_eq!(status, rollbook::model::UserStatus::Invited);
    done(&target, &[update(&ada, &[("title", "x")])]).await;
    assert_eq!(Written::Done, one(&target, update(&ada, &[("title", "y")])).await.unwrap());
}
