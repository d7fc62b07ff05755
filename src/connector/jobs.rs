//! The writes of a part, person by person.

use std::collections::HashMap;

use super::Write;
use crate::model::UserId;

/// The writes of one person in order, by their places in the part.
pub(super) type Job<'w> = Vec<(usize, &'w Write)>;

/// One job for each person, in the order in which they are first met; whatever is of nobody is a job of its own.
pub(super) fn by_person(writes: &[Write]) -> Vec<Job<'_>> {
    let mut jobs: Vec<Job<'_>> = Vec::new();
    let mut of: HashMap<&UserId, usize> = HashMap::new();
    for (place, write) in writes.iter().enumerate() {
        let job = write.user().map(|user| *of.entry(user).or_insert(jobs.len()));
        match job.and_then(|job| jobs.get_mut(job)) {
            Some(job) => job.push((place, write)),
            None => jobs.push(vec![(place, write)]),
        }
    }
    jobs
}

impl Write {
    /// Whom it is for, where it is for a user who is there.
    pub(super) fn user(&self) -> Option<&UserId> {
        match self {
            Self::CreateGroup { .. } | Self::UpdateGroup { .. } | Self::CreateUser { .. } => None,
            Self::UpdateUser { user, .. }
            | Self::Reactivate { user, .. }
            | Self::SetReferences { user, .. }
            | Self::AddMembership { user, .. }
            | Self::RemoveMembership { user, .. }
            | Self::Deactivate { user } => Some(user),
        }
    }
}
