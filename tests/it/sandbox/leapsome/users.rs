//! Users: looked up, made, changed, listed (apis/leapsome.md §2).

use reqwest::Method;
use rollbook::sandbox::leapsome::switches::{ClearedBy, Existing, ManyForm, PatchForm, Unknown};
use rollbook::sandbox::leapsome::{Status, Users};
use serde_json::json;

use super::client::{Company, SENIORITY, WORK};

#[tokio::test]
async fn creating_takes_the_small_field_set_and_leaves_out_the_rest_without_a_word() {
    let company = Company::open().await;
    let body = json!({ "userName": "ada@acme.example", "externalId": "3311", "displayName": "Ada N",
        "name": { "givenName": "Ada", "familyName": "Novak" }, "photos": [{ "value": "https://img.acme.example/1.png" }],
        "active": false, "manager": "owner@acme.example", WORK: { "department": "Data", "startDate": "2026-03-01" } });
    let answer = company.post("/Users", &body).await;
    assert_eq!((answer.status, &answer.body["groups"], &answer.body["title"]), (201, &json!([]), &json!("Colleague")));
    assert!(answer.body["meta"]["created"].is_u64(), "a number here, a text when read");
    assert!(answer.body.get("active").is_none());
    let user = company.user(&answer.id());
    assert_eq!((user.status, user.manager, user.department, user.start_date), (Status::Created, None, None, None));
    assert_eq!((user.display_name.as_deref(), user.photo.is_some()), (Some("Ada N"), true));
    assert!(company.get("/Users/3311").await.body["meta"]["created"].is_string());
}

#[tokio::test]
async fn somebody_who_is_there_is_201_with_nothing_or_a_409_and_nobody_is_made() {
    let company = Company::open().await;
    company.create("ada@acme.example", "1").await;
    for body in [json!({ "userName": "ADA@acme.example" }), json!({ "userName": "bo@acme.example", "externalId": "1" })]
    {
        company.sandbox.switch(|switches| switches.existing = Existing::Empty);
        let answer = company.post("/Users", &body).await;
        assert_eq!((answer.status, answer.body), (201, json!({})));
        company.sandbox.switch(|switches| switches.existing = Existing::Conflict);
        assert_eq!(company.post("/Users", &body).await.status, 409);
    }
    assert_eq!(company.sandbox.users().len(), 2);
}

#[tokio::test]
async fn an_address_is_needed_and_its_domain_has_to_be_the_companys() {
    let company = Company::open().await;
    for body in [json!({}), json!({ "userName": " " }), json!({ "userName": "ada@other.example" })] {
        assert_eq!(company.post("/Users", &body).await.status, 400, "{body}");
    }
    let id = company.create("ada@acme.example", "1").await;
    let change = json!({ "userName": "ada@other.example" });
    assert_eq!(company.patch(&format!("/Users/{id}"), &change).await.status, 400);
    company.sandbox.switch(|switches| switches.domains.clear());
    assert_eq!(company.patch(&format!("/Users/{id}"), &change).await.status, 200);
}

#[tokio::test]
async fn a_path_names_a_user_by_id_and_else_by_external_id() {
    let company = Company::open().await;
    let ada = company.create("ada@acme.example", "id/1 ü").await;
    let bo = company.create("bo@acme.example", &ada).await;
    assert_eq!(company.get("/Users/id%2F1%20%C3%BC").await.id(), ada);
    assert_eq!(company.get(&format!("/Users/{ada}")).await.id(), ada, "the id comes first");
    assert_eq!(company.get(&format!("/Users/{bo}")).await.body["externalId"], json!(ada));
}

#[tokio::test]
async fn managers_are_written_as_texts_of_three_kinds_and_read_as_objects() {
    let company = Company::open().await;
    let bo = company.create("bo@acme.example", "2").await;
    let ada = company.create("ada@acme.example", "1").await;
    for named in ["2", "bo@acme.example", bo.as_str()] {
        let work = json!({ "manager": named, "additionalManagers": ["owner@acme.example", "nobody"] });
        let answer = company.work(&ada, "ada@acme.example", &work).await.body;
        assert_eq!(answer[WORK]["manager"], json!({ "managerId": bo, "displayName": "Ada Novak" }));
        assert_eq!(answer["manager"], json!({ "value": bo }));
        assert_eq!(answer[WORK]["additionalManagers"][0]["displayName"], json!("Olu Owner"));
        company.work(&ada, "ada@acme.example", &json!({ "manager": null, "additionalManagers": [] })).await;
        assert_eq!(company.user(&ada).manager, None);
    }
    company.work(&ada, "ada@acme.example", &json!({ "manager": "2" })).await;
    let top =
        company.patch(&format!("/Users/{ada}"), &json!({ "userName": "ada@acme.example", "manager": "nobody" })).await;
    assert_eq!(top.body["manager"]["value"], json!(bo), "an unknown manager changes nothing, and nothing is said");
    company.sandbox.switch(|switches| {
        (switches.unknown_manager, switches.additional_managers) = (Unknown::Refuse, ManyForm::Text);
    });
    let unknown = json!({ "userName": "ada@acme.example", WORK: { "manager": "nobody" } });
    assert_eq!(company.patch(&format!("/Users/{ada}"), &unknown).await.status, 400);
    company.work(&ada, "ada@acme.example", &json!({ "additionalManagers": "owner@acme.example,2" })).await;
    assert_eq!(company.user(&ada).additional_managers, ["owner@acme.example", "bo@acme.example"]);
}

