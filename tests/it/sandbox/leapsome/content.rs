//! The Content API (apis/leapsome.md §6).

use std::time::Duration;

use reqwest::Method;
use rollbook::sandbox::leapsome::Users;
use serde_json::json;

use super::client::{Answer, Company, SENIORITY};

#[tokio::test]
async fn a_token_is_had_for_the_secret_in_the_query_and_is_good_for_a_while() {
    let company = Company::open().await;
    let ask = async |path: &str| Answer::of(company.bare(Method::GET, path).send().await.unwrap()).await;
    assert_eq!(ask("/v1/token").await.status, 401);
    assert_eq!(ask("/v1/token?secret=other").await.status, 401);
    assert_eq!(ask("/v1/employees").await.status, 401);
    let given = ask(&format!("/v1/token?secret={}", company.sandbox.keys().api_secret)).await;
    assert_eq!((given.status, &given.body["expiresIn"]), (200, &json!(18_000)));
    assert_eq!(company.employees("").await.status, 200);
    company.sandbox.switch(|switches| switches.token_seconds = 1);
    let token = company.token().await;
    let with_token =
        async || company.bare(Method::GET, "/v1/employees").bearer_auth(&token).send().await.unwrap().status();
    while with_token().await == 200 {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(with_token().await, 401);
    company.sandbox.switch(|switches| switches.token_seconds = 60);
    let token = company.token().await;
    company.sandbox.forget_tokens();
    let call = company.bare(Method::GET, "/v1/employees").bearer_auth(token);
    assert_eq!(call.send().await.unwrap().status(), 401);
}

#[tokio::test]
async fn employees_come_by_pages_with_status_and_teams_and_pay_and_without_external_ids() {
    let company = Company::of(Users::Generated { count: 3, seed: 1 }, |_| {}).await;
    let ada = company.create("ada@acme.example", "1").await;
    let work = json!({ "department": "Data", "startDate": "2026-03-01", "manager": "owner@acme.example", SENIORITY: "Band 3" });
    company.work(&ada, "ada@acme.example", &work).await;
    company.play(&json!({ "event": "join", "user": "1", "team": "Book club" })).await;
    let page = company.employees("?page=2&pageSize=3").await.body;
    assert_eq!(
        (&page["meta"], page["data"].as_array().unwrap().len()),
        (&json!({ "page": 2, "pageSize": 3, "totalCount": 5 }), 2)
    );
    let found = company.employees("?email=ADA@acme.example").await.body["data"][0].clone();
    assert_eq!((&found["status"], &found["startDate"]), (&json!("created"), &json!("2026-03-01T00:00:00.000Z")));
    assert_eq!((&found["departments"][0]["name"], &found["teams"][0]["name"]), (&json!("Data"), &json!("Book club")));
    assert_eq!(
        (&found["manager"]["name"], &found["customAttributes"]["Seniority"]),
        (&json!("Olu Owner"), &json!("Band 3"))
    );
    assert!(found["compensation"]["salary"].is_u64() && found.get("externalId").is_none());
    for (query, total) in [("?status=created", 1), ("?status=deactivated", 0), ("?displayedName=novak", 1)] {
        assert_eq!(company.employees(query).await.body["meta"]["totalCount"], json!(total), "{query}");
    }
    assert_eq!(company.employees(&format!("?employeeId={ada}")).await.body["meta"]["totalCount"], json!(1));
    for query in ["?pageSize=1001", "?page=0"] {
        assert_eq!(company.employees(query).await.status, 400, "{query}");
    }
    company.play(&json!({ "event": "delete", "user": "1" })).await;
    assert_eq!(company.employees("?status=removed").await.body["meta"]["totalCount"], json!(1));
}
