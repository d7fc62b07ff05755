//! The starter recipe from HiBob to LearnUpon, with the real program: everything that the vendor's own integration does, and
//! that it does it once.
//!
//! What LearnUpon's page on its HiBob integration promises, and what shows it here (examples are in
//! `recipes/learnupon.test.yaml`):
//!
//! | behaviour | shown by |
//! | --- | --- |
//! | names and address by default, any further attribute to custom user data | [`everybody_is_made_with_names_address_and_custom_data`] |
//! | one way, HiBob being right | [`what_was_changed_by_hand_is_put_right_but_for_the_user_type`] |
//! | existing accounts are found by address and updated | [`accounts_that_are_there_are_found_by_address_and_filled`] |
//! | invited with a link that ends after 72 hours | [`an_invitation_that_is_too_old_is_listed_as_such`] |
//! | pending with an invitation, active with a mail, active without | examples; `access`, `invitations` |
//! | nothing is mailed with single sign-on | [`with_single_sign_on_nothing_is_mailed`] |
//! | everybody is a learner until changed by hand | [`what_was_changed_by_hand_is_put_right_but_for_the_user_type`] |
//! | a changed name or address sends no new invitation | [`a_new_name_and_a_new_address_change_the_account_and_mail_nothing`] |
//! | access ends on the termination date | [`whoever_leaves_is_disabled_and_gets_the_same_account_back`], examples |
//! | people who are inactive are neither synchronized nor invited | examples |
//! | choices must match exactly, or are not sent | [`a_choice_that_is_spelt_otherwise_is_reported_with_both_spellings_and_not_sent`] |
//! | custom user data runs the dynamic rules | [`dynamic_rules_group_people_by_what_was_synced_and_are_left_alone`] |
//! | invitations can be followed, users exported with their dates | [`an_invitation_that_is_too_old_is_listed_as_such`] |
//! | synchronized users are marked | the custom field `Employee ID`, in [`everybody_is_made_with_names_address_and_custom_data`] |
//! | invited when added, or on the hiring date | examples |
//! | the sync can be started by hand and repeated | [`a_second_sync_only_reads`] |
//! | a sub-portal has an integration of its own | `access::an_address_of_another_portal_of_the_realm_is_said_to_be_one` |

use rollbook::sandbox::hibob;
use rollbook::sandbox::learnupon::{MailKind, People};
use serde_json::json;

use super::program::{Company, RECIPE, employee};

#[test]
fn everybody_is_made_with_names_address_and_custom_data() {
    let company = Company::of(9).active();
    company.sync().expect_code(0).shows("9 created");
    assert_eq!((company.learnupon.users().len(), company.mails(MailKind::Welcome)), (10, 9));
    let user = company.user(3);
    assert!(user.email.as_ref().unwrap().ends_with(".3@acme.example"));
    assert!(user.first_name.is_some() && user.last_name.is_some() && user.timezone_id.is_some());
    assert_eq!((&user.custom[&231], &user.custom[&236]), (&json!(employee(3)), &json!("1003")));
    let boss = company.user(0).email.unwrap();
    assert_eq!(user.custom[&240], json!(boss), "the manager's address");
    assert_eq!(company.calls("POST /api/v1/users"), 9, "one call each");
    assert_eq!(company.calls("PUT /api/v1/users/{id}") + company.calls("GET /api/v1/users/{id}"), 0);
}

#[test]
fn a_second_sync_only_reads() {
    let company = Company::with(hibob::People::Bundled, People::Admin).active();
    company.sync().expect_code(0).shows("247 created");
    company.learnupon.forget_calls();
    company.sync().expect_code(0).shows("Nothing ");
    let (reads, writes) = company.reads_and_writes();
    // Users, invitations, groups, managers, the two groups that have members; custom fields and time zones.
    assert_eq!((reads, writes), (8, 0), "{:?}", company.learnupon.calls());
}

