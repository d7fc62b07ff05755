//! What becomes of users: created, changed, deactivated, reactivated, deleted (apis/learnamp.md §4, §5, §7).

use serde_json::{Map, Value as Json};

use super::denial::{Denial, bad};
use super::draft::names_given;
use super::user::{Status, User};
use super::{Account, Mail};
use crate::sandbox::learnamp::switches::{ReactivateFlag, Switches, Twice};

impl Account {
    /// `POST /v1/users`: the mail goes out at once, unless it is said not to (§5).
    pub(crate) fn create(&mut self, sent: &Map<String, Json>, switches: &Switches) -> Result<u64, Denial> {
        names_given(sent)?;
        // Only an update takes it (§4.2).
        let sent: Map<_, _> = without(sent, &["occupationRole"]);
        let mut user = self.drafted(User::new(self.last_id + 1), &sent, switches)?;
        user.id = self.new_id();
        let id = user.id;
        if !is_true(sent.get("skipInvitation")) {
            user.status = Status::InvitePending;
            self.mails.push(Mail { to: user.email.clone(), user: id });
        }
        self.put(user);
        Ok(id)
    }

    /// `PUT /v1/users/{id}`.
    pub(crate) fn update(&mut self, id: u64, sent: &Map<String, Json>, switches: &Switches) -> Result<(), Denial> {
        let user = self.user(id)?.clone();
        if switches.names_needed {
            names_given(sent)?;
        }
        let back = user.is_deactivated() && is_true(sent.get("reactivate"));
        let mut changed = match switches.reactivate_flag {
            ReactivateFlag::Refused if back => return Err(bad("reactivate is not allowed")),
            ReactivateFlag::WithoutTeams if back => self.drafted(user, &without(sent, &RELATIONS), switches)?,
            _ => self.drafted(user, sent, switches)?,
        };
        if back && switches.reactivate_flag != ReactivateFlag::Ignored {
            changed.status = Status::NotInvited;
        }
        self.put(changed);
        Ok(())
    }

    /// Changes somebody by hand, on the screens: names may be left out, and nothing is mailed.
    pub(crate) fn edit(&mut self, id: u64, sent: &Map<String, Json>, switches: &Switches) -> Result<(), Denial> {
        let user = self.drafted(self.user(id)?.clone(), sent, switches)?;
        self.put(user);
        Ok(())
    }

    /// Sets how far somebody has come, by hand.
    pub(crate) fn set_status(&mut self, id: u64, status: Status) -> Result<(), Denial> {
        self.users.get_mut(&id).ok_or(Denial::NotFound)?.status = status;
        Ok(())
    }

    /// `PUT /v1/users/{id}/deactivate`: at once, and what is lost is lost (§7).
    pub(crate) fn deactivate(&mut self, id: u64, switches: &Switches) -> Result<(), Denial> {
        if self.user(id)?.role == "owner" {
            return Err(bad("The owner can't be deactivated"));
        }
        if self.user(id)?.is_deactivated() {
            return twice(switches, "User is already deactivated");
        }
        let owner = self.owner;
        for user in self.users.values_mut() {
            if user.id == id {
                user.status = Status::Deactivated;
                user.primary_team = None;
                user.secondary_teams.clear();
                user.manager = None;
            } else if user.manager == Some(id) {
                user.manager = Some(owner).filter(|owner| *owner != user.id);
            }
        }
        for team in self.teams.values_mut() {
            if team.manager == Some(id) {
                team.manager = Some(owner);
            }
            team.secondary_managers.remove(&id);
        }
        Ok(())
    }

    /// `PUT /v1/users/{id}/reactivate`: only the profile is there again, and nobody is invited.
    pub(crate) fn reactivate(&mut self, id: u64, switches: &Switches) -> Result<(), Denial> {
        if !self.user(id)?.is_deactivated() {
            return twice(switches, "User is already active");
        }
        self.set_status(id, Status::NotInvited)
    }

    /// `DELETE /v1/users/{id}`: the person's data is gone (§4).
    pub(crate) fn delete(&mut self, id: u64, switches: &Switches) -> Result<(), Denial> {
        if !self.user(id)?.is_deactivated() {
            self.deactivate(id, switches)?;
        }
        self.forget(id);
        self.users.remove(&id);
        Ok(())
    }

    /// Writes a user, and keeps who is found by what.
    pub(super) fn put(&mut self, user: User) {
        self.forget(user.id);
        self.by_email.insert(user.email.to_lowercase(), user.id);
        self.by_external_id.extend(user.integration_external_id.clone().map(|external_id| (external_id, user.id)));
        self.users.insert(user.id, user);
    }

    fn forget(&mut self, id: u64) {
        let Some(known) = self.users.get(&id) else { return };
        self.by_email.remove(&known.email.to_lowercase());
        if let Some(external_id) = &known.integration_external_id {
            self.by_external_id.remove(external_id);
        }
    }
}

/// What an update writes beside the user's own fields.
const RELATIONS: [&str; 6] = [
    "primaryTeamId",
    "primaryTeamIntegrationExternalId",
    "secondaryTeamIds",
    "secondaryTeamIntegrationExternalIds",
    "managerId",
    "managerEmail",
];

fn without(sent: &Map<String, Json>, keys: &[&str]) -> Map<String, Json> {
    sent.iter()
        .filter(|(key, _)| !keys.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect()
}

/// Yes, also as the text of a form.
fn is_true(value: Option<&Json>) -> bool {
    value.is_some_and(|value| *value == true || *value == "true")
}

fn twice(switches: &Switches, words: &str) -> Result<(), Denial> {
    match switches.twice {
        Twice::Done => Ok(()),
        Twice::Refused => Err(bad(words)),
    }
}
