//! Two who claim one: employees with one user, or with one address. Nothing is merged in silence; nobody is guessed at.

use std::collections::BTreeMap;

use foldhash::{HashMap, HashSet};

use super::matching::fold;
use super::{Draft, Planner};
use crate::model::plan::{FieldChange, Verdict};
use crate::model::{EmployeeId, FieldName, Finding, Reason, Whose};
use crate::script::Session;

/// What could not be settled, and must not cost anybody their access.
#[derive(Debug, Default)]
pub(super) struct Open {
    /// Users that may belong to somebody of whom nothing can be decided now, by place.
    pub(super) users: HashSet<usize>,
    /// Whether there is somebody of whom it is not known which user is theirs: it might be any.
    pub(super) anybody: bool,
}

/// Who claims one user.
#[derive(Default)]
struct Claim {
    /// Those for whom it was found.
    holders: Vec<usize>,
    /// Those who may turn out to be its owner.
    others: Vec<usize>,
}

/// What to do about two records that claim one user.
fn one_person(source: &str) -> String {
    format!(
        "if the records are one person, end all but one of them in {source}; otherwise give each an address of their own"
    )
}

impl Planner<'_> {
    /// Somebody who is hired again under a new number takes over the user of the record that has ended. Where several
    /// claim it, nobody does, and the user stays as it is.
    pub(super) fn settle_takeovers(&self, drafts: &mut [Draft], session: &mut Session) {
        let mut takers: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (at, draft) in drafts.iter().enumerate().filter(|(_, draft)| draft.active) {
            if let Some(taken) = &draft.taken {
                takers.entry(taken.0).or_default().push(at);
            }
        }
        if takers.is_empty() {
            return;
        }
        let places: HashMap<EmployeeId, usize> =
            drafts.iter().enumerate().map(|(at, draft)| (draft.plan.employee.clone(), at)).collect();
        for (user, takers) in takers {
            let Some((_, owner, reason)) = drafts[takers[0]].taken.as_deref().cloned() else { continue };
            let Some(owner) = places.get(&owner).copied().filter(|owner| drafts[*owner].ended) else { continue };
            if let [taker] = takers[..] {
                let employee = drafts[taker].plan.employee.clone();
                let Some(draft) = self.take_over(&employee, user, reason.clone(), session) else { continue };
                drafts[taker] = draft;
                let text = format!("the user belongs to employee {employee} now, who has access");
                drafts[owner].let_go();
                drafts[owner].decide(Verdict::Unchanged, Reason { text: text.into(), origin: reason.origin });
            } else {
                let text = format!("the user ({}) fits employees {}", reason.text, ids(&takers, owner, drafts));
                drafts[owner].conflict(reason, Whose::Source, text, &one_person(self.people.source()));
            }
        }
    }

    /// Employees that found the same user. Who is linked keeps it; otherwise the only one who should have access gets it;
    /// otherwise nobody does.
    pub(super) fn settle_claims(&self, drafts: &mut [Draft]) -> Open {
        let anybody = drafts.iter().any(|draft| draft.unidentified);
        let mut open = Open { anybody, ..Open::default() };
        for (user, claim) in self.disputed(drafts) {
            let keeper = keeper(&claim, drafts);
            if let Some(leaver) = keeper.filter(|at| !claim.others.is_empty() && drafts[*at].ended) {
                let text = format!("the user may belong to employee {} now", ids(&claim.others, leaver, drafts));
                let reason = drafts[leaver].plan.reason.clone();
                drafts[leaver].conflict(reason, Whose::Source, text, &one_person(self.people.source()));
            }
            if keeper.is_none() {
                open.users.insert(user);
            }
            let all: Vec<usize> = claim.holders.iter().chain(&claim.others).copied().collect();
            for at in claim.holders.iter().filter(|at| Some(**at) != keeper) {
                lose(*at, &all, keeper, self.people.source(), drafts);
            }
        }
        if open.anybody {
            drafts.iter_mut().for_each(|draft| draft.keep_access(self.people.source()));
        }
        open
    }

    /// The users that more than one employee claims, or that may turn out to be somebody else's.
    fn disputed(&self, drafts: &[Draft]) -> BTreeMap<usize, Claim> {
        let mut claims: BTreeMap<usize, Claim> = BTreeMap::new();
        let mut held = vec![false; self.inputs.users.len()];
        for draft in drafts {
            if let Some(user) = draft.user.filter(|user| std::mem::replace(&mut held[*user], true)) {
                claims.entry(user).or_default();
            }
        }
        for (at, draft) in drafts.iter().enumerate() {
            for user in &draft.contested {
                claims.entry(*user).or_default().others.push(at);
            }
        }
        for (at, draft) in drafts.iter().enumerate() {
            if let Some(claim) = draft.user.and_then(|user| claims.get_mut(&user)) {
                claim.holders.push(at);
            }
        }
        claims
    }

    /// Addresses and user names that two people would have after this plan, or that belong to another user already.
    pub(super) fn settle_logins(&self, drafts: &mut [Draft]) {
        for (field, (name, _)) in self.recipe.logins.iter().enumerate() {
            self.settle_login(field, name, drafts);
        }
    }

    fn settle_login(&self, field: usize, name: &FieldName, drafts: &mut [Draft]) {
        let login = |(at, draft): (usize, &Draft)| {
            let login = change_of(draft, name)?.after.as_ref()?;
            Some((fold(&login.to_string()), at))
        };
        let mut wanted: Vec<(String, usize)> = drafts.iter().enumerate().filter_map(login).collect();
        wanted.sort();
        let mut taken = Vec::new();
        for same in wanted.chunk_by(|(a, _), (b, _)| a == b) {
            if let [(login, _)] = same
                && self.users_with_login(field, login).is_empty()
            {
                continue;
            }
            let people: Vec<usize> = same.iter().map(|(_, at)| *at).collect();
            for (login, at) in same {
                let own = drafts[*at].user;
                if people.len() > 1 {
                    let text = format!("employee {} would have the same `{name}`", ids(&people, *at, drafts));
                    taken.push((
                        *at,
                        text,
                        Whose::Source,
                        format!("give each person a value of their own in {}", self.people.source()),
                    ));
                } else if let Some(holder) = self.users_with_login(field, login).iter().find(|user| Some(**user) != own)
                {
                    taken.push(self.taken(*at, name, *holder, drafts));
                }
            }
        }
        for (at, text, whose, hint) in taken {
            let reason = change_of(&drafts[at], name).map(|change| change.reason().clone());
            let reason = reason.unwrap_or_else(|| drafts[at].plan.reason.clone());
            drafts[at].conflict(reason, whose, text, &hint);
        }
    }

    /// A login that another user has: another employee's, or nobody's whom we know.
    fn taken(&self, at: usize, name: &FieldName, holder: usize, drafts: &[Draft]) -> (usize, String, Whose, String) {
        if let Some(other) = drafts.iter().find(|draft| draft.user == Some(holder)) {
            let text = format!("the `{name}` is that of the user of employee {}", other.plan.employee);
            let source = self.people.source();
            let hint =
                format!("give each person a value of their own in {source}; if the other's changes too, run again");
            return (at, text, Whose::Source, hint);
        }
        let text = format!("the `{name}` is taken by another user in the target");
        let hint = "change it for one of the two, or remove the other user's; then run again";
        (at, text, Whose::Target, hint.to_owned())
    }
}

