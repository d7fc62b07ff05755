//! What breaks as it is told to.

use reqwest::Method;
use rollbook::sandbox::faults::{CallFault, Halt, Then};
use serde_json::json;

use super::client::{Company, new_user};

fn fault(endpoint: &str, then: Then) -> CallFault {
    CallFault { endpoint: Some(endpoint.to_owned()), after: 0, calls: 1, then }
}

const CREATE: &str = "POST /api/v2/users";

#[tokio::test]
async fn a_connection_is_cut_before_or_after_it_was_done() {
    let company = Company::open().await;
    let create = async || company.request(Method::POST, "/users").json(&new_user("ada@x.example")).send().await;
    let broken = async || match create().await {
        Ok(response) => response.bytes().await.is_err(),
        Err(_) => true,
    };
    company.sandbox.switch(|switches| switches.faults.calls = vec![fault(CREATE, Then::CutBefore)]);
    assert!(broken().await);
    assert_eq!(company.sandbox.users().len(), 1, "nothing was done");
    company.sandbox.switch(|switches| switches.faults.calls = vec![fault(CREATE, Then::CutAfter)]);
    assert!(broken().await);
    assert_eq!(company.sandbox.users().len(), 2, "it was done, and the answer is lost");
    assert_eq!(create().await.unwrap().status().as_u16(), 400, "who asks again is told that the mail is used");
}

#[tokio::test]
async fn an_endpoint_refuses_with_any_code_or_fails_done_or_not() {
    let company = Company::open().await;
    let refuse = Then::Refuse { status: 400, code: "mailUsedTooManyTimes".to_owned() };
    let faults = vec![
        fault(CREATE, refuse),
        fault(CREATE, Then::Fail { status: 502, done: false }),
        fault(CREATE, Then::Fail { status: 504, done: true }),
    ];
    company.sandbox.switch(|switches| switches.faults.calls = faults);
    assert_eq!(company.get("/users").await.status, 200);
    assert_eq!(company.post("/users", &new_user("ada@x.example")).await.code(), (400, "mailUsedTooManyTimes"));
    assert_eq!(company.post("/users", &new_user("ada@x.example")).await.status, 502);
    assert_eq!(company.sandbox.users().len(), 1);
    assert_eq!(company.post("/users", &new_user("ada@x.example")).await.status, 504);
    assert_eq!(company.sandbox.users().len(), 2);
}

#[tokio::test]
async fn a_burst_of_429_is_over_after_so_many_calls() {
    let company = Company::open().await;
    company.sandbox.switch(|switches| switches.faults.rate_limited = 2);
    assert_eq!(company.get("/users").await.status, 429);
    let bulk = company.post("/bulk/groups/memberships", &json!({ "input": [] })).await;
    assert_eq!(bulk.code(), (429, "bulkOperationsConcurrencyLimitReached"));
    assert_eq!(company.get("/users").await.status, 200);
}

#[tokio::test]
async fn after_a_halt_no_write_is_answered_and_whoever_waits_for_it_is_told() {
    let company = Company::open().await;
    company.sandbox.switch(|switches| switches.faults.halt = Some(Halt { writes: 1, done: true }));
    company.create("ada@x.example").await;
    let body = new_user("bo@x.example");
    let stuck = company.request(Method::POST, "/users").json(&body).send();
    tokio::select! {
        answer = stuck => panic!("answered: {answer:?}"),
        () = company.sandbox.halted() => {}
    }
    assert_eq!(company.sandbox.users().len(), 3, "it was done all the same");
    company.sandbox.switch(|switches| switches.faults.halt = None);
    company.create("cy@x.example").await;
}
