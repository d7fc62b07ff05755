//! Runs one after the other, through the real directory and the real memory.

use rollbook::connector::open::open_target;
use rollbook::connector::secrets::Secrets;
use rollbook::connector::{Target, Write};
use rollbook::model::{Cell, GroupKind, LimitKind, OutcomeKind, UserId, UserLayout, Value};
use rollbook::run::Quiet;
use rollbook::run::sync::{Request, Synced, sync};
use rollbook::store::Store;

use crate::kept::{Kept, on_both};
use crate::sentences::report_is_known;
use crate::world::World;

async fn run(world: &World, store: &Store) -> Synced {
    let recipe = world.recipe();
    let request = Request {
        recipe: &recipe,
        secrets: &Secrets::default(),
        now: world.now(),
        approvals: Default::default(),
        saved: None,
        verify: false,
        progress: &Quiet,
        stop: rollbook::run::Stop::never(),
        started_by: rollbook::store::StartedBy::Hand,
    };
    let synced = sync(request, store).await.unwrap();
    report_is_known(&synced.report);
    synced
}

/// The user with this address, and the people in a reference of theirs.
async fn referred(target: &dyn Target, mail: &str, field: &str) -> (UserId, Vec<String>) {
    let users = target.users(&UserLayout::with_groups(vec!["mail".into(), field.into()])).await.unwrap();
    let user = users.iter().find(|user| user.cells[0].to_string() == mail).unwrap();
    let to = match &user.cells[1] {
        Cell::Value(Value::List(items)) => items.iter().map(ToString::to_string).collect(),
        other => other.value().map(ToString::to_string).into_iter().collect(),
    };
    (user.id.clone(), to)
}

async fn an_additional_manager_added_by_hand_is_never_taken_for_one_of_ours(kept: Kept) {
    let store = kept.store().await;
    let mut world = World::new().group_rules("ownership: added, create: true", ",,,,All");
    world = world
        .fields("additional_managers,second,,,clear")
        .person("2", "")
        .person("3", "")
        .person("4", "")
        .person("1", "");
    run(&world, &store).await;
    let target = open_target(&world.recipe().target, &Secrets::default()).unwrap();
    let mut users = Vec::new();
    for mail in ["1@acme.example", "2@acme.example", "3@acme.example", "4@acme.example"] {
        users.push(referred(&*target, mail, "additional_managers").await.0);
    }
    let [ann, by_hand, third, fourth] = &users[..] else { panic!("four users") };
    let set = Write::SetReferences {
        user: ann.clone(),
        field: "additional_managers".into(),
        from: Vec::new(),
        to: vec![by_hand.clone()],
    };
    target.write(&[set]).await.unwrap()[0].clone().unwrap();
    let steps = [("second: 3", vec![third, by_hand]), ("second: 4", vec![fourth, by_hand]), ("second:", vec![by_hand])];
    for (line, expected) in steps {
        world.people.pop();
        world = world.person("1", line);
        run(&world, &store).await;
        let (_, to) = referred(&*target, "1@acme.example", "additional_managers").await;
        assert_eq!(to, expected.iter().map(ToString::to_string).collect::<Vec<_>>(), "after `{line}`");
    }
}

async fn a_source_that_shrank_is_held_every_night_until_somebody_approves_or_mends_it(kept: Kept) {
    let store = kept.store().await;
    let mut world = World::new().limits("deactivate: { most: 1000, percent: 100 }");
    for number in 1..=10 {
        world = world.person(&number.to_string(), "");
    }
    run(&world, &store).await;
    world.people.truncate(5);
    for night in 1..=3 {
        let synced = run(&world, &store).await;
        assert_eq!(synced.report.tripped.len(), 1, "night {night}");
        assert_eq!((synced.report.tripped[0].kind, synced.report.tripped[0].count), (LimitKind::SourceShrink, 5));
        let held = synced.report.outcomes.iter().filter(|outcome| outcome.kind == OutcomeKind::Held);
        assert_eq!((held.count(), synced.held), (5, true));
    }
}

async fn every_employee_is_in_the_report_once_and_the_totals_add_up(kept: Kept) {
    let store = kept.store().await;
    let world = World::new().status(",stage,equals,Left,inactive\n,stage,equals,Employed,active");
    let world = world.person("1", "stage: Employed").person("2", "stage: Left").person("3", "stage: ?").person("4", "");
    let report = run(&world, &store).await.report;
    let people: Vec<String> = report.outcomes.iter().map(|outcome| outcome.person.employee.to_string()).collect();
    assert_eq!(people, ["1", "2", "3", "4"]);
    let totals = rollbook::report::Totals::of(&report).by_kind();
    assert_eq!(totals.values().sum::<usize>(), report.employees);
    assert_eq!(totals.get(&OutcomeKind::Created), Some(&1));
}

/// A small company of two, of whom one is the other's manager, in a directory on which a trigger plays a trick.
async fn tricked(trigger: &str) -> World {
    let world = World::new()
        .fields("first_name,title\nmanager,manager,,,clear,on_create")
        .group_rules("create: true", ",,,,Everybody")
        .person("1", "title: Cook, manager: 2")
        .person("2", "title: Chef");
    trick(&world, trigger).await;
    world
}

