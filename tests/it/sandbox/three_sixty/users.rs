//! Listing, creating and changing users (apis/360learning.md §3.1 to §3.4).

use reqwest::Method;
use rollbook::sandbox::three_sixty::Users;
use rollbook::sandbox::three_sixty::switches::InValues;
use serde_json::{Value as Json, json};

use super::client::{Company, ENGINEERING, EVERYBODY, OWNER, new_user};

fn mails(users: &[Json]) -> Vec<&str> {
    users.iter().filter_map(|user| user["mail"].as_str()).collect()
}

#[tokio::test]
async fn users_come_by_pages_of_500_with_a_link_to_the_next_that_carries_the_filter() {
    let company = Company::of(Users::Generated(1100), |_| {}).await;
    let (pages, all) = company.pages("/users").await;
    assert_eq!((pages, all.len()), (3, 1101));
    assert_eq!(mails(&all)[1100], "user1100@users.example");
    let (pages, active) = company.pages("/users?status[ne]=deleted").await;
    assert_eq!((pages, active.len()), (3, 1101));
    company.delete(all[700]["_id"].as_str().unwrap()).await;
    let (_, rest) = company.pages("/users?status[ne]=deleted").await;
    assert_eq!(rest.len(), 1100);
    assert_eq!(company.get("/users?next=nonsense").await.status, 400);
}

