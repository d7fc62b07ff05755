//! Teams that are made, and people who join them (apis/leapsome.md §3).

use std::collections::BTreeMap;

use futures_util::{StreamExt as _, stream};

use super::api::Trouble;
use super::fields::{self, MEMBER};
use super::read::team_id;
use super::write::Answer;
use super::{LeapsomeTarget, refusal};
use crate::connector::{Write, WriteError, Written};
use crate::model::{GroupId, Membership, UserId};

/// The most who join a team in one call (§3).
pub(super) const MOST: usize = 100;

/// The longest name of a team (§3).
const LONGEST_NAME: usize = 128;

/// Calls for teams that are under way at the same time.
const AT_ONCE: usize = 8;

impl LeapsomeTarget {
    /// A team that is the value of a field needs no call: naming it in the first user's field makes it (§2.3).
    pub(super) async fn announce_team(&self, name: &str) -> Answer {
        if !is_name(name) {
            return Err(refusal::nameless_team());
        }
        self.teams_seen().await.map_err(|error| self.failed(error))?;
        let mut seen = self.seen();
        if !seen.has_team(name) {
            seen.coming.insert(name.into());
        }
        Ok(Written::Group(team_id(name)))
    }

    /// Makes a team that people join. One of that name that is there is the answer.
    pub(super) async fn create_group(&self, name: &str) -> Answer {
        if !is_name(name) {
            return Err(refusal::nameless_team());
        }
        if let Some(id) = self.team_named(name).await? {
            return Ok(Written::Group(id));
        }
        match self.api.create_group(name).await {
            Ok(Some(id)) => {
                self.seen().teams.get_or_insert_default().insert(id.clone(), name.into());
                Ok(Written::Group(GroupId::new(id)))
            }
            // Made meanwhile, or by a call whose answer was lost.
            Ok(None) => {
                self.seen().teams = None;
                self.team_named(name).await?.map(Written::Group).ok_or_else(refusal::unknown_group)
            }
            Err(trouble) => Err(self.refused(trouble, refusal::Asked::default())),
        }
    }

    async fn team_named(&self, name: &str) -> Result<Option<GroupId>, WriteError> {
        let teams = self.teams_seen().await.map_err(|error| self.failed(error))?;
        Ok(teams.iter().find(|(_, known)| ***known == *name).map(|(id, _)| GroupId::new(id.clone())))
    }

    /// Adds people to teams, a hundred at a time; nobody can be taken out of one.
    pub(super) async fn memberships(&self, writes: Vec<(usize, &Write)>) -> Vec<(usize, Answer)> {
        let mut answers = Vec::with_capacity(writes.len());
        let mut by_team: BTreeMap<&GroupId, Vec<(usize, &UserId)>> = BTreeMap::new();
        for (place, write) in writes {
            match self.joining(write).await {
                Ok((user, membership)) => by_team.entry(&membership.group).or_default().push((place, user)),
                Err(error) => answers.push((place, Err(error))),
            }
        }
        let chunks = by_team.iter().flat_map(|(team, people)| people.chunks(MOST).map(move |people| (*team, people)));
        let calls = chunks.map(|(team, people)| async move {
            let joined = self.join(team, people).await;
            people.iter().map(|(place, _)| (*place, joined.clone().map(|()| Written::Done))).collect::<Vec<_>>()
        });
        let calls: Vec<_> = calls.collect();
        answers.extend(stream::iter(calls).buffer_unordered(AT_ONCE).concat().await);
        answers
    }

    /// Who joins what. Somebody whom Leapsome does not know would be left out without a word.
    async fn joining<'w>(&self, write: &'w Write) -> Result<(&'w UserId, &'w Membership), WriteError> {
        if let Some(not_reached) = self.not_reached() {
            return Err(not_reached);
        }
        let Write::AddMembership { user, membership } = write else { return Err(refusal::cannot_leave()) };
        if *membership.role != *MEMBER {
            return Err(refusal::unknown_role());
        }
        if !fields::is_attribute(membership.group.as_str()) && !self.teams_have(membership).await? {
            return Err(refusal::unknown_group());
        }
        if !self.seen().users.contains_key(user.as_str()) {
            let refused = |trouble| self.refused(trouble, refusal::Asked::default());
            let found = self.api.user(user.as_str()).await.map_err(refused)?;
            self.seen().user(&found.ok_or_else(refusal::unknown_user)?);
        }
        Ok((user, membership))
    }

    async fn teams_have(&self, membership: &Membership) -> Result<bool, WriteError> {
        let teams = self.teams_seen().await.map_err(|error| self.failed(error))?;
        Ok(teams.contains_key(membership.group.as_str()))
    }

    async fn join(&self, team: &GroupId, people: &[(usize, &UserId)]) -> Result<(), WriteError> {
        let users: Vec<&str> = people.iter().map(|(_, user)| user.as_str()).collect();
        match self.api.join(team.as_str(), &users).await {
            Ok(()) => Ok(()),
            Err(Trouble::Said(said)) if [401, 403, 404].contains(&said.status) => Err(refusal::unknown_group()),
            Err(trouble) => Err(self.refused(trouble, refusal::Asked::default())),
        }
    }
}

fn is_name(name: &str) -> bool {
    !name.trim().is_empty() && name.chars().count() <= LONGEST_NAME
}
