//! Many rows by few statements: inserts, and deletes and look-ups by a list of keys, are all a list of `VALUES`.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::hash::Hash;
use std::sync::Arc;

use sqlx::{AssertSqlSafe, SqlSafeStr as _, SqlStr};

use super::database::{On, Row, Statement, Transaction, Value};

/// Rows in one statement: with the widest table's 12 columns far below the placeholders that there may be, which are
/// 32,766 for SQLite and 65,535 for PostgreSQL.
const ROWS: usize = 500;

/// The rows being written, value by value.
pub(super) struct Values<'v>(Vec<Value<'v>>);

impl<'v> Values<'v> {
    pub(super) fn push(&mut self, value: impl Into<Value<'v>>) -> &mut Self {
        self.0.push(value.into());
        self
    }
}

/// Runs `head VALUES (…), (…) tail` until every row had its turn.
///
/// Where this inserts, no two rows may have one key ([`last_words`] sees to it): PostgreSQL refuses to change a row
/// twice in one statement.
pub(super) async fn execute<'v, T>(
    transaction: &mut Transaction,
    head: &'static str,
    rows: &'v [T],
    tail: &'static str,
    row: impl FnMut(&mut Values<'v>, &'v T),
) -> Result<(), sqlx::Error> {
    let mut on = On::from(transaction);
    let mut portions = Portions { style: Style::of(&on), head, tail, rows, row, full: None };
    let mut portion = portions.next();
    while let Some(statement) = portion {
        let running = on.reborrow().run(statement).execute();
        // The database works elsewhere; the next portion is put into words meanwhile.
        let (done, next) = tokio::join!(running, async { portions.next() });
        done?;
        portion = next;
    }
    Ok(())
}

/// The same, for what is found by keys.
pub(super) async fn fetch<'c, 'v, T>(
    on: impl Into<On<'c>>,
    head: &'static str,
    keys: &'v [T],
    tail: &'static str,
    key: impl FnMut(&mut Values<'v>, &'v T),
) -> Result<Vec<Row>, sqlx::Error> {
    let mut found = Vec::new();
    let mut on = on.into();
    for statement in (Portions { style: Style::of(&on), head, tail, rows: keys, row: key, full: None }) {
        found.extend(on.reborrow().run(statement).fetch_all().await?);
    }
    Ok(found)
}

/// How a statement says where a value goes. SQLite looks through all names for each `$1`, PostgreSQL knows nothing else.
#[derive(Clone, Copy)]
enum Style {
    Plain,
    Numbered,
}

impl Style {
    fn of(on: &On<'_>) -> Self {
        if on.is_sqlite() { Self::Plain } else { Self::Numbered }
    }
}

/// One statement after the other.
struct Portions<'v, T, R> {
    style: Style,
    head: &'static str,
    tail: &'static str,
    /// Those to come.
    rows: &'v [T],
    row: R,
    /// The words of a full portion.
    full: Option<SqlStr>,
}

impl<'v, T, R: FnMut(&mut Values<'v>, &'v T)> Iterator for Portions<'v, T, R> {
    type Item = Statement<'v>;

    fn next(&mut self) -> Option<Statement<'v>> {
        let (rows, rest) = self.rows.split_at(self.rows.len().min(ROWS));
        self.rows = rest;
        let mut values = Values(Vec::new());
        rows.iter().for_each(|row| (self.row)(&mut values, row));
        let values = values.0;
        let columns = values.len().checked_div(rows.len())?;
        // Only full portions come again; others would fill the cache with statements of every length.
        let repeated = rows.len() == ROWS;
        let sql = match &self.full {
            Some(full) if repeated => full.clone(),
            _ => self.words(rows.len(), columns),
        };
        self.full = repeated.then(|| sql.clone());
        Some(Statement { sql, values, repeated })
    }
}

impl<T, R> Portions<'_, T, R> {
    fn words(&self, rows: usize, columns: usize) -> SqlStr {
        let mut sql = format!("{}VALUES ", self.head);
        for number in 0..rows * columns {
            let before = match (number % columns, number) {
                (0, 0) => "(",
                (0, _) => "), (",
                _ => ", ",
            };
            // Writing to a string does not fail.
            _ = match self.style {
                Style::Plain => write!(sql, "{before}?"),
                Style::Numbered => write!(sql, "{before}${}", number + 1),
            };
        }
        sql.push(')');
        sql.push_str(self.tail);
        AssertSqlSafe(Arc::<str>::from(sql)).into_sql_str()
    }
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
