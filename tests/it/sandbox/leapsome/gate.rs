//! Tokens, rights, limits and error bodies (apis/leapsome.md §0, §1).

use reqwest::Method;
use rollbook::sandbox::leapsome::switches::ErrorBody;
use serde_json::{Value as Json, json};

use super::client::{Answer, Company};

#[tokio::test]
async fn a_wrong_token_is_a_403_and_a_missing_right_a_401_and_both_can_be_as_usual() {
    let company = Company::open().await;
    let wrong = async |path: &str| {
        let call = company.bare(Method::GET, &format!("/scim/v1{path}")).bearer_auth("other");
        call.send().await.unwrap().status().as_u16()
    };
    assert_eq!((wrong("/Users").await, wrong("/ServiceProviderConfig").await), (403, 403));
    assert_eq!(company.bare(Method::GET, "/scim/v1/Users").send().await.unwrap().status(), 403);
    company.sandbox.switch(|switches| switches.authorized = false);
    assert_eq!(company.get("/Users").await.status, 401);
    assert_eq!(company.get("/ServiceProviderConfig").await.status, 200, "the token itself is good");
    company.sandbox.switch(|switches| switches.swapped_codes = false);
    assert_eq!((wrong("/Users").await, company.get("/Users").await.status), (401, 403));
}

#[tokio::test]
async fn the_call_above_a_limit_is_a_429_without_a_word_on_when_to_come_again_and_each_api_has_its_own() {
    let company = Company::with(|switches| {
        (switches.scim_per_second, switches.content_per_second) = (1, 2);
    })
    .await;
    assert_eq!(company.get("/Users").await.status, 200);
    let limited = company.scim(Method::GET, "/Users").send().await.unwrap();
    assert_eq!((limited.status().as_u16(), limited.headers().get("retry-after")), (429, None));
    assert_eq!(company.employees("").await.status, 200);
    assert_eq!(company.bare(Method::GET, "/v1/token").send().await.unwrap().status(), 429);
}

#[tokio::test]
async fn error_bodies_are_empty_or_plain_or_scim_as_switched() {
    let company = Company::open().await;
    let unknown = company.get("/Users/nobody").await;
    assert_eq!(
        (unknown.status, &unknown.body["detail"], &unknown.body["status"]),
        (404, &json!("Resource not found"), &json!("404"))
    );
    company.sandbox.switch(|switches| switches.errors = ErrorBody::Empty);
    assert_eq!(company.get("/Users/nobody").await, Answer { status: 404, text: String::new(), body: Json::Null });
    company.sandbox.switch(|switches| switches.errors = ErrorBody::Plain);
    assert_eq!(company.get("/Users/nobody").await.text, "Resource not found");
}

#[tokio::test]
async fn calls_are_counted_by_endpoint_and_paths_that_are_not_there_are_404() {
    let company = Company::open().await;
    company.create("ada@acme.example", "1").await;
    company.get("/Users/1").await;
    let calls = company.sandbox.calls();
    assert_eq!((calls["POST /scim/v1/Users"], calls["GET /scim/v1/Users/{userId}"]), (1, 1));
    for path in ["/Schemas", "/ResourceTypes", "/Bulk"] {
        assert_eq!(company.get(path).await.status, 404, "{path}");
    }
    assert_eq!(company.tell(Method::DELETE, "/Users/1", &json!({})).await.status, 404, "nobody is deleted");
    company.sandbox.forget_calls();
    assert!(company.sandbox.calls().is_empty());
}
