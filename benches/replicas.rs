//! How soon everybody who is due has been looked at, by one process and by two on one PostgreSQL:
//! `cargo bench --bench replicas`. `ROLLBOOK_PEOPLE` says how many are due (600).
//!
//! HiBob's sandbox answers as HiBob does, after a while. It does not hold the two together to HiBob's limit of calls, which
//! belongs to the account: where that is what holds them up, a second process gains nothing.

#![allow(clippy::print_stdout, reason = "the table is what this program is for")]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use company::{Company, Names};

#[path = "../tests/cluster/mod.rs"]
#[allow(dead_code, clippy::unwrap_used, reason = "it is made for tests, which use more of it")]
mod cluster;
mod company;

use cluster::Cluster;

const PROGRAM: &str = env!("CARGO_BIN_EXE_rollbook");
const TODAY: &str = "2026-11-02";
/// How long HiBob takes for an answer, in milliseconds.
const SWITCHES: &str = r#"{ "audience": "all", "requests_per_minute": 0, "faults": { "latency_ms": 150 } }"#;

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let people = std::env::var("ROLLBOOK_PEOPLE").ok().and_then(|people| people.parse().ok()).unwrap_or(600);
    let Some(cluster) = Cluster::start() else { return };
    let bob = Process::bob(people);
    println!("| people due | processes | until nobody is due | looked at twice |");
    println!("| ---: | ---: | ---: | ---: |");
    for processes in [1, 2] {
        let office = Office::new(&cluster, &bob.address);
        let serving: Vec<Process> = (0..processes).map(|_| office.serve()).collect();
        // Whoever serves has looked whether somebody is due, and sleeps.
        sleep(Duration::from_secs(3));
        let due = office.everybody_is_due(&cluster);
        let began = Instant::now();
        while office.ask(&cluster, "SELECT COUNT(*) FROM due") != "0" {
            sleep(Duration::from_millis(20));
        }
        let took = began.elapsed().as_secs_f64();
        let twice =
            "SELECT COUNT(*) FROM (SELECT employee FROM handled GROUP BY employee HAVING COUNT(*) > 1) AS twice";
        println!("| {due} | {processes} | {took:.1} s | {} |", office.ask(&cluster, twice));
        drop(serving);
    }
}

/// A folder with the live demo, everybody in it synchronized.
struct Office {
    company: Company,
    database: String,
}

impl Office {
    fn new(cluster: &Cluster, bob: &str) -> Self {
        let office = Self { company: Company::new(1, Names::Repeated), database: cluster.database() };
        let text = fs::read_to_string(office.recipe()).expect("the live demo can be read");
        let real_time = "real_time: { path: /hooks/demo, secret: HOOK, settle: 1s }";
        let text = text.replace("http://127.0.0.1:8472", bob);
        fs::write(office.recipe(), format!("{text}\n{real_time}\n")).expect("it can be written");
        let synced = office.command("sync").args(["--today", TODAY]).stdout(Stdio::null()).status();
        assert!(synced.is_ok_and(|status| status.success()), "everybody is synchronized");
        office
    }

    fn recipe(&self) -> PathBuf {
        self.company.folder().join("recipes/demo-live.yaml")
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Command::new(PROGRAM);
        command.current_dir(self.company.folder()).arg(name).arg(self.recipe());
        command.args(["--database", &self.database]).env("HOOK", "hook-secret").env("RUST_LOG", "error");
        command.env("HIBOB_SERVICE_ID", "SERVICE-1001").env("HIBOB_TOKEN", "bench-token");
        command
    }

    fn serve(&self) -> Process {
        let mut command = self.command("serve");
        Process::start(command.args(["--listen", "127.0.0.1:0"]), "http://")
    }

    fn ask(&self, cluster: &Cluster, sql: &str) -> String {
        cluster.ask(&self.database, sql)
    }

    /// As deliveries would do it, about everybody at once.
    fn everybody_is_due(&self, cluster: &Cluster) -> String {
        let now = jiff::Timestamp::now().as_millisecond();
        let mark = format!(
            "INSERT INTO due (recipe, employee, due, marked, marks, attempts, parked) \
             SELECT recipe, employee, {now}, {now}, 1, 0, 0 FROM links"
        );
        self.ask(cluster, &mark);
        self.ask(cluster, "SELECT COUNT(*) FROM links")
    }
}

/// A process that ends with this one.
struct Process {
    child: Child,
    address: String,
}

impl Process {
    fn bob(people: usize) -> Self {
        let mut command = Command::new(PROGRAM);
        let switches = tempfile::NamedTempFile::new().expect("a file can be made");
        fs::write(switches.path(), SWITCHES).expect("switches can be written");
        command.args(["sandbox", "--port=0", "--token-env=BENCH_TOKEN", "--switches"]).arg(switches.path());
        command.args(["--people", &people.to_string(), "--today", TODAY]);
        Self::start(command.env("BENCH_TOKEN", "bench-token"), "base_url: ")
    }

    /// Starts a process that says where it is, behind some words.
    fn start(command: &mut Command, words: &str) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the program starts");
        let mut lines = BufReader::new(child.stdout.take().expect("it prints")).lines().map_while(Result::ok);
        let address = lines.find_map(|line| line.split_once(words).map(|(_, address)| address.trim().to_owned()));
        Self { child, address: address.expect("it says where it is") }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
