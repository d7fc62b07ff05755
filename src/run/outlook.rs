//! What a run would find of everybody: who has no account and why, and whose account is in doubt. In numbers, never names.

use crate::engine::{Inputs, Memory, plan};
use crate::model::plan::Verdict;
use crate::model::{Group, Plan, Roster, User};
use crate::recipe::Recipe;
use crate::stage::today::Now;

/// What was seen.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outlook {
    /// How many get an account, and what keeps the others from one.
    pub(super) fact: String,
    /// What somebody has to settle before people get their account.
    pub(super) doubts: Vec<Unsettled>,
}

/// People about whom nothing can be done yet.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unsettled {
    /// The section of the recipe whose service is the place to settle it.
    pub(super) section: &'static str,
    /// How many, and why.
    pub(super) message: String,
    /// What to do.
    pub(super) help: &'static str,
}

impl Outlook {
    /// Decides everybody as a first run does, which remembers nothing.
    pub(super) fn of(recipe: &Recipe, roster: &Roster, users: &[User], groups: &[Group], now: Now) -> Self {
        let memory = Memory::default();
        Self::in_plan(&plan(recipe, &Inputs { roster, users, groups, memory: &memory, now }))
    }

    fn in_plan(plan: &Plan) -> Self {
        let of = |wanted: Verdict| plan.people.iter().filter(|person| person.verdict == wanted).count();
        let idle = |with_user: bool| {
            let idle = plan.people.iter().filter(|person| person.verdict == Verdict::Unchanged);
            idle.filter(|person| person.user.is_some() == with_user).count()
        };
        let accounts = of(Verdict::Create) + of(Verdict::Update) + of(Verdict::Reactivate) + idle(true);
        let without = [
            (idle(false), "withheld by status"),
            (of(Verdict::Deactivate), "ended"),
            (of(Verdict::Wait), "waiting for the first day"),
            (of(Verdict::OutOfScope), "left out by the filter"),
            (of(Verdict::Ignore), "left alone by status"),
            (of(Verdict::Fail), "refused by the recipe"),
        ];
        let without: String =
            without.iter().filter(|(people, _)| *people > 0).map(|(people, how)| format!(", {people} {how}")).collect();
        let fact = format!("accounts: {accounts} given or kept{without}; `rollbook explain` says why for each");
        Self { fact, doubts: doubts(of(Verdict::Conflict), of(Verdict::Undecided)) }
    }
}

fn doubts(conflicts: usize, undecided: usize) -> Vec<Unsettled> {
    let conflicts = (conflicts > 0).then(|| Unsettled {
        section: "target",
        message: format!("{}: the address or account is another's, or claimed twice", left_alone(conflicts)),
        help: "`rollbook plan` names each of them, with what to settle and where",
    });
    let undecided = (undecided > 0).then(|| Unsettled {
        section: "source",
        message: format!("{}: a field that decides about them is not delivered", left_alone(undecided)),
        help: "grant the permission for the field, or fill it; `rollbook plan` names each of them",
    });
    conflicts.into_iter().chain(undecided).collect()
}

fn left_alone(people: usize) -> String {
    match people {
        1 => "1 person is left alone".to_owned(),
        people => format!("{people} people are left alone"),
    }
}
