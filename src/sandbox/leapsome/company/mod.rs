//! The company: everything that calls read and change. It knows the rules of the fact sheet and nothing of HTTP.

pub(crate) mod create;
pub(crate) mod denial;
mod generate;
pub(crate) mod id;
mod start;
pub(crate) mod team;
pub(crate) mod update;
pub(crate) mod user;

use std::collections::{BTreeMap, HashMap};

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use serde::{Deserialize, Serialize};

use self::denial::Denial;
use self::id::{Ids, Of, is_id};
use self::team::{Kind, Team, Teams};
use self::user::{Status, User};
use super::event::Event;
use super::switches::Switches;

/// The state.
#[derive(Debug)]
pub(crate) struct Company {
    ids: Ids,
    users: BTreeMap<String, User>,
    /// Users by address, in lower case.
    by_name: HashMap<String, String>,
    by_external_id: HashMap<String, String>,
    /// Users who were deleted.
    removed: Vec<User>,
    teams: Teams,
    /// Custom attributes by id.
    attributes: BTreeMap<String, Attribute>,
    /// Levels, which come into being where they are named (apis/leapsome.md §2.3).
    levels: Vec<String>,
    mails: Vec<Mail>,
    day: Date,
}

/// A custom attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attribute {
    /// The id by which it is written; one is made up if left out.
    #[serde(default)]
    pub id: String,
    /// What it is called on the screens.
    pub name: String,
}

/// A mail that would have been sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mail {
    /// To whom.
    pub to: String,
    /// When.
    pub sent: Timestamp,
}

impl Company {
    pub(crate) fn day(&self) -> Date {
        self.day
    }

    /// The company's day at the clock's time.
    pub(crate) fn now(&self) -> Timestamp {
        let time: Time = Zoned::new(Timestamp::now(), TimeZone::UTC).time();
        let time = time.with().subsec_nanosecond(0).build().unwrap_or(time);
        self.day.to_datetime(time).to_zoned(TimeZone::UTC).map_or(Timestamp::UNIX_EPOCH, |now| now.timestamp())
    }

    pub(crate) fn users(&self) -> &BTreeMap<String, User> {
        &self.users
    }

    pub(crate) fn removed(&self) -> &[User] {
        &self.removed
    }

    pub(crate) fn teams(&self) -> &Teams {
        &self.teams
    }

    pub(crate) fn attributes(&self) -> impl Iterator<Item = &Attribute> {
        self.attributes.values()
    }

    pub(crate) fn levels(&self) -> &[String] {
        &self.levels
    }

    pub(crate) fn mails(&self) -> &[Mail] {
        &self.mails
    }

    /// The user that a path names: by id, else by external id (§2).
    pub(crate) fn on_path(&self, text: &str) -> Option<&User> {
        self.users.get(text).or_else(|| self.users.get(self.by_external_id.get(text)?))
    }

    /// The user of an id, an address or an external id: how managers are named (§2.3), and users by people.
    pub(crate) fn named(&self, text: &str) -> Option<&User> {
        self.users.get(text).or_else(|| self.addressed(text)).or_else(|| self.on_path(text))
    }

    /// Who has an address, in whatever case.
    pub(crate) fn addressed(&self, address: &str) -> Option<&User> {
        self.users.get(self.by_name.get(&address.to_lowercase())?)
    }

    /// Lets something happen by hand. The id of what it is about.
    pub(crate) fn play(&mut self, event: &Event, switches: &Switches) -> Result<Option<String>, Denial> {
        let user =
            |company: &Self, name: &str| company.named(name).map(|user| user.id.clone()).ok_or(Denial::UnknownUser);
        let team = |company: &Self, name: &str| {
            company.teams.named(name).map(|team| team.id.clone()).ok_or(Denial::UnknownGroup)
        };
        match event {
            Event::Add(add) => self.add(&add.fields, switches).map(Some),
            Event::Change(change) => {
                let id = user(self, &change.user)?;
                let free = Switches { patch_needs_user_name: false, duplicates: false, ..switches.clone() };
                self.update(&id, &change.fields, &free).map(Some)
            }
            Event::Invite(whom) => {
                let id = user(self, &whom.user)?;
                self.invite(&id);
                Ok(Some(id))
            }
            Event::Accept(whom) => self.accept(&user(self, &whom.user)?).map(Some),
            Event::Delete(whom) => self.delete(&user(self, &whom.user)?).map(Some),
            Event::SuperAdmin(role) => {
                let id = user(self, &role.user)?;
                self.users.entry(id.clone()).and_modify(|user| user.super_admin = role.is);
                Ok(Some(id))
            }
            Event::Team(new) => self.teams.make(&mut self.ids, &new.name, new.kind, new.external_id.clone()).map(Some),
            Event::RenameTeam(rename) => {
                let id = team(self, &rename.team)?;
                self.teams.rename(&id, &rename.name).map(|()| Some(id))
            }
            Event::Join(to) => {
                let (user, team) = (user(self, &to.user)?, team(self, &to.team)?);
                self.join(&user, &team);
                Ok(Some(team))
            }
            Event::Leave(from) => {
                let (user, team) = (user(self, &from.user)?, team(self, &from.team)?);
                self.users.entry(user).and_modify(|user| user.joined.retain(|joined| *joined != team));
                Ok(Some(team))
            }
            Event::Define(attribute) => self.define(attribute.clone()).map(Some),
            Event::Undefine(which) => {
                self.attributes.remove(&which.id).ok_or_else(|| Denial::invalid("there is no such attribute"))?;
                self.users.values_mut().for_each(|user| drop(user.attributes.remove(&which.id)));
                Ok(None)
            }
            Event::Day(day) => self.move_to(day.date, switches).map(|()| None),
        }
    }

