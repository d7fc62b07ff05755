//! Token, version, scopes and limits (apis/360learning.md §1, §2).

use reqwest::Method;
use serde_json::json;

use super::client::{Answer, Company, new_user};

#[tokio::test]
async fn a_token_is_asked_for_with_json_and_every_mistake_has_its_own_word() {
    let company = Company::open().await;
    let client = company.sandbox.credentials().clone();
    let ask =
        async |body| Answer::of(company.bare(Method::POST, "/oauth2/token").json(&body).send().await.unwrap()).await;
    let right = json!({ "grant_type": "client_credentials", "client_id": client.id, "client_secret": client.secret });
    let answer = ask(right.clone()).await;
    assert_eq!(
        (answer.status, &answer.body["token_type"], &answer.body["expires_in"]),
        (200, &json!("Bearer"), &json!(3600))
    );
    let mut wrong = right.clone();
    wrong["client_secret"] = json!("other");
    assert_eq!(ask(wrong).await.body, json!({ "error": "invalid_client" }));
    let mut wrong = right.clone();
    wrong["grant_type"] = json!("password");
    assert_eq!(ask(wrong).await.body, json!({ "error": "unsupported_grant_type" }));
    let mut wrong = right.clone();
    wrong["user_id"] = json!("65bb00000000000000000099");
    assert_eq!(ask(wrong).await.body, json!({ "error": "non_existing_user" }));
    assert_eq!(ask(json!({})).await.body, json!({ "error": "invalid_request" }));
    let form = company.bare(Method::POST, "/oauth2/token").body("grant_type=client_credentials").send().await.unwrap();
    assert_eq!(Answer::of(form).await.body, json!({ "error": "invalid_request" }));
    company.sandbox.switch(|switches| switches.expires_in_text = true);
    assert_eq!(ask(right).await.body["expires_in"], "3600");
}

#[tokio::test]
async fn a_call_without_a_token_or_with_one_that_is_over_is_a_401_in_the_plain_shape() {
    let company = Company::open().await;
    let bare = company.bare(Method::GET, "/users").header("360-api-version", "v2.0");
    let answer = Answer::of(bare.send().await.unwrap()).await;
    assert_eq!((answer.status, answer.body), (401, json!({ "error": "invalid_token" })));
    assert_eq!(company.get("/users").await.status, 200);
    company.sandbox.forget_tokens();
    assert_eq!(company.get("/users").await.status, 401);
    company.sandbox.switch(|switches| switches.token_seconds = 1);
    let short = company.new_token().await;
    let with_short = async || {
        let call = company.bare(Method::GET, "/users").bearer_auth(&short).header("360-api-version", "v2.0");
        call.send().await.unwrap().status().as_u16()
    };
    while with_short().await == 200 {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(with_short().await, 401);
}

#[tokio::test]
async fn a_call_without_the_version_is_refused() {
    let company = Company::open().await;
    let token = company.new_token().await;
    let call = company.bare(Method::GET, "/users").bearer_auth(token);
    assert_eq!(Answer::of(call.send().await.unwrap()).await.status, 400);
}

#[tokio::test]
async fn a_scope_that_is_withheld_is_a_403_in_either_shape_for_its_paths_alone() {
    let company = Company::with(|switches| {
        switches.withhold_scopes = ["groups:bulk".to_owned(), "users:write".to_owned()].into();
    })
    .await;
    let bulk = json!({ "input": [] });
    assert_eq!(company.post("/bulk/groups/memberships", &bulk).await.code(), (403, "invalid_scope"));
    assert_eq!(company.post("/users", &new_user("ada@x.example")).await.code(), (403, "invalid_scope"));
    assert_eq!(company.get("/users").await.status, 200);
    assert_eq!(company.get("/groups").await.status, 200);
    company.sandbox.switch(|switches| switches.plain_scope_error = true);
    let answer = company.post("/bulk/groups/memberships", &bulk).await;
    assert_eq!((answer.status, answer.body), (403, json!({ "error": "invalid_scope" })));
}

#[tokio::test]
async fn the_call_above_the_limit_is_a_429_and_reads_and_writes_are_counted_apart() {
    let company = Company::with(|switches| {
        switches.writes_per_second = 1;
        switches.reads_per_second = 1;
    })
    .await;
    assert_eq!(company.post("/users", &new_user("ada@x.example")).await.status, 201);
    assert_eq!(company.get("/users").await.status, 200);
    let answer = company.post("/users", &new_user("bo@x.example")).await;
    assert_eq!((answer.status, answer.body), (429, json!({ "error": "tooManyRequests" })));
    assert_eq!(company.sandbox.users().len(), 2, "what is refused is not done");
    let bulk = company.post("/bulk/groups/memberships", &json!({ "input": [] })).await;
    assert_eq!(bulk.status, 202, "bulk operations have another limit");
}

#[tokio::test]
async fn calls_are_counted_by_endpoint_and_paths_that_are_not_there_are_404() {
    let company = Company::open().await;
    company.create("ada@x.example").await;
    company.create("bo@x.example").await;
    assert_eq!(company.sandbox.calls()["POST /api/v2/users"], 2);
    assert_eq!(company.get("/user").await.status, 404);
    assert_eq!(company.call(Method::PUT, "/users").await.status, 404);
    company.sandbox.forget_calls();
    assert!(company.sandbox.calls().is_empty());
}
