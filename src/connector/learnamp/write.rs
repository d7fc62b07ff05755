//! Writes, person by person: several people at a time, each in order, and everything that changes one account in one call.

use futures_util::{StreamExt as _, stream};
use serde_json::json;

use super::change::{Change, Changes};
use super::fields::{self, MANAGER, PRIMARY_TEAM};
use super::seen::id_of;
use super::{LearnAmpTarget, refusal};
use crate::connector::jobs::{Job, by_person};
use crate::connector::{ConnectorError, GivenAccess, Write, WriteError, Written};
use crate::model::{FieldName, UserId, Value};

/// What became of one write.
pub(super) type Answer = Result<Written, WriteError>;

/// People whose writes are under way at the same time within one part; the pace decides when.
const AT_ONCE: usize = 8;

impl LearnAmpTarget {
    /// Carries out a part. What fails for good ends it: the rest of the part is answered as not reached, and the next part
    /// is refused as a whole.
    pub(super) async fn write_all(&self, writes: &[Write]) -> Result<Vec<Answer>, ConnectorError> {
        if let Some((error, _)) = self.failure().take() {
            return Err(error);
        }
        let jobs: Vec<_> = by_person(writes).into_iter().map(|job| self.job(job)).collect();
        let mut answers: Vec<Option<Answer>> = writes.iter().map(|_| None).collect();
        let mut done = stream::iter(jobs).buffer_unordered(AT_ONCE);
        while let Some(some) = done.next().await {
            for (place, answer) in some {
                answers[place] = Some(answer);
            }
        }
        Ok(answers.into_iter().map(|answer| answer.unwrap_or_else(|| Err(refusal::unknown_user()))).collect())
    }

    async fn job(&self, job: Job<'_>) -> Vec<(usize, Answer)> {
        let known = self.failure().as_ref().map(|(_, not_reached)| not_reached.clone());
        if let Some(not_reached) = known {
            return job.into_iter().map(|(place, _)| (place, Err(not_reached.clone()))).collect();
        }
        let Some(user) = job.first().and_then(|(_, write)| write.user()) else {
            let mut answers = Vec::new();
            for (place, write) in job {
                answers.push((place, self.without_user(write).await));
            }
            return answers;
        };
        match id_of(user) {
            Some(id) => self.person(id, &job).await,
            None => job.into_iter().map(|(place, _)| (place, Err(refusal::unknown_user()))).collect(),
        }
    }

    async fn without_user(&self, write: &Write) -> Answer {
        match write {
            Write::CreateGroup { kind, name, key } => self.create_team(*kind, name, key.as_ref()).await,
            Write::UpdateGroup { group, change, .. } => self.update_team(group, change).await,
            Write::CreateUser { access, fields, .. } => self.create_user(*access, fields).await,
            _ => Err(refusal::unknown_user()),
        }
    }

    /// Everything of one person: access, fields and manager together, and the end of access by itself.
    async fn person(&self, id: u64, job: &Job<'_>) -> Vec<(usize, Answer)> {
        let mut answers: Vec<(usize, Answer)> = Vec::new();
        let mut changes = Changes::default();
        let mut ends = None;
        for (place, write) in job {
            match write {
                Write::UpdateUser { fields, .. } => {
                    match self.changes(*place, fields.iter().map(|(name, value)| (name, value.as_ref()))).await {
                        Ok(some) => changes.fields.extend(some),
                        Err(error) => answers.push((*place, Err(error))),
                    }
                }
                Write::SetReferences { field, to, .. } => match manager(id, *place, field, to) {
                    Ok(change) => changes.fields.push(change),
                    Err(error) => answers.push((*place, Err(error))),
                },
                Write::Reactivate { .. } => changes.back = true,
                Write::Deactivate { .. } => ends = Some(*place),
                _ => answers.push((*place, Err(refusal::no_groups()))),
            }
        }
        let failed = if changes.is_empty() { Vec::new() } else { self.change(id, changes).await };
        for (place, write) in job {
            if answers.iter().any(|(answered, _)| answered == place) || Some(*place) == ends {
                continue;
            }
            let error = failed.iter().find(|failed| failed.concerns(*place)).map(|failed| failed.error.clone());
            answers.push((*place, error.map_or_else(|| Ok(done(write)), Err)));
        }
        if let Some(place) = ends {
            answers.push((place, self.deactivate(id).await.map(|()| Written::Done)));
        }
        answers
    }

    /// Fields as they are sent. Teams are told by id.
    pub(super) async fn changes<'f>(
        &self,
        place: usize,
        given: impl Iterator<Item = (&'f FieldName, Option<&'f Value>)>,
    ) -> Result<Vec<Change>, WriteError> {
        let mut changes = Vec::new();
        for (name, value) in given {
            let is_writable = fields::key(name.as_str()).is_some() || !fields::is_standard(name.as_str());
            if !is_writable || name.as_str() == MANAGER {
                return Err(refusal::unknown_field(name.as_str()));
            }
            let value = match value.and_then(Value::as_text).filter(|_| name.as_str() == PRIMARY_TEAM) {
                Some(team) => json!(self.team_id(team).await?),
                None => fields::encode(name, value)?,
            };
            changes.push(Change { place, name: name.clone(), value });
        }
        Ok(changes)
    }
}

/// The override manager, by id (apis/learnamp.md §6).
fn manager(id: u64, place: usize, field: &FieldName, to: &[UserId]) -> Result<Change, WriteError> {
    if field.as_str() != MANAGER {
        return Err(refusal::unknown_field(field.as_str()));
    }
    let value = match to {
        [] => serde_json::Value::Null,
        [manager] => match id_of(manager) {
            Some(manager) if manager == id => return Err(refusal::own_manager()),
            Some(manager) => json!(manager),
            None => return Err(refusal::unknown_user()),
        },
        _ => return Err(refusal::several_managers()),
    };
    Ok(Change { place, name: field.clone(), value })
}

fn done(write: &Write) -> Written {
    match write {
        Write::Reactivate { user, .. } => Written::User(GivenAccess::whole(user.clone())),
        _ => Written::Done,
    }
}
