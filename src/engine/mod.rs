//! The decisions: records, users and what we remember go in, a [`Plan`] comes out.
//!
//! Pure: no clock, no IO, no `async`. Full sync and real time share [`plan`], so they cannot disagree. Reading order:
//! [`standing`] (what the recipe says of an employee), [`matching`] (whose user is whose), [`changes`] (what differs),
//! then across people: [`conflicts`], [`references`], [`missing`]; and last the [`brake`]. Before all that, [`teams`] sees
//! which teams have another name now. [`few`] plans some people by themselves, in real time.

pub mod brake;
mod changes;
mod conflicts;
mod drafts;
pub mod explain;
mod few;
mod findings;
pub mod fingerprint;
mod group_names;
mod matching;
mod memberships;
mod missing;
mod person_plan;
mod references;
mod standing;
mod teams;
mod users_by_text;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, OnceLock};

use foldhash::{HashMap, HashMapExt as _, HashSet};

use self::teams::Teams;
use crate::model::plan::{Figures, PersonPlan};
use crate::model::{EmployeeId, Group, Places, Plan, Reason, Roster, User, UserId, UserStatus};
use crate::recipe::Recipe;
use crate::script::Session;
use crate::stage::person::{People, Person};
use crate::stage::today::{Days, Now};
pub use few::{Few, next_looks, plan_few, referred_to, wanted_users};

/// Everything a plan is made from, besides the recipe.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    /// The employees.
    pub roster: &'a Roster,
    /// The users in the target.
    pub users: &'a [User],
    /// The groups and teams in the target.
    pub groups: &'a [Group],
    /// What earlier runs left behind.
    pub memory: &'a Memory,
    /// When it is.
    pub now: Now,
}

/// What of each user is ours, in pairs: group and role, or field and the user it leads to.
pub type Ours = BTreeMap<UserId, Arc<[(Arc<str>, Arc<str>)]>>;

/// What earlier runs left behind.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    /// Which user belongs to which employee.
    pub links: BTreeMap<EmployeeId, UserId>,
    /// Memberships that we added: group and role.
    pub memberships: Ours,
    /// References that we set: the field, and the user it leads to.
    pub references: Ours,
    /// Users that a run announced to make and did not bring to an end, be it that they are there by now: the employee, and
    /// what the user would log in with.
    pub intents: BTreeMap<EmployeeId, Option<String>>,
    /// Employees that the last full sync read; not counting syncs whose source had shrunk beyond the limit.
    pub previous_employees: Option<usize>,
}

/// Decides what is to be done about everybody, on every core there is.
#[must_use]
pub fn plan(recipe: &Recipe, inputs: &Inputs<'_>) -> Plan {
    let parts = inputs.roster.records.len().div_ceil(drafts::WORTH_A_CORE).min(rayon::current_num_threads());
    plan_in_parts(recipe, inputs, NonZeroUsize::new(parts).unwrap_or(NonZeroUsize::MIN))
}

/// The same, with the people in so many parts that are worked on at the same time. The plan does not depend on their number.
#[must_use]
pub fn plan_in_parts(recipe: &Recipe, inputs: &Inputs<'_>, parts: NonZeroUsize) -> Plan {
    decide(recipe, inputs, parts, |_| {})
}

/// Decides everybody, keeps what is asked for, and says what else follows from that.
fn decide(
    recipe: &Recipe,
    inputs: &Inputs<'_>,
    parts: NonZeroUsize,
    keep: impl FnOnce(&mut Vec<Box<PersonPlan>>),
) -> Plan {
    let people = People::new(&inputs.roster.records, &recipe.source_catalogue.title);
    let teams = Teams::of(recipe, inputs, &people);
    let inputs = &teams.after(inputs);
    let mut planner = Planner::new(recipe, inputs, &people, &teams);
    let (mut drafts, mut misses) = planner.drafts(parts);
    let mut session = planner.session();
    planner.settle_takeovers(&mut drafts, &mut session);
    drafts::add(&mut misses, session.take_misses());
    let open = planner.settle_claims(&mut drafts);
    planner.settle_logins(&mut drafts);
    planner.resolve_references(&mut drafts);
    let mut plans: Vec<_> = drafts.into_iter().map(|draft| planner.finish(draft)).collect();
    // The list took over the drafts' memory, which is several times what it needs.
    plans.shrink_to_fit();
    let missing = planner.missing_people(&plans, &open);
    plans.extend(missing.into_iter().map(Box::new));
    keep(&mut plans);
    let figures = Figures {
        employees: inputs.roster.records.len(),
        unreadable: inputs.roster.unreadable.len(),
        linked: planner.linked(&plans),
        previous_employees: inputs.memory.previous_employees,
        users: inputs.users.len(),
    };
    Plan {
        recipe: Arc::clone(&recipe.name),
        today: planner.days.default,
        new_groups: planner.new_groups(&plans),
        group_changes: teams.changes.clone(),
        findings: planner.general_findings(&plans),
        table_misses: findings::table_misses(recipe, misses),
        people: plans,
        figures,
    }
}

