//! Users, pending invitations and memberships, as the engine sees them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;

use super::LearnUponTarget;
use super::api::{Row, Trouble};
use super::fields::{self, AUTOMATIC, EMAIL, MANAGER, MEMBER};
use super::seen::{SeenGroup, Who, fold};
use super::settings::{Invitation, Login};
use super::wire;
use crate::connector::{Account, ConnectorError};
use crate::model::{Cell, Group, GroupId, GroupKind, Membership, User, UserLayout, UserStatus};

/// Lists that are read at the same time; the pace decides when.
pub(super) const AT_ONCE: usize = 6;

/// The latest invitation of an address.
pub(super) struct Invite {
    pub(super) id: u64,
    row: Row,
    pub(super) state: State,
    sent: Option<Timestamp>,
    ends: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// Sent and not answered, or refused: the person is no user. Whoever refused is not asked again.
    Open,
    /// There is a user, or the invitation was withdrawn.
    Closed,
}

impl LearnUponTarget {
    pub(super) async fn read_groups(&self) -> Result<Vec<Group>, ConnectorError> {
        let groups = self.groups_again().await?;
        self.seen().groups_are_new = true;
        let group = |group: &SeenGroup| Group {
            id: GroupId::new(group.id.to_string()),
            name: Arc::clone(&group.title),
            key: None,
            kind: GroupKind::Group,
        };
        Ok(groups.iter().map(group).collect())
    }

    /// The groups, read once.
    pub(super) async fn groups_seen(&self) -> Result<Vec<SeenGroup>, ConnectorError> {
        if let Some(groups) = &self.seen().groups {
            return Ok(groups.clone());
        }
        self.groups_again().await
    }

    /// The groups, read anew.
    pub(super) async fn groups_again(&self) -> Result<Vec<SeenGroup>, ConnectorError> {
        let rows = self.api.groups().await?;
        let group = |row: &Row| {
            let is_empty = row.get("number_of_members").and_then(wire::number) == Some(0);
            Some(SeenGroup { id: wire::id(row, "id")?, title: wire::text(row, "title")?.into(), is_empty })
        };
        let groups: Vec<SeenGroup> = rows.iter().filter_map(group).collect();
        self.seen().groups = Some(groups.clone());
        Ok(groups)
    }

    pub(super) async fn read_users(&self, layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        let (rows, invites, places) = tokio::try_join!(self.everybody(), self.invites(), self.memberships(layout))?;
        let mut lists = Lists::default();
        let mut read = Vec::with_capacity(rows.len());
        let mut addresses = HashSet::with_capacity(rows.len());
        {
            let mut seen = self.seen();
            for row in &rows {
                let Some(id) = wire::id(row, "id") else { continue };
                seen.user(id, row);
                addresses.extend(wire::text(row, EMAIL).map(fold));
                read.push(User {
                    id: Who::User(id).id(),
                    status: status(row),
                    cells: layout.fields.iter().map(|field| fields::read(row, field.as_str())).collect(),
                    memberships: lists.share(places.get(&id)),
                });
            }
        }
        for (address, invite) in invites {
            if invite.state == State::Open && !addresses.contains(&address) {
                read.push(invited(&invite, layout, &mut lists));
            }
        }
        read.sort_by(|a, b| a.id.cmp(&b.id));
        // Whoever moved to another page while the pages were read is there twice.
        read.dedup_by(|a, b| a.id == b.id);
        Ok(read)
    }

    /// Every user as listed. Where the listing does not say who is disabled, the filter for them does
    /// (apis/learnupon.md §2); one that gives everybody is no filter.
    async fn everybody(&self) -> Result<Vec<Row>, ConnectorError> {
        let mut rows = self.api.users().await?;
        if rows.iter().any(|row| row.contains_key("enabled")) {
            return Ok(rows);
        }
        let disabled: HashSet<u64> = self.api.disabled().await?.iter().filter_map(|row| wire::id(row, "id")).collect();
        if disabled.len() == rows.len() {
            return Ok(rows);
        }
        for row in &mut rows {
            let is_disabled = wire::id(row, "id").is_some_and(|id| disabled.contains(&id));
            row.insert("enabled".to_owned(), Json::Bool(!is_disabled));
        }
        Ok(rows)
    }

