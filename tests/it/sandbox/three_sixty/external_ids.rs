//! External ids (apis/360learning.md §5).

use reqwest::Method;
use rollbook::sandbox::three_sixty::Users;
use serde_json::{Value as Json, json};

use super::client::{Company, OWNER};

fn mapping(target: &str, value: &str) -> Json {
    json!({ "platform": "hibob", "targetType": "user", "targetId": target, "value": value })
}

#[tokio::test]
async fn a_target_has_one_mapping_on_a_platform_and_a_value_one_target() {
    let company = Company::open().await;
    let ada = company.create("ada@x.example").await;
    let made = company.post("/external-ids", &mapping(&ada, "1")).await;
    assert_eq!(made.status, 201);
    assert_eq!(company.post("/external-ids", &mapping(&ada, "2")).await.code(), (400, "mappingAlreadyExists"));
    assert_eq!(company.post("/external-ids", &mapping(OWNER, "1")).await.code(), (400, "valueAlreadyUsed"));
    let owner = company.post("/external-ids", &mapping(OWNER, "2")).await;
    assert_eq!(owner.status, 201);
    let path = format!("/external-ids/{}", made.id());
    assert_eq!(company.put(&path, &mapping(OWNER, "1")).await.code(), (400, "targetAlreadyMapped"));
    assert_eq!(company.put(&path, &mapping(&ada, "2")).await.code(), (400, "valueAlreadyUsed"));
    assert_eq!(company.put(&path, &mapping(&ada, "3")).await.body["value"], "3");
    let unknown = mapping("65bb00000000000000000099", "9");
    assert_eq!(company.post("/external-ids", &unknown).await.code(), (404, "resourceNotFound"));
    assert_eq!(
        company.put("/external-ids/65dd00000000000000000099", &unknown).await.code(),
        (404, "mappingIdNotFound")
    );
    assert_eq!(company.call(Method::DELETE, &path).await.status, 204);
    assert_eq!(company.call(Method::DELETE, &path).await.code(), (404, "mappingIdNotFound"));
}

#[tokio::test]
async fn some_platform_names_are_reserved() {
    let company = Company::open().await;
    let mut reserved = mapping(OWNER, "1");
    reserved["platform"] = json!("BambooHR");
    assert_eq!(company.post("/external-ids", &reserved).await.code(), (400, "reservedPlatformName"));
    company.sandbox.switch(|switches| switches.reserved_platforms = ["hibob".to_owned()].into());
    assert_eq!(company.post("/external-ids", &mapping(OWNER, "1")).await.code(), (400, "reservedPlatformName"));
}

#[tokio::test]
async fn mappings_are_filtered_by_type_platform_value_and_target_and_come_5000_a_page() {
    let company = Company::of(Users::Generated(5001), |_| {}).await;
    let users = company.sandbox.users();
    for user in &users[1..] {
        let change = json!({ "change": "map", "user": user.id, "platform": "hibob", "value": user.id });
        company.sandbox.change(serde_json::from_value(change).unwrap()).unwrap();
    }
    let (pages, all) = company.pages("/external-ids?type[eq]=user&platform[eq]=hibob").await;
    assert_eq!((pages, all.len()), (2, 5001));
    let wanted = &users[4000].id;
    for query in [format!("value[eq]={wanted}"), format!("targetId[eq]={wanted}")] {
        let (_, found) = company.pages(&format!("/external-ids?{query}")).await;
        assert_eq!(found.iter().map(|one| one["targetId"].as_str().unwrap()).collect::<Vec<_>>(), [wanted]);
    }
    assert_eq!(company.pages("/external-ids?type[eq]=group").await.1.len(), 0);
}
