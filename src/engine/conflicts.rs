//! Two who claim one: employees with one user, or with one address. Nothing is merged in silence; nobody is guessed at.

use foldhash::{HashMap, HashMapExt as _};

use super::matching::fold;
use super::{Draft, Planner};
use crate::model::plan::{FieldChange, Verdict};
use crate::model::{Reason, Whose};

impl Planner<'_> {
    /// Employees that found the same user. Who is linked keeps it; otherwise the only one who should have access gets it;
    /// otherwise nobody does.
    pub(super) fn settle_claims(&self, drafts: &mut [Draft]) {
        let mut claims: HashMap<usize, Vec<usize>> = HashMap::new();
        for (at, draft) in drafts.iter().enumerate() {
            if let Some(user) = draft.user {
                claims.entry(user).or_default().push(at);
            }
        }
        for claimants in claims.into_values().filter(|claimants| claimants.len() > 1) {
            let keeper = keeper(&claimants, drafts);
            for at in claimants.iter().filter(|at| Some(**at) != keeper) {
                let reason = drafts[*at].plan.new_link.clone().unwrap_or_else(|| Reason::plain("the remembered link"));
                let others = ids(&claimants, *at, drafts);
                let text = format!("the user that fits ({}) fits employee {others} too", reason.text);
                let hint = "if the records are one person, end all but one of them in HiBob; otherwise give each an address of their own";
                let draft = &mut drafts[*at];
                draft.user = None;
                draft.plan.user = None;
                draft.plan.new_link = None;
                if !draft.active && keeper.is_some() {
                    let text = format!("the user that fits belongs to employee {others}, who has access");
                    draft.decide(Verdict::Unchanged, Reason { text: text.into(), origin: reason.origin });
                    continue;
                }
                draft.conflict(reason, Whose::Source, text, hint);
            }
        }
    }

    /// Logins that two people would have after this plan, or that belong to another user already.
    pub(super) fn settle_logins(&self, drafts: &mut [Draft]) {
        let mut wanted: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, draft) in drafts.iter().enumerate() {
            if let Some(login) = login_change(draft).and_then(|change| change.after.as_ref()) {
                wanted.entry(fold(&login.to_string())).or_default().push(at);
            }
        }
        let mut taken: Vec<(usize, String, Whose, &'static str)> = Vec::new();
        for (login, people) in wanted {
            for at in &people {
                let own = drafts[*at].user;
                if people.len() > 1 {
                    let text = format!("employee {} has the same address in HiBob", ids(&people, *at, drafts));
                    taken.push((*at, text, Whose::Source, "give each person an address of their own in HiBob"));
                } else if self.users_with_login(&login).iter().any(|user| Some(*user) != own) {
                    let text = "the address is taken by another user in the target".to_owned();
                    let hint = "change the address of one of the two, or remove the other user's; then run again";
                    taken.push((*at, text, Whose::Target, hint));
                }
            }
        }
        for (at, text, whose, hint) in taken {
            let reason = login_change(&drafts[at]).map(|change| change.reason.clone());
            let reason = reason.unwrap_or_else(|| drafts[at].plan.reason.clone());
            drafts[at].conflict(reason, whose, text, hint);
        }
    }
}

fn login_change(draft: &Draft) -> Option<&FieldChange> {
    draft.plan.changes.as_ref()?.fields.iter().find(|change| change.login)
}

fn keeper(claimants: &[usize], drafts: &[Draft]) -> Option<usize> {
    let only = |test: &dyn Fn(&Draft) -> bool| {
        let mut fitting = claimants.iter().copied().filter(|at| test(&drafts[*at]));
        fitting.next().filter(|_| fitting.next().is_none())
    };
    only(&|draft| draft.plan.new_link.is_none())
        .or_else(|| only(&|draft| draft.active && draft.plan.verdict != Verdict::Conflict))
}

fn ids(all: &[usize], but: usize, drafts: &[Draft]) -> String {
    let others = all.iter().filter(|at| **at != but);
    others.map(|at| drafts[*at].plan.employee.to_string()).collect::<Vec<_>>().join(", ")
}
