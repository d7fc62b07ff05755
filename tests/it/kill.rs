//! A sync may be killed at any moment: nothing is lost, nothing is done twice, and the next run finishes the work.
//!
//! `ROLLBOOK_KILLS=40` tries so many chains of kills for each kind of sync, on a company twice as large.

mod company;
pub(crate) mod watch;
pub(crate) mod world;

use std::time::Duration;

use rollbook::connector::directory::DirectoryTarget;
use rollbook::connector::{Target as _, Write, Written};
use rollbook::model::{GroupKind, Membership};
use rollbook::problem::Problems;
use rollbook::run::load::load;
use rollbook::store::{RunRow, RunStatus};
use rusqlite::Connection;

use self::company::{a_year_later, grow};
use self::watch::{Moment, Watched, watch, watch_for};
use self::world::World;
use crate::kept::{Kept, on_both};
use crate::program::Program;

/// How many chains of kills are tried for each kind of sync, and on how many people.
fn extent() -> (usize, usize) {
    match std::env::var("ROLLBOOK_KILLS").ok().and_then(|number| number.parse().ok()) {
        Some(chains) => (chains, 2_400),
        None => (4, 900),
    }
}

/// Kills in a row before the work may be finished.
const IN_A_ROW: usize = 3;

const APPROVED: &[&str] = &["--approve", "deactivate=100000", "--approve", "change_login=100000"];

/// What an uninterrupted sync does, which every other one is compared with.
struct Uninterrupted {
    world: World,
    commits: usize,
    took: Duration,
}

impl Uninterrupted {
    async fn of(program: &Program, more: &[&str]) -> Self {
        let Watched { ran, commits, took, .. } = watch(program, program.start_sync(more), Moment::Never);
        ran.expect_code(0);
        assert!(commits > 10, "only {commits} transactions were seen");
        Self { world: World::of(program).await, commits, took }
    }

    /// The moments of one chain: by time and by transactions in turn, from early in the first chain to late in the last.
    fn moments(&self, chain: usize, chains: usize) -> impl Iterator<Item = Moment> {
        let (commits, took) = (self.commits, self.took);
        (0..IN_A_ROW).map(move |kill| {
            let part = (chain * IN_A_ROW + kill) as f64 / (chains * IN_A_ROW) as f64;
            match (chain + kill) % 2 {
                0 => Moment::Commit(1 + (part * commits as f64) as usize),
                _ => Moment::After(took.mul_f64(part)),
            }
        })
    }
}

/// Kills syncs in chains that begin from `before`, and expects each chain to end where the uninterrupted sync did.
async fn every_chain_of_kills_ends_as(expected: &Uninterrupted, before: &Program, more: &[&str]) {
    let (chains, _) = extent();
    let mut killed = 0;
    for chain in 0..chains {
        let program = before.copy();
        let mut after = String::new();
        for moment in expected.moments(chain, chains) {
            let watched = watch(&program, program.start_sync(more), moment);
            if !watched.killed {
                assert_eq!(watched.ran.code, Some(0), "{after}{moment:?}: {}", watched.ran.stderr);
            }
            killed += usize::from(watched.killed);
            after.push_str(&format!("{moment:?} of {} {}, ", expected.commits, watched.killed));
        }
        program.sync(more).expect_code(0);
        World::of(&program).await.expect_like(&expected.world, &after);
        program.plan(more).expect_code(0).shows("nothing to change");
        expect_every_kill_to_be_told(&program, &after).await;
    }
    assert!(killed * 2 > chains * IN_A_ROW, "only {killed} of {} syncs were killed", chains * IN_A_ROW);
}

/// Every run that did not end is listed as interrupted, and named in the report of the one that finished its work.
async fn expect_every_kill_to_be_told(program: &Program, after: &str) {
    let mut runs = runs(program).await;
    runs.reverse();
    let mut untold: Vec<String> = Vec::new();
    for run in runs {
        match run.status {
            RunStatus::Interrupted => untold.push(run.id.to_string()),
            RunStatus::Finished => {
                let report = program.run(&["runs", run.id.as_str()]).expect_code(0).stdout;
                let told = |id: &String| report.contains(&id[..]);
                assert!(untold.iter().all(told), "{after}: {untold:?} are not named in\n{report}");
                untold.clear();
            }
            other => panic!("{after}: a run is {other}"),
        }
    }
    assert_eq!(untold, Vec::<String>::new(), "{after}");
    program.run(&["runs"]).expect_code(0).shows("finished");
}

async fn runs(program: &Program) -> Vec<RunRow> {
    let store = program.store().await;
    let runs = store.runs(None, 100).await.unwrap();
    store.close().await;
    runs
}

/// The demo with more people, in which only what we added is ever taken away: so it must be remembered.
fn company(kept: Kept) -> Program {
    company_of(extent().1, kept)
}

fn company_of(people: usize, kept: Kept) -> Program {
    // Its transactions are counted.
    let program = Program::demo_with(kept.alone());
    program.replace("recipes/demo.yaml", "ownership: rules", "ownership: added");
    grow(&program, people);
    program
}

