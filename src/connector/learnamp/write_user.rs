//! Making users, and ending and giving access (apis/learnamp.md §4, §5, §7).

use serde_json::{Value as Json, json};

use super::api::{Row, Trouble};
use super::change::{Change, Changes, Failed, blame, first_of, is_spared};
use super::fields::{self, EXTERNAL_ID, Kept, NEEDED};
use super::seen::{status, user_id};
use super::wire::Said;
use super::write::Answer;
use super::{LearnAmpTarget, refusal};
use crate::connector::http::StatusCode;
use crate::connector::{GivenAccess, WriteError, Written, rows};
use crate::model::{Access, FieldName, UserStatus, Value};

/// What a creation led to.
enum Made {
    /// Somebody, as the answer shows them; these changes are still to be made.
    User {
        row: Row,
        left: Vec<Change>,
    },
    Refused(WriteError),
}

impl LearnAmpTarget {
    /// Makes a user, with the mail or without. Fields that are refused are left out, but for names, address and external
    /// id; what fails once the user is there is that user's trouble.
    pub(super) async fn create_user(&self, access: Access, given: &[(FieldName, Value)]) -> Answer {
        for needed in NEEDED {
            if !given.iter().any(|(name, value)| name.as_str() == needed && value.as_text().is_some_and(is_filled)) {
                return Err(refusal::needed(needed));
            }
        }
        let address = given.iter().find(|(name, _)| name.as_str() == fields::EMAIL);
        let address = address.and_then(|(_, value)| value.as_text()).unwrap_or_default().trim().to_lowercase();
        if !self.seen().claimed.insert(address.clone()) {
            return Err(refusal::address_taken());
        }
        let made = self.make_user(access, given).await;
        if made.is_err() {
            self.seen().claimed.remove(&address);
        }
        made
    }

    async fn make_user(&self, access: Access, given: &[(FieldName, Value)]) -> Answer {
        let changes = self.changes(0, given.iter().map(|(name, value)| (name, Some(value)))).await?;
        let (changes, mut failed) = self.without_unknown(changes);
        match self.make(access, changes, &mut failed).await {
            Made::Refused(error) => Err(error),
            Made::User { row, left } => {
                let Some(id) = self.seen().user(&row) else { return Err(refusal::unknown_user()) };
                if !left.is_empty() {
                    failed.extend(self.change(id, Changes { fields: left, back: false }).await);
                }
                Ok(Written::User(GivenAccess { user: user_id(id), joined: Vec::new(), trouble: first_of(failed) }))
            }
        }
    }

    async fn make(&self, access: Access, changes: Vec<Change>, failed: &mut Vec<Failed>) -> Made {
        // Only an update takes it (§4.2).
        let (mut left, mut changes): (Vec<Change>, Vec<Change>) =
            changes.into_iter().partition(|change| change.name.as_str() == fields::OCCUPATION_ROLE);
        loop {
            let mut body = self.body(&changes);
            if access == Access::Active {
                // Without it, the mail goes out at once (§5).
                body.insert("skipInvitation".to_owned(), json!(true));
            }
            match self.api.create_user(&body).await {
                Ok(row) if rows::id(&row, "id").is_some() => {
                    failed.extend(dropped(&changes, &row));
                    return Made::User { row, left };
                }
                // It was made, and the answer does not show whom.
                Ok(_) => return self.found(&changes, left, None).await,
                Err(Trouble::Unsure(error)) => {
                    return self.found(&changes, left, Some(refusal::broke_off(&error))).await;
                }
                Err(Trouble::Failed(error)) => return Made::Refused(self.failed(error)),
                Err(Trouble::Said(said)) => {
                    if said.status == StatusCode::NOT_FOUND && changes.iter().any(Change::is_custom) {
                        // The name of a custom field (§4.2): which one is seen when there is a user.
                        let (custom, others) = changes.into_iter().partition(Change::is_custom);
                        left.extend::<Vec<Change>>(custom);
                        changes = others;
                        continue;
                    }
                    let is_blamed = blame(&said, &changes);
                    let (blamed, others): (Vec<Change>, Vec<Change>) = changes.into_iter().partition(is_blamed);
                    if let Some(needed) = blamed.iter().find(|change| !is_spared(change)) {
                        return self.taken(needed, &said, others, left).await;
                    }
                    if blamed.is_empty() {
                        return Made::Refused(refusal::said(&said));
                    }
                    let why = |change: &Change| refusal::field(change.name.as_str(), &said);
                    failed.extend(blamed.iter().map(|change| Failed::of(change, why(change))));
                    changes = others;
                }
            }
        }
    }

