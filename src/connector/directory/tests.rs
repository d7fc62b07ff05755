//! What only SQLite itself can bring about: another program's lock, a full disk, another program's database; and parts that
//! are under way together.

use std::path::Path;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::ready;
use futures_util::stream::FuturesOrdered;
use rusqlite::Connection;
use serde_json::json;

use super::DirectoryTarget;
use crate::connector::{ConnectorError, ConnectorSettings, Target, Wanted, Write};
use crate::model::{Access, FieldName, GroupKind, UserLayout, Value};

fn open(folder: &Path) -> Result<DirectoryTarget, ConnectorError> {
    let settings = json!({ "database": "directory.db" });
    DirectoryTarget::open(&ConnectorSettings { name: "directory".into(), settings, base: folder.to_owned() })
}

/// A directory whose file is there.
async fn made(folder: &Path) -> DirectoryTarget {
    let target = open(folder).unwrap();
    target.write(&[]).await.unwrap();
    target
}

fn team(name: &str) -> Write {
    Write::CreateGroup { kind: GroupKind::Team, name: name.into(), key: None }
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_that_are_under_way_together_are_written_in_the_order_in_which_they_were_sent() {
    let folder = tempfile::tempdir().unwrap();
    let target = made(folder.path()).await;
    let names: Vec<String> = (0..50).map(|number| format!("team {number}")).collect();
    let parts: Vec<[Write; 1]> = names.iter().map(|name| [team(name)]).collect();
    let sent: FuturesOrdered<_> = parts.iter().map(|part| target.write(part)).collect();
    assert!(sent.all(|answers| ready(answers.unwrap()[0].is_ok())).await);
    let groups = target.groups().await.unwrap();
    assert_eq!(groups.iter().map(|group| &*group.name).collect::<Vec<_>>(), names);
}

#[tokio::test]
async fn a_directory_that_another_program_holds_can_be_read_and_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let target = made(folder.path()).await;
    target.opened.connection.lock().await.as_ref().unwrap().busy_timeout(Duration::ZERO).unwrap();
    let other = Connection::open(folder.path().join("directory.db")).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let error = target.write(&[team("Sales")]).await.unwrap_err();
    assert!(error.to_string().contains("another program"), "{error}");
    assert!(target.users(&UserLayout::default()).await.unwrap().is_empty());
    other.execute_batch("ROLLBACK").unwrap();
    assert!(target.write(&[team("Sales")]).await.unwrap()[0].is_ok());
}

#[tokio::test]
async fn a_batch_that_does_not_fit_on_the_disk_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let target = made(folder.path()).await;
    {
        let guard = target.opened.connection.lock().await;
        let connection = guard.as_ref().unwrap();
        let pages: i64 = connection.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
        connection.pragma_update_and_check(None, "max_page_count", pages + 2, |_| Ok(())).unwrap();
    }
    let many: Vec<Write> = (0..2000).map(|number| team(&format!("team {number}"))).collect();
    let error = target.write(&many).await.unwrap_err();
    assert!(error.to_string().contains("no room left"), "{error}");
    assert!(target.groups().await.unwrap().is_empty());
    assert!(target.write(&[team("Sales")]).await.unwrap()[0].is_ok());
}

#[tokio::test]
async fn the_database_of_another_program_or_of_a_later_version_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let file = Connection::open(folder.path().join("directory.db")).unwrap();
    file.execute_batch("CREATE TABLE invoices (id INTEGER)").unwrap();
    assert!(open(folder.path()).unwrap_err().to_string().contains("another program"));

    let folder = tempfile::tempdir().unwrap();
    drop(made(folder.path()).await);
    let file = Connection::open(folder.path().join("directory.db")).unwrap();
    file.execute_batch("PRAGMA user_version = 99").unwrap();
    assert!(open(folder.path()).unwrap_err().to_string().contains("newer"));
}

#[tokio::test]
async fn a_directory_of_the_first_version_keeps_its_users_who_are_found_by_their_ids() {
    let folder = tempfile::tempdir().unwrap();
    let target = made(folder.path()).await;
    let fields = [("mail", "ann@acme.example"), ("external_id", " ÄB-7 ")];
    let fields = fields.map(|(name, text)| (FieldName::from(name), Value::Text(text.into()))).to_vec();
    let creation = Write::CreateUser { employee: "7".into(), access: Access::Active, fields, memberships: Vec::new() };
    target.write(&[creation]).await.unwrap().remove(0).unwrap();
    drop(target);
    let file = Connection::open(folder.path().join("directory.db")).unwrap();
    file.execute_batch(
        "DROP INDEX users_by_external_id; DROP INDEX users_by_employee_number;
         ALTER TABLE users DROP COLUMN external_id_key; ALTER TABLE users DROP COLUMN employee_number_key;
         PRAGMA user_version = 1",
    )
    .unwrap();
    drop(file);
    let by_key = Wanted { user: None, fields: vec![("external_id".into(), Value::Text("äb-7".into()))] };
    for time in 0..2 {
        let target = open(folder.path()).unwrap();
        let found = target.find(std::slice::from_ref(&by_key), &UserLayout::default()).await.unwrap();
        assert_eq!(found.len(), 1, "when opened for the {time}. time");
    }
}
