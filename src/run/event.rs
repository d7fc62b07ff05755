//! Real time: a few people looked at by themselves. The same decision as a full sync's, from what concerns them alone.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::Mutex;

use super::apply::{Applied, Apply};
use super::carry_out::Manner;
use super::complete::KnownUsers;
use super::gather::Gathered;
use super::recorder::Recorder;
use super::stale::no_longer_there;
use super::sync::kept;
use super::{Quiet, RunError, Stop, ending};
use crate::connector::open::{open_source, open_target};
use crate::connector::secrets::Secrets;
use crate::connector::{ConnectorError, Source, Target, Wanted};
use crate::engine::brake::{Brake, Counted, LastHour, counted};
use crate::engine::{Few, Memory, next_looks, plan_few, referred_to, wanted_users};
use crate::model::{
    EmployeeId, FieldName, Finding, Group, LimitKind, Outcome, OutcomeKind, Roster, Tripped, Unlisted, User, UserId,
};
use crate::recipe::Recipe;
use crate::stage::today::Now;
use crate::store::{Claim, Handled, Lease, Link, LookedAt, Store};

/// For how long what a target has shown is taken to be so. A group that is missing is asked for anew at once.
const SESSION: Duration = Duration::from_secs(300);

/// A session of this age is new enough to believe that a group is missing.
const NEW: Duration = Duration::from_secs(5);

/// What changes within this time is counted by the brake together.
const HOUR: Duration = Duration::from_secs(3_600);

/// A recipe with its source and target, opened for all that happens in real time.
pub struct OpenRecipe {
    /// The recipe.
    pub recipe: Arc<Recipe>,
    secrets: Secrets,
    source: Box<dyn Source>,
    session: Mutex<Option<Arc<Session>>>,
}

/// The target and its groups. A target remembers what it has seen, as a run wants it to: so it is opened anew now and then,
/// and after whatever went wrong.
struct Session {
    target: Box<dyn Target>,
    groups: Vec<Group>,
    since: Instant,
}

/// What became of people who were looked at.
#[derive(Debug, Default)]
pub struct Looked {
    /// One outcome for each person of whom there is something to say.
    pub outcomes: Vec<Outcome>,
    /// The limits that were broken.
    pub tripped: Vec<Tripped>,
    /// What went wrong and belongs to nobody.
    pub findings: Vec<Finding>,
    /// Why the target could not be written to any further, if that was so.
    pub cut_short: Option<ConnectorError>,
}

impl OpenRecipe {
    /// Opens the source; the target is opened when it is first needed.
    ///
    /// # Errors
    /// When their settings or secrets are wrong.
    pub fn open(recipe: Arc<Recipe>, secrets: &Secrets) -> Result<Self, ConnectorError> {
        let source = open_source(&recipe.source, secrets)?;
        open_target(&recipe.target, secrets)?;
        Ok(Self { recipe, secrets: secrets.clone(), source, session: Mutex::default() })
    }

    /// Looks at the claimed people: reads, plans, brakes, writes, and records it with the end of the claims.
    ///
    /// # Errors
    /// When source, target or database cannot be used: then the claims stand, for the caller to give back.
    pub async fn look(
        &self,
        claims: &[Claim],
        replica: &str,
        store: &Store,
        lease: &Lease,
        now: Timestamp,
    ) -> Result<Looked, RunError> {
        let asked: BTreeSet<EmployeeId> = claims.iter().map(|claim| claim.employee.clone()).collect();
        let mut session = self.session(SESSION).await?;
        let mut gathered = self.gather(&session, &asked, store, Now::At(now)).await?;
        let mut few = plan_few(&self.recipe, &gathered.inputs(Now::At(now)), &asked);
        if !few.plan.new_groups.is_empty() && session.since.elapsed() > NEW {
            // Before a group is made, the target is asked whether it is there by now.
            session = self.session(NEW).await?;
            gathered = self.gather(&session, &asked, store, Now::At(now)).await?;
            few = plan_few(&self.recipe, &gathered.inputs(Now::At(now)), &asked);
        }
        let hour = self.last_hour(store, now).await?;
        let brake = Brake::over_the_hour(&few.plan, &self.recipe.limits, &hour);
        let days = self.days(&asked, &gathered.roster, now);
        let Few { plan: mut decided, waiting } = few;
        let applied = self.apply(&session, gathered, &mut decided, &brake, store, lease).await?;
        let changes_groups = !decided.new_groups.is_empty() || !decided.group_changes.is_empty();
        let settle = self.recipe.real_time.as_ref().map_or(Duration::ZERO, |real_time| real_time.settle);
        let ends = ending::Ends { now, settle, waiting: &waiting, cut_short: applied.cut_short.is_some() };
        let looked = LookedAt {
            handled: applied.outcomes.iter().map(handled).collect(),
            counted: applied.outcomes.iter().flat_map(counted_of).collect(),
            paused: brake.tripped.iter().map(|tripped| tripped.kind.word().to_owned()).collect(),
            days,
            endings: ends.of(claims, &applied.outcomes),
        };
        store.looked_at(&self.recipe.name, replica, now, &looked).await?;
        let failed = applied.outcomes.iter().any(|outcome| outcome.kind == OutcomeKind::Failed);
        if changes_groups || failed || !applied.findings.is_empty() {
            *self.session.lock().await = None;
        }
        let Applied { outcomes, findings, cut_short, .. } = applied;
        Ok(Looked { outcomes, tripped: brake.tripped, findings, cut_short })
    }

