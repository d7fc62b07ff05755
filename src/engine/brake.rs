//! The brake: a wrong permission or rule can never deactivate a company, clear a field for everyone, or change everyone's
//! address. What breaks a limit is held and named; the rest goes on. Pure: it sees the plan, the limits and what was approved.

mod hour;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::plan::{Changes, FieldChange, PersonPlan, Plan, ReferenceChange, Verdict};
use crate::model::{Cell, EmployeeId, FieldName, LimitKind, Tripped};
use crate::stage::limits::Limits;

pub use hour::{Counted, LastHour, counted};

/// How many changes of a kind may pass this once, whatever the limit says.
pub type Approvals = BTreeMap<LimitKind, usize>;

/// What the brake says of a plan.
#[derive(Debug, Clone, Default)]
pub struct Brake {
    /// Every limit that the plan breaks.
    pub tripped: Vec<Tripped>,
    /// Why nothing at all may be done.
    pub refused: Option<String>,
    deactivations: bool,
    recreations: bool,
    logins: bool,
    clears: BTreeSet<FieldName>,
}

/// One person's plan, parted by the brake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parted {
    /// What may be done. Its verdict is "unchanged" when nothing is left.
    pub allowed: Box<PersonPlan>,
    /// What is held.
    pub held: Option<Box<Changes>>,
}

impl Brake {
    /// Measures a plan against a recipe's limits.
    #[must_use]
    pub fn check(plan: &Plan, limits: &Limits, approvals: &Approvals) -> Self {
        if plan.figures.employees == 0 {
            let refused = "the source gave no people at all; an empty source is always refused";
            return Self { refused: Some(refused.to_owned()), ..Self::default() };
        }
        let mut brake = Self::default();
        let linked = plan.figures.linked;
        let deactivations = people(plan, |person| person.verdict == Verdict::Deactivate);
        brake.measure_shrink(plan, limits, approvals, &deactivations);
        let limit = limits.deactivate.describe(linked, "linked users");
        if limits.deactivate.breaks(deactivations.len(), linked) {
            brake.deactivations |= brake.trip(LimitKind::Deactivate, limit, deactivations, approvals);
        }
        let logins =
            people(plan, |person| person.changes.iter().any(|changes| changes.fields.iter().any(changes_login)));
        let limit = limits.change_login.describe(linked, "linked users");
        if limits.change_login.breaks(logins.len(), linked) {
            brake.logins = brake.trip(LimitKind::ChangeLogin, limit, logins, approvals);
        }
        brake.measure_clears(plan, limits, approvals);
        let again = people(plan, |person| person.changes.iter().any(|changes| changes.replaces.is_some()));
        let remembered = linked + again.len();
        let limit = limits.target_shrink.describe(remembered, "remembered users");
        if limits.target_shrink.breaks(again.len(), remembered) {
            brake.recreations = brake.trip(LimitKind::TargetShrink, limit, again, approvals);
        }
        brake
    }

    /// Whether anything is held.
    #[must_use]
    pub fn holds_anything(&self) -> bool {
        self.refused.is_some() || self.tripped.iter().any(|tripped| !tripped.approved)
    }

    /// The same brake, speaking of one person alone: only the limits that this person's changes are counted in.
    #[must_use]
    pub fn only(mut self, employee: &EmployeeId) -> Self {
        for tripped in &mut self.tripped {
            tripped.people.retain(|(named, _)| named == employee);
        }
        self.tripped.retain(|tripped| !tripped.people.is_empty());
        self
    }

    /// The limits that hold each person's changes, for those who have any.
    #[must_use]
    pub fn holders(&self) -> BTreeMap<&EmployeeId, Vec<&Tripped>> {
        let mut holders: BTreeMap<&EmployeeId, Vec<&Tripped>> = BTreeMap::new();
        for tripped in self.tripped.iter().filter(|tripped| !tripped.approved) {
            tripped.people.iter().for_each(|(employee, _)| holders.entry(employee).or_default().push(tripped));
        }
        holders
    }

    /// Parts one person's plan into what may be done and what is held.
    #[must_use]
    pub fn part(&self, person: Box<PersonPlan>) -> Parted {
        let mut allowed = person;
        if allowed.verdict == Verdict::Deactivate && self.deactivations {
            let held = allowed.changes.take();
            allowed.verdict = Verdict::Unchanged;
            return Parted { allowed, held };
        }
        if self.recreations && allowed.changes.as_ref().is_some_and(|changes| changes.replaces.is_some()) {
            let held = allowed.changes.take();
            allowed.verdict = Verdict::Unchanged;
            return Parted { allowed, held };
        }
        let Some(changes) = allowed.changes.as_mut().filter(|_| self.logins || !self.clears.is_empty()) else {
            return Parted { allowed, held: None };
        };
        let mut held = Changes { status_before: changes.status_before, ..Changes::default() };
        (held.fields, changes.fields) =
            std::mem::take(&mut changes.fields).into_iter().partition(|change| self.holds_field(change));
        (held.references, changes.references) = std::mem::take(&mut changes.references)
            .into_iter()
            .partition(|change| clears_reference(change) && self.clears.contains(&change.field));
        if held.is_empty() {
            return Parted { allowed, held: None };
        }
        if allowed.verdict == Verdict::Reactivate && held.fields.iter().any(changes_login) {
            return self.hold_return(allowed, held);
        }
        if changes.is_empty() && allowed.verdict == Verdict::Update {
            allowed.verdict = Verdict::Unchanged;
            allowed.changes = None;
        }
        Parted { allowed, held: Some(Box::new(held)) }
    }