/// One person's plan while it is being made.
struct Draft {
    plan: Box<PersonPlan>,
    /// The user found, by place.
    user: Option<usize>,
    /// The user's status before, for all but creations.
    status_before: Option<UserStatus>,
    /// References that still have to be resolved to users: the field rule's place, and the employees wanted.
    references: Vec<references::WantedReference>,
    /// Whether the employee should have access; of two who claim one user, the one who should wins.
    active: bool,
    /// Whether their access has ended, or should end.
    ended: bool,
    /// Users that may be this person's, which cannot be settled now: nobody loses access over that.
    contested: Vec<usize>,
    /// Whether it cannot be known which user is theirs, as a field that identifies them was not delivered.
    unidentified: bool,
    /// The user that fits, and the employee in the source who has it.
    taken: Option<Box<(usize, EmployeeId, Reason)>>,
}

/// The indexes that deciding needs, made once a plan.
struct Planner<'a> {
    recipe: &'a Recipe,
    inputs: &'a Inputs<'a>,
    people: &'a People<'a>,
    days: Days,
    links: Arc<Links<'a>>,
    groups: group_names::GroupNames<'a>,
    teams: &'a Teams,
    keys: Arc<matching::Keys>,
}

/// Who belongs to whom, as far as that is remembered.
struct Links<'a> {
    users: Places,
    /// The user that an employee is linked to, where there still is one.
    linked_users: HashMap<&'a str, usize>,
    /// Made when the first is asked for: a steady sync needs none of it.
    employee_of_user: OnceLock<HashMap<&'a str, &'a EmployeeId>>,
}

impl<'a> Planner<'a> {
    fn new(recipe: &'a Recipe, inputs: &'a Inputs<'a>, people: &'a People<'a>, teams: &'a Teams) -> Self {
        let user_at = |at: usize| inputs.users[at].id.as_str();
        let users = Places::new(inputs.users.len(), user_at);
        let linked = |(employee, user): (&'a EmployeeId, &UserId)| {
            Some((employee.as_str(), users.find(user.as_str(), user_at)?))
        };
        let mut linked_users = HashMap::with_capacity(inputs.users.len());
        linked_users.extend(inputs.memory.links.iter().filter_map(linked));
        let links = Links { linked_users, employee_of_user: OnceLock::new(), users };
        Self {
            recipe,
            inputs,
            people,
            days: recipe.zones.days(inputs.now),
            links: Arc::new(links),
            groups: group_names::GroupNames::new(inputs.groups),
            teams,
            keys: Arc::default(),
        }
    }

    fn session(&self) -> Session {
        let fields: Vec<Arc<str>> = self.recipe.script_fields.iter().map(|(name, _)| Arc::clone(name)).collect();
        Session::new(&self.recipe.scripts, &fields)
    }

    /// One person, with the day it is for them; scripts now see this person.
    fn person(&self, record: &'a crate::model::Record, session: &mut Session) -> Person<'a> {
        let mut person = Person { record, people: self.people, today: self.days.default };
        person.today = self.recipe.zones.today(&self.days, &person);
        session.person(person.today, self.recipe.script_fields.iter().map(|(_, field)| person.read(field)));
        person
    }

    fn user(&self, id: &UserId) -> Option<&'a User> {
        self.user_at(id).map(|at| &self.inputs.users[at])
    }

    /// Where among the users one stands.
    fn user_at(&self, id: &UserId) -> Option<usize> {
        self.links.users.find(id.as_str(), |at| self.inputs.users[at].id.as_str())
    }

    /// The employee that a user is linked to.
    fn employee_of(&self, user: &UserId) -> Option<&'a EmployeeId> {
        let links = self.inputs.memory.links.iter();
        let by_user = || links.map(|(employee, user)| (user.as_str(), employee)).collect();
        self.links.employee_of_user.get_or_init(by_user).get(user.as_str()).copied()
    }

    /// The user that an employee is linked to.
    fn linked_user(&self, employee: &EmployeeId) -> Option<(usize, &'a User)> {
        let at = *self.links.linked_users.get(employee.as_str())?;
        Some((at, &self.inputs.users[at]))
    }

    /// Users that are there and linked, before or by this plan: what shares are measured against. Links to users that
    /// were deleted in the target do not count, or limits would grow wider with the years.
    fn linked(&self, plans: &[Box<PersonPlan>]) -> usize {
        let before = self.inputs.memory.links.values().filter(|user| self.user(user).is_some());
        before.chain(plans.iter().filter_map(|plan| plan.user.as_ref())).collect::<HashSet<_>>().len()
    }
}
