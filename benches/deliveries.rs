//! How many signed deliveries `rollbook serve` takes, and how soon they are answered: every one safe on disk.
//!
//! `cargo bench --bench deliveries`. In the environment: `ROLLBOOK_SECONDS`, how long each part takes (10);
//! `ROLLBOOK_HISTORY`, deliveries of the year before that are in the database (0); `ROLLBOOK_RATE`, deliveries a second of
//! the steady part (5000); `ROLLBOOK_SETTLE`, when people are looked at (1h: not during this).

#![allow(clippy::print_stdout, reason = "the table is what this program is for")]

use std::sync::Arc;
use std::time::Duration;

use load::client::{Answers, Flood, Rate};
use load::server::{PATH, SECRET, Server, processor_seconds};
use tokio::runtime::Builder;

mod company;
mod load;

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let time = Duration::from_secs(setting("ROLLBOOK_SECONDS", 10).into());
    let history = setting("ROLLBOOK_HISTORY", 0);
    let rate = setting("ROLLBOOK_RATE", 5_000);
    let settle = std::env::var("ROLLBOOK_SETTLE").unwrap_or_else(|_| "1h".to_owned());
    let server = Server::start(history, &settle);
    let client = Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime can be made");
    let flood = Arc::new(Flood::new(server.address, PATH, SECRET));
    let mut answered = client.block_on(flood.send(Rate::AsFastAsTaken, Duration::from_secs(1))).times.len();
    println!("{history} deliveries of the year before, {} s each part, load {}\n", time.as_secs(), machine_load());
    println!("| sent | taken a second | half within | 99 % within | all within | refused | processor |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (sent, rate) in [
        (format!("{rate} a second"), Rate::PerSecond(rate)),
        ("as fast as they are taken".to_owned(), Rate::AsFastAsTaken),
    ] {
        let before = processor_seconds(&server);
        let answers = client.block_on(flood.send(rate, time));
        row(&sent, &answers, processor_seconds(&server) - before);
        answered += answers.times.len();
    }
    let expected = history as usize + answered;
    println!("\n{} deliveries are saved, {expected} were there or answered", server.saved());
}

fn row(sent: &str, answers: &Answers, processor: f64) {
    let count = answers.times.len();
    let within = |part: f64| {
        let last = answers.times.get(((count as f64 * part) as usize).min(count.saturating_sub(1)));
        format!("{:.1} ms", last.map_or(0.0, |time| time.as_secs_f64() * 1e3))
    };
    let seconds = answers.took.as_secs_f64();
    let (half, most, all) = (within(0.5), within(0.99), within(1.0));
    let (a_second, processor) = (count as f64 / seconds, 100.0 * processor / seconds);
    println!("| {sent} | {a_second:.0} | {half} | {most} | {all} | {} | {processor:.0} % |", answers.refused);
}

fn setting(name: &str, default: u32) -> u32 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

fn machine_load() -> String {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    load.split(' ').next().unwrap_or("?").to_owned()
}
