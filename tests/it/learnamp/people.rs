//! Users: made, changed, given access again, and their access ended, in as few calls as there can be.

use rollbook::connector::Write;
use rollbook::model::{Access, GroupKind};
use rollbook::sandbox::faults::Then;
use rollbook::sandbox::learnamp::Status;
use rollbook::sandbox::learnamp::switches::{ClearedBy, ReactivateFlag, Twice};
use serde_json::json;

use super::company::*;

const CREATE: &str = "POST /v1/users";
const UPDATE: &str = "PUT /v1/users/{id}";

#[tokio::test]
async fn somebody_new_is_one_call_with_the_mail_or_without() {
    let company = Company::open().await;
    let target = company.target();
    let invited = given(&target, creation(Access::Invite, "ada@acme.example", &[("location", "Leeds")])).await;
    let silent = given(&target, creation(Access::Active, "bo@acme.example", &[("Level", "Senior")])).await;
    assert_eq!((invited.trouble, silent.trouble), (None, None));
    assert_eq!(company.writes(), [(CREATE.to_owned(), 2)].into());
    let mails: Vec<u64> = company.sandbox.mails().iter().map(|mail| mail.user).collect();
    assert_eq!(mails, [company.kept(&invited.user).id]);
    assert_eq!(company.kept(&invited.user).location.as_deref(), Some("Leeds"));
    assert_eq!(company.kept(&silent.user).custom["Level"], "Senior");
}

#[tokio::test]
async fn fields_team_and_manager_are_one_call_that_carries_the_names() {
    let company = Company::open().await;
    let target = company.target();
    let boss = company.add("boss@acme.example", json!({}));
    let user = company.add("ada@acme.example", json!({ "location": "Leeds", "department": "Kept" }));
    listed(&target, &[]).await;
    let team = Write::CreateGroup { kind: GroupKind::Team, name: "Data".into(), key: Some("9".into()) };
    all_done(&target, &[team]).await;
    company.sandbox.forget_calls();
    let changes = update(&user, &[("job_title", "Lead"), ("primary_team", "Data"), ("location", ""), ("Level", "7")]);
    all_done(&target, &[changes, manage(&user, Some(&boss))]).await;
    assert_eq!(company.writes(), [(UPDATE.to_owned(), 1)].into());
    let kept = company.kept(&user);
    assert_eq!((kept.job_title.as_deref(), kept.location.as_deref()), (Some("Lead"), None));
    assert_eq!(
        (kept.manager, kept.primary_team),
        (Some(company.kept(&boss).id), company.sandbox.team("Data").map(|team| team.id))
    );
    assert_eq!((&*kept.custom["Level"], kept.department.as_deref()), ("7", Some("Kept")));
}

#[tokio::test]
async fn a_field_is_cleared_whichever_way_the_account_clears_and_the_way_is_remembered() {
    for by in [ClearedBy::Either, ClearedBy::Null, ClearedBy::EmptyText] {
        let company = Company::with(|switches| switches.cleared_by = by).await;
        let target = company.target();
        let users = ["a", "b"].map(|name| company.add(&format!("{name}@acme.example"), json!({ "location": "Leeds" })));
        listed(&target, &[]).await;
        for user in &users {
            all_done(&target, &[update(user, &[("location", ""), ("job_title", "Lead")])]).await;
            assert_eq!(company.kept(user).location, None, "{by:?}");
        }
        let calls = if by == ClearedBy::EmptyText { 3 } else { 2 };
        assert_eq!(company.writes(), [(UPDATE.to_owned(), calls)].into(), "{by:?}");
    }
    let company = Company::with(|switches| switches.cleared_by = ClearedBy::Nothing).await;
    let user = company.add("ada@acme.example", json!({ "location": "Leeds" }));
    let error = one(&company.target(), update(&user, &[("location", "")])).await.unwrap_err();
    assert!(error.message.contains("`location` was to be cleared and is still filled"), "{error:?}");
}

