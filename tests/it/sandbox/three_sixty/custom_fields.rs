//! Custom fields, closed lists and values (apis/360learning.md §4).

use reqwest::Method;
use serde_json::{Value as Json, json};

use super::client::{Company, DEPARTMENT, SITE, START_DATE};

fn value(field: &str, kind: &str, value: &str) -> Json {
    json!({ "customFieldId": field, "type": kind, "value": value })
}

#[tokio::test]
async fn writing_values_replaces_all_of_them() {
    let company = Company::open().await;
    let ada = company.create("ada@x.example").await;
    let path = format!("/users/{ada}/custom-fields/values");
    let both = json!({ "customValues": [value(SITE, "string", "Paris"), value(START_DATE, "date", "2026-03-01")] });
    let answer = company.put(&path, &both).await;
    assert_eq!((answer.status, &answer.body), (200, &both["customValues"]));
    let one = json!({ "customValues": [value(DEPARTMENT, "string", "R&D")] });
    company.put(&path, &one).await;
    assert_eq!(company.get(&path).await.body, one["customValues"], "the other two are gone");
}

#[tokio::test]
async fn one_bad_value_refuses_all_of_them() {
    let company = Company::open().await;
    let ada = company.create("ada@x.example").await;
    let path = format!("/users/{ada}/custom-fields/values");
    let put = async |values: Vec<Json>| company.put(&path, &json!({ "customValues": values })).await;
    let good = value(DEPARTMENT, "string", "R&D");
    assert_eq!(put(vec![good.clone(), value(SITE, "string", "Lyon")]).await.code(), (400, "unauthorizedValue"));
    assert_eq!(put(vec![good.clone(), value(SITE, "date", "2026-01-01")]).await.code(), (400, "wrongTypeValue"));
    assert_eq!(put(vec![good.clone(), value(START_DATE, "date", "01/03/2026")]).await.code(), (400, "wrongTypeValue"));
    assert_eq!(put(vec![good.clone(), good.clone()]).await.code(), (400, "multipleValuesForSingleCustomField"));
    assert_eq!(put(vec![good.clone(), value(&ada, "string", "x")]).await.code(), (404, "customFieldNotFound"));
    assert_eq!(put(vec![good, value(SITE, "string", "")]).await.status, 400, "a value is never empty");
    assert_eq!(company.get(&path).await.body, json!([]));
    assert_eq!(
        company
            .put("/users/65bb00000000000000000099/custom-fields/values", &json!({ "customValues": [] }))
            .await
            .code(),
        (404, "userNotFound")
    );
}

#[tokio::test]
async fn fields_are_listed_made_renamed_and_deleted() {
    let company = Company::open().await;
    let listed = company.get("/custom-fields?targetType[eq]=users&type[eq]=date").await;
    assert_eq!(
        listed.body,
        json!([{ "_id": START_DATE, "name": "Start date", "targetType": "users", "type": "date" }])
    );
    let new = |name: &str| json!({ "name": name, "targetType": "users", "type": "string" });
    let made = company.post("/custom-fields", &new("Region")).await;
    assert_eq!(made.status, 201);
    let path = format!("/custom-fields/{}", made.id());
    assert_eq!(company.post("/custom-fields", &new("Region")).await.code(), (400, "nameAlreadyTaken"));
    assert_eq!(company.post("/custom-fields", &new(" ")).await.code(), (400, "invalidName"));
    let renamed = company.tell(Method::PATCH, &path, &json!({ "name": "Area" })).await;
    assert_eq!((renamed.status, &renamed.body["name"]), (200, &json!("Area")));
    assert_eq!(company.tell(Method::PATCH, &path, &json!({ "name": "Site" })).await.code(), (400, "nameAlreadyTaken"));
    assert_eq!(company.call(Method::DELETE, &path).await.status, 204);
    assert_eq!(company.call(Method::DELETE, &path).await.code(), (404, "customFieldNotFound"));
    company.sandbox.switch(|switches| switches.most_custom_fields = 7);
    assert_eq!(company.post("/custom-fields", &new("Region")).await.code(), (400, "customFieldLimitReached"));
}

#[tokio::test]
async fn a_closed_list_is_replaced_but_keeps_what_is_in_use() {
    let company = Company::open().await;
    let path = format!("/custom-fields/{SITE}/authorized-values");
    assert_eq!(company.get(&path).await.body.as_array().unwrap().len(), 6);
    let ada = company.create("ada@x.example").await;
    let values = json!({ "customValues": [value(SITE, "string", "Paris")] });
    company.put(&format!("/users/{ada}/custom-fields/values"), &values).await;
    let list = |values: &[&str]| json!({ "authorizedValues": values });
    assert_eq!(company.put(&path, &list(&["Lyon"])).await.code(), (400, "customFieldValuesConflict"));
    assert_eq!(company.put(&path, &list(&["Lyon", "Paris"])).await.body, json!(["Lyon", "Paris"]));
    let dates = format!("/custom-fields/{START_DATE}/authorized-values");
    assert_eq!(company.put(&dates, &list(&["soon"])).await.code(), (400, "authorizedValuesTypeMismatch"));
    assert_eq!(
        company.get("/custom-fields/65cc00000000000000000099/authorized-values").await.code(),
        (404, "customFieldNotFound")
    );
}