    /// Lets the day move on; where the company wants it, whoever's end date has passed loses access (§4).
    pub(crate) fn move_to(&mut self, day: Date, switches: &Switches) -> Result<(), Denial> {
        if day < self.day {
            return Err(Denial::invalid("the day does not move back"));
        }
        self.day = day;
        if switches.deactivate_after_end_date {
            let now = self.now();
            let over = |user: &User| user.active() && !user.super_admin && user.end_date.is_some_and(|end| end < day);
            for user in self.users.values_mut().filter(|user| over(user)) {
                user.status = Status::Deactivated;
                user.modified = now;
            }
        }
        Ok(())
    }

    /// Puts a user into a team.
    pub(crate) fn join(&mut self, user: &str, team: &str) {
        if let Some(user) = self.users.get_mut(user) {
            user.joined.insert(team.to_owned());
        }
    }

    /// `PATCH /Groups/{id}` (§3).
    pub(crate) fn change_team(
        &mut self,
        id: &str,
        name: Option<&str>,
        external_id: Option<String>,
        members: &[String],
        replace: bool,
    ) -> Result<(), Denial> {
        if let Some(name) = name {
            self.teams.rename(id, name)?;
        }
        if external_id.is_some() {
            self.teams.set_external_id(id, external_id);
        }
        if replace {
            self.users.values_mut().for_each(|user| user.joined.retain(|joined| joined != id));
        }
        members.iter().for_each(|member| self.join(member, id));
        Ok(())
    }

    /// Makes a team through the API.
    pub(crate) fn add_team(&mut self, name: &str, external_id: Option<String>) -> Result<String, Denial> {
        self.teams.make(&mut self.ids, name, Kind::Generic, external_id)
    }

    /// A team on a path.
    pub(crate) fn team_on_path(&self, text: &str) -> Result<&Team, Denial> {
        self.teams.on_path(text).ok_or(Denial::UnknownGroup)
    }

    fn invite(&mut self, id: &str) {
        let sent = self.now();
        let Some(user) = self.users.get_mut(id) else { return };
        user.invited = true;
        if user.status == Status::Created {
            user.status = Status::Invited;
        }
        self.mails.push(Mail { to: user.user_name.clone(), sent });
    }

    fn accept(&mut self, id: &str) -> Result<String, Denial> {
        let user = self.users.get_mut(id).ok_or(Denial::UnknownUser)?;
        if user.status != Status::Invited {
            return Err(Denial::invalid("nobody who is not invited can accept"));
        }
        (user.accepted, user.status) = (true, Status::Active);
        Ok(id.to_owned())
    }

    fn delete(&mut self, id: &str) -> Result<String, Denial> {
        let mut user = self.users.remove(id).ok_or(Denial::UnknownUser)?;
        self.by_name.remove(&user.user_name.to_lowercase());
        user.external_id.take().map(|external| self.by_external_id.remove(&external));
        user.status = Status::Removed;
        for other in self.users.values_mut() {
            other.manager.take_if(|manager| manager == id);
            other.additional_managers.retain(|manager| manager != id);
        }
        self.removed.push(user);
        Ok(id.to_owned())
    }

    fn define(&mut self, mut attribute: Attribute) -> Result<String, Denial> {
        if attribute.id.is_empty() {
            attribute.id = self.ids.next(Of::Attribute);
        }
        if !is_id(&attribute.id) {
            return Err(Denial::invalid("an id has 24 hex digits"));
        }
        let id = attribute.id.clone();
        self.attributes.insert(id.clone(), attribute);
        Ok(id)
    }

    /// Takes in a user, in place of the one with its id if there is one.
    fn put(&mut self, user: User) {
        if let Some(before) = self.users.remove(&user.id) {
            self.by_name.remove(&before.user_name.to_lowercase());
            before.external_id.map(|external| self.by_external_id.remove(&external));
        }
        self.by_name.insert(user.user_name.to_lowercase(), user.id.clone());
        if let Some(external) = &user.external_id {
            self.by_external_id.insert(external.clone(), user.id.clone());
        }
        self.users.insert(user.id.clone(), user);
    }
}
