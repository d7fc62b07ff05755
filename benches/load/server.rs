//! The real program, serving the demo on a state database of its own.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use tokio::runtime::Runtime;

use super::history;
use crate::company::{Company, Names};

/// The program, built with the benches.
const PROGRAM: &str = env!("CARGO_BIN_EXE_rollbook");

/// What HiBob signs with.
pub(crate) const SECRET: &str = "bob-demo-secret";
/// Where the demo is called.
pub(crate) const PATH: &str = "/hooks/demo";

/// A process that serves. Dropping it kills it.
pub(crate) struct Server {
    process: Child,
    pub(crate) address: SocketAddr,
    company: Company,
}

impl Server {
    /// Serves with so many deliveries of the year before in the database, and `settle` as the recipe has it.
    pub(crate) fn start(deliveries: u32, settle: &str) -> Self {
        let company = Company::new(300, Names::Repeated);
        let recipe = fs::read_to_string(company.recipe()).expect("the recipe can be read");
        let real_time = format!("real_time: {{ path: {PATH}, secret: HOOK, settle: {settle} }}");
        fs::write(company.recipe(), format!("{recipe}\n{real_time}\n")).expect("the recipe can be written");
        let runtime = Runtime::new().expect("a runtime can be made");
        runtime.block_on(async { company.store().await.close().await });
        if deliveries > 0 {
            history::write(&database(&company), deliveries);
        }
        let mut process = Command::new(PROGRAM)
            .args(["serve", "recipes/demo.yaml", "--listen", "127.0.0.1:0", "--database"])
            .arg(format!("sqlite://{}", database(&company).display()))
            .env("HOOK", SECRET)
            // The whole history stays: it is what is measured beside.
            .env("ROLLBOOK_KEEP_DELIVERIES", "366d")
            .current_dir(company.folder())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let stdout = process.stdout.take().expect("stdout is piped");
        let first = BufReader::new(stdout).lines().next().and_then(Result::ok).unwrap_or_default();
        let (_, address) = first.rsplit_once("http://").expect("it says where it serves");
        Self { process, address: address.parse().expect("an address is well formed"), company }
    }

    /// Deliveries that are in the database.
    pub(crate) fn saved(&self) -> usize {
        let database = rusqlite::Connection::open(database(&self.company)).expect("the database opens");
        let count = database.query_row("SELECT COUNT(*) FROM deliveries", [], |row| row.get::<_, i64>(0));
        usize::try_from(count.expect("deliveries can be counted")).expect("a count is not negative")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn database(company: &Company) -> PathBuf {
    company.folder().join("state.db")
}

/// What a process has used of the processor so far, in seconds (Linux).
pub(crate) fn processor_seconds(server: &Server) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{}/stat", server.process.id())).unwrap_or_default();
    // Behind the name in brackets: user and system time are the 12th and 13th, in hundredths (proc_pid_stat(5)).
    let times = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().skip(11).take(2);
    times.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}