async fn a_first_sync_may_be_killed_at_any_moment(kept: Kept) {
    let before = company(kept);
    let program = before.copy();
    let expected = Uninterrupted::of(&program, &[]).await;
    assert!(expected.world.users.values().filter(|user| user.contains("invited 1")).count() > 700);
    assert_eq!(expected.world.links.len(), expected.world.users.len());
    every_chain_of_kills_ends_as(&expected, &before, &[]).await;
}

async fn a_sync_of_many_changes_may_be_killed_at_any_moment(kept: Kept) {
    let before = company(kept);
    before.sync(&[]).expect_code(0);
    a_year_later(&before);
    let program = before.copy();
    let expected = Uninterrupted::of(&program, APPROVED).await;
    assert!(expected.world.users.values().filter(|user| user.contains("is inactive")).count() > 40);
    every_chain_of_kills_ends_as(&expected, &before, APPROVED).await;
}

/// What only the announcement of a creation can lead back to: the recipe compares a field that it never writes.
async fn a_user_made_in_the_moment_of_a_kill_is_found_again_by_what_was_announced(kept: Kept) {
    let before = company(kept);
    before.replace(
        "recipes/demo.yaml",
        "{ employee: root.id, user: external_id }",
        "{ employee: root.id, user: phone }",
    );
    before.replace("recipes/demo.yaml", "  - { employee: root.email, user: mail, ignore_case: true }\n", "");
    let program = before.copy();
    program.sync(&[]).expect_code(0);
    let expected = World::of(&program).await;

    let mut found_again = false;
    for attempt in 1..=10 {
        let program = before.copy();
        let directory = || world::reader(&program.path(".rollbook/directory.db"));
        let has_users = |directory: Connection| {
            directory
                .query_row("SELECT count(*) FROM users", [], |row| row.get::<_, i64>(0))
                .is_ok_and(|users| users > 0)
        };
        let mut seen = 0;
        watch_for(&program, program.start_sync(&[]), |commits, _| {
            let is_new = std::mem::replace(&mut seen, commits) != commits;
            is_new && directory().is_some_and(has_users)
        });
        let killed = World::of(&program).await;
        found_again |= killed.links.len() < killed.users.len();
        program.sync(&[]).expect_code(0);
        World::of(&program).await.expect_like(&expected, &format!("attempt {attempt}"));
        program.plan(&[]).expect_code(0);
        if found_again {
            return;
        }
    }
    panic!("no kill left a user without a link");
}

async fn what_was_added_before_a_kill_goes_with_its_rule_and_what_was_added_by_hand_stays(kept: Kept) {
    // Enough for several parts of memberships, so that there is a middle.
    let program = company_of(2_400, kept);
    let mut memberships = 0;
    let watched = watch_for(&program, program.start_sync(&[]), |commits, _| {
        if commits > 8 && memberships == 0 {
            memberships = count(&program, "memberships");
        }
        memberships > 0
    });
    assert!(watched.killed);
    let added = count(&program, "memberships");
    program.sync(&[]).expect_code(0);
    assert!(added > 0 && added < count(&program, "memberships"), "the kill came in the middle of {added} memberships");
    let by_hand = put_somebody_into_a_group_by_hand(&program).await;

    let rule = "departments,work.department,is_present,,Department {work.department},,One rule for all departments\n";
    program.replace("lookup_tables/demo/groups.csv", rule, "");
    program.sync(&[]).expect_code(0);
    let world = World::of(&program).await;
    let in_departments =
        |facts: &std::collections::BTreeSet<String>| facts.iter().any(|fact| fact.starts_with("member in Department "));
    let left: Vec<&String> =
        world.users.iter().filter(|(_, facts)| in_departments(facts)).map(|(address, _)| address).collect();
    assert_eq!(left, [&by_hand], "only the membership made by hand is left");
}

/// Puts the first user of the list into a department that is not theirs.
async fn put_somebody_into_a_group_by_hand(program: &Program) -> String {
    let recipe = load(&program.path("recipes/demo.yaml"), &mut Problems::new()).unwrap();
    let target = DirectoryTarget::open(&recipe.target).unwrap();
    let account = target.accounts().await.unwrap().remove(0);
    let group = Write::CreateGroup { kind: GroupKind::Group, name: "Department Secret".into(), key: None };
    let Ok(Written::Group(group)) = target.write(&[group]).await.unwrap().remove(0) else { panic!("no group") };
    let membership = Membership { group, role: "member".into() };
    target.write(&[Write::AddMembership { user: account.id, membership }]).await.unwrap().remove(0).unwrap();
    account.login.to_string()
}

/// How many rows a table of the directory has.
fn count(program: &Program, table: &str) -> i64 {
    let directory = world::reader(&program.path(".rollbook/directory.db"));
    let rows = directory
        .and_then(|directory| directory.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).ok());
    rows.unwrap_or_default()
}

