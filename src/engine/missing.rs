//! Linked users whose employee is gone from the source.

use std::sync::Arc;

use foldhash::HashSet;

use super::Planner;
use super::conflicts::Open;
use crate::model::plan::{Changes, PersonPlan, Verdict};
use crate::model::{EmployeeId, Finding, Reason, UserId, UserStatus, Whose};
use crate::stage::provisioning::Departure;

impl Planner<'_> {
    /// One plan per user that still has access and whose employee the source no longer has, by employee id.
    pub(super) fn missing_people(&self, plans: &[Box<PersonPlan>], open: &Open) -> Vec<PersonPlan> {
        let found_again: HashSet<&str> =
            plans.iter().filter_map(|plan| plan.user.as_ref()).map(UserId::as_str).collect();
        let gone = self.inputs.memory.links.iter().filter(|(employee, _)| self.people.get(employee.as_str()).is_none());
        gone.filter_map(|(employee, user)| {
            let at = self.user_at(user)?;
            let user = &self.inputs.users[at];
            let still_theirs = user.status != UserStatus::Inactive && !found_again.contains(user.id.as_str());
            still_theirs.then(|| self.missing(employee, at, open))
        })
        .collect()
    }

    fn missing(&self, employee: &EmployeeId, at: usize, open: &Open) -> PersonPlan {
        let (user, source) = (&self.inputs.users[at], self.people.source());
        let login = self
            .recipe
            .login
            .as_ref()
            .and_then(|(_, place)| user.cell(*place).value())
            .map(|value| Arc::from(value.to_string()));
        let mut plan = PersonPlan {
            employee: employee.clone(),
            name: login.clone().unwrap_or_else(|| Arc::clone(employee.shared())),
            email: login,
            in_roster: false,
            user: Some(user.id.clone()),
            new_link: None,
            verdict: Verdict::Unchanged,
            reason: self.recipe.provisioning.missing.1.clone(),
            changes: None,
            findings: Vec::new(),
            no_group_rule: false,
        };
        if self.recipe.provisioning.missing.0 == Departure::Leave {
            return plan;
        }
        if self.never_touched(user) {
            plan.verdict = Verdict::Protected;
            plan.reason = Reason::plain("the user is on the list `never_touch`");
        } else if let Some((verdict, whose, but, hint)) = self.doubt(at, open) {
            plan.verdict = verdict;
            plan.findings.push(Finding {
                whose,
                text: format!("{source} no longer has this employee, {but}").into(),
                hint: hint.into(),
                reason: Some(plan.reason.clone()),
            });
        } else {
            plan.verdict = Verdict::Deactivate;
            plan.reason = Reason {
                text: format!("{}: the employee is gone from {source}", plan.reason.text).into(),
                origin: plan.reason.origin,
            };
            plan.changes = Some(Box::new(Changes { status_before: Some(user.status), ..Changes::default() }));
        }
        plan
    }

    /// Why an employee who is not in the source may be there all the same, and what would settle it.
    fn doubt(&self, at: usize, open: &Open) -> Option<(Verdict, Whose, &'static str, &'static str)> {
        if open.users.contains(&at) {
            let but = "but the user fits somebody else who could not be settled";
            let hint = "settle whose user it is; until then it keeps its access";
            return Some((Verdict::Conflict, Whose::Source, but, hint));
        }
        if open.anybody {
            let but = "or it is somebody of whom it did not deliver what identifies people";
            let hint = "let the service user's permission group view the fields under `identify` for everybody; until then nobody counts as gone";
            return Some((Verdict::Undecided, Whose::Credentials, but, hint));
        }
        let but = "or it is one of the records that could not be read";
        let hint = "put the unreadable records right; until then nobody counts as gone";
        let unreadable = !self.inputs.roster.unreadable.is_empty();
        unreadable.then_some((Verdict::Undecided, Whose::Source, but, hint))
    }
}
