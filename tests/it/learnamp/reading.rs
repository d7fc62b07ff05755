//! What is read of users: every status, every page, and a manager only where it is certain whose it is.

use rollbook::connector::Target as _;
use rollbook::model::{Cell, UserStatus, Value};
use rollbook::sandbox::learnamp::switches::CustomForm;
use serde_json::json;

use super::company::*;

#[tokio::test]
async fn everybody_is_read_whatever_their_status_and_however_small_the_pages_are() {
    for most in [1, 3, 100] {
        let company = Company::with(|switches| switches.most_on_page = most).await;
        for (name, status) in [
            ("a", "not_invited"),
            ("b", "invite_scheduled"),
            ("c", "invite_pending"),
            ("d", "confirmed"),
            ("e", "deactivated"),
        ] {
            company.add(&format!("{name}@acme.example"), json!({}));
            company.change(json!({ "change": "status", "user": format!("{name}@acme.example"), "status": status }));
        }
        let users = listed(&company.target(), &["email"]).await;
        let shown: Vec<_> =
            users.iter().map(|user| (user.cells[0].to_string().replace("@acme.example", ""), user.status)).collect();
        let expected = [
            ("owner", UserStatus::Active),
            ("a", UserStatus::Active),
            ("b", UserStatus::Invited),
            ("c", UserStatus::Invited),
            ("d", UserStatus::Active),
            ("e", UserStatus::Inactive),
        ];
        assert_eq!(shown, expected.map(|(name, status)| (name.to_owned(), status)), "pages of {most}");
    }
}

#[tokio::test]
async fn fields_teams_and_custom_fields_are_read_in_whatever_form_they_come() {
    for (form, level) in
        [(CustomForm::List, text("7")), (CustomForm::Object, text("7")), (CustomForm::Absent, Cell::NotDelivered)]
    {
        let company = Company::with(|switches| switches.custom_form = form).await;
        company.change(json!({ "change": "team", "fields": { "name": "Data" } }));
        let team = company.sandbox.team("Data").unwrap().id;
        let custom = json!([{ "name": "Level", "value": "7" }]);
        let more =
            json!({ "primaryTeamId": team, "hireDate": "2026-03-01", "customFields": custom, "location": "Leeds" });
        company.add("ada@acme.example", more);
        let fields = ["location", "hire_date", "primary_team", "job_title", "role", "Level", "manager"];
        let users = listed(&company.target(), &fields).await;
        let cells: Vec<Cell> = users[1].cells.iter().cloned().collect();
        let day = Cell::Value(Value::Date(jiff::civil::date(2026, 3, 1)));
        let expected = [text("Leeds"), day, text("Data"), Cell::Empty, text("viewer"), level, Cell::NotDelivered];
        assert_eq!(cells, expected, "{form:?}");
    }
}

#[tokio::test]
async fn a_manager_is_told_where_it_can_only_be_the_override() {
    let company = Company::open().await;
    let boss = company.add("boss@acme.example", json!({}));
    company.change(json!({ "change": "team", "fields": { "name": "Data", "managerEmail": "boss@acme.example" } }));
    let team = company.sandbox.team("Data").unwrap().id;
    let by_team = company.add("a@acme.example", json!({ "primaryTeamId": team }));
    let by_override = company.add("b@acme.example", json!({ "managerId": boss.as_str(), "firstName": "B" }));
    let nobody = company.add("c@acme.example", json!({}));
    let target = company.target();
    assert!(listed(&target, &["manager"]).await.iter().all(|user| user.cells[0] == Cell::NotDelivered));
    company.sandbox.forget_calls();
    let users = target.details(&[by_team, by_override, nobody], &layout(&["manager"])).await.unwrap();
    let managers: Vec<Cell> = users.iter().map(|user| user.cells[0].clone()).collect();
    assert_eq!(managers, [Cell::NotDelivered, Cell::Value(Value::Person(boss.shared().clone())), Cell::Empty]);
    assert!(company.sandbox.calls().is_empty(), "no call can say more");
}

#[tokio::test]
async fn accounts_show_who_waits_for_an_invitation() {
    let company = Company::open().await;
    company.add("ada@acme.example", json!({}));
    company.change(json!({ "change": "status", "user": "ada@acme.example", "status": "invite_pending" }));
    let accounts = company.target().accounts().await.unwrap();
    let shown: Vec<_> = accounts.iter().map(|account| (&*account.login, account.status)).collect();
    assert_eq!(shown, [("owner@acme.example", UserStatus::Active), ("ada@acme.example", UserStatus::Invited)]);
}
