//! How users and teams are shown (apis/learnamp.md §4.3, §6).

use std::collections::HashMap;

use serde_json::{Map, Value as Json, json};

use super::Account;
use super::team::Team;
use super::user::User;
use crate::sandbox::learnamp::switches::{CustomForm, Switches};

impl Account {
    /// The short form of the plain list.
    pub(crate) fn short(user: &User) -> Map<String, Json> {
        let status = json!({ "status": user.status.label(), "time": user.status.time() });
        let shown = json!({
            "id": user.id,
            "firstName": user.first_name,
            "lastName": user.last_name,
            "jobTitle": user.job_title,
            "email": user.email,
            "timeZone": "London",
            "language": user.language,
            "role": user.role,
            "integrationExternalId": user.integration_external_id,
            "occupationRole": user.occupation_role,
            "hireDate": user.hire_date,
            "profileUrl": format!("https://acme.learnamp.example/en/users/{}", user.id),
            "status": status,
            "avatar": null,
        });
        match shown {
            Json::Object(shown) => shown,
            _ => Map::new(),
        }
    }

    /// The long form. `manager` is the override, or else whoever manages the primary team: it does not say which (§4.3).
    pub(crate) fn long(&self, user: &User, sizes: &HashMap<u64, usize>) -> Map<String, Json> {
        let mut shown = Self::short(user);
        let team = |id: u64| {
            let team = self.teams.get(&id)?;
            let manager = team.manager.map(|id| json!({ "id": id }));
            let size = sizes.get(&id).copied().unwrap_or_default();
            Some(json!({ "id": id, "name": team.name, "teamUsersCount": size, "manager": manager }))
        };
        let by_team = || self.teams.get(&user.primary_team?)?.manager;
        let manager = user.manager.or_else(by_team).and_then(|id| self.users.get(&id));
        let manager = manager.map(|manager| {
            let User { id, email, integration_external_id, .. } = manager;
            json!({ "id": id, "email": email, "integrationExternalId": integration_external_id })
        });
        shown.insert("manager".to_owned(), json!(manager));
        shown.insert("location".to_owned(), json!(user.location));
        shown.insert("department".to_owned(), json!(user.department));
        shown.insert("primaryTeam".to_owned(), json!(user.primary_team.and_then(team)));
        let secondary: Vec<Json> = user.secondary_teams.iter().copied().filter_map(team).collect();
        shown.insert("secondaryTeams".to_owned(), json!(secondary));
        shown
    }

    /// The same with custom fields, where the account has any.
    pub(crate) fn with_custom(
        &self,
        user: &User,
        sizes: &HashMap<u64, usize>,
        switches: &Switches,
    ) -> Map<String, Json> {
        let mut shown = self.long(user, sizes);
        if !switches.custom_fields {
            return shown;
        }
        let fields = match switches.custom_form {
            CustomForm::List => {
                user.custom.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect()
            }
            CustomForm::Object => {
                let all = self.custom_fields.keys().map(|name| (name.clone(), json!(user.custom.get(name))));
                Json::Object(all.collect())
            }
            CustomForm::Absent => return shown,
        };
        shown.insert("customFields".to_owned(), fields);
        shown
    }

    /// A user as answers about one show them.
    pub(crate) fn one(&self, user: &User, switches: &Switches) -> Json {
        let sizes = self.team_sizes();
        let shown =
            if switches.custom_in_answers { self.with_custom(user, &sizes, switches) } else { self.long(user, &sizes) };
        Json::Object(shown)
    }

    /// A team in the `Simple` form, or in the `Extended` one with its users.
    pub(crate) fn show_team(&self, team: &Team, sizes: &HashMap<u64, usize>, extended: bool) -> Json {
        let user = |id: u64| {
            let user = self.users.get(&id)?;
            Some(json!({ "id": id, "email": user.email, "firstName": user.first_name, "lastName": user.last_name }))
        };
        let named = |id: u64| Some(json!({ "id": id, "name": self.teams.get(&id)?.name }));
        let subs: Vec<_> = self.teams.values().filter(|other| other.parent == Some(team.id)).collect();
        let mut shown = json!({
            "id": team.id,
            "name": team.name,
            "integrationExternalId": team.integration_external_id,
            "teamUsersCount": sizes.get(&team.id).copied().unwrap_or_default(),
            "manager": team.manager.and_then(user),
            "secondaryManagers": team.secondary_managers.iter().copied().filter_map(user).collect::<Vec<_>>(),
            "parentTeam": team.parent.and_then(named),
            "subTeams": subs.iter().filter_map(|sub| named(sub.id)).collect::<Vec<_>>(),
            "tags": team.tags,
        });
        if extended {
            let members = self.users.values().filter(|user| user.teams().any(|one| one == team.id));
            shown["users"] = members.filter_map(|member| user(member.id)).collect();
        }
        shown
    }
}
