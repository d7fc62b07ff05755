//! Reading: pages, states, custom attributes, tolerance (apis/leapsome.md §2.4, §2.5, §6).

use rollbook::connector::Target as _;
use rollbook::model::{Cell, UserStatus};
use serde_json::json;

use super::office::*;

fn total(office: &Office) -> u64 {
    office.calls().values().sum()
}

#[tokio::test]
async fn everybody_is_read_by_pages_whatever_their_order_and_once() {
    for newest_first in [false, true] {
        let office = Office::with(|switches| switches.newest_first = newest_first).await;
        for number in 0..1_203 {
            office.add(&format!("p{number}@acme.example"), &number.to_string());
        }
        let target = office.target();
        target.groups().await.unwrap();
        let users = listed(&target, &["user_name", "external_id"]).await;
        assert_eq!((users.len(), total(&office)), (1_204, 3), "two pages of users, one of teams");
        assert!(users.is_sorted_by(|a, b| a.id < b.id));
    }
}

#[tokio::test]
async fn states_are_told_with_the_api_secret_and_only_access_without() {
    let office = Office::open().await;
    for (number, events) in [&[][..], &["invite"], &["invite", "accept"]].into_iter().enumerate() {
        office.add(&format!("p{number}@acme.example"), &number.to_string());
        for event in events {
            office.play(json!({ "event": event, "user": number.to_string() }));
        }
    }
    let off = office.add("off@acme.example", "9");
    done(&office.target(), &[rollbook::connector::Write::Deactivate { user: off }]).await;
    let states = async |target: &dyn rollbook::connector::Target| {
        let mut accounts = target.accounts().await.unwrap();
        accounts.sort_by(|a, b| a.login.cmp(&b.login));
        accounts.into_iter().map(|account| (account.status, account.created.is_some())).collect::<Vec<_>>()
    };
    use UserStatus::{Active, Inactive, Invited};
    let dated = |states: [UserStatus; 5]| states.map(|status| (status, true)).to_vec();
    assert_eq!(states(&office.target_with_content()).await, dated([Inactive, Active, Invited, Invited, Active]));
    assert_eq!(states(&office.target()).await, dated([Inactive, Active, Active, Active, Active]));
    let asked: Vec<String> = office.calls().into_keys().filter(|call| call.starts_with("GET /v1/")).collect();
    assert_eq!(asked, ["GET /v1/employees", "GET /v1/token"]);
}

#[tokio::test]
async fn a_token_of_the_content_api_that_ended_is_renewed() {
    let office = Office::open().await;
    let target = office.target_with_content();
    target.accounts().await.unwrap();
    office.sandbox.forget_tokens();
    target.accounts().await.unwrap();
    assert_eq!(office.calls()["GET /v1/token"], 2);
}

#[tokio::test]
async fn a_custom_attribute_that_is_shown_of_anybody_is_empty_of_the_others_and_else_not_known() {
    let office = Office::open().await;
    let ada = office.add("ada@acme.example", "1");
    let target = office.target();
    let cells = async || {
        let users = listed(&target, &[SENIORITY]).await;
        users.into_iter().map(|user| user.cell(0).clone()).collect::<Vec<_>>()
    };
    assert_eq!(cells().await, [Cell::NotDelivered, Cell::NotDelivered]);
    let details = target.details(std::slice::from_ref(&ada), &layout(&[SENIORITY])).await.unwrap();
    assert_eq!((details.len(), details[0].cell(0)), (1, &Cell::Empty));
    done(&target, &[update(&ada, &[(SENIORITY, "Lead")])]).await;
    let shown = cells().await;
    assert!(shown.contains(&Cell::Value(text("Lead"))) && shown.contains(&Cell::Empty), "{shown:?}");
}

#[tokio::test]
async fn a_title_that_nobody_gave_is_none_and_managers_are_users() {
    let office = Office::open().await;
    let target = office.target();
    let (ada, boss) = (office.add("ada@acme.example", "1"), office.add("boss@acme.example", "9"));
    done(&target, &[refer(&ada, "manager", &[&boss])]).await;
    let users = listed(&target, &["title", "manager", "additional_managers", "location"]).await;
    let ada = users.iter().find(|user| user.id == ada).unwrap();
    assert_eq!(*ada.cell(0), Cell::Empty);
    assert_eq!(*ada.cell(1), Cell::Value(rollbook::model::Value::Person(boss.shared().clone())));
    assert_eq!((ada.cell(2), ada.cell(3)), (&Cell::Empty, &Cell::Empty));
}
