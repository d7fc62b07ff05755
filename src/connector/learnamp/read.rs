//! Users and teams, as the engine sees them.

use std::sync::Arc;

use super::LearnAmpTarget;
use super::api::Row;
use super::fields;
use super::seen::{SeenTeam, id_of, status, user_id};
use crate::connector::rows;
use crate::connector::{Account, ConnectorError};
use crate::model::{Cell, Group, GroupId, GroupKind, User, UserId, UserLayout};

impl LearnAmpTarget {
    pub(super) async fn read_teams(&self) -> Result<Vec<Group>, ConnectorError> {
        let teams = self.teams_again().await?;
        let group = |team: &SeenTeam| Group {
            id: GroupId::new(team.id.to_string()),
            name: Arc::clone(&team.name),
            key: team.key.clone(),
            kind: GroupKind::Team,
        };
        Ok(teams.iter().map(group).collect())
    }

    /// The teams, read anew.
    pub(super) async fn teams_again(&self) -> Result<Vec<SeenTeam>, ConnectorError> {
        let teams: Vec<SeenTeam> = self.api.teams().await?.iter().filter_map(SeenTeam::of).collect();
        self.seen().teams = Some(teams.clone());
        Ok(teams)
    }

    pub(super) async fn read_users(&self, layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        let rows = self.api.users().await?;
        let mut users: Vec<User> = {
            let mut seen = self.seen();
            rows.iter().filter_map(|row| Some(user(seen.user(row)?, row, layout))).collect()
        };
        users.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(users)
    }

    /// What the listing told for some users only. No call can say more.
    pub(super) fn read_details(&self, users: &[UserId], layout: &UserLayout) -> Vec<User> {
        let seen = self.seen();
        let one = |id: &UserId| {
            let user = seen.users.get(&id_of(id)?)?;
            let cells = layout.fields.iter().map(|field| user.more(field.as_str())).collect();
            Some(User { id: id.clone(), status: user.status, cells, memberships: Arc::from([]) })
        };
        users.iter().filter_map(one).collect()
    }

    /// Learn Amp does not say when an invitation was sent but in prose (apis/learnamp.md §4.3).
    pub(super) async fn read_accounts(&self) -> Result<Vec<Account>, ConnectorError> {
        let account = |row: &Row| {
            Some(Account {
                id: user_id(rows::id(row, "id")?),
                status: status(row),
                login: rows::text(row, "email").unwrap_or_default().into(),
                created: rows::moment(row, "createdAt"),
                invited: None,
                invitation_ends: None,
            })
        };
        let mut accounts: Vec<Account> = self.api.users().await?.iter().filter_map(account).collect();
        accounts.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(accounts)
    }
}

pub(super) fn user(id: u64, row: &Row, layout: &UserLayout) -> User {
    let cell = |name: &str| if name == fields::MANAGER { Cell::NotDelivered } else { fields::read(row, name) };
    User {
        id: user_id(id),
        status: status(row),
        cells: layout.fields.iter().map(|field| cell(field.as_str())).collect(),
        memberships: Arc::from([]),
    }
}
