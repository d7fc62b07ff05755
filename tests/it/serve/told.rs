//! People are told what goes wrong while nobody watches, and that it is over.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::routing::post;
use serde_json::{Value as Json, json};
use tokio::runtime::Runtime;

use super::office::{Office, PATH, until};

/// A chat that keeps what is posted to it.
struct Chat {
    address: SocketAddr,
    posted: Arc<Mutex<Vec<String>>>,
    _runtime: Runtime,
}

impl Chat {
    fn start() -> Self {
        let (runtime, posted) = (Runtime::new().unwrap(), Arc::<Mutex<Vec<String>>>::default());
        let keep = Arc::clone(&posted);
        let take = move |body: String| async move {
            let message: Json = serde_json::from_str(&body).unwrap();
            keep.lock().unwrap().push(message["text"].as_str().unwrap().to_owned());
        };
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(async move { axum::serve(listener, Router::new().route("/T0/hook", post(take))).await });
        Self { address, posted, _runtime: runtime }
    }

    fn posted(&self) -> Vec<String> {
        self.posted.lock().unwrap().clone()
    }
}

#[test]
fn somebody_who_fails_in_real_time_is_told_and_so_is_that_all_is_well_again() {
    let chat = Chat::start();
    let mut office = Office::empty();
    let recipe = office.program.read(PATH);
    office.program.write(PATH, format!("{recipe}\nnotify: {{ webhook: CHAT }}\n"));
    office.program.replace(
        "lookup_tables/demo/standard_fields.csv",
        "job_title,work.title,,,,,",
        "job_title,work.title,,,error,,",
    );
    std::fs::create_dir(office.program.path("secrets")).unwrap();
    office.program.write("secrets/CHAT", format!("http://{}/T0/hook", chat.address));
    let serving = office.serve();
    office.open_bob(&serving);
    office.play(&json!({ "event": "hire", "start_date": "2020-01-06", "fields": {
        "root.firstName": "Ada", "root.surname": "Koch", "root.email": "ada@acme.example", "work.site": "Paris" } }));
    let changed = |sql: &str| {
        let state = rusqlite::Connection::open(office.program.path(".rollbook/state.db")).unwrap();
        state.busy_timeout(std::time::Duration::from_secs(60)).unwrap();
        state.execute(sql, []).unwrap()
    };
    // What is waited for is made to lie behind: a minute in which trouble is gathered, five in which it may come back.
    let gathered = "UPDATE alerts SET since = since - 60000 WHERE ended IS NULL";
    until("the failure is noted", || changed(gathered) == 1);
    until("people are told", || chat.posted().len() == 1);
    let told = chat.posted().remove(0);
    assert!(told.contains("needs attention*\n1 person failed; whose move it is:\n- "), "{told}");
    assert!(!told.contains("Koch"), "{told}");
    let id = office.bob().deliveries()[0].employee.clone();
    office.play(&json!({ "event": "change", "person": id, "fields": { "work.title": "Engineer" } }));
    until("she has a user", || office.status("ada@acme.example").is_some());
    until("that it is over is noted", || {
        changed("UPDATE alerts SET ended = ended - 300000 WHERE ended IS NOT NULL") == 1
    });
    until("people are told that all is well", || chat.posted().len() == 2);
    assert!(chat.posted()[1].contains("is well again"), "{:?}", chat.posted());
    assert_eq!(serving.end(), Some(0));
}
