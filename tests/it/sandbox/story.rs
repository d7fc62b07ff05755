//! What happens in the company, through the control API, as reads see it afterwards (apis/hibob.md §4.1).

use reqwest::Method;
use serde_json::{Value as Json, json};

use super::client::Tenant;

/// Somebody employed whose manager is `BOSS`.
const ADA: &str = "3000000000000000109";
const BOSS: &str = "3000000000000000102";
const OTHER: &str = "3000000000000000103";

async fn lifecycle(tenant: &Tenant, id: &str) -> (String, String) {
    let person = tenant.person(id, &["internal.lifecycleStatus", "internal.status"]).await;
    let text = |key: &str| person["internal"][key].as_str().unwrap().to_owned();
    (text("lifecycleStatus"), text("status"))
}

fn both(lifecycle: &str, status: &str) -> (String, String) {
    (lifecycle.to_owned(), status.to_owned())
}

#[tokio::test]
async fn somebody_is_hired_for_later_begins_on_the_day_and_leaves_after_it() {
    let tenant = Tenant::open().await;
    let hired = tenant
        .play(&json!({ "event": "hire", "start_date": "2026-11-10", "fields": { "root.firstName": "Zoë", "root.surname": "Ng",
            "root.email": "zoe.ng@acme.example", "work.department": "Finance", "work.site": "Tokyo", "work.manager": BOSS } }))
        .await;
    let id = hired["happened"][0]["person"].as_str().unwrap();
    let person = tenant
        .person(id, &["root.displayName", "work.department", "work.siteId", "work.reportsTo", "work.startDate"])
        .await;
    assert_eq!(person["displayName"], "Zoë Ng");
    assert_eq!((&person["work"]["department"], &person["work"]["siteId"]), (&json!("250000302"), &json!(2_600_006)));
    assert_eq!(person["work"]["reportsTo"]["id"], BOSS);
    assert_eq!(lifecycle(&tenant, id).await, both("hired", "Inactive"));
    tenant.play(&json!({ "event": "day", "date": "2026-11-10" })).await;
    assert_eq!(lifecycle(&tenant, id).await, both("employed", "Active"));
    tenant.play(&json!({ "event": "terminate", "person": "ZOE.NG@acme.example", "date": "2026-11-20" })).await;
    tenant.play(&json!({ "event": "day", "date": "2026-11-20" })).await;
    assert_eq!(lifecycle(&tenant, id).await, both("employed", "Active"));
    tenant.play(&json!({ "event": "day", "date": "2026-11-21" })).await;
    assert_eq!(lifecycle(&tenant, id).await, both("terminated", "Inactive"));
    tenant.play(&json!({ "event": "rehire", "person": id, "date": "2026-12-01" })).await;
    assert_eq!(lifecycle(&tenant, id).await, both("hired", "Inactive"));
    tenant.play(&json!({ "event": "day", "date": "2026-12-01" })).await;
    let back = tenant.person(id, &["internal.lifecycleStatus", "internal.terminationDate", "work.startDate"]).await;
    assert_eq!(back["internal"], json!({ "lifecycleStatus": "employed", "terminationDate": null }));
    assert_eq!(back["work"]["startDate"], "2026-12-01");
}

#[tokio::test]
async fn garden_leave_lies_between_the_last_day_and_the_end() {
    let tenant = Tenant::open().await;
    tenant.play(&json!({ "event": "terminate", "person": ADA, "date": "2026-12-31", "last_day": "2026-11-01" })).await;
    assert_eq!(lifecycle(&tenant, ADA).await, both("garden leave", "Inactive"));
    tenant.play(&json!({ "event": "day", "date": "2027-01-01" })).await;
    assert_eq!(lifecycle(&tenant, ADA).await, both("terminated", "Inactive"));
    tenant.switch(|switches| switches.garden_leave_active = true);
    tenant.play(&json!({ "event": "terminate", "person": BOSS, "date": "2027-12-31", "last_day": "2026-12-31" })).await;
    assert_eq!(lifecycle(&tenant, BOSS).await, both("garden leave", "Active"));
}

#[tokio::test]
async fn a_leave_begins_and_ends_with_or_without_access() {
    let tenant = Tenant::open().await;
    tenant.play(&json!({ "event": "leave", "person": ADA, "kind": "parental leave", "remain_active": true })).await;
    assert_eq!(lifecycle(&tenant, ADA).await, both("parental leave", "Active"));
    tenant.play(&json!({ "event": "return", "person": ADA })).await;
    assert_eq!(lifecycle(&tenant, ADA).await, both("employed", "Active"));
    tenant.play(&json!({ "event": "leave", "person": ADA, "kind": "Sabbatical" })).await;
    assert_eq!(lifecycle(&tenant, ADA).await, both("Sabbatical", "Inactive"));
}

