//! What goes wrong when it is told to.

use std::io::{Read as _, Write as _};

use base64::Engine as _;
use reqwest::{Method, StatusCode};
use rollbook::sandbox::breakage::{Breakage, ServerError};
use serde_json::{Value as Json, json};

use super::client::Tenant;

const EVERYBODY: &str = r#"{"fields":["root.id","root.email","work.site"],"showInactive":true}"#;

/// Everything that comes over the wire until the other side closes, and whether it ended as HTTP says.
async fn raw(tenant: &Tenant) -> (String, bool) {
    let (address, user) = (tenant.sandbox.address(), tenant.sandbox.service_user().clone());
    let basic = base64::engine::general_purpose::STANDARD.encode(format!("{}:{}", user.id, user.token));
    let read = move || {
        let mut socket = std::net::TcpStream::connect(address).unwrap();
        let head = format!("Authorization: Basic {basic}\r\nContent-Length: {}\r\nConnection: close", EVERYBODY.len());
        write!(socket, "POST /v1/people/search HTTP/1.1\r\nHost: {address}\r\n{head}\r\n\r\n{EVERYBODY}").unwrap();
        let mut bytes = Vec::new();
        // A reset instead of an orderly end is a closed connection too.
        let _ = socket.read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let text = tokio::task::spawn_blocking(read).await.unwrap();
    let ended = text.ends_with("0\r\n\r\n");
    (text, ended)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_connection_closes_the_socket_in_the_middle_and_the_next_call_is_whole() {
    let tenant = Tenant::open().await;
    let (whole, ended) = raw(&tenant).await;
    assert!(ended && whole.starts_with("HTTP/1.1 200"));
    tenant.switch(|switches| switches.faults.cut = Some(Breakage { percent: 60, calls: Some(1) }));
    let (cut, ended) = raw(&tenant).await;
    let people = |text: &str| text.matches("/root/id").count();
    assert!(!ended && (175..=185).contains(&people(&cut)), "{} of {} people", people(&cut), people(&whole));
    tenant.switch(|switches| switches.faults.cut = Some(Breakage { percent: 60, calls: Some(1) }));
    let response = tenant.try_search(&serde_json::from_str(EVERYBODY).unwrap()).await;
    assert_eq!(response.status(), StatusCode::OK, "the status was good");
    assert!(response.bytes().await.is_err(), "a client sees that the body is not whole");
    assert_eq!(tenant.search(&serde_json::from_str(EVERYBODY).unwrap()).await.len(), 300);
}

#[tokio::test]
async fn truncated_json_ends_well_as_http_and_not_as_json() {
    let tenant = Tenant::open().await;
    tenant.switch(|switches| switches.faults.truncate = Some(Breakage { percent: 50, calls: None }));
    for _ in 0..2 {
        let response = tenant.try_search(&serde_json::from_str(EVERYBODY).unwrap()).await;
        let text = response.text().await.unwrap();
        assert!(serde_json::from_str::<Json>(&text).is_err() && text.starts_with("{\"employees\":["));
    }
    let fields = tenant.call(Method::GET, "/company/people/fields").send().await.unwrap().text().await.unwrap();
    assert!(fields.starts_with('[') && serde_json::from_str::<Json>(&fields).is_err());
}

#[tokio::test]
async fn errors_of_the_server_and_limits_come_for_so_many_calls() {
    let tenant = Tenant::open().await;
    tenant.switch(|switches| {
        switches.faults.server_error = Some(ServerError { status: 502, calls: 2 });
        switches.faults.rate_limited = 1;
    });
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(tenant.try_search(&json!({})).await.status().as_u16());
    }
    assert_eq!(seen, [502, 502, 429, 200]);
}

#[tokio::test]
async fn a_good_answer_may_come_under_another_content_type() {
    let tenant = Tenant::open().await;
    tenant.switch(|switches| switches.faults.content_type = Some("text/html".to_owned()));
    let response = tenant.try_search(&json!({})).await;
    assert_eq!(response.headers()["content-type"], "text/html");
    assert!(response.json::<Json>().await.unwrap()["employees"].is_array());
}

#[tokio::test]
async fn the_roster_shrinks_and_a_field_is_lost_for_everybody() {
    let tenant = Tenant::open().await;
    tenant.switch(|switches| {
        switches.faults.shrink_to_percent = Some(40);
        switches.faults.missing_fields = vec!["work.site".to_owned()];
    });
    let people = tenant.search(&serde_json::from_str(EVERYBODY).unwrap()).await;
    assert_eq!(people.len(), 120);
    assert!(people.iter().all(|one| one.get("work").is_none() && one.get("email").is_some()));
    tenant.switch(|switches| switches.faults.shrink_to_percent = Some(0));
    assert!(tenant.search(&serde_json::from_str(EVERYBODY).unwrap()).await.is_empty());
}

#[tokio::test]
async fn switches_are_set_and_set_back_over_http_and_mistakes_are_explained() {
    let tenant = Tenant::open().await;
    let set = async |patch: Json| {
        let response = tenant.control(Method::POST, "/switches").json(&patch).send().await.unwrap();
        (response.status(), response.json::<Json>().await.unwrap())
    };
    let (status, switches) = set(json!({ "faults": { "latency_ms": 1 }, "audience": "active" })).await;
    assert_eq!((status, &switches["faults"]["latency_ms"]), (StatusCode::OK, &json!(1)));
    for wrong in [
        json!({ "audiense": "all" }),
        json!({ "faults": { "cut": { "percent": 101 } } }),
        json!([]),
        json!({ "stale_ms": "soon" }),
    ] {
        let (status, error) = set(wrong.clone()).await;
        assert_eq!(status, StatusCode::BAD_REQUEST, "{wrong}");
        assert!(error["error"].is_string() && error["help"].is_string(), "{error}");
    }
    let plain = tenant.control(Method::POST, "/switches").body("{}").send().await.unwrap();
    assert_eq!(plain.status(), StatusCode::BAD_REQUEST);
    assert!(plain.text().await.unwrap().contains("application/json"));
    let unknown = tenant.control(Method::GET, "/swiches").send().await.unwrap();
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
    tenant.control(Method::DELETE, "/switches").send().await.unwrap();
    assert_eq!(tenant.sandbox.switches(), rollbook::sandbox::hibob::Switches::default());
}

#[tokio::test]
async fn bodies_are_limited_in_size() {
    let tenant = Tenant::open().await;
    let big = json!({ "fields": ["x".repeat(2 << 20)] });
    assert_eq!(tenant.try_search(&big).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let big = json!({ "audience": "x".repeat(5 << 20) });
    let response = tenant.control(Method::POST, "/switches").json(&big).send().await.unwrap();
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
}
