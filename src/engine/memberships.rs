//! Which groups a user is to join and leave. Only memberships that are ours, by the recipe's ownership setting, are ever
//! removed; what a rule that could not be decided might give is never taken away.

use std::sync::Arc;

use super::group_names::Found;
use super::{Draft, Planner};
use crate::model::plan::MembershipChange;
use crate::model::{GroupId, Membership, Reason, User};
use crate::script::{ScriptFailure, Session};
use crate::stage::groups::{GroupRule, Groups, Ownership, WantedGroup, WantedGroups};
use crate::stage::person::Person;

impl Planner<'_> {
    pub(super) fn fill_groups(
        &self,
        draft: &mut Draft,
        person: &Person<'_>,
        user: Option<&User>,
        session: &mut Session,
    ) -> Result<(), ScriptFailure> {
        let Some(groups) = &self.recipe.groups else { return Ok(()) };
        let wanted = groups.wanted(person, session)?;
        draft.plan.no_group_rule = wanted.groups.is_empty() && wanted.undecided.is_empty() && !groups.rules.is_empty();
        let mut kept: Vec<Membership> = Vec::with_capacity(wanted.groups.len());
        let mut unusable: Vec<&WantedGroup<'_>> = Vec::new();
        if user.is_none() {
            draft.changes().join.reserve_exact(wanted.groups.len());
        }
        for group in &wanted.groups {
            let id = match self.groups.group(&group.name, groups.create, group.reason) {
                Found::Nothing => {
                    unusable.push(group);
                    continue;
                }
                Found::New => None,
                Found::Group(found) => {
                    let membership = Membership { group: found.id.clone(), role: Arc::clone(group.role) };
                    let has_it = user.is_some_and(|user| user.memberships.binary_search(&membership).is_ok());
                    kept.push(membership);
                    if has_it {
                        continue;
                    }
                    Some(found.id.clone())
                }
            };
            let name = id.as_ref().and_then(|id| self.groups.name_of(id.as_str())).unwrap_or(&group.name);
            let change = MembershipChange {
                name: Arc::clone(name),
                group: id,
                role: Arc::clone(group.role),
                reason: group.reason.clone(),
            };
            let join = &mut draft.changes().join;
            let same = |known: &MembershipChange| known.group == change.group && known.role == change.role;
            if !join.iter().any(|known| same(known) && known.name == change.name) {
                join.push(change);
            }
        }
        if let Some(user) = user {
            kept.extend(user.memberships.iter().filter(|held| self.may_be_meant(held, &unusable)).cloned());
            self.leave(draft, groups, &wanted, &kept, user);
        }
        Ok(())
    }

    /// Whether a membership is perhaps what a rule asks for that could not be followed: its name fits two groups, or
    /// differs from the group's in case. That is reported, and nobody is taken out over it.
    fn may_be_meant(&self, held: &Membership, unusable: &[&WantedGroup<'_>]) -> bool {
        let Some(name) = self.groups.name_of(held.group.as_str()).filter(|_| !unusable.is_empty()) else {
            return false;
        };
        let name = super::group_names::fold(name);
        unusable.iter().any(|wanted| *wanted.role == held.role && super::group_names::fold(&wanted.name) == name)
    }

    fn leave(&self, draft: &mut Draft, groups: &Groups, wanted: &WantedGroups<'_>, kept: &[Membership], user: &User) {
        for membership in user.memberships.iter().filter(|membership| !kept.contains(membership)) {
            let Some(name) = self.groups.name_of(membership.group.as_str()) else { continue };
            let Some(reason) = self.ours(groups, user, membership, name) else { continue };
            if wanted
                .undecided
                .iter()
                .any(|rule| rule.role == membership.role && could_give(rule, &membership.group, name))
            {
                continue;
            }
            draft.changes().leave.push(MembershipChange {
                name: Arc::clone(name),
                group: Some(membership.group.clone()),
                role: Arc::clone(&membership.role),
                reason,
            });
        }
    }

    /// Whether a membership may be removed, and by which right. Decided here and nowhere else.
    fn ours(&self, groups: &Groups, user: &User, membership: &Membership, name: &str) -> Option<Reason> {
        let added = || {
            let added = self.inputs.memory.memberships.get(&user.id).map_or(&[][..], |added| added);
            added.iter().any(|(group, role)| group == membership.group.shared() && *role == membership.role)
        };
        match groups.ownership {
            Ownership::None => None,
            Ownership::Added => {
                added().then(|| Reason::plain("added by an earlier run, and no rule asks for it any more"))
            }
            Ownership::Rules => {
                let rule = groups
                    .rules
                    .iter()
                    .find(|rule| rule.role == membership.role && could_give_known(rule, &membership.group, name));
                match rule {
                    Some(rule) => {
                        let text = format!("no longer asked for by the {}", rule.rule.reason.text);
                        Some(Reason { text: text.into(), origin: rule.rule.reason.origin.clone() })
                    }
                    None => added().then(|| Reason::plain("added by an earlier run, and no rule asks for it any more")),
                }
            }
        }
    }
}

/// Whether a rule names this group: by id, by exact name, or by a pattern whose fields are lists that have the value.
fn could_give_known(rule: &GroupRule, id: &GroupId, name: &str) -> bool {
    match rule.group.fixed() {
        Some(fixed) => **fixed == *name || **fixed == *id.as_str(),
        None => rule.group.could_be(name),
    }
}

/// Whether a rule might have given this group, had it been decided. In the place of a field anything may have stood: lists
/// change, and the value that gave a group may be on none of them any more.
fn could_give(rule: &GroupRule, id: &GroupId, name: &str) -> bool {
    could_give_known(rule, id, name) || rule.group.might_be(name) || rule.group.might_be(id.as_str())
}
