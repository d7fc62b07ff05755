//! `POST /people/search` and `POST /people/{identifier}` (apis/hibob.md §2.1, §2.2).

use reqwest::{Method, StatusCode};
use serde_json::{Value as Json, json};

use super::client::{Tenant, texts};

/// Somebody who works there, and leads.
const BOSS: &str = "3000000000000000102";

#[tokio::test]
async fn without_show_inactive_leavers_and_starters_are_not_there() {
    let tenant = Tenant::open().await;
    let fields = json!(["root.id", "internal.status", "internal.lifecycleStatus"]);
    let active = tenant.search(&json!({ "fields": fields })).await;
    let all = tenant.search(&json!({ "fields": fields, "showInactive": true })).await;
    assert_eq!(all.len(), 300);
    assert!(active.len() < all.len());
    assert!(active.iter().all(|one| one["internal"]["status"] == "Active"));
    assert!(all.iter().any(|one| one["/internal/lifecycleStatus"]["value"] == "hired"));
}

#[tokio::test]
async fn a_value_stands_twice_and_an_empty_field_only_nested() {
    let tenant = Tenant::open().await;
    let person =
        tenant.person("3000000000000000101", &["root.id", "work.reportsTo", "work.siteId", "work.department"]).await;
    assert_eq!(person["/work/siteId"], json!({ "value": 2_600_004 }));
    assert_eq!(person["work"]["siteId"], 2_600_004);
    assert_eq!(person["/work/department"]["value"], person["work"]["department"]);
    assert!(person.get("/work/reportsTo").is_none(), "nobody above");
    assert_eq!(person["work"].get("reportsTo"), Some(&Json::Null));
    assert_eq!(person["id"], "3000000000000000101", "root fields stand at the top");
}

#[tokio::test]
async fn a_misspelt_field_is_silently_not_there_and_the_slash_form_is_understood() {
    let tenant = Tenant::open().await;
    let person = tenant.person(BOSS, &["root.id", "work.departement", "/root/surname"]).await;
    let keys: Vec<&String> = person.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["/root/id", "/root/surname", "id", "surname"]);
}

#[tokio::test]
async fn readable_values_come_beside_or_instead() {
    let tenant = Tenant::open().await;
    let fields = json!(["root.id", "work.department", "work.startDate", "work.isManager", "work.siteId"]);
    let filters = json!([{ "fieldPath": "root.id", "operator": "equals", "values": [BOSS] }]);
    let ask = async |word: &str| {
        tenant
            .search(&json!({ "fields": fields, "filters": filters, "showInactive": true, "humanReadable": word }))
            .await
            .remove(0)
    };
    let appended = ask("APPEND").await;
    assert_eq!(appended["work"]["startDate"], "2021-03-24");
    assert_eq!(appended["humanReadable"]["work"]["startDate"], "24/03/2021");
    assert!(appended["humanReadable"].as_object().unwrap().keys().all(|key| !key.starts_with('/')));
    let replaced = ask("REPLACE").await;
    assert_eq!(replaced["work"]["department"], appended["humanReadable"]["work"]["department"]);
    assert_eq!(replaced["/work/department"], replaced["work"]["department"], "bare");
    assert_eq!(replaced["work"]["isManager"], "true");
    tenant.switch(|switches| switches.wrap_replaced = true);
    assert_eq!(ask("REPLACE").await["/work/startDate"], json!({ "value": "24/03/2021" }));
}

#[tokio::test]
async fn default_fields_never_hold_custom_fields_or_the_lifecycle() {
    let tenant = Tenant::open().await;
    let person = tenant.search(&json!({})).await.remove(0);
    assert!(
        person.get("/root/email").is_some() && person.get("internal").is_none() && person.get("personal").is_none()
    );
    assert!(person["work"].get("custom").is_none());
    tenant.switch(|switches| switches.nested_defaults = true);
    let person = tenant.search(&json!({})).await.remove(0);
    assert!(person.get("/root/email").is_none() && person.get("email").is_some());
}

#[tokio::test]
async fn filters_find_by_id_and_by_address() {
    let tenant = Tenant::open().await;
    let find = async |path: &str, values: Json| {
        let filters = json!([{ "fieldPath": path, "operator": "equals", "values": values }]);
        texts(&tenant.search(&json!({ "fields": ["root.id"], "filters": filters })).await, "id")
    };
    assert_eq!(find("root.id", json!([BOSS, "3000000000000000103", "7"])).await, [BOSS, "3000000000000000103"]);
    assert_eq!(find("root.email", json!(["siobhn.smith-jones.1@acme.example"])).await, [BOSS]);
}