    /// The target and its groups, not older than so long.
    async fn session(&self, age: Duration) -> Result<Arc<Session>, RunError> {
        let mut session = self.session.lock().await;
        if let Some(known) = session.as_ref().filter(|known| known.since.elapsed() <= age) {
            return Ok(Arc::clone(known));
        }
        let target = open_target(&self.recipe.target, &self.secrets)?;
        let groups = target.groups().await?;
        let opened = Arc::new(Session { target, groups, since: Instant::now() });
        *session = Some(Arc::clone(&opened));
        Ok(opened)
    }

    /// What concerns the people asked for: their records and those they refer to, the users that may be theirs, and what is
    /// remembered of both.
    async fn gather(
        &self,
        session: &Session,
        asked: &BTreeSet<EmployeeId>,
        store: &Store,
        now: Now,
    ) -> Result<Gathered, RunError> {
        let mut roster = self.records(asked).await?;
        let mut links = self.links(&roster, asked, store).await?;
        let mut users = self.users(session, &roster, &links, now).await?;
        // A user may be remembered as somebody else's: whether that person still is in the source decides.
        let found: BTreeSet<UserId> = users.iter().map(|user| user.id.clone()).collect();
        let owners = store.links_of(&self.recipe.name, &BTreeSet::new(), &found).await?;
        let others: BTreeSet<EmployeeId> = owners.iter().map(|link| link.employee.clone()).collect();
        let others: BTreeSet<EmployeeId> =
            others.into_iter().filter(|owner| !asked.contains(owner) && !is_in(&roster, owner)).collect();
        if !others.is_empty() {
            extend(&mut roster, self.source.people(&in_order(&others), &self.recipe.layout).await?);
            links = self.links(&roster, asked, store).await?;
            users = self.users(session, &roster, &links, now).await?;
        }
        links.extend(owners.into_iter().map(|link| (link.employee, link.user)));
        let memory = self.memory(links, asked, &users, store).await?;
        let known = self.complete(&mut users, store).await?;
        Ok(Gathered { roster, users, groups: session.groups.clone(), memory, known })
    }

    /// The records of the people asked for, and of those whom they refer to as far as the recipe follows.
    async fn records(&self, asked: &BTreeSet<EmployeeId>) -> Result<Roster, RunError> {
        let mut roster = self.source.people(&in_order(asked), &self.recipe.layout).await?;
        for hops in self.hops() {
            let others = referred_to(&self.recipe, &roster.records, hops);
            if !others.is_empty() {
                extend(&mut roster, self.source.people(&in_order(&others), &self.recipe.layout).await?);
            }
        }
        Ok(roster)
    }

    /// How many references the recipe follows to those whom it wants to know, the fewest first.
    fn hops(&self) -> Range<usize> {
        let most = self.recipe.references.iter().map(|path| path.hops.len()).max();
        0..most.map_or(0, |most| most + 1)
    }

    /// The links of everybody in the roster, and of those who are asked for or referred to and are not in it any more.
    async fn links(
        &self,
        roster: &Roster,
        asked: &BTreeSet<EmployeeId>,
        store: &Store,
    ) -> Result<BTreeMap<EmployeeId, UserId>, RunError> {
        let gone = self.hops().flat_map(|hops| referred_to(&self.recipe, &roster.records, hops));
        let here = roster.records.iter().map(|record| record.id.clone());
        let employees = here.chain(asked.iter().cloned()).chain(gone).collect();
        let links = store.links_of(&self.recipe.name, &employees, &BTreeSet::new()).await?;
        Ok(links.into_iter().map(|Link { employee, user }| (employee, user)).collect())
    }

    /// The users that may be these people's.
    async fn users(
        &self,
        session: &Session,
        roster: &Roster,
        links: &BTreeMap<EmployeeId, UserId>,
        now: Now,
    ) -> Result<Vec<User>, RunError> {
        let mut fields: BTreeMap<EmployeeId, Vec<(FieldName, crate::model::Value)>> =
            wanted_users(&self.recipe, roster, now).into_iter().collect();
        links.keys().for_each(|employee| _ = fields.entry(employee.clone()).or_default());
        let wanted = |(employee, fields)| Wanted { user: links.get(&employee).cloned(), fields };
        let wanted: Vec<Wanted> = fields.into_iter().map(wanted).collect();
        Ok(session.target.find(&wanted, &self.recipe.user_layout).await?)
    }

