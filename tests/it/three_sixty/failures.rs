//! What goes wrong on the way, and what becomes of it.

use rollbook::connector::{ConnectorError, Target as _, Write, Written};
use rollbook::model::{Access, UserId, UserStatus};
use rollbook::sandbox::faults::Then;
use rollbook::sandbox::three_sixty::change::Status;
use serde_json::json;

use super::platform::*;

const CREATE: &str = "POST /api/v2/users";
const ACTIVATE: &str = "PUT /api/v2/users/{userId}/activate";
const MAP: &str = "POST /api/v2/external-ids";
const PATCH: &str = "PATCH /api/v2/users/{userId}";
const TOKEN: &str = "POST /oauth2/token";

fn refuse(status: u16, code: &str) -> Then {
    Then::Refuse { status, code: code.to_owned() }
}

fn somebody() -> Write {
    creation(Access::Active, &[("mail", "a@acme.example"), ("external_id", "77"), ("Department", "R&D")], &[])
}

#[tokio::test]
async fn a_token_that_ends_in_the_middle_is_renewed_and_everything_is_done_once() {
    let platform = Platform::open().await;
    let target = platform.target();
    let user = |number: usize| creation(Access::Active, &[("mail", &format!("p{number}@acme.example"))], &[]);
    target.write(&[user(0)]).await.unwrap();
    platform.sandbox.forget_tokens();
    let writes: Vec<Write> = (1..20).map(user).collect();
    assert!(target.write(&writes).await.unwrap().iter().all(Result::is_ok));
    assert_eq!((platform.sandbox.users().len(), platform.calls()[TOKEN]), (21, 2));
}

#[tokio::test]
async fn wrong_credentials_are_asked_for_once_and_never_shown() {
    let platform = Platform::open().await;
    let settings = platform.settings(json!({}));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("L360_CLIENT_ID"), "cid_sandbox").unwrap();
    std::fs::write(folder.path().join("L360_CLIENT_SECRET"), "cs_another").unwrap();
    let secrets = rollbook::connector::secrets::Secrets::new(Some(folder.path().to_owned()));
    let target = rollbook::connector::three_sixty::ThreeSixtyTarget::open(&settings, &secrets).unwrap();
    for error in [
        target.users(&layout(&[])).await.unwrap_err(),
        target.write(&[somebody()]).await.unwrap_err(),
        target.groups().await.unwrap_err(),
    ] {
        assert!(matches!(error, ConnectorError::Credentials { .. }), "{error:?}");
        assert!(error.to_string().contains("401 at POST /api/v2/oauth2/token") && error.help().contains("API"));
        assert!(!format!("{error:?} {target:?}").contains("cs_another"));
    }
    assert_eq!(platform.calls().values().sum::<u64>(), 1);
}

#[tokio::test]
async fn a_scope_that_is_missing_ends_the_run_in_either_shape_of_an_error() {
    for plain in [true, false] {
        let platform = Platform::with(|switches| {
            switches.plain_scope_error = plain;
            switches.withhold_scopes.insert("users:write".to_owned());
        })
        .await;
        let error = platform.target().write(&[somebody()]).await.unwrap_err();
        assert!(matches!(error, ConnectorError::Credentials { .. }), "{error:?}");
        assert!(error.help().contains("scope") && error.help().contains("check --live"), "{}", error.help());
    }
}

#[tokio::test]
async fn a_creation_whose_answer_is_lost_is_found_by_its_address_and_finished() {
    for then in [Then::CutAfter, Then::Fail { status: 502, done: true }] {
        for mail in ["a@acme.example", "A+b@Acme.example"] {
            let platform = Platform::open().await;
            let target = platform.target();
            platform.hit(CREATE, then.clone());
            let fields = [("mail", mail), ("external_id", "77"), ("Department", "R&D")];
            let given = given(&target, creation(Access::Active, &fields, &[])).await;
            assert_eq!(given.trouble, None);
            let kept = platform.kept(&given.user);
            assert_eq!(
                (kept.status, &*kept.external_ids["hibob"], &*kept.values["Department"]),
                (Status::Active, "77", "R&D")
            );
            assert_eq!((platform.calls()["POST /users"], platform.sandbox.users().len()), (1, 2));
        }
    }
}

#[tokio::test]
async fn a_creation_of_which_nobody_knows_and_that_was_not_done_is_said_to_be_unknown() {
    let platform = Platform::open().await;
    let target = platform.target();
    platform.hit(CREATE, Then::CutBefore);
    let error = one(&target, somebody()).await.unwrap_err();
    assert!(error.message.contains("not known whether it was done"), "{error:?}");
    assert_eq!((platform.calls()["POST /users"], platform.sandbox.users().len()), (1, 1));
    assert_eq!(given(&target, somebody()).await.trouble, None, "the next run makes it");
}

#[tokio::test]
async fn somebody_who_had_the_address_before_is_not_taken_for_the_one_who_was_to_be_made() {
    for status in ["active", "invited"] {
        let platform = Platform::open().await;
        let other = platform.add(json!({ "fields": { "mail": "a@acme.example" }, "status": status }));
        let target = platform.target();
        listed(&target, &[]).await;
        platform.hit(CREATE, Then::CutBefore);
        assert!(one(&target, somebody()).await.is_err());
        assert!(platform.kept(&other).external_ids.is_empty());
    }
}