    /// Nobody is given access again under a login that is held: an invitation would go to the old address.
    fn hold_return(&self, mut allowed: Box<PersonPlan>, mut held: Changes) -> Parted {
        if let Some(changes) = allowed.changes.take() {
            held.access = changes.access;
            held.fields.extend(changes.fields);
            held.references.extend(changes.references);
            held.join.extend(changes.join);
            held.leave.extend(changes.leave);
        }
        allowed.verdict = Verdict::Unchanged;
        Parted { allowed, held: Some(Box::new(held)) }
    }

    fn holds_field(&self, change: &FieldChange) -> bool {
        (self.logins && changes_login(change)) || (clears(change) && self.clears.contains(change.field()))
    }

    /// Every field by itself against the limit; all of them together against what is approved.
    fn measure_clears(&mut self, plan: &Plan, limits: &Limits, approvals: &Approvals) {
        let linked = plan.figures.linked;
        let broken: Vec<_> = cleared_fields(plan)
            .into_iter()
            .filter(|(_, cleared)| limits.clear_field.breaks(cleared.len(), linked))
            .collect();
        let all: usize = broken.iter().map(|(_, cleared)| cleared.len()).sum();
        let approved = approvals.get(&LimitKind::ClearField).is_some_and(|most| all <= *most);
        for (field, people) in broken {
            if !approved {
                self.clears.insert(field.clone());
            }
            self.tripped.push(Tripped {
                kind: LimitKind::ClearField,
                field: Some(field),
                count: people.len(),
                limit: limits.clear_field.describe(linked, "linked users"),
                people,
                approved,
                to_approve: all,
            });
        }
    }

    fn measure_shrink(
        &mut self,
        plan: &Plan,
        limits: &Limits,
        approvals: &Approvals,
        deactivations: &[(EmployeeId, String)],
    ) {
        let Some(previous) = plan.figures.previous_employees else { return };
        let missing = previous.saturating_sub(plan.figures.employees);
        if !limits.source_shrink.breaks(missing, previous) {
            return;
        }
        let limit = limits.source_shrink.describe(previous, "employees in the last full sync");
        let approved = approvals.get(&LimitKind::SourceShrink).is_some_and(|most| missing <= *most);
        self.deactivations |= !approved;
        self.tripped.push(Tripped {
            kind: LimitKind::SourceShrink,
            field: None,
            count: missing,
            limit,
            people: deactivations.to_vec(),
            approved,
            to_approve: missing,
        });
    }

    /// Notes a broken limit, and says whether it holds.
    fn trip(
        &mut self,
        kind: LimitKind,
        limit: String,
        people: Vec<(EmployeeId, String)>,
        approvals: &Approvals,
    ) -> bool {
        let approved = approvals.get(&kind).is_some_and(|most| people.len() <= *most);
        let count = people.len();
        self.tripped.push(Tripped { kind, field: None, count, limit, people, approved, to_approve: count });
        !approved
    }
}

fn people(plan: &Plan, concerns: impl Fn(&PersonPlan) -> bool) -> Vec<(EmployeeId, String)> {
    let people = plan.people.iter().filter(|person| concerns(person));
    people.map(|person| (person.employee.clone(), person.name.to_string())).collect()
}

/// Whether a login that is there becomes another one; filling an empty one is no change.
fn changes_login(change: &FieldChange) -> bool {
    change.login() && matches!(change.before(), Cell::Value(_))
}

fn clears(change: &FieldChange) -> bool {
    change.after.is_none() && matches!(change.before(), Cell::Value(_))
}

fn clears_reference(change: &ReferenceChange) -> bool {
    change.after.is_empty() && !change.before.is_empty()
}

fn cleared_fields(plan: &Plan) -> BTreeMap<FieldName, Vec<(EmployeeId, String)>> {
    let mut cleared: BTreeMap<FieldName, Vec<(EmployeeId, String)>> = BTreeMap::new();
    for person in &plan.people {
        let Some(changes) = &person.changes else { continue };
        let fields = changes.fields.iter().filter(|change| clears(change)).map(FieldChange::field);
        let references =
            changes.references.iter().filter(|change| clears_reference(change)).map(|change| &change.field);
        for field in fields.chain(references) {
            cleared.entry(field.clone()).or_default().push((person.employee.clone(), person.name.to_string()));
        }
    }
    cleared
}
