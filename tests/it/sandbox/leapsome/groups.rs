//! Groups, which are teams (apis/leapsome.md §3).

use serde_json::{Value as Json, json};

use super::client::Company;

#[tokio::test]
async fn a_group_that_is_not_there_is_a_401_as_is_written_or_a_404() {
    let company = Company::open().await;
    assert_eq!(company.get("/Groups/65c100000000000000000999").await.status, 401);
    assert_eq!(company.patch("/Groups/nothing", &json!({ "displayName": "x" })).await.status, 401);
    company.sandbox.switch(|switches| switches.unknown_group_status = 404);
    assert_eq!(company.get("/Groups/nothing").await.status, 404);
}

#[tokio::test]
async fn names_are_taken_once_and_are_not_too_long() {
    let company = Company::open().await;
    let team = json!({ "displayName": "Data", "externalId": "dep-7" });
    let made = company.post("/Groups", &team).await;
    assert_eq!((made.status, &made.body["members"]), (201, &json!([])));
    assert_eq!(company.get("/Groups/dep-7").await.id(), made.id());
    assert_eq!(company.post("/Groups", &team).await.status, 409);
    assert_eq!(company.post("/Groups", &json!({ "displayName": "data" })).await.status, 201, "another spelling");
    for name in [json!(null), json!(" "), json!("x".repeat(129))] {
        assert_eq!(company.post("/Groups", &json!({ "displayName": name })).await.status, 400, "{name}");
    }
    assert_eq!(company.patch("/Groups/dep-7", &json!({ "displayName": "Book club" })).await.status, 409);
    assert_eq!(company.patch("/Groups/dep-7", &json!({ "displayName": "Data & AI" })).await.status, 200);
    let found = company.get("/Groups?filter=displayName%20eq%20%22Data%20%26%20AI%22").await.body;
    assert_eq!(found["Resources"][0]["externalId"], json!("dep-7"));
}

#[tokio::test]
async fn members_are_added_or_replaced_up_to_100_at_a_time_and_never_shown() {
    let company = Company::open().await;
    let ada = company.create("ada@acme.example", "1").await;
    let bo = company.create("bo@acme.example", "2").await;
    let club = company.sandbox.teams().into_iter().find(|team| team.name == "Book club").unwrap().id;
    let path = format!("/Groups/{club}");
    let members = |ids: &[&str]| -> Json { ids.iter().map(|id| json!({ "value": id })).collect() };
    let answer = company.patch(&path, &json!({ "members": members(&[&ada, "2", "nobody"]) })).await;
    assert_eq!((answer.status, &answer.body["members"]), (200, &json!([])));
    assert_eq!(company.get(&path).await.body["members"], json!([]));
    assert_eq!(company.user(&ada).teams, ["Book club"]);
    assert!(company.user(&bo).teams.is_empty(), "only Leapsome's own ids count");
    company.patch(&path, &json!({ "members": members(&[&bo]) })).await;
    assert_eq!((company.user(&ada).teams.len(), company.user(&bo).teams.len()), (1, 1), "they are added");
    company.patch(&path, &json!({ "members": members(&[&bo]), "replaceMembers": true })).await;
    assert_eq!((company.user(&ada).teams.len(), company.user(&bo).teams.len()), (0, 1), "or replaced");
    let many: Vec<&str> = std::iter::repeat_n(ada.as_str(), 101).collect();
    assert_eq!(company.patch(&path, &json!({ "members": members(&many) })).await.status, 400);
    assert_eq!(company.patch(&path, &json!({ "members": members(&many[1..]) })).await.status, 200);
    let groups = company.get("/Users/1").await.body["groups"].clone();
    assert_eq!(groups, json!([{ "value": club }]), "the one place where membership can be read");
}

#[tokio::test]
async fn all_groups_come_without_a_page_and_up_to_1000_with_one() {
    let company = Company::open().await;
    assert_eq!(company.get("/Groups").await.body["totalResults"], json!(2));
    assert_eq!(
        company.get("/Groups?count=1&startIndex=2").await.body["Resources"][0]["displayName"],
        json!("Works council")
    );
    assert_eq!(company.get("/Groups?count=1001").await.status, 400);
}