#[tokio::test]
async fn what_fails_after_a_creation_is_its_trouble_and_the_rest_is_done_all_the_same() {
    let values = "PUT /api/v2/users/{userId}/custom-fields/values";
    for (endpoint, code, words) in [
        (ACTIVATE, "userDeleted", "deactivated"),
        (MAP, "valueAlreadyUsed", "another account has this employee id"),
        (values, "unauthorizedValue", "only the values of its list"),
    ] {
        let platform = Platform::open().await;
        let target = platform.target();
        platform.hit(endpoint, refuse(400, code));
        let given = given(&target, somebody()).await;
        let trouble = given.trouble.unwrap();
        assert!(trouble.message.contains(words), "{trouble:?}");
        let kept = platform.kept(&given.user);
        assert_eq!(kept.status == Status::Active, endpoint != ACTIVATE);
        assert_eq!(kept.external_ids.contains_key("hibob"), endpoint != MAP);
        assert_eq!(kept.values.contains_key("Department"), endpoint != values);
        // What the next run asks for.
        platform.sandbox.forget_calls();
        let rest = update(&given.user, &[("external_id", "77"), ("Department", "R&D")]);
        let access = Write::Reactivate {
            user: given.user.clone(),
            from: if endpoint == ACTIVATE { UserStatus::Invited } else { UserStatus::Active },
            access: Access::Active,
            memberships: Vec::new(),
        };
        assert!(target.write(&[access, rest]).await.unwrap().iter().all(Result::is_ok));
        let kept = platform.kept(&given.user);
        assert_eq!((kept.status, kept.external_ids.len(), kept.values.len()), (Status::Active, 1, 1));
        assert_eq!(platform.writes(), 1, "only what was missing: {:?}", platform.calls());
    }
}

#[tokio::test]
async fn repeatable_writes_are_made_again_when_they_break_and_a_429_always() {
    let platform = Platform::open().await;
    let user = platform.add(json!({ "fields": { "mail": "u@acme.example" } }));
    let target = platform.target();
    for then in [Then::CutBefore, Then::CutAfter, Then::Fail { status: 503, done: false }] {
        platform.hit(PATCH, then);
        assert_eq!(one(&target, update(&user, &[("job", "Cook")])).await, Ok(Written::Done));
    }
    platform.sandbox.switch(|switches| switches.faults.rate_limited = 1);
    assert_eq!(given(&target, somebody()).await.trouble, None);
    assert_eq!(platform.calls()["POST /users"], 2);
}

#[tokio::test]
async fn each_code_is_told_in_words_with_something_to_do_and_the_next_write_goes_on() {
    let platform = Platform::open().await;
    let user = platform.add(json!({ "fields": { "mail": "a@acme.example" } }));
    let target = platform.target();
    let codes = [
        "mailInvalid",
        "mailAlreadyUsed",
        "mailUsedTooManyTimes",
        "usernameAlreadyUsed",
        "usernameNotAllowed",
        "mailAndUsernameUndefined",
        "loginIdentifierMultipleUsersFound",
        "deactivationDateInvalid",
        "notMemberOfPrimaryGroup",
        "analystUnavailable",
        "groupNotFound",
        "userShouldHaveAtLeastOneValidIdentifier",
        "invalidUpdateOnDeletedUser",
        "ownerDeactivationNotAllowed",
        "userIsCompanyOwner",
        "userDeleted",
        "managerDeleted",
        "managerNotFound",
        "userNotFound",
        "unauthorizedValue",
        "wrongTypeValue",
        "multipleValuesForSingleCustomField",
        "customFieldNotFound",
        "mappingAlreadyExists",
        "targetAlreadyMapped",
        "valueAlreadyUsed",
        "reservedPlatformName",
        "resourceNotFound",
        "mappingIdNotFound",
        "maxGroupsLimitReached",
        "parentGroupNotFound",
        "userNotFoundInGroup",
        "inputTooLong",
        "invalidInput",
    ];
    for code in codes {
        platform.hit(PATCH, refuse(400, code));
        let error = one(&target, update(&user, &[("job", "Cook")])).await.unwrap_err();
        assert!(!error.message.contains(code) && !error.hint.is_empty(), "{code}: {error:?}");
        assert!(!error.message.contains("please report"), "{code}");
    }
    platform.hit(PATCH, refuse(400, "somethingNew"));
    let error = one(&target, update(&user, &[("job", "Cook")])).await.unwrap_err();
    assert_eq!(error.message, "360Learning refuses this with the code `somethingNew`");
    assert_eq!(one(&target, update(&user, &[("job", "Cook")])).await, Ok(Written::Done));
}

#[tokio::test]
async fn when_the_service_is_gone_nothing_is_said_of_any_write() {
    let platform = Platform::open().await;
    let target = platform.target();
    target.catalogue().await.unwrap();
    let fault = |calls| rollbook::sandbox::faults::CallFault {
        endpoint: Some(PATCH.to_owned()),
        after: 0,
        calls,
        then: Then::Fail { status: 503, done: false },
    };
    platform.sandbox.switch(|switches| switches.faults.calls = vec![fault(99)]);
    let user = UserId::from("65bb00000000000000000001");
    let error = target.write(&[update(&user, &[("job", "Cook")])]).await.unwrap_err();
    assert!(matches!(error, ConnectorError::Unavailable { .. }), "{error:?}");
    assert!(error.help().contains("run again"), "{}", error.help());
}