#[tokio::test]
async fn a_request_that_makes_no_sense_is_a_400_with_key_and_error() {
    let tenant = Tenant::open().await;
    let filter =
        |path: &str, operator: &str, values: Json| json!({ "fieldPath": path, "operator": operator, "values": values });
    let good = filter("root.id", "equals", json!(["1"]));
    let wrong = [
        json!([]),
        json!({ "filters": [] }),
        json!({ "filters": [good, good] }),
        json!({ "filters": [filter("work.site", "equals", json!(["Berlin"]))] }),
        json!({ "filters": [filter("root.id", "contains", json!(["1"]))] }),
        json!({ "filters": [filter("root.id", "equals", json!([]))] }),
        json!({ "humanReadable": true }),
        json!({ "humanReadable": "append" }),
        json!({ "showInactive": "yes" }),
        json!({ "fields": vec!["root.id"; 401] }),
    ];
    for body in wrong {
        let response = tenant.try_search(&body).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{body}");
        let error: Json = response.json().await.unwrap();
        assert!(error["key"].is_string() && error["error"].is_string(), "{error}");
    }
    tenant.switch(|switches| {
        switches.field_cap = 0;
        switches.refuse_empty_filters = false;
        switches.lower_case_readable = true;
    });
    for body in
        [json!({ "filters": [] }), json!({ "humanReadable": "append" }), json!({ "fields": vec!["root.id"; 401] })]
    {
        assert_eq!(tenant.try_search(&body).await.status(), StatusCode::OK, "{body}");
    }
}

#[tokio::test]
async fn one_person_is_a_bare_object_found_by_id_or_encoded_address() {
    let tenant = Tenant::open().await;
    for identifier in [BOSS, "siobhn.smith-jones.1%40acme.example"] {
        let call = tenant
            .call(Method::POST, &format!("/people/{identifier}"))
            .json(&json!({ "fields": ["root.id", "work.site"] }));
        let person: Json = call.send().await.unwrap().json().await.unwrap();
        assert_eq!(person["id"], BOSS);
        assert!(person.get("employees").is_none());
    }
    let nobody = tenant.call(Method::POST, "/people/7").json(&json!({})).send().await.unwrap();
    assert_eq!(nobody.status(), StatusCode::NOT_FOUND);
    assert_eq!(nobody.text().await.unwrap(), "");
}

#[tokio::test]
async fn whether_one_person_is_found_while_inactive_is_a_switch() {
    let tenant = Tenant::open().await;
    let leaver = "3000000000000000107";
    let ask = async || {
        tenant.call(Method::POST, &format!("/people/{leaver}")).json(&json!({})).send().await.unwrap().status()
    };
    assert_eq!(ask().await, StatusCode::OK);
    tenant.switch(|switches| switches.person_finds_inactive = false);
    assert_eq!(ask().await, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn thousands_of_people_come_in_one_answer_and_the_same_seed_gives_the_same() {
    let body = json!({ "fields": ["root.id", "root.email", "work.reportsTo", "work.startDate"], "showInactive": true });
    let first = Tenant::generated(4000, 7).await.search(&body).await;
    let again = Tenant::generated(4000, 7).await.search(&body).await;
    assert_eq!(first.len(), 4000);
    assert!(first == again, "the same seed gives the same people");
    let ids: std::collections::BTreeSet<String> = texts(&first, "id").into_iter().collect();
    assert_eq!(ids.len(), 4000, "every id is there once");
    let managers = first.iter().filter_map(|one| one["work"]["reportsTo"]["id"].as_str());
    assert!(managers.clone().count() == 3999 && managers.into_iter().all(|manager| ids.contains(manager)));
    assert!(first.iter().any(|one| one["email"].as_str().unwrap().chars().any(|letter| letter.is_ascii_uppercase())));
}

#[tokio::test]
async fn people_come_from_a_file_with_fields_that_no_metadata_knows() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("people.json");
    let people = json!({ "employees": [{ "id": "5", "/root/id": { "value": "5" }, "/work/custom/field_9": { "value": "x" },
        "internal": { "lifecycleStatus": "employed", "status": "Active" } }] });
    std::fs::write(&file, people.to_string()).unwrap();
    let settings = rollbook::sandbox::hibob::Settings {
        people: rollbook::sandbox::hibob::People::File(file),
        ..super::client::settings()
    };
    let tenant = Tenant::start(settings).await;
    let person = tenant.person("5", &["root.id", "root.email", "work.custom.field_9"]).await;
    assert_eq!(person["work"]["custom"]["field_9"], "x");
    assert!(person.get("email").is_none(), "what the file does not have is not delivered");
}

#[tokio::test]
async fn a_file_that_is_no_answer_is_refused_with_its_name_and_what_belongs_there() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("people.json");
    for (text, wanted) in
        [("{\"employees\": [", "not JSON"), ("{\"people\": []}", "no `employees`"), ("[{}]", "employee 1 has no id")]
    {
        std::fs::write(&file, text).unwrap();
        let people = rollbook::sandbox::hibob::People::File(file.clone());
        let settings = rollbook::sandbox::hibob::Settings { people, ..super::client::settings() };
        let error = rollbook::sandbox::hibob::Sandbox::start(settings).await.unwrap_err();
        assert!(error.to_string().contains("people.json") && error.to_string().contains(wanted), "{error}");
        assert!(error.help().contains("employees"));
    }
}
