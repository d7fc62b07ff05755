//! What is PostgreSQL's own: what an operator reads when the server or the database is not as it should be, and a server
//! that goes away and comes back.

use std::time::Duration;

use super::*;

/// The trouble with a database, and what is said of it without the port.
async fn trouble(url: &str) -> (Trouble, String) {
    match Store::open(url).await {
        Err(error @ StoreError::Unavailable { trouble, .. }) => {
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error:?}");
            (trouble, format!("{error}\n{}", error.help()))
        }
        Err(other) => panic!("other trouble: {other:?}"),
        Ok(_) => panic!("no trouble"),
    }
}

/// The name of the database that an address leads to.
fn name(url: &str) -> &str {
    url.rsplit_once('/').unwrap().1
}

#[tokio::test]
async fn a_wrong_password_is_said_to_be_one_and_never_shown() {
    let Some(cluster) = Cluster::shared() else { return };
    let database = cluster.database();
    cluster.run("CREATE ROLE stranger LOGIN PASSWORD 'right'");
    let url = cluster.address("stranger:hunter2", name(&database));
    let (kind, text) = trouble(&url).await;
    assert_eq!(kind, Trouble::Refused);
    assert!(text.contains("does not let this user in\ncheck user and password in the address"), "{text}");
    assert!(text.starts_with("the state database `postgres://127.0.0.1:"), "{text}");

    cluster.run(&format!("ALTER DATABASE {} OWNER TO stranger", name(&database)));
    let store = Store::open(&cluster.address("stranger:right", name(&database))).await.unwrap();
    assert!(!format!("{store:?}").contains("right"), "{store:?}");
    begin(&store, 0).await;
}

#[tokio::test]
async fn a_server_that_is_not_there_is_said_not_to_be() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (kind, text) = trouble(&format!("postgres://rollbook:hunter2@127.0.0.1:{port}/rollbook")).await;
    assert_eq!(kind, Trouble::Unreachable);
    assert!(text.contains("cannot be reached\ncheck host and port"), "{text}");
}

#[tokio::test]
async fn a_database_that_is_not_there_is_named() {
    let Some(cluster) = Cluster::shared() else { return };
    let (kind, text) = trouble(&cluster.address("rollbook:hunter2", "nowhere")).await;
    assert_eq!(kind, Trouble::NotThere);
    assert!(text.contains("/nowhere` does not exist\n"), "{text}");
}

#[tokio::test]
async fn a_user_without_rights_is_told_which_are_needed() {
    let Some(cluster) = Cluster::shared() else { return };
    let database = cluster.database();
    cluster.run("CREATE ROLE guest LOGIN");
    let (kind, text) = trouble(&cluster.address("guest", name(&database))).await;
    assert_eq!(kind, Trouble::Forbidden);
    assert!(text.contains("make this user the owner of the database"), "{text}");
}

#[tokio::test]
async fn a_database_that_cannot_hold_every_character_is_refused() {
    let Some(cluster) = Cluster::shared() else { return };
    let database = cluster.database_with("ENCODING 'LATIN1' TEMPLATE template0");
    let (kind, text) = trouble(&database).await;
    assert_eq!(kind, Trouble::Encoding);
    assert!(text.contains("does not keep its texts as UTF-8\nmake the database anew"), "{text}");
}

#[tokio::test]
async fn a_server_that_writes_nothing_and_one_that_is_full_are_said_to_be() {
    let Some(cluster) = Cluster::shared() else { return };
    let database = cluster.database();
    cluster.run(&format!("ALTER DATABASE {} SET default_transaction_read_only = on", name(&database)));
    let (kind, text) = trouble(&database).await;
    assert_eq!(kind, Trouble::Standby);
    assert!(text.contains("may only be read: its server is a standby"), "{text}");

    cluster.run("CREATE ROLE crowd LOGIN CONNECTION LIMIT 0");
    let (kind, text) = trouble(&cluster.address("crowd", "postgres")).await;
    assert_eq!(kind, Trouble::Crowded);
    assert!(text.contains("has no connection free\nraise `max_connections`"), "{text}");
}

