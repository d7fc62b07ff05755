//! What differs between the fields a user should have and those it has.

use std::borrow::Cow;

use super::references::WantedReference;
use super::{Draft, Planner, findings};
use crate::model::plan::{FieldChange, Verdict};
use crate::model::{Cell, TargetType, User, Value};
use crate::script::Session;
use crate::stage::fields::{FieldRule, Wanted};
use crate::stage::groups::Ownership;
use crate::stage::person::Person;

impl Planner<'_> {
    pub(super) fn fill_fields(
        &self,
        draft: &mut Draft,
        person: &Person<'_>,
        user: Option<&User>,
        session: &mut Session,
    ) {
        for (place, rule) in self.recipe.fields.rules.iter().enumerate() {
            if rule.on_create_only && user.is_some() && !self.is_still_being_made(rule, draft) {
                continue;
            }
            let wanted = match rule.wanted(person, session) {
                Wanted::AsIs | Wanted::NotDelivered => continue,
                Wanted::Mismatch(mismatch) => {
                    draft.note(&findings::mismatch(mismatch, rule.reason()));
                    continue;
                }
                Wanted::Refused { why, own } => {
                    let finding = findings::refused(&why, own, Some(rule.reason().clone()));
                    draft.report(Verdict::Fail, rule.reason().clone(), finding);
                    return;
                }
                Wanted::Value(value) => Some(value),
                Wanted::Nothing => None,
            };
            if rule.target.target_type.refers_to_users() {
                draft.references.reserve_exact(1);
                draft.references.push(WantedReference { rule: place, to: wanted });
            } else {
                self.fill_field(draft, rule, wanted, user);
            }
        }
    }

    /// Whether a team is never taken away without another: who set it is not remembered, so it may not be ours.
    fn keeps_teams(&self) -> bool {
        self.recipe.groups.as_ref().is_some_and(|groups| groups.ownership != Ownership::Rules)
    }

    /// Whether what is written in the second pass belongs to a user whom a run made and was cut off before it.
    fn is_still_being_made(&self, rule: &FieldRule, draft: &Draft) -> bool {
        let second_pass = rule.target.target_type.refers_to_users() || !rule.target.on_creation;
        second_pass && self.inputs.memory.intents.contains_key(&draft.plan.employee)
    }

    fn fill_field(&self, draft: &mut Draft, rule: &FieldRule, wanted: Option<Value>, user: Option<&User>) {
        if rule.target.target_type == TargetType::TeamKey {
            return;
        }
        let before = user.map_or(Cow::Owned(Cell::NotDelivered), |user| self.teams.held(rule, user));
        let same = match (&wanted, &*before) {
            (Some(wanted), Cell::Value(held)) => wanted == held,
            (None, Cell::Empty) => true,
            // What the target could not read is not known to be there, and clearing it could not be counted by the brake.
            (None, Cell::NotDelivered) => true,
            _ => false,
        };
        if same {
            return;
        }
        if wanted.is_none() && rule.target.target_type == TargetType::Team && self.keeps_teams() {
            return;
        }
        let stays = || self.recipe.target_catalogue.never_empty.contains(&rule.target.name);
        if wanted.is_none() && (rule.target.required || rule.login() || stays()) {
            draft.note(&findings::cannot_be_empty(rule, self.people.source()));
            return;
        }
        if let (TargetType::Team, Some(Value::Text(name))) = (rule.target.target_type, &wanted)
            && !self.groups.team_can_be_used(name, self.recipe, rule.reason())
        {
            return;
        }
        draft.changes().fields.push(FieldChange::new(&rule.mapping, before.into_owned(), wanted));
    }
}
