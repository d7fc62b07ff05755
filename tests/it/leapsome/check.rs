//! `check --live`: what a company says of itself, and what only people know.

use rollbook::connector::{Examination, Load, Target as _};
use serde_json::json;

use super::office::*;

async fn examined(target: &dyn rollbook::connector::Target, fields: &[&str]) -> Examination {
    target.examine(&layout(fields)).await.unwrap()
}

fn says(found: &Examination, words: &str) {
    assert!(found.facts.iter().any(|fact| fact.contains(words)), "{words}: {:?}", found.facts);
}

fn doubts(found: &Examination, words: &str, help: &str) {
    let doubt = found.doubts.iter().find(|doubt| doubt.message.contains(words));
    let doubt = doubt.unwrap_or_else(|| panic!("{words}: {:?}", found.doubts));
    assert!(doubt.help.contains(help) && !doubt.grave, "{doubt:?}");
}

#[tokio::test]
async fn a_company_that_is_fine_says_sizes_states_and_the_settings_that_no_api_shows() {
    let office = Office::open().await;
    office.add("ada@acme.example", "1");
    let found = examined(&office.target_with_content(), &["user_name", "end_date"]).await;
    assert_eq!(found.doubts, []);
    for words in [
        "the SCIM token works: 2 users, 2 of them with access, 2 teams",
        "waiting to begin: 1 created",
        "Automatically send Leapsome invite emails",
        "deactivate people by itself once their termination date",
        "acme.example (2)",
        "1 users have no External ID",
    ] {
        says(&found, words);
    }
    let without = examined(&office.target(), &["user_name"]).await;
    says(&without, "without `api_secret`");
    assert!(!without.facts.iter().any(|fact| fact.contains("termination date")), "no row fills it");
    assert_eq!(office.writes(), []);
}

#[tokio::test]
async fn what_a_run_would_suffer_from_is_said_with_what_to_do() {
    let office = Office::with(|switches| switches.domains.clear()).await;
    office.add("ada@other.example", "1");
    office.play(json!({ "event": "team", "name": "Sales EMEA" }));
    office.play(json!({ "event": "team", "name": "sales  emea" }));
    let target = office.open_target(json!({ "domains": ["acme.example"] })).unwrap();
    let unknown = "66aa000000000000000000ff";
    let found = examined(&target, &["user_name", unknown]).await;
    doubts(&found, "1 users have addresses of domains", "`domains`");
    doubts(&found, "`Sales EMEA` and `sales  emea`", "delete the other");
    doubts(&found, unknown, "Users & Teams");
}

#[tokio::test]
async fn a_wrong_api_secret_is_told_apart_from_a_wrong_token() {
    let office = Office::open().await;
    let wrong = json!({ "credentials": { "token": "LEAPSOME_SCIM_TOKEN", "api_secret": "LEAPSOME_SCIM_TOKEN" } });
    let error = office.open_target(wrong).unwrap().examine(&layout(&[])).await.unwrap_err();
    assert!(error.to_string().contains("Content API") && error.help().contains("API access"), "{error:?}");
}

#[tokio::test]
async fn how_long_a_run_writes_is_known_by_the_limit() {
    let office = Office::open().await;
    let target = office.open_target(json!({ "calls_per_second": 20 })).unwrap();
    let load = Load { creates: 100, updates: 50, references: 100, memberships: 101, deactivations: 8 };
    let takes = target.forecast(&load).await.unwrap().takes.unwrap().as_secs_f64();
    assert!((takes - 260.0 / 19.6).abs() < 0.1, "200, 50, 2 and 8 writes: {takes}");
}
