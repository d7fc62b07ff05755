//! Invited people, who are no users yet (apis/learnupon.md §2.3).

use rollbook::connector::{Target, Write, Written};
use rollbook::model::{Access, Cell, GroupKind, Membership, UserStatus, Value};
use rollbook::sandbox::learnupon::InviteStatus;
use rollbook::sandbox::learnupon::event::{Event, Invited};
use rollbook::sandbox::learnupon::faults::Failure;
use serde_json::json;

use super::portal::{Portal, creation, creation_in, make, users};
use crate::contract::support::{group, refused, update};

const ADA: [(&str, &str); 4] =
    [("email", "ada@acme.example"), ("first_name", "Ada"), ("Department", "IT"), ("language", "de")];

#[tokio::test]
async fn an_invited_person_shows_their_login_alone_and_is_found_by_it_when_they_accept() {
    let portal = Portal::empty().await;
    let target = portal.target();
    let invited = make(&target, creation(Access::Invite, &ADA)).await;
    assert!(invited.as_str().starts_with("invite:"));
    let listed = users(&target, &["email", "first_name", "Department"]).await;
    assert_eq!((listed[0].id.clone(), listed[0].status), (invited.clone(), UserStatus::Invited));
    assert_eq!(listed[0].cells[0], Cell::Value(Value::Text("ada@acme.example".into())));
    assert!(listed[0].cells.iter().skip(1).all(|cell| !cell.is_delivered()));
    refused(&target, update(&invited, &"first_name".into(), Some(Value::Text("Ida".into())))).await;

    let id = portal.accept("ada@acme.example");
    let listed = users(&target, &["email", "first_name"]).await;
    assert_eq!((listed.len(), listed[0].id.as_str(), listed[0].status), (1, &*id.to_string(), UserStatus::Active));
    let user = portal.sandbox.user("ada@acme.example").unwrap();
    assert_eq!((user.first_name.as_deref(), &user.custom[&9]), (Some("Ada"), &json!("IT")));
}

#[tokio::test]
async fn invitations_are_listed_with_their_dates_and_whether_they_are_too_old() {
    let portal = Portal::empty().await;
    let target = portal.target_with(json!({ "invitation_hours": 24 }));
    make(&target, creation(Access::Invite, &ADA)).await;
    let account = target.accounts().await.unwrap().remove(0);
    let (sent, ends) = (account.invited.unwrap(), account.invitation_ends.unwrap());
    let hours = ends.duration_since(sent).as_secs_f64() / 3600.0;
    assert!((23.9..24.1).contains(&hours), "{hours}");
    assert_eq!(account.status, UserStatus::Invited);

    portal.accept("ada@acme.example");
    let account = target.accounts().await.unwrap().remove(0);
    assert_eq!((account.status, account.invitation_ends), (UserStatus::Active, None));
    assert_eq!(account.invited, Some(sent), "when somebody was invited is still known");
}

#[tokio::test]
async fn ending_access_withdraws_the_invitation_and_whoever_refused_is_not_asked_again() {
    let portal = Portal::empty().await;
    let target = portal.target();
    let ada = make(&target, creation(Access::Invite, &ADA)).await;
    make(&target, creation(Access::Invite, &[("email", "bo@acme.example")])).await;
    portal.play(&Event::Reject(Invited { invite: "bo@acme.example".to_owned() }));
    for _ in 0..2 {
        let answers = target.write(&[Write::Deactivate { user: ada.clone() }]).await.unwrap();
        // The second time there is nothing to withdraw, which LearnUpon refuses to do.
        assert!(answers.len() == 1);
    }
    let status: Vec<_> = portal.sandbox.invites().iter().map(|invite| invite.invite_status).collect();
    assert_eq!(status, [InviteStatus::Canceled, InviteStatus::Rejected]);
    let listed = users(&portal.target(), &["email"]).await;
    assert_eq!(listed.len(), 1, "the one who refused: nobody invites them anew");
    assert_eq!(listed[0].cells[0], Cell::Value(Value::Text("bo@acme.example".into())));
}

#[tokio::test]
async fn an_invitation_takes_one_group_and_the_others_wait_for_its_acceptance() {
    let portal = Portal::empty().await;
    let target = portal.target();
    let mut places = Vec::new();
    for name in ["Everyone", "IT"] {
        let group = group(&target, GroupKind::Group, name).await;
        places.push(Membership { group, role: "member".into() });
    }
    let write = creation_in(Access::Invite, &ADA, &places);
    let answer = target.write(&[write]).await.unwrap().remove(0).unwrap();
    let Written::User(given) = answer else { panic!("{answer:?}") };
    assert_eq!(given.joined, places, "nothing is left to do until they accept");
    portal.accept("ada@acme.example");
    let listed = users(&target, &[]).await;
    assert_eq!(listed[0].memberships.to_vec(), places[..1]);
}

#[tokio::test]
async fn an_invitation_that_broke_off_is_looked_up_and_never_sent_twice() {
    let portal = Portal::empty().await;
    let target = portal.target();
    target.catalogue().await.unwrap();
    portal.switch(|switches| switches.faults.failures = vec![Failure::cut("POST /api/v1/portal_invite", true)]);
    let invited = make(&target, creation(Access::Invite, &ADA)).await;
    assert_eq!(portal.sandbox.invites().len(), 1);
    assert_eq!(invited.as_str(), format!("invite:{}", portal.sandbox.invites()[0].id));
    assert_eq!(portal.sandbox.mails().len(), 1);
}

#[tokio::test]
async fn somebody_who_is_invited_already_is_taken_as_they_are() {
    let portal = Portal::empty().await;
    let first = make(&portal.target(), creation(Access::Invite, &ADA)).await;
    let second = make(&portal.target(), creation(Access::Invite, &ADA)).await;
    assert_eq!((first, portal.sandbox.mails().len()), (second, 1));
}

#[tokio::test]
async fn an_invitation_that_is_too_old_waits_until_somebody_withdraws_it_and_is_then_sent_anew() {
    let portal = Portal::empty().await;
    let target = portal.target();
    let old = make(&target, creation(Access::Invite, &ADA)).await;
    portal.days_pass(10);
    assert_eq!(users(&portal.target(), &[]).await[0].status, UserStatus::Invited);
    target.write(&[Write::Deactivate { user: old.clone() }]).await.unwrap()[0].as_ref().unwrap();
    assert!(users(&portal.target(), &[]).await.is_empty());
    let new = make(&portal.target(), creation(Access::Invite, &ADA)).await;
    assert_ne!(old, new);
    assert_eq!(portal.sandbox.mails().len(), 2);
}
