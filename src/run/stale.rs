//! What is remembered as ours and is no longer there: removed by a run that was killed before it could say so, or by hand.
//! It is forgotten, so that somebody who puts it back by hand later does not lose it to us.

use std::sync::Arc;

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::gather::Gathered;
use crate::engine::Memory;
use crate::model::{FieldName, GroupId, Membership, User, UserLayout, Value};
use crate::store::{Owned, OwnedWhat};

/// Everything remembered as ours that the users read from the target do not have.
pub(super) fn no_longer_there(gathered: &Gathered, layout: &UserLayout) -> Vec<Owned> {
    let users = gathered.users.par_iter();
    users.flat_map_iter(|user| gone_from(user, &gathered.memory, layout)).collect()
}

fn gone_from(user: &User, memory: &Memory, layout: &UserLayout) -> Vec<Owned> {
    let mut stale = Vec::new();
    let ours = memory.memberships.get(&user.id).filter(|_| layout.memberships);
    for (place, (group, role)) in ours.into_iter().flat_map(|known| known.iter()).enumerate() {
        let is = |held: &Membership| held.group.shared() == group && held.role == *role;
        // Both lists are sorted, and mostly the same.
        let held = user.memberships.get(place).is_some_and(is) || user.memberships.iter().any(is);
        if !held {
            let what = OwnedWhat::Membership(GroupId::new(Arc::clone(group)), Arc::clone(role));
            stale.push(Owned { user: user.id.clone(), what });
        }
    }
    for (field, to) in memory.references.get(&user.id).into_iter().flat_map(|known| known.iter()) {
        let field = FieldName::new(Arc::clone(field));
        if layout.find(&field).is_some_and(|place| !leads_to(user, place, to)) {
            let what = OwnedWhat::Reference(field, crate::model::UserId::new(Arc::clone(to)));
            stale.push(Owned { user: user.id.clone(), what });
        }
    }
    stale
}

/// Whether a field of a user leads to another one; what could not be read may.
fn leads_to(user: &User, place: usize, to: &str) -> bool {
    match user.cell(place) {
        crate::model::Cell::NotDelivered => true,
        crate::model::Cell::Empty => false,
        crate::model::Cell::Value(Value::List(items)) => items.iter().any(|item| **item == *to),
        crate::model::Cell::Value(value) => value.as_text() == Some(to),
    }
}
