//! How many signed deliveries the server takes, and how soon they are answered: every one safe on disk.
//!
//! `cargo bench --bench deliveries`. In the environment: `ROLLBOOK_SECONDS`, how long each part takes (10);
//! `ROLLBOOK_HISTORY`, deliveries of the year before that are in the database (0); `ROLLBOOK_RATE`, deliveries a second of
//! the steady part (5000).

#![allow(clippy::print_stdout, reason = "the table is what this program is for")]

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use load::client::{Answers, Flood, Rate};
use rollbook::connector::secrets::Secrets;
use rollbook::metrics::Metrics;
use rollbook::server::connections::serve;
use rollbook::server::intake::Intake;
use rollbook::server::router::Gateway;
use rollbook::server::{Hooks, Limits};
use rollbook::stage::service::{Events, RealTime};
use rollbook::store::Store;
use tokio::runtime::{Builder, Runtime};

mod load;

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SECRET: &str = "bob-demo-secret";
const PATH: &str = "/hooks/demo";

fn main() {
    let time = Duration::from_secs(setting("ROLLBOOK_SECONDS", 10).into());
    let history = setting("ROLLBOOK_HISTORY", 0);
    let rate = setting("ROLLBOOK_RATE", 5_000);
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder can be made");
    let (_server, address) = start(folder.path(), history);
    let client = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime can be made");
    let flood = Arc::new(Flood::new(address, PATH, SECRET));
    client.block_on(flood.send(Rate::AsFastAsTaken, Duration::from_secs(1)));
    println!("{history} deliveries of the year before, {} s each\n", time.as_secs());
    println!("| sent | taken a second | half within | 99 % within | all within | refused |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: |");
    for (sent, rate) in [
        ("as fast as they are taken".to_owned(), Rate::AsFastAsTaken),
        (format!("{rate} a second"), Rate::PerSecond(rate)),
    ] {
        row(&sent, &client.block_on(flood.send(rate, time)));
    }
}

fn row(sent: &str, answers: &Answers) {
    let count = answers.times.len();
    let within = |part: f64| {
        let last = answers.times.get(((count as f64 * part) as usize).min(count.saturating_sub(1)));
        format!("{:.1} ms", last.map_or(0.0, |time| time.as_secs_f64() * 1e3))
    };
    let a_second = count as f64 / answers.took.as_secs_f64();
    let (half, most, all) = (within(0.5), within(0.99), within(1.0));
    println!("| {sent} | {a_second:.0} | {half} | {most} | {all} | {} |", answers.refused);
}

fn setting(name: &str, default: u32) -> u32 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// A server with two threads of its own, as `rollbook serve` has.
fn start(folder: &Path, history: u32) -> (Runtime, SocketAddr) {
    let server = Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime can be made");
    let database = folder.join("state.db");
    let url = format!("sqlite://{}", database.display());
    let store = server.block_on(Store::open(&url)).expect("the database opens");
    if history > 0 {
        load::history::write(&database, history);
    }
    std::fs::write(folder.join("BOB"), SECRET).expect("the secret is written");
    let settle = Duration::from_secs(3_600);
    let real_time = RealTime { path: PATH.to_owned(), secret: "BOB".to_owned(), settle, events: Events::All };
    let hooks = Hooks::of([(&Arc::from("demo"), Some(&real_time))], &Secrets::new(Some(folder.to_owned())));
    let limits = Limits::default();
    let listener = server.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).expect("a port is free");
    let address = listener.local_addr().expect("a listener has an address");
    server.spawn(async move {
        let (intake, _task) = Intake::start(store.clone(), &limits);
        let gateway = Gateway::new(store, intake, Metrics::new(), &limits);
        gateway.open(hooks.expect("the secret is there"));
        serve(listener, gateway.router(), &limits, std::future::pending()).await;
    });
    (server, address)
}
