//! Making accounts and sending invitations (apis/learnupon.md §2.3).

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value as Json, json};

use super::api::{Row, Trouble};
use super::fields::{self, EMAIL, MEMBER, USER_TYPE, USERNAME};
use super::seen::{SeenUser, Who, fold};
use super::settings::Login;
use super::write::Answer;
use super::{LearnUponTarget, password, refusal};
use crate::connector::{ConnectorError, GivenAccess, WriteError, Written};
use crate::model::{Access, FieldName, Membership, Value};

impl LearnUponTarget {
    /// Makes an account, or sends an invitation. Where people log in elsewhere, nobody is invited.
    pub(super) async fn create_user(
        &self,
        access: Access,
        fields: &[(FieldName, Value)],
        memberships: &[Membership],
    ) -> Answer {
        let given = fields.iter().map(|(name, value)| (name, Some(value)));
        let body = self.encode(given).await?;
        let login = self.login_of(&body)?;
        if !self.claim(&body) {
            return Err(refusal::taken(self.login_key()));
        }
        let invites = access == Access::Invite && !self.settings.sso;
        let made =
            if invites { self.invite(&body, memberships).await } else { self.create(body.clone(), &login).await };
        match made {
            Ok(who) => {
                if let Who::User(id) = who {
                    self.remember(id, &body);
                }
                // An invited person is in no group before they accept; until then there is nothing to do about any.
                let joined = if invites { memberships.to_vec() } else { Vec::new() };
                Ok(Written::User(GivenAccess { user: who.id(), joined, trouble: None }))
            }
            Err(error) => {
                self.release(&body);
                Err(error)
            }
        }
    }

    async fn create(&self, body: Row, login: &str) -> Result<Who, WriteError> {
        let mut sent = body.clone();
        sent.insert("password".to_owned(), json!(password::made_up().map_err(|error| self.failed(error))?));
        sent.insert("enabled".to_owned(), json!(true));
        sent.entry(USER_TYPE).or_insert(json!("learner"));
        if !self.settings.sso {
            // Nobody knows the password: it is set with the first login (apis/learnupon.md §6).
            sent.insert("change_password_on_first_login".to_owned(), json!(true));
        }
        match self.api.create(sent).await {
            Ok(id) => Ok(Who::User(id)),
            Err(Trouble::Said(said)) => match self.find(login).await? {
                // Nobody had this login when everybody was listed: it was made meanwhile, and is brought up to date.
                Some(id) => self.adopt(id, body).await,
                None => Err(refusal::said(&said)),
            },
            Err(Trouble::Unsure(error)) => match self.find(login).await? {
                Some(id) => Ok(Who::User(id)),
                None => Err(refusal::broke_off(&error)),
            },
            Err(Trouble::Failed(error)) => Err(self.failed(error)),
        }
    }

    async fn adopt(&self, id: u64, body: Row) -> Result<Who, WriteError> {
        self.done(self.api.update(id, body).await).map(|()| Who::User(id))
    }

    async fn invite(&self, body: &Row, memberships: &[Membership]) -> Result<Who, WriteError> {
        let Some(address) = body.get(EMAIL).and_then(Json::as_str) else { return Err(refusal::needed(EMAIL)) };
        match self.api.invite(self.invitation(body, memberships)).await {
            Ok(id) => Ok(Who::Invited(id)),
            Err(Trouble::Said(said)) => {
                let pending = self.api_pending(address).await?;
                pending.map(Who::Invited).ok_or_else(|| refusal::said(&said))
            }
            Err(Trouble::Unsure(error)) => {
                let pending = self.api_pending(address).await?;
                pending.map(Who::Invited).ok_or_else(|| refusal::broke_off(&error))
            }
            Err(Trouble::Failed(error)) => Err(self.failed(error)),
        }
    }