#[tokio::test]
async fn users_are_filtered_by_mail_user_name_and_status() {
    let company = Company::open().await;
    let ada = company.create("Ada@x.example").await;
    company.create("bo@x.example").await;
    company.delete(&ada).await;
    let ask = async |query: &str| {
        let answer = company.get(&format!("/users?{query}")).await;
        answer.body.as_array().unwrap().iter().map(|user| user["mail"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(ask("status[eq]=deleted").await, ["Ada@x.example"]);
    assert_eq!(ask("mail[eq]=ada%40x.example").await, ["Ada@x.example"]);
    assert_eq!(ask("mail[in]=ada%40x.example&mail[in]=bo%40x.example").await.len(), 2);
    assert_eq!(ask("mail[ne]=ada%40x.example").await, ["owner@acme.example", "bo@x.example"]);
    assert_eq!(ask("mial[eq]=ada%40x.example").await.len(), 3, "an unknown filter is ignored");
    assert_eq!(company.get("/users?status[eq]=gone").await.status, 400);
    company.sandbox.switch(|switches| {
        switches.mail_filter_ignores_case = false;
        switches.list_deleted = false;
        switches.in_values = InValues::Comma;
    });
    assert_eq!(ask("mail[eq]=ada%40x.example").await, [""; 0]);
    assert_eq!(ask("").await.len(), 2, "deleted users are not listed unless they are asked for");
    assert_eq!(ask("mail[in]=bo%40x.example,owner%40acme.example").await.len(), 2);
}

#[tokio::test]
async fn a_user_is_created_as_invited_with_one_group_and_a_mail_unless_that_is_switched_off() {
    let company = Company::open().await;
    let body = json!({ "mail": "ada@x.example", "firstName": "Ada", "lastName": "Lee", "job": "Engineer",
        "toBeDeactivatedAt": "2027-01-01T00:00:00.000Z",
        "membership": { "groupId": EVERYBODY, "role": "learner" } });
    let answer = company.post("/users", &body).await;
    assert_eq!(answer.status, 201);
    assert_eq!((&answer.body["status"], &answer.body["lang"]), (&json!("invited"), &json!("en")));
    assert_eq!(answer.body["toBeDeactivatedAt"], "2027-01-01T00:00:00.000Z");
    assert_eq!(answer.body.get("username"), None, "what is not set is absent");
    let ada = company.user(&answer.id());
    assert_eq!(ada.learns_in(), ["All employees"]);
    company.create("bo@x.example").await;
    assert_eq!(company.sandbox.mails().len(), 1, "sendInvitationEmail=false sends none");
}

#[tokio::test]
async fn what_is_wrong_with_a_new_user_has_its_code() {
    let company = Company::open().await;
    company.create("ada@x.example").await;
    let with = |key: &str, value: Json| {
        let mut body = new_user("new@x.example");
        body[key] = value;
        body
    };
    let cases = [
        (with("mail", json!("no address")), (400, "mailInvalid")),
        (with("mail", json!("ADA@x.example")), (400, "mailAlreadyUsed")),
        (with("username", json!("new")), (400, "usernameNotAllowed")),
        (with("toBeDeactivatedAt", json!("2020-01-01T00:00:00.000Z")), (400, "deactivationDateInvalid")),
        (with("primaryGroupId", json!(ENGINEERING)), (400, "notMemberOfPrimaryGroup")),
        (with("membership", json!({ "groupId": OWNER, "role": "learner" })), (404, "groupNotFound")),
        (with("membership", json!({ "groupId": EVERYBODY, "role": "owner" })), (400, "badRequest")),
        (with("firstName", json!("")), (400, "badRequest")),
        (with("firstName", Json::Null), (400, "badRequest")),
        (with("lang", json!("en-GB")), (400, "badRequest")),
        (with("toBeDeactivatedAt", json!("2027-01-01")), (400, "badRequest")),
        (json!({ "membership": { "groupId": EVERYBODY, "role": "learner" } }), (400, "mailAndUsernameUndefined")),
        (json!({ "mail": "new@x.example" }), (400, "badRequest")),
    ];
    for (body, code) in cases {
        assert_eq!(company.post("/users", &body).await.code(), code, "{body}");
    }
    assert_eq!(company.sandbox.users().len(), 2, "nobody was created");
    company.sandbox.switch(|switches| switches.default_group = false);
    assert_eq!(company.post("/users", &new_user("new@x.example")).await.code(), (404, "groupNotFound"));
    company.sandbox.switch(|switches| (switches.default_group, switches.analyst) = (true, false));
    let analyst = with("membership", json!({ "groupId": EVERYBODY, "role": "analyst" }));
    assert_eq!(company.post("/users", &analyst).await.code(), (400, "analystUnavailable"));
}

#[tokio::test]
async fn user_names_are_allowed_by_switch_and_unique() {
    let company = Company::with(|switches| switches.usernames = true).await;
    let named = |name: &str| json!({ "username": name, "membership": { "groupId": EVERYBODY, "role": "learner" } });
    assert_eq!(company.post("/users", &named("ada.lee")).await.status, 201);
    assert_eq!(company.post("/users", &named("ada.lee")).await.code(), (400, "usernameAlreadyUsed"));
    assert_eq!(company.post("/users", &named("Ada Lee")).await.code(), (400, "usernameNotAllowed"));
    company.create("bo@x.example").await;
    let mut both = new_user("bo@x.example");
    both["username"] = json!("ada.lee");
    assert_eq!(company.post("/users", &both).await.code(), (400, "loginIdentifierMultipleUsersFound"));
}

#[tokio::test]
async fn a_change_leaves_what_is_absent_clears_by_null_and_refuses_empty_texts() {
    let company = Company::open().await;
    let ada = company.create("ada@x.example").await;
    let path = format!("/users/{ada}");
    let change = async |body| company.tell(Method::PATCH, &path, &body).await;
    let answer = change(json!({ "job": "Engineer", "phone": "1", "mail": "ada.lee@x.example", "lang": "fr" })).await;
    assert_eq!((answer.status, &answer.body["mail"]), (200, &json!("ada.lee@x.example")));
    let answer = change(json!({ "phone": null })).await;
    assert_eq!((answer.body.get("phone"), &answer.body["job"]), (None, &json!("Engineer")));
    for (body, code) in [
        (json!({ "job": "" }), "badRequest"),
        (json!({ "lang": null }), "badRequest"),
        (json!({ "mail": null }), "userShouldHaveAtLeastOneValidIdentifier"),
        (json!({ "mail": "owner@acme.example" }), "mailAlreadyUsed"),
        (json!({ "mail": "nobody" }), "mailInvalid"),
        (json!({ "primaryGroupId": ENGINEERING }), "notMemberOfPrimaryGroup"),
        (json!({ "toBeDeactivatedAt": "2026-01-01T00:00:00.000Z" }), "deactivationDateInvalid"),
        (json!({ "profileImageId": ENGINEERING }), "mediaNotFound"),
        (json!({ "username": "ada" }), "usernameNotAllowed"),
    ] {
        assert_eq!(change(body.clone()).await.code(), (400, code), "{body}");
    }
    assert_eq!(change(json!({ "primaryGroupId": EVERYBODY })).await.status, 200);
    assert_eq!(company.create("ada@x.example").await.len(), 24, "the old address is free again");
    let date = json!({ "toBeDeactivatedAt": "2027-01-01T00:00:00.000Z" });
    let owner = company.tell(Method::PATCH, &format!("/users/{OWNER}"), &date).await;
    assert_eq!(owner.code(), (400, "ownerDeactivationNotAllowed"));
    assert_eq!(company.get("/users/65bb00000000000000000099").await.code(), (404, "userNotFound"));
    assert_eq!(company.get("/users/ada@x.example").await.code(), (404, "userNotFound"), "paths take ids only");
}

#[tokio::test]
async fn addresses_may_be_kept_in_lower_case() {
    let company = Company::with(|switches| switches.lower_case_mails = true).await;
    let ada = company.create("Ada.Lee@X.example").await;
    assert_eq!(company.user(&ada).field("mail"), "ada.lee@x.example");
}

#[tokio::test]
async fn a_password_is_long_enough_and_set_for_nobody_who_is_deleted() {
    let company = Company::open().await;
    let ada = company.create("ada@x.example").await;
    let set = async |password: &str| {
        let body = json!({ "password": password, "passwordMustBeChanged": true });
        company.put(&format!("/users/{ada}/password"), &body).await
    };
    assert_eq!(set("long enough").await.status, 204);
    assert_eq!(set("short").await.code(), (400, "passwordInvalid"));
    company.delete(&ada).await;
    assert_eq!(set("long enough").await.code(), (400, "userDeleted"));
}
