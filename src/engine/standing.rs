//! What the recipe says of an employee before any user is looked at: takes part or not, should have access or not.

use super::{Planner, findings};
use crate::model::{Finding, Reason};
use crate::script::{ScriptFailure, Session};
use crate::stage::filter::Scope;
use crate::stage::person::Person;
use crate::stage::provisioning::{Departure, End};
use crate::stage::status::{Decision, EmployeeStatus};

/// Where an employee stands.
#[derive(Debug)]
pub(super) enum Standing {
    /// Should have access.
    Active(Reason),
    /// Should not.
    Inactive(Reason),
    /// The filter leaves them out.
    OutOfScope(Reason),
    /// The status rules leave them alone.
    Ignored(Reason, Option<Finding>),
    /// Not to be decided.
    Undecided(Reason, Finding),
    /// A script of the recipe failed.
    Failed(Reason, Finding),
}

impl Planner<'_> {
    pub(super) fn standing(&self, person: &Person<'_>, session: &mut Session) -> Standing {
        self.try_standing(person, session).unwrap_or_else(|failure| failed(&failure))
    }

    fn try_standing(&self, person: &Person<'_>, session: &mut Session) -> Result<Standing, ScriptFailure> {
        if let Some(filter) = &self.recipe.filter {
            match filter.scope(person, session)? {
                Scope::In(_) => {}
                // Whoever is left alone may be out of scope; access ends only over what was delivered.
                Scope::NotIncluded(_, Some(missed)) if self.out_of_scope_ends_access() => {
                    return Ok(self.undecided(person, missed));
                }
                Scope::Out(reason) | Scope::NotIncluded(reason, _) => return Ok(Standing::OutOfScope(reason)),
                Scope::Undecided(reason) => return Ok(self.undecided(person, reason)),
            }
        }
        let decision = match &self.recipe.status {
            Some(status) => status.decide(person, session)?,
            None => Decision::Decided(EmployeeStatus::Active, Reason::plain("everybody in scope is active")),
        };
        Ok(match decision {
            Decision::NoRule => {
                let reason = self.recipe.no_status_rule.clone();
                Standing::Ignored(reason.clone(), Some(findings::no_status_rule(reason)))
            }
            Decision::Undecided(reason) => self.undecided(person, reason),
            Decision::Decided(EmployeeStatus::Ignore, reason) => Standing::Ignored(reason, None),
            Decision::Decided(EmployeeStatus::Inactive, reason) => Standing::Inactive(reason),
            Decision::Decided(EmployeeStatus::Active, reason) => match self.recipe.provisioning.end(person) {
                End::NotYet | End::After(..) => Standing::Active(reason),
                End::Over(day, end) => Standing::Inactive(Reason {
                    text: format!("{}, which was {day}", end.text).into(),
                    origin: end.origin,
                }),
                End::Unknown(end) => self.undecided(person, end),
            },
        })
    }

    fn out_of_scope_ends_access(&self) -> bool {
        self.recipe.provisioning.out_of_scope.0 == Departure::Deactivate
    }

    fn undecided(&self, person: &Person<'_>, reason: Reason) -> Standing {
        let finding = findings::undecided(self.recipe, person, &reason);
        Standing::Undecided(reason, finding)
    }
}

fn failed(failure: &ScriptFailure) -> Standing {
    let finding = findings::refused(&failure.to_string(), failure.own, None);
    Standing::Failed(Reason::plain("a script of the filter or status rules failed"), finding)
}