#[cfg(unix)]
#[tokio::test]
async fn an_interrupt_from_the_keyboard_is_a_kill_like_any_other() {
    let program = Program::demo();
    let sync = program.start_sync(&[]);
    let id = sync.id().to_string();
    let mut sent = false;
    let has_begun = || {
        let state = world::reader(&program.path(".rollbook/state.db"))?;
        state.query_row("SELECT count(*) FROM runs", [], |row| row.get::<_, i64>(0)).ok().filter(|runs| *runs > 0)
    };
    let watched = watch_for(&program, sync, |_, _| {
        if !sent && has_begun().is_some() {
            sent =
                std::process::Command::new("sh").args(["-c", &format!("kill -INT {id}")]).status().unwrap().success();
        }
        false
    });
    assert!(sent && watched.ran.code.is_none(), "{:?}: {}", watched.ran.code, watched.ran.stderr);
    program.sync(&[]).expect_code(0);
    program.run(&["runs", "latest"]).expect_code(0).shows("This run also finishes the interrupted run");
    program.plan(&[]).expect_code(0);
}

/// Makes the tables of the state database, whose transactions are not to be counted with the sync's.
fn make_tables(program: &Program) {
    program.run(&["runs"]).expect_code(0);
}

/// Starts a sync, and keeps a database from being written once so many transactions were seen; gives back what it said.
fn sync_while_locked_after(program: &Program, database: &str, transactions: usize) -> Watched {
    make_tables(program);
    let mut lock = None;
    let watched = watch_for(program, program.start_sync(&[]), |commits, _| {
        if commits >= transactions && lock.is_none() {
            let connection = Connection::open(program.path(&format!(".rollbook/{database}.db"))).unwrap();
            connection.busy_timeout(Duration::from_secs(20)).unwrap();
            connection.execute_batch("BEGIN IMMEDIATE").unwrap();
            lock = Some(connection);
        }
        false
    });
    assert!(lock.is_some(), "the sync ended before it was in anybody's way");
    watched
}

#[tokio::test]
async fn a_run_whose_target_goes_away_ends_early_says_so_and_is_finished_by_the_next() {
    let program = Program::demo();
    let uninterrupted = Program::synced();
    let ran = sync_while_locked_after(&program, "directory", 4).ran.expect_code(1);
    let ran = ran.shows("Not reached: the directory `").shows("is being written by another program");
    let ran = ran.shows("The run stopped early: ");
    assert!(ran.stderr.contains("WARN") && ran.stderr.contains("is being written"), "{}", ran.stderr);
    program.run(&["runs"]).expect_code(0).shows("failed").shows("is being written by another program");
    program.run(&["runs", "latest"]).expect_code(0).shows("The run stopped early: ").shows("altogether           100");

    program.sync(&[]).expect_code(0);
    World::of(&program).await.expect_like(&World::of(&uninterrupted).await, "the target went away");
    program.plan(&[]).expect_code(0);
}

#[tokio::test]
async fn a_run_whose_state_database_goes_away_writes_nothing_more_and_is_finished_by_the_next() {
    let program = Program::demo();
    let uninterrupted = Program::synced();
    sync_while_locked_after(&program, "state", 4).ran.expect_code(3).says("is locked by another program");
    program.run(&["runs"]).expect_code(0).shows("running");

    program.sync(&[]).expect_code(0);
    program.run(&["runs"]).expect_code(0).shows("interrupted");
    program.run(&["runs", "latest"]).expect_code(0).shows("This run also finishes the interrupted run");
    World::of(&program).await.expect_like(&World::of(&uninterrupted).await, "the state database went away");
    program.plan(&[]).expect_code(0);
}

/// The same when it is a server that goes away, and comes back.
#[tokio::test]
async fn a_run_whose_state_server_goes_away_writes_nothing_more_and_is_finished_by_the_next() {
    let Some(kept @ Kept::Postgres(cluster)) = Kept::on_postgres().map(Kept::alone) else { return };
    let program = Program::demo_with(kept);
    let uninterrupted = Program::synced();
    make_tables(&program);
    let mut gone = false;
    let watched = watch_for(&program, program.start_sync(&[]), |commits, _| {
        if commits >= 4 && !gone {
            cluster.stop();
            gone = true;
        }
        false
    });
    assert!(gone, "the sync ended before its server was gone");
    watched.ran.expect_code(3).says("the state database `postgres://127.0.0.1:").says("cannot be reached");
    program.run(&["runs"]).expect_code(3).says("cannot be reached");

    cluster.resume();
    program.run(&["runs"]).expect_code(0).shows("running");
    program.sync(&[]).expect_code(0);
    program.run(&["runs"]).expect_code(0).shows("interrupted");
    World::of(&program).await.expect_like(&World::of(&uninterrupted).await, "the server went away");
    program.plan(&[]).expect_code(0);
}

on_both!(
    a_first_sync_may_be_killed_at_any_moment,
    a_sync_of_many_changes_may_be_killed_at_any_moment,
    what_was_added_before_a_kill_goes_with_its_rule_and_what_was_added_by_hand_stays,
    a_user_made_in_the_moment_of_a_kill_is_found_again_by_what_was_announced,
);
