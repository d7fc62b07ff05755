//! A plan as a list of people with work to do: what each needs written, and in which phase it is the last time.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use super::complete::KnownUsers;
use crate::connector::{Write, Written};
use crate::engine::brake::{Brake, Parted};
use crate::model::plan::{
    Changes, FieldChange, MembershipChange, PersonPlan, PersonRef, Plan, ReferenceChange, Verdict,
};
use crate::model::{
    EmployeeId, FieldName, Finding, GroupId, GroupKind, Known, Membership, Outcome, OutcomeKind, Unlisted, UserId,
    UserStatus, Whose,
};
use crate::recipe::Recipe;

/// The phases of applying, in the order that is safe to stop after any of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Phase {
    /// Nothing to write.
    None,
    /// Users are made.
    Create,
    /// Access is given again, fields are changed.
    Update,
    /// Managers and other references.
    References,
    /// Groups are joined and left.
    Memberships,
    /// Access ends.
    Deactivate,
}

/// How a target takes what is written for a person.
#[derive(Debug, Clone)]
pub(super) struct Manner {
    /// Fields that a creation does not take.
    after_creation: BTreeSet<FieldName>,
    /// Whether fields and references go together, in one call.
    together: bool,
}

impl Manner {
    pub(super) fn of(recipe: &Recipe) -> Self {
        let fields = recipe.fields.rules.iter().map(|rule| &rule.target);
        let later = fields.filter(|field| !field.on_creation).map(|field| field.name.clone());
        Self { after_creation: later.collect(), together: recipe.target_catalogue.fields_with_references }
    }

    /// Whether a write gives what a creation did not take.
    pub(super) fn completes(&self, write: &Write) -> bool {
        match write {
            Write::UpdateUser { fields, .. } => fields.iter().any(|(field, _)| self.after_creation.contains(field)),
            _ => false,
        }
    }

    /// Whether the change of a field waits for the second pass.
    fn waits(&self, verdict: Verdict, fields_wait: bool, field: &FieldName) -> bool {
        match verdict {
            Verdict::Create => self.after_creation.contains(field),
            _ => fields_wait,
        }
    }
}

/// One person on their way through the phases.
#[derive(Debug)]
pub(super) struct Person {
    /// What may be done.
    pub(super) plan: Box<PersonPlan>,
    /// What the brake holds.
    held: Option<Box<Changes>>,
    /// Why it failed.
    pub(super) failure: Option<Box<Finding>>,
    /// Whether the outcome is saved.
    pub(super) settled: bool,
    /// Whether the user was announced as being made, by this run or by one that was cut off.
    pub(super) announced: bool,
    /// Whether the changes of an existing user's fields wait for the references, to go with them.
    fields_wait: bool,
    /// How many writes are still to come of what only follows a creation.
    pub(super) owed: usize,
    /// The last phase in which everything of this person's is done.
    pub(super) done: Phase,
    /// Groups that came with the access.
    pub(super) joined: Vec<Membership>,
    /// What is known of the user where listings leave it out.
    known: Option<Box<Known>>,
    /// Whether that changed since it was stored.
    learned: bool,
}

impl Person {
    fn of(
        plan: Box<PersonPlan>,
        brake: &Brake,
        announced: &BTreeSet<EmployeeId>,
        known: &mut KnownUsers,
        manner: &Manner,
    ) -> Self {
        let Parted { allowed, held } = brake.part(plan);
        let announced = announced.contains(&allowed.employee);
        let known = allowed.user.as_ref().and_then(|user| known.take(user)).map(Box::new);
        let verdict = allowed.verdict;
        let references = allowed.changes.as_ref().map_or(0, |changes| changes.references.len());
        let mut fields = allowed.changes.iter().flat_map(|changes| &changes.fields);
        let owed = references + usize::from(fields.any(|change| manner.after_creation.contains(change.field())));
        Self {
            plan: allowed,
            held,
            failure: None,
            settled: false,
            announced,
            fields_wait: manner.together && verdict == Verdict::Update && references > 0,
            owed,
            done: Phase::None,
            joined: Vec::new(),
            known,
            learned: false,
        }
    }