#[test]
fn accounts_that_are_there_are_found_by_address_and_filled() {
    let people = hibob::People::Generated { count: 9, seed: 1 };
    let company = Company::with(people, People::Generated { count: 9, seed: 1 });
    company.sync().expect_code(0).shows("9 updated");
    assert_eq!(company.learnupon.users().len(), 10, "nobody was made");
    assert!(company.learnupon.mails().is_empty(), "whoever has an account is not invited");
    assert_eq!((company.calls("GET /api/v1/users/{id}"), company.calls("PUT /api/v1/users/{id}")), (9, 9));
    assert_eq!(company.user(4).custom[&236], json!("1004"));
    company.learnupon.forget_calls();
    company.sync().expect_code(0).shows("Nothing ");
    assert_eq!(company.calls("GET /api/v1/users/{id}"), 0, "what was written is remembered");
}

#[test]
fn a_new_name_and_a_new_address_change_the_account_and_mail_nothing() {
    let company = Company::of(9).active();
    company.sync().expect_code(0);
    let (before, mails) = (company.user(5), company.learnupon.mails().len());
    let fields = json!({ "root.surname": "Ng-Koch", "root.email": "NG.KOCH@acme.example", "work.title": "Counsel" });
    company.hibob(json!({ "event": "change", "person": employee(5), "fields": fields }));
    company.learnupon.forget_calls();
    company.sync().expect_code(0).shows("1 updated");
    let after = company.user(5);
    assert_eq!((after.id, after.email.as_deref()), (before.id, Some("ng.koch@acme.example")));
    assert_eq!((after.last_name.as_deref(), &after.custom[&233]), (Some("Ng-Koch"), &json!("Counsel")));
    assert_eq!(company.reads_and_writes().1, 1, "one call for all of it: {:?}", company.learnupon.calls());
    assert_eq!(company.learnupon.mails().len(), mails);
}

#[test]
fn whoever_leaves_is_disabled_and_gets_the_same_account_back() {
    let company = Company::of(9).active();
    company.sync().expect_code(0);
    let before = company.user(6);
    company.hibob(json!({ "event": "terminate", "person": employee(6), "date": "2026-10-30" }));
    company.learnupon.forget_calls();
    company.sync().expect_code(0).shows("1 deactivated");
    assert!(!company.user(6).enabled);
    assert_eq!(company.reads_and_writes().1, 1);
    company.hibob(json!({ "event": "rehire", "person": employee(6), "date": "2026-11-02" }));
    company.sync().expect_code(0).shows("1 reactivated");
    let after = company.user(6);
    assert!(after.enabled && after.id == before.id && after.account_expires.is_none());
    company.sync().expect_code(0).shows("Nothing ");
    assert_eq!(company.calls("DELETE /api/v1/users/{id}"), 0);
}

#[test]
fn a_termination_that_is_yet_to_come_is_written_as_the_last_day() {
    let company = Company::of(9).active();
    company.sync().expect_code(0);
    company.hibob(json!({ "event": "terminate", "person": employee(7), "date": "2027-03-31" }));
    company.sync().expect_code(0).shows("1 updated");
    let user = company.user(7);
    assert_eq!((user.enabled, user.account_expires.map(|day| day.to_string())), (true, Some("2027-03-31".to_owned())));
}

#[test]
fn whoever_accepts_is_found_again_and_gets_what_an_invitation_does_not_take() {
    let company = Company::of(9);
    company.sync().expect_code(0).shows("9 created");
    assert_eq!((company.learnupon.users().len(), company.mails(MailKind::Invitation)), (1, 9));
    company.learnupon.forget_calls();
    company.sync().expect_code(0).shows("Nothing ");
    assert_eq!(company.reads_and_writes().1, 0);
    let address = company.learnupon.invites()[4].email.clone();
    company.learnupon(json!({ "event": "accept", "invite": address }));
    company.sync().expect_code(0).shows("1 updated");
    let user = company.learnupon.user(&address).unwrap();
    assert!(user.timezone_id.is_some() && user.custom.contains_key(&231));
    company.learnupon.forget_calls();
    company.sync().expect_code(0).shows("Nothing ");
    assert_eq!((company.calls("GET /api/v1/users/{id}"), company.mails(MailKind::Invitation)), (0, 9));
}

