//! What becomes of users: created, restored, changed, activated, deleted; and who manages whom
//! (apis/360learning.md §3.3 to §3.6).

use jiff::Timestamp;

use super::denial::{BAD_REQUEST, Denial, invalid, missing};
use super::draft::Draft;
use super::group::Role;
use super::id::{Id, Kind};
use super::user::{Profile, Status, User};
use super::{Company, Mail};
use crate::sandbox::three_sixty::switches::{DeleteDeleted, LostAt, Switches};

/// What becomes of a `POST /users`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Created {
    New(Id),
    Restored(Id),
}

/// The group and role that a new user begins with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Membership {
    pub(crate) group: Id,
    pub(crate) role: Role,
}

impl Company {
    /// Invites somebody, or brings back who was deleted (§3.3).
    pub(crate) fn create(
        &mut self,
        draft: Draft,
        first: Membership,
        invite: bool,
        switches: &Switches,
    ) -> Result<Created, Denial> {
        if first.role == Role::Owner || !draft.clears_nothing() {
            return Err(BAD_REQUEST);
        }
        if draft.mail.is_none() && draft.username.is_none() {
            return Err(invalid("mailAndUsernameUndefined"));
        }
        draft.check(self.now(), switches.usernames)?;
        if !switches.default_group || !self.groups().contains_key(&first.group) {
            return Err(missing("groupNotFound"));
        }
        if first.role == Role::Analyst && !switches.analyst {
            return Err(invalid("analystUnavailable"));
        }
        if draft.primary_group_id.flatten().is_some_and(|group| group != first.group) {
            return Err(invalid("notMemberOfPrimaryGroup"));
        }
        let created = match self.who_has(&draft)? {
            Some(id) => {
                self.restore(id);
                Created::Restored(id)
            }
            None => Created::New(self.add_user()),
        };
        let (Created::New(id) | Created::Restored(id)) = created;
        self.write(id, draft, switches)?;
        self.join(first.group, first.role, id, switches)?;
        if invite {
            self.mails.push(Mail { user: id.to_string(), kind: "invitation" });
        }
        Ok(created)
    }

    /// The deleted user whom an address or user name belongs to; somebody who is not deleted is in the way.
    fn who_has(&self, draft: &Draft) -> Result<Option<Id>, Denial> {
        let by_mail = draft.mail.iter().flatten().find_map(|mail| self.by_mail.get(&mail.to_lowercase()));
        let by_name = draft.username.iter().flatten().find_map(|name| self.by_username.get(name));
        if let (Some(mail), Some(name)) = (by_mail, by_name)
            && mail != name
        {
            return Err(invalid("loginIdentifierMultipleUsersFound"));
        }
        let lives = |id: &&Id| !self.users[*id].is_deleted();
        if by_mail.filter(lives).is_some() {
            return Err(invalid("mailAlreadyUsed"));
        }
        if by_name.filter(lives).is_some() {
            return Err(invalid("usernameAlreadyUsed"));
        }
        Ok(by_mail.or(by_name).copied())
    }

    /// Somebody new, invited and without anything yet.
    pub(super) fn add_user(&mut self) -> Id {
        let id = self.ids.next(Kind::User);
        let profile = Profile { lang: "en".to_owned(), ..Profile::default() };
        let user = User {
            id,
            status: Status::Invited,
            profile,
            deleted_at: Vec::new(),
            reactivated_at: Vec::new(),
            managers: [].into(),
            values: [].into(),
            roles: [].into(),
        };
        self.users.insert(id, user);
        id
    }

    /// Brings somebody back as invited: names and custom values are kept, the rest is lost (§3.5).
    fn restore(&mut self, id: Id) {
        self.lose(id);
        let now = self.now();
        if let Some(user) = self.users.get_mut(&id) {
            user.status = Status::Invited;
            user.reactivated_at.push(now);
        }
    }

    /// Groups, roles, the planned deactivation and being a manager are gone (§3.5).
    fn lose(&mut self, id: Id) {
        if let Some(user) = self.users.get_mut(&id) {
            user.roles.clear();
            user.profile.primary_group_id = None;
            user.profile.to_be_deactivated_at = None;
        }
        for user in self.users.values_mut() {
            user.managers.remove(&id);
        }
    }

    /// Changes somebody; a mail is a field like any other, because the key is the id (§3.4).
    pub(crate) fn change(&mut self, id: Id, draft: Draft, switches: &Switches) -> Result<(), Denial> {
        let user = self.user(id)?;
        if draft.to_be_deactivated_at.is_some() && user.is_deleted() {
            return Err(invalid("invalidUpdateOnDeletedUser"));
        }
        if draft.to_be_deactivated_at.flatten().is_some() && user.is_owner() {
            return Err(invalid("ownerDeactivationNotAllowed"));
        }
        draft.check(self.now(), switches.usernames)?;
        let taken = |by: Option<&Id>| by.is_some_and(|other| *other != id);
        if draft.mail.iter().flatten().any(|mail| taken(self.by_mail.get(&mail.to_lowercase()))) {
            return Err(invalid("mailAlreadyUsed"));
        }
        if draft.username.iter().flatten().any(|name| taken(self.by_username.get(name))) {
            return Err(invalid("usernameAlreadyUsed"));
        }
        let left = |told: &Option<Option<String>>, now: &Option<String>| told.as_ref().unwrap_or(now).is_none();
        if left(&draft.mail, &user.profile.mail) && left(&draft.username, &user.profile.username) {
            return Err(invalid("userShouldHaveAtLeastOneValidIdentifier"));
        }
        if draft.primary_group_id.flatten().is_some_and(|group| !user.is_member_of(group)) {
            return Err(invalid("notMemberOfPrimaryGroup"));
        }
        self.write(id, draft, switches)
    }

