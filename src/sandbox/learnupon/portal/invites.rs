//! Invitations: people who are no users yet (apis/learnupon.md §2.3).

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::user::User;
use super::write::address;
use super::{Fault, MailKind, Portal};
use crate::sandbox::learnupon::switches::Switches;

/// An invitation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Invite {
    /// Its id.
    pub id: u64,
    /// Who is invited.
    pub email: String,
    /// The first name.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: Option<String>,
    /// The group that whoever accepts is in.
    pub group_id: Option<u64>,
    /// 1 learner, 2 admin, 3 instructor, 4 manager.
    pub membership_type_id: u8,
    /// What has become of it.
    pub invite_status: InviteStatus,
    /// When it was sent.
    pub created_at: Timestamp,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
    /// Custom user data, as it was sent.
    pub custom: Map<String, Json>,
}

/// What has become of an invitation. One that is too old stays `sent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InviteStatus {
    /// It waits for an answer.
    Sent,
    /// There is a user.
    Accepted,
    /// The person said no.
    Rejected,
    /// It was withdrawn.
    Canceled,
}

impl Portal {
    /// `POST /portal_invite`.
    pub(crate) fn invite(&mut self, sent: &Map<String, Json>, switches: &Switches) -> Result<u64, Fault> {
        let text = |key: &str| sent.get(key).and_then(Json::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
        let email = text("email").ok_or_else(|| Fault::invalid("email can't be blank"))?;
        let (now, custom) = (self.now(), sent.get("CustomData").and_then(Json::as_object).cloned().unwrap_or_default());
        // The values are checked as those of an account.
        super::custom::write(&mut User::new(now), &custom, &self.definitions, switches)?;
        let kind = sent.get("portal_membership_type_id").and_then(Json::as_u64).unwrap_or(1);
        let expires_at = match text("expires_at") {
            Some(day) => parse_time(&day).ok_or_else(|| Fault::invalid("expires_at is invalid"))?,
            None => now + SignedDuration::from_hours(switches.invitation_hours.into()),
        };
        let invite = Invite {
            id: 0,
            email: address(email)?,
            first_name: text("first_name"),
            last_name: text("last_name"),
            group_id: sent.get("group_id").and_then(number),
            membership_type_id: u8::try_from(kind).ok().filter(|kind| (1..=4).contains(kind)).unwrap_or(1),
            invite_status: InviteStatus::Sent,
            created_at: now,
            expires_at,
            custom,
        };
        self.send_invite(invite, switches)
    }

    /// `POST /group_invites`: several addresses at once, all or none.
    pub(crate) fn invite_to_group(&mut self, sent: &Map<String, Json>, switches: &Switches) -> Result<Vec<u64>, Fault> {
        let addresses = sent.get("email_addresses").and_then(Json::as_str).unwrap_or_default();
        let group = sent.get("group_id").and_then(number).ok_or_else(|| Fault::invalid("group_id can't be blank"))?;
        let one = |email: &str| {
            let sent = Map::from_iter([
                ("email".to_owned(), Json::from(email)),
                ("group_id".to_owned(), Json::from(group)),
                (
                    "portal_membership_type_id".to_owned(),
                    sent.get("group_membership_type_id").cloned().unwrap_or(Json::from(1)),
                ),
            ]);
            self.invite(&sent, switches)
        };
        addresses.split(',').map(str::trim).filter(|email| !email.is_empty()).map(one).collect()
    }

    fn send_invite(&mut self, mut invite: Invite, switches: &Switches) -> Result<u64, Fault> {
        if invite.group_id.is_some_and(|group| !self.groups.contains_key(&group)) {
            return Err(Fault::invalid("group does not exist"));
        }
        if self.has_login(&invite.email) {
            return Err(Fault::Duplicate("user already exists".to_owned()));
        }
        let known = invite.email.to_lowercase();
        if !switches.allow_realm_users && switches.realm.contains(&known) && switches.sso {
            return Err(Fault::Duplicate("user already exists in this realm".to_owned()));
        }
        let now = self.now();
        let waits = |other: &&Invite| other.email.to_lowercase() == known && other.waits(now);
        if self.invites.values().any(|other| waits(&other)) {
            return Err(Fault::Duplicate("duplicate invite".to_owned()));
        }
        invite.id = self.new_id();
        let id = invite.id;
        self.mail(&invite.email, MailKind::Invitation);
        self.invites.insert(id, invite);
        Ok(id)
    }

    /// `DELETE /group_invites/{id}`.
    pub(crate) fn withdraw(&mut self, id: u64) -> Result<(), Fault> {
        let invite = self.invites.get_mut(&id).ok_or(Fault::NotFound)?;
        if invite.invite_status != InviteStatus::Sent {
            return Err(Fault::invalid("invite is not pending"));
        }
        invite.invite_status = InviteStatus::Canceled;
        Ok(())
    }

    /// The person follows the link: they become a user, with an id of their own.
    pub(crate) fn accept(&mut self, id: u64, switches: &Switches) -> Result<u64, Fault> {
        let now = self.now();
        let invite = self.invites.get_mut(&id).ok_or(Fault::NotFound)?;
        if !invite.waits(now) {
            return Err(Fault::invalid("the invitation is not pending, or too old"));
        }
        invite.invite_status = InviteStatus::Accepted;
        let invite = invite.clone();
        let kinds = ["learner", "admin", "instructor", "manager"];
        let kind = kinds[usize::from(invite.membership_type_id.saturating_sub(1)).min(kinds.len() - 1)];
        let mut user = User {
            email: Some(invite.email),
            first_name: invite.first_name,
            last_name: invite.last_name,
            user_type: kind.to_owned(),
            ..User::new(now)
        };
        super::custom::write(&mut user, &invite.custom, &self.definitions, switches)?;
        let user = self.accepted(user, now);
        if let Some(group) = invite.group_id {
            self.join(group, user, true, switches)?;
        }
        Ok(user)
    }

    /// The person says no.
    pub(crate) fn reject(&mut self, id: u64) -> Result<(), Fault> {
        let now = self.now();
        let invite = self.invites.get_mut(&id).ok_or(Fault::NotFound)?;
        if !invite.waits(now) {
            return Err(Fault::invalid("the invitation is not pending, or too old"));
        }
        invite.invite_status = InviteStatus::Rejected;
        Ok(())
    }

    /// The latest invitation of an address, or the one of an id.
    pub(crate) fn invite_named(&self, name: &str) -> Option<&Invite> {
        let by_id = name.parse::<u64>().ok().and_then(|id| self.invites.get(&id));
        by_id.or_else(|| self.invites.values().rev().find(|invite| invite.email.eq_ignore_ascii_case(name)))
    }
}

impl Invite {
    fn waits(&self, now: Timestamp) -> bool {
        self.invite_status == InviteStatus::Sent && now <= self.expires_at
    }
}

/// A number, also as text.
pub(crate) fn number(value: &Json) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

/// A time, or a day, which lasts until its end.
fn parse_time(text: &str) -> Option<Timestamp> {
    let end = |text: &str| format!("{text}T23:59:59Z").parse().ok();
    text.parse().ok().or_else(|| end(text))
}
