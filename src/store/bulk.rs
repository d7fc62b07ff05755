//! Many rows by few statements: inserts, and deletes and look-ups by a list of keys, are all a list of `VALUES`.

use std::collections::HashSet;
use std::hash::Hash;

use sqlx::query_builder::{QueryBuilder, Separated};
use sqlx::sqlite::SqliteRow;
use sqlx::{Sqlite, SqliteConnection};

/// Rows in one statement: with the widest table's 12 columns far below SQLite's 32,766 placeholders.
const ROWS: usize = 500;

/// One row being written, value by value.
pub(super) type Row<'q> = Separated<'q, Sqlite, &'static str>;

/// Runs `head VALUES (…), (…) tail` until every row had its turn.
///
/// Where this inserts, no two rows may have one key ([`last_words`] sees to it): PostgreSQL refuses to change a row
/// twice in one statement.
pub(super) async fn execute<T>(
    connection: &mut SqliteConnection,
    head: &'static str,
    rows: &[T],
    tail: &'static str,
    mut row: impl FnMut(&mut Row<'_>, &T),
) -> Result<(), sqlx::Error> {
    let mut portions = rows.chunks(ROWS).map(|rows| (statement(head, rows, tail, &mut row), rows.len() == ROWS));
    let mut portion = portions.next();
    while let Some((mut query, full)) = portion {
        // Only full portions come again; others would fill the cache with statements of every length.
        let running = query.build().persistent(full).execute(&mut *connection);
        // SQLite runs on a thread of its own; the next portion is put into words meanwhile.
        let (done, next) = tokio::join!(running, async { portions.next() });
        done?;
        portion = next;
    }
    Ok(())
}

/// The same, for what is found by keys.
pub(super) async fn fetch<T>(
    connection: &mut SqliteConnection,
    head: &'static str,
    keys: &[T],
    tail: &'static str,
    mut key: impl FnMut(&mut Row<'_>, &T),
) -> Result<Vec<SqliteRow>, sqlx::Error> {
    let mut found = Vec::new();
    for keys in keys.chunks(ROWS) {
        let mut query = statement(head, keys, tail, &mut key);
        found.extend(query.build().persistent(keys.len() == ROWS).fetch_all(&mut *connection).await?);
    }
    Ok(found)
}

fn statement<T>(
    head: &'static str,
    rows: &[T],
    tail: &'static str,
    row: &mut impl FnMut(&mut Row<'_>, &T),
) -> QueryBuilder<Sqlite> {
    let mut query = QueryBuilder::new(head);
    query.push_values(rows, |mut values, item| row(&mut values, item));
    query.push(tail);
    query
}

/// The items without those that a later one with the same key replaces, in order.
pub(super) fn last_words<T, K: Hash + Eq>(items: &[T], key: impl Fn(&T) -> K) -> Vec<&T> {
    let mut seen = HashSet::with_capacity(items.len());
    let mut last: Vec<&T> = items.iter().rev().filter(|item| seen.insert(key(item))).collect();
    last.reverse();
    last
}

#[cfg(test)]
mod tests {
    use super::last_words;

    #[test]
    fn of_two_items_with_one_key_the_later_one_counts() {
        let items = [("a", 1), ("b", 2), ("a", 3)];
        assert_eq!(last_words(&items, |item| item.0), [&("b", 2), &("a", 3)]);
    }
}
