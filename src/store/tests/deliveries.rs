//! Deliveries and whom they make due.

use std::time::Duration;

use super::*;

fn at(milliseconds: i64) -> Timestamp {
    Timestamp::from_millisecond(1_700_000_000_000 + milliseconds).unwrap()
}

/// A delivery that came at a moment and makes its person due a second later.
fn arrived(recipe: &str, employee: &str, milliseconds: i64) -> Arrived {
    Arrived {
        id: DeliveryId::next(),
        recipe: recipe.into(),
        received: at(milliseconds),
        kind: "employee.updated".into(),
        employee: Some(employee.into()),
        body: "{}".into(),
        due: Some(at(milliseconds + 1_000)),
    }
}

/// Due rows: employee, due, marked, marks, attempts, parked.
async fn due(store: &Store) -> Vec<(String, i64, i64, i64, i64, i64)> {
    let sql = "SELECT employee, due, marked, marks, attempts, parked FROM due ORDER BY recipe, employee";
    let rows = store.database.query(sql).fetch_all().await.unwrap();
    let number = |row: &database::Row, column| row.get::<i64>(column).unwrap();
    let ms = |row: &database::Row, column| number(row, column) - 1_700_000_000_000;
    let row = |row: &database::Row| {
        (row.get(0).unwrap(), ms(row, 1), ms(row, 2), number(row, 3), number(row, 4), number(row, 5))
    };
    rows.iter().map(row).collect()
}

async fn change(store: &Store, sql: &'static str) {
    store.database.query(sql).execute().await.unwrap();
}

async fn count(store: &Store) -> i64 {
    let rows = store.database.query("SELECT COUNT(*) FROM deliveries").fetch_one().await.unwrap();
    rows.get(0).unwrap()
}

async fn the_first_mark_says_when_and_later_ones_only_count(fresh: Fresh) {
    let store = fresh.store().await;
    let first = [arrived("acme", "1", 20), arrived("acme", "2", 30), arrived("acme", "1", 10)];
    store.keep_deliveries(&first).await.unwrap();
    let second = ("2".to_owned(), 1_030, 30, 1, 0, 0);
    assert_eq!(due(&store).await, [("1".into(), 1_010, 10, 2, 0, 0), second.clone()]);
    store.keep_deliveries(&[arrived("acme", "1", 500), arrived("globex", "1", 600)]).await.unwrap();
    assert_eq!(due(&store).await, [("1".into(), 1_010, 10, 3, 0, 0), second, ("1".into(), 1_600, 600, 1, 0, 0)]);
}

async fn what_does_not_count_is_kept_and_marks_nobody(fresh: Fresh) {
    let store = fresh.store().await;
    let ignored = Arrived { due: None, ..arrived("acme", "1", 0) };
    let about_nobody = Arrived { due: None, employee: None, ..arrived("acme", "1", 0) };
    store.keep_deliveries(&[ignored, about_nobody]).await.unwrap();
    assert_eq!((count(&store).await, due(&store).await.len()), (2, 0));
}

async fn a_failing_person_keeps_the_tries_and_a_parked_one_is_given_one_more_try(fresh: Fresh) {
    let store = fresh.store().await;
    store.keep_deliveries(&[arrived("acme", "1", 0), arrived("acme", "2", 0)]).await.unwrap();
    change(&store, "UPDATE due SET attempts = 3 WHERE employee = '1'").await;
    change(&store, "UPDATE due SET attempts = 8, parked = 1, claimed = NULL WHERE employee = '2'").await;
    store.keep_deliveries(&[arrived("acme", "1", 700), arrived("acme", "2", 700)]).await.unwrap();
    assert_eq!(due(&store).await, [("1".into(), 1_000, 0, 2, 3, 0), ("2".into(), 1_700, 700, 2, 8, 0)]);
}

async fn more_deliveries_than_one_statement_takes_are_saved_together(fresh: Fresh) {
    let store = fresh.store().await;
    let many: Vec<Arrived> = (0..1_700).map(|number| arrived("acme", &(number % 600).to_string(), 0)).collect();
    store.keep_deliveries(&many).await.unwrap();
    assert_eq!((count(&store).await, due(&store).await.len()), (1_700, 600));
}

async fn a_group_of_which_one_cannot_be_saved_is_not_saved_at_all(fresh: Fresh) {
    let store = fresh.store().await;
    let twice = arrived("acme", "1", 0);
    assert!(store.keep_deliveries(&[arrived("acme", "2", 0), twice.clone(), twice]).await.is_err());
    assert_eq!((count(&store).await, due(&store).await.len()), (0, 0));
}

async fn old_deliveries_are_forgotten_and_who_is_due_stays_due(fresh: Fresh) {
    let store = fresh.store().await;
    let many: Vec<Arrived> = (0..4_500).map(|_| arrived("acme", "1", 0)).collect();
    store.keep_deliveries(&many).await.unwrap();
    let an_hour = Duration::from_secs(3_600);
    assert_eq!(store.prune_deliveries(Timestamp::now() - an_hour).await.unwrap(), 0);
    assert_eq!(store.prune_deliveries(Timestamp::now() + an_hour).await.unwrap(), 4_500);
    assert_eq!((count(&store).await, due(&store).await.len()), (0, 1));
}

#[test]
fn ids_are_in_the_order_of_arrival() {
    let ids: Vec<DeliveryId> = (0..5_000).map(|_| DeliveryId::next()).collect();
    assert!(ids.windows(2).all(|pair| pair[0] < pair[1]));
}

async fn a_database_that_is_there_is_reachable_and_a_closed_one_is_not(fresh: Fresh) {
    let store = fresh.store().await;
    assert!(store.reachable().await.is_ok());
    store.clone().close().await;
    assert!(store.reachable().await.is_err());
}

on_both!(
    the_first_mark_says_when_and_later_ones_only_count,
    what_does_not_count_is_kept_and_marks_nobody,
    a_failing_person_keeps_the_tries_and_a_parked_one_is_given_one_more_try,
    more_deliveries_than_one_statement_takes_are_saved_together,
    a_group_of_which_one_cannot_be_saved_is_not_saved_at_all,
    old_deliveries_are_forgotten_and_who_is_due_stays_due,
    a_database_that_is_there_is_reachable_and_a_closed_one_is_not,
);