#[tokio::test]
async fn teams_and_levels_are_made_where_they_are_named_exactly_as_spelt() {
    let company = Company::open().await;
    let ada = company.create("ada@acme.example", "1").await;
    let work = json!({ "department": "Data", "division": "Product", "costCenter": "CC-12", "level": "L4" });
    let answer = company.work(&ada, "ada@acme.example", &work).await.body;
    assert_eq!((&answer[WORK]["department"], &answer[WORK]["level"]), (&json!("Data"), &json!("L4")));
    assert_eq!(answer["groups"].as_array().unwrap().len(), 3);
    company.work(&ada, "ada@acme.example", &json!({ "department": "data " })).await;
    assert_eq!(company.user(&ada).department.as_deref(), Some("data"), "another spelling is another team");
    assert_eq!(company.user(&ada).teams, ["CC-12", "Product", "data"]);
    assert_eq!(company.sandbox.teams().len(), 6);
}

#[tokio::test]
async fn custom_attributes_are_written_by_id_and_unknown_ones_dropped_without_a_word() {
    let company = Company::open().await;
    let ada = company.create("ada@acme.example", "1").await;
    let unknown = "66aa000000000000000000ff";
    let work =
        json!({ SENIORITY: "Band 3", unknown: "x", "shoeSize": "38", "gender": "unknown", "birthday": "20.07.1990" });
    let answer = company.work(&ada, "ada@acme.example", &work).await.body;
    assert_eq!(answer[WORK], json!({ SENIORITY: "Band 3", "additionalManagers": [], "employmentType": "internal" }));
    company.sandbox.switch(|switches| {
        (switches.unknown_attribute, switches.bad_value) = (Unknown::Refuse, Unknown::Refuse);
    });
    for work in [json!({ unknown: "x" }), json!({ "gender": "x" }), json!({ "birthday": "x" })] {
        let body = json!({ "userName": "ada@acme.example", WORK: work });
        assert_eq!(company.patch(&format!("/Users/{ada}"), &body).await.status, 400, "{body}");
    }
}

#[tokio::test]
async fn an_address_and_an_external_id_that_change_in_one_step_make_a_second_user() {
    let company = Company::open().await;
    let ada = company.create("ada@acme.example", "1").await;
    let both = json!({ "userName": "ada.lee@acme.example", "externalId": "11" });
    let other = company.patch(&format!("/Users/{ada}"), &both).await.id();
    assert_ne!(other, ada);
    assert_eq!((company.user(&ada).user_name, company.sandbox.users().len()), ("ada@acme.example".to_owned(), 3));
    let one = json!({ "userName": "a.novak@acme.example", "externalId": "1" });
    assert_eq!(company.patch(&format!("/Users/{ada}"), &one).await.id(), ada, "one at a time keeps the user");
    let taken = json!({ "userName": "ada.lee@acme.example" });
    assert_eq!(company.patch(&format!("/Users/{ada}"), &taken).await.status, 409);
    let taken = json!({ "userName": "a.novak@acme.example", "externalId": "11" });
    assert_eq!(company.patch(&format!("/Users/{ada}"), &taken).await.status, 409);
}

#[tokio::test]
async fn a_change_is_a_flat_object_with_an_address_and_a_list_of_operations_only_where_that_is_switched_on() {
    let company = Company::open().await;
    let ada = company.create("ada@acme.example", "1").await;
    let path = format!("/Users/{ada}");
    assert_eq!(company.patch(&path, &json!({ "title": "Analyst" })).await.status, 400, "the address is missing");
    let half = json!({ "userName": "ada@acme.example", "name": { "givenName": "Ada" } });
    assert_eq!(company.patch(&path, &half).await.status, 400, "both names are needed");
    let operations = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": [
        { "op": "replace", "path": "title", "value": "Analyst" },
        { "op": "replace", "path": format!("{WORK}:department"), "value": "Data" } ] });
    assert_eq!(company.patch(&path, &operations).await.status, 400);
    company.sandbox.switch(|switches| switches.patch = PatchForm::PatchOp);
    assert_eq!(company.patch(&path, &operations).await.status, 200);
    let user = company.user(&ada);
    assert_eq!((user.title.as_str(), user.department.as_deref()), ("Analyst", Some("Data")));
    assert_eq!(company.patch(&path, &json!({ "userName": "ada@acme.example" })).await.status, 400);
}

