//! The two windows of calls, and what is said of them beforehand.

use rollbook::connector::{Load, Target};
use rollbook::model::UserLayout;
use serde_json::json;

use super::portal::{Portal, users};

#[tokio::test]
async fn calls_keep_evenly_below_the_limit_and_are_never_refused() {
    let portal = Portal::with_people(30).await;
    portal.switch(|switches| {
        (switches.requests_per_minute, switches.minute_ms, switches.page_size) = (1_200, 60_000, 1);
    });
    let target = portal.target_with(json!({ "calls_per_minute": 1_200 }));
    let began = std::time::Instant::now();
    assert_eq!(users(&target, &[]).await.len(), 31);
    let calls: u64 = portal.sandbox.calls().values().sum();
    assert_eq!(calls, 33, "a page for each user, one of invitations, one of groups");
    // 20 calls a second: a test that ran on a slow machine takes longer, never less.
    assert!(began.elapsed().as_secs_f64() > 1.5, "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_plan_with_a_lower_limit_is_noticed_by_the_headers() {
    let portal = Portal::with_people(12).await;
    portal.switch(|switches| {
        (switches.requests_per_minute, switches.page_size, switches.faults.failures) = (600, 1, Vec::new());
    });
    let target = portal.target();
    let began = std::time::Instant::now();
    users(&target, &[]).await;
    // 600 a minute are ten a second, and the settings say a million: some calls are under way before the first answer.
    assert!(began.elapsed().as_secs_f64() > 0.5, "{:?}", began.elapsed());
}

#[tokio::test]
async fn what_does_not_fit_into_the_week_is_said_beforehand_with_how_long_it_takes() {
    let portal = Portal::with_people(1).await;
    portal.switch(|switches| switches.requests_per_week = 100);
    let target = portal.target_with(json!({ "calls_per_minute": 300 }));
    users(&target, &[]).await;
    let load = |creates| Load { creates, updates: 10, memberships: 10, deactivations: 10, ..Load::default() };
    let fits = target.forecast(&load(50)).await.unwrap();
    assert!(fits.findings.is_empty());
    assert_eq!(fits.takes.unwrap().as_secs(), 16, "80 calls at 294 a minute");
    let more = target.forecast(&load(500)).await.unwrap();
    assert!(more.findings[0].text.contains("530 writes") && more.findings[0].text.contains("this week"));
}

#[tokio::test]
async fn a_week_that_is_used_up_ends_the_run_without_more_calls() {
    let portal = Portal::with_people(1).await;
    portal.switch(|switches| switches.requests_per_week = 3);
    let target = portal.target();
    users(&target, &[]).await;
    let refused = target.users(&UserLayout::default()).await.unwrap_err();
    assert!(refused.to_string().contains("week"), "{refused}");
    assert_eq!(portal.sandbox.calls().values().sum::<u64>(), 3);
}

#[tokio::test]
async fn asking_for_an_examination_tells_fields_mails_invitations_and_windows() {
    let portal = Portal::with_people(1).await;
    portal.switch(|switches| switches.requests_per_week = 360_000);
    portal.switch(|switches| switches.requests_per_minute = 1_000_000);
    portal.play(&serde_json::from_value(json!({ "event": "define", "type_id": 1, "label": "email" })).unwrap());
    let layout = UserLayout::with_groups(vec!["email".into(), "Department".into()]);
    let target = portal.target();
    let invited = super::portal::creation(rollbook::model::Access::Invite, &[("email", "ada@acme.example")]);
    super::portal::make(&target, invited).await;
    let found = target.examine(&layout).await.unwrap();
    let said = |text: &str| found.facts.iter().any(|fact| fact.contains(text));
    for text in
        ["11 fields of custom user data", "time zones", "1 invitations wait", "this week", "welcome mail", "first sync"]
    {
        assert!(said(text), "{text}: {:?}", found.facts);
    }
    assert!(found.doubts[0].message.contains("name of a standard field"), "{:?}", found.doubts);
}
