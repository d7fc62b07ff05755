//! Which groups a user is to join and leave. Only memberships that are ours, by the recipe's ownership setting, are ever
//! removed; what a rule that could not be decided might give is never taken away.

use std::sync::Arc;

use super::{Draft, Planner, findings};
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
        let held = user.map_or(&[][..], |user| &user.memberships);
        let mut kept = vec![false; held.len()];
        let mut unusable: Vec<&WantedGroup<'_>> = Vec::new();
        if user.is_none() {
            draft.changes().join.reserve_exact(wanted.groups.len());
        }
        for group in &wanted.groups {
            match self.groups.join(group, groups.create) {
                None => unusable.push(group),
                Some(change) if keep(&change, held, &mut kept) => {}
                Some(change) => join(draft, change),
            }
        }
        if let Some(user) = user {
            let kept = |at: usize, held: &Membership| kept[at] || self.may_be_meant(held, &unusable);
            let unasked = held.iter().enumerate().filter(|(at, held)| !kept(*at, held));
            self.leave(draft, groups, &wanted, unasked.map(|(_, held)| held), user);
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

    fn leave<'m>(
        &self,
        draft: &mut Draft,
        groups: &Groups,
        wanted: &WantedGroups<'_>,
        unasked: impl Iterator<Item = &'m Membership>,
        user: &User,
    ) {
        for membership in unasked {
            let Some(name) = self.groups.name_of(membership.group.as_str()) else { continue };
            let Some(reason) = self.ours(groups, user, membership, name) else { continue };
            if wanted
                .undecided
                .iter()
                .any(|rule| rule.role == membership.role && could_give(rule, &membership.group, name))
            {
                continue;
            }
            if self.recipe.target_catalogue.groups.add_only {
                draft.plan.findings.push(findings::must_leave_by_hand(name, reason));
                continue;
            }
            draft.changes().leave.push(Arc::new(MembershipChange {
                name: Arc::clone(name),
                group: Some(membership.group.clone()),
                role: Arc::clone(&membership.role),
                reason,
            }));
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

/// Marks the membership that is asked for, if the user has it.
fn keep(asked: &MembershipChange, held: &[Membership], kept: &mut [bool]) -> bool {
    let Some(group) = &asked.group else { return false };
    let asked = (group, &asked.role);
    let from = held.partition_point(|held| (&held.group, &held.role) < asked);
    let same = held[from..].iter().take_while(|held| (&held.group, &held.role) == asked).count();
    kept[from..from + same].fill(true);
    same > 0
}

/// Adds a membership, unless another rule, which names the group otherwise, did so before.
fn join(draft: &mut Draft, change: Arc<MembershipChange>) {
    let joins = &mut draft.changes().join;
    let same = |known: &MembershipChange| known.group == change.group && known.role == change.role;
    if !joins.iter().any(|known| same(known) && known.name == change.name) {
        joins.push(change);
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
