//! Health and figures, as monitoring reads them.

use rollbook::model::OutcomeKind;
use rollbook::server::Limits;
use rollbook::stage::service::Events;

use super::served::{PATH, Served, event};

#[tokio::test]
async fn it_is_alive_at_once_and_ready_when_it_has_recipes() {
    let served = Served::closed(Limits::default()).await;
    assert_eq!(served.get("/healthz").await.status(), 200);
    let waiting = served.get("/readyz").await;
    assert_eq!(waiting.status(), 503);
    assert_eq!(waiting.text().await.unwrap(), "not ready: the recipes have not been read\n");
    served.open(&[("acme", PATH, Events::All)]);
    assert_eq!(served.get("/readyz").await.status(), 200);
    assert_eq!(served.client.post(served.url("/readyz")).send().await.unwrap().status(), 405);
}

#[tokio::test]
async fn figures_count_what_came_and_who_waits_without_anything_of_a_person() {
    let served = Served::start().await;
    served.open(&[("acme", PATH, Events::All), ("globex", "/hooks/globex", Events::All)]);
    assert_eq!(served.deliver(event("employee.updated", "4711")).await, 200);
    assert_eq!(served.deliver(event("employee.updated", "4712")).await, 200);
    assert_eq!(served.deliver(event("candidate.hired", "4713")).await, 200);
    assert_eq!(served.deliver("{}").await, 400);
    assert_eq!(served.client.post(served.url(PATH)).send().await.unwrap().status(), 401);
    assert_eq!(served.client.post(served.url("/nowhere")).send().await.unwrap().status(), 404);
    served.metrics.outcomes("acme", OutcomeKind::Updated, 2);
    let answer = served.get("/metrics").await;
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("application/openmetrics-text"));
    let text = answer.text().await.unwrap();
    for line in [
        r#"rollbook_deliveries_total{recipe="acme",result="taken"} 2"#,
        r#"rollbook_deliveries_total{recipe="acme",result="ignored"} 1"#,
        r#"rollbook_deliveries_total{recipe="acme",result="malformed"} 1"#,
        r#"rollbook_deliveries_total{recipe="acme",result="unsigned"} 1"#,
        r#"rollbook_due_people{recipe="acme"} 2"#,
        r#"rollbook_due_people{recipe="globex"} 0"#,
        r#"rollbook_parked_people{recipe="acme"} 0"#,
        r#"rollbook_outcomes_total{recipe="acme",kind="updated"} 2"#,
    ] {
        assert!(text.lines().any(|shown| shown == line), "{line} in\n{text}");
    }
    assert!(!text.contains("471") && !text.contains("nowhere"), "{text}");
}