    /// Whether an announced user is there and has everything that only a new user is given.
    pub(super) fn is_made_whole(&self) -> bool {
        let decided = !matches!(self.plan.verdict, Verdict::Conflict | Verdict::Undecided);
        self.announced && decided && self.owed == 0 && self.plan.user.is_some()
    }

    /// The last phase in which something is written for this person.
    pub(super) fn last_phase(&self, manner: &Manner) -> Phase {
        let Some(changes) = &self.plan.changes else { return Phase::None };
        if self.plan.verdict == Verdict::Deactivate {
            Phase::Deactivate
        } else if !changes.join.is_empty() || !changes.leave.is_empty() {
            Phase::Memberships
        } else if !changes.references.is_empty() || self.waiting(changes, manner).next().is_some() {
            Phase::References
        } else if self.plan.verdict == Verdict::Create {
            Phase::Create
        } else {
            Phase::Update
        }
    }

    /// Keeps what is known in step with a write that was done.
    pub(super) fn remember(&mut self, write: &Write, written: &Written, unlisted: &Unlisted) {
        if let (Write::CreateUser { fields, .. }, Written::User(given)) = (write, written)
            && given.trouble.is_none()
        {
            let known = self.known.insert(Box::new(Known::blank(unlisted)));
            fields.iter().for_each(|(field, value)| known.set(field, Some(value), unlisted));
        }
        let Some(known) = &mut self.known else { return };
        match write {
            Write::CreateGroup { .. } | Write::UpdateGroup { .. } | Write::CreateUser { .. } => {}
            Write::Reactivate { from: UserStatus::Inactive, .. } => _ = known.access_ended(unlisted),
            Write::Reactivate { .. } => {}
            Write::UpdateUser { fields, .. } => {
                fields.iter().for_each(|(field, value)| known.set(field, value.as_ref(), unlisted));
            }
            Write::SetReferences { field, to, .. } => known.refer(field, to, unlisted),
            Write::AddMembership { membership, .. } => known.join(membership, unlisted),
            Write::RemoveMembership { membership, .. } => known.leave(membership),
            Write::Deactivate { .. } => _ = known.access_ended(unlisted),
        }
        if let Written::User(given) = written {
            given.joined.iter().for_each(|joined| known.join(joined, unlisted));
        }
        self.learned = true;
    }

    /// What is to be stored of what is known.
    pub(super) fn take_known(&mut self) -> Option<(UserId, Known)> {
        let learned = std::mem::take(&mut self.learned);
        Some((self.plan.user.clone()?, self.known.as_deref().cloned()?)).filter(|_| learned)
    }

    /// What became of this person, as it is known now.
    pub(super) fn outcome(&self) -> Outcome {
        let (person, held, failure) = (self.plan.clone(), self.held.clone(), self.failure.clone());
        Outcome { kind: self.kind(), person, held, failure }
    }

    /// What became of this person in the end.
    pub(super) fn into_outcome(self) -> Outcome {
        Outcome { kind: self.kind(), person: self.plan, held: self.held, failure: self.failure }
    }

    fn kind(&self) -> OutcomeKind {
        let nothing_else = !self.plan.verdict.writes();
        match (&self.failure, &self.held) {
            (Some(_), _) => OutcomeKind::Failed,
            (None, Some(_)) if nothing_else => OutcomeKind::Held,
            (None, _) => OutcomeKind::of(self.plan.verdict),
        }
    }

    fn changes(&self) -> Option<&Changes> {
        self.plan.changes.as_deref().filter(|_| self.failure.is_none())
    }

