//! One run of a recipe at a time.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use super::*;

#[tokio::test]
async fn a_second_run_is_told_who_has_the_lease_and_since_when() {
    let folder = Folder::new();
    let (one, other) = (folder.store().await, folder.store().await);
    let lease = one.lease("acme", "process 4711 (sync)").await.unwrap();
    let refused = other.lease("acme", "process 4712 (sync)").await.unwrap_err();
    let text = refused.to_string();
    assert!(text.starts_with("recipe `acme` is being run by process 4711 (sync), since 20"), "{text}");
    assert!(other.lease("another", "process 4712 (sync)").await.is_ok());
    drop(lease);
    assert!(other.lease("acme", "process 4712 (sync)").await.is_ok());
}

#[tokio::test]
async fn a_database_in_memory_leases_each_recipe_once_too() {
    let store = memory().await;
    let lease = store.lease("acme", "one").await.unwrap();
    assert!(matches!(store.clone().lease("acme", "two").await, Err(StoreError::Leased { .. })));
    drop(lease);
    assert!(store.lease("acme", "two").await.is_ok());
}

/// Where the other process of the next test finds the database. Set for that process only.
const DATABASE: &str = "ROLLBOOK_TEST_LEASED_DATABASE";

#[tokio::test]
async fn the_lease_of_a_process_that_was_killed_is_free_at_once() {
    if let Ok(url) = std::env::var(DATABASE) {
        return hold_the_lease(&url).await;
    }
    let folder = Folder::new();
    let store = folder.store().await;
    let this_test = "store::tests::leases::the_lease_of_a_process_that_was_killed_is_free_at_once";
    let mut other = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", this_test, "--nocapture"])
        .env(DATABASE, folder.url())
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

/// What the other process does: until it is killed, or until nobody listens any more.
async fn hold_the_lease(url: &str) {
    let store = Store::open(url).await.unwrap();
    let _lease = store.lease("acme", "the other process").await.unwrap();
    std::io::stdout().write_all(b"\nleased\n").unwrap();
    std::io::stdout().flush().unwrap();
    let _ = std::io::stdin().read_line(&mut String::new());
}
