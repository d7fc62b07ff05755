//! Users, teams and states, as the engine sees them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::LeapsomeTarget;
use super::api::Row;
use super::fields::{self, MEMBER};
use super::seen::SeenUser;
use crate::connector::rows::{moment, text};
use crate::connector::{Account, ConnectorError};
use crate::model::{Cell, Group, GroupId, GroupKind, Membership, User, UserId, UserLayout, UserStatus, Value};

/// What the id of a team begins with where it is the value of a field.
const TEAM: &str = "team:";

/// The id of a team as the value of a field.
pub(super) fn team_id(name: &str) -> GroupId {
    GroupId::new(format!("{TEAM}{name}"))
}

impl LeapsomeTarget {
    /// Each team twice: people are in it through a field of theirs, or because they joined it.
    pub(super) async fn listed_groups(&self) -> Result<Vec<Group>, ConnectorError> {
        let groups = self.read_groups().await?;
        self.seen().teams_are_new = true;
        Ok(groups)
    }

    async fn read_groups(&self) -> Result<Vec<Group>, ConnectorError> {
        let mut groups = Vec::new();
        let mut teams = HashMap::new();
        self.api
            .groups(|row| {
                let (Some(id), Some(name)) = (text(&row, "id"), text(&row, "displayName")) else { return };
                let name: Arc<str> = name.into();
                let group = |kind, id| Group { id, name: Arc::clone(&name), key: None, kind };
                groups.extend([group(GroupKind::Team, team_id(&name)), group(GroupKind::Group, GroupId::new(id))]);
                teams.insert(Arc::from(id), name);
            })
            .await?;
        self.seen().teams = Some(teams);
        Ok(groups)
    }

    /// Teams by id, read once.
    pub(super) async fn teams_seen(&self) -> Result<HashMap<Arc<str>, Arc<str>>, ConnectorError> {
        if self.seen().teams.is_none() {
            self.read_groups().await?;
        }
        Ok(self.seen().teams.clone().unwrap_or_default())
    }

    /// Teams by id, as they are now.
    async fn teams_now(&self) -> Result<HashMap<Arc<str>, Arc<str>>, ConnectorError> {
        let are_new = std::mem::take(&mut self.seen().teams_are_new);
        if !are_new {
            self.read_groups().await?;
        }
        self.teams_seen().await
    }

    /// Teams by id, read anew where somebody is in one that was not there when they were read.
    pub(super) async fn teams_of(
        &self,
        users: impl Iterator<Item = &Row>,
    ) -> Result<HashMap<Arc<str>, Arc<str>>, ConnectorError> {
        let known = self.teams_seen().await?;
        if users.flat_map(fields::teams).all(|id| known.contains_key(id)) {
            return Ok(known);
        }
        self.read_groups().await?;
        self.teams_seen().await
    }

    pub(super) async fn read_users(&self, layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        let teams = if layout.memberships { self.teams_now().await? } else { HashMap::new() };
        let waiting = self.waiting().await?;
        let mut lists = Lists::new();
        let mut read = Vec::new();
        let mut seen = HashMap::new();
        self.api
            .users(|row| {
                let Some(user) = user(&row, layout, &teams, &waiting, &mut lists) else { return };
                seen.insert(Arc::clone(user.id.shared()), SeenUser::of(&row));
                read.push(user);
            })
            .await?;
        self.seen().users = seen;
        let mut read = shown_attributes(read, layout);
        read.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(read)
    }

    /// Nothing more can be asked for: a custom attribute that is not shown of somebody, and of whom nothing is remembered, is
    /// taken to be empty.
    pub(super) fn details_of(&self, users: &[UserId], layout: &UserLayout) -> Vec<User> {
        let seen = self.seen();
        let details = users.iter().filter_map(|id| {
            let user = seen.users.get(id.as_str())?;
            let attribute = |field: &str| user.attributes.iter().find(|(id, _)| **id == *field);
            let cell = |field: &str| match fields::is_attribute(field) {
                true => Cell::from(attribute(field).map(|(_, value)| Value::Text(Arc::clone(value)))),
                false => Cell::NotDelivered,
            };
            Some(User {
                id: id.clone(),
                status: UserStatus::Active,
                cells: layout.fields.iter().map(|field| cell(field.as_str())).collect(),
                memberships: Arc::from([]),
            })
        });
        details.collect()
    }

