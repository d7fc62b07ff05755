//! A sync that is killed between any two of its calls: nobody is made or invited twice, and the next run finishes it.

use std::collections::BTreeSet;
use std::time::Duration;

use rollbook::sandbox::learnupon::MailKind;
use serde_json::json;

use super::program::{Company, employee};

/// Users with everything, who is in which group, and who is invited, without ids.
fn state(company: &Company) -> BTreeSet<String> {
    let groups = company.learnupon.groups();
    let title = |id: u64| groups.iter().find(|group| group.id == id).unwrap().title.clone();
    let memberships = company.learnupon.memberships();
    let user = |user: rollbook::sandbox::learnupon::User| {
        let mine = memberships.iter().filter(|one| one.user_id == user.id);
        let mut titles: Vec<String> = mine.map(|one| title(one.group_id)).collect();
        titles.sort();
        let names = (user.first_name, user.last_name, user.locale, user.timezone_id);
        format!("{:?} {names:?} {} {:?} {:?} {titles:?}", user.email, user.enabled, user.account_expires, user.custom)
    };
    let invites = company.learnupon.invites().into_iter().map(|one| format!("{} {:?}", one.email, one.invite_status));
    company.learnupon.users().into_iter().map(user).chain(invites).collect()
}

/// Something of everything: new people, one who changes, one who leaves.
fn prepared(invite: bool) -> Company {
    let company = if invite { Company::of(4) } else { Company::of(4).active() };
    if !invite {
        company.sync().expect_code(0);
        let fields = json!({ "root.surname": "Ng-Koch", "work.title": "Counsel" });
        company.hibob(json!({ "event": "change", "person": employee(1), "fields": fields }));
        company.hibob(json!({ "event": "terminate", "person": employee(2), "date": "2026-10-30" }));
        for number in 0..2 {
            let fields = json!({ "root.firstName": "New", "root.surname": "Starter", "work.site": "Paris", "root.email": format!("new.{number}@acme.example"), "work.department": "Finance" });
            company.hibob(json!({ "event": "hire", "start_date": "2026-11-02", "fields": fields }));
        }
    }
    company.learnupon.forget_calls();
    company
}

fn calls(company: &Company) -> u64 {
    let (reads, writes) = company.reads_and_writes();
    reads + writes
}

fn killed_anywhere(invite: bool) {
    let whole = prepared(invite);
    whole.sync().expect_code(0);
    let (expected, total) = (state(&whole), calls(&whole));
    let mails = |company: &Company| (company.mails(MailKind::Welcome), company.mails(MailKind::Invitation));
    for moment in 1..=total {
        let company = prepared(invite);
        company.learnupon.switch(|switches| switches.faults.latency_ms = 15);
        let mut sync = company.start_sync();
        while calls(&company) < moment && sync.try_wait().unwrap().is_none() {
            std::thread::sleep(Duration::from_millis(1));
        }
        sync.kill().unwrap();
        sync.wait().unwrap();
        company.learnupon.switch(|switches| switches.faults.latency_ms = 0);
        // What was on its way when the program was killed arrives or does not.
        std::thread::sleep(Duration::from_millis(40));
        company.sync().expect_code(0);
        assert_eq!(state(&company), expected, "killed at call {moment} of {total}");
        assert_eq!(mails(&company), mails(&whole), "killed at call {moment} of {total}");
        company.sync().expect_code(0).shows("Nothing ");
    }
}

#[test]
fn a_sync_that_makes_changes_and_ends_accounts_can_be_killed_between_any_two_calls() {
    killed_anywhere(false);
}

#[test]
fn a_sync_that_invites_can_be_killed_between_any_two_calls() {
    killed_anywhere(true);
}
