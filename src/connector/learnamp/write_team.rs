//! Teams: made, renamed and given a key. Who manages one, what is above it and below it, and its tags are never sent
//! (apis/learnamp.md §6).

use std::sync::Arc;

use serde_json::{Map, json};

use super::api::{Row, Trouble};
use super::seen::SeenTeam;
use super::write::Answer;
use super::{LearnAmpTarget, refusal};
use crate::connector::{WriteError, Written};
use crate::model::plan::GroupUpdate;
use crate::model::{GroupId, GroupKind};

impl LearnAmpTarget {
    /// Makes a team. One of that name is the answer: names need not be unique.
    pub(super) async fn create_team(&self, kind: GroupKind, name: &str, key: Option<&Arc<str>>) -> Answer {
        if kind == GroupKind::Group {
            return Err(refusal::no_groups());
        }
        if name.trim().is_empty() {
            return Err(refusal::nameless_team());
        }
        self.teams_known().await?;
        if let Some(team) = self.seen().team(name) {
            return Ok(written(team.id));
        }
        let mut body = Map::from_iter([("name".to_owned(), json!(name))]);
        body.extend(key.map(|key| ("integrationExternalId".to_owned(), json!(**key))));
        match self.api.create_team(&body).await {
            Ok(row) => match SeenTeam::of(&row) {
                Some(team) => Ok(self.noted(team)),
                // It was made, and the answer does not show it.
                None => self.made_meanwhile(name).await?.ok_or_else(refusal::unknown_team),
            },
            // Made meanwhile, or by the call that broke off.
            Err(Trouble::Said(said)) => self.made_meanwhile(name).await?.ok_or_else(|| team_refused(&said)),
            Err(Trouble::Unsure(error)) => self.made_meanwhile(name).await?.ok_or_else(|| refusal::broke_off(&error)),
            Err(Trouble::Failed(error)) => Err(self.failed(error)),
        }
    }

    /// Another name, or a key. The name goes with every call, as what a team cannot be without.
    pub(super) async fn update_team(&self, group: &GroupId, change: &GroupUpdate) -> Answer {
        self.teams_known().await?;
        let id: u64 = group.as_str().parse().map_err(|_| refusal::unknown_team())?;
        let known = self.seen().teams.iter().flatten().find(|team| team.id == id).cloned();
        let mut wanted = known.ok_or_else(refusal::unknown_team)?;
        let mut body = Row::new();
        match change {
            GroupUpdate::Rename(name) => wanted.name = Arc::clone(name),
            GroupUpdate::GiveKey(key) => {
                wanted.key = Some(Arc::clone(key));
                body.insert("integrationExternalId".to_owned(), json!(**key));
            }
        }
        body.insert("name".to_owned(), json!(*wanted.name));
        let row = match self.api.update_team(id, &body).await {
            Ok(row) => row,
            Err(Trouble::Said(said)) => return Err(team_refused(&said)),
            Err(Trouble::Unsure(error)) => return Err(refusal::broke_off(&error)),
            Err(Trouble::Failed(error)) => return Err(self.failed(error)),
        };
        // An answer that shows no team is a success all the same.
        let kept = SeenTeam::of(&row).is_none_or(|team| match change {
            GroupUpdate::Rename(_) => team.name == wanted.name,
            GroupUpdate::GiveKey(_) => !row.contains_key("integrationExternalId") || team.key == wanted.key,
        });
        if !kept {
            return Err(refusal::team_not_kept());
        }
        self.seen().note_team(wanted);
        Ok(Written::Done)
    }

    /// The id of the team that a user is to be in.
    pub(super) async fn team_id(&self, name: &str) -> Result<u64, WriteError> {
        self.teams_known().await?;
        self.seen().team(name).map(|team| team.id).ok_or_else(refusal::unknown_team)
    }

    async fn teams_known(&self) -> Result<(), WriteError> {
        if self.seen().teams.is_none() {
            self.teams_again().await.map_err(|error| self.failed(error))?;
        }
        Ok(())
    }

    async fn made_meanwhile(&self, name: &str) -> Result<Option<Written>, WriteError> {
        let rows = self.api.teams_called(name).await.map_err(|error| self.failed(error))?;
        Ok(rows.iter().filter_map(SeenTeam::of).min_by_key(|team| team.id).map(|team| self.noted(team)))
    }

    fn noted(&self, team: SeenTeam) -> Written {
        let id = team.id;
        self.seen().note_team(team);
        written(id)
    }
}

fn written(id: u64) -> Written {
    Written::Group(GroupId::new(id.to_string()))
}

fn team_refused(said: &super::wire::Said) -> WriteError {
    if said.status == crate::connector::http::StatusCode::NOT_FOUND {
        return refusal::unknown_team();
    }
    let mut error = refusal::said(said);
    if said.status.as_u16() == 400 {
        "look at the team in Learn Amp: another one may have its name or its integration external id"
            .clone_into(&mut error.hint);
    }
    error
}
