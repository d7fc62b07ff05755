//! The brake in real time, where no plan shows the whole: what was done within the last hour counts with what is to be done.

use std::collections::{BTreeMap, BTreeSet};

use super::{Brake, changes_login, clears, clears_reference};
use crate::model::plan::{FieldChange, PersonPlan, Plan, Verdict};
use crate::model::{EmployeeId, FieldName, LimitKind, Tripped};
use crate::stage::limits::Limits;

/// A kind of change that is counted; each field that is emptied by itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Counted {
    /// The limit.
    pub kind: LimitKind,
    /// The field, for [`LimitKind::ClearField`].
    pub field: Option<FieldName>,
}

/// What the last hour was like.
#[derive(Debug, Clone, Default)]
pub struct LastHour {
    /// Users that are linked: what shares are measured against.
    pub linked: usize,
    /// Whose changes of each kind were carried out.
    pub changes: BTreeMap<Counted, BTreeSet<EmployeeId>>,
    /// Kinds of change that are held until somebody has looked, however few.
    pub paused: BTreeSet<LimitKind>,
}

impl Brake {
    /// Measures a few people's plan together with the last hour.
    #[must_use]
    pub fn over_the_hour(plan: &Plan, limits: &Limits, hour: &LastHour) -> Self {
        let mut brake = Self::default();
        let mut planned: BTreeMap<Counted, Vec<(EmployeeId, String)>> = BTreeMap::new();
        for person in &plan.people {
            for counted in counted(person) {
                planned.entry(counted).or_default().push((person.employee.clone(), person.name.to_string()));
            }
        }
        for (counted, people) in planned {
            let limit = match counted.kind {
                LimitKind::Deactivate | LimitKind::SourceShrink => &limits.deactivate,
                LimitKind::ChangeLogin => &limits.change_login,
                LimitKind::ClearField => &limits.clear_field,
                LimitKind::TargetShrink => &limits.target_shrink,
            };
            let before = hour.changes.get(&counted).into_iter().flatten();
            let all: BTreeSet<&EmployeeId> = before.chain(people.iter().map(|(employee, _)| employee)).collect();
            if !hour.paused.contains(&counted.kind) && !limit.breaks(all.len(), hour.linked) {
                continue;
            }
            let (count, limit) = (all.len(), limit.describe(hour.linked, "linked users within an hour"));
            brake.hold(&counted);
            let Counted { kind, field } = counted;
            brake.tripped.push(Tripped { kind, field, count, limit, people, approved: false, to_approve: count });
        }
        brake
    }

    fn hold(&mut self, counted: &Counted) {
        match counted.kind {
            LimitKind::Deactivate | LimitKind::SourceShrink => self.deactivations = true,
            LimitKind::ChangeLogin => self.logins = true,
            LimitKind::ClearField => self.clears.extend(counted.field.clone()),
            LimitKind::TargetShrink => self.recreations = true,
        }
    }
}

/// The limits that a person's changes count towards.
#[must_use]
pub fn counted(person: &PersonPlan) -> BTreeSet<Counted> {
    let of = |kind| Counted { kind, field: None };
    let mut counted = BTreeSet::new();
    if person.verdict == Verdict::Deactivate {
        counted.insert(of(LimitKind::Deactivate));
    }
    let Some(changes) = &person.changes else { return counted };
    if changes.fields.iter().any(changes_login) {
        counted.insert(of(LimitKind::ChangeLogin));
    }
    if changes.replaces.is_some() {
        counted.insert(of(LimitKind::TargetShrink));
    }
    let fields = changes.fields.iter().filter(|change| clears(change)).map(FieldChange::field);
    let references = changes.references.iter().filter(|change| clears_reference(change)).map(|change| &change.field);
    let cleared =
        fields.chain(references).map(|field| Counted { kind: LimitKind::ClearField, field: Some(field.clone()) });
    counted.extend(cleared);
    counted
}
