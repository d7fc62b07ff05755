//! What a body says about a user, put over what is known (apis/learnamp.md §4.2).

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::denial::{Denial, TAKEN, bad, invalid};
use super::user::User;
use super::{Account, day};
use crate::sandbox::learnamp::switches::{ClearedBy, Switches};

/// What `role` takes; `owner` cannot be given.
const ROLES: [&str; 6] = ["viewer", "curator", "reporter", "learning_designer", "hr", "admin"];

/// What a value asks for.
enum Told<'a> {
    /// Nothing: it is not there, or the account takes it for nothing.
    Nothing,
    Clear,
    Set(&'a Json),
}

impl ClearedBy {
    fn told(self, value: Option<&Json>) -> Told<'_> {
        let Some(value) = value else { return Told::Nothing };
        let clears = match value {
            Json::Null => matches!(self, Self::Either | Self::Null),
            Json::String(text) if text.trim().is_empty() => matches!(self, Self::Either | Self::EmptyText),
            _ => return Told::Set(value),
        };
        if clears { Told::Clear } else { Told::Nothing }
    }
}

impl Account {
    /// A user with what a body says put over them. Nothing has changed when it is refused.
    pub(super) fn drafted(
        &self,
        mut user: User,
        sent: &Map<String, Json>,
        switches: &Switches,
    ) -> Result<User, Denial> {
        one_of(sent, "primaryTeamId", "primaryTeamIntegrationExternalId")?;
        one_of(sent, "secondaryTeamIds", "secondaryTeamIntegrationExternalIds")?;
        one_of(sent, "managerId", "managerEmail")?;
        let told = |key: &str| switches.cleared_by.told(sent.get(key));
        write_names(&mut user, sent)?;
        for (key, field) in [
            ("integrationExternalId", &mut user.integration_external_id),
            ("jobTitle", &mut user.job_title),
            ("location", &mut user.location),
            ("department", &mut user.department),
            ("occupationRole", &mut user.occupation_role),
        ] {
            match told(key) {
                Told::Nothing => {}
                Told::Clear => *field = None,
                Told::Set(value) => *field = Some(text(value).ok_or_else(|| bad(format!("{key} is invalid")))?),
            }
        }
        match told("hireDate") {
            Told::Nothing => {}
            Told::Clear => user.hire_date = None,
            Told::Set(value) => {
                let date = value.as_str().and_then(day).ok_or_else(|| invalid("hireDate", "is invalid"))?;
                user.hire_date = Some(date);
            }
        }
        write_choices(&mut user, sent, switches)?;
        self.write_relations(&mut user, sent, switches)?;
        self.write_custom(&mut user, sent, switches)?;
        self.check_unique(&user)?;
        Ok(user)
    }

    fn write_relations(&self, user: &mut User, sent: &Map<String, Json>, switches: &Switches) -> Result<(), Denial> {
        let told = |key: &str| switches.cleared_by.told(sent.get(key));
        for key in ["primaryTeamId", "primaryTeamIntegrationExternalId"] {
            match told(key) {
                Told::Nothing => {}
                Told::Clear => user.primary_team = None,
                Told::Set(value) => user.primary_team = Some(self.told_team(key, value)?),
            }
        }
        for key in ["secondaryTeamIds", "secondaryTeamIntegrationExternalIds"] {
            if let Some(teams) = sent.get(key) {
                let teams = teams.as_array().ok_or_else(|| bad(format!("{key} is invalid")))?;
                let teams: Result<BTreeSet<u64>, Denial> = teams.iter().map(|team| self.told_team(key, team)).collect();
                user.secondary_teams = teams?;
            }
        }
        if let Some(team) = user.primary_team {
            user.secondary_teams.remove(&team);
        }
        match told("managerId") {
            Told::Nothing => {}
            Told::Clear => user.manager = None,
            Told::Set(value) => {
                let manager = number(value).filter(|id| self.users.contains_key(id) && *id != user.id);
                user.manager = Some(manager.ok_or_else(|| bad("managerId does not exist"))?);
            }
        }
        match told("managerEmail") {
            Told::Nothing => {}
            Told::Clear => user.manager = None,
            Told::Set(value) => {
                // In any case, and among active users only (§6).
                let email = text(value).unwrap_or_default().to_lowercase();
                let found = self.by_email.get(&email).and_then(|id| self.users.get(id));
                let manager = found.filter(|found| !found.is_deactivated() && found.id != user.id);
                user.manager = Some(manager.ok_or_else(|| bad("managerEmail does not match an active user"))?.id);
            }
        }
        Ok(())
    }

