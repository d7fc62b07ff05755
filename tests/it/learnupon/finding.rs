//! Finding the users of some people: which calls it takes, and what comes with them.

use rollbook::connector::{Target, Wanted};
use rollbook::model::{Access, Cell, FieldName, GroupKind, User, UserId, UserLayout, UserStatus, Value};
use serde_json::json;

use super::portal::{Portal, creation, make, users};
use crate::contract::support::{done, group, membership};

const ADA: [(&str, &str); 3] = [("email", "ada@acme.example"), ("first_name", "Ada"), ("Department", "IT")];
const ADDRESS: (&str, &str) = ("email", "Ada@acme.example");

fn wanted(user: Option<&UserId>, fields: &[(&str, &str)]) -> Wanted {
    let fields = fields.iter().map(|(name, text)| ((*name).into(), Value::Text((*text).into())));
    Wanted { user: user.cloned(), fields: fields.collect() }
}

/// A target that knows the portal's fields and has been asked for nothing else.
async fn target(portal: &Portal) -> impl Target {
    let target = portal.target();
    target.catalogue().await.unwrap();
    portal.sandbox.forget_calls();
    target
}

async fn found(target: &dyn Target, wanted: Wanted, memberships: bool) -> Vec<User> {
    let fields = ["email", "first_name", "Department"].map(FieldName::from).to_vec();
    target.find(&[wanted], &UserLayout { fields, memberships }).await.unwrap()
}

fn total(portal: &Portal) -> u64 {
    portal.sandbox.calls().values().sum()
}

#[tokio::test]
async fn a_linked_user_comes_with_custom_data_by_one_call_and_with_groups_by_three() {
    let portal = Portal::empty().await;
    let first = portal.target();
    let ada = make(&first, creation(Access::Active, &ADA)).await;
    portal.change("ada@acme.example", &json!({ "user_type": "manager" }));
    let sales = group(&first, GroupKind::Group, "Sales").await;
    let (member, manager) = (membership(&first, &sales, 0).await, membership(&first, &sales, 1).await);
    let second = portal.target();
    users(&second, &[]).await;
    for membership in [&manager, &member] {
        let (user, membership) = (ada.clone(), membership.clone());
        done(&second, rollbook::connector::Write::AddMembership { user, membership }).await;
    }

    let target = target(&portal).await;
    let alone = found(&target, wanted(Some(&ada), &[ADDRESS]), false).await;
    let text = |text: &str| Cell::Value(Value::Text(text.into()));
    assert_eq!(alone[0].cells.iter().cloned().collect::<Vec<_>>(), ["ada@acme.example", "Ada", "IT"].map(text));
    assert_eq!((total(&portal), alone[0].memberships.len()), (1, 0));
    portal.sandbox.forget_calls();
    let whole = found(&target, wanted(Some(&ada), &[ADDRESS]), true).await;
    assert_eq!(whole[0].memberships.to_vec(), [manager, member]);
    assert_eq!(total(&portal), 3);
}

#[tokio::test]
async fn somebody_invited_is_found_by_address_and_by_invitation_until_they_accept() {
    let portal = Portal::empty().await;
    let invited = make(&portal.target(), creation(Access::Invite, &ADA)).await;
    make(&portal.target(), creation(Access::Invite, &[("email", "bo@acme.example")])).await;
    let target = target(&portal).await;
    for person in [wanted(None, &[ADDRESS]), wanted(Some(&invited), &[]), wanted(Some(&invited), &[ADDRESS])] {
        let users = found(&target, person, true).await;
        let shown: Vec<_> = users.iter().map(|user| (&user.id, user.status, user.cells[0].to_string())).collect();
        assert_eq!(shown, [(&invited, UserStatus::Invited, "ada@acme.example".to_owned())]);
    }
    portal.sandbox.forget_calls();
    found(&target, wanted(None, &[("email", "new@acme.example")]), true).await;
    assert_eq!(total(&portal), 2, "a search, and the invitations");

    let user = portal.accept("ada@acme.example");
    assert!(found(&target, wanted(Some(&invited), &[]), true).await.is_empty(), "it is no invitation any more");
    let users = found(&target, wanted(Some(&invited), &[ADDRESS]), true).await;
    assert_eq!((users.len(), users[0].id.as_str()), (1, &*user.to_string()));
}

#[tokio::test]
async fn whether_somebody_may_log_in_is_looked_up_where_only_the_filter_tells() {
    let portal = Portal::empty().await;
    let first = portal.target();
    let ada = make(&first, creation(Access::Active, &ADA)).await;
    make(&first, creation(Access::Active, &[("email", "bo@acme.example")])).await;
    done(&first, rollbook::connector::Write::Deactivate { user: ada.clone() }).await;
    for tells in [true, false] {
        portal.switch(|switches| {
            switches.not_listed = if tells { [].into() } else { ["enabled".to_owned()].into() };
            switches.search_ignores_case = tells;
        });
        for person in [wanted(Some(&ada), &[]), wanted(None, &[ADDRESS])] {
            let users = found(&target(&portal).await, person, false).await;
            assert_eq!((users.len(), &users[0].id, users[0].status), (1, &ada, UserStatus::Inactive));
        }
    }
}

#[tokio::test]
async fn custom_data_finds_nobody_and_asks_for_nothing() {
    let portal = Portal::empty().await;
    make(&portal.target(), creation(Access::Active, &ADA)).await;
    let target = target(&portal).await;
    assert!(found(&target, wanted(None, &[("Department", "IT")]), true).await.is_empty());
    assert_eq!(total(&portal), 0);
}