    /// Writes a profile, and keeps who is found by what.
    pub(super) fn write(&mut self, id: Id, draft: Draft, switches: &Switches) -> Result<(), Denial> {
        let user = self.users.get_mut(&id).ok_or(missing("userNotFound"))?;
        let key = |profile: &Profile| (profile.mail.as_ref().map(|mail| mail.to_lowercase()), profile.username.clone());
        let (mail, name) = key(&user.profile);
        draft.write(&mut user.profile, switches.lower_case_mails);
        let (new_mail, new_name) = key(&user.profile);
        mail.map(|mail| self.by_mail.remove(&mail));
        name.map(|name| self.by_username.remove(&name));
        new_mail.map(|mail| self.by_mail.insert(mail, id));
        new_name.map(|name| self.by_username.insert(name, id));
        Ok(())
    }

    /// Lets somebody log in; whoever can already stays (§3.5, uncertain 6).
    pub(crate) fn activate(&mut self, id: Id, switches: &Switches) -> Result<(), Denial> {
        let user = self.users.get_mut(&id).ok_or(missing("userNotFound"))?;
        match user.status {
            Status::Deleted => return Err(invalid("userDeleted")),
            Status::Active => return Ok(()),
            Status::Invited => user.status = Status::Active,
        }
        if switches.activation_mails {
            self.mails.push(Mail { user: id.to_string(), kind: "activation" });
        }
        Ok(())
    }

    /// Deactivates somebody (§3.2, §3.5).
    pub(crate) fn delete(&mut self, id: Id, switches: &Switches) -> Result<(), Denial> {
        let user = self.user(id)?;
        if user.is_owner() {
            return Err(invalid("userIsCompanyOwner"));
        }
        if user.is_deleted() {
            return match switches.delete_deleted {
                DeleteDeleted::Done => Ok(()),
                DeleteDeleted::NotFound => Err(missing("userNotFound")),
            };
        }
        let now = self.now();
        if let Some(user) = self.users.get_mut(&id) {
            user.status = Status::Deleted;
            user.deleted_at.push(now);
        }
        if switches.lost_at == LostAt::Deletion {
            self.lose(id);
        }
        Ok(())
    }

    /// Takes a deleted user's data away for good; the id and what was learned stay (§3.2).
    pub(crate) fn pseudonymize(&mut self, id: Id, mappings_too: bool) -> Result<(), Denial> {
        let user = self.users.get_mut(&id).ok_or(missing("userNotFound"))?;
        if !user.is_deleted() {
            return Err(invalid("userNotDeleted"));
        }
        user.profile = Profile {
            mail: Some(format!("{id}@pseudonymized.invalid")),
            lang: user.profile.lang.clone(),
            ..Profile::default()
        };
        user.values.clear();
        self.by_mail.retain(|_, of| *of != id);
        self.by_username.retain(|_, of| *of != id);
        if mappings_too {
            self.mappings.retain(|_, mapping| mapping.target_id != id);
        }
        Ok(())
    }

    /// Whether a password can be set; it is kept nowhere.
    pub(crate) fn set_password(&self, id: Id, password: &str) -> Result<(), Denial> {
        if self.user(id)?.is_deleted() {
            return Err(invalid("userDeleted"));
        }
        if password.chars().count() < 8 { Err(invalid("passwordInvalid")) } else { Ok(()) }
    }

    /// Makes somebody a manager of somebody. Both are there and not deleted (§3.5).
    pub(crate) fn manage(&mut self, user: Id, manager: Id) -> Result<(), Denial> {
        let above = self.users.get(&manager).map(User::is_deleted);
        let below = self.users.get_mut(&user).ok_or(missing("userNotFound"))?;
        let above = above.ok_or(missing("managerNotFound"))?;
        if below.is_deleted() {
            return Err(invalid("userDeleted"));
        }
        if above {
            return Err(invalid("managerDeleted"));
        }
        below.managers.insert(manager);
        Ok(())
    }

    /// Ends it.
    pub(crate) fn unmanage(&mut self, user: Id, manager: Id) -> Result<(), Denial> {
        let known = self.users.contains_key(&manager);
        let below = self.users.get_mut(&user).ok_or(missing("userNotFound"))?;
        if !known {
            return Err(missing("managerNotFound"));
        }
        if below.is_deleted() {
            return Err(invalid("userDeleted"));
        }
        if below.managers.remove(&manager) { Ok(()) } else { Err(invalid("managerNotAssignedToUser")) }
    }

    /// Deactivates whoever is due: `toBeDeactivatedAt` has come (§3.1).
    pub(crate) fn deactivate_due(&mut self, switches: &Switches) {
        let now = self.now();
        let is_due = |moment: Option<Timestamp>| moment.is_some_and(|moment| moment <= now);
        let due = self.users.values().filter(|user| !user.is_deleted() && is_due(user.profile.to_be_deactivated_at));
        for id in due.map(|user| user.id).collect::<Vec<_>>() {
            // Nobody has a date who cannot be deleted.
            let _ = self.delete(id, switches);
        }
    }
}
