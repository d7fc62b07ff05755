//! Changing users (apis/leapsome.md §2.3, §4).

use jiff::civil::Date;
use serde_json::{Map, Value as Json};

use super::Company;
use super::create::{address_in, check_domain};
use super::denial::Denial;
use super::id::{Of, is_id};
use super::team::Kind;
use super::user::{Status, USUAL_TITLE, User};
use crate::sandbox::leapsome::switches::{ManyForm, Meaning, Switches, Unknown};

/// The extension that holds what work is like.
pub(crate) const EXTENSION: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

impl Company {
    /// `PATCH /Users/{id}` with a flat object. The id of whoever was changed, or made: where address and external id
    /// change in one step, nobody is recognised (§4).
    pub(crate) fn update(&mut self, id: &str, sent: &Map<String, Json>, switches: &Switches) -> Result<String, Denial> {
        let before = self.users.get(id).cloned().ok_or(Denial::UnknownUser)?;
        let address = address_in(sent)?;
        if address.is_none() && switches.patch_needs_user_name {
            return Err(Denial::invalid("The userName field is required"));
        }
        let mut user = before.clone();
        if let Some(address) = address.filter(|address| *address != before.user_name) {
            check_domain(&address, switches)?;
            if self.addressed(&address).is_some_and(|other| other.id != id) {
                return Err(Denial::Taken("Email address conflict".to_owned()));
            }
            user.user_name = address;
        }
        self.write(&mut user, sent, switches)?;
        self.check_external_id(&user)?;
        (user.modified, user.version) = (self.now(), before.version + 1);
        let nobody = user.user_name != before.user_name && user.external_id != before.external_id;
        if nobody && switches.duplicates {
            user.id = self.ids.next(Of::User);
        }
        let id = user.id.clone();
        self.put(user);
        Ok(id)
    }

    /// `PUT /Users/{id}`: what is not sent is emptied, where that is switched on.
    pub(crate) fn replace(
        &mut self,
        id: &str,
        sent: &Map<String, Json>,
        switches: &Switches,
    ) -> Result<String, Denial> {
        let mut whole = Map::new();
        if switches.put_wipes {
            for key in ["externalId", "displayName", "title", "photos", "location", "manager"] {
                whole.insert(key.to_owned(), Json::Null);
            }
            let work = [
                "additionalManagers",
                "department",
                "costCenter",
                "division",
                "level",
                "startDate",
                "endDate",
                "birthday",
                "gender",
            ];
            let mut extension: Map<String, Json> = work.map(|key| (key.to_owned(), Json::Null)).into_iter().collect();
            if let Some(Json::Object(sent)) = sent.get(EXTENSION) {
                extension.extend(sent.clone());
            }
            whole.insert(EXTENSION.to_owned(), Json::Object(extension));
        }
        whole.extend(sent.iter().filter(|(key, _)| *key != EXTENSION).map(|(key, value)| (key.clone(), value.clone())));
        if !switches.put_wipes
            && let Some(extension) = sent.get(EXTENSION)
        {
            whole.insert(EXTENSION.to_owned(), extension.clone());
        }
        self.update(id, &whole, switches)
    }

    pub(super) fn check_external_id(&self, user: &User) -> Result<(), Denial> {
        let taken = user.external_id.as_ref().and_then(|external| self.by_external_id.get(external));
        if taken.is_some_and(|other| *other != user.id) {
            return Err(Denial::Taken("externalId is already in use".to_owned()));
        }
        Ok(())
    }

