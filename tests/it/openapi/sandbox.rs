//! Every endpoint of the simulated 360Learning, in good calls and in refused ones.

use reqwest::Method;
use serde_json::{Value as Json, json};

use super::description;
use crate::sandbox::three_sixty::client::{
    Company, DEPARTMENT, ENGINEERING, EVERYBODY, OWNER, ROOT, SITE, START_DATE, new_user,
};

/// Somebody who is not there.
const NOBODY: &str = "65bb00000000000000000099";

/// The code that the sandbox has for what the description leaves out.
const UNDESCRIBED: &str = "badRequest";

#[tokio::test]
async fn every_call_that_the_sandbox_answers_is_one_that_the_vendor_describes() {
    let Some(description) = description() else { return };
    let company = Company::with(|switches| switches.record = 1000).await;
    company.new_token().await;
    users(&company).await;
    custom_fields(&company).await;
    external_ids(&company).await;
    groups(&company).await;
    bulk(&company).await;
    refused_by_the_gate(&company).await;
    let exchanges = company.sandbox.exchanges();
    let wrong: Vec<_> = exchanges.iter().flat_map(|exchange| description.check(exchange)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let undescribed = |exchange: &&_| {
        let exchange: &rollbook::sandbox::record::Exchange = exchange;
        exchange.response.as_ref().is_some_and(|body| body["error"]["code"] == UNDESCRIBED)
    };
    assert_eq!(exchanges.iter().filter(undescribed).count(), 0);
    let called: Vec<_> = exchanges.iter().map(|exchange| exchange.endpoint.as_str()).collect();
    for start in [
        "/api/v2/oauth2/token",
        "/api/v2/external-ids",
        "/api/v2/custom-fields",
        "/api/v2/bulk/groups/memberships",
        "/api/v2/bulk/operations",
    ] {
        for endpoint in description.endpoints(start) {
            assert!(called.contains(&endpoint), "{endpoint} was not called");
        }
    }
}

#[tokio::test]
async fn a_token_that_expires_in_a_text_is_what_a_guide_shows_and_the_description_does_not() {
    let Some(description) = description() else { return };
    let company = Company::with(|switches| (switches.record, switches.expires_in_text) = (10, true)).await;
    let wrong: Vec<_> = company.sandbox.exchanges().iter().flat_map(|exchange| description.check(exchange)).collect();
    assert!(wrong.len() == 1 && wrong[0].contains("expires_in"), "{wrong:?}");
}

async fn users(company: &Company) {
    let mut full = new_user("ada@x.example");
    for (key, value) in [("firstName", "Ada"), ("lastName", "Lee"), ("job", "Engineer"), ("organization", "Acme")] {
        full[key] = json!(value);
    }
    full["toBeDeactivatedAt"] = json!("2027-01-01T00:00:00.000Z");
    full["primaryGroupId"] = json!(EVERYBODY);
    let ada = company.post("/users?sendInvitationEmail=false", &full).await.id();
    let path = format!("/users/{ada}");
    let change = json!({ "job": null, "lang": "fr", "toBeDeactivatedAt": null, "mail": "ada.lee@x.example" });
    company.tell(Method::PATCH, &path, &change).await;
    company.call(Method::PUT, &format!("{path}/activate")).await;
    let pair = format!("{path}/managers/{OWNER}");
    let unknown = format!("/users/{NOBODY}");
    for (method, path) in [
        (Method::GET, path.clone()),
        (Method::GET, "/users?mail[eq]=ada%40x.example&status[ne]=deleted".to_owned()),
        (Method::POST, pair.clone()),
        (Method::GET, format!("{path}/managers")),
        (Method::GET, format!("/users/{OWNER}/subordinates")),
        (Method::GET, format!("{path}/roles")),
        (Method::DELETE, pair.clone()),
        (Method::DELETE, pair.clone()),
        (Method::POST, format!("{path}/managers/{NOBODY}")),
        (Method::DELETE, format!("/users/{OWNER}")),
        (Method::GET, unknown.clone()),
        (Method::DELETE, unknown.clone()),
        (Method::PUT, format!("{unknown}/activate")),
        (Method::PUT, format!("{path}/pseudonymize?deleteExternalIds=true")),
        (Method::DELETE, path.clone()),
        (Method::PUT, format!("{path}/activate")),
        (Method::POST, pair),
        (Method::POST, format!("/users/{OWNER}/managers/{ada}")),
    ] {
        company.call(method, &path).await;
    }
    company
        .put(&format!("/users/{OWNER}/password"), &json!({ "password": "long enough", "passwordMustBeChanged": true }))
        .await;
    company
        .put(&format!("{path}/password"), &json!({ "password": "long enough", "passwordMustBeChanged": true }))
        .await;
    for (key, value) in [
        ("mail", json!("nobody")),
        ("mail", json!("owner@acme.example")),
        ("username", json!("ada")),
        ("toBeDeactivatedAt", json!("2020-01-01T00:00:00.000Z")),
        ("primaryGroupId", json!(ROOT)),
        ("membership", json!({ "groupId": NOBODY, "role": "learner" })),
    ] {
        let mut refused = new_user("new@x.example");
        refused[key] = value.clone();
        company.post("/users", &refused).await;
        if key != "membership" {
            company.tell(Method::PATCH, &path, &json!({ key: value })).await;
        }
    }
    company.post("/users", &json!({ "membership": { "groupId": EVERYBODY, "role": "learner" } })).await;
    company.tell(Method::PATCH, &format!("/users/{OWNER}"), &json!({ "mail": null })).await;
    let date = json!({ "toBeDeactivatedAt": "2027-01-01T00:00:00.000Z" });
    company.tell(Method::PATCH, &format!("/users/{OWNER}"), &date).await;
    assert_eq!(company.post("/users", &new_user("ada.lee@x.example")).await.status, 200);
    company.delete(&ada).await;
    company.call(Method::PUT, &format!("{path}/pseudonymize")).await;
}

async fn custom_fields(company: &Company) {
    company.get("/custom-fields?targetType[eq]=users").await;
    let new = json!({ "name": "Region", "targetType": "users", "type": "string" });
    let made = company.post("/custom-fields", &new).await.id();
    let path = format!("/custom-fields/{made}");
    company.post("/custom-fields", &new).await;
    company.tell(Method::PATCH, &path, &json!({ "name": "Area" })).await;
    company.tell(Method::PATCH, &path, &json!({ "name": "Site" })).await;
    for field in [SITE, START_DATE, NOBODY] {
        company.get(&format!("/custom-fields/{field}/authorized-values")).await;
    }
    let list = json!({ "authorizedValues": ["North", "South"] });
    company.put(&format!("{path}/authorized-values"), &list).await;
    company.put(&format!("/custom-fields/{START_DATE}/authorized-values"), &list).await;
    let values = format!("/users/{OWNER}/custom-fields/values");
    let value = |field: &str, kind: &str, value: &str| json!({ "customFieldId": field, "type": kind, "value": value });
    let put = async |told: Json| company.put(&values, &json!({ "customValues": told })).await;
    // Dates are sent as the text says; the schema asks for a time too (§4, uncertain).
    put(json!([value(SITE, "string", "Paris"), value(START_DATE, "date", "2026-03-01")])).await;
    put(json!([value(SITE, "string", "Lyon")])).await;
    put(json!([value(SITE, "date", "2026-03-01")])).await;
    put(json!([value(NOBODY, "string", "x")])).await;
    put(json!([value(DEPARTMENT, "string", "x"), value(DEPARTMENT, "string", "y")])).await;
    company.get(&values).await;
    company.call(Method::DELETE, &path).await;
    company.call(Method::DELETE, &path).await;
}

async fn external_ids(company: &Company) {
    let mapping = |target: &str, value: &str| json!({ "platform": "hibob", "targetType": "user", "targetId": target, "value": value });
    let made = company.post("/external-ids", &mapping(OWNER, "1")).await.id();
    let path = format!("/external-ids/{made}");
    company.post("/external-ids", &mapping(OWNER, "2")).await;
    company.post("/external-ids", &mapping(NOBODY, "2")).await;
    company.get(&format!("/external-ids?type[eq]=user&platform[eq]=hibob&value[eq]=1&targetId[eq]={OWNER}")).await;
    company.put(&path, &mapping(OWNER, "3")).await;
    company.put(&path, &mapping(NOBODY, "3")).await;
    let mut reserved = mapping(OWNER, "4");
    reserved["platform"] = json!("bamboohr");
    company.post("/external-ids", &reserved).await;
    company.call(Method::DELETE, &path).await;
    company.call(Method::DELETE, &path).await;
}

async fn groups(company: &Company) {
    company.get("/groups").await;
    let new = |parent: &str| json!({ "name": "Core", "public": true, "parentId": parent, "custom": "note" });
    let made = company.post("/groups", &new(ENGINEERING)).await.id();
    company.post("/groups", &new(NOBODY)).await;
    let path = format!("/groups/{made}");
    company.tell(Method::PATCH, &path, &json!({ "custom": null, "name": "Heart", "parentId": ROOT })).await;
    company.tell(Method::PATCH, &format!("/groups/{ROOT}"), &json!({ "public": true })).await;
    company.tell(Method::PATCH, &format!("/groups/{ROOT}"), &json!({ "parentId": made })).await;
    let membership = format!("{path}/user-admin/{OWNER}");
    for (method, path) in [
        (Method::GET, path.clone()),
        (Method::POST, membership.clone()),
        (Method::GET, format!("{path}/roles")),
        (Method::GET, format!("/groups/{ROOT}/roles")),
        (Method::DELETE, membership.clone()),
        (Method::DELETE, membership),
        (Method::POST, format!("{path}/learner/{NOBODY}")),
        (Method::DELETE, format!("/groups/{ROOT}")),
        (Method::DELETE, path.clone()),
        (Method::GET, path),
    ] {
        company.call(method, &path).await;
    }
}

async fn bulk(company: &Company) {
    let row = |user: &str| json!({ "userId": user, "groupId": ENGINEERING, "role": "learner" });
    let input = json!({ "input": [row(OWNER), row(NOBODY)] });
    company.post("/bulk/groups/memberships", &input).await;
    company.sandbox.switch(|switches| switches.bulk_wait_ms = 600_000);
    company.tell(Method::DELETE, "/bulk/groups/memberships", &input).await;
    company.post("/bulk/groups/memberships", &json!({ "input": [{}] })).await;
    company.sandbox.switch(|switches| (switches.bulk_at_once, switches.bulk_wait_ms) = (1, 0));
    company.post("/bulk/groups/memberships", &input).await;
    company.sandbox.switch(|switches| (switches.bulk, switches.bulk_at_once) = (false, 3));
    company.post("/bulk/groups/memberships", &input).await;
    company.sandbox.switch(|switches| (switches.bulk, switches.bulk_faults.stops_after) = (true, Some(1)));
    company.post("/bulk/groups/memberships", &input).await;
    let (_, operations) = company.pages("/bulk/operations?type[ne]=createGroups").await;
    assert_eq!(operations.len(), 3);
    for operation in operations {
        let path = format!("/bulk/operations/{}", operation["_id"].as_str().unwrap());
        company.get(&path).await;
        company.get(&format!("{path}/results")).await;
    }
    company.get(&format!("/bulk/operations/{NOBODY}")).await;
    company.get(&format!("/bulk/operations/{NOBODY}/results")).await;
}

async fn refused_by_the_gate(company: &Company) {
    company.sandbox.switch(|switches| switches.faults.rate_limited = 2);
    company.get("/users").await;
    company.post("/bulk/groups/memberships", &json!({ "input": [] })).await;
    company.sandbox.switch(|switches| switches.withhold_scopes = ["users:read".to_owned()].into());
    company.get("/users").await;
    company.sandbox.forget_tokens();
    company.get("/users").await;
    let body = json!({ "grant_type": "client_credentials", "client_id": "x", "client_secret": "y" });
    company.bare(Method::POST, "/oauth2/token").json(&body).send().await.unwrap();
}
