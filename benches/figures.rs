//! Every figure that the program promises, with its limit, in one table: `cargo bench --bench figures`.
//!
//! Planning and parsing are timed in this process on one core, the best of several times. Everything else is the real
//! program, run as a user runs it; its peak memory is what Linux says of it (`VmHWM`).

#![allow(clippy::print_stdout, reason = "the table is what this program is for")]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use rollbook::run::gather::Gathered;
use tokio::runtime::Runtime;

use crate::company::measured::{Run, run};
use crate::company::{Company, Names, TODAY, plan, plan_on_one_core};

mod company;

/// The program, built with the benches.
const PROGRAM: &str = env!("CARGO_BIN_EXE_rollbook");

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    println!("{}\n", machine());
    println!("| what | figure | limit | |\n| --- | ---: | ---: | --- |");
    check();
    for names in [Names::Repeated, Names::Distinct] {
        planning(names);
    }
    syncs(50_000);
    syncs(100_000);
}

/// One line of the table.
fn row(what: &str, figure: &str, limit: &str, holds: Option<bool>) {
    let verdict = match holds {
        Some(true) => "ok",
        Some(false) => "**missed**",
        None => "",
    };
    println!("| {what} | {figure} | {limit} | {verdict} |");
}

fn machine() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or(" unknown processor");
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("?");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    format!("{}, {cores} cores, load {load} at the start", model.trim_matches([' ', ':', '\t']))
}

fn check() {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("recipes/demo.yaml");
    let best = (0..10).map(|_| run(Command::new(PROGRAM).arg("check").arg(&demo)).wall).min().unwrap_or_default();
    row("`check` of the demo", &milliseconds(best), "50 ms", Some(best < Duration::from_millis(50)));
}

fn planning(names: Names) {
    const PEOPLE: u32 = 100_000;
    let company = Company::new(PEOPLE as usize, names);
    let recipe = company.load();
    let runtime = Runtime::new().expect("a runtime can be made");
    let store = runtime.block_on(company.store());
    let which = format!("{names:?} names").to_lowercase();
    let first = runtime.block_on(company.gather(&recipe, &store));
    let per_second = |best: Duration| f64::from(PEOPLE) / best.as_secs_f64();
    let speed = |gathered: &Gathered| per_second(best_of(5, || plan_on_one_core(&recipe, gathered)));
    let line = |what: &str, speed: f64| {
        row(&format!("{what}, {which}"), &format!("{speed:.0} people/s"), "100,000", Some(speed >= 100_000.0));
    };
    line("plan, everybody new, one core", speed(&first));
    drop(first);
    runtime.block_on(company.sync(&recipe, &store));
    let second = runtime.block_on(company.gather(&recipe, &store));
    line("plan, everybody unchanged, one core", speed(&second));
    line("plan, everybody unchanged, every core", per_second(best_of(5, || plan(&recipe, &second))));
}

/// The first and the second sync of a company, by the real program.
fn syncs(people: usize) {
    let company = Company::new(people, Names::Repeated);
    let text = fs::read(company.people()).expect("the people can be read");
    let parse = best_of(3, || serde_json::from_slice::<serde_json::Value>(&text).expect("the people are JSON"));
    drop(text);
    let first = sync(&company);
    let written = directory(&company);
    let again: Vec<Run> = (0..3).map(|_| sync(&company)).collect();
    let unwritten = directory(&company) == written;
    let wall = again.iter().map(|run| run.wall).min().unwrap_or_default();
    let cpu = again.iter().map(|run| run.cpu).min().unwrap_or_default();
    let memory = again.iter().map(|run| run.memory).max().unwrap_or_default();
    let (small, limit) = (people <= 50_000, Duration::from_secs(5));
    let name = |what: &str| format!("{people}: {what}");
    row(&name("parse to `serde_json::Value`"), &milliseconds(parse), "", None);
    let first_limit = if small { "5,000 ms" } else { "" };
    row(&name("first sync"), &times(&first), first_limit, small.then_some(first.wall < limit));
    row(&name("first sync, peak memory"), &mebibytes(first.memory), "400 MB", Some(first.memory < 400 << 20));
    let most = if small { Duration::from_secs(1) } else { parse * 5 };
    let again = format!("{} (cpu {})", milliseconds(wall), milliseconds(cpu));
    row(&name("second sync"), &again, &milliseconds(most), Some(wall < most));
    let times = wall.as_secs_f64() / parse.as_secs_f64();
    row(&name("second sync in times of the parse"), &format!("{times:.2}"), "5", Some(times < 5.0));
    let most = if small { 120 } else { 400 };
    let holds = Some(memory < most << 20);
    row(&name("second sync, peak memory"), &mebibytes(memory), &format!("{most} MB"), holds);
    row(&name("second sync writes nothing"), if unwritten { "yes" } else { "no" }, "yes", Some(unwritten));
}

fn sync(company: &Company) -> Run {
    let mut command = Command::new(PROGRAM);
    command.current_dir(company.folder()).arg("sync").arg(company.recipe());
    command.args(["--today", &TODAY.to_string()]);
    run(&mut command)
}

/// The target as it is: the directory's files, byte for byte.
fn directory(company: &Company) -> Vec<Vec<u8>> {
    let file = |name: &str| fs::read(company.folder().join(".rollbook").join(name)).unwrap_or_default();
    vec![file("directory.db"), file("directory.db-wal")]
}

fn best_of<T>(times: usize, mut work: impl FnMut() -> T) -> Duration {
    let time = || {
        let began = Instant::now();
        let done = work();
        let took = began.elapsed();
        drop(done);
        took
    };
    std::iter::repeat_with(time).take(times).min().unwrap_or_default()
}

fn times(run: &Run) -> String {
    format!("{} (cpu {})", milliseconds(run.wall), milliseconds(run.cpu))
}

fn milliseconds(time: Duration) -> String {
    format!("{} ms", time.as_millis())
}

fn mebibytes(bytes: u64) -> String {
    format!("{} MB", bytes >> 20)
}