    /// The changes of fields that wait for the second pass.
    fn waiting<'c>(&'c self, changes: &'c Changes, manner: &'c Manner) -> impl Iterator<Item = &'c FieldChange> {
        changes.fields.iter().filter(|change| manner.waits(self.plan.verdict, self.fields_wait, change.field()))
    }

    /// The writes of a phase.
    pub(super) fn writes(&self, phase: Phase, ids: &Ids, manner: &Manner) -> Vec<Write> {
        let Some(changes) = self.changes() else { return Vec::new() };
        if phase == Phase::Create {
            return if self.plan.verdict == Verdict::Create {
                vec![self.create(changes, ids, manner)]
            } else {
                Vec::new()
            };
        }
        let Some(user) = &self.plan.user else { return Vec::new() };
        match (phase, self.plan.verdict) {
            (Phase::Update, Verdict::Update | Verdict::Reactivate) => self.updates(changes, user, ids),
            (Phase::References, _) => self.second_pass(changes, user, ids, manner),
            (Phase::Memberships, _) => self.memberships(changes, user, ids),
            (Phase::Deactivate, Verdict::Deactivate) => vec![Write::Deactivate { user: user.clone() }],
            _ => Vec::new(),
        }
    }

    /// How many writes a phase has.
    pub(super) fn count(&self, phase: Phase, ids: &Ids, manner: &Manner) -> usize {
        match phase {
            // Those are large, or many: they are counted without being made.
            Phase::Create => usize::from(self.plan.verdict == Verdict::Create && self.changes().is_some()),
            Phase::Memberships => self.changes().map_or(0, |changes| self.count_memberships(changes, ids)),
            phase => self.writes(phase, ids, manner).len(),
        }
    }

    /// Takes out of the changes what a write was to do and did not.
    pub(super) fn was_not_done(&mut self, write: &Write) {
        let Some(changes) = &mut self.plan.changes else { return };
        let is = |change: &MembershipChange, membership: &Membership| {
            change.role == membership.role && change.group.as_ref().is_none_or(|group| *group == membership.group)
        };
        match write {
            Write::CreateUser { .. } | Write::Deactivate { .. } => self.plan.changes = None,
            Write::Reactivate { .. } => changes.access = None,
            Write::UpdateUser { fields, .. } => {
                changes.fields.retain(|change| !fields.iter().any(|(field, _)| field == change.field()));
            }
            Write::SetReferences { field, .. } => changes.references.retain(|change| change.field != *field),
            Write::AddMembership { membership, .. } => changes.join.retain(|change| !is(change, membership)),
            Write::RemoveMembership { membership, .. } => changes.leave.retain(|change| !is(change, membership)),
            Write::CreateGroup { .. } | Write::UpdateGroup { .. } => {}
        }
    }

    /// Takes out of the changes what belongs to phases that were not reached.
    pub(super) fn stopped_after(&mut self, done: Phase, manner: &Manner) {
        let (verdict, fields_wait) = (self.plan.verdict, self.fields_wait);
        let Some(changes) = &mut self.plan.changes else { return };
        let begins = match verdict {
            Verdict::Create => Phase::Create,
            Verdict::Deactivate => Phase::Deactivate,
            _ => Phase::Update,
        };
        if done < begins {
            changes.fields.clear();
            changes.access = None;
        }
        if done < Phase::References {
            let waits = |field: &FieldName| manner.waits(verdict, fields_wait, field);
            changes.fields.retain(|change| !waits(change.field()));
            changes.references.clear();
        }
        if done < Phase::Memberships {
            changes.join.clear();
            changes.leave.clear();
        }
        if changes.is_empty() && done < begins {
            self.plan.changes = None;
        }
    }

    /// Takes out of the changes what a phase cannot do, because what it leads to was not made, and says so.
    pub(super) fn leave_out(&mut self, phase: Phase, ids: &Ids) {
        let Some(changes) = &mut self.plan.changes else { return };
        let findings = &mut self.plan.findings;
        match phase {
            Phase::References => changes.references.retain(|change| {
                let known = change.after.iter().all(|person| ids.user(person).is_some());
                findings.extend((!known).then(|| not_referred(change)));
                known
            }),
            Phase::Memberships => changes.join.retain(|change| {
                let made = change.group.is_some() || ids.group(&change.name).is_some();
                findings.extend((!made).then(|| not_joined(change)));
                made
            }),
            _ => return,
        }
        if changes.is_empty() && self.plan.verdict == Verdict::Update {
            self.plan.verdict = Verdict::Unchanged;
            self.plan.changes = None;
        }
    }

    fn create(&self, changes: &Changes, ids: &Ids, manner: &Manner) -> Write {
        let fields = changes.fields.iter().filter(|change| !manner.after_creation.contains(change.field()));
        let fields = fields.filter_map(|change| Some((change.field().clone(), change.after.clone()?)));
        Write::CreateUser {
            employee: self.plan.employee.clone(),
            access: changes.access.unwrap_or(crate::model::Access::Invite),
            fields: fields.collect(),
            memberships: joining(changes, ids).collect(),
        }
    }

    fn updates(&self, changes: &Changes, user: &UserId, ids: &Ids) -> Vec<Write> {
        let access = changes.access.map(|access| Write::Reactivate {
            user: user.clone(),
            from: changes.status_before.unwrap_or(UserStatus::Inactive),
            access,
            memberships: joining(changes, ids).collect(),
        });
        let fields = if self.fields_wait { None } else { update(changes.fields.iter(), user) };
        access.into_iter().chain(fields).collect()
    }

    /// References, and the fields that go with them.
    fn second_pass(&self, changes: &Changes, user: &UserId, ids: &Ids, manner: &Manner) -> Vec<Write> {
        let fields = update(self.waiting(changes, manner), user);
        fields.into_iter().chain(references(changes, user, ids)).collect()
    }

    /// The memberships to add that did not come with the access.
    fn still_joining<'c>(&'c self, changes: &'c Changes, ids: &'c Ids) -> impl Iterator<Item = Membership> + 'c {
        joining(changes, ids).filter(|membership| !self.joined.contains(membership))
    }

    fn count_memberships(&self, changes: &Changes, ids: &Ids) -> usize {
        if self.plan.user.is_none() {
            return 0;
        }
        let leave = changes.leave.iter().filter(|change| change.group.is_some());
        self.still_joining(changes, ids).count() + leave.count()
    }

    fn memberships(&self, changes: &Changes, user: &UserId, ids: &Ids) -> Vec<Write> {
        let join =
            self.still_joining(changes, ids).map(|membership| Write::AddMembership { user: user.clone(), membership });
        let leave = changes.leave.iter().filter_map(|change| {
            let membership = Membership { group: change.group.clone()?, role: Arc::clone(&change.role) };
            Some(Write::RemoveMembership { user: user.clone(), membership })
        });
        join.chain(leave).collect()
    }
}

