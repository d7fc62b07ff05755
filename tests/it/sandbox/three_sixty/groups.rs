//! Groups and single memberships (apis/360learning.md §6).

use reqwest::Method;
use rollbook::sandbox::three_sixty::Users;
use serde_json::{Value as Json, json};

use super::client::{Company, DEPARTMENTS, ENGINEERING, EVERYBODY, OWNER, ROOT};

#[tokio::test]
async fn groups_are_a_tree_that_is_read_made_changed_and_pruned() {
    let company = Company::open().await;
    let (_, groups) = company.pages("/groups").await;
    assert_eq!(groups[0].get("parentId"), None, "the root has no parent");
    let new = |name: &str, parent: &str| json!({ "name": name, "public": true, "parentId": parent });
    let made = company.post("/groups", &new("Platform", ENGINEERING)).await;
    assert_eq!((made.status, &made.body["parentId"]), (201, &json!(ENGINEERING)));
    let path = format!("/groups/{}", made.id());
    assert_eq!(company.post("/groups", &new("Lost", OWNER)).await.code(), (404, "parentGroupNotFound"));
    let change = async |group: &str, body: Json| company.tell(Method::PATCH, &format!("/groups/{group}"), &body).await;
    assert_eq!(change(&made.id(), json!({ "custom": "x", "name": "Core" })).await.body["name"], "Core");
    assert_eq!(
        change(ENGINEERING, json!({ "parentId": made.id() })).await.code(),
        (400, "parentGroupNotDescendantOrSelf")
    );
    assert_eq!(change(ROOT, json!({ "public": true })).await.code(), (400, "rootGroupNotPublic"));
    assert_eq!(company.call(Method::DELETE, &format!("/groups/{ROOT}")).await.code(), (400, "groupIsRoot"));
    assert_eq!(company.call(Method::DELETE, &format!("/groups/{ENGINEERING}")).await.status, 204);
    assert_eq!(company.get(&path).await.code(), (404, "groupNotFound"), "what was below it is gone too");
    company.sandbox.switch(|switches| switches.most_groups = 1);
    assert_eq!(company.post("/groups", &new("More", ROOT)).await.code(), (400, "maxGroupsLimitReached"));
}

#[tokio::test]
async fn a_learner_of_a_public_group_joins_what_is_above_it_and_leaves_what_is_below_it() {
    let company = Company::open().await;
    let ada = company.create("ada@x.example").await;
    let learns = || company.user(&ada).learns_in().join(", ");
    let membership = |group: &str| format!("/groups/{group}/learner/{ada}");
    assert_eq!(company.call(Method::POST, &membership(ENGINEERING)).await.status, 204);
    assert_eq!(learns(), "All employees, Departments, Engineering", "up to the first private one");
    assert_eq!(company.call(Method::DELETE, &membership(DEPARTMENTS)).await.status, 204);
    assert_eq!(learns(), "All employees");
    assert_eq!(company.call(Method::DELETE, &membership(DEPARTMENTS)).await.code(), (404, "userNotFoundInGroup"));
    company.sandbox.switch(|switches| (switches.joining_cascades, switches.leaving_cascades) = (false, false));
    company.call(Method::POST, &membership(ENGINEERING)).await;
    assert_eq!(learns(), "All employees, Engineering");
    company.call(Method::POST, &membership(DEPARTMENTS)).await;
    company.call(Method::DELETE, &membership(DEPARTMENTS)).await;
    assert_eq!(learns(), "All employees, Engineering");
}

#[tokio::test]
async fn roles_are_spelt_with_a_hyphen_in_paths_and_without_one_in_answers() {
    let company = Company::open().await;
    let ada = company.create("ada@x.example").await;
    for role in ["user-admin", "coach"] {
        assert_eq!(company.call(Method::POST, &format!("/groups/{EVERYBODY}/{role}/{ada}")).await.status, 204);
    }
    let roles = company.get(&format!("/users/{ada}/roles")).await.body;
    let words: Vec<_> = roles.as_array().unwrap().iter().map(|role| role["role"].as_str().unwrap()).collect();
    assert_eq!(words, ["coach", "learner", "userAdmin"]);
    assert_eq!(company.call(Method::POST, &format!("/groups/{EVERYBODY}/owner/{ada}")).await.status, 400);
    let owner = company.get(&format!("/groups/{ROOT}/roles")).await.body;
    assert_eq!(owner, json!([{ "userId": OWNER, "role": "owner" }]));
    company.sandbox.switch(|switches| switches.analyst = false);
    let analyst = format!("/groups/{EVERYBODY}/analyst/{ada}");
    assert_eq!(company.call(Method::POST, &analyst).await.code(), (400, "analystUnavailable"));
    company.delete(&ada).await;
    let learner = format!("/groups/{EVERYBODY}/learner/{ada}");
    assert_eq!(company.call(Method::POST, &learner).await.code(), (400, "userDeleted"));
}

#[tokio::test]
async fn the_roles_of_a_group_come_1000_a_page() {
    let company = Company::of(Users::Generated(1001), |_| {}).await;
    let (pages, roles) = company.pages(&format!("/groups/{EVERYBODY}/roles")).await;
    assert_eq!((pages, roles.len()), (2, 1001));
    assert_eq!(company.get(&format!("/groups/{OWNER}/roles")).await.code(), (404, "groupNotFound"));
}
