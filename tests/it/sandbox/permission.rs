//! Who and what the service user may see (apis/hibob.md §1.4, §1.5).

use reqwest::{Method, StatusCode};
use rollbook::sandbox::hibob::switches::{Audience, NoGroup};
use serde_json::{Value as Json, json};

use super::client::{Tenant, texts};

const BOSS: &str = "3000000000000000102";

#[tokio::test]
async fn a_new_group_sees_the_employed_only_whatever_is_asked_for() {
    let tenant = Tenant::with(|_| {}).await;
    let everybody = json!({ "fields": ["root.id", "internal.lifecycleStatus"], "showInactive": true });
    let count = async || tenant.search(&everybody).await.len();
    assert_eq!(count().await, 233);
    tenant.switch(|switches| switches.audience = Audience::Active);
    assert!(count().await > 233, "active people on leave are there too");
    tenant.switch(|switches| switches.audience = Audience::All);
    assert_eq!(count().await, 300);
    tenant.switch(|switches| _ = switches.outside.insert(BOSS.to_owned()));
    assert_eq!(count().await, 299);
}

#[tokio::test]
async fn the_fields_of_a_withheld_category_vanish_from_both_places() {
    let tenant = Tenant::open().await;
    tenant.switch(|switches| _ = switches.withhold_categories.insert("lifecycle".to_owned()));
    let person = tenant.person(BOSS, &["root.id", "internal.status", "internal.terminationDate", "work.site"]).await;
    let keys: Vec<&String> = person.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["/root/id", "/work/site", "id", "work"]);
}

#[tokio::test]
async fn a_field_may_be_withheld_alone_or_for_one_person_only() {
    let tenant = Tenant::open().await;
    tenant.switch(|switches| {
        switches.withhold_fields.insert("work.site".to_owned());
        switches.withhold_from.insert(BOSS.to_owned(), ["lifecycle".to_owned(), "root.email".to_owned()].into());
    });
    let fields = ["root.id", "root.email", "work.site", "work.siteId", "internal.status"];
    let boss = tenant.person(BOSS, &fields).await;
    let other = tenant.person("3000000000000000103", &fields).await;
    assert!(boss.get("email").is_none() && boss.get("internal").is_none());
    assert!(other.get("email").is_some() && other.get("internal").is_some());
    assert!(other["work"].get("site").is_none() && other["work"].get("siteId").is_some());
}

#[tokio::test]
async fn the_category_is_not_the_prefix_of_the_id() {
    let tenant = Tenant::open().await;
    tenant.switch(|switches| _ = switches.withhold_categories.insert("userData".to_owned()));
    let person = tenant.person(BOSS, &["root.id", "root.creationDate"]).await;
    assert!(person.get("id").is_some() && person.get("creationDate").is_none());
}

#[tokio::test]
async fn a_service_user_without_a_group_gets_403_or_nobody() {
    let tenant = Tenant::open().await;
    tenant.switch(|switches| switches.no_group = Some(NoGroup::Forbidden));
    assert_eq!(tenant.try_search(&json!({})).await.status(), StatusCode::FORBIDDEN);
    tenant.switch(|switches| switches.no_group = Some(NoGroup::Empty));
    assert!(tenant.search(&json!({ "showInactive": true })).await.is_empty());
}

#[tokio::test]
async fn whether_a_manager_outside_the_audience_shows_is_a_switch() {
    let tenant = Tenant::open().await;
    let all = tenant.search(&json!({ "fields": ["root.id", "work.manager"], "showInactive": true })).await;
    let report = all.iter().find(|one| one["work"]["manager"] == BOSS).unwrap();
    tenant.switch(|switches| _ = switches.outside.insert(BOSS.to_owned()));
    let id = report["id"].as_str().unwrap();
    assert_eq!(tenant.person(id, &["work.reportsTo"]).await["work"]["reportsTo"]["id"], BOSS);
    tenant.switch(|switches| switches.outside_managers = false);
    assert_eq!(
        tenant.person(id, &["work.reportsTo", "work.manager"]).await["work"],
        json!({ "manager": null, "reportsTo": null })
    );
}

#[tokio::test]
async fn what_is_withheld_must_exist() {
    let tenant = Tenant::open().await;
    for patch in [
        json!({ "withhold_categories": ["lifecicle"] }),
        json!({ "withhold_fields": ["work.sight"] }),
        json!({ "withhold_from": { BOSS: ["lifecicle"] } }),
        json!({ "faults": { "missing_fields": ["work.sight"] } }),
    ] {
        let response = tenant.control(Method::POST, "/switches").json(&patch).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{patch}");
        let error: Json = response.json().await.unwrap();
        assert!(error["help"].as_str().unwrap().len() > 10, "{error}");
    }
    assert!(!texts(&tenant.search(&json!({})).await, "id").is_empty(), "nothing has changed");
}
