//! Links, what is ours, intents, written values and runs.

use serde_json::json;

use super::*;
use std::collections::BTreeMap;

use crate::model::{
    EmployeeId, Group, GroupKind, GroupSupport, Known, Membership, OutcomeKind, Section, TargetCatalogue, TargetField,
    TargetType, Unlisted, UserId, UserLayout, Value,
};

fn link(employee: &str, user: &str) -> Link {
    Link { employee: employee.into(), user: user.into() }
}

fn intent(employee: &str, login: Option<&str>) -> Intent {
    Intent { employee: employee.into(), login: login.map(str::to_owned) }
}

fn membership(user: &str, group: &str) -> Owned {
    Owned { user: user.into(), what: OwnedWhat::Membership(group.into(), "learner".into()) }
}

fn fields(json: serde_json::Value) -> Fields {
    json.as_object().unwrap().clone()
}

/// A store with a run, and what to record with.
async fn recording(fresh: &Fresh) -> (Store, RunId) {
    let store = fresh.store().await;
    let run = begin(&store, 0).await.run;
    (store, run)
}

async fn links_are_remembered_replaced_and_forgotten_for_each_recipe(fresh: Fresh) {
    let (store, run) = recording(&fresh).await;
    let links = vec![link("1", "u1"), link("2", "u2"), link("3", "odd \"id\"\n"), link("1", "u1b")];
    record(&store, &run, "acme", &Batch { links, ..Batch::default() }).await.unwrap();
    record(&store, &run, "other", &Batch { links: vec![link("2", "x")], ..Batch::default() }).await.unwrap();
    // Whoever changes accounts is forgotten and linked in one batch.
    let batch = Batch { unlinked: vec!["2".into(), "3".into()], links: vec![link("3", "u3")], ..Batch::default() };
    record(&store, &run, "acme", &batch).await.unwrap();

    let mut links = store.links("acme").await.unwrap();
    links.sort_by(|a, b| a.employee.cmp(&b.employee));
    assert_eq!(links, [link("1", "u1b"), link("3", "u3")]);
    assert_eq!(store.links("other").await.unwrap(), [link("2", "x")]);
    assert_eq!(store.links("nobody").await.unwrap(), []);
}

async fn ids_with_every_odd_character_come_back_as_they_were(fresh: Fresh) {
    let (store, run) = recording(&fresh).await;
    let links = vec![link("1", "a \"b\" \\ \n \u{1f} é 💡 , ] [")];
    record(&store, &run, "acme", &Batch { links: links.clone(), ..Batch::default() }).await.unwrap();
    assert_eq!(store.links("acme").await.unwrap(), links);
}

async fn thousands_of_rows_go_into_one_batch_and_out_again(fresh: Fresh) {
    let (store, run) = recording(&fresh).await;
    let numbers = 0..5_001;
    let links = numbers.clone().map(|number| link(&number.to_string(), "u")).collect();
    let written = numbers.clone().map(|number| (UserId::new(number.to_string()), fields(json!({ "a": 1 })))).collect();
    record(&store, &run, "acme", &Batch { links, written, ..Batch::default() }).await.unwrap();
    assert_eq!(store.links("acme").await.unwrap().len(), 5_001);
    let unlinked = numbers.skip(1).map(|number| EmployeeId::new(number.to_string())).collect();
    record(&store, &run, "acme", &Batch { unlinked, ..Batch::default() }).await.unwrap();
    assert_eq!(store.links("acme").await.unwrap(), [link("0", "u")]);
}

#[tokio::test]
async fn what_is_found_by_a_list_of_keys_is_found_by_index() {
    let store = Store::open("sqlite::memory:").await.unwrap();
    for statement in [
        "EXPLAIN QUERY PLAN DELETE FROM links WHERE (recipe, employee) IN (VALUES ($1, $2), ($3, $4))",
        "EXPLAIN QUERY PLAN SELECT fields FROM written WHERE (recipe, user_id) IN (VALUES ($1, $2), ($3, $4))",
        "EXPLAIN QUERY PLAN DELETE FROM ours WHERE (recipe, what, user_id) IN \
         (VALUES ($1, $2, $3), ($4, $5, $6))",
    ] {
        let query = store.database.query(statement).bind("1").bind("2").bind("3").bind("4");
        let steps = if statement.contains("$6") { query.bind("5").bind("6") } else { query };
        let step: String = steps.fetch_all().await.unwrap()[0].get(3).unwrap();
        assert!(step.contains("USING INDEX") || step.contains("USING COVERING INDEX"), "{step}");
    }
}

async fn a_creation_that_was_announced_stays_known_until_it_is_settled(fresh: Fresh) {
    let (store, run) = recording(&fresh).await;
    let intents = vec![intent("1", Some("a@acme.example")), intent("2", None)];
    record(&store, &run, "acme", &Batch { intents: intents.clone(), ..Batch::default() }).await.unwrap();
    assert_eq!(store.intents("acme").await.unwrap(), intents);

    let batch = Batch { settled_intents: vec!["1".into()], links: vec![link("1", "u1")], ..Batch::default() };
    record(&store, &run, "acme", &batch).await.unwrap();
    assert_eq!(store.intents("acme").await.unwrap(), intents[1..]);
}