/// The memberships to add whose group is there.
fn joining<'c>(changes: &'c Changes, ids: &'c Ids) -> impl Iterator<Item = Membership> + 'c {
    changes.join.iter().filter_map(|change| {
        let group = change.group.clone().or_else(|| ids.group(&change.name))?;
        Some(Membership { group, role: Arc::clone(&change.role) })
    })
}

fn update<'c>(changes: impl Iterator<Item = &'c FieldChange>, user: &UserId) -> Option<Write> {
    let fields: Vec<_> = changes.map(|change| (change.field().clone(), change.after.clone())).collect();
    (!fields.is_empty()).then(|| Write::UpdateUser { user: user.clone(), fields })
}

fn not_referred(change: &ReferenceChange) -> Finding {
    Finding {
        whose: Whose::Target,
        text: format!("`{}` was not set: the user that it leads to could not be made", change.field).into(),
        hint: "put right why that user could not be made; the next run sets it".into(),
        reason: Some(change.reason.clone()),
    }
}

fn not_joined(change: &MembershipChange) -> Finding {
    Finding {
        whose: Whose::Target,
        text: format!("the group `{}` was not joined: it could not be made", change.name).into(),
        hint: "put right why the group could not be made; the next run adds this person".into(),
        reason: Some(change.reason.clone()),
    }
}

