//! Bulk memberships (apis/360learning.md §7).

use reqwest::{Method, header};
use serde_json::{Value as Json, json};

use super::client::{Company, ENGINEERING, EVERYBODY};

const PATH: &str = "/bulk/groups/memberships";

fn row(user: &str, group: &str) -> Json {
    json!({ "userId": user, "groupId": group, "role": "learner" })
}

/// Begins an operation; the path of it.
async fn begin(company: &Company, method: Method, rows: &[Json]) -> String {
    let response = company.request(method, PATH).json(&json!({ "input": rows })).send().await.unwrap();
    assert_eq!(response.status().as_u16(), 202);
    let location = response.headers()[header::LOCATION].to_str().unwrap().to_owned();
    location.strip_prefix(&format!("{}/api/v2", company.sandbox.base_url())).unwrap().to_owned()
}

/// Waits until an operation is over; its results.
async fn results(company: &Company, path: &str) -> Vec<Json> {
    while company.get(path).await.body["endedAt"].is_null() {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    company.get(&format!("{path}/results")).await.body.as_array().unwrap().clone()
}

#[tokio::test]
async fn rows_are_done_when_the_operation_is_over_and_fail_one_by_one() {
    let company = Company::open().await;
    let (ada, bo) = (company.create("ada@x.example").await, company.create("bo@x.example").await);
    company.delete(&bo).await;
    let nobody = "65bb00000000000000000099";
    let rows = [row(&ada, ENGINEERING), row(&bo, ENGINEERING), row(nobody, EVERYBODY), row(&ada, nobody)];
    let path = begin(&company, Method::POST, &rows).await;
    let answers = results(&company, &path).await;
    assert_eq!(company.get(&path).await.body["status"], "completed");
    let said: Vec<_> = answers.iter().map(|one| one["errorMessage"].as_str().unwrap_or("success")).collect();
    assert_eq!(said, ["success", "userDeleted", "userNotFound", "groupNotFound"]);
    assert_eq!(answers[1]["input"], rows[1]);
    assert_eq!(company.user(&ada).learns_in(), ["All employees", "Departments", "Engineering"]);
    let path = begin(&company, Method::DELETE, &[row(&ada, ENGINEERING), row(&ada, ENGINEERING)]).await;
    let said: Vec<_> = results(&company, &path).await.iter().map(|one| one["status"].clone()).collect();
    assert_eq!(said, ["success", "error"]);
}

#[tokio::test]
async fn three_operations_run_at_once_and_their_results_are_not_there_before_they_end() {
    let company = Company::with(|switches| switches.bulk_wait_ms = 600_000).await;
    let mut paths = Vec::new();
    for _ in 0..3 {
        paths.push(begin(&company, Method::POST, &[]).await);
    }
    let answer = company.post(PATH, &json!({ "input": [] })).await;
    assert_eq!(answer.code(), (429, "bulkOperationsConcurrencyLimitReached"));
    assert_eq!(company.get(&format!("{}/results", paths[0])).await.code(), (400, "bulkOperationNotRun"));
    assert_eq!(company.get(&paths[0]).await.body["status"], "queued");
    let (_, listed) = company.pages("/bulk/operations?status[eq]=queued&type[eq]=addUsersToGroups").await;
    assert_eq!(listed.len(), 3);
    assert_eq!(company.get("/bulk/operations/65ee00000000000000000099").await.code(), (404, "bulkOperationNotFound"));
}

#[tokio::test]
async fn input_that_is_too_long_or_malformed_is_refused_and_the_bulk_api_may_be_missing() {
    let company = Company::open().await;
    let many: Vec<Json> = (0..20_001).map(|_| row(EVERYBODY, EVERYBODY)).collect();
    assert_eq!(company.post(PATH, &json!({ "input": many })).await.code(), (400, "inputTooLong"));
    assert_eq!(company.post(PATH, &json!({ "input": [{ "userId": "x" }] })).await.code(), (400, "invalidInput"));
    company.sandbox.switch(|switches| switches.bulk = false);
    assert_eq!(company.post(PATH, &json!({ "input": [] })).await.code(), (503, "bulkAPIDisabled"));
}

#[tokio::test]
async fn rows_fail_and_operations_stop_as_they_are_told_to() {
    let company = Company::with(|switches| switches.bulk_joins_again = false).await;
    let ada = company.create("ada@x.example").await;
    company.sandbox.switch(|switches| switches.bulk_faults.rows = 1);
    let rows = [row(&ada, ENGINEERING), row(&ada, EVERYBODY)];
    let path = begin(&company, Method::POST, &rows).await;
    let said: Vec<_> = results(&company, &path).await.iter().map(|one| one["errorMessage"].clone()).collect();
    assert_eq!(said, ["internalError", "userAlreadyInGroup"]);
    company.sandbox.switch(|switches| switches.bulk_faults.stops_after = Some(1));
    let path = begin(&company, Method::POST, &rows).await;
    assert_eq!(results(&company, &path).await.len(), 1);
    assert_eq!(company.get(&path).await.body["status"], "error");
    let path = begin(&company, Method::POST, &rows).await;
    assert_eq!(results(&company, &path).await.len(), 2, "a fault is of one operation");
}