#[test]
fn whoever_leaves_before_accepting_has_their_invitation_withdrawn() {
    let company = Company::of(9);
    company.sync().expect_code(0);
    company.hibob(json!({ "event": "terminate", "person": employee(2), "date": "2026-10-30" }));
    company.sync().expect_code(0).shows("1 deactivated");
    let waiting = company
        .learnupon
        .invites()
        .iter()
        .filter(|invite| invite.invite_status == rollbook::sandbox::learnupon::InviteStatus::Sent)
        .count();
    assert_eq!(waiting, 8);
    company.sync().expect_code(0).shows("Nothing ");
}

#[test]
fn an_invitation_that_is_too_old_is_listed_as_such() {
    let company = Company::of(3);
    company.sync().expect_code(0);
    let list = |day: &str| company.run(&["users", RECIPE, "--format", "csv", "--today", day]).expect_code(0).stdout;
    let first = list("2026-11-02");
    assert!(first.lines().next().unwrap().ends_with("status,created,invited,invitation_ends,invitation_ended"));
    let row: Vec<&str> = first.lines().nth(1).unwrap().split(',').collect();
    assert_eq!((row[3], &row[5][..10], &row[6][..10], row[7]), ("invited", "2026-11-02", "2026-11-05", ""));
    assert_eq!(list("2026-11-06").matches(",yes").count(), 3);
    company.learnupon(json!({ "event": "accept", "invite": row[2] }));
    company.sync().expect_code(0);
    let accepted = list("2026-11-06");
    let row = accepted.lines().find(|line| line.contains(row[2])).unwrap();
    assert!(row.contains(",active,") && row.contains(",2026-11-02T") && !row.ends_with("yes"), "{row}");
}

#[test]
fn with_single_sign_on_nothing_is_mailed() {
    let company = Company::of(9);
    company.learnupon.switch(|switches| switches.sso = true);
    company.edit("sso: false", "sso: true");
    company.sync().expect_code(0).shows("9 created");
    assert!(company.learnupon.mails().is_empty());
    assert_eq!(company.learnupon.users().len(), 10);
    company.sync().expect_code(0).shows("Nothing ");
}

#[test]
fn what_was_changed_by_hand_is_put_right_but_for_the_user_type() {
    let company = Company::of(9).active();
    company.sync().expect_code(0);
    let user = company.user(1);
    let fields = json!({ "first_name": "Typed", "user_type": "instructor" });
    company.learnupon(json!({ "event": "change", "user": user.id.to_string(), "fields": fields }));
    company.sync().expect_code(0).shows("1 updated");
    let after = company.user(1);
    assert_eq!((after.first_name, after.user_type.as_str()), (user.first_name, "instructor"));
}

#[test]
fn a_choice_that_is_spelt_otherwise_is_reported_with_both_spellings_and_not_sent() {
    let company = Company::of(9).active();
    company.sync().expect_code(0);
    let levels = ["One", "Two", "3", "4", "5"];
    company.learnupon(json!({ "event": "define", "type_id": 4, "label": "Level", "predefined_values": levels }));
    let before = company.user(0).custom[&237].clone();
    company.program.replace(
        "lookup_tables/learnupon/levels.csv",
        "Junior,1\nMid,2\nSenior,3",
        "Junior,one\nMid,two\nSenior,three",
    );
    let ran = company.sync().expect_code(0);
    let report = company.report(&ran);
    assert!(report.contains("`Level` does not take") && report.contains("`two`"), "{report}");
    assert_eq!(company.user(0).custom[&237], before);
    let checked = company.run(&["check", RECIPE, "--live"]);
    let both = checked.stdout.contains("`two`") && checked.stdout.contains("`Two`");
    assert!(both && checked.stdout.contains("levels.csv"), "{}", checked.stdout);
}

