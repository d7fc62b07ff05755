//! Invitations and mails.

use reqwest::Method;
use rollbook::sandbox::learnupon::{InviteStatus, MailKind};
use serde_json::json;

use super::client::Portal;

#[tokio::test]
async fn an_invited_person_is_no_user_until_they_accept_and_has_a_new_id_then() {
    let portal = Portal::open().await;
    let invite = json!({ "Invite": { "email": "ada@acme.example", "first_name": "Ada", "last_name": "Lee",
                                     "CustomData": { "Level": "2" } } });
    let sent = portal.send(Method::POST, "/portal_invite", &invite).await;
    assert_eq!(sent["email"], "ada@acme.example");
    assert_eq!(portal.refused(Method::GET, "/users/search?email=ada@acme.example", &json!({})).await.0, 404);
    assert_eq!(portal.refused(Method::POST, "/portal_invite", &invite).await.0, 422, "one at a time");
    let listed = portal.get("/group_invites").await["group_invite"][0].clone();
    assert_eq!((&listed["invite_status"], &listed["first_name"]), (&json!("sent"), &json!("Ada")));
    assert!(listed["accept_url"].is_string());
    portal.play(&json!({ "event": "accept", "invite": "ada@acme.example" })).await;
    let user = portal.get("/users/search?email=ada@acme.example").await["user"][0].clone();
    assert_ne!(user["id"], sent["id"]);
    assert_eq!((&user["CustomData"]["Level"], &user["user_type"]), (&json!("2"), &json!("learner")));
    assert_eq!(portal.refused(Method::POST, "/portal_invite", &invite).await.0, 422, "they are a user now");
    assert_eq!(portal.sandbox.mails().len(), 1);
}

#[tokio::test]
async fn an_invitation_ends_after_72_hours_and_can_then_be_sent_again() {
    let portal = Portal::open().await;
    let invite = json!({ "Invite": { "email": "ada@acme.example" } });
    portal.send(Method::POST, "/portal_invite", &invite).await;
    portal.play(&json!({ "event": "day", "date": "2026-11-06" })).await;
    let accept = json!({ "event": "accept", "invite": "ada@acme.example" });
    let late = portal.control(Method::POST, "/events").json(&accept).send().await.unwrap();
    assert_eq!(late.status(), 400);
    assert_eq!(portal.get("/group_invites").await["group_invite"][0]["invite_status"], "sent", "it says nothing of it");
    portal.send(Method::POST, "/portal_invite", &invite).await;
    portal.play(&accept).await;
}

#[tokio::test]
async fn invitations_are_refused_and_withdrawn_and_the_log_keeps_them() {
    let portal = Portal::open().await;
    let group = portal.send(Method::POST, "/groups", &json!({ "Group": { "title": "Sales" } })).await["id"].clone();
    let invite = json!({ "GroupInvite": { "email_addresses": "ada@acme.example, bo@acme.example", "group_id": group,
                                          "group_membership_type_id": 4 } });
    portal.send(Method::POST, "/group_invites", &invite).await;
    portal.play(&json!({ "event": "reject", "invite": "ada@acme.example" })).await;
    let bo = portal.sandbox.invites()[1].id;
    portal.send(Method::DELETE, &format!("/group_invites/{bo}"), &json!({})).await;
    let status: Vec<InviteStatus> = portal.sandbox.invites().iter().map(|invite| invite.invite_status).collect();
    assert_eq!(status, [InviteStatus::Rejected, InviteStatus::Canceled]);
    assert_eq!(portal.refused(Method::DELETE, &format!("/group_invites/{bo}"), &json!({})).await.0, 400);
    portal.send(Method::POST, "/group_invites", &invite).await;
    portal.play(&json!({ "event": "accept", "invite": "bo@acme.example" })).await;
    let user = portal.sandbox.user("bo@acme.example").unwrap();
    assert_eq!(user.user_type, "manager");
    assert_eq!(portal.sandbox.memberships()[0].user_id, user.id, "whoever accepts is in the group");
    assert_eq!(portal.get("/group_invites").await["group_invite"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn accounts_are_announced_by_mail_where_the_portal_does_that_and_has_no_single_sign_on() {
    let portal = Portal::open().await;
    portal.create("ada@acme.example", &json!({})).await;
    portal.sandbox.switch(|switches| switches.sso = true);
    portal.create("bo@acme.example", &json!({})).await;
    portal.sandbox.switch(|switches| (switches.sso, switches.mail_on_create) = (false, false));
    portal.create("cy@acme.example", &json!({})).await;
    let mails: Vec<_> = portal.sandbox.mails().into_iter().map(|mail| (mail.to, mail.kind)).collect();
    assert_eq!(mails, [("ada@acme.example".to_owned(), MailKind::Welcome)]);
}
