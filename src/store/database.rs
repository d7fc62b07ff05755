//! SQLite or PostgreSQL, asked in one way: a statement is written once, and runs on whichever there is.
//!
//! Both take `$1` in statements. Whatever is stored is text or a whole number, so that values and rows look the same.

use std::borrow::Cow;
use std::sync::Arc;

use sqlx::postgres::{PgArguments, PgPool, PgRow, Postgres};
use sqlx::query_with;
use sqlx::sqlite::{Sqlite, SqliteArguments, SqlitePool, SqliteRow};
use sqlx::{Arguments, Decode, Row as _, SqlSafeStr, SqlStr, Type};

/// The connections to one or the other. Cheap to clone.
#[derive(Clone)]
pub(super) enum Database {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// A transaction that writes. Dropping it undoes it.
pub(super) enum Transaction {
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    Postgres(sqlx::Transaction<'static, Postgres>),
}

/// A statement on its way, by whatever connection is free or in a transaction.
pub(super) struct Query<'c, 'v> {
    on: On<'c>,
    statement: Statement<'v>,
}

/// Where a statement runs.
pub(super) enum On<'c> {
    Pool(&'c Database),
    Transaction(&'c mut Transaction),
}

/// A statement with its values.
pub(super) struct Statement<'v> {
    pub(super) sql: SqlStr,
    pub(super) values: Vec<Value<'v>>,
    /// Whether it comes again, so that the database should remember how it goes about it.
    pub(super) repeated: bool,
}

/// One value. That there is none has a type too, for PostgreSQL.
pub(super) enum Value<'v> {
    Text(Option<&'v str>),
    /// Handed over without a copy, where the database takes it so.
    Shared(Option<Arc<str>>),
    Number(Option<i64>),
}

/// One row of an answer.
pub(super) enum Row {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

/// What a column can be read as.
pub(super) trait Column<'r>: Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres> {}

impl<'r, T> Column<'r> for T where T: Decode<'r, Sqlite> + Type<Sqlite> + Decode<'r, Postgres> + Type<Postgres> {}

impl Database {
    pub(super) fn query(&self, sql: impl SqlSafeStr) -> Query<'_, '_> {
        On::from(self).run(Statement::new(sql))
    }

    pub(super) async fn begin(&self) -> Result<Transaction, sqlx::Error> {
        Ok(match self {
            // A transaction that reads first and writes later fails at once, without waiting, when somebody wrote in
            // between.
            Self::Sqlite(pool) => Transaction::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?),
            Self::Postgres(pool) => Transaction::Postgres(pool.begin().await?),
        })
    }

    /// A text as JSON.
    pub(super) fn as_json(&self, column: &str) -> String {
        match self {
            Self::Sqlite(_) => format!("json_quote({column})"),
            Self::Postgres(_) => format!("CAST(to_json({column}) AS TEXT)"),
        }
    }

    /// The rows of a query joined into one text, as JSON arrays with commas between. The drivers hand rows over one by
    /// one, which takes three times as long for the hundreds of thousands that every run reads.
    pub(super) fn rows_as_json(&self, columns: &str) -> String {
        let array = match self {
            Self::Sqlite(_) => "json_array",
            Self::Postgres(_) => "json_build_array",
        };
        format!("string_agg(CAST({array}({columns}) AS TEXT), ',')")
    }

    pub(super) async fn close(&self) {
        match self {
            Self::Sqlite(pool) => pool.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Transaction {
    pub(super) fn query(&mut self, sql: impl SqlSafeStr) -> Query<'_, '_> {
        On::from(self).run(Statement::new(sql))
    }

    pub(super) async fn commit(self) -> Result<(), sqlx::Error> {
        match self {
            Self::Sqlite(transaction) => transaction.commit().await,
            Self::Postgres(transaction) => transaction.commit().await,
        }
    }
}

impl<'c> On<'c> {
    /// Whether it is SQLite.
    pub(super) fn is_sqlite(&self) -> bool {
        matches!(self, Self::Pool(Database::Sqlite(_)) | Self::Transaction(Transaction::Sqlite(_)))
    }

    /// The same for a while.
    pub(super) fn reborrow(&mut self) -> On<'_> {
        match self {
            Self::Pool(database) => On::Pool(database),
            Self::Transaction(transaction) => On::Transaction(transaction),
        }
    }

    pub(super) fn run<'v>(self, statement: Statement<'v>) -> Query<'c, 'v> {
        Query { on: self, statement }
    }
}

impl<'c> From<&'c Database> for On<'c> {
    fn from(database: &'c Database) -> Self {
        Self::Pool(database)
    }
}

impl<'c> From<&'c mut Transaction> for On<'c> {
    fn from(transaction: &'c mut Transaction) -> Self {
        Self::Transaction(transaction)
    }
}

/// Does the same with a query and what it runs on, whichever they are.
macro_rules! run {
    ($asked:expr, |$query:ident, $on:ident| $work:expr) => {{
        let Query { on, statement: Statement { sql, values, repeated } } = $asked;
        match on {
            On::Pool(Database::Sqlite($on)) => {
                let $query = query_with(sql, sqlite_values(values)?).persistent(repeated);
                $work
            }
            On::Pool(Database::Postgres($on)) => {
                let $query = query_with(sql, postgres_values(values)?).persistent(repeated);
                $work
            }
            On::Transaction(Transaction::Sqlite(transaction)) => {
                let ($query, $on) = (query_with(sql, sqlite_values(values)?).persistent(repeated), &mut **transaction);
                $work
            }
            On::Transaction(Transaction::Postgres(transaction)) => {
                let ($query, $on) =
                    (query_with(sql, postgres_values(values)?).persistent(repeated), &mut **transaction);
                $work
            }
        }
    }};
}

impl<'v> Query<'_, 'v> {
    /// Gives the next value.
    pub(super) fn bind(mut self, value: impl Into<Value<'v>>) -> Self {
        self.statement.values.push(value.into());
        self
    }

