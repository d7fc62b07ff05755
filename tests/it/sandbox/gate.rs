//! Credentials, limits, the firewall and paths that are not there (apis/hibob.md §1.2, §1.5, §6).

use reqwest::{Method, StatusCode};
use rollbook::sandbox::hibob::switches::ErrorBodies;
use serde_json::{Value as Json, json};

use super::client::Tenant;

#[tokio::test]
async fn wrong_credentials_are_a_401_whose_body_is_a_switch() {
    let tenant = Tenant::open().await;
    let ask = async || {
        tenant
            .anonymous(Method::GET, "/company/people/fields")
            .basic_auth("SERVICE-1001", Some("wrong"))
            .send()
            .await
            .unwrap()
    };
    let response = ask().await;
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(response.json::<Json>().await.unwrap()["key"], "unauthorized");
    tenant.switch(|switches| switches.error_bodies = ErrorBodies::Long);
    assert_eq!(ask().await.json::<Json>().await.unwrap()["statusCode"], 401);
    tenant.switch(|switches| switches.error_bodies = ErrorBodies::Empty);
    assert_eq!(ask().await.text().await.unwrap(), "");
    let bearer = tenant.anonymous(Method::GET, "/company/people/fields").bearer_auth("token").send().await.unwrap();
    assert_eq!(bearer.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_fifty_first_search_of_a_minute_is_a_429_with_the_time_of_the_reset() {
    let tenant = Tenant::open().await;
    let body = json!({ "fields": ["root.id"], "filters": [{ "fieldPath": "root.id", "operator": "equals", "values": ["1"] }] });
    for left in (0..50).rev() {
        let response = tenant.try_search(&body).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()["X-RateLimit-Limit"], "50");
        assert_eq!(response.headers()["X-RateLimit-Remaining"], left.to_string());
    }
    let response = tenant.try_search(&body).await;
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    let reset: i64 = response.headers()["X-RateLimit-Reset"].to_str().unwrap().parse().unwrap();
    assert!((0..=62).contains(&(reset - jiff::Timestamp::now().as_second())));
    assert!(!response.headers().contains_key("Retry-After"));
    tenant.get("/company/people/fields").await;
    tenant.switch(|switches| switches.requests_per_minute = 2);
    assert_eq!(tenant.try_search(&body).await.status(), StatusCode::OK, "another limit begins anew");
}

#[tokio::test]
async fn a_window_ends() {
    let tenant = Tenant::with(|switches| {
        switches.requests_per_minute = 1;
        switches.window_seconds = 1;
        switches.retry_after = true;
    })
    .await;
    let body = json!({ "fields": ["root.id"] });
    assert_eq!(tenant.try_search(&body).await.status(), StatusCode::OK);
    let mut refused = tenant.try_search(&body).await;
    while refused.status() == StatusCode::TOO_MANY_REQUESTS {
        assert!(refused.headers().contains_key("Retry-After"));
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        refused = tenant.try_search(&body).await;
    }
    assert_eq!(refused.status(), StatusCode::OK);
}

#[tokio::test]
async fn whoever_keeps_trying_wrong_credentials_is_blocked_with_right_ones_too() {
    let tenant = Tenant::open().await;
    for _ in 0..50 {
        let response = tenant.anonymous(Method::GET, "/company/named-lists").send().await.unwrap();
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    }
    let blocked = tenant.try_search(&json!({})).await;
    assert_eq!(blocked.status(), StatusCode::FORBIDDEN);
    assert!(blocked.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
    tenant.control(Method::DELETE, "/calls").send().await.unwrap();
    assert_eq!(tenant.try_search(&json!({})).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_path_that_does_not_exist_answers_200_with_html() {
    let tenant = Tenant::open().await;
    for path in ["/people/3000000000000000101/lifecycel", "/nothing", "/company/people/field"] {
        let response = tenant.call(Method::GET, path).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/html"), "{path}");
    }
}

#[tokio::test]
async fn a_get_that_announces_a_body_is_a_400_with_html() {
    let tenant = Tenant::open().await;
    let ask = async || {
        let call = tenant.call(Method::GET, "/company/people/fields").header("Content-Type", "application/json");
        call.send().await.unwrap()
    };
    let response = ask().await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert!(response.text().await.unwrap().starts_with("<!DOCTYPE html>"));
    tenant.switch(|switches| switches.refuse_content_type_on_get = false);
    assert_eq!(ask().await.status(), StatusCode::OK);
}

#[tokio::test]
async fn the_endpoints_that_were_shut_down_are_gone() {
    let tenant = Tenant::open().await;
    for path in ["/people", "/people/3000000000000000101"] {
        assert_eq!(tenant.call(Method::GET, path).send().await.unwrap().status(), StatusCode::NOT_FOUND);
    }
    tenant.switch(|switches| switches.dead_status = 410);
    assert_eq!(tenant.call(Method::GET, "/people").send().await.unwrap().status(), StatusCode::GONE);
}

#[tokio::test]
async fn calls_are_counted_by_endpoint() {
    let tenant = Tenant::open().await;
    tenant.search(&json!({ "fields": ["root.id"] })).await;
    tenant.get("/company/named-lists/department").await;
    tenant.get("/company/named-lists/title").await;
    let state: Json = tenant.control(Method::GET, "/state").send().await.unwrap().json().await.unwrap();
    assert_eq!(state["calls"], json!({ "GET /v1/company/named-lists/{name}": 2, "POST /v1/people/search": 1 }));
    assert_eq!(tenant.sandbox.calls()["POST /v1/people/search"], 1);
}

#[tokio::test]
async fn a_sandbox_that_has_stopped_leaves_its_port_free() {
    let tenant = Tenant::open().await;
    let address = tenant.sandbox.address();
    tenant.sandbox.stop().await;
    assert!(std::net::TcpListener::bind(address).is_ok());
}