    /// What an invitation takes of what is known: the rest is written once it is accepted.
    fn invitation(&self, body: &Row, memberships: &[Membership]) -> Row {
        let mut invite = Map::new();
        for key in [EMAIL, "first_name", "last_name", "CustomData"] {
            if let Some(value) = body.get(key) {
                invite.insert(key.to_owned(), value.clone());
            }
        }
        let kind = fields::type_id(body.get(USER_TYPE).and_then(Json::as_str));
        invite.insert("portal_membership_type_id".to_owned(), json!(kind));
        let group = memberships.iter().find(|membership| &*membership.role == MEMBER);
        if let Some(id) = group.and_then(|group| group.group.as_str().parse::<u64>().ok()) {
            invite.insert("group_id".to_owned(), json!(id));
        }
        let own = self.settings.invitation;
        let ends = Timestamp::now().checked_add(SignedDuration::from_hours(own.hours.into()));
        if let Some(ends) = ends.ok().filter(|_| own.is_own) {
            invite.insert("expires_at".to_owned(), json!(ends.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()));
        }
        invite
    }

    async fn api_pending(&self, address: &str) -> Result<Option<u64>, WriteError> {
        self.pending_invite(address).await.map_err(|error| self.failed(error))
    }

    async fn find(&self, login: &str) -> Result<Option<u64>, WriteError> {
        let found = self.api.search(self.login_key(), login).await.map_err(|error| self.failed(error))?;
        Ok(found.and_then(|row| super::wire::id(&row, "id")))
    }

    /// The fields as LearnUpon takes them, each checked: types, closed lists, choices.
    pub(super) async fn encode<'f>(
        &self,
        given: impl Iterator<Item = (&'f FieldName, Option<&'f Value>)>,
    ) -> Result<Row, WriteError> {
        let described = self.described().await.map_err(|error: ConnectorError| self.failed(error))?;
        let (mut body, mut custom) = (Map::new(), Map::new());
        for (name, value) in given {
            let value = value.filter(|value| !value.as_text().is_some_and(|text| text.trim().is_empty()));
            let field =
                described.catalogue.field(name.as_str()).ok_or_else(|| refusal::unknown_field(name.as_str()))?;
            let stays = field.required || described.catalogue.never_empty.contains(name);
            if value.is_none() && stays {
                return Err(refusal::needed(name.as_str()));
            }
            match described.custom(name.as_str()) {
                Some(definition) => definition.write(value, &mut custom)?,
                None => _ = body.insert(name.to_string(), fields::encode(field, value)?),
            }
        }
        if !custom.is_empty() {
            body.insert("CustomData".to_owned(), Json::Object(custom));
        }
        Ok(body)
    }

    fn login_key(&self) -> &'static str {
        match self.settings.login {
            Login::Email => EMAIL,
            Login::Username => USERNAME,
        }
    }

    fn login_of(&self, body: &Row) -> Result<String, WriteError> {
        let login = body.get(self.login_key()).and_then(Json::as_str).filter(|login| !login.is_empty());
        login.map(str::to_owned).ok_or_else(|| refusal::needed(self.login_key()))
    }

    /// Takes the logins of somebody who is to be made; false where somebody has one of them.
    fn claim(&self, body: &Row) -> bool {
        let mut seen = self.seen();
        let wanted: Vec<String> = logins(body).collect();
        if wanted.iter().any(|login| seen.logins.contains(login)) {
            return false;
        }
        seen.logins.extend(wanted);
        true
    }

    fn release(&self, body: &Row) {
        let mut seen = self.seen();
        logins(body).for_each(|login| _ = seen.logins.remove(&login));
    }

    fn remember(&self, id: u64, body: &Row) {
        let user_type = body.get(USER_TYPE).and_then(Json::as_str).unwrap_or("learner");
        self.seen().users.insert(id, SeenUser { user_type: Some(user_type.into()), expires: None });
    }
}

fn logins(body: &Row) -> impl Iterator<Item = String> {
    [EMAIL, USERNAME].into_iter().filter_map(|key| body.get(key)?.as_str()).filter(|login| !login.is_empty()).map(fold)
}