    /// Runs it, and says how many rows it changed.
    pub(super) async fn execute(self) -> Result<u64, sqlx::Error> {
        Ok(run!(self, |query, on| query.execute(on).await?.rows_affected()))
    }

    /// Runs it, and gives all that it found.
    pub(super) async fn fetch_all(self) -> Result<Vec<Row>, sqlx::Error> {
        Ok(run!(self, |query, on| query.fetch_all(on).await?.into_iter().map(Row::from).collect()))
    }

    /// Runs it, and gives the row that it found, if it found one.
    pub(super) async fn fetch_optional(self) -> Result<Option<Row>, sqlx::Error> {
        Ok(run!(self, |query, on| query.fetch_optional(on).await?.map(Row::from)))
    }

    /// Runs it, and gives the row that it always finds.
    pub(super) async fn fetch_one(self) -> Result<Row, sqlx::Error> {
        self.fetch_optional().await?.ok_or(sqlx::Error::RowNotFound)
    }
}

impl Statement<'_> {
    fn new(sql: impl SqlSafeStr) -> Self {
        Self { sql: sql.into_sql_str(), values: Vec::new(), repeated: true }
    }
}

impl Row {
    /// The column at a position, counted from 0.
    pub(super) fn get<'r, T: Column<'r>>(&'r self, column: usize) -> Result<T, sqlx::Error> {
        match self {
            Self::Sqlite(row) => row.try_get(column),
            Self::Postgres(row) => row.try_get(column),
        }
    }
}

impl From<SqliteRow> for Row {
    fn from(row: SqliteRow) -> Self {
        Self::Sqlite(row)
    }
}

impl From<PgRow> for Row {
    fn from(row: PgRow) -> Self {
        Self::Postgres(row)
    }
}

fn sqlite_values(values: Vec<Value<'_>>) -> Result<SqliteArguments, sqlx::Error> {
    let mut arguments = SqliteArguments::default();
    arguments.reserve(values.len(), 0);
    for value in values {
        match value {
            Value::Text(text) => arguments.add(text),
            Value::Shared(text) => arguments.add(text),
            Value::Number(number) => arguments.add(number),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

fn postgres_values(values: Vec<Value<'_>>) -> Result<PgArguments, sqlx::Error> {
    let mut arguments = PgArguments::default();
    arguments.reserve(values.len(), 0);
    for value in values {
        match value {
            Value::Text(text) => arguments.add(text.map(without_nul)),
            Value::Shared(text) => arguments.add(text.as_deref().map(without_nul)),
            Value::Number(number) => arguments.add(number),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(arguments)
}

/// PostgreSQL's texts cannot hold the character 0, which a vendor may send all the same.
fn without_nul(text: &str) -> Cow<'_, str> {
    match text.contains('\0') {
        true => text.replace('\0', "\u{fffd}").into(),
        false => text.into(),
    }
}

impl<'v> From<&'v str> for Value<'v> {
    fn from(text: &'v str) -> Self {
        Self::Text(Some(text))
    }
}

impl<'v> From<&'v String> for Value<'v> {
    fn from(text: &'v String) -> Self {
        Self::Text(Some(text))
    }
}

impl<'v> From<Option<&'v str>> for Value<'v> {
    fn from(text: Option<&'v str>) -> Self {
        Self::Text(text)
    }
}

impl From<Arc<str>> for Value<'_> {
    fn from(text: Arc<str>) -> Self {
        Self::Shared(Some(text))
    }
}

impl From<Option<Arc<str>>> for Value<'_> {
    fn from(text: Option<Arc<str>>) -> Self {
        Self::Shared(text)
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Number(Some(number))
    }
}

impl From<Option<i64>> for Value<'_> {
    fn from(number: Option<i64>) -> Self {
        Self::Number(number)
    }
}
