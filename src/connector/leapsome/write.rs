//! Writes, person by person: several people at a time, and everything of one person's in a part in one call.

use std::sync::Arc;

use futures_util::{StreamExt as _, stream};

use super::change::{Change, Outcome};
use super::{LeapsomeTarget, refusal};
use crate::connector::jobs::{Job, by_person};
use crate::connector::{ConnectorError, GivenAccess, Write, WriteError, Written};
use crate::model::{GroupKind, UserId, Whose};

/// What became of one write.
pub(super) type Answer = Result<Written, WriteError>;

/// People whose writes are under way at the same time within one part; the pace decides when.
const AT_ONCE: usize = 8;

/// What a write asked for of the change that it is part of.
enum Part {
    Fields(Vec<Arc<str>>),
    Access,
    AccessEnds,
}

impl LeapsomeTarget {
    /// Carries out a part. What fails for good ends it: the rest of the part is answered as not reached, and the next part
    /// is refused as a whole.
    pub(super) async fn write_all(&self, writes: &[Write]) -> Result<Vec<Answer>, ConnectorError> {
        if let Some((error, _)) = self.failure().take() {
            return Err(error);
        }
        let mut answers: Vec<Option<Answer>> = writes.iter().map(|_| None).collect();
        let is_membership =
            |write: &Write| matches!(write, Write::AddMembership { .. } | Write::RemoveMembership { .. });
        let jobs = by_person(writes).into_iter().map(|job| {
            let alone = job.into_iter().filter(|(_, write)| !is_membership(write));
            self.job(alone.collect())
        });
        let jobs: Vec<_> = jobs.collect();
        let mut done = stream::iter(jobs).buffer_unordered(AT_ONCE);
        while let Some(some) = done.next().await {
            for (place, answer) in some {
                answers[place] = Some(answer);
            }
        }
        let together = writes.iter().enumerate().filter(|(_, write)| is_membership(write));
        for (place, answer) in self.memberships(together.collect()).await {
            answers[place] = Some(answer);
        }
        Ok(answers.into_iter().map(|answer| answer.unwrap_or_else(|| Err(refusal::unknown_user()))).collect())
    }

    async fn job(&self, job: Job<'_>) -> Vec<(usize, Answer)> {
        if let Some(not_reached) = self.not_reached() {
            return job.into_iter().map(|(place, _)| (place, Err(not_reached.clone()))).collect();
        }
        let Some(user) = job.first().and_then(|(_, write)| write.user()) else {
            let mut answers = Vec::with_capacity(job.len());
            for (place, write) in job {
                answers.push((place, self.without_user(write).await));
            }
            return answers;
        };
        let (mut change, mut parts, mut answers) = (Change::default(), Vec::new(), Vec::new());
        for (place, write) in &job {
            match self.gathered(user, write, &mut change).await {
                Ok(part) => parts.push((*place, part)),
                Err(error) => answers.push((*place, Err(error))),
            }
        }
        if parts.is_empty() {
            return answers;
        }
        let outcome = self.change(user, &change).await;
        answers.extend(parts.into_iter().map(|(place, part)| match &outcome {
            Ok(outcome) => (place, answer(&part, outcome, user)),
            Err(error) => (place, Err(error.clone())),
        }));
        answers
    }

    /// Adds what a write asks for to a user's change.
    async fn gathered(&self, user: &UserId, write: &Write, change: &mut Change) -> Result<Part, WriteError> {
        match write {
            Write::UpdateUser { fields, .. } => {
                for (name, value) in fields {
                    self.checked(name, value.as_ref()).await?;
                }
                let names = fields.iter().map(|(name, _)| Arc::clone(name.shared())).collect();
                change.fields.extend(fields.iter().map(|(name, value)| (Arc::clone(name.shared()), value.clone())));
                Ok(Part::Fields(names))
            }
            Write::SetReferences { field, to, .. } => {
                let value = Self::referred(user, field, to)?;
                for one in to {
                    self.known(one).await.map_err(|error| match error.whose {
                        Whose::Credentials => error,
                        _ => refusal::unknown_manager(field.as_str()),
                    })?;
                }
                change.fields.push((Arc::clone(field.shared()), value));
                Ok(Part::Fields(vec![Arc::clone(field.shared())]))
            }
            Write::Reactivate { .. } => {
                change.active = Some(true);
                Ok(Part::Access)
            }
            Write::Deactivate { .. } => {
                change.active = Some(false);
                Ok(Part::AccessEnds)
            }
            _ => Err(refusal::unknown_user()),
        }
    }

    async fn without_user(&self, write: &Write) -> Answer {
        match write {
            Write::CreateGroup { kind: GroupKind::Group, name, key: _ } => self.create_group(name).await,
            Write::CreateGroup { kind: GroupKind::Team, name, key: _ } => self.announce_team(name).await,
            Write::UpdateGroup { .. } => Err(WriteError::no_group_keys()),
            // Who is invited, and when, is a setting of the company (apis/leapsome.md §2.2).
            Write::CreateUser { employee, access: _, fields, memberships: _ } => self.create(employee, fields).await,
            _ => Err(refusal::unknown_user()),
        }
    }
}

/// What became of one write of those that went together.
fn answer(part: &Part, outcome: &Outcome, user: &UserId) -> Answer {
    match part {
        Part::Fields(names) => {
            let of_these = outcome.fields.iter().filter(|(name, _)| names.contains(name)).cloned();
            match trouble_of(&Outcome { fields: of_these.collect(), active: None }) {
                Some(error) => Err(error),
                None => Ok(Written::Done),
            }
        }
        Part::Access | Part::AccessEnds => match (&outcome.active, part) {
            (Some(error), _) => Err(error.clone()),
            (None, Part::Access) => Ok(Written::User(GivenAccess::whole(user.clone()))),
            (None, _) => Ok(Written::Done),
        },
    }
}

/// Everything that did not become so, in one.
pub(super) fn trouble_of(outcome: &Outcome) -> Option<WriteError> {
    match &outcome.fields[..] {
        [] => outcome.active.clone(),
        [(_, one)] => Some(one.clone()),
        [(_, first), ..] => {
            let names: Vec<&str> = outcome.fields.iter().map(|(name, _)| &**name).collect();
            Some(refusal::left_out(&names, &first.hint))
        }
    }
}
