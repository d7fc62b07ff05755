//! One sync of a recipe at a time, or any number of workers; and replicas, who have claimed people.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::*;

async fn a_second_run_is_told_who_has_the_lease_and_since_when(fresh: Fresh) {
    let (one, other) = (fresh.store().await, fresh.store().await);
    let lease = one.lease("acme", "process 4711 (sync)").await.unwrap();
    let refused = other.lease("acme", "process 4712 (sync)").await.unwrap_err();
    let text = refused.to_string();
    assert!(text.starts_with("recipe `acme` is being run by process 4711 (sync), since 20"), "{text}");
    assert!(other.lease("another", "process 4712 (sync)").await.is_ok());
    drop(lease);
    assert!(other.lease("acme", "process 4712 (sync)").await.is_ok());
}

async fn workers_share_a_recipe_that_no_sync_has(fresh: Fresh) {
    let (one, other) = (fresh.store().await, fresh.store().await);
    let first = one.share("acme").await.unwrap().unwrap();
    let again = one.share("acme").await.unwrap().unwrap();
    let second = other.share("acme").await.unwrap().unwrap();
    drop((first, again, second));
    let sync = one.lease("acme", "a sync").await.unwrap();
    assert!(one.share("acme").await.unwrap().is_none());
    assert!(other.share("acme").await.unwrap().is_none());
    assert!(other.share("another").await.unwrap().is_some());
    drop(sync);
    assert!(comes_true(async || other.share("acme").await.unwrap().is_some()).await);
}

async fn a_sync_waits_for_the_workers_there_are_and_is_let_in_before_others(fresh: Fresh) {
    let (one, other) = (fresh.store().await, fresh.store().await);
    let worker = one.share("acme").await.unwrap().unwrap();
    let waiting = tokio::spawn({
        let store = other.clone();
        async move { store.lease("acme", "a sync").await }
    });
    assert!(comes_true(async || one.share("acme").await.unwrap().is_none()).await, "the sync waits");
    assert!(matches!(one.lease("acme", "another sync").await, Err(StoreError::Leased { .. })));
    assert!(!waiting.is_finished());
    drop(worker);
    let sync = waiting.await.unwrap().unwrap();
    assert!(one.share("acme").await.unwrap().is_none());
    drop(sync);
}

async fn workers_record_under_the_lease_they_share(fresh: Fresh) {
    let store = fresh.store().await;
    drop(store.lease("acme", "a sync").await.unwrap());
    let run = begin(&store, 0).await.run;
    let one = until(async || store.share("acme").await.unwrap()).await;
    let other = store.share("acme").await.unwrap().unwrap();
    for (lease, employee) in [(&one, "1"), (&other, "2"), (&one, "3")] {
        let links = vec![Link { employee: employee.into(), user: "u".into() }];
        store.record(lease, &run, &Batch { links, ..Batch::default() }).await.unwrap();
    }
    assert_eq!(store.links("acme").await.unwrap().len(), 3);
}

async fn nothing_is_recorded_under_a_lease_that_somebody_else_has_taken_over(fresh: Fresh) {
    let store = fresh.store().await;
    let run = begin(&store, 0).await.run;
    let batch = Batch { links: vec![Link { employee: "1".into(), user: "u1".into() }], ..Batch::default() };
    let lease = store.lease("acme", "a sync").await.unwrap();
    store.record(&lease, &run, &batch).await.unwrap();
    for next in ["UPDATE leases SET term = term + 2", "UPDATE leases SET term = term + 1", "DELETE FROM leases"] {
        store.database.query(next).execute().await.unwrap();
        let batch = Batch { unlinked: vec!["1".into()], ..Batch::default() };
        let refused = store.record(&lease, &run, &batch).await.unwrap_err();
        assert!(matches!(refused, StoreError::Lost { .. }), "{refused:?}");
        assert_eq!(refused.to_string().matches("`acme`").count(), 1, "{refused}");
    }
    assert_eq!(store.links("acme").await.unwrap().len(), 1);
}

async fn a_recipe_of_any_name_can_be_leased(fresh: Fresh) {
    let store = fresh.store().await;
    let names = ["acme", "Acme", "acme/é 'x' \"y\" %", "serving", ""];
    let mut leases = Vec::new();
    for name in names {
        leases.push(store.lease(name, "a sync").await.unwrap());
    }
    let recipes: Vec<&str> = leases.iter().map(Lease::recipe).collect();
    assert_eq!(recipes, names);
}

