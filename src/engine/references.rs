//! Managers and other references from user to user. They are resolved when it is known who has, or will have, a user,
//! and written in a second pass.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::{Draft, Planner};
use crate::model::plan::{PersonRef, ReferenceChange, Verdict};
use crate::model::{Cell, EmployeeId, Finding, TargetType, User, UserId, UserStatus, Value, Whose};
use crate::stage::fields::FieldRule;
use crate::stage::groups::Ownership;

/// A reference that a person's rules ask for.
#[derive(Debug)]
pub(super) struct WantedReference {
    /// The field rule, by place.
    pub(super) rule: usize,
    /// The employees it leads to; `None` clears.
    pub(super) to: Option<Value>,
}

/// Where a reference leads.
struct Found {
    to: Vec<PersonRef>,
    /// How many have no user.
    unknown: usize,
}

impl Planner<'_> {
    pub(super) fn resolve_references(&self, drafts: &mut [Draft]) {
        if !self.recipe.fields.rules.iter().any(|rule| rule.target.target_type.refers_to_users()) {
            return;
        }
        let by_email: OnceEmails = OnceEmails::default();
        let mut unresolved: HashMap<usize, Finding> = HashMap::new();
        for at in 0..drafts.len() {
            for wanted in std::mem::take(&mut drafts[at].references) {
                let rule = &self.recipe.fields.rules[wanted.rule];
                let found = self.found(&drafts[at], wanted.to.as_ref(), drafts, &by_email);
                if found.unknown == 0 {
                    self.resolve(&mut drafts[at], rule, wanted.to.is_some(), found.to);
                } else {
                    // Many people have a manager without a user: what is said of them is put into words once a rule.
                    let finding = unresolved.entry(wanted.rule).or_insert_with(|| self.unresolved(rule));
                    drafts[at].note(finding);
                }
            }
        }
    }

    /// The users that a reference leads to, but for the person's own.
    fn found(&self, draft: &Draft, wanted: Option<&Value>, drafts: &[Draft], by_email: &OnceEmails) -> Found {
        let texts = wanted.map(texts).unwrap_or_default();
        let mut found = Found { to: Vec::with_capacity(texts.len()), unknown: 0 };
        for text in texts {
            match self
                .user_to_be(text, drafts)
                .or_else(|| self.user_to_be(by_email.employee(self, text)?.as_str(), drafts))
            {
                Some(user) if !is_self(&user, draft) && !found.to.contains(&user) => found.to.push(user),
                Some(_) => {}
                None => found.unknown += 1,
            }
        }
        found
    }

    /// The user that an employee has, or gets by this plan. Drafts stand where their records do.
    fn user_to_be(&self, employee: &str, drafts: &[Draft]) -> Option<PersonRef> {
        if let Some(draft) = self.people.place(employee).and_then(|at| drafts.get(at)) {
            match (&draft.plan.user, draft.plan.verdict) {
                (Some(user), verdict) if self.needs_access() && !self.will_have_access(user, verdict) => return None,
                (Some(user), verdict) if verdict != Verdict::Conflict => return Some(PersonRef::User(user.clone())),
                (None, Verdict::Create) => return Some(PersonRef::New(draft.plan.employee.clone())),
                _ => {}
            }
        }
        let at = *self.links.linked_users.get(employee)?;
        let user = &self.inputs.users[at];
        let has_access = !self.needs_access() || user.status != UserStatus::Inactive;
        has_access.then(|| PersonRef::User(user.id.clone()))
    }

    fn needs_access(&self) -> bool {
        self.recipe.target_catalogue.references_need_access
    }

    /// Whether a user has access once this plan is carried out.
    fn will_have_access(&self, user: &UserId, verdict: Verdict) -> bool {
        match verdict {
            Verdict::Deactivate => false,
            Verdict::Reactivate => true,
            _ => self.user(user).is_some_and(|user| user.status != UserStatus::Inactive),
        }
    }

    /// That a reference leads to somebody without a user.
    fn unresolved(&self, rule: &FieldRule) -> Finding {
        Finding {
            whose: Whose::Source,
            text: format!(
                "`{}` was left as it is: the person it should lead to has no user{} in the target",
                rule.target.name,
                if self.needs_access() { " with access" } else { "" }
            )
            .into(),
            hint: format!(
                "bring that person into the recipe's scope, or give this one another manager in {}",
                self.people.source()
            )
            .into(),
            reason: Some(rule.reason().clone()),
        }
    }

    fn resolve(&self, draft: &mut Draft, rule: &FieldRule, is_wanted: bool, to: Vec<PersonRef>) {
        if is_wanted && to.is_empty() {
            return;
        }
        let user = draft.user.map(|at| &self.inputs.users[at]);
        let before = user.map_or_else(Vec::new, |user| referred(user.cell(rule.place)));
        let after = match user {
            Some(user) => self.keep_what_is_not_ours(rule, user, &before, to),
            None => to,
        };
        if !same_people(&before, &after) {
            let references = &mut draft.changes().references;
            references.reserve_exact(1);
            references.push(ReferenceChange {
                field: rule.target.name.clone(),
                before,
                after,
                reason: rule.reason().clone(),
            });
        }
    }

    /// References are removed only where they are ours: all of a mapped field's with `rules`, those we set with `added`,
    /// none with `none`. Replacing one manager by another is a change, not a removal.
    fn keep_what_is_not_ours(
        &self,
        rule: &FieldRule,
        user: &User,
        before: &[UserId],
        mut after: Vec<PersonRef>,
    ) -> Vec<PersonRef> {
        let ownership = self.recipe.groups.as_ref().map_or(Ownership::Rules, |groups| groups.ownership);
        let single = rule.target.target_type == TargetType::Person;
        if ownership == Ownership::Rules || (single && !after.is_empty()) {
            return after;
        }
        let set = self.inputs.memory.references.get(&user.id).map_or(&[][..], |set| set);
        for held in before {
            let is_held =
                |(field, to): &(Arc<str>, Arc<str>)| field == rule.target.name.shared() && to == held.shared();
            let ours = ownership == Ownership::Added && set.iter().any(is_held);
            let held = PersonRef::User(held.clone());
            if !ours && !after.contains(&held) {
                after.push(held);
            }
        }
        after
    }
}

