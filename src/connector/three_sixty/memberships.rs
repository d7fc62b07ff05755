//! Who is a learner of which group: many at once by bulk operations, a single one by a call of its own.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use futures_util::{StreamExt as _, stream};

use super::bulk::{self, Change, Row};
use super::fields::LEARNER;
use super::trouble::{Stop, Trouble};
use super::{AT_ONCE, ThreeSixtyTarget, id, refusal};
use crate::connector::{Write, WriteError, Written};
use crate::model::{Membership, UserId};

type Answers = Vec<(usize, Result<Written, Stop>)>;

/// Carries out those of the writes that are memberships. Groups are joined first, so that nobody is in none in between.
pub(super) async fn change(target: &ThreeSixtyTarget, writes: &[Write], places: &[usize]) -> Answers {
    let mut answers = Answers::new();
    let mut joining = Vec::new();
    let mut leaving = Vec::new();
    for place in places {
        let (rows, user, membership) = match &writes[*place] {
            Write::AddMembership { user, membership } => (&mut joining, user, membership),
            Write::RemoveMembership { user, membership } => (&mut leaving, user, membership),
            _ => continue,
        };
        match row(*place, user, membership) {
            Ok(row) => rows.push(row),
            Err(error) => answers.push((*place, Err(error.into()))),
        }
    }
    answers.extend(carry_out(target, Change::Join, joining).await);
    let (leaving, kept) = match keep_what_goes_along(target, leaving).await {
        Ok(parted) => parted,
        Err((rows, trouble)) => {
            answers.extend(all(rows, Stop::from(trouble)));
            return answers;
        }
    };
    answers.extend(kept.into_iter().map(|row| (row.place, Ok(Written::Done))));
    answers.extend(carry_out(target, Change::Leave, leaving).await);
    answers
}

fn row(place: usize, user: &UserId, membership: &Membership) -> Result<Row, WriteError> {
    if &*membership.role != LEARNER {
        return Err(refusal::unknown_role(&membership.role));
    }
    let (user, group) = (id::user(user)?.into(), id::group(&membership.group)?.into());
    Ok(Row { place, user, group })
}

async fn carry_out(target: &ThreeSixtyTarget, change: Change, rows: Vec<Row>) -> Answers {
    if rows.len() < 2 {
        return singly(target, change, rows).await;
    }
    match bulk::carry_out(&target.api, change, &rows).await {
        Ok(Some(answers)) => answers,
        Ok(None) => singly(target, change, rows).await,
        Err(trouble) => all(rows, trouble),
    }
}

/// One call each: for a single one, and where there are no bulk operations.
async fn singly(target: &ThreeSixtyTarget, change: Change, rows: Vec<Row>) -> Answers {
    let one = |row: Row| async move {
        let done = match change {
            Change::Join => target.api.add_learner(&row.group, &row.user).await,
            Change::Leave => match target.api.remove_learner(&row.group, &row.user).await {
                Err(trouble) if trouble.code() == Some("userNotFoundInGroup") => Ok(()),
                other => other,
            },
        };
        (row.place, done.map(|()| Written::Done).map_err(Stop::from))
    };
    stream::iter(rows).map(one).buffer_unordered(AT_ONCE).collect().await
}

/// The same for all; the first has the trouble itself, which ends the run where nothing was done.
fn all(rows: Vec<Row>, trouble: Stop) -> Answers {
    let words = trouble.words();
    let mut trouble = Some(trouble);
    let answer = |row: Row| (row.place, Err(trouble.take().unwrap_or_else(|| Stop::One(words.clone()))));
    rows.into_iter().map(answer).collect()
}

/// Parts off the rows that are not carried out: a group is not left by those who stay in a public group below it. Leaving it
/// would take that one away too, and joining that one again would bring it back (apis/360learning.md §6).
async fn keep_what_goes_along(
    target: &ThreeSixtyTarget,
    rows: Vec<Row>,
) -> Result<(Vec<Row>, Vec<Row>), (Vec<Row>, Trouble)> {
    if rows.is_empty() {
        return Ok((rows, Vec::new()));
    }
    let tree = match target.tree().await {
        Ok(tree) => tree,
        Err(trouble) => return Err((rows, trouble)),
    };
    let mut below: HashMap<&str, Vec<Arc<str>>> = HashMap::new();
    for row in &rows {
        below.entry(&row.group).or_insert_with(|| tree.public_below(&row.group));
    }
    let concerned: HashSet<Arc<str>> =
        rows.iter().filter(|row| !below[&*row.group].is_empty()).map(|row| Arc::clone(&row.user)).collect();
    let roles_of = |user: Arc<str>| async move { (target.api.roles(&user).await, user) };
    let mut held: HashMap<Arc<str>, HashSet<Arc<str>>> = HashMap::new();
    let mut asked = stream::iter(concerned).map(roles_of).buffer_unordered(AT_ONCE);
    while let Some((roles, user)) = asked.next().await {
        match roles {
            Ok(roles) => {
                let groups = roles.into_iter().filter(|role| &*role.role == LEARNER).map(|role| role.group_id);
                held.insert(user, groups.collect());
            }
            // Who is gone is in no group.
            Err(trouble) if trouble.is_not_found() => {}
            Err(trouble) => {
                drop(asked);
                return Err((rows, trouble));
            }
        }
    }
    for row in &rows {
        if let Some(groups) = held.get_mut(&row.user) {
            groups.remove(&row.group);
        }
    }
    let stays = |row: &Row| {
        held.get(&row.user).is_some_and(|groups| below[&*row.group].iter().any(|group| groups.contains(group)))
    };
    let stay: Vec<bool> = rows.iter().map(stays).collect();
    let (mut left, mut kept) = (Vec::new(), Vec::new());
    for (row, stays) in rows.into_iter().zip(stay) {
        if stays { kept.push(row) } else { left.push(row) }
    }
    Ok((left, kept))
}