#[tokio::test]
async fn what_clears_a_value_is_as_switched_and_a_title_never_becomes_empty() {
    let company = Company::open().await;
    let ada = company.create("ada@acme.example", "1").await;
    let level = async |cleared_by, with: serde_json::Value| {
        company.sandbox.switch(|switches| switches.cleared_by = ClearedBy::Either);
        company.work(&ada, "ada@acme.example", &json!({ "level": "L4" })).await;
        company.sandbox.switch(|switches| switches.cleared_by = cleared_by);
        company.work(&ada, "ada@acme.example", &json!({ "level": with })).await;
        company.user(&ada).level
    };
    assert_eq!(level(ClearedBy::Either, json!(null)).await, None);
    assert_eq!(level(ClearedBy::EmptyText, json!("")).await, None);
    assert_eq!(level(ClearedBy::EmptyText, json!(null)).await.as_deref(), Some("L4"));
    assert_eq!(level(ClearedBy::Nothing, json!("")).await.as_deref(), Some("L4"));
    company.sandbox.switch(|switches| switches.cleared_by = ClearedBy::Either);
    company.patch(&format!("/Users/{ada}"), &json!({ "userName": "ada@acme.example", "title": null })).await;
    assert_eq!(company.user(&ada).title, "Colleague");
}

#[tokio::test]
async fn replacing_empties_what_is_not_sent() {
    let company = Company::open().await;
    let ada = company.create("ada@acme.example", "1").await;
    company.work(&ada, "ada@acme.example", &json!({ "level": "L4", "location": "Berlin" })).await;
    let body = json!({ "userName": "ada@acme.example", "externalId": "1", WORK: { "location": "Lyon" } });
    assert_eq!(company.tell(Method::PUT, &format!("/Users/{ada}"), &body).await.status, 200);
    let user = company.user(&ada);
    assert_eq!((user.level, user.location.as_deref(), user.external_id.as_deref()), (None, Some("Lyon"), Some("1")));
}

#[tokio::test]
async fn lists_come_by_count_and_start_and_whole_without() {
    let company = Company::of(Users::Generated { count: 5, seed: 1 }, |_| {}).await;
    let page = company.get("/Users?count=2&startIndex=5").await.body;
    assert_eq!((&page["totalResults"], &page["itemsPerPage"], &page["startIndex"]), (&json!(6), &json!(2), &json!(5)));
    assert_eq!(company.get("/Users").await.body["Resources"].as_array().unwrap().len(), 6);
    let none = company.get("/Users?count=0").await.body;
    assert_eq!((&none["totalResults"], &none["Resources"]), (&json!(6), &json!([])));
    for query in ["count=5001", "startIndex=0", "count=x"] {
        assert_eq!(company.get(&format!("/Users?{query}")).await.status, 400, "{query}");
    }
    let first = page["Resources"][1]["id"].clone();
    company.sandbox.switch(|switches| switches.newest_first = true);
    assert_eq!(company.get("/Users").await.body["Resources"][0]["id"], first);
}

#[tokio::test]
async fn a_filter_asks_for_one_address_with_or_without_quotes_and_for_nothing_else() {
    let company = Company::open().await;
    let ada = company.create("ada@acme.example", "1").await;
    for filter in ["userName%20eq%20%22ADA@acme.example%22", "username%20Eq%20ada%40acme.example"] {
        let found = company.get(&format!("/Users?filter={filter}")).await.body;
        assert_eq!((&found["totalResults"], &found["Resources"][0]["id"]), (&json!(1), &json!(ada)));
    }
    for filter in ["externalId%20eq%201", "userName%20sw%20ada", "userName"] {
        assert_eq!(company.get(&format!("/Users?filter={filter}")).await.status, 400, "{filter}");
    }
    company.sandbox.switch(|switches| (switches.filter_ignores_case, switches.other_filters_ignored) = (false, true));
    let found = company.get("/Users?filter=userName%20eq%20%22ADA@acme.example%22").await.body;
    assert_eq!(found["totalResults"], json!(0));
    assert_eq!(company.get("/Users?filter=externalId%20eq%201").await.body["totalResults"], json!(2), "everybody");
}