fn is_self(found: &PersonRef, draft: &Draft) -> bool {
    match found {
        PersonRef::User(user) => draft.plan.user.as_ref() == Some(user),
        PersonRef::New(employee) => draft.plan.employee == *employee,
    }
}

fn same_people(before: &[UserId], after: &[PersonRef]) -> bool {
    before.len() == after.len()
        && after.iter().all(|person| matches!(person, PersonRef::User(user) if before.contains(user)))
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::List(items) => items.iter().map(|item| &**item).collect(),
        other => other.as_text().into_iter().collect(),
    }
}

/// The users that a user's field leads to now.
fn referred(cell: &Cell) -> Vec<UserId> {
    match cell.value() {
        Some(value) => texts(value).into_iter().map(UserId::from).collect(),
        None => Vec::new(),
    }
}

/// Employees by address, for transforms that give one instead of an id. Made only if one does.
#[derive(Default)]
struct OnceEmails {
    /// `None` where two employees have one address: nobody is guessed at.
    employees: std::cell::OnceCell<BTreeMap<String, Option<EmployeeId>>>,
}

impl OnceEmails {
    fn employee(&self, planner: &Planner<'_>, email: &str) -> Option<&EmployeeId> {
        if !email.contains('@') {
            return None;
        }
        let employees = self.employees.get_or_init(|| {
            let mut employees = BTreeMap::new();
            for record in planner.people.records() {
                let email = record.cell(crate::model::Slot::EMAIL).value().and_then(Value::as_text);
                let Some(email) = email.map(super::matching::fold) else { continue };
                employees.entry(email).and_modify(|known| *known = None).or_insert_with(|| Some(record.id.clone()));
            }
            employees
        });
        employees.get(&super::matching::fold(email))?.as_ref()
    }
}
