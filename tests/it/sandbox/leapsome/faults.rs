//! What goes wrong when it is told to.

use reqwest::Method;
use rollbook::sandbox::faults::{CallFault, Halt, Then};
use serde_json::{Value as Json, json};

use super::client::Company;

const CREATE: &str = "POST /scim/v1/Users";

#[tokio::test]
async fn a_connection_is_cut_before_or_after_the_write_and_the_client_cannot_tell() {
    let company = Company::open().await;
    for (then, users) in [(Then::CutBefore, 1), (Then::CutAfter, 2)] {
        let fault = CallFault { endpoint: Some(CREATE.to_owned()), after: 0, calls: 1, then };
        company.sandbox.switch(|switches| switches.faults.calls = vec![fault]);
        let call = company.scim(Method::POST, "/Users").json(&json!({ "userName": "ada@acme.example" }));
        let answered = match call.send().await {
            Ok(answer) => answer.bytes().await.is_ok(),
            Err(_) => false,
        };
        assert!(!answered && company.sandbox.users().len() == users);
    }
}

#[tokio::test]
async fn calls_are_refused_fail_and_are_too_many_as_told() {
    let company = Company::open().await;
    let fault = |then| CallFault { endpoint: Some(CREATE.to_owned()), after: 0, calls: 1, then };
    company.sandbox.switch(|switches| {
        switches.faults.rate_limited = 1;
        let refuse = Then::Refuse { status: 409, code: "Username is already in use".to_owned() };
        switches.faults.calls = vec![fault(refuse), fault(Then::Fail { status: 503, done: true })];
    });
    let body = json!({ "userName": "ada@acme.example" });
    let mut seen = Vec::new();
    for _ in 0..4 {
        seen.push(company.post("/Users", &body).await.status);
    }
    assert_eq!(seen, [429, 409, 503, 201]);
    assert_eq!(company.post("/Users", &body).await.body, json!({}), "the one that failed was done");
}

#[tokio::test]
async fn from_a_halt_on_nothing_is_answered() {
    let company = Company::open().await;
    company.sandbox.switch(|switches| switches.faults.halt = Some(Halt { writes: 0, done: true }));
    let call = company.scim(Method::POST, "/Users").json(&json!({ "userName": "ada@acme.example" })).send();
    tokio::select! {
        _ = call => panic!("it is not answered"),
        () = company.sandbox.halted() => {}
    }
    assert_eq!(company.sandbox.users().len(), 2);
}

#[tokio::test]
async fn switches_are_set_over_http_and_a_wrong_one_changes_nothing() {
    let company = Company::open().await;
    let set = |patch: Json| company.control(Method::POST, "/switches").json(&patch).send();
    assert_eq!(set(json!({ "auto_invite": true, "faults": { "latency_ms": 1 } })).await.unwrap().status(), 200);
    assert_eq!(set(json!({ "auto_invite": false, "token_seconds": 0 })).await.unwrap().status(), 400);
    assert!(company.sandbox.switches().auto_invite);
    company.control(Method::DELETE, "/switches").send().await.unwrap();
    assert!(!company.sandbox.switches().auto_invite);
    company.sandbox.switch(|switches| switches.record = 1);
    company.get("/Users").await;
    let state: Json = company.control(Method::GET, "/state").send().await.unwrap().json().await.unwrap();
    assert_eq!((&state["calls"]["GET /scim/v1/Users"], state["attributes"].as_array().unwrap().len()), (&json!(1), 3));
    let kept: Json = company.control(Method::GET, "/exchanges").send().await.unwrap().json().await.unwrap();
    assert_eq!(kept["exchanges"][0]["status"], json!(200));
    for (path, part) in
        [("/users?status=active&limit=1", "owner@acme.example"), ("/teams", "Book club"), ("/mails", "mails")]
    {
        let text = company.control(Method::GET, path).send().await.unwrap().text().await.unwrap();
        assert!(text.contains(part), "{path}");
    }
    assert_eq!(company.control(Method::GET, "/users/nobody").send().await.unwrap().status(), 404);
}