    /// An address or an external id that somebody has. With our external id it is the same person, made meanwhile.
    async fn taken(&self, needed: &Change, said: &Said, mut changes: Vec<Change>, left: Vec<Change>) -> Made {
        let refused = refusal::field(needed.name.as_str(), said);
        changes.push(needed.clone());
        self.found(&changes, left, Some(refused)).await
    }

    /// Whoever has the external id of a creation; where it has none, whoever has the address and came into being with it.
    async fn found(&self, changes: &[Change], mut left: Vec<Change>, otherwise: Option<WriteError>) -> Made {
        let value = |name: &str| {
            let change = changes.iter().find(|change| change.name.as_str() == name);
            change.and_then(|change| change.value.as_str()).map(str::to_owned)
        };
        let found = match (value(EXTERNAL_ID), value(fields::EMAIL)) {
            (Some(external_id), _) => self.api.user_with_external_id(&external_id).await,
            (None, Some(address)) => self.new_with_address(&address).await,
            (None, None) => Ok(None),
        };
        match found {
            Err(error) => Made::Refused(self.failed(error)),
            Ok(None) => Made::Refused(otherwise.unwrap_or_else(refusal::unknown_user)),
            Ok(Some(row)) => {
                left.extend(changes.iter().filter(|change| is_missing(change, &row)).cloned());
                Made::User { row, left }
            }
        }
    }

    async fn new_with_address(&self, address: &str) -> Result<Option<Row>, crate::connector::ConnectorError> {
        let found = self.api.users_with_address(address).await?;
        let seen = self.seen();
        let is_new = |row: &Row| rows::id(row, "id").is_some_and(|id| !seen.users.contains_key(&id));
        Ok(found.into_iter().find(is_new))
    }

    /// Ends access. It is not documented what the call answers for somebody who has none: that is read before and after
    /// (§7).
    pub(super) async fn deactivate(&self, id: u64) -> Result<(), WriteError> {
        let known = self.seen().users.get(&id).map(|user| (user.status, user.is_owner));
        match known {
            Some((_, true)) => return Err(refusal::is_owner()),
            Some((UserStatus::Inactive, _)) => return Ok(()),
            _ => {}
        }
        match self.api.deactivate_user(id).await {
            Ok(()) => {}
            Err(Trouble::Said(said)) => self.settled(id, &said, UserStatus::Inactive).await?,
            Err(Trouble::Unsure(error)) => return Err(refusal::broke_off(&error)),
            Err(Trouble::Failed(error)) => return Err(self.failed(error)),
        }
        self.is_now(id, UserStatus::Inactive);
        Ok(())
    }

    /// Gives access again, by its own call.
    pub(super) async fn reactivate(&self, id: u64) -> Result<(), WriteError> {
        match self.api.reactivate_user(id).await {
            Ok(()) => {}
            Err(Trouble::Said(said)) => self.settled(id, &said, UserStatus::Active).await?,
            Err(Trouble::Unsure(error)) => return Err(refusal::broke_off(&error)),
            Err(Trouble::Failed(error)) => return Err(self.failed(error)),
        }
        self.is_now(id, UserStatus::Active);
        Ok(())
    }

    /// Whether access is as it was to be, though the call was refused.
    async fn settled(&self, id: u64, said: &Said, wanted: UserStatus) -> Result<(), WriteError> {
        if said.status == StatusCode::FORBIDDEN {
            return Err(refusal::said(said));
        }
        let row = self.api.user(id).await.map_err(|error| self.failed(error))?.ok_or_else(refusal::unknown_user)?;
        let is_inactive = status(&row) == UserStatus::Inactive;
        match (wanted, is_inactive) {
            (UserStatus::Inactive, true) | (UserStatus::Active | UserStatus::Invited, false) => Ok(()),
            (UserStatus::Inactive, false) if said.names("owner") => Err(refusal::is_owner()),
            (UserStatus::Inactive, false) => Err(refusal::said(said)),
            (_, true) => Err(refusal::not_back()),
        }
    }

    fn is_now(&self, id: u64, status: UserStatus) {
        if let Some(user) = self.seen().users.get_mut(&id) {
            user.status = status;
        }
    }
}

fn is_filled(text: &str) -> bool {
    !text.trim().is_empty()
}

/// What the answer to a creation shows otherwise than it was sent.
fn dropped(changes: &[Change], row: &Row) -> Vec<Failed> {
    let lost = |change: &&Change| fields::kept(change.name.as_str(), &change.value, row) == Kept::No;
    let failed = |change: &Change| Failed::of(change, refusal::not_kept(change.name.as_str(), false));
    changes.iter().filter(lost).map(failed).collect()
}

/// What somebody who is there may lack of a creation.
fn is_missing(change: &Change, row: &Row) -> bool {
    let is_set = change.value != Json::Null;
    is_set && fields::kept(change.name.as_str(), &change.value, row) != Kept::Yes
}
