//! Many at once, and an end in the middle.

use std::collections::BTreeMap;

use futures_util::future::join_all;

use super::served::{Served, event};

const UPDATED: &str = "employee.updated";

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_is_saved_whole_and_collapses_to_one_mark_a_person() {
    let served = Served::start().await;
    let burst = (0..600).map(|number: u32| served.deliver(event(UPDATED, &(number % 7).to_string())));
    assert!(join_all(burst).await.iter().all(|status| *status == 200));
    assert_eq!(served.deliveries().len(), 600);
    let marks: BTreeMap<String, i64> = served.due().into_iter().map(|(_, employee, marks)| (employee, marks)).collect();
    assert_eq!(marks.len(), 7);
    assert_eq!(marks.values().sum::<i64>(), 600);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_before_a_stop_is_saved_and_the_port_is_free_afterwards() {
    let served = Served::start().await;
    let address = served.address;
    let burst = (0..50).map(|number: u32| served.deliver(event(UPDATED, &number.to_string())));
    assert_eq!(join_all(burst).await, vec![200; 50]);
    let idle = std::net::TcpStream::connect(address).unwrap();
    let folder = served.stop().await;
    drop(idle);
    assert!(std::net::TcpListener::bind(address).is_ok());
    let database = rusqlite::Connection::open(folder.path().join("state.db")).unwrap();
    let saved: i64 = database.query_row("SELECT COUNT(*) FROM deliveries", [], |row| row.get(0)).unwrap();
    assert_eq!(saved, 50);
}
