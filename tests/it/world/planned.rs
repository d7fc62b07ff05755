//! A plan, and short questions to it.

use std::collections::BTreeSet;

use rollbook::engine::brake::{Approvals, Brake, Parted};
use rollbook::engine::plan;
use rollbook::model::plan::{PersonPlan, PersonRef, Verdict};
use rollbook::model::{Finding, LimitKind, Plan, TargetCatalogue, Tripped};
use rollbook::problem::Problems;
use rollbook::recipe::{Draft, Recipe};

use super::{Seen, World};
use crate::sentences::plan_is_known;

/// A plan, and short questions to it.
pub(crate) struct Planned {
    pub(crate) plan: Plan,
    pub(crate) recipe: Recipe,
    pub(crate) seen: Seen,
}

impl World {
    /// Plans for a target that declares something else of itself.
    pub(crate) fn plan_for(&self, declare: impl FnOnce(&mut TargetCatalogue)) -> Planned {
        let known = self.recipe();
        let mut target = known.target_catalogue.clone();
        declare(&mut target);
        let draft = Draft::load(&known.path, &mut Problems::new()).unwrap();
        let recipe = draft.compile(&known.source_catalogue, target, &mut Problems::new()).unwrap();
        let seen = self.seen_by(&recipe);
        let plan = plan(&recipe, &seen.inputs());
        plan_is_known(&plan);
        Planned { plan, recipe, seen }
    }
}

impl Planned {
    /// The one entry of an employee.
    pub(crate) fn person(&self, id: &str) -> &PersonPlan {
        let mut found = self.plan.people.iter().filter(|person| person.employee.as_str() == id);
        let person = found.next().unwrap_or_else(|| panic!("nothing is said of employee {id}"));
        assert!(found.next().is_none(), "employee {id} appears twice");
        person
    }

    /// What is decided.
    pub(crate) fn verdict(&self, id: &str) -> Verdict {
        self.person(id).verdict
    }

    /// Why, with the line.
    pub(crate) fn reason(&self, id: &str) -> String {
        self.person(id).reason.to_string()
    }

    /// What a field becomes; `Some("")` where it is cleared, nothing where it stays.
    pub(crate) fn field(&self, id: &str, field: &str) -> Option<String> {
        let changes = self.person(id).changes.as_ref()?;
        let change = changes.fields.iter().find(|change| change.field().as_str() == field)?;
        Some(change.after.as_ref().map_or_else(String::new, ToString::to_string))
    }

    /// The people a reference will lead to: ids of users, `new N` for an employee whose user is made by the plan.
    pub(crate) fn references(&self, id: &str, field: &str) -> Option<Vec<String>> {
        let changes = self.person(id).changes.as_ref()?;
        let change = changes.references.iter().find(|change| change.field.as_str() == field)?;
        let name = |person: &PersonRef| match person {
            PersonRef::User(user) => user.to_string(),
            PersonRef::New(employee) => format!("new {employee}"),
        };
        Some(change.after.iter().map(name).collect())
    }

    /// The names of the groups that are joined, with the role where it is not the default.
    pub(crate) fn joins(&self, id: &str) -> Vec<String> {
        let changes = self.person(id).changes.iter();
        let names = changes.flat_map(|changes| &changes.join).map(|join| match &*join.role {
            "member" => join.name.to_string(),
            role => format!("{}/{role}", join.name),
        });
        names.collect()
    }

    /// The names of the groups that are left.
    pub(crate) fn leaves(&self, id: &str) -> Vec<String> {
        let changes = self.person(id).changes.iter();
        changes.flat_map(|changes| &changes.leave).map(|leave| leave.name.to_string()).collect()
    }

    /// The one thing that somebody should look at for a person.
    pub(crate) fn finding(&self, id: &str) -> &Finding {
        match &self.person(id).findings[..] {
            [finding] => finding,
            other => panic!("one finding for {id} was expected: {other:#?}"),
        }
    }

    /// What belongs to no single person: whose move it is, what happened, what to do.
    pub(crate) fn general(&self) -> Vec<String> {
        let text = |finding: &Finding| format!("{}: {} → {}", finding.whose, finding.text, finding.hint);
        self.plan.findings.iter().map(text).collect()
    }

    /// Whether nothing is to be written.
    pub(crate) fn is_empty(&self) -> bool {
        self.plan.new_groups.is_empty() && self.plan.people.iter().all(|person| !person.verdict.writes())
    }

    /// The brake, with what is approved.
    pub(crate) fn brake(&self, approved: &[(LimitKind, usize)]) -> Braked<'_> {
        let approvals: Approvals = approved.iter().copied().collect();
        Braked { brake: Brake::check(&self.plan, &self.recipe.limits, &approvals), plan: &self.plan }
    }
}

/// What the brake makes of a plan.
pub(crate) struct Braked<'p> {
    pub(crate) brake: Brake,
    plan: &'p Plan,
}

impl Braked<'_> {
    /// The limits that are broken.
    pub(crate) fn kinds(&self) -> Vec<LimitKind> {
        self.brake.tripped.iter().map(|tripped| tripped.kind).collect()
    }

    /// The one limit that is broken.
    pub(crate) fn tripped(&self) -> &Tripped {
        match &self.brake.tripped[..] {
            [tripped] => tripped,
            other => panic!("one broken limit was expected: {other:#?}"),
        }
    }

    /// One person's plan, parted.
    pub(crate) fn part(&self, id: &str) -> Parted {
        let person = self.plan.people.iter().find(|person| person.employee.as_str() == id).unwrap();
        self.brake.part(person.clone())
    }

    /// The employees for whom something is held.
    pub(crate) fn held(&self) -> BTreeSet<String> {
        let parted = self.plan.people.iter().map(|person| self.brake.part(person.clone()));
        parted.filter(|parted| parted.held.is_some()).map(|parted| parted.allowed.employee.to_string()).collect()
    }

    /// How many people lose access.
    pub(crate) fn deactivations(&self) -> usize {
        let parted = self.plan.people.iter().map(|person| self.brake.part(person.clone()));
        parted.filter(|parted| parted.allowed.verdict == Verdict::Deactivate).count()
    }
}
