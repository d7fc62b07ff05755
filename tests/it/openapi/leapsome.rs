//! Every endpoint of the simulated Leapsome, in good calls and in refused ones.

use reqwest::Method;
use rollbook::sandbox::leapsome::Users;
use rollbook::sandbox::leapsome::switches::Existing;
use serde_json::{Value as Json, json};

use super::described;
use super::description::Description;
use crate::sandbox::leapsome::client::{Company, WORK};

pub(crate) fn description() -> Option<Description> {
    described("Leapsome", &["leapsome-scim-api-1.1.3.openapi.yml", "leapsome-content-api-1.0.1.openapi.yml"])
}

/// The custom attributes that the description has as examples: no others are described.
fn attributes(description: &Description) -> Vec<&String> {
    let work = format!("/schemas/UserDefinition/properties/{WORK}/properties");
    let keys = description.shared("PATCH /scim/v1/Users/{userId}", &work).as_object().unwrap().keys();
    keys.filter(|key| key.len() == 24).collect()
}

#[tokio::test]
async fn every_call_that_the_sandbox_answers_is_one_that_leapsome_describes() {
    let Some(description) = description() else { return };
    let company = Company::of(Users::Generated { count: 3, seed: 1 }, |switches| switches.record = 1000).await;
    users(&company, &attributes(&description)).await;
    groups(&company).await;
    content(&company).await;
    refused_by_the_gate(&company).await;
    let exchanges = company.sandbox.exchanges();
    // What errors say is described of one status only.
    let is_told = |mistake: &String| mistake.ends_with("the response has a body");
    let wrong = exchanges.iter().flat_map(|exchange| description.check(exchange)).filter(|mistake| !is_told(mistake));
    let wrong: Vec<_> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let called: Vec<_> = exchanges.iter().map(|exchange| exchange.endpoint.as_str()).collect();
    for start in ["/scim/v1/", "/v1/token"] {
        for endpoint in description.endpoints(start) {
            assert!(called.contains(&endpoint), "{endpoint} was not called");
        }
    }
    assert!(called.contains(&"GET /v1/employees"));
}

async fn users(company: &Company, attributes: &[&String]) {
    for id in attributes {
        company.play(&json!({ "event": "define", "id": id, "name": id })).await;
    }
    let new = json!({ "userName": "ada@acme.example", "externalId": "1", "displayName": "Ada", "title": "Analyst",
        "name": { "givenName": "Ada", "familyName": "Novak" }, "photos": [{ "value": "https://img.acme.example/1.png" }] });
    let ada = company.post("/Users", &new).await.id();
    let bo = company.create("bo@acme.example", "2").await;
    let path = format!("/Users/{ada}");
    let mut work = json!({ "manager": bo, "additionalManagers": ["owner@acme.example"], "department": "Data",
        "division": "Product", "costCenter": "CC-12", "level": "L4", "startDate": "2026-03-01", "endDate": "2027-02-28",
        "birthday": "1990-07-20", "gender": "female", "location": "Berlin" });
    for id in attributes {
        work[id] = json!("Band 3");
    }
    let mut change = new.clone();
    (change["active"], change[WORK]) = (json!(true), work);
    assert_eq!(company.patch(&path, &change).await.status, 200);
    company.tell(Method::PUT, &path, &change).await;
    company.patch("/Users/2", &json!({ "userName": "bo@acme.example", "active": false })).await;
    for path in [
        path.as_str(),
        "/Users/1",
        "/Users/nobody",
        "/Users",
        "/Users?count=2&startIndex=2",
        "/Users?filter=userName%20eq%20%22bo@acme.example%22",
        "/ServiceProviderConfig",
    ] {
        company.get(path).await;
    }
    assert_eq!(company.post("/Users", &new).await.body, json!({}));
    company.sandbox.switch(|switches| switches.existing = Existing::Conflict);
    company.post("/Users", &new).await;
    company.post("/Users", &json!({ "userName": "" })).await;
    for method in [Method::PATCH, Method::PUT] {
        company.tell(method.clone(), &path, &json!({ "userName": "bo@acme.example" })).await;
        company.tell(method.clone(), &path, &json!({ "userName": "ada@other.example" })).await;
        company.tell(method, "/Users/nobody", &json!({ "userName": "x@acme.example" })).await;
    }
}

async fn groups(company: &Company) {
    let team = json!({ "displayName": "Choir", "externalId": "c-1" });
    let id = company.post("/Groups", &team).await.id();
    company.post("/Groups", &team).await;
    company.post("/Groups", &json!({ "displayName": "" })).await;
    let path = format!("/Groups/{id}");
    let member = company.user("1").id;
    let change = json!({ "displayName": "Choir 2", "externalId": "c-2", "members": [{ "value": member }],
        "replaceMembers": true });
    assert_eq!(company.patch(&path, &change).await.status, 200);
    let many: Vec<Json> = (0..101).map(|_| json!({ "value": member })).collect();
    company.patch(&path, &json!({ "members": many })).await;
    company.patch(&path, &json!({ "displayName": "Book club" })).await;
    company.patch("/Groups/nothing", &json!({ "displayName": "x" })).await;
    for path in
        [path.as_str(), "/Groups/nothing", "/Groups", "/Groups?count=1&startIndex=2&filter=displayName%20eq%20Data"]
    {
        company.get(path).await;
    }
    company.sandbox.switch(|switches| switches.unknown_group_status = 404);
    company.get("/Groups/nothing").await;
}

async fn content(company: &Company) {
    company.bare(Method::GET, "/v1/token?secret=wrong").send().await.unwrap();
    company.play(&json!({ "event": "delete", "user": "2" })).await;
    for query in ["", "?page=2&pageSize=2", "?status=active&displayedName=ada", "?email=ada@acme.example"] {
        assert_eq!(company.employees(query).await.status, 200);
    }
    company.bare(Method::GET, "/v1/employees").send().await.unwrap();
}

async fn refused_by_the_gate(company: &Company) {
    company.sandbox.switch(|switches| switches.authorized = false);
    for path in ["/Users", "/Users/1", "/Groups", "/Groups/nothing"] {
        company.get(path).await;
        company.bare(Method::GET, &format!("/scim/v1{path}")).send().await.unwrap();
    }
    company.bare(Method::GET, "/scim/v1/ServiceProviderConfig").send().await.unwrap();
    for path in ["/Users", "/Groups"] {
        company.post(path, &json!({})).await;
        company.patch(&format!("{path}/1"), &json!({})).await;
    }
}
