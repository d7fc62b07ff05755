//! Managers, pair by pair (apis/360learning.md §3.5, §3.6).

use reqwest::Method;
use serde_json::json;

use super::client::{Company, OWNER};

#[tokio::test]
async fn managers_are_added_and_removed_one_by_one_and_read_from_both_sides() {
    let company = Company::open().await;
    let ada = company.create("ada@x.example").await;
    let pair = format!("/users/{ada}/managers/{OWNER}");
    for _ in 0..2 {
        assert_eq!(company.call(Method::POST, &pair).await.status, 204);
    }
    assert_eq!(company.get(&format!("/users/{ada}/managers")).await.body, json!([OWNER]));
    assert_eq!(company.get(&format!("/users/{OWNER}/subordinates")).await.body, json!([ada]));
    assert_eq!(company.call(Method::DELETE, &pair).await.status, 204);
    assert_eq!(company.call(Method::DELETE, &pair).await.code(), (400, "managerNotAssignedToUser"));
    let nobody = "65bb00000000000000000099";
    assert_eq!(
        company.call(Method::POST, &format!("/users/{ada}/managers/{nobody}")).await.code(),
        (404, "managerNotFound")
    );
    assert_eq!(
        company.call(Method::POST, &format!("/users/{nobody}/managers/{ada}")).await.code(),
        (404, "userNotFound")
    );
}

#[tokio::test]
async fn nobody_gets_a_manager_when_either_of_them_is_deleted() {
    let company = Company::open().await;
    let (ada, bo) = (company.create("ada@x.example").await, company.create("bo@x.example").await);
    company.delete(&ada).await;
    let add = async |user: &str, manager: &str| {
        company.call(Method::POST, &format!("/users/{user}/managers/{manager}")).await
    };
    assert_eq!(add(&ada, &bo).await.code(), (400, "userDeleted"));
    assert_eq!(add(&bo, &ada).await.code(), (400, "managerDeleted"));
}