/// The world's directory, with an SQL statement carried out on it.
async fn trick(world: &World, statement: &str) {
    // The first write makes the tables.
    let made = Write::CreateGroup { kind: GroupKind::Team, name: "Anything".into(), key: None };
    open_target(&world.recipe().target, &Secrets::default()).unwrap().write(&[made]).await.unwrap()[0].clone().unwrap();
    let directory = rusqlite::Connection::open(world.folder.path().join("directory.db")).unwrap();
    directory.execute_batch(statement).unwrap();
}

/// What was done for an employee by a run: how it ended, how many fields, references and groups, and what is said of it.
fn done(synced: &Synced, employee: &str) -> (OutcomeKind, [usize; 3], String) {
    let outcome = synced.report.outcomes.iter().find(|one| one.person.employee.as_str() == employee).unwrap();
    let changes = outcome.person.changes.as_deref();
    let counts = changes.map(|one| [one.fields.len(), one.references.len(), one.join.len()]).unwrap_or_default();
    let said: Vec<&str> =
        outcome.person.findings.iter().chain(outcome.failure.as_deref()).map(|finding| &*finding.text).collect();
    (outcome.kind, counts, said.join("; "))
}

async fn a_run_that_was_cut_short_reports_of_each_person_what_was_done_and_no_more(kept: Kept) {
    let stop = |what: &str| format!("CREATE TRIGGER stop BEFORE {what} BEGIN SELECT RAISE(ABORT, 'stopped'); END");
    let unreached = |synced: &Synced, employee: &str, counts: [usize; 3]| {
        let (kind, found, said) = done(synced, employee);
        assert_eq!((kind, found), (OutcomeKind::Failed, counts), "{said}");
        assert!(said.starts_with("not reached: "), "{said}");
    };
    let store = kept.store().await;
    let at_groups = run(&tricked(&stop("INSERT ON groups")).await, &store).await;
    unreached(&at_groups, "1", [0, 0, 0]);
    assert!(at_groups.report.new_groups.is_empty());

    let store = kept.store().await;
    let at_creation = run(&tricked(&stop("INSERT ON users")).await, &store).await;
    unreached(&at_creation, "1", [0, 0, 0]);
    assert_eq!(at_creation.report.new_groups.len(), 1);

    let store = kept.store().await;
    let at_managers = run(&tricked(&stop("UPDATE OF manager ON users")).await, &store).await;
    unreached(&at_managers, "1", [3, 0, 0]);

    let store = kept.store().await;
    let at_memberships = run(&tricked(&stop("INSERT ON memberships")).await, &store).await;
    unreached(&at_memberships, "1", [3, 1, 0]);
    unreached(&at_memberships, "2", [3, 0, 0]);
}

async fn a_reference_that_only_new_users_get_is_set_by_the_run_after_one_that_was_cut_short_and_never_again(
    kept: Kept,
) {
    let store = kept.store().await;
    let stop = "CREATE TRIGGER stop BEFORE UPDATE OF manager ON users BEGIN SELECT RAISE(ABORT, 'stopped'); END";
    let world = tricked(stop).await;
    run(&world, &store).await;
    trick(&world, "DROP TRIGGER stop").await;
    let target = open_target(&world.recipe().target, &Secrets::default()).unwrap();
    let (manager, none) = referred(&*target, "2@acme.example", "manager").await;
    assert!(none.is_empty());
    run(&world, &store).await;
    assert_eq!(referred(&*target, "1@acme.example", "manager").await.1, [manager.to_string()]);

    trick(&world, "UPDATE users SET manager = NULL").await;
    let again = run(&world, &store).await;
    assert_eq!(done(&again, "1").0, OutcomeKind::Unchanged);
    assert!(referred(&*target, "1@acme.example", "manager").await.1.is_empty());
    assert!(store.intents("test").await.unwrap().is_empty());
}

async fn a_manager_whose_user_was_refused_is_reported_as_not_set_and_set_by_the_next_run(kept: Kept) {
    let store = kept.store().await;
    let world = tricked(
        "CREATE TRIGGER taken BEFORE INSERT ON users WHEN NEW.external_id = '2' BEGIN
            INSERT INTO users (status, created_at, mail, mail_key) VALUES ('active', '', NEW.mail, NEW.mail_key);
         END",
    )
    .await;
    let first = run(&world, &store).await;
    assert_eq!(done(&first, "2").1, [0, 0, 0]);
    let (kind, counts, said) = done(&first, "1");
    assert_eq!((kind, counts), (OutcomeKind::Created, [3, 0, 1]));
    assert_eq!(said, "`manager` was not set: the user that it leads to could not be made");

    trick(&world, "DROP TRIGGER taken").await;
    let second = run(&world, &store).await;
    assert_eq!((done(&second, "1").0, done(&second, "1").1), (OutcomeKind::Updated, [0, 1, 0]));
    assert!(store.intents("test").await.unwrap().is_empty());
}

on_both!(
    an_additional_manager_added_by_hand_is_never_taken_for_one_of_ours,
    a_source_that_shrank_is_held_every_night_until_somebody_approves_or_mends_it,
    every_employee_is_in_the_report_once_and_the_totals_add_up,
    a_run_that_was_cut_short_reports_of_each_person_what_was_done_and_no_more,
    a_reference_that_only_new_users_get_is_set_by_the_run_after_one_that_was_cut_short_and_never_again,
    a_manager_whose_user_was_refused_is_reported_as_not_set_and_set_by_the_next_run,
);