    pub(super) async fn read_accounts(&self) -> Result<Vec<Account>, ConnectorError> {
        let waiting = self.waiting().await?;
        let mut accounts = Vec::new();
        self.api
            .users(|row| {
                let Some(id) = text(&row, "id") else { return };
                let created =
                    row.get("meta").and_then(|meta| meta.as_object()).and_then(|meta| moment(meta, "created"));
                accounts.push(Account {
                    id: UserId::new(id),
                    status: status(&row, &waiting),
                    login: text(&row, "userName").unwrap_or_default().into(),
                    created,
                    invited: None,
                    invitation_ends: None,
                });
            })
            .await?;
        accounts.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(accounts)
    }

    /// Who waits, by id, with their state; nobody where the Content API's secret is not given.
    async fn waiting(&self) -> Result<HashMap<Arc<str>, Arc<str>>, ConnectorError> {
        match &self.content {
            Some(content) => content.waiting().await,
            None => Ok(HashMap::new()),
        }
    }
}

/// Memberships that are shared by all who are in the same teams.
type Lists = HashMap<Vec<Membership>, Arc<[Membership]>>;

/// A user as they are listed, with the teams that they joined where those are asked for.
pub(super) fn user(
    row: &Row,
    layout: &UserLayout,
    teams: &HashMap<Arc<str>, Arc<str>>,
    waiting: &HashMap<Arc<str>, Arc<str>>,
    lists: &mut Lists,
) -> Option<User> {
    let joined = if layout.memberships { joined(row, teams) } else { Vec::new() };
    let memberships = lists.entry(joined).or_insert_with_key(|joined| joined.as_slice().into());
    Some(User {
        id: UserId::new(text(row, "id")?),
        status: status(row, waiting),
        cells: layout.fields.iter().map(|field| cell(row, field.as_str())).collect(),
        memberships: Arc::clone(memberships),
    })
}

/// Whoever was never invited, or has not accepted, is waiting; the SCIM API shows access alone (apis/leapsome.md §4).
fn status(row: &Row, waiting: &HashMap<Arc<str>, Arc<str>>) -> UserStatus {
    if text(row, "id").is_some_and(|id| waiting.contains_key(id)) { UserStatus::Invited } else { fields::status(row) }
}

fn cell(row: &Row, field: &str) -> Cell {
    let cell = fields::read(row, field);
    if fields::is_usual_title(field, &cell) { Cell::Empty } else { cell }
}

/// The teams that somebody joined: those that are the value of a field are left out.
fn joined(row: &Row, teams: &HashMap<Arc<str>, Arc<str>>) -> Vec<Membership> {
    let in_fields: HashSet<&str> = fields::teams_in_fields(row).collect();
    let joined = fields::teams(row).filter(|id| teams.get(*id).is_none_or(|name| !in_fields.contains(&**name)));
    let mut joined: Vec<Membership> =
        joined.map(|id| Membership { group: GroupId::new(id), role: MEMBER.into() }).collect();
    joined.sort();
    joined.dedup();
    joined
}

/// A custom attribute that is shown of somebody is shown of everybody who has it: of the others it is empty.
fn shown_attributes(mut users: Vec<User>, layout: &UserLayout) -> Vec<User> {
    let attributes = layout.fields.iter().enumerate().filter(|(_, field)| fields::is_attribute(field.as_str()));
    let is_shown = |place: &usize| users.iter().any(|user| *user.cell(*place) != Cell::NotDelivered);
    let shown: Vec<usize> = attributes.map(|(place, _)| place).filter(is_shown).collect();
    if shown.is_empty() {
        return users;
    }
    for user in &mut users {
        let cells = user.cells.iter().enumerate().map(|(place, cell)| match cell {
            Cell::NotDelivered if shown.contains(&place) => Cell::Empty,
            cell => cell.clone(),
        });
        user.cells = cells.collect();
    }
    users
}
