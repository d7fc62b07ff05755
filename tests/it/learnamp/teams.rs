//! Teams: flat, found by key or name, and nothing of what was set by hand is touched.

use rollbook::connector::{Target as _, Write, Written};
use rollbook::model::plan::GroupUpdate;
use rollbook::model::{GroupId, GroupKind};
use rollbook::sandbox::faults::Then;
use serde_json::json;

use super::company::*;

fn make(name: &str, key: Option<&str>) -> Write {
    Write::CreateGroup { kind: GroupKind::Team, name: name.into(), key: key.map(Into::into) }
}

fn change(group: &GroupId, change: GroupUpdate) -> Write {
    Write::UpdateGroup { kind: GroupKind::Team, group: group.clone(), change }
}

async fn made(company: &Company, write: Write) -> GroupId {
    match one(&company.target(), write).await.unwrap() {
        Written::Group(id) => id,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_team_is_made_once_with_its_key_and_one_with_exactly_its_name_is_the_answer() {
    let company = Company::open().await;
    company.change(json!({ "change": "team", "fields": { "name": "Data Platform" } }));
    let data = made(&company, make("Data", Some("9"))).await;
    assert_eq!(company.sandbox.team("9").unwrap().name, "Data", "a team whose name holds it is another one");
    assert_eq!(made(&company, make("Data", None)).await, data);
    assert_eq!(company.writes()["POST /v1/teams"], 1);
    let teams = company.target().groups().await.unwrap();
    let shown: Vec<_> = teams.iter().map(|team| (&*team.name, team.key.as_deref(), team.kind)).collect();
    assert_eq!(shown, [("Data Platform", None, GroupKind::Team), ("Data", Some("9"), GroupKind::Team)]);
}

#[tokio::test]
async fn a_team_whose_answer_is_lost_is_found_by_its_name() {
    let company = Company::open().await;
    company.hit("POST /v1/teams", Then::CutAfter);
    let id = made(&company, make("Data", Some("9"))).await;
    assert_eq!(company.sandbox.team("Data").unwrap().id.to_string(), id.as_str());
    assert_eq!(company.sandbox.teams().len(), 1);
}

#[tokio::test]
async fn a_new_name_and_a_key_leave_parent_manager_and_tags() {
    let company = Company::open().await;
    company.change(json!({ "change": "team", "fields": { "name": "Company" } }));
    let more = json!({ "name": "Data", "parentTeamName": "Company", "managerId": 1, "tags": "emea" });
    company.change(json!({ "change": "team", "fields": more }));
    let before = company.sandbox.team("Data").unwrap();
    let id = GroupId::new(before.id.to_string());
    let target = company.target();
    all_done(&target, &[change(&id, GroupUpdate::GiveKey("9".into()))]).await;
    all_done(&target, &[change(&id, GroupUpdate::Rename("Insights".into()))]).await;
    let after = company.sandbox.team("9").unwrap();
    assert_eq!(after.name, "Insights");
    assert_eq!((after.parent, after.manager, &after.tags), (before.parent, before.manager, &before.tags));
    let user = company.add("ada@acme.example", json!({}));
    all_done(&target, &[update(&user, &[("primary_team", "Insights")])]).await;
    assert_eq!(company.kept(&user).primary_team, Some(after.id), "it goes by its new name at once");
}

#[tokio::test]
async fn a_name_or_key_that_another_team_has_is_refused_with_what_to_do() {
    let company = Company::open().await;
    for (name, key) in [("Data", "1"), ("Legal", "2")] {
        company.change(json!({ "change": "team", "fields": { "name": name, "integrationExternalId": key } }));
    }
    let id = GroupId::new(company.sandbox.team("Data").unwrap().id.to_string());
    for wrong in [GroupUpdate::Rename("Legal".into()), GroupUpdate::GiveKey("2".into())] {
        let error = one(&company.target(), change(&id, wrong)).await.unwrap_err();
        assert!(error.hint.contains("another one may have its name"), "{error:?}");
    }
    let user = company.add("ada@acme.example", json!({}));
    let error = one(&company.target(), update(&user, &[("primary_team", "Sales")])).await.unwrap_err();
    assert!(error.message.contains("no team of this name"), "{error:?}");
}
