//! Users made, changed, given access and deprived of it; and what that costs in calls.

use rollbook::connector::{Target as _, Write, Written};
use rollbook::model::{Access, FieldName, UserId, UserStatus, Value, Whose};
use rollbook::sandbox::three_sixty::change::Status;
use rollbook::sandbox::three_sixty::switches::{DeleteDeleted, LostAt};
use serde_json::json;

use super::platform::*;

const CREATE: &str = "POST /users";
const ACTIVATE: &str = "PUT /users/{userId}/activate";
const PATCH: &str = "PATCH /users/{userId}";
const VALUES: &str = "/users/{userId}/custom-fields/values";

fn reactivate(user: &UserId, from: UserStatus, access: Access) -> Write {
    Write::Reactivate { user: user.clone(), from, access, memberships: Vec::new() }
}

fn managed(user: &UserId, from: &[&UserId], to: &[&UserId]) -> Write {
    let all = |ids: &[&UserId]| ids.iter().copied().cloned().collect();
    Write::SetReferences { user: user.clone(), field: "managers".into(), from: all(from), to: all(to) }
}

#[tokio::test]
async fn each_form_of_access_sends_the_mail_that_it_names_and_no_other() {
    for (access, status, mails) in [
        (Access::Invite, Status::Invited, 1),
        (Access::ActiveWithEmail, Status::Active, 1),
        (Access::Active, Status::Active, 0),
    ] {
        let platform = Platform::open().await;
        let given = given(&platform.target(), creation(access, &[("mail", "a@acme.example")], &[])).await;
        assert_eq!((platform.kept(&given.user).status, platform.sandbox.mails().len()), (status, mails), "{access:?}");
    }
}

#[tokio::test]
async fn somebody_new_costs_one_write_for_each_thing_that_a_creation_does_not_take() {
    let platform = Platform::open().await;
    let target = platform.target();
    let paris = platform.group(&target, "Paris").await;
    target.catalogue().await.unwrap();
    platform.sandbox.forget_calls();
    let fields = [
        ("mail", "a@acme.example"),
        ("job", "Engineer"),
        ("external_id", "77"),
        ("Site", "Paris"),
        ("Department", "R&D"),
    ];
    let given = given(&target, creation(Access::Active, &fields, std::slice::from_ref(&paris))).await;
    assert_eq!((given.joined, given.trouble), (vec![paris], None));
    let calls: Vec<(String, u64)> = platform.calls().into_iter().collect();
    let once = |call: &str| (call.to_owned(), 1);
    assert_eq!(calls, [once("POST /external-ids"), once(CREATE), once(ACTIVATE), once(&format!("PUT {VALUES}"))]);
    let kept = platform.kept(&given.user);
    assert_eq!((kept.field("job"), &*kept.values["Site"], &*kept.external_ids["hibob"]), ("Engineer", "Paris", "77"));
    assert!(kept.learns_in().contains(&"Paris") && !kept.learns_in().contains(&"All employees"));
}

#[tokio::test]
async fn who_is_to_join_no_group_joins_the_default_group_which_is_not_ours() {
    let platform = Platform::open().await;
    let given = given(&platform.target(), creation(Access::Invite, &[("mail", "a@acme.example")], &[])).await;
    assert!(given.joined.is_empty());
    assert_eq!(platform.kept(&given.user).learns_in(), ["All employees"]);
    assert_eq!(platform.writes(), 1);
}

#[tokio::test]
async fn a_planned_end_goes_with_the_creation_and_keeps_the_last_day() {
    let platform = Platform::open().await;
    let day = jiff::civil::date(2096, 3, 31);
    let Write::CreateUser { employee, access, mut fields, memberships } =
        creation(Access::Invite, &[("mail", "a@acme.example")], &[])
    else {
        panic!("a creation")
    };
    fields.push((FieldName::from("toBeDeactivatedAt"), Value::Date(day)));
    let target = platform.target();
    let given = given(&target, Write::CreateUser { employee, access, fields, memberships }).await;
    assert_eq!(platform.kept(&given.user).field("toBeDeactivatedAt"), "2096-03-31T23:59:59.999Z");
    let listed = listed(&target, &["toBeDeactivatedAt"]).await;
    let user = listed.iter().find(|user| user.id == given.user).unwrap();
    assert_eq!(user.cells[0].value(), Some(&Value::Date(day)));
    assert_eq!(platform.writes(), 1);
}