    /// The team that an id or an external id means; an unknown one is a 400 (§6).
    fn told_team(&self, key: &str, value: &Json) -> Result<u64, Denial> {
        let by_external_id = |text: String| {
            let same = |id: &&String| **id == text;
            self.teams.values().find(|team| team.integration_external_id.as_ref().filter(same).is_some())
        };
        let team = if key.contains("External") {
            text(value).and_then(by_external_id)
        } else {
            number(value).and_then(|id| self.teams.get(&id))
        };
        team.map(|team| team.id).ok_or_else(|| bad(format!("{key} does not exist")))
    }

    /// Writes custom fields by name: an unknown one is a 404, and all are ignored where they are switched off (§4.2).
    fn write_custom(&self, user: &mut User, sent: &Map<String, Json>, switches: &Switches) -> Result<(), Denial> {
        let Some(fields) = sent.get("customFields").filter(|_| switches.custom_fields) else { return Ok(()) };
        for field in fields.as_array().ok_or_else(|| bad("customFields is invalid"))? {
            let name = field.get("name").and_then(Json::as_str).unwrap_or_default();
            let needed = *self.custom_fields.get(name).ok_or(Denial::NotFound)?;
            match ClearedBy::Either.told(field.get("value")) {
                Told::Nothing => {}
                Told::Clear if needed => return Err(invalid("customFields", "can't be blank")),
                Told::Clear => drop(user.custom.remove(name)),
                Told::Set(value) => {
                    let value = text(value).ok_or_else(|| bad("customFields is invalid"))?;
                    user.custom.insert(name.to_owned(), value);
                }
            }
        }
        Ok(())
    }

    fn check_unique(&self, user: &User) -> Result<(), Denial> {
        let taken = |by: Option<&u64>| by.is_some_and(|other| *other != user.id);
        if taken(self.by_email.get(&user.email.to_lowercase())) {
            return Err(invalid("email", TAKEN));
        }
        if user.integration_external_id.as_ref().is_some_and(|id| taken(self.by_external_id.get(id))) {
            return Err(invalid("integrationExternalId", TAKEN));
        }
        Ok(())
    }
}

/// Sees that a body has no more than one of two keys (§4.2).
pub(super) fn one_of(sent: &Map<String, Json>, one: &str, other: &str) -> Result<(), Denial> {
    if sent.contains_key(one) && sent.contains_key(other) {
        return Err(bad(format!("{one}, {other} are mutually exclusive")));
    }
    Ok(())
}

/// Sees that nobody is without an address and names (§4.2).
pub(super) fn names_given(sent: &Map<String, Json>) -> Result<(), Denial> {
    let missing: Vec<_> =
        ["email", "firstName", "lastName"].into_iter().filter(|key| !sent.contains_key(*key)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Denial::Invalid(missing.into_iter().map(|key| (key, "is missing")).collect()))
}

fn write_names(user: &mut User, sent: &Map<String, Json>) -> Result<(), Denial> {
    for (key, field) in
        [("email", &mut user.email), ("firstName", &mut user.first_name), ("lastName", &mut user.last_name)]
    {
        let Some(value) = sent.get(key) else { continue };
        let value = text(value).filter(|text| !text.trim().is_empty()).ok_or_else(|| invalid(key, "can't be blank"))?;
        if key == "email" && !is_address(&value) {
            return Err(invalid("email", "is invalid"));
        }
        *field = value;
    }
    Ok(())
}

fn write_choices(user: &mut User, sent: &Map<String, Json>, switches: &Switches) -> Result<(), Denial> {
    if let Some(role) = sent.get("role").and_then(Json::as_str) {
        if role == "hr" && !switches.hr_package {
            return Err(Denial::Unprocessable("role hr is not part of your package".to_owned()));
        }
        if !ROLES.contains(&role) {
            return Err(invalid("role", "does not have a valid value"));
        }
        if user.role != "owner" {
            role.clone_into(&mut user.role);
        }
    }
    if let Some(language) = sent.get("language").and_then(Json::as_str).filter(|language| !language.is_empty()) {
        if !switches.languages.is_empty() && !switches.languages.contains(language) {
            return Err(invalid("language", "does not have a valid value"));
        }
        language.clone_into(&mut user.language);
    }
    let unknown = |role: &&String| !switches.occupation_roles.is_empty() && !switches.occupation_roles.contains(*role);
    if sent.contains_key("occupationRole") && user.occupation_role.as_ref().filter(unknown).is_some() {
        return Err(Denial::Unprocessable("occupationRole does not exist".to_owned()));
    }
    Ok(())
}

/// A text; numbers are taken as theirs.
fn text(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(text.clone()),
        Json::Number(number) => Some(number.to_string()),
        Json::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

/// A number, also as text.
pub(crate) fn number(value: &Json) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn is_address(text: &str) -> bool {
    let parts = text.split_once('@');
    parts.is_some_and(|(name, host)| !name.is_empty() && host.contains('.')) && !text.contains(char::is_whitespace)
}