/// A reference to somebody whose creation failed is left out; the next run sets it.
fn references(changes: &Changes, user: &UserId, ids: &Ids) -> Vec<Write> {
    let writes = changes.references.iter().filter_map(|change| {
        let to: Vec<UserId> = change.after.iter().filter_map(|person| ids.user(person)).collect();
        let all_known = to.len() == change.after.len();
        let from = change.before.clone();
        all_known.then(|| Write::SetReferences { user: user.clone(), field: change.field.clone(), from, to })
    });
    writes.collect()
}

/// Writes that are sent in one call, each with the person it is for.
pub(super) struct Part {
    pub(super) phase: Phase,
    pub(super) writes: Vec<Write>,
    people: Vec<usize>,
}

impl Part {
    /// Each write with the place of the person it is for.
    pub(super) fn jobs(&self) -> impl Iterator<Item = (usize, &Write)> {
        self.people.iter().copied().zip(&self.writes)
    }

    /// The people from the first to the last one: they have no more to come in this phase.
    pub(super) fn done(&self) -> Range<usize> {
        let first = self.people.first().copied().unwrap_or_default();
        first..self.people.last().map_or(first, |last| last + 1)
    }
}

/// The writes of a phase in parts of about a size, each made when it is asked for: all at once would be too many to hold.
/// A person's are never parted: parts may be under way at the same time, and theirs are made in order.
pub(super) struct Parts {
    phase: Phase,
    size: usize,
    /// The next person.
    person: usize,
}

impl Parts {
    pub(super) fn new(phase: Phase, size: usize) -> Self {
        Self { phase, size: size.max(1), person: 0 }
    }

    /// The next part, if there is one.
    pub(super) fn next(&mut self, people: &[Person], ids: &Ids, manner: &Manner) -> Option<Part> {
        let mut part = Part { phase: self.phase, writes: Vec::new(), people: Vec::new() };
        while part.writes.len() < self.size
            && let Some(person) = people.get(self.person)
        {
            if !person.settled {
                part.writes.extend(person.writes(self.phase, ids, manner));
                part.people.resize(part.writes.len(), self.person);
            }
            self.person += 1;
        }
        (!part.writes.is_empty()).then_some(part)
    }
}

/// Ids that came into being while the plan was applied.
#[derive(Debug, Default)]
pub(super) struct Ids {
    users: HashMap<EmployeeId, UserId>,
    groups: HashMap<Arc<str>, GroupId>,
}

impl Ids {
    pub(super) fn made_user(&mut self, employee: &EmployeeId, user: &UserId) {
        self.users.insert(employee.clone(), user.clone());
    }

    pub(super) fn made_group(&mut self, kind: GroupKind, name: &Arc<str>, id: &GroupId) {
        if kind == GroupKind::Group {
            self.groups.insert(Arc::clone(name), id.clone());
        }
    }

    fn user(&self, person: &PersonRef) -> Option<UserId> {
        match person {
            PersonRef::User(user) => Some(user.clone()),
            PersonRef::New(employee) => self.users.get(employee).cloned(),
        }
    }

    fn group(&self, name: &Arc<str>) -> Option<GroupId> {
        self.groups.get(name).cloned()
    }
}

/// The people of a plan, parted by the brake.
pub(super) fn people(
    plan: &mut Plan,
    brake: &Brake,
    announced: &BTreeSet<EmployeeId>,
    known: &mut KnownUsers,
    manner: &Manner,
) -> Vec<Person> {
    let person = |person| Person::of(person, brake, announced, known, manner);
    std::mem::take(&mut plan.people).into_iter().map(person).collect()
}
