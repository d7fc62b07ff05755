//! Users as a target's listings leave them, made whole: by what is remembered, and by asking about those of whom nothing is.

use std::collections::{BTreeMap, BTreeSet};

use crate::engine::{Inputs, plan};
use crate::model::plan::{PersonPlan, Verdict};
use crate::model::{Known, Unlisted, User, UserId, UserStatus};
use crate::recipe::Recipe;

/// What is known of users where listings leave it out.
#[derive(Debug, Default)]
pub(super) struct KnownUsers {
    /// What listings leave out; nothing where they have everything.
    pub(super) unlisted: Option<Unlisted>,
    by_user: BTreeMap<UserId, Known>,
    /// Of whom something else is known than is stored.
    changed: BTreeSet<UserId>,
}

impl KnownUsers {
    pub(super) fn new(unlisted: Option<Unlisted>, by_user: BTreeMap<UserId, Known>) -> Self {
        Self { unlisted, by_user, changed: BTreeSet::new() }
    }

    /// What is known of a user, to be kept in step while they are written to.
    pub(super) fn take(&mut self, user: &UserId) -> Option<Known> {
        self.by_user.remove(user)
    }

    /// What is to be stored before anything is written.
    pub(super) fn changed(&self) -> Vec<(UserId, Known)> {
        let changed = self.changed.iter();
        changed.filter_map(|user| Some((user.clone(), self.by_user.get(user)?.clone()))).collect()
    }

    /// Lays what is known over the users that were listed.
    pub(super) fn lay_over(&mut self, users: &mut [User]) {
        let Some(unlisted) = &self.unlisted else { return };
        let inactive: BTreeSet<UserId> =
            users.iter().filter(|user| is_inactive(user)).map(|user| user.id.clone()).collect();
        for user in users {
            let Some(known) = self.by_user.get_mut(&user.id) else { continue };
            if known.follow(user, &|id| inactive.contains(id), unlisted) {
                self.changed.insert(user.id.clone());
            }
            *user = known.completed(user, unlisted);
        }
    }

    /// Takes in what was asked of users.
    pub(super) fn learn(&mut self, users: &[User]) {
        let Some(unlisted) = &self.unlisted else { return };
        for user in users {
            self.by_user.insert(user.id.clone(), Known::read(user, unlisted));
            self.changed.insert(user.id.clone());
        }
    }

    /// Whether nothing that the recipe reads of a user is missing.
    pub(super) fn is_whole(&self, user: &UserId) -> bool {
        let unlisted = self.unlisted.as_ref();
        unlisted.is_none_or(|unlisted| self.by_user.get(user).is_some_and(|known| known.is_whole(unlisted)))
    }
}

fn is_inactive(user: &User) -> bool {
    user.status == UserStatus::Inactive
}

/// The users of people who should have access: what they hold decides what is written.
pub(super) fn users_that_count(recipe: &Recipe, inputs: &Inputs<'_>) -> Vec<UserId> {
    let status: BTreeMap<&UserId, UserStatus> = inputs.users.iter().map(|user| (&user.id, user.status)).collect();
    let counts = |person: &PersonPlan| {
        let user = person.user.as_ref()?;
        let active = status.get(user).is_some_and(|status| *status != UserStatus::Inactive);
        let counts = match person.verdict {
            Verdict::Reactivate => true,
            Verdict::Update | Verdict::Unchanged => active,
            _ => false,
        };
        counts.then(|| user.clone())
    };
    plan(recipe, inputs).people.iter().filter_map(|person| counts(person)).collect()
}