#[tokio::test]
async fn somebody_who_comes_back_is_restored_and_what_others_wrote_of_them_is_kept() {
    for (lost_at, list_deleted) in [(LostAt::Deletion, true), (LostAt::Restoring, true), (LostAt::Deletion, false)] {
        let platform =
            Platform::with(|switches| (switches.lost_at, switches.list_deleted) = (lost_at, list_deleted)).await;
        let gone = platform.add(json!({
            "fields": { "mail": "a@acme.example", "job": "Cook", "toBeDeactivatedAt": "2096-03-31T10:00:00.000Z" },
            "status": "deleted", "groups": ["Berlin"], "values": { "T-shirt size": "L" },
        }));
        let target = platform.target();
        let before = listed(&target, &["toBeDeactivatedAt"]).await;
        let found = before.iter().find(|user| user.id == gone).unwrap();
        assert_eq!((found.status, found.cells[0].value()), (UserStatus::Inactive, None), "the date will be lost");
        platform.sandbox.forget_calls();
        let back = given(&target, reactivate(&gone, UserStatus::Inactive, Access::Active)).await;
        assert_eq!((&back.user, back.trouble), (&gone, None));
        assert_eq!(
            platform.calls().into_iter().collect::<Vec<_>>(),
            [(CREATE.to_owned(), 1), (ACTIVATE.to_owned(), 1)]
        );
        let kept = platform.kept(&gone);
        assert_eq!((kept.status, kept.field("job"), &*kept.values["T-shirt size"]), (Status::Active, "Cook", "L"));
        assert_eq!((kept.restored, kept.learns_in()), (1, vec!["All employees"]));
    }
}

#[tokio::test]
async fn a_creation_that_restores_writes_its_fields_over_and_keeps_custom_values_of_others() {
    let platform = Platform::open().await;
    let gone = platform.add(json!({
        "fields": { "mail": "a@acme.example", "job": "Cook" }, "status": "deleted",
        "values": { "T-shirt size": "L", "Site": "Berlin" }, "externalIds": { "hibob": "old", "other": "x" },
    }));
    let fields = [("mail", "A@acme.example"), ("job", "Chef"), ("Site", "Paris"), ("external_id", "77")];
    let target = platform.target();
    let back = given(&target, creation(Access::Active, &fields, &[])).await;
    assert_eq!((&back.user, back.trouble), (&gone, None));
    let kept = platform.kept(&gone);
    assert_eq!((kept.status, kept.field("job")), (Status::Active, "Chef"));
    assert_eq!((&*kept.values["T-shirt size"], &*kept.values["Site"]), ("L", "Paris"));
    assert_eq!((&*kept.external_ids["hibob"], &*kept.external_ids["other"]), ("77", "x"));
}

#[tokio::test]
async fn those_who_have_access_are_neither_restored_nor_invited_again() {
    let platform = Platform::open().await;
    let there = platform.add(json!({ "fields": { "mail": "a@acme.example" } }));
    let target = platform.target();
    given(&target, reactivate(&there, UserStatus::Inactive, Access::Invite)).await;
    given(&target, reactivate(&there, UserStatus::Active, Access::Invite)).await;
    assert_eq!((platform.writes(), platform.sandbox.mails().len()), (0, 0));
}

