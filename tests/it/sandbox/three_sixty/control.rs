//! The control API: looking, changing by hand, switches.

use reqwest::{Method, StatusCode};
use serde_json::{Value as Json, json};

use super::client::{Company, EVERYBODY};

async fn make(company: &Company, changes: &Json) -> (StatusCode, Json) {
    let response = company.control(Method::POST, "/changes").json(changes).send().await.unwrap();
    (response.status(), response.json().await.unwrap())
}

#[tokio::test]
async fn an_administrator_adds_somebody_with_everything_and_it_is_shown_in_one_place() {
    let company = Company::open().await;
    let changes = json!([
        { "change": "add", "fields": { "mail": "ada@x.example", "firstName": "Ada" }, "groups": ["Engineering"],
          "managers": ["owner@acme.example"], "values": { "Site": "Paris" }, "externalIds": { "hibob": "17" } },
        { "change": "edit", "user": "17", "fields": { "job": "By hand" } },
        { "change": "join", "user": "ada@x.example", "group": EVERYBODY, "role": "coach" },
        { "change": "value", "user": "17", "field": "Department", "value": "R&D" },
        { "change": "value", "user": "17", "field": "Site", "value": null },
    ]);
    let (status, answer) = make(&company, &changes).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
    let ada = company.user(answer["made"][0].as_str().unwrap());
    assert_eq!((ada.field("job"), ada.learns_in()), ("By hand", vec!["Departments", "Engineering"]));
    assert_eq!(
        (ada.values.len(), &ada.values["Department"], &ada.external_ids["hibob"]),
        (1, &"R&D".to_owned(), &"17".to_owned())
    );
    let shown: Json = company.control(Method::GET, "/users/17").send().await.unwrap().json().await.unwrap();
    assert_eq!(shown, serde_json::to_value(&ada).unwrap());
    assert!(company.sandbox.calls().keys().all(|call| call.contains("oauth2")), "nothing of it counts as a call");
}

#[tokio::test]
async fn a_change_that_cannot_be_is_refused_with_what_to_do() {
    let company = Company::open().await;
    for (change, says) in [
        (json!({ "change": "delete", "user": "owner@acme.example" }), "userIsCompanyOwner"),
        (json!({ "change": "delete", "user": "nobody" }), "there is no user `nobody`"),
        (json!({ "change": "join", "user": "owner@acme.example", "group": "Nowhere" }), "there is no group `Nowhere`"),
        (json!({ "change": "vanish" }), "vanish"),
        (json!({ "change": "add", "fields": { "mail": "owner@acme.example" } }), "mailAlreadyUsed"),
    ] {
        let (status, answer) = make(&company, &change).await;
        assert_eq!(status, StatusCode::BAD_REQUEST);
        assert!(answer["error"].as_str().unwrap().contains(says), "{answer}");
        assert!(!answer["help"].as_str().unwrap().is_empty());
    }
}

#[tokio::test]
async fn calls_are_recorded_where_that_is_switched_on() {
    let company = Company::with(|switches| switches.record = 2).await;
    company.create("ada@x.example").await;
    company.get("/groups?x=1").await;
    let exchanges = company.sandbox.exchanges();
    assert_eq!(exchanges.len(), 2, "the token's call is not among the latest two");
    assert_eq!((exchanges[0].endpoint.as_str(), exchanges[0].status), ("POST /api/v2/users", 201));
    assert_eq!(exchanges[0].request.as_ref().unwrap()["mail"], "ada@x.example");
    assert_eq!(exchanges[0].response.as_ref().unwrap()["status"], "invited");
    assert_eq!(exchanges[1].query.as_deref(), Some("x=1"));
}

#[tokio::test]
async fn switches_are_set_and_set_back_over_http_and_mistakes_are_explained() {
    let company = Company::open().await;
    let set = async |body: Json| {
        let response = company.control(Method::POST, "/switches").json(&body).send().await.unwrap();
        (response.status(), response.json::<Json>().await.unwrap())
    };
    assert_eq!(set(json!({ "usernames": true })).await.1["usernames"], true);
    assert!(company.sandbox.switches().usernames);
    let (status, answer) = set(json!({ "user_names": true })).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert!(answer["error"].as_str().unwrap().contains("user_names"));
    let (_, answer) = set(json!({ "faults": { "calls": [{ "then": { "fail": { "status": 400 } } }] } })).await;
    assert!(answer["help"].as_str().unwrap().contains("from 500 to 599"), "{answer}");
    company.control(Method::DELETE, "/switches").send().await.unwrap();
    assert!(!company.sandbox.switches().usernames);
}