    /// Writes what is known and leaves out the rest without a word.
    pub(super) fn write(
        &mut self,
        user: &mut User,
        sent: &Map<String, Json>,
        switches: &Switches,
    ) -> Result<(), Denial> {
        for (key, value) in sent {
            let meaning = switches.cleared_by.means(value);
            if meaning == Meaning::Nothing {
                continue;
            }
            let text = || value.as_str().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
            match key.as_str() {
                "name" => write_name(user, value)?,
                "displayName" => user.display_name = text(),
                "title" => user.title = text().unwrap_or_else(|| USUAL_TITLE.to_owned()),
                "externalId" => user.external_id = text(),
                "location" => user.location = text(),
                "photos" => user.photo = value.pointer("/0/value").and_then(Json::as_str).map(str::to_owned),
                "manager" => self.write_manager(user, value, switches)?,
                "active" => write_active(user, value)?,
                EXTENSION => self.write_extension(user, value, switches)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn write_extension(&mut self, user: &mut User, value: &Json, switches: &Switches) -> Result<(), Denial> {
        let Json::Object(sent) = value else { return bad("the extension is an object", switches.bad_value) };
        for (key, value) in sent {
            if switches.cleared_by.means(value) == Meaning::Nothing {
                continue;
            }
            let text = value.as_str().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
            match key.as_str() {
                "manager" => self.write_manager(user, value, switches)?,
                "additionalManagers" => self.write_additional(user, value, switches)?,
                "department" => user.department = self.team(text, Kind::Department)?,
                "division" => user.division = self.team(text, Kind::Division)?,
                "costCenter" => user.cost_center = self.team(text, Kind::CostCenter)?,
                "location" => user.location = text,
                "level" => {
                    let new = text.clone().filter(|level| !self.levels.contains(level));
                    self.levels.extend(new);
                    user.level = text;
                }
                "startDate" => write_date(&mut user.start_date, text.as_deref(), switches)?,
                "endDate" => write_date(&mut user.end_date, text.as_deref(), switches)?,
                "birthday" => write_date(&mut user.birthday, text.as_deref(), switches)?,
                "gender" => match text.as_deref() {
                    None | Some("male" | "female" | "diverse") => user.gender = text,
                    Some(_) => bad("gender is male, female or diverse", switches.bad_value)?,
                },
                id if is_id(id) => self.write_attribute(user, id, text, switches)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn write_attribute(
        &self,
        user: &mut User,
        id: &str,
        text: Option<String>,
        switches: &Switches,
    ) -> Result<(), Denial> {
        if !self.attributes.contains_key(id) {
            return bad("there is no such custom attribute", switches.unknown_attribute);
        }
        match text {
            Some(text) => drop(user.attributes.insert(id.to_owned(), text)),
            None => drop(user.attributes.remove(id)),
        }
        Ok(())
    }

    fn team(&mut self, name: Option<String>, kind: Kind) -> Result<Option<String>, Denial> {
        name.map(|name| self.teams.named_or_made(&mut self.ids, &name, kind)).transpose()
    }

    fn write_manager(&self, user: &mut User, value: &Json, switches: &Switches) -> Result<(), Denial> {
        match value.as_str().map(str::trim) {
            None if !value.is_null() => bad("the manager is a text", switches.bad_value),
            None | Some("") => {
                user.manager = None;
                Ok(())
            }
            Some(text) => match self.named(text) {
                Some(manager) => {
                    user.manager = Some(manager.id.clone());
                    Ok(())
                }
                None => bad("there is no such manager", switches.unknown_manager),
            },
        }
    }

    fn write_additional(&self, user: &mut User, value: &Json, switches: &Switches) -> Result<(), Denial> {
        let named: Vec<&str> = match (value, switches.additional_managers) {
            (Json::Null, _) => Vec::new(),
            (Json::Array(list), ManyForm::List) => list.iter().filter_map(Json::as_str).collect(),
            (Json::String(text), ManyForm::Text) => {
                text.split(',').map(str::trim).filter(|text| !text.is_empty()).collect()
            }
            (Json::String(text), ManyForm::List) if text.is_empty() => Vec::new(),
            _ => return bad("additionalManagers come in another form", switches.bad_value),
        };
        let mut managers = Vec::new();
        for text in named {
            match self.named(text) {
                Some(manager) if !managers.contains(&manager.id) => managers.push(manager.id.clone()),
                Some(_) => {}
                None => bad("there is no such manager", switches.unknown_manager)?,
            }
        }
        user.additional_managers = managers;
        Ok(())
    }
}

/// Leaves something out, or refuses everything because of it.
fn bad(words: &str, unknown: Unknown) -> Result<(), Denial> {
    match unknown {
        Unknown::Ignore => Ok(()),
        Unknown::Refuse => Err(Denial::invalid(words)),
    }
}

/// Both parts are needed where a name is sent.
fn write_name(user: &mut User, value: &Json) -> Result<(), Denial> {
    let part = |key: &str| value[key].as_str().map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let (Some(given), Some(family)) = (part("givenName"), part("familyName")) else {
        return Err(Denial::invalid("givenName and familyName are required"));
    };
    (user.given_name, user.family_name) = (Some(given), Some(family));
    Ok(())
}

fn write_active(user: &mut User, value: &Json) -> Result<(), Denial> {
    match value {
        Json::Bool(true) if user.active() => Ok(()),
        Json::Bool(true) => {
            user.status = user.back();
            Ok(())
        }
        Json::Bool(false) if user.super_admin => Err(Denial::SuperAdmin),
        Json::Bool(false) => {
            user.status = Status::Deactivated;
            Ok(())
        }
        _ => Err(Denial::invalid("active is true or false")),
    }
}

fn write_date(held: &mut Option<Date>, text: Option<&str>, switches: &Switches) -> Result<(), Denial> {
    match text.map(|text| if text.len() == 10 { text.parse().ok() } else { None }) {
        None => *held = None,
        Some(Some(date)) => *held = Some(date),
        Some(None) => bad("a date is YYYY-MM-DD", switches.bad_value)?,
    }
    Ok(())
}