async fn the_lease_of_a_process_that_was_killed_is_free(fresh: Fresh) {
    if let Ok(url) = std::env::var(DATABASE) {
        return hold_the_lease(&url).await;
    }
    let store = fresh.store().await;
    let kind = if fresh.url.starts_with("sqlite") { "sqlite" } else { "postgres" };
    let this_test = format!("store::tests::leases::{kind}::the_lease_of_a_process_that_was_killed_is_free");
    let mut other = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &this_test, "--nocapture"])
        .env(DATABASE, &fresh.url)
        .stdout(Stdio::piped())
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(other.stdout.take().unwrap()).lines();
    assert!(lines.map_while(Result::ok).any(|line| line == "leased"), "the other process has no lease");

    let refused = store.lease("acme", "this one").await.unwrap_err();
    assert!(refused.to_string().contains("the other process"), "{refused}");
    other.kill().unwrap();
    other.wait().unwrap();
    assert!(store.lease("acme", "this one").await.is_ok());
}

/// Where the other process of the test above finds the database. Set for that process only.
const DATABASE: &str = "ROLLBOOK_TEST_LEASED_DATABASE";

/// What the other process does: until it is killed, or until nobody listens any more.
async fn hold_the_lease(url: &str) {
    let store = Store::open(url).await.unwrap();
    let _lease = store.lease("acme", "the other process").await.unwrap();
    std::io::stdout().write_all(b"\nleased\n").unwrap();
    std::io::stdout().flush().unwrap();
    let _ = std::io::stdin().read_line(&mut String::new());
}

async fn only_the_claims_of_dead_replicas_are_void(fresh: Fresh) {
    let store = fresh.store().await;
    let replica = store.replica().await.unwrap();
    let claim = async |employee: &str, replica: &str| {
        let employees = [employee.into()];
        let now = Timestamp::now();
        store.mark_due("acme", &employees, now, now).await.unwrap();
        assert_eq!(store.claim("acme", replica, now, 9).await.unwrap().len(), 1);
    };
    claim("1", replica.id()).await;
    claim("2", "a dead one").await;
    claim("3", "a dead one").await;
    claim("4", "another dead one").await;
    assert_eq!(replica.void_claims_of_the_dead().await.unwrap(), 3);
    assert_eq!(replica.void_claims_of_the_dead().await.unwrap(), 0);
    let free = store.claim("acme", "a new one", Timestamp::now(), 9).await.unwrap();
    let free: BTreeSet<String> = free.iter().map(|claim| claim.employee.to_string()).collect();
    assert_eq!(free, ["2".to_owned(), "3".to_owned(), "4".to_owned()].into());
    assert!(replica.is_alive());
}

/// Whether something comes true in the time that a lock takes to be let go.
async fn comes_true(is_true: impl AsyncFn() -> bool) -> bool {
    for _ in 0..1_000 {
        if is_true().await {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    false
}

/// What is there, once it is.
pub(super) async fn until<T>(look: impl AsyncFn() -> Option<T>) -> T {
    loop {
        match look().await {
            Some(found) => return found,
            None => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}

#[tokio::test]
async fn a_database_in_memory_leases_each_recipe_once_too() {
    let store = Store::open("sqlite::memory:").await.unwrap();
    let lease = store.lease("acme", "one").await.unwrap();
    assert!(matches!(store.clone().lease("acme", "two").await, Err(StoreError::Leased { .. })));
    assert!(store.share("acme").await.unwrap().is_none());
    drop(lease);
    let workers = (store.share("acme").await.unwrap().unwrap(), store.share("acme").await.unwrap().unwrap());
    drop(workers);
    assert!(store.lease("acme", "two").await.is_ok());
}

#[tokio::test]
async fn a_file_is_served_from_once_at_a_time() {
    let fresh = Fresh::sqlite();
    let (one, other) = (fresh.store().await, fresh.store().await);
    let replica = one.replica().await.unwrap();
    let refused = other.replica().await.unwrap_err();
    assert!(refused.to_string().starts_with("another `rollbook serve` uses the state database `"), "{refused}");
    assert!(refused.help().contains("PostgreSQL"));
    drop(replica);
    assert!(other.replica().await.is_ok());
}

on_both!(
    a_second_run_is_told_who_has_the_lease_and_since_when,
    workers_share_a_recipe_that_no_sync_has,
    a_sync_waits_for_the_workers_there_are_and_is_let_in_before_others,
    workers_record_under_the_lease_they_share,
    nothing_is_recorded_under_a_lease_that_somebody_else_has_taken_over,
    a_recipe_of_any_name_can_be_leased,
    the_lease_of_a_process_that_was_killed_is_free,
    only_the_claims_of_dead_replicas_are_void,
);
