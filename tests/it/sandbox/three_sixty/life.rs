//! From the invitation to the restoring of a deleted account (apis/360learning.md §3.5).

use reqwest::Method;
use rollbook::sandbox::three_sixty::Change;
use rollbook::sandbox::three_sixty::change::Status;
use rollbook::sandbox::three_sixty::switches::{DeleteDeleted, LostAt};
use serde_json::{Value as Json, json};

use super::client::{Company, DEPARTMENT, ENGINEERING, OWNER, new_user};

/// Ada, active, with everything that a restoring loses and keeps; and Bo, whom she manages.
async fn ada_and_bo(company: &Company) -> (String, String) {
    let (ada, bo) = (company.create("ada@x.example").await, company.create("bo@x.example").await);
    assert_eq!(company.call(Method::PUT, &format!("/users/{ada}/activate")).await.status, 200);
    let date = json!({ "firstName": "Ada", "toBeDeactivatedAt": "2027-01-01T00:00:00.000Z" });
    assert_eq!(company.tell(Method::PATCH, &format!("/users/{ada}"), &date).await.status, 200);
    assert_eq!(company.call(Method::POST, &format!("/groups/{ENGINEERING}/learner/{ada}")).await.status, 204);
    assert_eq!(company.call(Method::POST, &format!("/users/{bo}/managers/{ada}")).await.status, 204);
    let values = json!({ "customValues": [{ "customFieldId": DEPARTMENT, "type": "string", "value": "R&D" }] });
    assert_eq!(company.put(&format!("/users/{ada}/custom-fields/values"), &values).await.status, 200);
    (ada, bo)
}

#[tokio::test]
async fn an_invited_user_is_activated_and_an_active_one_stays() {
    let company = Company::open().await;
    let ada = company.create("ada@x.example").await;
    for _ in 0..2 {
        let answer = company.call(Method::PUT, &format!("/users/{ada}/activate")).await;
        assert_eq!((answer.status, &answer.body["status"]), (200, &json!("active")));
    }
    assert!(company.sandbox.mails().is_empty());
    company.sandbox.switch(|switches| switches.activation_mails = true);
    let bo = company.create("bo@x.example").await;
    company.call(Method::PUT, &format!("/users/{bo}/activate")).await;
    assert_eq!(company.sandbox.mails()[0].kind, "activation");
}

#[tokio::test]
async fn a_deleted_user_comes_back_as_invited_without_groups_date_and_being_manager_and_with_values() {
    for lost_at in [LostAt::Deletion, LostAt::Restoring] {
        let company = Company::with(|switches| switches.lost_at = lost_at).await;
        let (ada, bo) = ada_and_bo(&company).await;
        company.delete(&ada).await;
        let kept = lost_at == LostAt::Restoring;
        assert_eq!(company.user(&ada).learns_in().contains(&"Engineering"), kept);
        assert_eq!(company.user(&bo).managers.contains(&ada), kept);
        assert_eq!(company.call(Method::PUT, &format!("/users/{ada}/activate")).await.code(), (400, "userDeleted"));
        let answer = company.post("/users", &new_user("Ada@x.example")).await;
        assert_eq!((answer.status, answer.id(), &answer.body["status"]), (200, ada.clone(), &json!("invited")));
        let back = company.user(&ada);
        assert_eq!(back.learns_in(), ["All employees"]);
        assert_eq!((back.field("firstName"), back.field("toBeDeactivatedAt")), ("Ada", ""));
        assert_eq!(back.values["Department"], "R&D");
        assert_eq!((back.deleted, back.restored), (1, 1));
        assert_eq!(company.user(&bo).managers, [""; 0]);
    }
}

#[tokio::test]
async fn a_deleted_user_can_be_changed_but_for_the_planned_date() {
    let company = Company::open().await;
    let ada = company.create("ada@x.example").await;
    company.delete(&ada).await;
    let change = async |body: Json| company.tell(Method::PATCH, &format!("/users/{ada}"), &body).await;
    assert_eq!(change(json!({ "job": "Gone" })).await.status, 200);
    let date = change(json!({ "toBeDeactivatedAt": "2027-01-01T00:00:00.000Z" })).await;
    assert_eq!(date.code(), (400, "invalidUpdateOnDeletedUser"));
}

#[tokio::test]
async fn the_owner_is_never_deleted_and_who_is_deleted_already_depends_on_a_switch() {
    let company = Company::open().await;
    let owner = company.call(Method::DELETE, &format!("/users/{OWNER}")).await;
    assert_eq!(owner.code(), (400, "userIsCompanyOwner"));
    let ada = company.create("ada@x.example").await;
    company.delete(&ada).await;
    company.delete(&ada).await;
    company.sandbox.switch(|switches| switches.delete_deleted = DeleteDeleted::NotFound);
    assert_eq!(company.call(Method::DELETE, &format!("/users/{ada}")).await.code(), (404, "userNotFound"));
}

#[tokio::test]
async fn a_planned_deactivation_happens_when_its_day_has_come() {
    let company = Company::open().await;
    let (ada, bo) = ada_and_bo(&company).await;
    let day = |date: &str| serde_json::from_value::<Change>(json!({ "change": "day", "date": date })).unwrap();
    company.sandbox.change(day("2026-12-31")).unwrap();
    assert_eq!(company.user(&ada).status, Status::Active);
    company.sandbox.change(day("2027-01-01")).unwrap();
    assert_eq!(company.user(&ada).status, Status::Deleted);
    assert_eq!(company.user(&bo).managers, [""; 0]);
    assert!(company.sandbox.change(day("2026-01-01")).is_err(), "days do not go back");
}

#[tokio::test]
async fn a_deleted_user_may_be_pseudonymized_for_good() {
    let company = Company::open().await;
    let ada = company.create("ada@x.example").await;
    let path = format!("/users/{ada}/pseudonymize?deleteExternalIds=true");
    let mapping = json!({ "platform": "hibob", "targetType": "user", "targetId": ada, "value": "1" });
    assert_eq!(company.post("/external-ids", &mapping).await.status, 201);
    assert_eq!(company.call(Method::PUT, &path).await.code(), (400, "userNotDeleted"));
    company.delete(&ada).await;
    assert_eq!(company.call(Method::PUT, &path).await.status, 200);
    assert_eq!((company.user(&ada).field("firstName"), company.user(&ada).external_ids.len()), ("", 0));
    assert_ne!(company.create("ada@x.example").await, ada, "the address belongs to nobody any more");
}
