//! Finding the users of some people: which calls it takes, and what comes with them.

use rollbook::connector::{Target, Wanted};
use rollbook::model::{Cell, User, UserId, UserLayout, UserStatus};
use rollbook::sandbox::faults::Then;
use serde_json::json;

use super::office::*;

fn wanted(user: Option<&UserId>, fields: &[(&str, &str)]) -> Wanted {
    let fields = fields.iter().map(|(name, value)| ((*name).into(), text(value)));
    Wanted { user: user.cloned(), fields: fields.collect() }
}

async fn found(target: &dyn Target, wanted: Wanted) -> Vec<User> {
    let fields = ["user_name", "external_id", "title", SENIORITY].map(Into::into).to_vec();
    target.find(&[wanted], &UserLayout { fields, memberships: false }).await.unwrap()
}

#[tokio::test]
async fn a_linked_user_takes_one_call_and_their_state_one_more() {
    let office = Office::open().await;
    let ada = office.add("ada@acme.example", "7");
    office.add("bo@acme.example", "8");
    let person = || wanted(Some(&ada), &[("external_id", "7"), ("user_name", "Ada@acme.example")]);
    let users = found(&office.target(), person()).await;
    assert_eq!((users.len(), &users[0].id, users[0].status), (1, &ada, UserStatus::Active));
    assert_eq!(office.calls(), [("GET /scim/v1/Users/{userId}".to_owned(), 1)].into());
    office.sandbox.forget_calls();
    assert_eq!(found(&office.target_with_content(), person()).await[0].status, UserStatus::Invited);
    let calls = office.calls();
    assert_eq!((calls["GET /scim/v1/Users/{userId}"], calls["GET /v1/employees"], calls.len()), (1, 1, 3), "{calls:?}");
}

#[tokio::test]
async fn an_external_id_leads_to_its_own_user_and_to_nobody_else() {
    let office = Office::open().await;
    let ada = office.add("ada@acme.example", "EU/7");
    let target = office.target();
    assert_eq!(found(&target, wanted(None, &[("external_id", "EU/7")])).await[0].id, ada);
    let by_id = wanted(None, &[("external_id", ada.as_str())]);
    assert!(found(&target, by_id).await.is_empty(), "a path is tried as an id first");
    assert!(found(&target, wanted(Some(&"EU/7".into()), &[])).await.is_empty());
    for odd in [".", "..", "../Groups", "?", "%2e%2e"] {
        assert!(found(&target, wanted(Some(&odd.into()), &[("external_id", odd)])).await.is_empty(), "{odd}");
    }
}

#[tokio::test]
async fn an_address_is_found_where_the_filter_minds_case_or_is_refused() {
    for ignores_case in [true, false] {
        let office = Office::with(|switches| switches.filter_ignores_case = ignores_case).await;
        let ada = office.add("ada@acme.example", "");
        let person = || wanted(None, &[("user_name", "Ada@acme.example")]);
        assert_eq!(found(&office.target(), person()).await[0].id, ada);
        office.hit("GET /scim/v1/Users", Then::Refuse { status: 400, code: "invalidFilter".to_owned() });
        assert_eq!(found(&office.target(), person()).await[0].id, ada, "the listing tells");
    }
}

#[tokio::test]
async fn teams_are_told_and_a_custom_attribute_that_is_not_shown_is_not_delivered() {
    let office = Office::open().await;
    let (ada, bo) = (office.add("ada@acme.example", "7"), office.add("bo@acme.example", "8"));
    let target = office.target();
    let group = crate::contract::support::group(&target, rollbook::model::GroupKind::Group, "Choir").await;
    let membership = crate::contract::support::membership(&target, &group, 0).await;
    let join = rollbook::connector::Write::AddMembership { user: ada.clone(), membership: membership.clone() };
    crate::contract::support::done(&target, join).await;
    let level = |value: &str| rollbook::connector::Write::UpdateUser {
        user: ada.clone(),
        fields: vec![(SENIORITY.into(), Some(text(value)))],
    };
    done(&target, &[level("Senior")]).await;
    let layout = UserLayout::with_groups(vec![SENIORITY.into()]);
    let users = office.target().find(&[wanted(Some(&ada), &[]), wanted(Some(&bo), &[])], &layout).await.unwrap();
    assert_eq!((users[0].memberships.to_vec(), &users[0].cells[0]), (vec![membership], &Cell::Value(text("Senior"))));
    assert_eq!((users[1].memberships.len(), &users[1].cells[0]), (0, &Cell::NotDelivered));
}

#[tokio::test]
async fn another_field_lists_everybody() {
    let office = Office::open().await;
    let ada = office.add("ada@acme.example", "7");
    office.play(json!({ "event": "change", "user": "7", "fields": { "title": "Lead" } }));
    let users = found(&office.target(), wanted(None, &[("title", "lead")])).await;
    assert_eq!((users.len(), &users[0].id), (1, &ada));
    assert_eq!(office.calls(), [("GET /scim/v1/Users".to_owned(), 1)].into());
}