async fn only_what_was_put_there_by_us_is_ours(fresh: Fresh) {
    let (store, run) = recording(&fresh).await;
    let manager = Owned { user: "u1".into(), what: OwnedWhat::Reference("manager".into(), "u9".into()) };
    let owned = vec![manager.clone(), membership("u1", "g1"), membership("u1", "g2"), membership("u1", "g1")];
    let group = Group { id: "t1".into(), name: "Finance".into(), key: None, kind: GroupKind::Team };
    let batch = Batch { owned, groups: vec![group.clone()], ..Batch::default() };
    record(&store, &run, "acme", &batch).await.unwrap();
    record(&store, &run, "acme", &Batch { disowned: vec![membership("u1", "g1")], ..Batch::default() }).await.unwrap();

    let mut owned = store.owned("acme").await.unwrap();
    owned.sort();
    assert_eq!(owned, [membership("u1", "g2"), manager]);
    let by_user = store.owned_by_user("acme", "membership").await.unwrap();
    assert_eq!(by_user, [("u1".into(), [("g2".into(), "learner".into())].into())].into());
    assert_eq!(store.owned_groups("acme").await.unwrap(), [group]);
}

#[tokio::test]
async fn what_was_ours_before_it_was_kept_by_user_stays_ours() {
    let folder = Folder::new();
    folder.used().await;
    let store = folder.store().await;
    for old in [
        "DELETE FROM _sqlx_migrations WHERE version = 3",
        "DROP TABLE ours",
        "CREATE TABLE owned (recipe TEXT, user_id TEXT, what TEXT, name TEXT, value TEXT)",
        "INSERT INTO owned VALUES ('acme', 'u1', 'membership', 'g2', 'learner'), ('acme', 'u1', 'membership', '\"g1\"', 'learner'), \
         ('acme', 'u2', 'membership', 'g1', 'learner'), ('other', 'u1', 'membership', 'g3', 'learner')",
    ] {
        store.database.query(old).execute().await.unwrap();
    }
    store.close().await;

    let mut owned = folder.store().await.owned("acme").await.unwrap();
    owned.sort();
    assert_eq!(owned, [membership("u1", "\"g1\""), membership("u1", "g2"), membership("u2", "g1")]);
}

async fn written_values_are_merged_field_by_field(fresh: Fresh) {
    let (store, run) = recording(&fresh).await;
    let write = |values: Vec<serde_json::Value>| {
        let written = values.into_iter().map(|values| ("u1".into(), fields(values))).collect();
        Batch { written, ..Batch::default() }
    };
    record(&store, &run, "acme", &write(vec![json!({ "mail": "a@acme.example", "title": "CFO" })])).await.unwrap();
    record(&store, &run, "acme", &write(vec![json!({ "title": null }), json!({ "site": "Oslo" })])).await.unwrap();

    let written = store.written("acme", &"u1".into()).await.unwrap();
    assert_eq!(written, Some(fields(json!({ "mail": "a@acme.example", "title": null, "site": "Oslo" }))));
    assert_eq!(store.written("acme", &"u2".into()).await.unwrap(), None);
}

async fn a_run_finds_the_runs_that_were_killed_before_it_and_how_far_they_came(fresh: Fresh) {
    let store = fresh.store().await;
    let killed = begin(&store, 0).await.run;
    let outcomes = vec![(0, people::unremarkable("1")), (1, people::unremarkable("2"))];
    record(&store, &killed, "acme", &Batch { outcomes, ..Batch::default() }).await.unwrap();
    drop(store);

    let store = fresh.store().await;
    let begun = begin(&store, 60).await;
    let started = new_run(0).started;
    assert_eq!(begun.interrupted, [Interrupted { run: killed.clone(), started, outcomes: 2 }]);
    assert_eq!(store.run(killed.as_str()).await.unwrap().status, RunStatus::Interrupted);
    store.finish_run(&begun.run, &end()).await.unwrap();
    assert_eq!(begin(&store, 120).await.interrupted, []);
}

async fn a_run_that_was_killed_is_told_of_until_some_run_comes_to_its_end(fresh: Fresh) {
    let store = fresh.store().await;
    let mut killed = Vec::new();
    for minutes in [0, 60, 120] {
        let begun = begin(&store, minutes).await;
        let told: Vec<_> = begun.interrupted.into_iter().map(|run| run.run).collect();
        assert_eq!(told, killed);
        killed.push(begun.run);
    }
    let last = killed.last().unwrap();
    store.finish_run(last, &RunEnd { status: RunStatus::Failed, ..end() }).await.unwrap();
    let fourth = begin(&store, 180).await;
    assert_eq!(fourth.interrupted.len(), 2, "a run that failed finished nobody's work");
    store.finish_run(&fourth.run, &end()).await.unwrap();
    assert_eq!(begin(&store, 240).await.interrupted, []);
}

