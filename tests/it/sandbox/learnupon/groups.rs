//! Groups, memberships, dynamic rules and group managers.

use reqwest::Method;
use serde_json::json;

use super::client::Portal;

#[tokio::test]
async fn groups_have_titles_of_their_own_and_are_found_by_them() {
    let portal = Portal::open().await;
    portal.send(Method::POST, "/groups", &json!({ "Group": { "title": "Sales EMEA" } })).await;
    let twice = json!({ "Group": { "title": "Sales EMEA" } });
    assert_eq!(portal.refused(Method::POST, "/groups", &twice).await.0, 422);
    portal.sandbox.switch(|switches| switches.titles_ignore_case = true);
    let other_case = json!({ "Group": { "title": "sales emea" } });
    assert_eq!(portal.refused(Method::POST, "/groups", &other_case).await.0, 422);
    assert_eq!(portal.get("/groups?title=sales%20emea").await["groups"].as_array().unwrap().len(), 1);
    assert_eq!(portal.get("/groups?title=Sales").await["groups"], json!([]));
    portal.sandbox.switch(|switches| switches.title_part = true);
    assert_eq!(portal.get("/groups?title=Sales").await["groups"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_membership_is_added_listed_on_both_sides_and_removed_in_both_forms() {
    let portal = Portal::open().await;
    let group = portal.send(Method::POST, "/groups", &json!({ "Group": { "title": "Sales" } })).await["id"].clone();
    let user = portal.create("ada@acme.example", &json!({})).await;
    let membership = json!({ "GroupMembership": { "group_id": group, "user_id": user, "process_enrollments": false } });
    let id = portal.send(Method::POST, "/group_memberships", &membership).await["id"].clone();
    assert!(!portal.sandbox.memberships()[0].enrolled);
    assert_eq!(portal.refused(Method::POST, "/group_memberships", &membership).await.0, 422);
    assert_eq!(portal.refused(Method::GET, "/group_memberships", &json!({})).await.0, 404, "one filter is needed");
    let members = portal.get(&format!("/group_memberships?group_id={group}&version_id=1.1")).await;
    assert_eq!((&members["user"][0]["id"], &members["user"][0]["membership_id"]), (&json!(user), &id));
    let groups = portal.get(&format!("/group_memberships?user_id={user}")).await;
    assert_eq!((&groups["group"][0]["title"], groups["group"][0].get("membership_id")), (&json!("Sales"), None));
    portal.send(Method::DELETE, &format!("/group_memberships/{id}"), &json!({})).await;
    portal.send(Method::POST, "/group_memberships", &membership).await;
    assert_eq!(portal.send(Method::DELETE, "/group_memberships/0", &membership).await, json!({}));
    assert_eq!(portal.refused(Method::DELETE, "/group_memberships/0", &membership).await.0, 404);
}

#[tokio::test]
async fn rules_put_people_into_groups_and_out_again_and_leave_manual_memberships_alone() {
    let portal = Portal::open().await;
    let (ada, bo) =
        (portal.create("ada@acme.example", &json!({})).await, portal.create("bo@acme.example", &json!({})).await);
    portal.play(&json!({ "event": "rule", "group": "Legal", "custom_data": ["Department", "Legal"] })).await;
    let group = portal.sandbox.groups()[0].id;
    let manual = json!({ "GroupMembership": { "group_id": group, "user_id": bo } });
    portal.send(Method::POST, "/group_memberships", &manual).await;
    for (department, members) in [("Legal", vec![(ada, true), (bo, false)]), ("Finance", vec![(bo, false)])] {
        for user in [ada, bo] {
            let change = json!({ "User": { "CustomData": { "Department": department } } });
            portal.send(Method::PUT, &format!("/users/{user}"), &change).await;
        }
        let listed: Vec<_> =
            portal.sandbox.memberships().iter().map(|membership| (membership.user_id, membership.automatic)).collect();
        assert_eq!(listed, members, "{department}");
    }
}

#[tokio::test]
async fn only_a_manager_manages_a_group() {
    let portal = Portal::open().await;
    let group = portal.send(Method::POST, "/groups", &json!({ "Group": { "title": "Sales" } })).await["id"].clone();
    let user = portal.create("ada@acme.example", &json!({})).await;
    let manager = json!({ "GroupManager": { "group_id": group, "user_id": user } });
    assert!(portal.refused(Method::POST, "/group_managers", &manager).await.1.contains("type manager"));
    portal.send(Method::PUT, &format!("/users/{user}"), &json!({ "User": { "user_type": "manager" } })).await;
    portal.send(Method::POST, "/group_managers", &manager).await;
    assert_eq!(portal.get("/group_managers?email=ada@acme.example").await["group_managers"][0]["user_id"], user);
    assert_eq!(portal.get("/group_managers?group_id=1").await["group_managers"], json!([]));
    portal.send(Method::DELETE, "/group_managers/0", &manager).await;
    assert_eq!(portal.sandbox.managers(), []);
}
