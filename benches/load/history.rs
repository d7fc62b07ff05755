//! A year of history in a state database: deliveries, and full syncs of which the last fifty have their outcomes.

use std::fs::File;
use std::path::Path;

use rusqlite::Connection;

/// Full syncs, one a night and some by hand.
const RUNS: u32 = 400;
/// People in each of the last fifty.
const PEOPLE: u32 = 2_000;

/// Puts so many deliveries of the year before into a database that has its tables.
pub(crate) fn write(database: &Path, deliveries: u32) {
    let connection = Connection::open(database).expect("the database opens");
    let sql = format!(
        "PRAGMA synchronous = OFF;
         BEGIN;
         WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {deliveries}),
         moments(n, ms) AS (SELECT n, {now} - 31536000000 + n * (31536000000 / {deliveries}) FROM numbers)
         INSERT INTO deliveries SELECT
             printf('%08x-%04x-7%03x-8000-%012x', ms >> 16, ms & 65535, n & 4095, n), 'demo', ms, 'employee.updated',
             CAST(3000000000000000000 + n % 2000 AS TEXT),
             printf('{{\"companyId\":700001,\"type\":\"employee.updated\",\"triggeredBy\":\"system\",\"triggeredAt\":\"2026-03-02T00:00:04.%06d\",\"version\":\"v2\",\"data\":{{\"employeeId\":\"3000000000000000101\",\"fieldUpdates\":[{{\"id\":\"work.department\"}}]}}}}', n % 1000000)
         FROM moments;
         WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {RUNS})
         INSERT INTO runs (id, recipe, today, source, target, status, started, finished, employees, totals) SELECT
             printf('old-%04d', n), 'demo', '2026-01-01', 'file', 'directory', 'finished', n * 86400000, n * 86400000 + 9000,
             {PEOPLE}, '{{\"unchanged\":{PEOPLE}}}' FROM numbers;
         WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < 50 * {PEOPLE})
         INSERT INTO outcomes (run_id, position, employee, name, email, kind, user_id, in_roster, reason) SELECT
             printf('old-%04d', {RUNS} - 1 - n / {PEOPLE}), n % {PEOPLE}, n % {PEOPLE}, 'Person Number ' || n,
             'person.' || n || '@acme.example', 'unchanged', 'u' || n, 1, 'status rule `active`' FROM numbers;
         COMMIT;
         PRAGMA wal_checkpoint(TRUNCATE);",
        now = jiff::Timestamp::now().as_millisecond(),
    );
    connection.execute_batch(&sql).expect("the history is written");
    // Or the system would still be writing it to the disk while deliveries wait for theirs.
    File::open(database).and_then(|file| file.sync_all()).expect("the history is on disk");
}