    /// The users with their custom data, one call for each (apis/learnupon.md §2.1). Nobody is asked for where the recipe
    /// uses no custom field, and of invited people there is nothing more to read.
    pub(super) async fn read_details(&self, users: &[Who], layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        let described = self.described().await?;
        let one = async |who: Who| -> Result<Option<User>, ConnectorError> {
            let nothing = || layout.fields.iter().map(|_| Cell::NotDelivered).collect();
            let user = |status, cells| User { id: who.id(), status, cells, memberships: Arc::from([]) };
            let Who::User(id) = who else { return Ok(Some(user(UserStatus::Invited, nothing()))) };
            let Some(row) = self.api.user(id).await? else { return Ok(None) };
            let cells = layout.fields.iter().map(|field| described.cell(&row, field.as_str())).collect();
            Ok(Some(user(status(&row), cells)))
        };
        let read: Vec<Option<User>> =
            stream::iter(users.iter().copied().map(one)).buffer_unordered(AT_ONCE).try_collect().await?;
        Ok(read.into_iter().flatten().collect())
    }

    pub(super) async fn read_accounts(&self) -> Result<Vec<Account>, ConnectorError> {
        let (rows, mut invites) = tokio::try_join!(self.everybody(), self.invites())?;
        let mut accounts = Vec::with_capacity(rows.len());
        for row in &rows {
            let Some(id) = wire::id(row, "id") else { continue };
            let address = wire::text(row, EMAIL);
            let invite = address.and_then(|address| invites.remove(&fold(address)));
            let login = match self.settings.login {
                Login::Email => address,
                Login::Username => wire::text(row, fields::USERNAME).or(address),
            };
            accounts.push(Account {
                id: Who::User(id).id(),
                status: status(row),
                login: login.unwrap_or_default().into(),
                created: wire::moment(row, "created_at"),
                invited: invite.and_then(|invite| invite.sent),
                invitation_ends: None,
            });
        }
        for invite in invites.into_values().filter(|invite| invite.state == State::Open) {
            accounts.push(Account {
                id: Who::Invited(invite.id).id(),
                status: UserStatus::Invited,
                login: wire::text(&invite.row, EMAIL).unwrap_or_default().into(),
                created: None,
                invited: invite.sent,
                invitation_ends: invite.ends,
            });
        }
        accounts.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(accounts)
    }

    /// The latest invitation of each address. Where nobody is ever invited, none is asked for.
    pub(super) async fn invites(&self) -> Result<BTreeMap<String, Invite>, ConnectorError> {
        if self.settings.sso {
            return Ok(BTreeMap::new());
        }
        let mut latest: BTreeMap<String, Invite> = BTreeMap::new();
        for row in self.api.invites().await? {
            let (Some(id), Some(address)) = (wire::id(&row, "id"), wire::text(&row, EMAIL).map(fold)) else { continue };
            let sent = wire::moment(&row, "created_at").or_else(|| wire::moment(&row, "sent_at"));
            let ends = wire::moment(&row, "expires_at").or_else(|| ends(sent?, self.settings.invitation));
            let state = match wire::text(&row, "invite_status").unwrap_or("sent") {
                "accepted" | "canceled" | "cancelled" => State::Closed,
                _ => State::Open,
            };
            let invite = Invite { id, row, state, sent, ends };
            match latest.get(&address) {
                Some(known) if known.id > id => {}
                _ => _ = latest.insert(address, invite),
            }
        }
        Ok(latest)
    }

    /// The pending invitation of an address, if there is one.
    pub(super) async fn pending_invite(&self, address: &str) -> Result<Option<u64>, ConnectorError> {
        let invites = self.invites().await?;
        Ok(invites.get(&fold(address)).filter(|invite| invite.state == State::Open).map(|invite| invite.id))
    }

