//! Who is whom: address and External ID in two steps, and whoever is there already (apis/leapsome.md §2.2, §4).

use rollbook::sandbox::faults::Then;
use rollbook::sandbox::leapsome::switches::{ErrorBody, Existing};

use super::office::*;

const NEW: [(&str, &str); 4] =
    [("user_name", "ada@acme.example"), ("external_id", "1"), ("first_name", "Ada"), ("last_name", "Novak")];

#[tokio::test]
async fn an_address_and_an_external_id_change_one_after_the_other_and_never_in_one_step() {
    let office = Office::open().await;
    let target = office.target();
    for (external, address) in [("", "ada@acme.example"), ("7", "bo@acme.example")] {
        let user = office.add(address, external);
        office.sandbox.forget_calls();
        let new = format!("new-{address}");
        done(&target, &[update(&user, &[("user_name", &new), ("external_id", &new), ("title", "Analyst")])]).await;
        let kept = office.kept(user.as_str());
        assert_eq!((kept.user_name, kept.external_id, kept.title.as_str()), (new.clone(), Some(new), "Analyst"));
        assert_eq!(office.writes(), [(CHANGE.to_owned(), 2)]);
    }
    assert_eq!(office.sandbox.users().len(), 3, "nobody was made");
}

#[tokio::test]
async fn the_address_stays_where_the_external_id_is_not_taken() {
    let office = Office::open().await;
    let target = office.target();
    let ada = office.add("ada@acme.example", "1");
    office.add("bo@acme.example", "2");
    let error =
        one(&target, update(&ada, &[("user_name", "eda@acme.example"), ("external_id", "2")])).await.unwrap_err();
    assert!(error.message.contains("409"), "{error:?}");
    assert_eq!(office.kept("1").user_name, "ada@acme.example");
}

#[tokio::test]
async fn an_address_that_somebody_else_has_is_reported_and_nobody_is_made_or_taken_over() {
    for existing in [Existing::Empty, Existing::Conflict] {
        for external in ["", "someone-else"] {
            let office = Office::with(|switches| switches.existing = existing).await;
            office.add("ada@acme.example", external);
            let before = office.sandbox.users();
            let error = one(&office.target(), creation(&NEW)).await.unwrap_err();
            assert!(error.message.contains("another user") && error.hint.contains("Export"), "{error:?}");
            assert_eq!(office.sandbox.users(), before);
            assert_eq!(office.writes(), [(CREATE.to_owned(), 1)]);
        }
    }
}

#[tokio::test]
async fn whoever_a_killed_run_made_is_theirs_and_what_is_missing_is_written() {
    let office = Office::open().await;
    let made_before = office.add("ada@acme.example", "1");
    let given = given(&office.target(), creation(&[&NEW[..], &[("title", "Analyst")]].concat())).await;
    assert_eq!((given.user, given.trouble), (made_before, None));
    assert_eq!((office.kept("1").title.as_str(), office.sandbox.users().len()), ("Analyst", 2));
}

#[tokio::test]
async fn a_creation_whose_answer_is_lost_is_looked_up_with_and_without_an_external_id() {
    for fields in [&NEW[..], &NEW[..1]] {
        for (then, users) in [(Then::CutAfter, 2), (Then::Fail { status: 502, done: true }, 2)] {
            let office = Office::open().await;
            office.hit(CREATE, then);
            let user = made(&office.target(), fields).await;
            assert_eq!(office.kept("ada@acme.example").id, user.as_str());
            assert_eq!(office.sandbox.users().len(), users);
        }
        let office = Office::open().await;
        office.hit(CREATE, Then::CutBefore);
        let error = one(&office.target(), creation(fields)).await.unwrap_err();
        assert!(error.message.contains("broke off"), "{error:?}");
        assert_eq!(office.sandbox.users().len(), 1);
    }
}

#[tokio::test]
async fn whoever_is_not_listed_without_access_is_found_by_external_id_and_gets_it_back() {
    let office = Office::with(|switches| switches.list_deactivated = false).await;
    let ada = office.add("ada@acme.example", "1");
    let target = office.target();
    done(&target, &[rollbook::connector::Write::Deactivate { user: ada.clone() }]).await;
    let given = given(&office.target(), creation(&NEW)).await;
    assert_eq!((given.user, given.trouble), (ada, None));
    assert!(office.kept("1").active());
}

#[tokio::test]
async fn whoever_is_said_to_be_there_and_cannot_be_found_is_reported() {
    let office = Office::open().await;
    office.hit(CREATE, Then::Refuse { status: 409, code: String::new() });
    let error = one(&office.target(), creation(&NEW)).await.unwrap_err();
    assert!(error.message.contains("shows nobody") && error.hint.contains("Export"), "{error:?}");
}

#[tokio::test]
async fn a_path_that_leads_to_somebody_else_changes_nobody() {
    let office = Office::with(|switches| switches.errors = ErrorBody::Empty).await;
    let gone = office.add("gone@acme.example", "5");
    office.play(serde_json::json!({ "event": "delete", "user": "5" }));
    // The External ID of somebody else looks like the id of whoever is gone.
    let other = office.add("bo@acme.example", gone.as_str());
    let error = one(&office.target(), update(&gone, &[("title", "Analyst")])).await.unwrap_err();
    assert!(error.message.contains("no such user"), "{error:?}");
    assert_eq!(office.kept(other.as_str()).title, "Colleague");
}

#[tokio::test]
async fn a_login_of_another_user_cannot_be_taken() {
    let office = Office::open().await;
    let ada = office.add("ada@acme.example", "1");
    office.add("bo@acme.example", "2");
    let error = one(&office.target(), update(&ada, &[("user_name", "bo@acme.example")])).await.unwrap_err();
    assert!(error.message.contains("409") && error.message.contains("another user"), "{error:?}");
}
