//! Writes, each to whom it concerns: people at the same time, and what is for one of them in order.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::{StreamExt as _, stream};

use super::trouble::Stop;
use super::{AT_ONCE, ThreeSixtyTarget, account, fields, memberships, references, refusal};
use crate::connector::{ConnectorError, Write, WriteError, Written};
use crate::model::{GroupId, GroupKind, Value};

type Answer = Result<Written, Stop>;

/// Carries out writes and answers each, in order. Memberships come last, together.
pub(super) async fn write(
    target: &ThreeSixtyTarget,
    writes: &[Write],
) -> Result<Vec<Result<Written, WriteError>>, ConnectorError> {
    let (together, alone): (Vec<usize>, Vec<usize>) = (0..writes.len())
        .partition(|place| matches!(writes[*place], Write::AddMembership { .. } | Write::RemoveMembership { .. }));
    let one_after_the_other = |lane: Vec<usize>| async move {
        let mut answered = Vec::with_capacity(lane.len());
        for place in lane {
            answered.push((place, one(target, &writes[place]).await));
        }
        answered
    };
    let mut answers: Vec<(usize, Answer)> =
        stream::iter(lanes(writes, alone)).map(one_after_the_other).buffer_unordered(AT_ONCE).concat().await;
    answers.extend(memberships::change(target, writes, &together).await);
    answers.sort_by_key(|(place, _)| *place);
    settled(answers.into_iter().map(|(_, answer)| answer).collect())
}

/// What cannot be done at the same time: the writes of one person, creations with one login, and groups.
fn lanes(writes: &[Write], places: Vec<usize>) -> Vec<Vec<usize>> {
    let mut lanes: Vec<Vec<usize>> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for place in places {
        let key = match &writes[place] {
            Write::CreateGroup { .. } | Write::UpdateGroup { .. } => "groups".to_owned(),
            Write::CreateUser { fields, .. } => {
                let mail = fields.iter().find(|(name, _)| name.as_str() == fields::MAIL);
                let mail = mail.and_then(|(_, value)| value.as_text()).map(str::to_lowercase);
                mail.map_or_else(|| format!("new {place}"), |mail| format!("new {mail}"))
            }
            Write::UpdateUser { user, .. }
            | Write::Reactivate { user, .. }
            | Write::SetReferences { user, .. }
            | Write::AddMembership { user, .. }
            | Write::RemoveMembership { user, .. }
            | Write::Deactivate { user } => format!("user {user}"),
        };
        let lane = *known.entry(key).or_insert_with(|| {
            lanes.push(Vec::new());
            lanes.len() - 1
        });
        lanes[lane].push(place);
    }
    lanes
}

async fn one(target: &ThreeSixtyTarget, write: &Write) -> Answer {
    match write {
        Write::CreateGroup { kind, name, key: _ } => Ok(Written::Group(create_group(target, *kind, name).await?)),
        Write::UpdateGroup { .. } => Err(WriteError::no_group_keys().into()),
        Write::CreateUser { employee: _, access, fields, memberships } => {
            Ok(Written::User(account::create(target, *access, fields, memberships).await?))
        }
        Write::UpdateUser { user, fields } => account::update(target, user, fields).await.map(|()| Written::Done),
        Write::Reactivate { user, from, access, memberships } => {
            Ok(Written::User(account::reactivate(target, user, *from, *access, memberships).await?))
        }
        Write::SetReferences { user, field, from, to } => {
            references::set(&target.api, user, field, from, to).await.map(|()| Written::Done)
        }
        Write::Deactivate { user } => account::deactivate(target, user).await.map(|()| Written::Done),
        // Together with the others of their kind.
        Write::AddMembership { .. } | Write::RemoveMembership { .. } => Ok(Written::Done),
    }
}

/// Makes a private group below the one above all others: it shares its learners with none. Names are not unique
/// (apis/360learning.md §6), so that one that is there is looked for.
async fn create_group(target: &ThreeSixtyTarget, kind: GroupKind, name: &str) -> Result<GroupId, Stop> {
    if kind == GroupKind::Team {
        return Err(refusal::no_teams().into());
    }
    if Value::text(name).is_none() {
        return Err(refusal::nameless_group().into());
    }
    let tree = target.tree().await?;
    if let Some(group) = tree.named(name) {
        return Ok(GroupId::new(Arc::clone(&group.id)));
    }
    let root = tree.root().ok_or_else(refusal::no_root)?;
    let made = target.api.create_group(name, &root.id).await;
    target.forget_tree().await;
    match made {
        Ok(id) => Ok(GroupId::new(id)),
        Err(trouble) if trouble.is_unsure() => match target.tree().await?.named(name) {
            Some(group) => Ok(GroupId::new(Arc::clone(&group.id))),
            None => Err(trouble.into()),
        },
        Err(trouble) => Err(trouble.into()),
    }
}

/// The answers, or that none of the writes was done and none will be. Where something was done, it is said: the next call
/// meets the same trouble.
fn settled(answers: Vec<Answer>) -> Result<Vec<Result<Written, WriteError>>, ConnectorError> {
    let nothing_was_done = answers.iter().all(Result::is_err);
    let mut settled = Vec::with_capacity(answers.len());
    for answer in answers {
        match answer {
            Err(Stop::All(error)) if nothing_was_done => return Err(error),
            answer => settled.push(answer.map_err(|stop| stop.words())),
        }
    }
    Ok(settled)
}
