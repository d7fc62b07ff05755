//! `check --live`: what a company says of itself, and of what the key may not do.

use rollbook::connector::{Examination, Load, Target as _};
use serde_json::json;

use super::company::*;

async fn examined(company: &Company, fields: &[&str]) -> Examination {
    company.target().examine(&layout(fields)).await.unwrap()
}

#[tokio::test]
async fn a_company_that_is_fine_says_who_is_there_and_what_ending_access_takes_away() {
    let company = Company::open().await;
    company.add("ada@acme.example", json!({ "integrationExternalId": "1" }));
    company.add("bo@acme.example", json!({}));
    company.change(json!({ "change": "status", "user": "bo@acme.example", "status": "not_invited" }));
    company.change(json!({ "change": "team", "fields": { "name": "Data", "integrationExternalId": "9" } }));
    let before = company.sandbox.users();
    let found = examined(&company, &["email", "Level"]).await;
    assert_eq!(found.doubts, []);
    let facts = found.facts.join("\n");
    for said in [
        "3 users: 2 confirmed, 0 with an invitation that waits, 1 not invited yet, 0 deactivated",
        "2 users have no integration external id",
        "1 teams, 1 of them with an integration external id",
        "Owner, who cannot be deactivated",
        "takes a person out of all teams",
        "no API invites anybody later",
    ] {
        assert!(facts.contains(said), "{said}: {facts}");
    }
    assert!(!facts.contains('@'), "{facts}");
    assert_eq!(company.sandbox.users(), before, "nothing was changed");
}

#[tokio::test]
async fn each_scope_that_is_missing_is_named_and_is_grave() {
    for scope in ["users:read", "users:create", "users:deactivate", "teams:read", "teams:update"] {
        let company = Company::with(|switches| _ = switches.withhold_scopes.insert(scope.to_owned())).await;
        let found = examined(&company, &["email"]).await;
        assert_eq!(found.doubts.len(), 1, "{scope}: {:?}", found.doubts);
        assert!(found.doubts[0].grave && found.doubts[0].message.contains(&format!("`{scope}`")), "{:?}", found.doubts);
        assert!(found.doubts[0].help.contains("Company Settings > API"));
    }
}

#[tokio::test]
async fn a_key_without_scopes_of_its_own_two_teams_of_one_name_and_custom_fields_of_nobody_are_doubts() {
    let company = Company::with(|switches| {
        switches.public_key = true;
        switches.same_team_names = true;
        switches.custom_fields = false;
    })
    .await;
    for _ in 0..2 {
        company.change(json!({ "change": "team", "fields": { "name": "Data" } }));
    }
    let found = examined(&company, &["email", "Level"]).await;
    let said: Vec<&str> = found.doubts.iter().map(|doubt| doubt.message.as_str()).collect();
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(
        said[0].contains("catch-all") && said[1].contains("`Data`") && said[2].contains("custom fields"),
        "{said:?}"
    );
    assert!(found.doubts.iter().all(|doubt| !doubt.grave));
}

#[tokio::test]
async fn how_long_a_run_writes_is_known_by_the_limit() {
    let company = Company::open().await;
    let target = company.open_target(json!({ "calls_per_second": 10 })).unwrap();
    let load = Load { creates: 100, updates: 50, references: 40, memberships: 0, deactivations: 8 };
    let takes = target.forecast(&load).await.unwrap().takes.unwrap().as_secs_f64();
    assert!((takes - 198.0 / 9.8).abs() < 0.1, "{takes}");
}
