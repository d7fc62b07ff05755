//! Webhooks, as a receiver gets them (apis/hibob.md §5).

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use rollbook::sandbox::hibob::settings::Webhook;
use rollbook::sandbox::hibob::switches::{FieldUpdates, WebhookVersion};
use rollbook::sandbox::hibob::{DeliveryState, Settings};
use serde_json::{Value as Json, json};

use super::client::{Tenant, settings};

const ADA: &str = "3000000000000000109";

/// A body, and its signature.
type Got = (String, Option<String>);

/// A receiver of webhooks that keeps what it gets, and answers as it is told, 200 otherwise.
#[derive(Clone, Default)]
struct Receiver {
    got: Arc<Mutex<Vec<Got>>>,
    answers: Arc<Mutex<VecDeque<u16>>>,
}

impl Receiver {
    async fn start(answers: &[u16]) -> (Self, Settings) {
        let receiver = Self::default();
        receiver.answers.lock().unwrap().extend(answers);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let router: Router = Router::new().fallback(Self::take).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let webhook = Some(Webhook { url, secret: "bob-demo-secret".to_owned().into() });
        let mut settings = Settings { webhook, ..settings() };
        settings.switches.webhook_backoff_ms = 5;
        (receiver, settings)
    }

    async fn take(State(receiver): State<Self>, headers: HeaderMap, body: String) -> StatusCode {
        let signature = headers.get("Bob-Signature").map(|value| value.to_str().unwrap().to_owned());
        receiver.got.lock().unwrap().push((body, signature));
        let answer = receiver.answers.lock().unwrap().pop_front();
        StatusCode::from_u16(answer.unwrap_or(200)).unwrap()
    }

