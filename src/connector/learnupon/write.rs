//! Writes, person by person: several people at a time, each in order, and all changes to one account in one call.

use futures_util::{StreamExt as _, stream};
use serde_json::{Map, json};

use super::api::{Row, Trouble};
use super::fields::EXPIRES;
use super::seen::Who;
use super::{LearnUponTarget, refusal};
use crate::connector::jobs::{Job, by_person};
use crate::connector::{ConnectorError, GivenAccess, Write, WriteError, Written};
use crate::model::{GroupId, GroupKind};

/// What became of one write.
pub(super) type Answer = Result<Written, WriteError>;

/// People whose writes are under way at the same time within one part; the pace decides when.
const AT_ONCE: usize = 8;

/// A change to an account that is still to be sent: what it sends, and which writes it is for.
#[derive(Default)]
struct Pending {
    body: Row,
    places: Vec<(usize, Written)>,
}

impl LearnUponTarget {
    /// Carries out a part. What fails for good ends it: the rest of the part is answered as not reached, and the next part
    /// is refused as a whole.
    pub(super) async fn write_all(&self, writes: &[Write]) -> Result<Vec<Answer>, ConnectorError> {
        if let Some((error, _)) = self.failure().take() {
            return Err(error);
        }
        if !writes.is_empty() {
            // Known before the first write, so that those who are made at the same time come in their order.
            self.described().await?;
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
        let mut answers = Vec::with_capacity(job.len());
        let mut pending = Pending::default();
        let Some(user) = job.first().and_then(|(_, write)| write.user()) else {
            for (place, write) in job {
                answers.push((place, self.without_user(write).await));
            }
            return answers;
        };
        let Some(who) = Who::of(user) else {
            return job.into_iter().map(|(place, _)| (place, Err(refusal::unknown_user()))).collect();
        };
        for (place, write) in job {
            match self.change(who, write, &mut pending.body).await {
                Some(Ok(written)) => pending.places.push((place, written)),
                Some(Err(error)) => answers.push((place, Err(error))),
                None => {
                    self.send(who, std::mem::take(&mut pending), &mut answers).await;
                    answers.push((place, self.alone(who, write).await));
                }
            }
        }
        self.send(who, pending, &mut answers).await;
        answers
    }

    /// Adds a change of the account itself to what is to be sent; nothing where the write is of another kind.
    async fn change(&self, who: Who, write: &Write, body: &mut Row) -> Option<Answer> {
        let changed = match write {
            Write::UpdateUser { fields, .. } => {
                let fields = fields.iter().map(|(name, value)| (name, value.as_ref()));
                self.encode(fields).await.map(|sent| (sent, Written::Done))
            }
            Write::Reactivate { user, .. } => Ok((self.enabled(who), Written::User(GivenAccess::whole(user.clone())))),
            Write::Deactivate { .. } => Ok((Map::from_iter([("enabled".to_owned(), json!(false))]), Written::Done)),
            _ => return None,
        };
        Some(changed.map(|(sent, written)| {
            merge(body, sent);
            written
        }))
    }

    /// Access again. An end that has passed would take it at once (apis/learnupon.md §2.2), so that it goes too; an end that
    /// the recipe writes counts before this.
    fn enabled(&self, who: Who) -> Row {
        let mut sent = Map::from_iter([("enabled".to_owned(), json!(true))]);
        let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
        if let Who::User(id) = who
            && self.seen().users.get(&id).is_some_and(|user| user.expires.is_some_and(|end| end < today))
        {
            sent.insert(EXPIRES.to_owned(), json!(""));
        }
        sent
    }

    /// Sends what has gathered for an account, in one call.
    async fn send(&self, who: Who, pending: Pending, answers: &mut Vec<(usize, Answer)>) {
        let Pending { body, places } = pending;
        if places.is_empty() {
            return;
        }
        let sent = match who {
            Who::User(_) if body.is_empty() => Ok(()),
            Who::User(id) => self.update(id, body).await,
            // What ends access ends the invitation; nothing else of an invited person can be changed (§2.3).
            Who::Invited(id) if body.get("enabled") == Some(&json!(false)) => self.withdraw(id).await,
            Who::Invited(_) => Err(refusal::not_accepted()),
        };
        for (place, written) in places {
            answers.push((place, sent.clone().map(|()| written)));
        }
    }

    async fn without_user(&self, write: &Write) -> Answer {
        match write {
            Write::CreateGroup { kind: GroupKind::Group, name, key: _ } => self.create_group(name).await,
            Write::CreateGroup { kind: GroupKind::Team, .. } => Err(refusal::no_teams()),
            Write::UpdateGroup { .. } => Err(WriteError::no_group_keys()),
            Write::CreateUser { access, fields, memberships, .. } => {
                self.create_user(*access, fields, memberships).await
            }
            _ => Err(refusal::unknown_user()),
        }
    }

    async fn alone(&self, who: Who, write: &Write) -> Answer {
        let Who::User(user) = who else { return Err(refusal::not_accepted()) };
        match write {
            Write::AddMembership { membership, .. } => self.join(user, membership).await,
            Write::RemoveMembership { membership, .. } => self.leave(user, membership).await,
            Write::SetReferences { field, .. } => Err(refusal::no_references(field.as_str())),
            _ => Err(refusal::unknown_user()),
        }
        .map(|()| Written::Done)
    }

    async fn update(&self, id: u64, body: Row) -> Result<(), WriteError> {
        let user_type = body.get("user_type").and_then(serde_json::Value::as_str).map(std::sync::Arc::from);
        self.done(self.api.update(id, body).await)?;
        if user_type.is_some() {
            self.seen().users.entry(id).or_default().user_type = user_type;
        }
        Ok(())
    }

    /// One that is no longer there is withdrawn.
    async fn withdraw(&self, id: u64) -> Result<(), WriteError> {
        match self.api.withdraw(id).await {
            Err(Trouble::Said(said)) if said.not_found() => Ok(()),
            other => self.done(other),
        }
    }

    async fn create_group(&self, title: &str) -> Answer {
        let title = title.trim();
        if title.is_empty() {
            return Err(refusal::nameless_group());
        }
        let group = |id: u64| Written::Group(GroupId::new(id.to_string()));
        let named = |groups: &[super::seen::SeenGroup]| {
            groups.iter().find(|group| &*group.title == title).map(|group| group.id)
        };
        let known = self.groups_seen().await.map_err(|error| self.failed(error))?;
        if let Some(id) = named(&known) {
            return Ok(group(id));
        }
        match self.api.create_group(title).await {
            Ok(id) => {
                let made = super::seen::SeenGroup { id, title: title.into(), is_empty: true };
                self.seen().groups.get_or_insert_default().push(made);
                Ok(group(id))
            }
            // It may have been made meanwhile, or by a call that broke off.
            Err(Trouble::Said(said)) => {
                let groups = self.groups_again().await.map_err(|error| self.failed(error))?;
                named(&groups).map(group).ok_or_else(|| refusal::said(&said))
            }
            Err(other) => self.done(Err(other)).map(|()| Written::Done),
        }
    }

    /// What a call that answers nothing of use led to.
    pub(super) fn done(&self, called: Result<(), Trouble>) -> Result<(), WriteError> {
        match called {
            Ok(()) => Ok(()),
            Err(Trouble::Said(said)) => Err(refusal::said(&said)),
            Err(Trouble::Unsure(error)) => Err(refusal::broke_off(&error)),
            Err(Trouble::Failed(error)) => Err(self.failed(error)),
        }
    }
}

/// What is sent later counts before what was there; custom data is put together.
fn merge(body: &mut Row, sent: Row) {
    for (key, value) in sent {
        match (body.get_mut(&key), value) {
            (Some(serde_json::Value::Object(there)), serde_json::Value::Object(more)) => there.extend(more),
            (_, value) => _ = body.insert(key, value),
        }
    }
}