    /// Who is in which group and who manages it, by user; nobody where nobody asks for it.
    async fn memberships(&self, layout: &UserLayout) -> Result<HashMap<u64, Vec<Membership>>, ConnectorError> {
        if !layout.memberships {
            return Ok(HashMap::new());
        }
        let are_new = std::mem::take(&mut self.seen().groups_are_new);
        let groups = if are_new { self.groups_seen().await? } else { self.groups_again().await? };
        let mut places: HashMap<u64, Vec<Membership>> = HashMap::new();
        if groups.is_empty() {
            return Ok(places);
        }
        let filled: Vec<u64> = groups.iter().filter(|group| !group.is_empty).map(|group| group.id).collect();
        let members = async |group: u64| Ok::<_, ConnectorError>((group, self.api.members(group).await?));
        let mut lists = stream::iter(filled.into_iter().map(members)).buffer_unordered(AT_ONCE);
        while let Some((group, rows)) = lists.try_next().await? {
            for row in &rows {
                let Some(user) = wire::id(row, "user_id").or_else(|| wire::id(row, "id")) else { continue };
                let role = if is_automatic(row) { AUTOMATIC } else { MEMBER };
                if role == AUTOMATIC {
                    self.seen().automatic.insert((group, user));
                }
                places.entry(user).or_default().push(place(group, role));
            }
        }
        for row in self.managers(&groups).await? {
            let (Some(group), Some(user)) = (wire::id(&row, "group_id"), wire::id(&row, "user_id")) else { continue };
            if let Some(id) = wire::id(&row, "id") {
                self.seen().managers.insert((group, user), id);
            }
            places.entry(user).or_default().push(place(group, MANAGER));
        }
        Ok(places)
    }

    /// The managers of all groups: in one list, or group by group where LearnUpon wants a filter.
    async fn managers(&self, groups: &[SeenGroup]) -> Result<Vec<Row>, ConnectorError> {
        match self.api.managers(None).await {
            Ok(rows) => Ok(rows),
            Err(Trouble::Said(_)) => {
                let ids: Vec<u64> = groups.iter().map(|group| group.id).collect();
                let of = async |group: u64| match self.api.managers(Some(group)).await {
                    Ok(rows) => Ok(rows),
                    Err(Trouble::Said(_)) => Ok(Vec::new()),
                    Err(Trouble::Unsure(error) | Trouble::Failed(error)) => Err(error),
                };
                let lists: Vec<Vec<Row>> =
                    stream::iter(ids.into_iter().map(of)).buffer_unordered(AT_ONCE).try_collect().await?;
                Ok(lists.into_iter().flatten().collect())
            }
            Err(Trouble::Unsure(error) | Trouble::Failed(error)) => Err(error),
        }
    }
}

/// Memberships that are shared by all who are in the same groups.
#[derive(Default)]
pub(super) struct Lists {
    known: HashMap<Vec<Membership>, Arc<[Membership]>>,
}

impl Lists {
    fn share(&mut self, places: Option<&Vec<Membership>>) -> Arc<[Membership]> {
        let mut places = places.cloned().unwrap_or_default();
        places.sort();
        places.dedup();
        let shared = self.known.entry(places).or_insert_with_key(|places| places.as_slice().into());
        Arc::clone(shared)
    }
}

/// Somebody who is invited. Only what people log in with is told: nothing else can be changed before they accept.
pub(super) fn invited(invite: &Invite, layout: &UserLayout, lists: &mut Lists) -> User {
    let cell = |field: &str| if field == EMAIL { wire::text_cell(&invite.row, EMAIL) } else { Cell::NotDelivered };
    User {
        id: Who::Invited(invite.id).id(),
        status: UserStatus::Invited,
        cells: layout.fields.iter().map(|field| cell(field.as_str())).collect(),
        memberships: lists.share(None),
    }
}

pub(super) fn place(group: u64, role: &str) -> Membership {
    Membership { group: GroupId::new(group.to_string()), role: role.into() }
}

/// Disabled, or not: a listing that does not say is of people who may log in.
pub(super) fn status(row: &Row) -> UserStatus {
    match row.get("enabled") {
        Some(Json::Bool(false)) => UserStatus::Inactive,
        Some(Json::String(text)) if text == "false" => UserStatus::Inactive,
        _ => UserStatus::Active,
    }
}

/// Whether a membership is marked as made by a dynamic rule. How the API says so is not documented
/// (apis/learnupon.md §3): each of the likely ways counts.
pub(super) fn is_automatic(row: &Row) -> bool {
    let says = |key: &str| match row.get(key) {
        Some(Json::Bool(automatic)) => key == "automatic" && *automatic,
        Some(Json::String(text)) => text.eq_ignore_ascii_case("automatic"),
        _ => false,
    };
    ["automatic", "membership_kind", "membership_source", "source", "added_by"].into_iter().any(says)
}

fn ends(sent: Timestamp, invitation: Invitation) -> Option<Timestamp> {
    sent.checked_add(SignedDuration::from_hours(invitation.hours.into())).ok()
}
