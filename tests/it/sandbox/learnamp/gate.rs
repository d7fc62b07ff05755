//! Tokens, scopes, formats, pages, limits and faults (apis/learnamp.md §2, §3, §8).

use reqwest::Method;
use rollbook::sandbox::faults::{CallFault, Then};
use serde_json::json;

use super::client::{Account, Answer, new_user};

#[tokio::test]
async fn a_key_with_scopes_of_its_own_must_name_them_and_an_old_one_need_not() {
    let account = Account::open().await;
    let refused = account.ask(None).await;
    assert_eq!((refused.status, &refused.body["error"]), (400, &json!("invalid_scope")));
    assert_eq!(account.ask(Some("users:read items:read")).await.status, 400, "one that the key lacks refuses all");
    let given = account.ask(Some("users:read users:update")).await;
    assert_eq!((given.status, &given.body["expires_in"]), (200, &json!(7200)));
    assert_eq!(given.body["scope"], "users:read users:update");
    account.sandbox.switch(|switches| switches.public_key = true);
    assert_eq!(account.ask(None).await.body["scope"], "public");
    let wrong = [("grant_type", "client_credentials"), ("client_id", "x"), ("client_secret", "y")];
    let refused = account.ask_with(&wrong).await;
    assert_eq!((refused.status, &refused.body["error"]), (401, &json!("invalid_client")));
}

#[tokio::test]
async fn a_scope_that_was_not_asked_for_is_a_403_and_a_token_that_is_over_a_401() {
    let account = Account::open().await;
    let token = account.ask(Some("users:read")).await.body["access_token"].as_str().unwrap().to_owned();
    let with = |method, path: &str| account.bare(method, path).bearer_auth(&token).send();
    assert_eq!(with(Method::GET, "/v1/users").await.unwrap().status(), 200);
    assert_eq!(with(Method::GET, "/v1/teams").await.unwrap().status(), 403);
    assert_eq!(with(Method::PUT, "/v1/users/1/deactivate").await.unwrap().status(), 403);
    account.sandbox.forget_tokens();
    assert_eq!(with(Method::GET, "/v1/users").await.unwrap().status(), 401);
}

#[tokio::test]
async fn another_format_than_json_is_a_406_and_an_unknown_path_a_404() {
    let account = Account::open().await;
    let xml = account.call(Method::GET, "/users").header("accept", "application/xml").send().await.unwrap();
    assert_eq!(xml.status(), 406);
    assert_eq!(account.get("/people").await.status, 404);
}

#[tokio::test]
async fn pages_are_counted_in_headers_and_a_size_that_is_too_large_is_cut_down_in_silence() {
    let account = Account::with(|switches| switches.most_on_page = 4).await;
    for number in 0..9 {
        account.create(&format!("person{number}@acme.example"), json!({})).await;
    }
    let first = account.get("/users?perPage=500").await;
    let counts = ["Total", "Per-Page", "Total-Pages"].map(|name| first.header(name).to_owned());
    assert_eq!(counts, ["10", "4", "3"]);
    assert_eq!(first.body["users"].as_array().unwrap().len(), 4);
    assert_eq!(account.get("/users?perPage=500&page=3").await.addresses().len(), 2);
    assert!(account.get("/users?perPage=500&page=4").await.addresses().is_empty());
    account.sandbox.switch(|switches| switches.most_on_page = 100);
    assert_eq!(account.get("/users").await.header("Per-Page"), "10", "nobody asked for a size");
}

#[tokio::test]
async fn the_call_above_the_limit_is_a_429_that_says_nothing_of_when_to_come_back() {
    let account = Account::with(|switches| switches.calls_per_second = 1).await;
    assert_eq!(account.post("/users", &new_user("ada@acme.example")).await.status, 201);
    let limited = account.post("/users", &new_user("bo@acme.example")).await;
    assert_eq!((limited.status, limited.header("Retry-After")), (429, ""));
    assert_eq!(account.sandbox.users().len(), 2, "what is refused is not done");
}

#[tokio::test]
async fn what_breaks_is_told_and_everything_is_counted() {
    let account = Account::open().await;
    let fault = |then| CallFault { endpoint: Some("POST /v1/users".to_owned()), after: 0, calls: 1, then };
    let refuse = Then::Refuse { status: 422, code: "not today".to_owned() };
    let faults = vec![fault(refuse), fault(Then::Fail { status: 502, done: true })];
    account.sandbox.switch(|switches| switches.faults.calls = faults);
    let refused = account.post("/users", &new_user("ada@acme.example")).await;
    assert_eq!((refused.status, &refused.body), (422, &json!({ "error": "not today" })));
    assert_eq!(account.post("/users", &new_user("ada@acme.example")).await.status, 502);
    assert_eq!(account.sandbox.users().len(), 2, "it was done all the same");
    assert_eq!(account.sandbox.calls()["POST /v1/users"], 2);
    account.sandbox.forget_calls();
    assert!(account.sandbox.calls().is_empty());
}

#[tokio::test]
async fn bodies_are_json_or_forms_and_json_alone_can_be_switched_off() {
    let account = Account::open().await;
    let team = account.team(json!({ "name": "Data" })).await;
    let id = team.to_string();
    let form = [
        ("email", "ada@acme.example"),
        ("firstName", "Ada"),
        ("lastName", "Koch"),
        ("skipInvitation", "true"),
        ("secondaryTeamIds[]", &id),
        ("customFields[][name]", "Level"),
        ("customFields[][value]", "Senior"),
    ];
    let made = Answer::of(account.form(account.call(Method::POST, "/users"), &form).send().await.unwrap()).await.id();
    let user = account.sandbox.user(&made.to_string()).unwrap();
    assert_eq!((&*user.custom["Level"], user.secondary_teams.len()), ("Senior", 1));
    assert!(account.sandbox.mails().is_empty());
    account.sandbox.switch(|switches| switches.bodies = rollbook::sandbox::learnamp::switches::Bodies::Forms);
    let nothing = account.post("/users", &new_user("bo@acme.example")).await;
    assert_eq!(nothing.body["error"], "email is missing, firstName is missing, lastName is missing");
}