    async fn memory(
        &self,
        links: BTreeMap<EmployeeId, UserId>,
        asked: &BTreeSet<EmployeeId>,
        users: &[User],
        store: &Store,
    ) -> Result<Memory, RunError> {
        let name = &self.recipe.name;
        let users: BTreeSet<UserId> = users.iter().map(|user| user.id.clone()).collect();
        let intents = store.intents_of(name, asked).await?;
        Ok(Memory {
            links,
            intents: intents.into_iter().map(|intent| (intent.employee, intent.login)).collect(),
            previous_employees: None,
            memberships: store.owned_of(name, "membership", &users).await?,
            references: store.owned_of(name, "reference", &users).await?,
        })
    }

    /// Lays what is remembered of users over what no call tells; what they were found with counts before that.
    async fn complete(&self, users: &mut [User], store: &Store) -> Result<KnownUsers, RunError> {
        let unlisted = Unlisted::of(&self.recipe.target_catalogue, &self.recipe.user_layout);
        let found: BTreeSet<UserId> = users.iter().map(|user| user.id.clone()).collect();
        let by_user =
            if unlisted.is_none() { BTreeMap::new() } else { store.known_of(&self.recipe.name, &found).await? };
        let mut known = KnownUsers::new(unlisted, by_user);
        known.lay_over(users);
        let new: Vec<User> = users.iter().filter(|user| !known.is_whole(&user.id)).cloned().collect();
        known.learn(&new);
        Ok(known)
    }

    async fn last_hour(&self, store: &Store, now: Timestamp) -> Result<LastHour, RunError> {
        let name = &self.recipe.name;
        let since = now - HOUR;
        let (rows, paused) = store.changes_since(name, since).await?;
        let mut changes: BTreeMap<Counted, BTreeSet<EmployeeId>> = BTreeMap::new();
        for (word, employee) in rows {
            if let Some(counted) = counted_by(&word) {
                changes.entry(counted).or_default().insert(employee);
            }
        }
        let paused = LimitKind::ALL.into_iter().filter(|kind| paused.contains(kind.word())).collect();
        Ok(LastHour { linked: store.count_links(name).await?, changes, paused })
    }

    async fn apply(
        &self,
        session: &Session,
        gathered: Gathered,
        plan: &mut crate::model::Plan,
        brake: &Brake,
        store: &Store,
        lease: &Lease,
    ) -> Result<Applied, RunError> {
        let stale = no_longer_there(&gathered, &self.recipe.user_layout);
        let announced = gathered.memory.intents.keys().cloned().collect();
        let (owners, known) = kept(gathered, plan);
        let apply = Apply {
            target: &*session.target,
            recorder: Recorder::new(store, lease, None),
            owners,
            announced,
            stale,
            known,
            manner: Manner::of(&self.recipe),
            progress: &Quiet,
            stop: Stop::never(),
        };
        apply.plan(plan, brake).await
    }

    /// When each of the people asked for is to be looked at next, though nothing changes.
    fn days(
        &self,
        asked: &BTreeSet<EmployeeId>,
        roster: &Roster,
        now: Timestamp,
    ) -> Vec<(EmployeeId, Option<Timestamp>)> {
        let days: BTreeMap<EmployeeId, Timestamp> =
            next_looks(&self.recipe, &roster.records, Now::At(now)).into_iter().collect();
        asked.iter().map(|employee| (employee.clone(), days.get(employee).copied())).collect()
    }
}

fn in_order(employees: &BTreeSet<EmployeeId>) -> Vec<EmployeeId> {
    employees.iter().cloned().collect()
}

fn is_in(roster: &Roster, employee: &EmployeeId) -> bool {
    roster.records.iter().any(|record| record.id == *employee)
}

fn extend(roster: &mut Roster, more: Roster) {
    roster.records.extend(more.records);
    roster.unreadable.extend(more.unreadable);
}

/// What is kept of an outcome: all of it where something happened or needs attention.
fn handled(outcome: &Outcome) -> Handled {
    let idle = !outcome.person.verdict.writes()
        && outcome.held.is_none()
        && outcome.failure.is_none()
        && outcome.person.findings.is_empty();
    let whole = serde_json::json!({ "person": outcome.person, "held": outcome.held, "failure": outcome.failure });
    let outcome_json = if idle { "{}".to_owned() } else { whole.to_string() };
    Handled { employee: outcome.person.employee.clone(), kind: outcome.kind, outcome_json }
}

/// What the brake will count of what was carried out.
fn counted_of(outcome: &Outcome) -> Vec<(String, EmployeeId)> {
    if outcome.kind == OutcomeKind::Failed {
        return Vec::new();
    }
    let word = |counted: Counted| match counted.field {
        Some(field) => format!("{}:{field}", counted.kind),
        None => counted.kind.to_string(),
    };
    counted(&outcome.person).into_iter().map(|kind| (word(kind), outcome.person.employee.clone())).collect()
}

fn counted_by(word: &str) -> Option<Counted> {
    let (kind, field) = word.split_once(':').map_or((word, None), |(kind, field)| (kind, Some(field)));
    let kind = LimitKind::ALL.into_iter().find(|known| known.word() == kind)?;
    Some(Counted { kind, field: field.map(FieldName::from) })
}
