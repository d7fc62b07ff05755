//! What is written down before and after each step, so that a run that is killed in between loses nothing and repeats nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use super::carry_out::Person;
use crate::connector::Write;
use crate::model::{EmployeeId, FieldName, Membership, UserId, Value};
use crate::store::{Batch, Fields, Intent, Link, Owned, OwnedWhat};

/// What a person's outcome adds to a batch, with the link that comes with it.
pub(super) fn settle(batch: &mut Batch, position: usize, person: &mut Person) {
    person.settled = true;
    if person.is_made_whole() {
        batch.settled_intents.push(person.plan.employee.clone());
    }
    let position = u32::try_from(position).unwrap_or(u32::MAX);
    let outcome = person.outcome();
    tracing::debug!(record.id = %outcome.person.employee, outcome = outcome.kind.word(), "person settled");
    batch.outcomes.push((position, outcome));
}

/// A pair that `identify` found, and the forgetting of whoever had this user before.
pub(super) fn link(batch: &mut Batch, person: &Person, owners: &BTreeMap<UserId, EmployeeId>) {
    let (Some(_), Some(user)) = (&person.plan.new_link, &person.plan.user) else { return };
    batch.unlinked.extend(owners.get(user).filter(|owner| **owner != person.plan.employee).cloned());
    batch.links.push(Link { employee: person.plan.employee.clone(), user: user.clone() });
}

/// That a user is about to be made, and what they will log in with.
pub(super) fn intent(person: &Person) -> Intent {
    let fields = person.plan.changes.iter().flat_map(|changes| &changes.fields);
    let login =
        fields.filter(|change| change.login()).find_map(|change| change.after.as_ref()).map(ToString::to_string);
    Intent { employee: person.plan.employee.clone(), login }
}

/// The values that a write gave to a person's fields.
pub(super) fn written(person: &Person, write: &Write) -> Option<(UserId, Fields)> {
    let value = |value: Option<&Value>| value.map_or(Json::Null, |value| Json::String(value.to_string()));
    let fields: Fields = match write {
        Write::CreateUser { fields, .. } => {
            fields.iter().map(|(field, given)| (field.to_string(), value(Some(given)))).collect()
        }
        Write::UpdateUser { fields, .. } => {
            fields.iter().map(|(field, given)| (field.to_string(), value(given.as_ref()))).collect()
        }
        _ => return None,
    };
    Some((person.plan.user.clone()?, fields)).filter(|(_, fields)| !fields.is_empty())
}

/// What a write for this person would make ours: not what was there before, which somebody else may have put there.
pub(super) fn owned_by(write: &Write, person: &Person) -> Vec<Owned> {
    match write {
        Write::AddMembership { user, membership } => vec![our_membership(user, membership)],
        Write::SetReferences { user, field, to, .. } => {
            let before = references_before(person, field);
            to.iter().filter(|to| !before.contains(to)).map(|to| our_reference(user, field, to)).collect()
        }
        _ => Vec::new(),
    }
}

/// What is no longer ours once a write for this person is done.
pub(super) fn disowned_by(write: &Write, person: &Person) -> Vec<Owned> {
    match write {
        Write::RemoveMembership { user, membership } => vec![our_membership(user, membership)],
        Write::SetReferences { user, field, to, .. } => {
            let before = references_before(person, field);
            before.iter().filter(|before| !to.contains(before)).map(|gone| our_reference(user, field, gone)).collect()
        }
        _ => Vec::new(),
    }
}

pub(super) fn our_membership(user: &UserId, membership: &Membership) -> Owned {
    let what = OwnedWhat::Membership(membership.group.clone(), Arc::clone(&membership.role));
    Owned { user: user.clone(), what }
}

fn our_reference(user: &UserId, field: &FieldName, to: &UserId) -> Owned {
    Owned { user: user.clone(), what: OwnedWhat::Reference(field.clone(), to.clone()) }
}

/// The users that a field led to when the plan was made.
fn references_before<'p>(person: &'p Person, field: &FieldName) -> &'p [UserId] {
    let changes = person.plan.changes.as_deref().map_or(&[][..], |changes| &changes.references);
    changes.iter().find(|change| change.field == *field).map_or(&[], |change| &change.before)
}
