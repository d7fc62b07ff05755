//! What goes wrong when it is told to.

use reqwest::Method;
use rollbook::sandbox::learnupon::faults::Failure;
use serde_json::json;

use super::client::{Portal, told};

const CREATE: &str = "POST /api/v1/users";

#[tokio::test]
async fn a_connection_is_cut_before_or_after_the_write_and_the_client_cannot_tell() {
    let portal = Portal::open().await;
    for (done, users) in [(false, 1), (true, 2)] {
        portal.sandbox.switch(|switches| switches.faults.failures = vec![Failure::cut(CREATE, done)]);
        let user = json!({ "User": { "email": "ada@acme.example", "password": "long enough" } });
        let answer = portal.call(Method::POST, "/users").json(&user).send().await;
        let failed = match answer {
            Ok(answer) => answer.bytes().await.is_err(),
            Err(_) => true,
        };
        assert!(failed, "nothing came back");
        assert_eq!(portal.sandbox.users().len(), users);
    }
}

#[tokio::test]
async fn the_next_calls_of_an_endpoint_fail_as_told_and_others_do_not() {
    let portal = Portal::open().await;
    let failure = Failure { skip: 1, ..Failure::status("GET /api/v1/users", 503, 2) };
    portal.sandbox.switch(|switches| switches.faults.failures = vec![failure]);
    let mut seen = Vec::new();
    for path in ["/users", "/groups", "/users", "/users", "/users"] {
        seen.push(portal.call(Method::GET, path).send().await.unwrap().status().as_u16());
    }
    assert_eq!(seen, [200, 200, 503, 503, 200]);
    portal.sandbox.switch(|switches| switches.faults.failures = vec![Failure::status("GET /api/v1/users", 429, 1)]);
    let limited = portal.call(Method::GET, "/users").send().await.unwrap();
    assert_eq!(limited.headers()["x-lu-rate-limit-remaining-minute"], "0");
    assert_eq!(told(limited).await.0, 429);
}

#[tokio::test]
async fn an_error_may_come_under_an_odd_status_and_says_so_in_its_body() {
    let portal = Portal::with(|switches| switches.error_status = Some(200)).await;
    let body = portal.get("/users/search?email=nobody@acme.example").await;
    assert_eq!((&body["response_type"], &body["response_code"]), (&json!("ERROR"), &json!(404)));
}

#[tokio::test]
async fn switches_are_set_over_http_and_a_wrong_one_changes_nothing() {
    let portal = Portal::open().await;
    let set = |patch: serde_json::Value| portal.control(Method::POST, "/switches").json(&patch).send();
    assert_eq!(set(json!({ "sso": true, "faults": { "latency_ms": 1 } })).await.unwrap().status(), 200);
    assert_eq!(set(json!({ "sso": false, "page_size": 0 })).await.unwrap().status(), 400);
    assert!(portal.sandbox.switches().sso);
    portal.control(Method::DELETE, "/switches").send().await.unwrap();
    assert!(!portal.sandbox.switches().sso);
    portal.call(Method::GET, "/users").send().await.unwrap();
    let state: serde_json::Value = portal.control(Method::GET, "/state").send().await.unwrap().json().await.unwrap();
    assert_eq!(state["calls"]["GET /api/v1/users"], 1);
}
