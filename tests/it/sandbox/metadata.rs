//! Field metadata, named lists and the lifecycle (apis/hibob.md §3, §4.2).

use reqwest::{Method, StatusCode};
use rollbook::sandbox::hibob::switches::ListShape;
use serde_json::{Value as Json, json};

use super::client::Tenant;

const LEAVER: &str = "3000000000000000107";

#[tokio::test]
async fn field_metadata_is_a_bare_list_whatever_is_permitted() {
    let tenant = Tenant::open().await;
    tenant.switch(|switches| _ = switches.withhold_categories.insert("lifecycle".to_owned()));
    let fields = tenant.get("/company/people/fields").await;
    let status = fields.as_array().unwrap().iter().find(|one| one["id"] == "internal.status").unwrap();
    assert_eq!((&status["categoryId"], &status["typeData"]), (&json!("lifecycle"), &json!({ "listId": "status" })));
    tenant.switch(|switches| switches.wrap_metadata = true);
    assert!(tenant.get("/company/people/fields").await["fields"].is_array());
}

#[tokio::test]
async fn lists_come_in_both_shapes_with_and_without_archived_items() {
    let tenant = Tenant::open().await;
    let count = |list: &Json| list.as_array().unwrap().len();
    let lists = tenant.get("/company/named-lists").await;
    let all = tenant.get("/company/named-lists?includeArchived=true").await;
    assert_eq!(count(&all["department"]["values"]), count(&lists["department"]["values"]) + 1);
    let one = tenant.get("/company/named-lists/department").await;
    assert_eq!(one, lists["department"]);
    tenant.switch(|switches| switches.lists = ListShape::Documented);
    let lists = tenant.get("/company/named-lists").await;
    assert!(
        lists.as_array().unwrap().iter().any(|list| list["name"] == "department" && list["items"] == one["values"])
    );
    assert_eq!(tenant.get("/company/named-lists/department").await["items"], one["values"]);
}

#[tokio::test]
async fn the_name_of_a_list_is_exact() {
    let tenant = Tenant::open().await;
    let response = tenant.call(Method::GET, "/company/named-lists/Department").send().await.unwrap();
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_lifecycle_of_a_leaver_ends_with_the_current_row() {
    let tenant = Tenant::open().await;
    let path = format!("/people/{LEAVER}/lifecycle");
    let rows = tenant.get(&path).await["values"].as_array().unwrap().clone();
    let statuses: Vec<&Json> = rows.iter().map(|row| &row["status"]).collect();
    assert_eq!(statuses, ["employed", "terminated"]);
    assert_eq!((&rows[1]["isCurrent"], &rows[1]["effectiveDate"]), (&json!(true), &json!("2026-07-19")));
    tenant.switch(|switches| switches.lifecycle_history = false);
    assert_eq!(tenant.get(&path).await["values"].as_array().unwrap().len(), 1);
    tenant.switch(|switches| _ = switches.withhold_categories.insert("lifecycle".to_owned()));
    assert_eq!(tenant.call(Method::GET, &path).send().await.unwrap().status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_planned_end_is_seen_in_the_lifecycle_before_it_counts() {
    let tenant = Tenant::open().await;
    let person = "3000000000000000103";
    tenant.play(&json!({ "event": "terminate", "person": person, "date": "2026-12-31" })).await;
    let rows = tenant.get(&format!("/people/{person}/lifecycle")).await["values"].as_array().unwrap().clone();
    let last = rows.last().unwrap();
    assert_eq!((&last["status"], &last["isCurrent"]), (&json!("terminated"), &json!(false)));
    let now = tenant.person(person, &["internal.lifecycleStatus", "internal.terminationDate"]).await;
    assert_eq!(now["internal"], json!({ "lifecycleStatus": "employed", "terminationDate": "2026-12-31" }));
}

#[tokio::test]
async fn everybodys_lifecycle_comes_by_pages() {
    let tenant = Tenant::open().await;
    let (mut people, mut pages) = (0, 0);
    let mut path = "/bulk/people/lifecycle?limit=200".to_owned();
    loop {
        let page = tenant.get(&path).await;
        people += page["results"].as_array().unwrap().len();
        pages += 1;
        let Some(cursor) = page["response_metadata"]["next_cursor"].as_str() else { break };
        path = format!("/bulk/people/lifecycle?limit=200&cursor={}", cursor.replace('=', "%3D"));
    }
    assert_eq!((people, pages), (300, 2));
    for wrong in ["limit=201", "limit=0", "limit=many", "cursor=nothing"] {
        let call = tenant.call(Method::GET, &format!("/bulk/people/lifecycle?{wrong}"));
        assert_eq!(call.send().await.unwrap().status(), StatusCode::BAD_REQUEST, "{wrong}");
    }
}

#[tokio::test]
async fn whoever_is_asked_for_and_not_to_be_seen_is_an_error_of_the_bulk_answer() {
    let tenant = Tenant::open().await;
    let path = format!("/bulk/people/lifecycle?employeeIds={LEAVER},7");
    let page = tenant.get(&path).await;
    assert_eq!((page["results"].as_array().unwrap().len(), page["errors"][0].get("7").is_some()), (1, true));
    tenant.switch(|switches| switches.bulk_errors_by_id = false);
    assert_eq!(tenant.get(&path).await["errors"][0]["employeeId"], "7");
}