#[test]
fn dynamic_rules_group_people_by_what_was_synced_and_are_left_alone() {
    let company = Company::of(9).active();
    company.learnupon(json!({ "event": "rule", "group": "Berlin people", "custom_data": ["Site", "Berlin"] }));
    company.sync().expect_code(0);
    let in_rule = || company.learnupon.memberships().iter().filter(|one| one.automatic).count();
    let count = in_rule();
    assert!(count > 0, "somebody works in Berlin");
    company.learnupon.forget_calls();
    company.sync().expect_code(0).shows("Nothing ");
    assert_eq!((in_rule(), company.reads_and_writes().1), (count, 0));
}

#[test]
fn a_sync_adds_to_its_own_groups_and_takes_nobody_out_whom_somebody_else_put_in() {
    let company = Company::of(9).active();
    company.sync().expect_code(0);
    let managers = || company.learnupon.memberships().iter().filter(|one| !one.automatic).count();
    let before = managers();
    assert!(before > 0, "somebody manages people");
    company.hibob(json!({ "event": "change", "person": employee(0), "fields": { "work.title": "Counsel" } }));
    company.sync().expect_code(0);
    assert_eq!(managers(), before);
}

#[test]
fn a_manager_by_hand_is_made_to_manage_the_group_of_their_department() {
    let company = Company::of(9).active();
    company.program.replace("lookup_tables/learnupon/groups.csv", "manager,no,", "manager,,");
    let ran = company.sync().expect_code(1);
    let report = company.report(&ran);
    assert!(report.to_lowercase().contains("only users of the type manager can manage a group"), "{report}");
    let boss = company.user(0);
    let fields = json!({ "user_type": "manager" });
    company.learnupon(json!({ "event": "change", "user": boss.id.to_string(), "fields": fields }));
    company.sync().expect_code(0);
    let managing = company.learnupon.managers();
    assert_eq!((managing.len(), managing[0].user_id), (1, boss.id));
    company.sync().expect_code(0).shows("Nothing ");
}

#[test]
fn one_person_whom_learnupon_refuses_is_reported_and_the_next_run_makes_them() {
    let company = Company::of(9).active();
    company.learnupon.switch(|switches| {
        let failure = rollbook::sandbox::learnupon::faults::Failure {
            message: Some("custom data field Contract is mandatory".to_owned()),
            ..rollbook::sandbox::learnupon::faults::Failure::status("POST /api/v1/users", 422, 1)
        };
        switches.faults.failures = vec![failure];
    });
    let ran = company.sync().expect_code(1).shows("8 created");
    let report = company.report(&ran);
    assert!(report.contains("make the custom field optional in the portal"), "{report}");
    company.sync().expect_code(0).shows("1 created");
    assert_eq!(company.learnupon.users().len(), 10);
}

#[test]
fn passwords_and_keys_are_in_no_file_and_no_output() {
    let company = Company::of(9).active();
    let mut command = company.command(&["sync", RECIPE, "--today", crate::program::TODAY]);
    let ran = crate::program::Ran::of(command.env("ROLLBOOK_LOG", "trace").output().unwrap());
    let secrets: Vec<String> = company.learnupon.users().into_iter().filter_map(|user| user.password).collect();
    assert_eq!(secrets.len(), 9, "{}", ran.stderr);
    let mut written = vec![ran.stdout, ran.stderr];
    for folder in ["outbox", ".rollbook"] {
        for entry in std::fs::read_dir(company.program.path(folder)).unwrap().map(Result::unwrap) {
            let bytes = std::fs::read(entry.path()).unwrap_or_default();
            written.push(String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    for secret in secrets.iter().chain([&company.learnupon.keys().password]) {
        assert!(written.iter().all(|text| !text.contains(secret.as_str())), "a secret is somewhere");
    }
}
