//! Groups, the portal's own rules, and managers of groups (apis/learnupon.md §3).

use rollbook::connector::{Target, Write};
use rollbook::model::{Access, GroupKind, Membership, UserId};
use rollbook::sandbox::learnupon::Rule;
use rollbook::sandbox::learnupon::event::Event;
use rollbook::sandbox::learnupon::faults::Failure;
use serde_json::json;

use super::portal::{Portal, creation, make, users};
use crate::contract::support::{done, group, refused};

async fn ada(target: &dyn Target) -> UserId {
    make(target, creation(Access::Active, &[("email", "ada@acme.example")])).await
}

fn add(user: &UserId, membership: &Membership) -> Write {
    Write::AddMembership { user: user.clone(), membership: membership.clone() }
}

fn remove(user: &UserId, membership: &Membership) -> Write {
    Write::RemoveMembership { user: user.clone(), membership: membership.clone() }
}

#[tokio::test]
async fn what_a_dynamic_rule_made_is_shown_as_such_and_never_removed() {
    let portal = Portal::empty().await;
    let target = portal.target();
    let ada = ada(&target).await;
    portal.play(&Event::Rule(Rule { group: "Everyone".to_owned(), email_domain: None, custom_data: None }));
    let group = target.groups().await.unwrap().remove(0).id;
    let held = users(&target, &[]).await.remove(0).memberships.to_vec();
    assert_eq!(held, [Membership { group: group.clone(), role: "automatic".into() }]);
    assert!(!target.catalogue().await.unwrap().groups.roles.iter().any(|role| &**role == "automatic"));
    let member = Membership { group, role: "member".into() };
    let refusal = refused(&target, remove(&ada, &member)).await;
    assert!(refusal.message.contains("dynamic rule"), "{refusal:?}");
    assert_eq!((portal.sandbox.memberships().len(), portal.calls("DELETE /api/v1/group_memberships/{id}")), (1, 0));
}

#[tokio::test]
async fn only_a_user_of_the_type_manager_is_made_to_manage_a_group() {
    let portal = Portal::empty().await;
    let target = portal.target();
    let ada = ada(&target).await;
    let group = group(&target, GroupKind::Group, "Sales").await;
    let manager = Membership { group, role: "manager".into() };
    let refusal = refused(&target, add(&ada, &manager)).await;
    assert!(refusal.hint.contains("user_type"), "{refusal:?}");
    assert_eq!(portal.calls("POST /api/v1/group_managers"), 0, "it is known beforehand");
    portal.change("ada@acme.example", &json!({ "user_type": "manager" }));
    let next = portal.target();
    users(&next, &[]).await;
    for _ in 0..2 {
        done(&next, add(&ada, &manager)).await;
    }
    assert_eq!(users(&next, &[]).await[0].memberships.to_vec(), std::slice::from_ref(&manager));
    for _ in 0..2 {
        done(&next, remove(&ada, &manager)).await;
    }
    assert!(portal.sandbox.managers().is_empty());
}

#[tokio::test]
async fn managers_are_read_group_by_group_where_one_list_is_refused() {
    let portal = Portal::empty().await;
    let target = portal.target();
    let ada = ada(&target).await;
    portal.change("ada@acme.example", &json!({ "user_type": "manager" }));
    let group = group(&target, GroupKind::Group, "Sales").await;
    let manager = Membership { group, role: "manager".into() };
    let next = portal.target();
    users(&next, &[]).await;
    done(&next, add(&ada, &manager)).await;
    portal.switch(|switches| switches.faults.failures = vec![Failure::status("GET /api/v1/group_managers", 404, 1)]);
    assert_eq!(users(&portal.target(), &[]).await[0].memberships.to_vec(), [manager]);
}

#[tokio::test]
async fn a_recipe_without_group_rules_asks_for_no_members() {
    let portal = Portal::empty().await;
    let target = portal.target();
    let ada = ada(&target).await;
    let group = group(&target, GroupKind::Group, "Sales").await;
    done(&target, add(&ada, &Membership { group, role: "member".into() })).await;
    portal.sandbox.forget_calls();
    target.users(&rollbook::model::UserLayout::default()).await.unwrap();
    let asked = portal.sandbox.calls().into_keys().collect::<Vec<_>>();
    assert_eq!(asked, ["GET /api/v1/group_invites", "GET /api/v1/users"]);
}

#[tokio::test]
async fn a_group_without_members_is_not_read_and_a_large_one_page_by_page() {
    let portal = Portal::with_people(6).await;
    portal.switch(|switches| switches.page_size = 4);
    let target = portal.target();
    let everyone = group(&target, GroupKind::Group, "Everyone").await;
    group(&target, GroupKind::Group, "Nobody").await;
    let member = Membership { group: everyone, role: "member".into() };
    let writes: Vec<Write> = users(&target, &[]).await.iter().map(|user| add(&user.id, &member)).collect();
    assert!(target.write(&writes).await.unwrap().iter().all(Result::is_ok));
    portal.sandbox.forget_calls();
    let all = users(&portal.target(), &[]).await;
    assert!(all.len() == 7 && all.iter().all(|user| user.memberships.to_vec() == [member.clone()]));
    assert_eq!(portal.calls("GET /api/v1/group_memberships"), 2, "seven members on pages of four");
    assert_eq!(portal.calls("GET /api/v1/users"), 2);
}

#[tokio::test]
async fn a_membership_that_is_there_is_done_and_one_that_broke_off_is_made_once() {
    let portal = Portal::empty().await;
    let target = portal.target();
    let ada = ada(&target).await;
    let group = group(&target, GroupKind::Group, "Sales").await;
    let member = Membership { group, role: "member".into() };
    portal.switch(|switches| switches.faults.failures = vec![Failure::cut("POST /api/v1/group_memberships", true)]);
    done(&target, add(&ada, &member)).await;
    done(&target, add(&ada, &member)).await;
    assert_eq!(portal.sandbox.memberships().len(), 1);
    assert_eq!(portal.sandbox.groups()[0].title, "Sales");
}