    /// Everything that came, as soon as it is so many.
    async fn wait(&self, count: usize) -> Vec<Got> {
        for _ in 0..1000 {
            let got = self.got.lock().unwrap().clone();
            if got.len() >= count {
                return got;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("only {} came", self.got.lock().unwrap().len());
    }
}

fn change() -> Json {
    json!({ "event": "change", "person": ADA, "fields": { "root.surname": "New" } })
}

#[tokio::test]
async fn a_ping_comes_first_and_then_a_signed_event_with_ids_only() {
    let (receiver, settings) = Receiver::start(&[]).await;
    let tenant = Tenant::start(settings).await;
    assert_eq!(receiver.wait(1).await, [("Ping test".to_owned(), None)]);
    tenant.play(&change()).await;
    let (body, signature) = receiver.wait(2).await.remove(1);
    assert_eq!(signature.unwrap().len(), 88, "64 bytes in Base64");
    assert!(body.starts_with(
        "{\"companyId\":700001,\"type\":\"employee.updated\",\"triggeredBy\":\"system\",\"triggeredAt\":\""
    ));
    let body: Json = serde_json::from_str(&body).unwrap();
    assert_eq!(body["data"], json!({ "employeeId": ADA, "fieldUpdates": [{ "id": "root.surname" }] }));
    assert_eq!(body["triggeredAt"].as_str().unwrap().len(), "2026-03-02T00:00:04.120331".len());
    let deliveries = tenant.sandbox.deliveries();
    assert_eq!((deliveries.len(), &*deliveries[0].kind), (1, "employee.updated"));
}

#[tokio::test]
async fn the_ping_has_a_second_form_and_whoever_fails_both_gets_nothing() {
    let (receiver, settings) = Receiver::start(&[400, 200]).await;
    let tenant = Tenant::start(settings).await;
    assert!(tenant.sandbox.webhook().is_ok());
    assert_eq!(receiver.wait(2).await[1].0, r#"{"text":"Ping test"}"#);
    let (receiver, settings) = Receiver::start(&[500, 500]).await;
    let tenant = Tenant::start(settings).await;
    assert!(tenant.sandbox.webhook().unwrap_err().error.contains("answered 500"));
    tenant.play(&change()).await;
    assert_eq!(receiver.wait(2).await.len(), 2, "pings only");
    assert!(tenant.sandbox.deliveries().is_empty());
}

#[tokio::test]
async fn what_is_not_taken_is_sent_again_until_it_is() {
    let (receiver, settings) = Receiver::start(&[200, 500, 503]).await;
    let tenant = Tenant::start(settings).await;
    tenant.play(&change()).await;
    let got = receiver.wait(4).await;
    assert!(got[1] == got[2] && got[2] == got[3], "byte for byte the same");
    while tenant.sandbox.deliveries()[0].state != DeliveryState::Delivered {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let attempts: Vec<String> = tenant.sandbox.deliveries()[0].attempts.iter().map(|one| one.result.clone()).collect();
    assert_eq!(attempts, ["answered 500", "answered 503", "ok"]);
}

#[tokio::test]
async fn what_is_never_taken_is_given_up() {
    let (receiver, mut settings) = Receiver::start(&[200, 500, 500, 500]).await;
    settings.switches.webhook_attempts = 3;
    let tenant = Tenant::start(settings).await;
    tenant.play(&change()).await;
    receiver.wait(4).await;
    while tenant.sandbox.deliveries()[0].state == DeliveryState::Waiting {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(tenant.sandbox.deliveries()[0].state, DeliveryState::GivenUp);
}

#[tokio::test]
async fn the_events_of_a_termination_come_when_they_are_due() {
    let (_receiver, settings) = Receiver::start(&[]).await;
    let tenant = Tenant::start(settings).await;
    let kinds = |played: Json| played["happened"][0]["webhooks"].clone();
    let planned = tenant.play(&json!({ "event": "terminate", "person": ADA, "date": "2026-12-31", "last_day": "2026-12-01", "revoke_access": true })).await;
    assert_eq!(kinds(planned), json!(["table.entry.created", "employee.access.revoked.immediately"]));
    let garden = kinds(tenant.play(&json!({ "event": "day", "date": "2026-12-02" })).await);
    let garden: Vec<&str> = garden.as_array().unwrap().iter().map(|kind| kind.as_str().unwrap()).collect();
    assert!(garden.contains(&"employee.left"), "garden leave counts as left: {garden:?}");
    let end = kinds(tenant.play(&json!({ "event": "day", "date": "2027-01-01" })).await);
    assert!(!end.as_array().unwrap().is_empty());
    let entry = tenant.sandbox.deliveries().remove(0);
    assert_eq!(entry.body["data"], json!({ "employeeId": ADA, "tableId": "lifecycle", "effectiveDate": "2026-12-31" }));
}

#[tokio::test]
async fn what_is_uncertain_about_payloads_is_a_switch() {
    let (receiver, settings) = Receiver::start(&[]).await;
    let tenant = Tenant::start(settings).await;
    tenant.switch(|switches| {
        switches.field_updates = FieldUpdates::FieldUpdatesIds;
        switches.bare_field_updates = true;
        switches.webhook_twice = true;
    });
    tenant.play(&change()).await;
    let got = receiver.wait(3).await;
    let body: Json = serde_json::from_str(&got[1].0).unwrap();
    assert_eq!(body["data"]["fieldUpdatesIds"], json!(["root.surname"]));
    assert_eq!(got[1], got[2], "twice");
    tenant.switch(|switches| {
        switches.webhook_version = WebhookVersion::V1;
        switches.webhook_twice = false;
    });
    tenant.play(&change()).await;
    let old: Json = serde_json::from_str(&receiver.wait(4).await[3].0).unwrap();
    assert_eq!((&old["type"], &old["employee"]["surname"]), (&json!("employee.updated"), &json!("New")));
    assert!(old.get("version").is_none() && old["employee"]["site"].is_string());
}

#[tokio::test]
async fn a_webhook_is_set_up_and_taken_away_while_it_runs() {
    let (receiver, settings) = Receiver::start(&[]).await;
    let url = settings.webhook.as_ref().unwrap().url.clone();
    let tenant = Tenant::start(Settings { webhook: None, ..settings }).await;
    let post = reqwest::Method::POST;
    let wrong = tenant.control(post.clone(), "/webhook").json(&json!({ "url": "https://example.test", "secret": "x" }));
    assert!(wrong.send().await.unwrap().text().await.unwrap().contains("http addresses only"));
    let right = tenant.control(post, "/webhook").json(&json!({ "url": url, "secret": "bob-demo-secret" }));
    assert_eq!(right.send().await.unwrap().status(), reqwest::StatusCode::OK);
    tenant.play(&change()).await;
    receiver.wait(2).await;
    tenant.control(reqwest::Method::DELETE, "/webhook").send().await.unwrap();
    tenant.play(&change()).await;
    assert_eq!(tenant.sandbox.deliveries().len(), 1);
}
