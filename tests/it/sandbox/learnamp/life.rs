//! Ending and giving access (apis/learnamp.md §7).

use rollbook::sandbox::learnamp::Status;
use rollbook::sandbox::learnamp::switches::{ReactivateFlag, Twice};
use serde_json::json;

use super::client::Account;

#[tokio::test]
async fn deactivation_takes_teams_away_for_good_and_hands_what_was_theirs_to_the_owner() {
    let account = Account::open().await;
    let boss = account.create("boss@acme.example", json!({ "location": "Leeds" })).await;
    let team = account.team(json!({ "name": "Data", "managerId": boss })).await;
    account.change(boss, "boss@acme.example", json!({ "primaryTeamId": team, "managerId": 1 })).await;
    account.create("ada@acme.example", json!({ "managerId": boss })).await;
    assert_eq!(account.put(&format!("/users/{boss}/deactivate"), &json!({})).await.status, 204);
    let gone = account.sandbox.user("boss@acme.example").unwrap();
    assert_eq!((gone.status, gone.primary_team, gone.manager), (Status::Deactivated, None, None));
    assert_eq!(gone.location.as_deref(), Some("Leeds"), "the profile is kept");
    assert_eq!(account.sandbox.team("Data").unwrap().manager, Some(1));
    assert_eq!(account.sandbox.user("ada@acme.example").unwrap().manager, Some(1));
    assert_eq!(account.put(&format!("/users/{boss}/reactivate"), &json!({})).await.status, 204);
    let back = account.sandbox.user("boss@acme.example").unwrap();
    assert_eq!((back.status, back.primary_team), (Status::NotInvited, None), "what is lost is lost");
    assert!(account.sandbox.mails().is_empty());
}

#[tokio::test]
async fn the_owner_cannot_be_deactivated_and_a_second_deactivation_is_refused_or_not() {
    let account = Account::open().await;
    assert_eq!(account.put("/users/1/deactivate", &json!({})).await.status, 400);
    let id = account.create("ada@acme.example", json!({})).await;
    let path = format!("/users/{id}/deactivate");
    assert_eq!(account.put(&path, &json!({})).await.status, 204);
    assert_eq!(account.put(&path, &json!({})).await.status, 400);
    account.sandbox.switch(|switches| switches.twice = Twice::Done);
    assert_eq!(account.put(&path, &json!({})).await.status, 204);
    assert_eq!(account.put("/users/99/deactivate", &json!({})).await.status, 404);
}

#[tokio::test]
async fn the_flag_in_an_update_gives_access_again_with_more_or_less_of_the_rest() {
    for (flag, status, active, in_team) in [
        (ReactivateFlag::Works, 200, true, true),
        (ReactivateFlag::WithoutTeams, 200, true, false),
        (ReactivateFlag::Ignored, 200, false, true),
        (ReactivateFlag::Refused, 400, false, false),
    ] {
        let account = Account::with(|switches| switches.reactivate_flag = flag).await;
        let team = account.team(json!({ "name": "Data" })).await;
        let id = account.create("ada@acme.example", json!({})).await;
        account.put(&format!("/users/{id}/deactivate"), &json!({})).await;
        let more = json!({ "reactivate": true, "primaryTeamId": team, "location": "Leeds" });
        assert_eq!(account.change(id, "ada@acme.example", more).await.status, status, "{flag:?}");
        let user = account.sandbox.user("ada@acme.example").unwrap();
        assert_eq!((user.status != Status::Deactivated, user.primary_team.is_some()), (active, in_team), "{flag:?}");
    }
}

#[tokio::test]
async fn a_deleted_user_is_gone_with_their_address() {
    let account = Account::open().await;
    let id = account.create("ada@acme.example", json!({ "integrationExternalId": "7" })).await;
    assert_eq!(account.delete(&format!("/users/{id}")).await, 204);
    assert_eq!(account.get("/users/by_integration_external_id/7").await.status, 404);
    assert_ne!(account.create("ada@acme.example", json!({ "integrationExternalId": "7" })).await, id);
}
