//! A user with everything that belongs to them, by names instead of ids: for people and for tests.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use super::company::Company;
use super::company::team::Kind;
use super::company::user::Status;

/// A user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// Leapsome's id.
    pub id: String,
    /// The id of another system.
    pub external_id: Option<String>,
    /// The address.
    pub user_name: String,
    /// The first name.
    pub given_name: Option<String>,
    /// The family name.
    pub family_name: Option<String>,
    /// The name that is shown.
    pub display_name: Option<String>,
    /// The job title.
    pub title: String,
    /// The picture's address.
    pub photo: Option<String>,
    /// The state.
    pub status: Status,
    /// Whether a Super-Admin.
    pub super_admin: bool,
    /// The manager's address.
    pub manager: Option<String>,
    /// The additional managers' addresses.
    pub additional_managers: Vec<String>,
    /// The department's name.
    pub department: Option<String>,
    /// The division's name.
    pub division: Option<String>,
    /// The cost centre's name.
    pub cost_center: Option<String>,
    /// The names of all teams, in order.
    pub teams: Vec<String>,
    /// The level.
    pub level: Option<String>,
    /// The location.
    pub location: Option<String>,
    /// The first day.
    pub start_date: Option<Date>,
    /// The last day.
    pub end_date: Option<Date>,
    /// The birthday.
    pub birthday: Option<Date>,
    /// The gender.
    pub gender: Option<String>,
    /// Custom attributes by id.
    pub attributes: BTreeMap<String, String>,
}

/// A team.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Team {
    /// Leapsome's id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The id of another system.
    pub external_id: Option<String>,
    /// What kind.
    pub kind: Kind,
    /// How many are in it.
    pub members: usize,
}

impl User {
    /// Whether somebody may work with it, or could after an invitation.
    #[must_use]
    pub fn active(&self) -> bool {
        !matches!(self.status, Status::Deactivated | Status::Removed)
    }
}

/// Everybody, in the order in which they were made.
pub(crate) fn users(company: &Company) -> Vec<User> {
    company.users().keys().filter_map(|id| user(company, id)).collect()
}

/// One user by their id.
pub(crate) fn user(company: &Company, id: &str) -> Option<User> {
    let user = company.users().get(id)?.clone();
    let address = |id: &String| company.users().get(id).map(|user| user.user_name.clone());
    let team = |id: &Option<String>| id.as_deref().and_then(|id| company.teams().name(id));
    let mut teams: Vec<String> = user.teams().into_iter().filter_map(|id| company.teams().name(id)).collect();
    teams.sort();
    Some(User {
        manager: user.manager.as_ref().and_then(address),
        additional_managers: user.additional_managers.iter().filter_map(address).collect(),
        department: team(&user.department),
        division: team(&user.division),
        cost_center: team(&user.cost_center),
        teams,
        id: user.id,
        external_id: user.external_id,
        user_name: user.user_name,
        given_name: user.given_name,
        family_name: user.family_name,
        display_name: user.display_name,
        title: user.title,
        photo: user.photo,
        status: user.status,
        super_admin: user.super_admin,
        level: user.level,
        location: user.location,
        start_date: user.start_date,
        end_date: user.end_date,
        birthday: user.birthday,
        gender: user.gender,
        attributes: user.attributes,
    })
}

/// Every team.
pub(crate) fn teams(company: &Company) -> Vec<Team> {
    let members = |id: &String| company.users().values().filter(|user| user.teams().contains(id)).count();
    let teams = company.teams().all().map(|team| Team {
        id: team.id.clone(),
        name: team.name.clone(),
        external_id: team.external_id.clone(),
        kind: team.kind,
        members: members(&team.id),
    });
    teams.collect()
}
