//! The promises, over generated recipes, people and users. `PROPTEST_CASES` raises the number of cases.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use proptest::prelude::*;
use proptest::sample::{Index, select, subsequence};
use proptest::test_runner::{Config, TestCaseError};
use rollbook::connector::open::{open_source, open_target};
use rollbook::connector::secrets::Secrets;
use rollbook::connector::{Target, Write};
use rollbook::engine::{plan, plan_in_parts};
use rollbook::model::plan::{FieldChange, PersonRef, Verdict};
use rollbook::model::{Access, Cell, GroupKind, OutcomeKind, UserId, Value};
use rollbook::run::Quiet;
use rollbook::run::event::OpenRecipe;
use rollbook::run::gather::{Reading, gather};
use rollbook::run::plan_file::SavedPlan;
use rollbook::run::sync::{Request, Synced, sync};
use rollbook::store::Store;
use tempfile::TempDir;

use crate::world::{Planned, World};

/// So many cases, unless the environment asks for more.
fn cases(few: u32) -> Config {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|number| number.parse().ok());
    Config { cases: asked.unwrap_or(few), failure_persistence: None, ..Config::default() }
}

const FILTERS: [&str; 6] = [
    ",include,site,in,Rome|Oslo",
    ",include,title,is_delivered,",
    ",exclude,title,equals,Temp",
    ",exclude,dept,is_empty,",
    ",exclude,end,before,today-30d",
    ",exclude,manager.title,equals,Temp",
];
const STATUS: [&str; 6] = [
    ",stage,equals,Left,inactive",
    ",end,before,today,inactive",
    ",stage,equals,Visitor,ignore",
    ",manager.stage,equals,Left,inactive",
    ",stage,is_present,,active",
    ",id,is_present,,active",
];
/// Rows of the field tables, each with the source field that feeds it.
const FIELDS: [(&str, &str); 11] = [
    ("job_title,title,,,clear", "work.title"),
    ("location,site,,Nowhere", "work.site"),
    ("hire_date,start,,,clear", "work.startDate"),
    ("department,dept", "work.department"),
    ("lang,stage", "internal.lifecycleStatus"),
    ("organization,,,Acme", ""),
    ("phone,level,\"if value == () { () } else { value + 0.5 }\",,clear", "work.custom.level"),
    ("gender,lead,,,,on_create", "work.isManager"),
    ("manager,manager,,,clear", "work.manager"),
    ("additional_managers,second,,,clear", "work.secondLevelManager"),
    ("primary_team,dept", "work.department"),
];
const CUSTOM: [(&str, &str); 3] = [
    ("shirt,title", "work.title"),
    ("tongues,languages,,,clear", "about.languages"),
    ("level,level,,,clear", "work.custom.level"),
];
const GROUPS: [&str; 7] = [
    "sales,dept,equals,Sales,Sales",
    ",dept,is_present,,Dept {dept}",
    ",site,is_present,,{site}",
    ",,,,All",
    "heads,lead,equals,yes,Sales,manager",
    ",level,at_least,3,Seniors",
    ",site,equals,Rome,all",
];
const PROVISIONING: [&str; 5] = [
    "start: on_start_date, start_date: start",
    "end_date: end",
    "reactivate: false",
    "out_of_scope: deactivate",
    "missing: leave",
];
/// What people and users can have in a field: nothing, not delivered, or a value.
const VALUES: [(&str, &[&str]); 10] = [
    ("stage", &["Employed", "Left", "Visitor", ""]),
    ("title", &["Cook", "Temp", "S", ""]),
    ("site", &["Rome", "Oslo", ""]),
    ("dept", &["Sales", "Finance", ""]),
    ("start", &["2025-01-01", "2026-03-02", "2026-05-01", ""]),
    ("end", &["2025-01-01", "2026-03-01", "2026-03-02", "", ""]),
    ("manager", &["1", "2", "3", "9", ""]),
    ("second", &["1", "2", ""]),
    ("level", &["1", "3.25", "0.1", ""]),
    ("languages", &["de", "de|fr", ""]),
];