async fn the_last_finished_run_is_neither_a_refused_nor_a_running_one(fresh: Fresh) {
    let store = fresh.store().await;
    assert_eq!(store.last_finished("acme").await.unwrap(), None);
    let finished = begin(&store, 0).await.run;
    store.finish_run(&finished, &end()).await.unwrap();
    let refused = begin(&store, 60).await.run;
    let message = Some("the source gave nobody".to_owned());
    store.finish_run(&refused, &RunEnd { status: RunStatus::Refused, message, ..end() }).await.unwrap();
    begin(&store, 120).await;

    let row = store.last_finished("acme").await.unwrap().unwrap();
    assert_eq!((&row.id, row.employees, row.today), (&finished, 400, date(2026, 3, 1)));
    assert_eq!(row.totals, [(OutcomeKind::OutOfScope, 3)].into());
    assert_eq!((row.finished, row.summary_json), (Some(end().finished), json!({ "tripped": [] })));
    let statuses: Vec<_> = store.runs(Some("acme"), 9).await.unwrap().iter().map(|run| run.status).collect();
    assert_eq!(statuses, [RunStatus::Running, RunStatus::Refused, RunStatus::Finished]);
    assert_eq!(store.runs(None, 1).await.unwrap().len(), 1);
}

async fn a_run_is_found_by_the_beginning_of_its_id(fresh: Fresh) {
    let store = fresh.store().await;
    let first = begin(&store, 0).await.run;
    let second = begin(&store, 1).await.run;
    assert!(first.as_str().starts_with("20260301-020000-") && first < second, "{first} {second}");

    assert_eq!(store.run("20260301-020000").await.unwrap().id, first);
    assert_eq!(store.run("latest").await.unwrap().id, second);
    assert_eq!(store.run("2026").await.unwrap_err().to_string(), "`2026` fits 2 runs");
    assert_eq!(store.run("1999").await.unwrap_err().to_string(), "there is no run `1999`");
    assert_eq!(store.run("%").await.unwrap_err().to_string(), "there is no run `%`");
    let missing = store.finish_run(&"1999".into(), &end()).await.unwrap_err();
    assert_eq!(missing.help(), "`rollbook runs` lists the runs there are");
}

async fn what_listings_leave_out_is_known_again_and_the_last_word_counts(fresh: Fresh) {
    let (store, run) = recording(&fresh).await;
    let unlisted = unlisted();
    let (mut before, mut after) = (Known::blank(&unlisted), Known::blank(&unlisted));
    before.set(&"site".into(), Some(&Value::Text("Lyon".into())), &unlisted);
    after.set(&"site".into(), Some(&Value::Text("Zoë’s 🏠".into())), &unlisted);
    after.join(&Membership { group: "g".into(), role: "learner".into() }, &unlisted);
    let known = vec![("u1".into(), before.clone()), ("u1".into(), after.clone()), ("u2".into(), before.clone())];
    record(&store, &run, "acme", &Batch { known, ..Batch::default() }).await.unwrap();
    let kept = store.known("acme").await.unwrap();
    assert_eq!(kept, BTreeMap::from([("u1".into(), after), ("u2".into(), before.clone())]));
    let batch = Batch { known: vec![("u1".into(), before.clone())], ..Batch::default() };
    record(&store, &run, "acme", &batch).await.unwrap();
    assert_eq!(store.known("acme").await.unwrap()[&UserId::from("u1")], before);
    assert!(store.known("other").await.unwrap().is_empty());
}

/// A target that lists neither its custom fields nor who is in which group.
fn unlisted() -> Unlisted {
    let field = TargetField {
        name: "site".into(),
        title: "Site".to_owned(),
        section: Section::Custom,
        target_type: TargetType::Text,
        choices: Vec::new(),
        required: false,
        writable: true,
        listed: false,
        on_creation: true,
    };
    let groups = GroupSupport { roles: vec!["learner".into()], ..GroupSupport::default() };
    let catalogue = TargetCatalogue { fields: vec![field], groups, ..TargetCatalogue::default() };
    Unlisted::of(&catalogue, &UserLayout::with_groups(vec!["site".into()])).unwrap()
}

on_both!(
    links_are_remembered_replaced_and_forgotten_for_each_recipe,
    ids_with_every_odd_character_come_back_as_they_were,
    thousands_of_rows_go_into_one_batch_and_out_again,
    a_creation_that_was_announced_stays_known_until_it_is_settled,
    only_what_was_put_there_by_us_is_ours,
    written_values_are_merged_field_by_field,
    a_run_finds_the_runs_that_were_killed_before_it_and_how_far_they_came,
    a_run_that_was_killed_is_told_of_until_some_run_comes_to_its_end,
    the_last_finished_run_is_neither_a_refused_nor_a_running_one,
    a_run_is_found_by_the_beginning_of_its_id,
    what_listings_leave_out_is_known_again_and_the_last_word_counts,
);