#[tokio::test]
async fn somebody_invited_is_activated_by_one_write() {
    let platform = Platform::open().await;
    let invited = platform.add(json!({ "fields": { "mail": "a@acme.example" }, "status": "invited" }));
    let target = platform.target();
    given(&target, reactivate(&invited, UserStatus::Invited, Access::Active)).await;
    assert_eq!((platform.kept(&invited).status, platform.writes()), (Status::Active, 1));
}

#[tokio::test]
async fn any_number_of_standard_fields_is_one_write_and_an_empty_one_is_cleared() {
    let platform = Platform::open().await;
    let user = platform.add(json!({ "fields": { "mail": "a@acme.example", "job": "Cook", "phone": "1" } }));
    let target = platform.target();
    let change = update(&user, &[("job", ""), ("phone", "2"), ("mail", "b@acme.example"), ("lang", "fr")]);
    assert_eq!(one(&target, change).await, Ok(Written::Done));
    let kept = platform.kept(&user);
    assert_eq!((kept.field("job"), kept.field("phone"), kept.field("lang")), ("", "2", "fr"));
    assert_eq!((platform.calls()[PATCH], platform.writes()), (1, 1));
}

#[tokio::test]
async fn custom_values_are_read_merged_and_written_at_once_and_only_where_they_differ() {
    let platform = Platform::open().await;
    let user = platform.add(json!({
        "fields": { "mail": "a@acme.example" },
        "values": { "T-shirt size": "L", "Site": "Berlin", "Cost centre": "7", "Start date": "2026-03-01" },
    }));
    let target = platform.target();
    let change = update(&user, &[("Site", "Paris"), ("Cost centre", ""), ("Department", "R&D")]);
    for writes in [1, 1] {
        assert_eq!(one(&target, change.clone()).await, Ok(Written::Done));
        let values: Vec<(String, String)> = platform.kept(&user).values.into_iter().collect();
        let expected = [("Department", "R&D"), ("Site", "Paris"), ("Start date", "2026-03-01"), ("T-shirt size", "L")];
        assert_eq!(values, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(platform.writes(), writes, "the second time nothing differs");
    }
}

#[tokio::test]
async fn a_value_that_is_not_in_the_closed_list_is_refused_before_anything_is_sent() {
    let platform = Platform::open().await;
    let user = platform.add(json!({ "fields": { "mail": "a@acme.example" } }));
    let target = platform.target();
    for wrong in [("Site", "berlin"), ("lang", "en-GB"), ("lang", ""), ("Start date", "2026-03-01"), ("Nothing", "x")] {
        let error = one(&target, update(&user, &[("job", "Cook"), wrong])).await.unwrap_err();
        assert_eq!(error.whose, Whose::Recipe, "{error:?}");
        assert!(error.message.contains(wrong.0) && !error.hint.is_empty(), "{error:?}");
    }
    assert_eq!((platform.writes(), platform.kept(&user).field("job")), (0, ""));
}

#[tokio::test]
async fn managers_are_changed_pair_by_pair_and_those_set_by_hand_stay() {
    let platform = Platform::open().await;
    let person = |name: &str| platform.add(json!({ "fields": { "mail": format!("{name}@acme.example") } }));
    let (user, old, new, by_hand) = (person("u"), person("o"), person("n"), person("h"));
    for manager in [&old, &by_hand] {
        platform.change(json!({ "change": "manage", "user": user.as_str(), "manager": manager.as_str() }));
    }
    let target = platform.target();
    assert_eq!(one(&target, managed(&user, &[&old], &[&new])).await, Ok(Written::Done));
    assert_eq!(platform.writes(), 2);
    let mut held = platform.kept(&user).managers;
    held.sort();
    let mut expected = [new.to_string(), by_hand.to_string()];
    expected.sort();
    assert_eq!(held, expected);
    // A pair that is gone, or there already, is as it should be.
    assert_eq!(one(&target, managed(&user, &[&old, &new], &[&new])).await, Ok(Written::Done));
    assert_eq!(one(&target, managed(&user, &[], &[&new])).await, Ok(Written::Done));
}

#[tokio::test]
async fn a_manager_whose_access_has_ended_is_refused_in_words_and_the_others_go_on() {
    let platform = Platform::open().await;
    let user = platform.add(json!({ "fields": { "mail": "u@acme.example" } }));
    let manager = platform.add(json!({ "fields": { "mail": "m@acme.example" } }));
    let gone = platform.add(json!({ "fields": { "mail": "g@acme.example" }, "status": "deleted" }));
    let target = platform.target();
    let answers = target.write(&[managed(&user, &[], &[&gone]), managed(&manager, &[], &[&user])]).await.unwrap();
    let refusal = answers[0].as_ref().unwrap_err();
    assert_eq!(refusal.message, "the manager's account is deactivated in 360Learning");
    assert_eq!(answers[1], Ok(Written::Done));
}

#[tokio::test]
async fn the_owner_cannot_be_deactivated_and_it_is_said_what_to_do() {
    let platform = Platform::open().await;
    let owner = UserId::new(platform.sandbox.users()[0].id.clone());
    let error = one(&platform.target(), Write::Deactivate { user: owner }).await.unwrap_err();
    assert!(error.message.contains("owner") && error.hint.contains("never_touch"), "{error:?}");
}

#[tokio::test]
async fn access_that_has_ended_already_has_ended_whatever_the_call_answers() {
    for answer in [DeleteDeleted::Done, DeleteDeleted::NotFound] {
        let platform = Platform::with(|switches| switches.delete_deleted = answer).await;
        let user = platform.add(json!({ "fields": { "mail": "a@acme.example" } }));
        let target = platform.target();
        for _ in 0..2 {
            assert_eq!(one(&target, Write::Deactivate { user: user.clone() }).await, Ok(Written::Done));
        }
        assert_eq!(platform.kept(&user).deleted, 1);
        let nobody = UserId::from("65bb0000000000000000ffff");
        assert!(one(&target, Write::Deactivate { user: nobody }).await.is_err());
    }
}

#[tokio::test]
async fn an_external_id_is_made_replaced_and_taken_away_each_by_one_write() {
    let platform = Platform::open().await;
    let user = platform.add(json!({ "fields": { "mail": "a@acme.example" }, "externalIds": { "other": "x" } }));
    let taken = platform.add(json!({ "fields": { "mail": "b@acme.example" }, "externalIds": { "hibob": "9" } }));
    for lists_first in [true, false] {
        let target = platform.target();
        if lists_first {
            listed(&target, &[]).await;
        }
        platform.sandbox.forget_calls();
        for (value, kept, writes) in [("1", Some("1"), 1), ("2", Some("2"), 2), ("2", Some("2"), 2), ("", None, 3)] {
            assert_eq!(one(&target, update(&user, &[("external_id", value)])).await, Ok(Written::Done));
            let external_ids = platform.kept(&user).external_ids;
            assert_eq!(external_ids.get("hibob").map(String::as_str), kept);
            assert_eq!((external_ids["other"].as_str(), platform.writes()), ("x", writes));
        }
        let error = one(&target, update(&user, &[("external_id", "9")])).await.unwrap_err();
        assert_eq!(error.message, "another account has this employee id as its external id");
    }
    assert_eq!(platform.kept(&taken).external_ids["hibob"], "9");
}

#[tokio::test]
async fn a_mapping_that_somebody_else_has_made_meanwhile_is_found_and_replaced() {
    let platform = Platform::open().await;
    let user = platform.add(json!({ "fields": { "mail": "a@acme.example" } }));
    let target = platform.target();
    listed(&target, &[]).await;
    platform.change(json!({ "change": "map", "user": user.as_str(), "platform": "hibob", "value": "by hand" }));
    assert_eq!(one(&target, update(&user, &[("external_id", "7")])).await, Ok(Written::Done));
    assert_eq!(platform.kept(&user).external_ids["hibob"], "7");
}