/// A recipe as the rows it is made of.
#[derive(Debug, Clone)]
struct Rules {
    filters: Vec<&'static str>,
    status: Vec<&'static str>,
    fields: Vec<(&'static str, &'static str)>,
    custom: Vec<(&'static str, &'static str)>,
    groups: Vec<&'static str>,
    ownership: &'static str,
    create: bool,
    provisioning: Vec<&'static str>,
}

fn some<T: Clone + std::fmt::Debug + 'static>(all: &[T]) -> impl Strategy<Value = Vec<T>> + use<T> {
    subsequence(all.to_vec(), 0..=all.len())
}

fn rules() -> impl Strategy<Value = Rules> {
    let groups = (some(&GROUPS), select(vec!["rules", "added", "none"]), any::<bool>());
    let tables = (subsequence(FILTERS.to_vec(), 0..=2), some(&STATUS), some(&FIELDS), some(&CUSTOM));
    (tables, groups, some(&PROVISIONING)).prop_map(
        |((filters, status, fields, custom), (groups, ownership, create), provisioning)| Rules {
            filters,
            status,
            fields,
            custom,
            groups,
            ownership,
            create,
            provisioning,
        },
    )
}

impl Rules {
    /// The recipe, with nobody in it.
    fn world(&self) -> World {
        let mut world = World::new().provisioning(&self.provisioning.join(", "));
        if !self.filters.is_empty() {
            world = world.filters(&self.filters.join("\n"));
        }
        if !self.status.is_empty() {
            world = world.status(&self.status.join("\n"));
        }
        let rows = |rows: &[(&'static str, &str)]| rows.iter().map(|(row, _)| *row).collect::<Vec<_>>().join("\n");
        world = world.fields(&rows(&self.fields));
        if !self.custom.is_empty() {
            world = world.custom(&rows(&self.custom));
        }
        if !self.groups.is_empty() {
            let keys = format!("ownership: {}, create: {}", self.ownership, self.create);
            world = world.group_rules(&keys, &self.groups.join("\n"));
        }
        world
    }

    /// The source field behind a target field.
    fn source_of(&self, target: &str) -> Option<&'static str> {
        let rows = self.fields.iter().chain(&self.custom);
        rows.filter(|(row, _)| row.split(',').next() == Some(target)).map(|(_, source)| *source).next()
    }
}

/// One employee: the line after the id. One field in eight was not delivered.
fn person(id: usize) -> impl Strategy<Value = String> {
    let fields = VALUES.map(|(name, values)| {
        prop_oneof![7 => select(values.to_vec()), 1 => Just("?")].prop_map(move |value| format!("{name}: {value}"))
    });
    let own = format!("{id}@acme.example");
    let mail = prop_oneof![8 => Just(own), 1 => Just("x@acme.example".to_owned()), 1 => Just("1@acme.example".to_owned()), 1 => Just(String::new()), 1 => Just("?".to_owned())];
    (fields.to_vec(), mail, any::<bool>()).prop_map(|(fields, mail, lead)| {
        format!("{}, mail: {mail}, lead: {}", fields.join(", "), if lead { "yes" } else { "no" })
    })
}

/// Some of the employees 1 to 6.
fn people() -> impl Strategy<Value = Vec<(String, String)>> {
    let all: Vec<_> = (1..=6).map(|id| (Just(id.to_string()), person(id))).collect();
    all.prop_flat_map(|all| subsequence(all, 1..=6))
}

/// One user: the line after the id. Their address is their own in the target.
fn user(number: usize) -> impl Strategy<Value = String> {
    let fields = (
        select(vec!["active", "active", "inactive", "invited"]),
        select(vec!["", "1", "2", "3"]),
        select(vec!["", "?", "Cook", "Waiter"]),
        select(vec!["", "?", "2025-01-01"]),
        select(vec!["", "u1", "u2"]),
        select(vec!["", "u1|u2", "u3"]),
        subsequence(vec!["g1", "g2", "g2/manager", "g3", "g4"], 0..=5),
    );
    fields.prop_map(move |(status, id, title, hired, manager, managers, groups)| {
        let groups = if groups.is_empty() { String::new() } else { format!(", groups: {}", groups.join("|")) };
        format!("{status}, external_id: {id}, mail: {number}@acme.example, job_title: {title}, hire_date: {hired}, manager: {manager}, additional_managers: {managers}, location: Rome{groups}")
    })
}

/// A recipe, people, users, and what is remembered: all of it made up.
fn world() -> impl Strategy<Value = (Rules, World)> {
    let users: Vec<_> = (1..=5).map(|number| (Just(format!("u{number}")), user(number))).collect();
    let users = users.prop_flat_map(|all| subsequence(all, 0..=5));
    // Each user is linked to nobody, or to one employee; 7 and 8 are gone.
    let links = (0..=5_usize, Just((1..=8).map(|id| id.to_string()).collect::<Vec<_>>()).prop_shuffle());
    let ours = subsequence(vec![("u1", "g1"), ("u1", "g2"), ("u2", "g3"), ("u3", "g4"), ("u4", "g1")], 0..=5);
    let references = subsequence(vec![("u3", "u1"), ("u4", "u2"), ("u5", "u1")], 0..=3);
    (rules(), people(), users, links, ours, references, 0..=1_usize).prop_map(
        |(rules, people, users, (linked, employees), ours, references, unreadable)| {
            let mut world = rules.world().unreadable(unreadable);
            world = world.group("g1", "Sales").group("g2", "Dept Sales").group("g3", "All").group("g4", "Rome");
            world = people.iter().fold(world, |world, (id, line)| world.person(id, line));
            world = users.iter().fold(world, |world, (id, line)| world.user(id, line));
            for (number, employee) in employees.iter().take(linked).enumerate() {
                world = world.link(employee, &format!("u{}", number + 1));
            }
            world = ours.iter().fold(world, |world, (user, group)| world.added(user, group));
            for (user, to) in references {
                world = world.set_reference(user, "manager", to).set_reference(user, "additional_managers", to);
            }
            (rules, world)
        },
    )
}

fn bytes(planned: &Planned) -> String {
    serde_json::to_string(&planned.plan).unwrap()
}

fn deactivated(planned: &Planned) -> BTreeSet<UserId> {
    let people = planned.plan.people.iter().filter(|person| person.verdict == Verdict::Deactivate);
    people.filter_map(|person| person.user.clone()).collect()
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn planning_twice_gives_the_same_bytes_whatever_the_order_of_users_and_groups((_, mut world) in world()) {
        let first = bytes(&world.plan());
        prop_assert_eq!(&bytes(&world.plan()), &first);
        world.users.reverse();
        world.groups.reverse();
        prop_assert_eq!(bytes(&world.plan()), first);
    }

    #[test]
    fn the_plan_is_the_same_in_however_many_parts_people_are_worked_on((_, world) in world()) {
        let planned = world.plan();
        for parts in [2, 3, 7] {
            let plan = plan_in_parts(&planned.recipe, &planned.seen.inputs(), NonZeroUsize::new(parts).unwrap());
            prop_assert_eq!(serde_json::to_string(&plan).unwrap(), bytes(&planned));
        }
    }

    #[test]
    fn everybody_is_planned_exactly_once((_, world) in world()) {
        let planned = world.plan();
        let employees: Vec<_> = planned.plan.people.iter().filter(|person| person.in_roster).map(|person| person.employee.to_string()).collect();
        let read: Vec<_> = world.people.iter().map(|(id, _)| id.clone()).collect();
        prop_assert_eq!(employees, read);
        let all: BTreeSet<_> = planned.plan.people.iter().map(|person| &person.employee).collect();
        prop_assert_eq!(all.len(), planned.plan.people.len());
        for person in &planned.plan.people {
            prop_assert_eq!(person.verdict.writes(), person.changes.is_some(), "{:?}", person);
        }
        let users: Vec<_> = planned.plan.people.iter().filter(|person| person.verdict.writes()).filter_map(|person| person.user.as_ref()).collect();
        prop_assert_eq!(users.iter().collect::<BTreeSet<_>>().len(), users.len(), "no user is written for two people");
    }

    #[test]
    fn what_was_not_delivered_changes_nothing_and_costs_nobody_their_access(
        (rules, mut world) in world(), hidden in prop::collection::vec((any::<Index>(), any::<Index>()), 1..8)
    ) {
        let before = deactivated(&world.plan());
        for (who, which) in hidden {
            let (_, cells) = who.get_mut(&mut world.people);
            let fields: Vec<&'static str> = cells.keys().copied().filter(|path| !path.starts_with("root.")).collect();
            cells.insert(fields[which.index(fields.len())], Cell::NotDelivered);
        }
        let planned = world.plan();
        let after = deactivated(&planned);
        prop_assert!(after.is_subset(&before), "{:?} lost access, {:?} did before", after, before);
        for (id, cells) in &world.people {
            let Some(changes) = &planned.person(id).changes else { continue };
            let changed = changes.fields.iter().map(FieldChange::field);
            for field in changed.chain(changes.references.iter().map(|change| &change.field)) {
                let source = rules.source_of(field.as_str()).and_then(|source| cells.get(source));
                prop_assert!(source != Some(&Cell::NotDelivered), "{} of {} changed", field, id);
            }
        }
    }

    #[test]
    fn only_what_is_ours_is_ever_removed((rules, world) in world()) {
        let planned = world.plan();
        for person in &planned.plan.people {
            let Some(changes) = &person.changes else { continue };
            let Some(user) = &person.user else { continue };
            for leave in &changes.leave {
                let key = (Arc::clone(leave.group.as_ref().unwrap().shared()), Arc::clone(&leave.role));
                let added = world.memory.memberships.get(user).is_some_and(|added| added.contains(&key));
                let named = rules.ownership == "rules" && ["Sales", "Dept Sales", "All"].contains(&&*leave.name);
                prop_assert!(rules.ownership != "none" && (added || named), "{:?}", leave);
                prop_assert!(!changes.join.iter().any(|join| join.group == leave.group && join.role == leave.role));
            }
            for change in changes.references.iter().filter(|_| rules.ownership != "rules" && !rules.groups.is_empty()) {
                let gone = change.before.iter().filter(|held| !change.after.contains(&PersonRef::User((*held).clone())));
                for held in gone.filter(|_| change.field.as_str() != "manager" || change.after.is_empty()) {
                    let key = (Arc::clone(change.field.shared()), Arc::clone(held.shared()));
                    let set = world.memory.references.get(user).is_some_and(|set| set.contains(&key));
                    prop_assert!(rules.ownership == "added" && set, "{:?}", change);
                }
            }
            if person.verdict == Verdict::Deactivate {
                let linked = world.memory.links.get(&person.employee) == Some(user);
                prop_assert!(linked || person.new_link.is_some(), "{:?}", person);
            }
        }
    }

    #[test]
    fn whatever_the_plan_no_more_people_lose_access_than_the_limits_allow(
        (_, world) in world(), most in 0..4_usize, percent in 0..60_usize, few in 0..3_usize, previous in 0..12_usize
    ) {
        let limits = format!("deactivate: {{ most: {most}, percent: {percent}, few: {few} }}");
        let planned = world.limits(&limits).previous(previous).plan();
        let brake = planned.brake(&[]);
        let figures = planned.plan.figures;
        let allowed = few.max(most.min(percent * figures.linked / 100));
        prop_assert!(brake.deactivations() <= allowed);
        let shrunk = figures.employees * 10 < previous * 9;
        prop_assert!(!shrunk || brake.deactivations() == 0);
        let wanted = deactivated(&planned).len();
        prop_assert!(wanted > allowed || shrunk || brake.deactivations() == wanted, "held without need");
    }

    #[test]
    fn a_saved_plan_comes_back_byte_for_byte_and_is_refused_once_anything_has_moved(
        (_, mut world) in world(), which in 0..6_usize
    ) {
        let planned = world.plan();
        let (saved, _folder) = save(&planned);
        let back = SavedPlan::read(&saved).unwrap().into_plan(&planned.recipe, &planned.seen.inputs()).unwrap();
        prop_assert_eq!(serde_json::to_string(&back).unwrap(), bytes(&planned));
        let moved = match which {
            0 => {
                world.people[0].1.insert("root.email", Cell::Value(Value::Text("moved@acme.example".into())));
                world
            }
            1 => world.user("u9", "mail: 9@acme.example"),
            2 => world.link("9", "u9"),
            3 => world.today("2026-03-03"),
            4 => world.limits("never_touch: [ nobody ]"),
            _ => world.custom("# a comment"),
        };
        let moved = moved.plan();
        let refusal = SavedPlan::read(&saved).unwrap().into_plan(&moved.recipe, &moved.seen.inputs()).unwrap_err();
        let what = ["people", "users", "remembered", "the day", "the recipe", "a table"][which];
        prop_assert!(refusal.to_string().contains(what), "{}", refusal);
    }

    #[test]
    fn a_saved_number_comes_back_to_the_last_digit(number in -1e9..1e9_f64) {
        let planned = World::new().custom("level,level").person("1", &format!("level: {number}")).plan();
        let (saved, _folder) = save(&planned);
        let back = SavedPlan::read(&saved).unwrap().into_plan(&planned.recipe, &planned.seen.inputs()).unwrap();
        prop_assert_eq!(back, planned.plan);
    }
}

fn save(planned: &Planned) -> (PathBuf, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plan.json");
    SavedPlan::new(&planned.recipe, &planned.seen.inputs(), &planned.plan).write(&path).unwrap();
    (path, folder)
}

#[test]
fn a_saved_plan_that_somebody_altered_is_refused() {
    let planned = World::new().person("1", "").plan();
    let (saved, _folder) = save(&planned);
    let text = std::fs::read_to_string(&saved).unwrap().replace("1@acme.example", "2@acme.example");
    std::fs::write(&saved, text).unwrap();
    assert!(SavedPlan::read(&saved).unwrap_err().to_string().contains("changed after it was saved"));
}

/// Something that somebody does in the target by hand.
#[derive(Debug, Clone)]
enum ByHand {
    Deactivate,
    Retitle,
    Join,
    Invite,
}

fn by_hand() -> impl Strategy<Value = Vec<(Index, ByHand)>> {
    let what = select(vec![ByHand::Deactivate, ByHand::Retitle, ByHand::Join, ByHand::Invite]);
    prop::collection::vec((any::<Index>(), what), 0..4)
}

async fn run(world: &World, store: &Store) -> Synced {
    let recipe = world.recipe();
    let approvals = BTreeMap::new();
    let request = Request {
        recipe: &recipe,
        secrets: &Secrets::default(),
        now: world.now(),
        approvals,
        saved: None,
        verify: false,
        progress: &Quiet,
        stop: rollbook::run::Stop::never(),
        started_by: rollbook::store::StartedBy::Hand,
    };
    sync(request, store).await.unwrap()
}

async fn meddle(target: &dyn Target, edits: &[(Index, ByHand)]) {
    let users = target.users(&Default::default()).await.unwrap();
    let group =
        target.write(&[Write::CreateGroup { kind: GroupKind::Group, name: "Sales".into(), key: None }]).await.unwrap();
    let Ok(rollbook::connector::Written::Group(group)) = group[0].clone() else { panic!("no group") };
    for (who, what) in edits.iter().filter(|_| !users.is_empty()) {
        let user = who.get(&users).id.clone();
        let write = match what {
            ByHand::Deactivate => Write::Deactivate { user },
            ByHand::Invite => Write::Reactivate {
                user,
                from: rollbook::model::UserStatus::Inactive,
                access: Access::Invite,
                memberships: Vec::new(),
            },
            ByHand::Retitle => Write::UpdateUser { user, fields: vec![("job_title".into(), None)] },
            ByHand::Join => {
                let membership = rollbook::model::Membership { group: group.clone(), role: "member".into() };
                Write::AddMembership { user, membership }
            }
        };
        target.write(&[write]).await.unwrap()[0].clone().unwrap();
    }
}

/// What is still to be written, as the next run sees it.
async fn rest(world: &World, store: &Store) -> Vec<String> {
    let recipe = world.recipe();
    let (source, target) = (
        open_source(&recipe.source, &Secrets::default()).unwrap(),
        open_target(&recipe.target, &Secrets::default()).unwrap(),
    );
    let gathered = gather(&recipe, &*source, &*target, store, Reading::at(world.now())).await.unwrap();
    let plan = plan(&recipe, &gathered.inputs(world.now()));
    let people = plan.people.iter().filter(|person| person.verdict.writes()).map(|person| format!("{person:#?}"));
    people.chain(plan.new_groups.iter().map(|group| format!("{group:?}"))).collect()
}

const NO_LIMITS: &str = "deactivate: { most: 1000, percent: 100 }, change_login: { percent: 100 }, clear_field: { percent: 100 }, source_shrink: { percent: 100 }";

proptest! {
    #![proptest_config(cases(5))]

    #[test]
    fn after_a_run_nothing_is_left_to_do(rules in rules(), first in people(), then in people(), edits in by_hand()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let mut world = rules.world().limits(NO_LIMITS);
        runtime.block_on(async {
            let store = Store::open("sqlite::memory:").await.unwrap();
            world = first.iter().fold(std::mem::replace(&mut world, World::new()), |world, (id, line)| world.person(id, line));
            run(&world, &store).await;
            meddle(&*open_target(&world.recipe().target, &Secrets::default()).unwrap(), &edits).await;
            world.people.clear();
            world = then.iter().fold(std::mem::replace(&mut world, World::new()), |world, (id, line)| world.person(id, line));
            let mut synced = run(&world, &store).await;
            // An address that one person gives up is free for another only afterwards.
            for _ in 0..2 {
                if synced.report.outcomes.iter().any(|outcome| outcome.kind == OutcomeKind::Conflict) {
                    synced = run(&world, &store).await;
                }
            }
            let outcomes = &synced.report.outcomes;
            let failed: Vec<_> = outcomes.iter().filter(|outcome| outcome.kind == OutcomeKind::Failed).collect();
            prop_assert!(failed.is_empty(), "{failed:#?}");
            let read: Vec<_> = outcomes.iter().filter(|outcome| outcome.person.in_roster).map(|outcome| outcome.person.employee.to_string()).collect();
            let expected: Vec<_> = then.iter().map(|(id, _)| id.clone()).collect();
            prop_assert_eq!(read, expected);
            let left = rest(&world, &store).await;
            prop_assert!(left.is_empty(), "{}", left.join("\n"));
            Ok::<(), TestCaseError>(())
        })?;
    }
}

/// Looks at some people one after the other, as real time does. Who is held or given up is told.
async fn look_at(world: &World, ids: &[String], store: &Store) -> Vec<String> {
    let now = "2026-03-02T12:00:00Z".parse().unwrap();
    let open = OpenRecipe::open(world.recipe().into(), &Secrets::default()).unwrap();
    let name = Arc::clone(&open.recipe.name);
    for id in ids {
        store.mark_due(&name, &[id.as_str().into()], now, now).await.unwrap();
        let lease = store.share(&name).await.unwrap().unwrap();
        let claims = store.claim(&name, "replica", now, 10).await.unwrap();
        open.look(&claims, "replica", store, &lease, now).await.unwrap();
    }
    store.parked(&name).await.unwrap().into_iter().map(|parked| format!("{parked:?}")).collect()
}

proptest! {
    #![proptest_config(cases(5))]

    #[test]
    fn whom_real_time_has_looked_at_a_full_sync_leaves_as_they_are(rules in rules(), first in people(), then in people()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let mut world = rules.world().limits(NO_LIMITS);
        runtime.block_on(async {
            let store = Store::open("sqlite::memory:").await.unwrap();
            world = first.iter().fold(std::mem::replace(&mut world, World::new()), |world, (id, line)| world.person(id, line));
            run(&world, &store).await;
            world.people.clear();
            world = then.iter().fold(std::mem::replace(&mut world, World::new()), |world, (id, line)| world.person(id, line));
            let ids: BTreeSet<String> = first.iter().chain(&then).map(|(id, _)| id.clone()).collect();
            let ids: Vec<String> = ids.into_iter().collect();
            let mut parked = Vec::new();
            // A manager's user, or an address that somebody gives up, is there only afterwards.
            for _ in 0..3 {
                parked = look_at(&world, &ids, &store).await;
            }
            prop_assert!(parked.is_empty(), "{}", parked.join("\n"));
            let left = rest(&world, &store).await;
            prop_assert!(left.is_empty(), "{}", left.join("\n"));
            Ok::<(), TestCaseError>(())
        })?;
    }
}
