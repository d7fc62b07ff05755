//! What an operator reads when the database cannot be used.

use std::time::Duration;

use sqlx::Connection as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};

use super::*;

/// Options as in `open`, but nobody waits in a test.
fn impatient() -> SqliteConnectOptions {
    SqliteConnectOptions::new().busy_timeout(Duration::ZERO).foreign_keys(true)
}

async fn open(folder: &Folder, options: SqliteConnectOptions) -> Result<Store, StoreError> {
    sqlite::open_file(folder.path(), options).await
}

/// What the operator reads, with the folder's path taken out.
fn text(folder: &Folder, error: &StoreError) -> String {
    error.to_string().replace(&folder.path().display().to_string(), "state.db")
}

fn trouble<T>(result: Result<T, StoreError>) -> (Trouble, StoreError) {
    match result {
        Err(error @ StoreError::Unavailable { trouble, .. }) => (trouble, error),
        Err(other) => panic!("other trouble: {other:?}"),
        Ok(_) => panic!("no trouble"),
    }
}

async fn plain_connection(folder: &Folder) -> SqliteConnection {
    SqliteConnection::connect_with(&SqliteConnectOptions::new().filename(folder.path())).await.unwrap()
}

#[tokio::test]
async fn other_addresses_are_refused_without_repeating_their_password() {
    let urls = [
        "state.db",
        "sqlite://",
        "sqlite://a.db?mode=rwc",
        "mysql://rollbook:hunter2@db/rollbook",
        "postgres://rollbook:hunter2@db:port/rollbook",
        "postgres://rollbook@db/rollbook?pasword=hunter2",
        "postgres://rollbook:hunter2@db/rollbook?sslmode=perhaps",
    ];
    for url in urls {
        let error = Store::open(url).await.unwrap_err();
        assert!(matches!(error, StoreError::Address), "{url}: {error:?}");
        assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
        assert!(error.help().contains("sqlite://.rollbook/state.db") && error.help().contains("postgres://"));
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_files_are_private_to_their_user() {
    use std::os::unix::fs::PermissionsExt;

    let folder = Folder::new();
    let store = folder.store().await;
    let _lease = store.lease("acme", "a test").await.unwrap();
    let _replica = store.replica().await.unwrap();
    begin(&store, 0).await;
    let files: Vec<_> = fs::read_dir(folder.path().parent().unwrap()).unwrap().map(Result::unwrap).collect();
    assert_eq!(files.len(), 7, "database, two side files, four locks: {files:?}");
    for file in files {
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
    }
}

#[tokio::test]
async fn a_database_that_somebody_keeps_locked_is_said_to_be_locked() {
    let folder = Folder::new();
    folder.used().await;
    let store = open(&folder, impatient()).await.unwrap();
    let mut browser = plain_connection(&folder).await;
    sqlx::query("BEGIN EXCLUSIVE").execute(&mut browser).await.unwrap();
    let (kind, error) = trouble(store.begin_run(&new_run(0)).await);
    assert_eq!(kind, Trouble::Locked);
    assert_eq!(text(&folder, &error), "the state database `state.db` is locked by another program");
    assert!(error.help().starts_with("close the program that has it open"));
}

#[tokio::test]
async fn a_database_that_may_only_be_read_is_read_and_says_so_when_written() {
    let folder = Folder::new();
    folder.used().await;
    let store = open(&folder, impatient().read_only(true)).await.unwrap();
    assert_eq!(store.links("acme").await.unwrap().len(), 1);
    let (kind, error) = trouble(store.begin_run(&new_run(0)).await);
    assert_eq!(kind, Trouble::ReadOnly);
    assert_eq!(text(&folder, &error), "the state database `state.db` may not be written");
}

#[tokio::test]
async fn a_file_that_is_no_database_is_left_as_it_is() {
    let folder = Folder::new();
    folder.used().await;
    let people = "Ada Lovelace;ada@acme.example\n".repeat(100);
    fs::write(folder.path(), &people).unwrap();
    let (kind, error) = trouble(Store::open(&folder.url()).await);
    assert_eq!(kind, Trouble::Corrupt);
    assert_eq!(text(&folder, &error), "the state database `state.db` is damaged, or is no state database");
    assert_eq!(fs::read_to_string(folder.path()).unwrap(), people);
}

#[tokio::test]
async fn what_this_version_does_not_write_is_damage_and_is_not_repeated() {
    let store = Store::open("sqlite::memory:").await.unwrap();
    let run = begin(&store, 0).await.run;
    let outcomes = vec![(0, people::unremarkable("1"))];
    record(&store, &run, "acme", &Batch { outcomes, ..Batch::default() }).await.unwrap();
    let damage = "UPDATE outcomes SET details = '{\"verdict\":\"Lovelace\"}'";
    store.database.query(damage).execute().await.unwrap();
    let (kind, error) = trouble(store.outcomes(&run).await);
    assert_eq!(kind, Trouble::Corrupt);
    let everything = format!("{error} {error:?} {}", error.help());
    assert!(everything.contains("outcomes.details") && !everything.contains("Lovelace"), "{everything}");
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_not_touched() {
    let folder = Folder::new();
    folder.used().await;
    let mut newer = plain_connection(&folder).await;
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'later', TRUE, x'00', 0)",
    )
    .execute(&mut newer)
    .await
    .unwrap();
    let error = Store::open(&folder.url()).await.unwrap_err();
    assert_eq!(text(&folder, &error), "the state database `state.db` was written by a newer version of rollbook");
}

#[tokio::test]
async fn a_full_disk_loses_the_batch_and_nothing_else() {
    let folder = Folder::new();
    folder.used().await;
    let store = open(&folder, impatient().pragma("max_page_count", "64")).await.unwrap();
    let run = begin(&store, 0).await.run;
    let everybody = (0..9_999).map(|position| (position, people::unremarkable("1"))).collect();
    let links = vec![Link { employee: "2".into(), user: "u2".into() }];
    let (kind, error) =
        trouble(record(&store, &run, "acme", &Batch { outcomes: everybody, links, ..Batch::default() }).await);
    assert_eq!(kind, Trouble::Full);
    assert_eq!(text(&folder, &error), "the state database `state.db` cannot grow: there is no space left");
    assert_eq!(store.outcomes(&run).await.unwrap(), []);
    assert_eq!(store.links("acme").await.unwrap().len(), 1);
    record(&store, &run, "acme", &Batch { unlinked: vec!["1".into()], ..Batch::default() }).await.unwrap();
}

#[tokio::test]
async fn a_path_that_leads_nowhere_is_named() {
    let folder = Folder::new();
    fs::write(folder.path().parent().unwrap(), "a file where the folder should be").unwrap();
    let (kind, error) = trouble(Store::open(&folder.url()).await);
    assert_eq!(kind, Trouble::Other);
    assert_eq!(text(&folder, &error), "the state database `state.db` cannot be used");
}

#[tokio::test]
async fn two_that_open_a_new_database_at_once_both_get_it() {
    let folder = Folder::new();
    let (a, b, c) = tokio::join!(folder.store(), folder.store(), folder.store());
    begin(&a, 0).await;
    begin(&b, 1).await;
    assert_eq!(c.runs(None, 9).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_batch_can_be_recorded_from_a_task_of_its_own() {
    let store = Store::open("sqlite::memory:").await.unwrap();
    let run = begin(&store, 0).await.run;
    let task = tokio::spawn(async move { record(&store, &run, "acme", &Batch::default()).await });
    task.await.unwrap().unwrap();
}
