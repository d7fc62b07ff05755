//! Invitations, access and what ends it (apis/leapsome.md §2.2, §4).

use rollbook::sandbox::leapsome::Status;
use serde_json::json;

use super::client::{Company, WORK};

#[tokio::test]
async fn whoever_is_made_is_invited_only_where_the_company_wants_it() {
    let company = Company::open().await;
    company.create("ada@acme.example", "1").await;
    assert!(company.sandbox.mails().is_empty());
    company.sandbox.switch(|switches| switches.auto_invite = true);
    company.create("bo@acme.example", "2").await;
    let mails: Vec<_> = company.sandbox.mails().into_iter().map(|mail| mail.to).collect();
    assert_eq!((mails, company.user("2").status), (vec!["bo@acme.example".to_owned()], Status::Invited));
    company.play(&json!([{ "event": "invite", "user": "1" }, { "event": "accept", "user": "1" }])).await;
    assert_eq!(company.user("1").status, Status::Active);
}

#[tokio::test]
async fn somebody_comes_back_as_what_they_had_got_to_and_no_mail_goes_out() {
    let company = Company::open().await;
    let path = async |name: &str, active: bool| {
        let body = json!({ "userName": format!("{name}@acme.example"), "active": active });
        company.patch(&format!("/Users/{}", company.user(&format!("{name}@acme.example")).id), &body).await
    };
    for name in ["ada", "bo", "cy"] {
        company.create(&format!("{name}@acme.example"), name).await;
    }
    company
        .play(&json!([{ "event": "invite", "user": "bo" }, { "event": "invite", "user": "cy" },
            { "event": "accept", "user": "cy" }]))
        .await;
    let mails = company.sandbox.mails().len();
    for (name, back) in [("ada", Status::Created), ("bo", Status::Invited), ("cy", Status::Active)] {
        assert_eq!(path(name, false).await.body["active"], json!(false));
        assert_eq!(company.user(name).status, Status::Deactivated);
        assert_eq!(path(name, true).await.body["active"], json!(true));
        assert_eq!(company.user(name).status, back, "{name}");
    }
    assert_eq!(company.sandbox.mails().len(), mails);
}

#[tokio::test]
async fn a_super_admin_is_not_deactivated_before_being_demoted() {
    let company = Company::open().await;
    let owner = company.user("owner@acme.example").id;
    let body = json!({ "userName": "owner@acme.example", "active": false });
    assert_eq!(company.patch(&format!("/Users/{owner}"), &body).await.status, 400);
    company.play(&json!({ "event": "super_admin", "user": "owner@acme.example", "is": false })).await;
    assert_eq!(company.patch(&format!("/Users/{owner}"), &body).await.status, 200);
}

#[tokio::test]
async fn people_are_deactivated_after_their_end_date_only_where_the_company_wants_it() {
    let company = Company::open().await;
    let ada = company.create("ada@acme.example", "1").await;
    company.work(&ada, "ada@acme.example", &json!({ "endDate": "2026-11-30" })).await;
    company.play(&json!({ "event": "day", "date": "2026-12-01" })).await;
    assert!(company.user("1").active());
    company.sandbox.switch(|switches| switches.deactivate_after_end_date = true);
    company.play(&json!({ "event": "day", "date": "2026-12-02" })).await;
    assert!(!company.user("1").active());
}

#[tokio::test]
async fn people_may_show_as_inactive_before_they_are_invited_and_the_inactive_may_not_be_listed() {
    let company =
        Company::with(|switches| (switches.created_is_active, switches.list_deactivated) = (false, false)).await;
    let ada = company.create("ada@acme.example", "1").await;
    assert_eq!(company.get("/Users/1").await.body["active"], json!(false));
    let off = json!({ "userName": "ada@acme.example", "active": false, WORK: { "level": "L1" } });
    company.patch(&format!("/Users/{ada}"), &off).await;
    assert_eq!(company.get("/Users").await.body["totalResults"], json!(1));
    assert_eq!(company.get("/Users/1").await.status, 200, "but found when asked for");
}

#[tokio::test]
async fn what_is_done_by_hand_is_refused_in_words_when_it_cannot_be() {
    let company = Company::open().await;
    company
        .play(&json!([
            { "event": "add", "fields": { "userName": "bo@acme.example", WORK: { "department": "Sales" } } },
            { "event": "team", "name": "Choir", "external_id": "c-1" },
            { "event": "join", "user": "bo@acme.example", "team": "Choir" },
            { "event": "rename_team", "team": "Sales", "name": "Sales & Care" },
            { "event": "change", "user": "bo@acme.example", "fields": { "title": "Seller" } },
        ]))
        .await;
    let bo = company.user("bo@acme.example");
    assert_eq!(
        (bo.teams, bo.department.as_deref()),
        (vec!["Choir".to_owned(), "Sales & Care".to_owned()], Some("Sales & Care"))
    );
    company
        .play(&json!([{ "event": "leave", "user": "bo@acme.example", "team": "Choir" },
        { "event": "delete", "user": "bo@acme.example" }]))
        .await;
    assert!(company.sandbox.user("bo@acme.example").is_none());
    for event in [
        json!({ "event": "accept", "user": "owner@acme.example" }),
        json!({ "event": "invite", "user": "bo" }),
        json!({ "event": "day", "date": "2020-01-01" }),
        json!({ "event": "undefine", "id": "x" }),
    ] {
        let call = company.control(reqwest::Method::POST, "/events").json(&event);
        assert_eq!(call.send().await.unwrap().status(), 400, "{event}");
    }
}
