//! Finding the users of some people: which calls it takes, and what comes with them.

use rollbook::connector::{Target, Wanted};
use rollbook::model::{Cell, User, UserId, UserStatus, Value};
use serde_json::json;

use super::company::*;

fn wanted(user: Option<&UserId>, fields: &[(&str, &str)]) -> Wanted {
    let fields = fields.iter().map(|(name, text)| ((*name).into(), Value::Text((*text).into())));
    Wanted { user: user.cloned(), fields: fields.collect() }
}

/// Who is found, and how many calls that took beside those for tokens.
async fn found(company: &Company, target: &dyn Target, wanted: &[Wanted], fields: &[&str]) -> (Vec<User>, u64) {
    company.sandbox.forget_calls();
    let users = target.find(wanted, &layout(fields)).await.unwrap();
    let calls = company.sandbox.calls().into_iter().filter(|(call, _)| !call.ends_with("/oauth/token"));
    (users, calls.map(|(_, count)| count).sum())
}

#[tokio::test]
async fn who_has_the_external_id_is_found_by_one_call_with_custom_fields() {
    let company = Company::open().await;
    let custom = json!([{ "name": "Level", "value": "7" }]);
    let ada = company.add("ada@acme.example", json!({ "integrationExternalId": "EU/7", "customFields": custom }));
    company.add("bo@acme.example", json!({ "integrationExternalId": "8" }));
    let person = wanted(Some(&ada), &[("integration_external_id", "EU/7"), ("email", "Ada@Acme.example")]);
    let (users, calls) = found(&company, &company.target(), &[person], &["email", "Level", "manager"]).await;
    assert_eq!((users.len(), &users[0].id, calls), (1, &ada, 1));
    assert_eq!(users[0].cells.iter().cloned().collect::<Vec<_>>(), [text("ada@acme.example"), text("7"), Cell::Empty]);
}

#[tokio::test]
async fn a_linked_user_with_another_address_is_found_by_id_and_listed_for_custom_fields_alone() {
    let company = Company::open().await;
    let custom = json!([{ "name": "Level", "value": "7" }]);
    let ada = company.add("old@acme.example", json!({ "customFields": custom }));
    let taken = company.add("new@acme.example", json!({}));
    let person = wanted(Some(&ada), &[("integration_external_id", "7"), ("email", "new@acme.example")]);
    let target = company.target();
    let (users, calls) = found(&company, &target, std::slice::from_ref(&person), &["email"]).await;
    assert_eq!(users.iter().map(|user| &user.id).collect::<Vec<_>>(), [&ada, &taken]);
    assert_eq!(calls, 3);
    let (users, calls) = found(&company, &target, &[person], &["email", "Level"]).await;
    assert_eq!((&users[0].cells[1], &users[1].cells[1], calls), (&text("7"), &Cell::Empty, 4));
}

#[tokio::test]
async fn an_address_is_found_in_lower_case_where_the_filter_minds_case() {
    let company = Company::with(|switches| switches.email_filter_ignores_case = false).await;
    let ada = company.add("ada@acme.example", json!({}));
    let person = wanted(None, &[("email", "Ada@Acme.example")]);
    let (users, calls) = found(&company, &company.target(), &[person], &["email"]).await;
    assert_eq!((users.len(), &users[0].id, calls), (1, &ada, 2));
}

#[tokio::test]
async fn another_field_lists_everybody_once_for_all_who_are_wanted() {
    let company = Company::open().await;
    let ada = company.add("ada@acme.example", json!({ "jobTitle": "Lead" }));
    let bo = company.add("bo@acme.example", json!({ "jobTitle": "Cook" }));
    company.change(json!({ "change": "status", "user": "bo@acme.example", "status": "deactivated" }));
    let people = [wanted(None, &[("job_title", "LEAD")]), wanted(None, &[("job_title", "cook")])];
    let (users, calls) = found(&company, &company.target(), &people, &["email"]).await;
    let shown: Vec<_> = users.iter().map(|user| (&user.id, user.status, user.cells.len())).collect();
    assert_eq!(shown, [(&ada, UserStatus::Active, 1), (&bo, UserStatus::Inactive, 1)]);
    assert_eq!(calls, 1);
}

#[tokio::test]
async fn who_was_found_is_changed_without_another_look() {
    let company = Company::open().await;
    let ada = company.add("ada@acme.example", json!({ "integrationExternalId": "7" }));
    let target = company.target();
    found(&company, &target, &[wanted(Some(&ada), &[("integration_external_id", "7")])], &["email"]).await;
    company.sandbox.forget_calls();
    all_done(&target, &[update(&ada, &[("job_title", "Lead")])]).await;
    assert_eq!(company.kept(&ada).job_title.as_deref(), Some("Lead"));
    assert_eq!(company.sandbox.calls().values().sum::<u64>(), 1);
}
