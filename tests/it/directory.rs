//! What is true of the embedded directory alone; what it shares with every target is the contract.

use std::path::Path;

use rollbook::connector::directory::DirectoryTarget;
use rollbook::connector::{ConnectorError, ConnectorSettings, Target, Write};
use rollbook::model::{Access, Cell, GroupKind, UserStatus, Value};
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::contract::support::*;
use crate::contract::target_contract;

target_contract!(fixture);

async fn fixture() -> (DirectoryTarget, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let target = open(folder.path()).unwrap();
    (target, folder)
}

fn section() -> Json {
    json!({
        "database": "data/directory.db",
        "custom_fields": {
            "cost_centre": "text",
            "seniority": "number",
            "remote": "yes_no",
            "contract_end": "date",
            "languages": "list",
            "shirt": { "type": "text", "choices": ["S", "M", "L"] },
            "shifts": { "type": "list", "choices": ["day", "evening", "night"], "title": "Shifts worked" },
        },
    })
}

fn settings(folder: &Path, settings: Json) -> ConnectorSettings {
    ConnectorSettings { name: "directory".into(), settings, base: folder.to_owned() }
}

fn open(folder: &Path) -> Result<DirectoryTarget, ConnectorError> {
    DirectoryTarget::open(&settings(folder, section()))
}

/// Opens and expects to be told why it cannot be, in words with something to do in them.
fn refusal_to_open(folder: &Path) -> String {
    let error = open(folder).unwrap_err();
    assert!(matches!(error, ConnectorError::Unavailable { .. }), "{error:?}");
    assert!(!error.help().is_empty());
    let message = error.to_string();
    assert!(message.contains("directory.db"), "{message}");
    message
}