#[tokio::test]
async fn encryption_that_the_server_does_not_offer_is_missed() {
    let Some(cluster) = Cluster::shared() else { return };
    let (kind, text) = trouble(&format!("{}?sslmode=require", cluster.database())).await;
    assert_eq!(kind, Trouble::Encryption);
    assert!(text.contains("check `sslmode`"), "{text}");
}

#[tokio::test]
async fn a_database_with_the_tables_of_another_program_is_left_as_it_is() {
    let Some(cluster) = Cluster::shared() else { return };
    let database = cluster.database();
    let store = Store::open(&database).await.unwrap();
    for change in ["DROP TABLE _sqlx_migrations", "DROP TABLE runs CASCADE", "CREATE TABLE runs (miles BIGINT)"] {
        store.database.query(change).execute().await.unwrap();
    }
    assert_eq!(trouble(&database).await.0, Trouble::Corrupt);
    assert_eq!(store.database.query("SELECT miles FROM runs").fetch_all().await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_not_touched() {
    let Some(cluster) = Cluster::shared() else { return };
    let database = cluster.database();
    let store = Store::open(&database).await.unwrap();
    let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (9999, 'later', TRUE, '\\x00', 0)";
    store.database.query(later).execute().await.unwrap();
    let error = Store::open(&database).await.unwrap_err();
    assert!(matches!(error, StoreError::Newer { .. }), "{error:?}");
    assert!(error.to_string().contains(name(&database)), "{error}");
}

#[tokio::test]
async fn many_that_open_a_new_database_at_once_all_get_it() {
    let Some(cluster) = Cluster::shared() else { return };
    let database = cluster.database();
    let opened = futures_util::future::join_all((0..8).map(|_| Store::open(&database))).await;
    assert!(opened.iter().all(Result::is_ok), "{opened:?}");
}

/// The keys of the tables are put in order by their bytes, whatever language the database sorts by.
#[tokio::test]
async fn what_is_read_in_pages_is_read_whole_in_any_language() {
    let Some(cluster) = Cluster::shared() else { return };
    let database = cluster.database_with("TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en'");
    let store = Store::open(&database).await.unwrap();
    let run = begin(&store, 0).await.run;
    let names = |number: u32| if number.is_multiple_of(2) { format!("b{number}") } else { format!("A{number}") };
    let owned = |number| Owned {
        user: names(number).as_str().into(),
        what: OwnedWhat::Membership("g".into(), "learner".into()),
    };
    let links = (0..6_000).map(|number| Link { employee: names(number).as_str().into(), user: "u".into() }).collect();
    let batch = Batch { links, owned: (0..6_000).map(owned).collect(), ..Batch::default() };
    record(&store, &run, "acme", &batch).await.unwrap();
    assert_eq!(store.links("acme").await.unwrap().len(), 6_000);
    assert_eq!(store.owned_by_user("acme", "membership").await.unwrap().len(), 6_000);
}

#[tokio::test]
async fn the_character_that_postgresql_cannot_hold_is_replaced() {
    let Some(cluster) = Cluster::shared() else { return };
    let store = Store::open(&cluster.database()).await.unwrap();
    let run = begin(&store, 0).await.run;
    let links = vec![Link { employee: "1".into(), user: "a\0b".into() }];
    record(&store, &run, "acme", &Batch { links, ..Batch::default() }).await.unwrap();
    assert_eq!(store.links("acme").await.unwrap()[0].user.as_str(), "a\u{fffd}b");
}

/// What a row holds is in the details of an error, which are let go.
#[tokio::test]
async fn what_the_server_says_of_a_row_is_not_repeated() {
    let Some(cluster) = Cluster::shared() else { return };
    let store = Store::open(&cluster.database()).await.unwrap();
    let run = begin(&store, 0).await.run;
    store.database.query("ALTER TABLE outcomes ADD CHECK (position < 0)").execute().await.unwrap();
    let outcomes = vec![(0, people::unremarkable("1"))];
    let error = record(&store, &run, "acme", &Batch { outcomes, ..Batch::default() }).await.unwrap_err();
    assert!(format!("{error:?}").contains("violates check constraint"), "{error:?}");
    assert!(!format!("{error:?}").contains("Lovelace"), "{error:?}");
}

#[tokio::test]
async fn a_server_that_was_killed_and_is_back_is_used_again_and_a_replica_knows_that_it_was_gone() {
    let Some(cluster) = Cluster::start() else { return };
    let store = Store::open(&cluster.database()).await.unwrap();
    let run = begin(&store, 0).await.run;
    let replica = store.replica().await.unwrap();
    let worker = store.share("acme").await.unwrap().unwrap();
    assert!(replica.is_alive());

    cluster.stop();
    let batch = Batch { links: vec![Link { employee: "1".into(), user: "u1".into() }], ..Batch::default() };
    assert!(matches!(
        store.record(&worker, &run, &batch).await,
        Err(StoreError::Unavailable { trouble: Trouble::Unreachable, .. })
    ));
    replica.lost().await;
    assert!(!replica.is_alive());

    cluster.resume();
    store.record(&worker, &run, &batch).await.unwrap();
    assert_eq!(store.links("acme").await.unwrap().len(), 1);
    let sync = store.lease("acme", "a sync").await.unwrap();
    assert!(matches!(store.record(&worker, &run, &batch).await, Err(StoreError::Lost { .. })));
    drop((worker, sync));
    let next = store.replica().await.unwrap();
    assert!(next.is_alive() && next.id() != replica.id());
    let share = async || store.share("acme").await.unwrap();
    let _share = tokio::time::timeout(Duration::from_secs(60), leases::until(share)).await.unwrap();
}

/// A session that is cut is lost, though the process and the server live on.
#[tokio::test]
async fn a_sync_whose_session_is_cut_records_nothing_once_a_worker_is_there() {
    let Some(cluster) = Cluster::shared() else { return };
    let database = cluster.database();
    let store = Store::open(&database).await.unwrap();
    let run = begin(&store, 0).await.run;
    let sync = store.lease("acme", "a sync").await.unwrap();
    assert!(store.share("acme").await.unwrap().is_none());
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = \
               (SELECT oid FROM pg_database WHERE datname = '";
    cluster.run(&format!("{cut}{}')", name(&database)));
    store.record(&sync, &run, &Batch::default()).await.unwrap();
    let worker = leases::until(async || store.share("acme").await.unwrap()).await;
    assert!(matches!(store.record(&sync, &run, &Batch::default()).await, Err(StoreError::Lost { .. })));
    store.record(&worker, &run, &Batch::default()).await.unwrap();
}

/// Both kinds of database have the same tables with the same columns, whatever migrations led there.
#[tokio::test]
async fn the_tables_are_the_same_on_both() {
    let Some(cluster) = Cluster::shared() else { return };
    let columns = async |url: &str, sql: &'static str| {
        let rows = Store::open(url).await.unwrap().database.query(sql).fetch_all().await.unwrap();
        let column = |row: &database::Row| -> Result<String, sqlx::Error> {
            let (table, column, of, optional) =
                (row.get::<&str>(0)?, row.get::<&str>(1)?, row.get::<&str>(2)?, row.get::<i64>(3)?);
            Ok(format!("{table}.{column} {} {optional}", of.to_lowercase()))
        };
        rows.iter().map(column).collect::<Result<Vec<_>, _>>().unwrap()
    };
    let sqlite = columns(
        "sqlite::memory:",
        "SELECT t.name, c.name, c.type, 1 - c.\"notnull\" FROM sqlite_schema AS t, pragma_table_info(t.name) AS c \
         WHERE t.type = 'table' AND t.name NOT LIKE '\\_sqlx%' ESCAPE '\\' ORDER BY 1, 2",
    );
    let database = cluster.database();
    let postgres = columns(
        &database,
        "SELECT table_name::TEXT, column_name::TEXT, data_type::TEXT, (is_nullable = 'YES')::INT::BIGINT \
         FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%' \
         ORDER BY table_name::TEXT COLLATE \"C\", column_name::TEXT COLLATE \"C\"",
    );
    assert_eq!(sqlite.await, postgres.await);
}
