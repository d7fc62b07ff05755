//! Users (apis/learnamp.md §4, §5).

use rollbook::sandbox::learnamp::switches::{ClearedBy, CustomForm};
use serde_json::json;

use super::client::{Account, new_user};

#[tokio::test]
async fn a_creation_mails_at_once_unless_it_is_told_not_to() {
    let account = Account::open().await;
    let invited = account.post("/users", &new_user("ada@acme.example")).await;
    assert_eq!((invited.status, &invited.body["status"]["status"]), (201, &json!("Invite pending")));
    account.create("bo@acme.example", json!({})).await;
    let mails: Vec<String> = account.sandbox.mails().into_iter().map(|mail| mail.to).collect();
    assert_eq!(mails, ["ada@acme.example"]);
    let bo = account.get("/users?expanded=true&filters[status][]=not_invited").await;
    assert_eq!(bo.addresses(), ["bo@acme.example"]);
}

#[tokio::test]
async fn the_plain_list_is_short_and_the_expanded_one_has_relations_and_custom_fields() {
    let account = Account::open().await;
    let team = account.team(json!({ "name": "Data", "managerId": 1 })).await;
    let fields = json!({ "primaryTeamId": team, "customFields": [{ "name": "Level", "value": "Senior" }] });
    account.create("ada@acme.example", fields).await;
    let short = account.get("/users?filters[email]=ada@acme.example").await.body["users"][0].clone();
    assert!(short.get("manager").is_none() && short.get("primaryTeam").is_none() && short.get("location").is_none());
    let long = async || {
        let answer = account.get("/users?expanded=true&filters[email]=ada@acme.example").await;
        answer.body["users"][0].clone()
    };
    let shown = long().await;
    assert_eq!((&shown["primaryTeam"]["name"], &shown["primaryTeam"]["teamUsersCount"]), (&json!("Data"), &json!(1)));
    assert_eq!(shown["manager"]["id"], 1, "the manager of the team, where there is no other");
    assert_eq!(shown["customFields"], json!([{ "name": "Level", "value": "Senior" }]));
    account.sandbox.switch(|switches| switches.custom_form = CustomForm::Object);
    assert_eq!(long().await["customFields"]["Level"], "Senior");
    account.sandbox.switch(|switches| switches.custom_form = CustomForm::Absent);
    assert!(long().await.get("customFields").is_none());
}

#[tokio::test]
async fn filters_can_name_several_statuses_and_without_any_the_deactivated_are_left_out_or_not() {
    let account = Account::open().await;
    let ada = account.create("ada@acme.example", json!({})).await;
    assert_eq!(account.put(&format!("/users/{ada}/deactivate"), &json!({})).await.status, 204);
    assert_eq!(account.get("/users").await.addresses(), ["owner@acme.example"]);
    let both = "/users?filters[status][]=confirmed&filters[status][]=deactivated";
    assert_eq!(account.get(both).await.addresses(), ["owner@acme.example", "ada@acme.example"]);
    account.sandbox.switch(|switches| switches.list_deactivated = true);
    assert_eq!(account.get("/users").await.addresses().len(), 2);
    let part = account.get("/users?filters[first_name]=AD&filters[status]=deactivated").await;
    assert_eq!(part.addresses(), ["ada@acme.example"]);
}

#[tokio::test]
async fn what_is_taken_or_missing_is_a_400_with_the_fields_or_with_words_alone() {
    let account = Account::open().await;
    account.create("ada@acme.example", json!({ "integrationExternalId": "EU/77" })).await;
    let taken = account.post("/users", &new_user("ADA@acme.example")).await;
    assert_eq!((taken.status, &taken.body["fullErrors"]), (400, &json!({ "email": ["has already been taken"] })));
    let mut other = new_user("bo@acme.example");
    other["integrationExternalId"] = json!("EU/77");
    let taken = account.post("/users", &other).await;
    assert_eq!(taken.body["fullErrors"]["integrationExternalId"][0], "has already been taken");
    account.sandbox.switch(|switches| switches.plain_errors = true);
    let plain = account.post("/users", &other).await;
    assert_eq!((plain.status, &plain.body), (400, &json!({ "error": "integrationExternalId has already been taken" })));
    let missing = account.put("/users/1", &json!({ "jobTitle": "x" })).await;
    assert_eq!(missing.body["error"], "email is missing, firstName is missing, lastName is missing");
}

#[tokio::test]
async fn an_external_id_is_found_exactly_whatever_is_in_it() {
    let account = Account::open().await;
    let id = account.create("ada@acme.example", json!({ "integrationExternalId": "EU/77" })).await;
    assert_eq!(account.get("/users/by_integration_external_id/EU%2F77").await.id(), id);
    assert_eq!(account.get("/users/by_integration_external_id/eu%2F77").await.status, 404);
    let mut body = new_user("ada@acme.example");
    body["integrationExternalId"] = json!("");
    assert_eq!(account.put("/users/by_integration_external_id/EU%2F77", &body).await.id(), id);
    assert_eq!(account.sandbox.user("ada@acme.example").unwrap().integration_external_id, None);
}

