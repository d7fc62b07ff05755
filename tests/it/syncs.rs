//! Runs one after the other, through the real directory and the real memory.

use rollbook::connector::open::open_target;
use rollbook::connector::secrets::Secrets;
use rollbook::connector::{Target, Write};
use rollbook::model::{Cell, LimitKind, OutcomeKind, UserId, UserLayout, Value};
use rollbook::run::Quiet;
use rollbook::run::sync::{Request, Synced, sync};
use rollbook::store::Store;

use crate::world::World;

async fn run(world: &World, store: &Store) -> Synced {
    let recipe = world.recipe();
    let request = Request {
        recipe: &recipe,
        secrets: &Secrets::default(),
        now: world.now(),
        approvals: Default::default(),
        saved: None,
        progress: &Quiet,
    };
    sync(request, store).await.unwrap()
}

/// The user with this address, and the people in a reference of theirs.
async fn referred(target: &dyn Target, mail: &str, field: &str) -> (UserId, Vec<String>) {
    let users = target.users(&UserLayout { fields: vec!["mail".into(), field.into()] }).await.unwrap();
    let user = users.iter().find(|user| user.cells[0].to_string() == mail).unwrap();
    let to = match &user.cells[1] {
        Cell::Value(Value::List(items)) => items.iter().map(ToString::to_string).collect(),
        other => other.value().map(ToString::to_string).into_iter().collect(),
    };
    (user.id.clone(), to)
}

#[tokio::test]
async fn an_additional_manager_added_by_hand_is_never_taken_for_one_of_ours() {
    let store = Store::open("sqlite::memory:").await.unwrap();
    let mut world = World::new().group_rules("ownership: added, create: true", ",,,,All");
    world = world
        .fields("additional_managers,second,,,clear")
        .person("2", "")
        .person("3", "")
        .person("4", "")
        .person("1", "");
    run(&world, &store).await;
    let target = open_target(&world.recipe().target).unwrap();
    let mut users = Vec::new();
    for mail in ["1@acme.example", "2@acme.example", "3@acme.example", "4@acme.example"] {
        users.push(referred(&*target, mail, "additional_managers").await.0);
    }
    let [ann, by_hand, third, fourth] = &users[..] else { panic!("four users") };
    let set =
        Write::SetReferences { user: ann.clone(), field: "additional_managers".into(), to: vec![by_hand.clone()] };
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

#[tokio::test]
async fn a_source_that_shrank_is_held_every_night_until_somebody_approves_or_mends_it() {
    let store = Store::open("sqlite::memory:").await.unwrap();
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

#[tokio::test]
async fn every_employee_is_in_the_report_once_and_the_totals_add_up() {
    let store = Store::open("sqlite::memory:").await.unwrap();
    let world = World::new().status(",stage,equals,Left,inactive\n,stage,equals,Employed,active");
    let world = world.person("1", "stage: Employed").person("2", "stage: Left").person("3", "stage: ?").person("4", "");
    let report = run(&world, &store).await.report;
    let people: Vec<String> = report.outcomes.iter().map(|outcome| outcome.person.employee.to_string()).collect();
    assert_eq!(people, ["1", "2", "3", "4"]);
    let totals = rollbook::report::Totals::of(&report).by_kind();
    assert_eq!(totals.values().sum::<usize>(), report.employees);
    assert_eq!(totals.get(&OutcomeKind::Created), Some(&1));
}