fn change_of<'d>(draft: &'d Draft, field: &FieldName) -> Option<&'d FieldChange> {
    draft.plan.changes.as_ref()?.fields.iter().find(|change| change.field() == field)
}

/// Who keeps a user: the one who is linked to it; else the only one who should have access, if nobody else is in doubt.
fn keeper(claim: &Claim, drafts: &[Draft]) -> Option<usize> {
    let only = |test: &dyn Fn(&Draft) -> bool| {
        let mut fitting = claim.holders.iter().copied().filter(|at| test(&drafts[*at]));
        fitting.next().filter(|_| fitting.next().is_none())
    };
    let linked = only(&|draft| draft.plan.new_link.is_none());
    if linked.is_some() || !claim.others.is_empty() {
        return linked;
    }
    match claim.holders[..] {
        [one] => Some(one),
        _ => only(&|draft| draft.active && draft.plan.verdict != Verdict::Conflict),
    }
}

/// One who does not get the user that they claim.
fn lose(at: usize, all: &[usize], keeper: Option<usize>, source: &str, drafts: &mut [Draft]) {
    let reason = drafts[at].plan.new_link.clone().unwrap_or_else(|| Reason::plain("the remembered link"));
    let others = ids(all, at, drafts);
    let draft = &mut drafts[at];
    draft.let_go();
    if !draft.active && keeper.is_some() {
        let text = format!("the user that fits belongs to employee {others}, who has access");
        draft.decide(Verdict::Unchanged, Reason { text: text.into(), origin: reason.origin });
        return;
    }
    let text = format!("the user that fits ({}) fits employee {others} too", reason.text);
    draft.conflict(reason, Whose::Source, text, &one_person(source));
}

impl Draft {
    /// Takes the user away again.
    fn let_go(&mut self) {
        self.user = None;
        self.plan.user = None;
        self.plan.new_link = None;
    }

    /// While somebody cannot be identified, a user that was only just found may be theirs, and keeps its access.
    fn keep_access(&mut self, source: &str) {
        let Some(link) = self.plan.new_link.clone().filter(|_| self.plan.verdict == Verdict::Deactivate) else {
            return;
        };
        let finding = Finding {
            whose: Whose::Credentials,
            text: format!(
                "the user may belong to somebody else, of whom {source} did not deliver what identifies people"
            )
            .into(),
            hint: "let the service user's permission group view those fields for everybody, then run again".into(),
            reason: Some(link.clone()),
        };
        self.let_go();
        self.report(Verdict::Undecided, link, finding);
    }
}

fn ids(all: &[usize], but: usize, drafts: &[Draft]) -> String {
    let others = all.iter().filter(|at| **at != but);
    others.map(|at| drafts[*at].plan.employee.to_string()).collect::<Vec<_>>().join(", ")
}
