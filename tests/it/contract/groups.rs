//! Promises about groups, teams and who is in them.

use rollbook::connector::{Target, Write};
use rollbook::model::{Cell, GroupKind, Membership, TargetType};

use super::support::*;

async fn has_groups(target: &dyn Target) -> bool {
    let support = target.catalogue().await.unwrap().groups;
    support.can_create && !support.roles.is_empty()
}

pub(crate) async fn a_group_is_the_one_with_exactly_its_name(target: &dyn Target) {
    if !has_groups(target).await {
        return;
    }
    let names = ["Sales", "sales", "Sales — Ventes / 営業"];
    let mut made = Vec::new();
    for name in names {
        made.push(group(target, GroupKind::Group, name).await);
    }
    for (name, id) in names.iter().zip(&made) {
        assert_eq!(group(target, GroupKind::Group, name).await, *id, "one that exists is the answer");
    }
    let listed = groups_named(target, GroupKind::Group, &names).await;
    assert_eq!(listed.len(), names.len());
    for group in &listed {
        let place = names.iter().position(|name| *name == &*group.name).unwrap();
        assert_eq!((group.kind, &group.id), (GroupKind::Group, &made[place]));
    }
    refused(target, Write::CreateGroup { kind: GroupKind::Group, name: " ".into(), key: None }).await;
    if field_of(target, TargetType::Team).await.is_some() {
        let team = group(target, GroupKind::Team, "Sales").await;
        assert!(!made.contains(&team), "a team is no group");
        assert_eq!(groups_named(target, GroupKind::Group, &["Sales"]).await.len(), 1);
    }
}

pub(crate) async fn a_membership_is_added_and_removed_and_both_can_be_repeated(target: &dyn Target) {
    if !has_groups(target).await {
        return;
    }
    let user = create(target, 1).await;
    let other = create(target, 2).await;
    let mut expected = Vec::new();
    for name in ["C", "A", "B"] {
        let group = group(target, GroupKind::Group, name).await;
        expected.push(membership(target, &group, 0).await);
    }
    for membership in expected.iter().chain(&expected).cloned() {
        done(target, Write::AddMembership { user: user.clone(), membership }).await;
    }
    expected.sort();
    assert_eq!(memberships(target, &user).await, expected);
    assert!(memberships(target, &other).await.is_empty());
    if target.catalogue().await.unwrap().groups.add_only {
        refused(target, Write::RemoveMembership { user: user.clone(), membership: expected[1].clone() }).await;
        assert_eq!(memberships(target, &user).await, expected);
        return;
    }
    let gone = expected.remove(1);
    for _ in 0..2 {
        done(target, Write::RemoveMembership { user: user.clone(), membership: gone.clone() }).await;
        assert_eq!(memberships(target, &user).await, expected);
    }
    assert_eq!(groups_named(target, GroupKind::Group, &["A", "B", "C"]).await.len(), 3, "a group that is left stays");
}

pub(crate) async fn a_role_can_change_and_roles_that_are_unknown_are_refused(target: &dyn Target) {
    if !has_groups(target).await {
        return;
    }
    let user = create(target, 1).await;
    let group = group(target, GroupKind::Group, "Managers").await;
    let role = membership(target, &group, 0).await;
    if target.catalogue().await.unwrap().groups.roles.len() > 1 {
        let higher = membership(target, &group, 1).await;
        // A role may be for users of a kind that has its name.
        let catalogue = target.catalogue().await.unwrap();
        for kind in plain_fields(&catalogue).iter().filter(|field| field.choices.contains(&higher.role)) {
            done(target, update(&user, &kind.name, Some(text(&higher.role)))).await;
        }
        done(target, Write::AddMembership { user: user.clone(), membership: role.clone() }).await;
        done(target, Write::AddMembership { user: user.clone(), membership: higher.clone() }).await;
        done(target, Write::RemoveMembership { user: user.clone(), membership: role.clone() }).await;
        assert_eq!(memberships(target, &user).await, [higher]);
    }
    let before = memberships(target, &user).await;
    let no_role = Membership { group, role: "no such role".into() };
    let no_group = Membership { group: "no such group".into(), role: role.role.clone() };
    for membership in [no_role, no_group] {
        refused(target, Write::AddMembership { user: user.clone(), membership: membership.clone() }).await;
    }
    refused(target, Write::AddMembership { user: "nobody-here".into(), membership: role.clone() }).await;
    refused(target, Write::RemoveMembership { user: "nobody-here".into(), membership: role }).await;
    assert_eq!(memberships(target, &user).await, before);
}

pub(crate) async fn a_team_is_set_by_its_exact_name_and_cleared(target: &dyn Target) {
    let Some(field) = field_of(target, TargetType::Team).await else { return };
    let user = create(target, 1).await;
    refused(target, update(&user, &field, Some(text("Finance")))).await;
    for name in ["Finance", "R&D"] {
        group(target, GroupKind::Team, name).await;
        done(target, update(&user, &field, Some(text(name)))).await;
        assert_eq!(cell(target, &user, &field).await, Cell::Value(text(name)));
    }
    refused(target, update(&user, &field, Some(text("finance")))).await;
    assert_eq!(cell(target, &user, &field).await, Cell::Value(text("R&D")));
    assert!(memberships(target, &user).await.is_empty(), "a team is the value of a field");
    done(target, update(&user, &field, None)).await;
    assert_eq!(cell(target, &user, &field).await, Cell::Empty);
}

async fn memberships(target: &dyn Target, id: &rollbook::model::UserId) -> Vec<Membership> {
    user(target, id, &[]).await.memberships.to_vec()
}