#[tokio::test]
async fn a_move_changes_what_is_calculated_from_it() {
    let tenant = Tenant::open().await;
    tenant
        .play(&json!({ "event": "move", "person": ADA, "manager": OTHER, "site": "2600003", "department": "Legal" }))
        .await;
    let ada = tenant
        .person(
            ADA,
            &[
                "work.manager",
                "work.reportsTo",
                "work.secondLevelManager",
                "work.site",
                "work.siteId",
                "work.department",
            ],
        )
        .await;
    let work = &ada["work"];
    assert_eq!((&work["manager"], &work["reportsTo"]["id"]), (&json!(OTHER), &json!(OTHER)));
    assert_eq!(
        (&work["site"], &work["siteId"], &work["department"]),
        (&json!("London"), &json!(2_600_003), &json!("250000307"))
    );
    assert_eq!(work["secondLevelManager"], "3000000000000000101");
    tenant.play(&json!({ "event": "change", "person": OTHER, "fields": { "root.surname": "Neu" } })).await;
    let ada = tenant.person(ADA, &["work.reportsTo"]).await;
    assert_eq!(ada["work"]["reportsTo"]["surname"], "Neu");
    tenant.play(&json!({ "event": "delete", "person": OTHER })).await;
    let ada = tenant.person(ADA, &["work.reportsTo"]).await;
    assert_eq!(ada["work"]["reportsTo"], Json::Null);
    assert_eq!(tenant.sandbox.people(), 299);
}

#[tokio::test]
async fn a_read_straight_after_a_change_may_be_stale_for_a_while() {
    let tenant = Tenant::open().await;
    tenant.switch(|switches| switches.stale_ms = 1500);
    let surname = async || tenant.person(ADA, &["root.surname"]).await["surname"].clone();
    let before = surname().await;
    tenant.play(&json!({ "event": "change", "person": ADA, "fields": { "root.surname": "Later" } })).await;
    let own: Json = tenant.control(Method::GET, &format!("/people/{ADA}")).send().await.unwrap().json().await.unwrap();
    assert_eq!((&own["root.surname"], surname().await), (&json!("Later"), before), "the sandbox knows already");
    while surname().await != "Later" {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}

#[tokio::test]
async fn what_cannot_happen_is_refused_with_what_to_do_and_nothing_has_changed() {
    let tenant = Tenant::open().await;
    let change = |fields: Json| json!({ "event": "change", "person": ADA, "fields": fields });
    let cases = [
        (json!({ "event": "fire", "person": ADA }), "unknown variant `fire`"),
        (json!({ "event": "delete", "person": "nobody@acme.example" }), "GET /sandbox/people"),
        (json!({ "event": "delete", "person": ADA, "now": true }), "unknown field `now`"),
        (change(json!({})), "at least one field"),
        (change(json!({ "work.departmnt": "Legal" })), "did you mean `work.department`?"),
        (change(json!({ "root.surname": "Half", "work.department": "Leagl" })), "Legal"),
        (change(json!({ "work.startDate": "1.2.2026" })), "2026-11-02"),
        (change(json!({ "work.isManager": true })), "calculated"),
        (change(json!({ "work.manager": ADA })), "themselves"),
        (json!({ "event": "rehire", "person": ADA }), "only who has left"),
        (json!({ "event": "move", "person": ADA }), "`department`, `site` or `manager`"),
        (json!({ "event": "hire", "fields": { "root.firstName": "Al" } }), "`root.surname` is missing"),
        (
            json!({ "event": "terminate", "person": ADA, "date": "2026-11-01", "last_day": "2026-11-02" }),
            "last working day",
        ),
        (json!({ "event": "leave", "person": ADA, "kind": "terminated" }), "no kind of leave"),
        (json!({ "event": "day", "date": "2026-01-01" }), "only moves on"),
    ];
    let fields = ["root.surname", "work.department", "internal.lifecycleStatus"];
    let before = tenant.person(ADA, &fields).await;
    for (event, wanted) in cases {
        let words = tenant.refused(&event).await;
        assert!(words.contains(wanted), "{event}: {words}");
    }
    assert_eq!(tenant.person(ADA, &fields).await, before);
    assert_eq!(tenant.sandbox.people(), 300);
}

#[tokio::test]
async fn people_are_listed_by_status_and_a_story_is_played_in_one_go() {
    let tenant = Tenant::open().await;
    let played = tenant
        .play(&json!([
            { "event": "terminate", "person": ADA },
            { "event": "rehire", "person": ADA },
            { "event": "change", "person": ADA, "fields": { "root.surname": "Again" } },
        ]))
        .await;
    assert_eq!(played["happened"].as_array().unwrap().len(), 3);
    let list: Json =
        tenant.control(Method::GET, "/people?status=hired&limit=3").send().await.unwrap().json().await.unwrap();
    assert_eq!((&list["total"], list["people"].as_array().unwrap().len()), (&json!(14), 3));
    let wrong = tenant.control(Method::GET, "/people?state=hired").send().await.unwrap();
    assert!(wrong.text().await.unwrap().contains("there are `limit`, `offset` and `status`"));
    let wrong = tenant.control(Method::PUT, "/state").send().await.unwrap();
    assert!(wrong.text().await.unwrap().contains("`GET /sandbox` lists what there is"));
}
