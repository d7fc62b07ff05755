//! What the brake holds of one person's changes, in words.

use crate::engine::brake::{Brake, Parted};
use crate::model::plan::{FieldChange, PersonPlan};

/// "everything", or the fields that are held; `None` where all of it may be done.
pub(super) fn held_of(person: &PersonPlan, brake: &Brake) -> Option<String> {
    let Parted { allowed, held } = brake.part(Box::new(person.clone()));
    let held = held?;
    if !allowed.verdict.writes() {
        return Some("everything".to_owned());
    }
    let fields = held.fields.iter().map(FieldChange::field);
    let fields = fields.chain(held.references.iter().map(|change| &change.field));
    Some(fields.map(|field| format!("`{field}`")).collect::<Vec<_>>().join(", "))
}
