//! What people are told: noted by real runs, and posted to a chat and a folder of mails.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use jiff::Timestamp;
use rollbook::connector::secrets::Secrets;
use rollbook::run::mailing::Post;
use rollbook::run::sync::{Request, sync};
use rollbook::run::telling::tell;
use rollbook::run::{Quiet, Stop};
use rollbook::store::{StartedBy, Store};
use tempfile::TempDir;

use crate::world::World;

/// A chat that keeps what is posted to it, and a folder for secrets and mails.
struct Listeners {
    posted: Arc<Mutex<Vec<String>>>,
    /// What the chat answers.
    answer: Arc<Mutex<StatusCode>>,
    folder: TempDir,
}

impl Listeners {
    async fn start() -> Self {
        let (posted, answer) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(StatusCode::OK)));
        let (keep, reply) = (Arc::clone(&posted), Arc::clone(&answer));
        let take = move |body: String| async move {
            let reply = *reply.lock().unwrap();
            let text: serde_json::Value = serde_json::from_str(&body).unwrap();
            keep.lock().unwrap().push(text["text"].as_str().unwrap().to_owned());
            reply
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, Router::new().route("/T0/hook", post(take))).await });
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("CHAT"), format!("http://{address}/T0/hook\n")).unwrap();
        Self { posted, answer, folder }
    }

    fn post(&self) -> Post {
        Post {
            from: "Rollbook <rollbook@acme.example>".to_owned(),
            outbox: self.folder.path().join("outbox"),
            secrets: Secrets::new(Some(self.folder.path().to_owned())),
        }
    }

    fn posted(&self) -> Vec<String> {
        self.posted.lock().unwrap().clone()
    }

    /// Mails in the outbox by name.
    fn mails(&self) -> BTreeMap<String, String> {
        files(&self.folder.path().join("outbox"))
    }
}

fn files(folder: &Path) -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    let file = |path: std::path::PathBuf| {
        (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap())
    };
    entries.map(file).collect()
}

/// Ten people, of whom two have no title, which the recipe asks for.
fn world() -> World {
    let mut world = World::new().fields("job_title,title,,,error");
    for id in 1..=8 {
        world = world.person(&id.to_string(), "title: Nurse");
    }
    world.person("9", "").person("10", "").section("notify", "{ to: [it@acme.example], webhook: CHAT }")
}

async fn run(world: &World, store: &Store) {
    let recipe = world.recipe();
    let request = Request {
        recipe: &recipe,
        secrets: &Secrets::default(),
        now: world.now(),
        approvals: Default::default(),
        saved: None,
        verify: false,
        progress: &Quiet,
        stop: Stop::never(),
        started_by: StartedBy::Schedule,
    };
    // One that cannot be carried out is what some of the tests are about.
    let _ = sync(request, store).await;
}

fn in_seconds(seconds: i64) -> Timestamp {
    Timestamp::from_second(Timestamp::now().as_second() + seconds).unwrap()
}

#[tokio::test]
async fn a_bad_night_is_one_message_and_another_says_that_it_is_over() {
    let (listeners, store) = (Listeners::start().await, Store::open("sqlite::memory:").await.unwrap());
    let mut world = world();
    run(&world, &store).await;
    let recipe = world.recipe();
    let tell = async |seconds| tell(&recipe, &store, &listeners.post(), in_seconds(seconds)).await.unwrap();
    tell(0).await;
    assert_eq!(listeners.posted().len(), 0, "trouble is gathered first");
    tell(61).await;
    run(&world, &store).await;
    tell(70).await;
    tell(7_200).await;
    let [told] = &listeners.posted()[..] else { panic!("one message: {:?}", listeners.posted()) };
    assert!(told.contains("needs attention*\n2 people failed; whose move it is:\n- 10: "), "{told}");
    let mails = listeners.mails();
    let (name, mail) = mails.iter().next().unwrap();
    assert!(mails.len() == 1 && name.ends_with(".eml") && mail.contains("To: it@acme.example"), "{mails:?}");
    assert!(!told.contains("Person") && !mail.contains("Person"));

    world.people.truncate(8);
    world = world.person("9", "title: Nurse").person("10", "title: Nurse");
    run(&world, &store).await;
    tell(90).await;
    assert_eq!(listeners.posted().len(), 1, "it may come back at once");
    tell(400).await;
    tell(500).await;
    assert_eq!(listeners.posted().len(), 2);
    assert!(listeners.posted()[1].contains("is well again"), "{:?}", listeners.posted());
}

#[tokio::test]
async fn a_run_that_could_not_begin_is_told_and_what_nobody_asked_for_is_not() {
    let (listeners, store) = (Listeners::start().await, Store::open("sqlite::memory:").await.unwrap());
    let mut world = world().section("notify", "{ webhook: CHAT, on: [run_failed] }");
    run(&world, &store).await;
    let recipe = world.recipe();
    tell(&recipe, &store, &listeners.post(), in_seconds(100)).await.unwrap();
    assert_eq!(listeners.posted(), Vec::<String>::new(), "people who fail are not asked for");
    world.people.clear();
    run(&world, &store).await;
    tell(&recipe, &store, &listeners.post(), in_seconds(100)).await.unwrap();
    let [told] = &listeners.posted()[..] else { panic!("one message: {:?}", listeners.posted()) };
    assert!(told.contains("Not done:\n- full sync: the source gave no people at all"), "{told}");
}

#[tokio::test]
async fn what_the_chat_does_not_take_is_told_again_and_by_one_process_alone() {
    let (listeners, store) = (Listeners::start().await, Store::open("sqlite::memory:").await.unwrap());
    let world = world().section("notify", "{ webhook: CHAT }");
    run(&world, &store).await;
    let (recipe, post) = (world.recipe(), listeners.post());
    *listeners.answer.lock().unwrap() = StatusCode::INTERNAL_SERVER_ERROR;
    tell(&recipe, &store, &post, in_seconds(100)).await.unwrap();
    *listeners.answer.lock().unwrap() = StatusCode::OK;
    tell(&recipe, &store, &post, in_seconds(110)).await.unwrap();
    assert_eq!(listeners.posted().len(), 1, "not at once");
    let processes = (0..4).map(|_| tell(&recipe, &store, &post, in_seconds(500)));
    futures_util::future::try_join_all(processes).await.unwrap();
    assert_eq!(listeners.posted().len(), 2);
}