#[test]
fn the_catalogue_is_described_without_touching_the_disk() {
    let folder = tempfile::tempdir().unwrap();
    let catalogue = DirectoryTarget::describe(&settings(folder.path(), section())).unwrap();
    assert!(catalogue.complete && catalogue.groups.can_create);
    assert_eq!(catalogue.login.as_ref().map(|login| login.as_str()), Some("mail"));
    assert_eq!(catalogue.field("shifts").map(|field| (&*field.title, field.choices.len())), Some(("Shifts worked", 3)));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn everything_is_there_after_opening_it_again() {
    let (target, folder) = fixture().await;
    let id = create(&target, 1).await;
    let boss = create(&target, 2).await;
    done(&target, update(&id, &"seniority".into(), sample_number("0.1"))).await;
    done(&target, Write::SetReferences { user: id.clone(), field: "manager".into(), from: Vec::new(), to: vec![boss] })
        .await;
    let group = group(&target, GroupKind::Group, "Sales").await;
    let membership = membership(&target, &group, 1).await;
    done(&target, Write::AddMembership { user: id.clone(), membership }).await;
    done(&target, Write::Deactivate { user: id }).await;
    let (users, groups) = (read_all(&target).await, target.groups().await.unwrap());
    drop(target);
    let again = open(folder.path()).unwrap();
    assert_eq!(read_all(&again).await, users);
    assert_eq!(again.groups().await.unwrap(), groups);
}

fn sample_number(text: &str) -> Option<Value> {
    rollbook::model::Number::parse(text).map(Value::Number)
}

#[tokio::test]
async fn an_invitation_is_recorded_once_for_each_time_access_is_given() {
    let (target, _folder) = fixture().await;
    let invitation = creation(&target, 1, Access::Invite).await;
    let id = made(write(&target, invitation.clone()).await);
    let welcomed = creation(&target, 2, Access::ActiveWithEmail).await;
    made(write(&target, welcomed).await);
    create(&target, 3).await;
    let first = target.accounts().await.unwrap();
    assert!(first[0].invited.is_some() && first[0].created == first[0].invited);
    assert_eq!((first[1].invited, first[2].invited), (None, None), "a welcome is no invitation");

    // Neither a refused creation nor a change of address invites again.
    refused(&target, invitation).await;
    done(&target, update(&id, &"mail".into(), Some(text("new@example.com")))).await;
    done(
        &target,
        Write::Reactivate {
            user: id.clone(),
            from: UserStatus::Inactive,
            access: Access::Invite,
            memberships: Vec::new(),
        },
    )
    .await;
    assert_eq!(target.accounts().await.unwrap()[0].invited, first[0].invited);

    done(&target, Write::Deactivate { user: id.clone() }).await;
    done(
        &target,
        Write::Reactivate { user: id, from: UserStatus::Inactive, access: Access::Invite, memberships: Vec::new() },
    )
    .await;
    let second = target.accounts().await.unwrap();
    assert_eq!(second[0].status, UserStatus::Invited);
    assert!(second[0].invited >= first[0].invited);
}

#[tokio::test]
async fn a_user_name_is_unique_without_case_but_only_where_it_is_given() {
    let (target, _folder) = fixture().await;
    let (first, second, _) = (create(&target, 1).await, create(&target, 2).await, create(&target, 3).await);
    let name = "user_name".into();
    done(&target, update(&first, &name, Some(text("Ärger")))).await;
    let refusal = refused(&target, update(&second, &name, Some(text("äRGER")))).await;
    assert_eq!(refusal.message, "another user has this `user_name`");
    done(&target, update(&first, &name, None)).await;
    done(&target, update(&second, &name, Some(text("ärger")))).await;
}

#[tokio::test]
async fn two_people_may_manage_each_other_because_the_source_decides() {
    let (target, _folder) = fixture().await;
    let (first, second) = (create(&target, 1).await, create(&target, 2).await);
    for (user, manager) in [(&first, &second), (&second, &first)] {
        let to = vec![manager.clone()];
        done(&target, Write::SetReferences { user: user.clone(), field: "manager".into(), from: Vec::new(), to }).await;
        let expected = Cell::Value(Value::Person(manager.shared().clone()));
        assert_eq!(cell(&target, user, &"manager".into()).await, expected);
    }
}

#[tokio::test]
async fn a_field_whose_type_was_changed_shows_what_was_kept_and_one_that_was_removed_is_kept() {
    let (target, folder) = fixture().await;
    let id = create(&target, 1).await;
    done(&target, update(&id, &"cost_centre".into(), Some(text("4711")))).await;
    drop(target);
    let with = |field: Json| {
        let section = json!({ "database": "data/directory.db", "custom_fields": { "cost_centre": field } });
        DirectoryTarget::open(&settings(folder.path(), section)).unwrap()
    };
    assert_eq!(cell(&with(json!("number")), &id, &"cost_centre".into()).await, sample_number("4711").into());
    assert_eq!(cell(&with(json!("date")), &id, &"cost_centre".into()).await, Cell::Value(text("4711")));
    let without = DirectoryTarget::open(&settings(folder.path(), json!({ "database": "data/directory.db" }))).unwrap();
    assert_eq!(cell(&without, &id, &"cost_centre".into()).await, Cell::NotDelivered);
    assert_eq!(cell(&with(json!("text")), &id, &"cost_centre".into()).await, Cell::Value(text("4711")));
}

#[tokio::test(flavor = "multi_thread")]
async fn several_openings_of_one_directory_write_side_by_side() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..4 {
        let settings = settings(path, section());
        writers.spawn(async move {
            let target = tokio::task::spawn_blocking(move || DirectoryTarget::open(&settings)).await.unwrap().unwrap();
            for number in 0..25 {
                create(&target, writer * 25 + number).await;
                group(&target, GroupKind::Group, &format!("group {number}")).await;
            }
        });
    }
    writers.join_all().await;
    let target = open(path).unwrap();
    assert_eq!(read(&target, &[]).await.len(), 100);
    assert_eq!(target.groups().await.unwrap().len(), 25);
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data/directory.db");
    std::fs::create_dir(folder.path().join("data")).unwrap();
    std::fs::write(&path, "id;name\n".repeat(1000)).unwrap();
    assert!(refusal_to_open(folder.path()).contains("damaged"));
    assert_eq!(std::fs::read(&path).unwrap(), "id;name\n".repeat(1000).as_bytes());
}

#[tokio::test]
async fn a_damaged_file_is_an_error_and_no_panic() {
    let (target, folder) = fixture().await;
    for number in 0..50 {
        create(&target, number).await;
    }
    drop(target);
    let path = folder.path().join("data/directory.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let header = 100;
    bytes[header..].fill(0x5a);
    std::fs::write(&path, bytes).unwrap();
    assert!(refusal_to_open(folder.path()).contains("damaged"));
}

#[tokio::test]
async fn a_path_that_cannot_be_a_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("data"), "a file where the folder should be").unwrap();
    let error = open(folder.path()).unwrap().write(&[]).await.unwrap_err();
    assert!(error.to_string().contains("folder"), "{error}");
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("data/directory.db")).unwrap();
    assert!(refusal_to_open(folder.path()).contains("cannot be opened"));
}

#[tokio::test]
async fn a_file_that_cannot_be_written_says_so() {
    let (target, folder) = fixture().await;
    create(&target, 1).await;
    drop(target);
    // The file format's own mark for "read only", which holds for administrators too.
    let path = folder.path().join("data/directory.db");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[18] = 3;
    std::fs::write(&path, bytes).unwrap();
    let target = open(folder.path()).unwrap();
    assert_eq!(read(&target, &[]).await.len(), 1);
    let creation = creation(&target, 2, Access::Active).await;
    let error = target.write(&[creation]).await.unwrap_err();
    assert!(error.to_string().contains("cannot be written"), "{error}");
}
