//! `check --live`: what a platform says of itself, and of what it does not allow.

use rollbook::connector::{Examination, Load, Target as _};
use rollbook::sandbox::three_sixty::{Settings, Users};
use serde_json::json;

use super::platform::*;

async fn examined(platform: &Platform) -> Examination {
    platform.target().examine(&layout(&["mail", "Site", "managers"])).await.unwrap()
}

#[tokio::test]
async fn a_platform_that_is_fine_says_its_sizes_and_what_the_first_sync_costs() {
    let settings = Settings { users: Users::Generated(600), ..Settings::default() };
    let platform = Platform::of(settings, |_| {}).await;
    let before = platform.sandbox.users();
    let target = platform.open_target(json!({ "writes_per_second": 10, "reads_per_second": 50 })).unwrap();
    let found = target.examine(&layout(&["mail", "Site", "managers"])).await.unwrap();
    assert_eq!(found.doubts, []);
    insta::assert_snapshot!(found.facts.join("\n"));
    assert_eq!(platform.sandbox.users(), before, "nothing was changed");
}

#[tokio::test]
async fn how_long_a_run_writes_is_known_by_the_limit() {
    let platform = Platform::open().await;
    let target = platform.open_target(json!({ "writes_per_second": 10 })).unwrap();
    let load = Load { creates: 100, updates: 50, references: 40, memberships: 20_001, deactivations: 8 };
    let takes = target.forecast(&load).await.unwrap().takes.unwrap().as_secs_f64();
    assert!((takes - 500.0 / 9.8).abs() < 0.1, "400, 50, 40, 2 and 8 writes: {takes}");
}

#[tokio::test]
async fn each_scope_that_is_missing_is_named_and_is_grave_where_a_sync_needs_it() {
    for scope in [
        "users:read",
        "users:write",
        "groups:read",
        "groups:write",
        "customFields:read",
        "externalIds:read",
        "externalIds:write",
        "groups:bulk",
        "bulkOperations:read",
    ] {
        let platform = Platform::with(|switches| _ = switches.withhold_scopes.insert(scope.to_owned())).await;
        let found = examined(&platform).await;
        assert_eq!(found.doubts.len(), 1, "{scope}: {:?}", found.doubts);
        let doubt = &found.doubts[0];
        assert_eq!(doubt.message, format!("the API credentials lack the scope `{scope}`"));
        assert_eq!(doubt.grave, !matches!(scope, "groups:bulk" | "bulkOperations:read"), "{scope}");
    }
}

#[tokio::test]
async fn a_default_group_that_is_not_there_and_a_name_that_is_reserved_are_said() {
    let platform = Platform::open().await;
    let wrong = json!({ "default_group": "65aa0000000000000000ffff", "platform": "BambooHR" });
    let found = platform.open_target(wrong).unwrap().examine(&layout(&[])).await.unwrap();
    let said: Vec<String> = found.doubts.iter().map(|doubt| format!("{}\n→ {}", doubt.message, doubt.help)).collect();
    insta::assert_snapshot!(said.join("\n"));
    assert!(found.doubts.iter().all(|doubt| doubt.grave));
}
