//! What happens to the process and to the disk: killed in the middle of a burst, and no room left.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;

use super::process::{Process, demo_in_real_time, employees};
use super::served::event;

/// Deliveries under way at a time.
const AT_ONCE: usize = 40;

/// Sends one delivery after another, each about somebody else, until no answer comes; notes who was taken.
async fn send_until_it_ends(process: &Process, next: &AtomicUsize, taken: &Mutex<BTreeSet<String>>) {
    loop {
        let employee = format!("{:06}", next.fetch_add(1, Ordering::Relaxed));
        match process.deliver(event("employee.updated", &employee)).await {
            Some(200) => _ = taken.lock().unwrap().insert(employee),
            Some(other) => panic!("answered {other}"),
            None => return,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_was_answered_is_lost_when_the_process_is_killed_in_a_burst() {
    let program = demo_in_real_time();
    let (next, taken) = (AtomicUsize::new(0), Mutex::new(BTreeSet::new()));
    for after in [1, 37, 150, 400] {
        let process = Process::start(&program);
        let before = taken.lock().unwrap().len();
        let pid = process.id();
        let burst = join_all((0..AT_ONCE).map(|_| send_until_it_ends(&process, &next, &taken)));
        let killer = async {
            while taken.lock().unwrap().len() < before + after {
                tokio::time::sleep(Duration::from_micros(200)).await;
            }
            Process::kill(pid);
        };
        tokio::join!(burst, killer);
        drop(process);
        let (deliveries, due) = employees(&program);
        let taken = taken.lock().unwrap();
        let lost: Vec<&String> = taken.difference(&deliveries).chain(taken.difference(&due)).collect();
        assert!(lost.is_empty(), "killed after {after} answers, {} were lost: {lost:?}", lost.len());
    }
    assert!(taken.lock().unwrap().len() >= 588);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_answered_with_503_and_deliveries_are_taken_when_there_is_room_again() {
    let program = demo_in_real_time();
    let process = Process::start(&program);
    assert_eq!(process.deliver(event("employee.updated", "1")).await, Some(200));
    let log = std::fs::metadata(program.path(".rollbook/state.db-wal")).unwrap().len();
    process.limit_files(&(log + 50_000).to_string());
    let mut taken = 1;
    loop {
        match process.deliver(event("employee.updated", &(taken + 1).to_string())).await {
            Some(200) => taken += 1,
            Some(503) => break,
            other => panic!("answered {other:?}"),
        }
        assert!(taken < 5_000, "the limit has no effect");
    }
    assert_eq!(process.deliver(event("employee.updated", "refused")).await, Some(503), "it stays full");
    process.limit_files("unlimited");
    assert_eq!(process.deliver(event("employee.updated", "room")).await, Some(200));
    drop(process);
    let (deliveries, due) = employees(&program);
    let expected: BTreeSet<String> = (1..=taken).map(|number| number.to_string()).chain(["room".to_owned()]).collect();
    assert!(deliveries == expected && due == expected, "what was answered with 503 was not saved");
}
