//! Who is in which team (apis/learnamp.md §6).

use serde_json::{Map, Value as Json};

use super::Account;
use super::denial::{Denial, bad};
use super::draft::number;

impl Account {
    /// `POST /v1/teams/{id}/users`, and each of the users of the bulk call.
    pub(crate) fn join(&mut self, team: u64, user: u64, is_primary: bool) -> Result<(), Denial> {
        self.team(team)?;
        let user = self.users.get_mut(&user).ok_or(Denial::NotFound)?;
        if user.is_deactivated() {
            return Err(bad("User is deactivated"));
        }
        if is_primary {
            user.primary_team = Some(team);
            user.secondary_teams.remove(&team);
        } else if user.primary_team != Some(team) {
            user.secondary_teams.insert(team);
        }
        Ok(())
    }

    /// `POST /v1/teams/{id}/bulk/users`: all or nobody.
    pub(crate) fn join_all(&mut self, team: u64, users: &[u64], is_primary: bool) -> Result<(), Denial> {
        let joins = |id: &u64| self.users.get(id).is_some_and(|user| !user.is_deactivated());
        if !users.iter().all(joins) {
            return Err(bad("a user does not exist"));
        }
        users.iter().try_for_each(|user| self.join(team, *user, is_primary))
    }

    /// `DELETE /v1/teams/{id}/users/{userId}`.
    pub(crate) fn leave(&mut self, team: u64, user: u64) -> Result<(), Denial> {
        self.team(team)?;
        let user = self.users.get_mut(&user).ok_or(Denial::NotFound)?;
        let was_primary = user.primary_team.take_if(|primary| *primary == team).is_some();
        if user.secondary_teams.remove(&team) || was_primary { Ok(()) } else { Err(Denial::NotFound) }
    }

    /// The team and the user that `POST /v1/teams/users` names: exactly one of three keys, and one of two.
    pub(crate) fn named_pair(&self, sent: &Map<String, Json>) -> Result<(u64, u64), Denial> {
        let text = |key: &str| sent.get(key).and_then(Json::as_str);
        let teams = ["teamId", "teamName", "teamIntegrationExternalId"].map(|key| sent.contains_key(key));
        let users = ["userId", "userEmail"].map(|key| sent.contains_key(key));
        let one = |given: &[bool]| given.iter().filter(|given| **given).count() == 1;
        if !one(&teams) || !one(&users) {
            return Err(bad("exactly one parameter must be provided"));
        }
        let id = |key: &str| sent.get(key).and_then(number);
        let team = id("teamId")
            .or_else(|| {
                self.teams.values().find(|team| Some(team.name.as_str()) == text("teamName")).map(|team| team.id)
            })
            .or_else(|| self.team_with_external_id(text("teamIntegrationExternalId")?).ok());
        let user = id("userId").or_else(|| self.by_email.get(&text("userEmail")?.to_lowercase()).copied());
        team.zip(user).ok_or(Denial::NotFound)
    }
}