#[tokio::test]
async fn custom_fields_are_matched_by_name_and_ignored_in_silence_where_they_are_switched_off() {
    let account = Account::open().await;
    let change = json!({ "change": "define", "name": "Badge", "required": true });
    account.sandbox.change(serde_json::from_value(change).unwrap()).unwrap();
    let custom = |name: &str, value: serde_json::Value| json!({ "customFields": [{ "name": name, "value": value }] });
    let id = account.create("ada@acme.example", custom("Badge", json!("42"))).await;
    let unknown = account.change(id, "ada@acme.example", custom("Bagde", json!("42"))).await;
    assert_eq!((unknown.status, &unknown.body), (404, &json!({ "error": "Not found" })), "as for nobody");
    assert_eq!(account.change(id, "ada@acme.example", custom("Badge", json!(null))).await.status, 400);
    assert_eq!(account.sandbox.user("ada@acme.example").unwrap().custom["Badge"], "42", "it is kept");
    account.sandbox.switch(|switches| switches.custom_fields = false);
    assert_eq!(account.change(id, "ada@acme.example", custom("Bagde", json!("7"))).await.status, 200);
    assert_eq!(account.sandbox.user("ada@acme.example").unwrap().custom["Badge"], "42");
}

#[tokio::test]
async fn exclusive_pairs_unknown_teams_and_managers_who_are_not_active_refuse_the_whole_request() {
    let account = Account::open().await;
    let id = account.create("ada@acme.example", json!({})).await;
    let bo = account.create("bo@acme.example", json!({})).await;
    let refused = async |more: serde_json::Value| {
        let mut with_title = more;
        with_title["jobTitle"] = json!("Lead");
        let answer = account.change(id, "ada@acme.example", with_title).await;
        assert!(answer.body.get("fullErrors").is_none(), "{:?}", answer.body);
        (answer.status, answer.body["error"].as_str().unwrap().to_owned())
    };
    for (one, other) in [
        ("managerId", "managerEmail"),
        ("primaryTeamId", "primaryTeamIntegrationExternalId"),
        ("secondaryTeamIds", "secondaryTeamIntegrationExternalIds"),
    ] {
        let (status, error) = refused(json!({ one: 1, other: "x" })).await;
        assert!(status == 400 && error.contains("exclusive"), "{error}");
    }
    assert_eq!(refused(json!({ "primaryTeamId": 99 })).await.0, 400);
    account.put(&format!("/users/{bo}/deactivate"), &json!({})).await;
    let (_, error) = refused(json!({ "managerEmail": "bo@acme.example" })).await;
    assert!(error.contains("active"), "{error}");
    assert_eq!(account.sandbox.user("ada@acme.example").unwrap().job_title, None);
    let right = account.change(id, "ada@acme.example", json!({ "managerEmail": "OWNER@acme.example" })).await;
    assert_eq!(right.body["manager"]["id"], 1);
}

#[tokio::test]
async fn roles_and_skills_that_the_account_does_not_have_are_a_422() {
    let account = Account::open().await;
    let id = account.create("ada@acme.example", json!({})).await;
    for (field, value) in [("role", "hr"), ("occupationRole", "Astronaut")] {
        assert_eq!(account.change(id, "ada@acme.example", json!({ field: value })).await.status, 422, "{field}");
    }
    assert_eq!(account.change(id, "ada@acme.example", json!({ "role": "owner" })).await.status, 400);
    assert_eq!(account.change(id, "ada@acme.example", json!({ "role": "admin" })).await.body["role"], "admin");
}

#[tokio::test]
async fn what_clears_a_field_can_be_switched() {
    let account = Account::open().await;
    let id = account.create("ada@acme.example", json!({ "location": "Leeds" })).await;
    let cleared = async |by: ClearedBy, value: serde_json::Value| {
        account.sandbox.switch(|switches| switches.cleared_by = by);
        account.change(id, "ada@acme.example", json!({ "location": "Leeds" })).await;
        account.change(id, "ada@acme.example", json!({ "location": value })).await.body["location"].is_null()
    };
    let tried = [
        cleared(ClearedBy::Either, json!(null)).await,
        cleared(ClearedBy::Null, json!("")).await,
        cleared(ClearedBy::EmptyText, json!(null)).await,
        cleared(ClearedBy::EmptyText, json!("")).await,
        cleared(ClearedBy::Nothing, json!(null)).await,
    ];
    assert_eq!(tried, [true, false, false, true, false]);
}
