//! Teams (apis/learnamp.md §6).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::Account;
use super::denial::{Denial, TAKEN, bad, invalid};
use super::draft::number;
use crate::sandbox::learnamp::switches::Switches;

/// A team.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Team {
    /// The id.
    pub id: u64,
    /// The name.
    pub name: String,
    /// The id of another system, which no other team has.
    pub integration_external_id: Option<String>,
    /// Who manages whoever has it as the primary team, and no override manager.
    pub manager: Option<u64>,
    /// Who else manages it.
    pub secondary_managers: BTreeSet<u64>,
    /// The team above.
    pub parent: Option<u64>,
    /// Words to find it by.
    pub tags: Vec<String>,
}

/// What a body says about a team.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct TeamDraft {
    name: Option<String>,
    /// `null` and the empty text clear it.
    integration_external_id: Option<Json>,
    manager_id: Option<Json>,
    manager_email: Option<String>,
    secondary_manager_ids: Option<Vec<Json>>,
    parent_team_id: Option<Json>,
    parent_team_name: Option<String>,
    sub_team_ids: Option<Vec<Json>>,
    sub_team_names: Option<Vec<String>>,
    tags: Option<String>,
}

impl TeamDraft {
    /// Reads a body. `null` tells to clear, where what is absent tells nothing.
    pub(crate) fn of(sent: &serde_json::Map<String, Json>) -> Result<Self, Denial> {
        let mut draft: Self =
            serde_json::from_value(Json::Object(sent.clone())).map_err(|_| bad("a parameter is invalid"))?;
        let nulled = |key: &str| sent.get(key).is_some_and(Json::is_null).then_some(Json::Null);
        draft.integration_external_id = draft.integration_external_id.or_else(|| nulled("integrationExternalId"));
        draft.manager_id = draft.manager_id.or_else(|| nulled("managerId"));
        draft.parent_team_id = draft.parent_team_id.or_else(|| nulled("parentTeamId"));
        Ok(draft)
    }
}

impl Account {
    /// `POST /v1/teams`.
    pub(crate) fn create_team(&mut self, draft: TeamDraft, switches: &Switches) -> Result<u64, Denial> {
        if draft.name.is_none() {
            return Err(invalid("name", "is missing"));
        }
        let subs = self.told_subs(&draft)?;
        let mut team = self.drafted_team(Team::default(), draft, switches)?;
        team.id = self.new_id();
        let id = team.id;
        self.teams.insert(id, team);
        for sub in subs {
            if let Some(sub) = self.teams.get_mut(&sub) {
                sub.parent = Some(id);
            }
        }
        Ok(id)
    }

    /// `PUT /v1/teams/{id}`.
    pub(crate) fn update_team(&mut self, id: u64, draft: TeamDraft, switches: &Switches) -> Result<(), Denial> {
        let team = self.team(id)?.clone();
        let team = self.drafted_team(team, draft, switches)?;
        self.teams.insert(id, team);
        Ok(())
    }

    /// `DELETE /v1/teams/{id}`: its users are kept.
    pub(crate) fn delete_team(&mut self, id: u64) -> Result<(), Denial> {
        self.teams.remove(&id).ok_or(Denial::NotFound)?;
        for user in self.users.values_mut() {
            user.primary_team.take_if(|team| *team == id);
            user.secondary_teams.remove(&id);
        }
        for team in self.teams.values_mut() {
            team.parent.take_if(|parent| *parent == id);
        }
        Ok(())
    }

    pub(crate) fn team(&self, id: u64) -> Result<&Team, Denial> {
        self.teams.get(&id).ok_or(Denial::NotFound)
    }

    /// The team with exactly this external id.
    pub(crate) fn team_with_external_id(&self, external_id: &str) -> Result<u64, Denial> {
        let same = |team: &&Team| team.integration_external_id.as_deref() == Some(external_id);
        self.teams.values().find(same).map(|team| team.id).ok_or(Denial::NotFound)
    }

    fn told_subs(&self, draft: &TeamDraft) -> Result<Vec<u64>, Denial> {
        let by_id = draft.sub_team_ids.iter().flatten().map(|id| number(id).filter(|id| self.teams.contains_key(id)));
        let by_name = draft.sub_team_names.iter().flatten().map(|name| self.team_called(name));
        by_id.chain(by_name).map(|found| found.ok_or_else(|| bad("a sub team does not exist"))).collect()
    }

    fn team_called(&self, name: &str) -> Option<u64> {
        self.teams.values().find(|team| team.name == name).map(|team| team.id)
    }

    fn drafted_team(&self, mut team: Team, draft: TeamDraft, switches: &Switches) -> Result<Team, Denial> {
        if let Some(name) = draft.name {
            let same = |other: &Team| other.id != team.id && other.name.to_lowercase() == name.to_lowercase();
            if name.trim().is_empty() {
                return Err(invalid("name", "can't be blank"));
            }
            if !switches.same_team_names && self.teams.values().any(same) {
                return Err(invalid("name", TAKEN));
            }
            team.name = name;
        }
        if let Some(external_id) = draft.integration_external_id {
            let external_id = external_id.as_str().filter(|id| !id.is_empty()).map(str::to_owned);
            let same = |other: &Team| other.id != team.id && other.integration_external_id == external_id;
            if external_id.is_some() && self.teams.values().any(same) {
                return Err(invalid("integrationExternalId", TAKEN));
            }
            team.integration_external_id = external_id;
        }
        if let Some(manager) = draft.manager_id {
            team.manager = self.told(&manager, |id| self.users.contains_key(&id), "managerId does not exist")?;
        }
        if let Some(email) = draft.manager_email {
            let found = self.by_email.get(&email.to_lowercase());
            team.manager = Some(*found.ok_or_else(|| bad("managerEmail does not match an active user"))?);
        }
        if let Some(managers) = draft.secondary_manager_ids {
            team.secondary_managers = managers.iter().filter_map(number).collect();
        }
        if let Some(parent) = draft.parent_team_id {
            let fits = |id| self.teams.contains_key(&id) && id != team.id;
            team.parent = self.told(&parent, fits, "parentTeamId does not exist")?;
        }
        if let Some(name) = draft.parent_team_name {
            team.parent = Some(self.team_called(&name).ok_or_else(|| bad("parentTeamName does not exist"))?);
        }
        if let Some(tags) = draft.tags {
            team.tags = tags.split(',').map(str::trim).filter(|tag| !tag.is_empty()).map(str::to_owned).collect();
        }
        Ok(team)
    }

    /// An id that is told, or nothing where it is cleared.
    fn told(&self, value: &Json, fits: impl Fn(u64) -> bool, words: &str) -> Result<Option<u64>, Denial> {
        if value.is_null() || *value == "" {
            return Ok(None);
        }
        number(value).filter(|id| fits(*id)).map(Some).ok_or_else(|| bad(words))
    }
}
