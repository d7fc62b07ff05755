//! Finding users by id, address and user name, and whoever is invited by id and address (apis/learnupon.md §2, §2.3, §3). Each
//! answer is of the user with custom data; places in groups are asked for apart.

use std::collections::{BTreeMap, BTreeSet};

use super::api::Row;
use super::fields::{AUTOMATIC, EMAIL, MANAGER, MEMBER, USERNAME};
use super::read::{AT_ONCE, Lists, State, invited, is_automatic, place, status};
use super::seen::{Who, fold};
use super::{LearnUponTarget, wire};
use crate::connector::find::{self, Sought, spellings};
use crate::connector::{ConnectorError, Wanted};
use crate::model::{Membership, User, UserLayout};

/// Users by their ids.
type Found = BTreeMap<u64, Row>;

impl LearnUponTarget {
    pub(super) async fn find_users(&self, wanted: &[Wanted], layout: &UserLayout) -> Result<Vec<User>, ConnectorError> {
        let described = self.described().await?;
        let mut sought = Sought::of(wanted);
        // No listing and no search knows these (apis/learnupon.md §2.1).
        sought.fields.retain(|field, _| described.custom(field.as_str()).is_none());
        if !sought.is_by(&[EMAIL, USERNAME]) {
            return find::among_everybody(self, wanted, layout).await;
        }
        let who: Vec<Who> = sought.users.iter().filter_map(|user| Who::of(user)).collect();
        let linked = find::each(AT_ONCE, who.clone(), |who| self.linked(who)).await?;
        let mut found: Found = linked.into_iter().flatten().collect();
        for key in [EMAIL, USERNAME] {
            let logins = sought.texts_beyond(key, found.values().filter_map(|row| wire::text(row, key)));
            let searched = find::each(AT_ONCE, logins, |login| self.searched(key, login)).await?;
            found.extend(searched.into_iter().flatten());
        }
        // Whether these may log in only the listings tell.
        if found.values().any(|row| !row.contains_key("enabled")) {
            return find::among_everybody(self, wanted, layout).await;
        }
        let mut users = self.whole(&found, &sought, layout).await?;
        users.extend(self.invited_among(&found, &who, &sought, layout).await?);
        users.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(users)
    }

    async fn linked(&self, who: Who) -> Result<Option<(u64, Row)>, ConnectorError> {
        let Who::User(id) = who else { return Ok(None) };
        Ok(self.api.user(id).await?.map(|row| (id, row)))
    }

    async fn searched(&self, key: &str, login: String) -> Result<Option<(u64, Row)>, ConnectorError> {
        for spelling in spellings(&login) {
            if let Some(row) = self.api.search(key, &spelling).await? {
                return Ok(wire::id(&row, "id").map(|id| (id, row)));
            }
        }
        Ok(None)
    }

    async fn whole(
        &self,
        found: &Found,
        sought: &Sought<'_>,
        layout: &UserLayout,
    ) -> Result<Vec<User>, ConnectorError> {
        let (described, compared) = (self.described().await?, sought.added_to(layout));
        let cells = |row: &Row, layout: &UserLayout| {
            layout.fields.iter().map(|field| described.cell(row, field.as_str())).collect()
        };
        let user = |id: u64, row: &Row, layout: &UserLayout| User {
            id: Who::User(id).id(),
            status: status(row),
            cells: cells(row, layout),
            memberships: [].into(),
        };
        found.iter().for_each(|(id, row)| self.seen().user(*id, row));
        let fits = found.iter().filter(|(id, row)| sought.may_be(&user(**id, row, &compared), &compared));
        let ids: Vec<u64> = fits.map(|(id, _)| *id).collect();
        let asked = if layout.memberships { ids.clone() } else { Vec::new() };
        let mut places: BTreeMap<u64, Vec<Membership>> =
            find::each(AT_ONCE, asked, |id| self.places(id)).await?.into_iter().collect();
        let whole = |id: &u64| {
            let memberships = places.remove(id).unwrap_or_default().into();
            found.get(id).map(|row| User { memberships, ..user(*id, row, layout) })
        };
        Ok(ids.iter().filter_map(whole).collect())
    }

    /// The groups that one user is in or manages.
    async fn places(&self, user: u64) -> Result<(u64, Vec<Membership>), ConnectorError> {
        let (groups, managed) = tokio::try_join!(self.api.groups_of(user), self.api.managed_by(user))?;
        let mut places = BTreeSet::new();
        let mut seen = self.seen();
        for row in &groups {
            let Some(group) = wire::id(row, "group_id").or_else(|| wire::id(row, "id")) else { continue };
            let role = if is_automatic(row) { AUTOMATIC } else { MEMBER };
            if role == AUTOMATIC {
                seen.automatic.insert((group, user));
            }
            places.insert(place(group, role));
        }
        for row in &managed {
            let Some(group) = wire::id(row, "group_id") else { continue };
            if let Some(id) = wire::id(row, "id") {
                seen.managers.insert((group, user), id);
            }
            places.insert(place(group, MANAGER));
        }
        Ok((user, places.into_iter().collect()))
    }

    /// Who is invited and no user yet. Invitations can only be listed: that is done for one that is linked, and for an
    /// address that no user has.
    async fn invited_among(
        &self,
        found: &Found,
        who: &[Who],
        sought: &Sought<'_>,
        layout: &UserLayout,
    ) -> Result<Vec<User>, ConnectorError> {
        let held: BTreeSet<String> = found.values().filter_map(|row| wire::text(row, EMAIL)).map(fold).collect();
        let addresses = sought.texts_beyond(EMAIL, held.iter().map(String::as_str));
        let addresses: BTreeSet<String> = addresses.iter().map(|address| fold(address)).collect();
        if addresses.is_empty() && !who.iter().any(|who| matches!(who, Who::Invited(_))) {
            return Ok(Vec::new());
        }
        let (mut users, mut lists) = (Vec::new(), Lists::default());
        for (address, invite) in self.invites().await? {
            let is_wanted = addresses.contains(&address) || who.contains(&Who::Invited(invite.id));
            if !is_wanted || invite.state != State::Open || held.contains(&address) {
                continue;
            }
            if addresses.contains(&address) || self.searched(EMAIL, address.clone()).await?.is_none() {
                users.push(invited(&invite, layout, &mut lists));
            }
        }
        Ok(users)
    }
}