#[tokio::test]
async fn whoever_is_back_gets_access_fields_team_and_manager_however_the_flag_works() {
    for (flag, twice) in [
        (ReactivateFlag::Works, Twice::Refused),
        (ReactivateFlag::WithoutTeams, Twice::Refused),
        (ReactivateFlag::Ignored, Twice::Done),
        (ReactivateFlag::Refused, Twice::Refused),
    ] {
        let company = Company::with(|switches| (switches.reactivate_flag, switches.twice) = (flag, twice)).await;
        company.change(json!({ "change": "team", "fields": { "name": "Data" } }));
        let target = company.target();
        let boss = company.add("boss@acme.example", json!({}));
        let user = company.add("ada@acme.example", json!({}));
        company.change(json!({ "change": "deactivate", "user": user.as_str() }));
        listed(&target, &[]).await;
        let fields = update(&user, &[("primary_team", "Data"), ("location", "Leeds")]);
        all_done(&target, &[back(&user), fields, manage(&user, Some(&boss))]).await;
        let kept = company.kept(&user);
        assert_eq!((kept.status, kept.location.as_deref()), (Status::NotInvited, Some("Leeds")), "{flag:?}");
        assert_eq!((kept.primary_team.is_some(), kept.manager.is_some()), (true, true), "{flag:?}");
        if flag == ReactivateFlag::Works {
            assert_eq!(company.writes(), [(UPDATE.to_owned(), 1)].into());
        }
        // Somebody who has access already is done.
        all_done(&target, &[back(&user)]).await;
    }
}

#[tokio::test]
async fn access_ends_once_and_nobody_is_asked_about_somebody_who_has_none() {
    let company = Company::open().await;
    let target = company.target();
    let user = company.add("ada@acme.example", json!({}));
    all_done(&target, &[end(&user)]).await;
    assert_eq!(company.kept(&user).status, Status::Deactivated);
    all_done(&target, &[end(&user)]).await;
    listed(&target, &[]).await;
    company.sandbox.forget_calls();
    all_done(&target, &[end(&user)]).await;
    assert!(company.writes().is_empty(), "the listing said so");
}

#[tokio::test]
async fn the_owner_is_never_deactivated() {
    let company = Company::open().await;
    let owner = company.add("x@acme.example", json!({}));
    let owner = rollbook::model::UserId::new((owner.as_str().parse::<u64>().unwrap() - 1).to_string());
    let target = company.target();
    let unlisted = one(&target, end(&owner)).await.unwrap_err();
    listed(&target, &[]).await;
    company.sandbox.forget_calls();
    let error = one(&target, end(&owner)).await.unwrap_err();
    assert!(error.message.contains("Owner") && error.hint.contains("never_touch"), "{error:?}");
    assert_eq!(unlisted, error, "refused by Learn Amp in the same words");
    assert!(company.writes().is_empty());
}

#[tokio::test]
async fn a_creation_whose_answer_is_lost_is_found_by_its_external_id_and_mailed_once() {
    for then in [Then::CutAfter, Then::Fail { status: 504, done: true }] {
        let company = Company::open().await;
        let target = company.target();
        listed(&target, &[]).await;
        company.hit(CREATE, then);
        let creation = creation(Access::Invite, "ada@acme.example", &[("integration_external_id", "EU/77")]);
        let made = given(&target, creation).await;
        assert_eq!((made.trouble, company.sandbox.users().len(), company.sandbox.mails().len()), (None, 2, 1));
        assert_eq!(company.kept(&made.user).integration_external_id.as_deref(), Some("EU/77"));
        assert_eq!(company.writes()[CREATE], 1, "it is not made again");
    }
}

#[tokio::test]
async fn a_creation_that_did_not_get_through_is_left_to_the_next_run() {
    let company = Company::open().await;
    let target = company.target();
    company.hit(CREATE, Then::CutBefore);
    let creation = creation(Access::Invite, "ada@acme.example", &[("integration_external_id", "7")]);
    let error = one(&target, creation.clone()).await.unwrap_err();
    assert!(error.message.contains("broke off"), "{error:?}");
    given(&target, creation).await;
    assert_eq!((company.sandbox.users().len(), company.sandbox.mails().len()), (2, 1));
}

#[tokio::test]
async fn requests_can_be_written_as_forms() {
    let company = Company::with(|switches| {
        switches.bodies = rollbook::sandbox::learnamp::switches::Bodies::Forms;
    })
    .await;
    let target = company.open_target(json!({ "bodies": "form" })).unwrap();
    let made =
        given(&target, creation(Access::Active, "ada@acme.example", &[("Level", "7"), ("location", "São Paulo")]))
            .await;
    all_done(&target, &[update(&made.user, &[("location", ""), ("Level", "8 & 9")]), manage(&made.user, None)]).await;
    let kept = company.kept(&made.user);
    assert_eq!((&*kept.custom["Level"], kept.location), ("8 & 9", None));
    assert!(company.sandbox.mails().is_empty());
}

#[tokio::test]
async fn a_token_that_learn_amp_no_longer_knows_is_asked_for_anew() {
    let company = Company::open().await;
    let target = company.target();
    listed(&target, &[]).await;
    company.sandbox.forget_tokens();
    given(&target, creation(Access::Invite, "ada@acme.example", &[])).await;
}
