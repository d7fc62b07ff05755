//! Teams and who is in them (apis/learnamp.md §6).

use serde_json::json;

use super::client::Account;

#[tokio::test]
async fn a_team_is_found_by_its_external_id_exactly_and_by_a_part_of_its_name() {
    let account = Account::open().await;
    let data = account.team(json!({ "name": "Data", "integrationExternalId": "9/1" })).await;
    account.team(json!({ "name": "Data Platform" })).await;
    assert_eq!(account.get("/teams/by_external_id/9%2F1").await.id(), data);
    assert_eq!(account.get("/teams?filters[name]=data").await.body["teams"].as_array().unwrap().len(), 2);
    account.sandbox.switch(|switches| switches.name_part = false);
    assert_eq!(account.get("/teams?filters[name]=data").await.body["teams"].as_array().unwrap().len(), 1);
    assert_eq!(account.post("/teams", &json!({ "name": "data" })).await.status, 400, "the name is taken");
    assert_eq!(account.post("/teams", &json!({ "name": "X", "integrationExternalId": "9/1" })).await.status, 400);
}

#[tokio::test]
async fn an_update_leaves_what_it_does_not_name_and_null_clears() {
    let account = Account::open().await;
    let above = account.team(json!({ "name": "Company" })).await;
    let more =
        json!({ "name": "Data", "integrationExternalId": "9", "parentTeamId": above, "managerId": 1, "tags": "a, b" });
    let team = account.team(more).await;
    let renamed = account.put(&format!("/teams/{team}"), &json!({ "name": "Insights" })).await;
    assert_eq!((&renamed.body["name"], &renamed.body["parentTeam"]["id"]), (&json!("Insights"), &json!(above)));
    assert_eq!((&renamed.body["manager"]["id"], &renamed.body["tags"]), (&json!(1), &json!(["a", "b"])));
    assert!(renamed.body.get("users").is_none(), "the simple form");
    let cleared = json!({ "integrationExternalId": null, "managerId": "", "parentTeamId": null });
    account.put(&format!("/teams/{team}"), &cleared).await;
    let team = account.sandbox.team("Insights").unwrap();
    assert_eq!((team.integration_external_id, team.manager, team.parent), (None, None, None));
}

#[tokio::test]
async fn users_join_one_by_one_or_together_and_a_deleted_team_keeps_them() {
    let account = Account::open().await;
    let team = account.team(json!({ "name": "Data", "integrationExternalId": "9" })).await;
    let (ada, bo) =
        (account.create("ada@acme.example", json!({})).await, account.create("bo@acme.example", json!({})).await);
    let joined = account.post(&format!("/teams/{team}/users"), &json!({ "userId": ada, "isPrimary": true })).await;
    assert_eq!((joined.status, &joined.body["teamId"]), (201, &json!(team)));
    let both = json!({ "userIds": [ada, bo] });
    assert_eq!(account.post("/teams/by_external_id/9/bulk/users", &both).await.status, 200);
    assert_eq!(account.get(&format!("/teams/{team}/users")).await.body["users"].as_array().unwrap().len(), 2);
    let by_name = json!({ "teamName": "Data", "userEmail": "OWNER@acme.example" });
    assert_eq!(account.post("/teams/users", &by_name).await.status, 201);
    assert_eq!(account.post("/teams/users", &json!({ "teamName": "Data" })).await.status, 400);
    assert_eq!(account.delete(&format!("/teams/{team}/users/{bo}")).await, 204);
    assert_eq!(account.delete(&format!("/teams/{team}/users/{bo}")).await, 404);
    assert_eq!(account.sandbox.user("ada@acme.example").unwrap().primary_team, Some(team));
    assert_eq!(account.delete(&format!("/teams/{team}")).await, 204);
    assert_eq!(account.sandbox.user("ada@acme.example").unwrap().primary_team, None);
    assert_eq!(account.sandbox.users().len(), 3);
}
