//! Reading from HiBob over HTTP, against the sandbox in a process of its own: `cargo bench --bench hibob`.
//!
//! The roster is held against the plainest way to get the same bytes: a download that is parsed as it comes. Both read the
//! same answer, in turn, the best of several times.

#![allow(clippy::print_stdout, reason = "the table is what this program is for")]

use std::fs;
use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use futures_util::TryStreamExt as _;
use reqwest::Client;
use rollbook::connector::open::open_source;
use rollbook::connector::secrets::Secrets;
use rollbook::connector::{ConnectorSettings, Source};
use rollbook::model::{Column, Form, RecordLayout};
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Value as Json, json};
use tokio::runtime::Runtime;
use tokio_util::io::{StreamReader, SyncIoBridge};

use crate::company::measured::{Run, run};
use crate::company::{Company, Names};

mod company;

const PROGRAM: &str = env!("CARGO_BIN_EXE_rollbook");
const PEOPLE: usize = 100_000;
const TODAY: &str = "2026-11-02";
const ID: &str = "SERVICE-1001";
const TOKEN: &str = "bench-token";

/// Twenty fields of every kind; the first three are read of everybody anyway.
const FIELDS: [&str; 20] = [
    "root.id",
    "root.email",
    "root.displayName",
    "root.firstName",
    "root.surname",
    "work.title",
    "work.department",
    "work.site",
    "work.siteId",
    "work.startDate",
    "work.employeeIdInCompany",
    "work.isManager",
    "work.manager",
    "work.secondLevelManager",
    "work.custom.field_1700000000001",
    "work.custom.field_1700000000002",
    "internal.status",
    "internal.lifecycleStatus",
    "internal.terminationDate",
    "employee.lastDayOfWork",
];

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let sandbox = Sandbox::start();
    println!(
        "| {PEOPLE} people of {} fields over HTTP | figure | limit | |\n| --- | ---: | ---: | --- |",
        FIELDS.len()
    );
    reading(&sandbox);
    syncs(&sandbox);
}

/// The roster and the plain way, in turn.
fn reading(sandbox: &Sandbox) {
    let runtime = Runtime::new().expect("a runtime can be made");
    let (mut ours, mut plain) = (Duration::MAX, Duration::MAX);
    let mut bytes = 0;
    for _ in 0..5 {
        let began = Instant::now();
        let roster = runtime.block_on(async { sandbox.source().roster(&layout()).await.expect("the roster is read") });
        ours = ours.min(began.elapsed());
        assert_eq!(roster.records.len(), PEOPLE);
        drop(roster);
        let began = Instant::now();
        let (people, read) = runtime.block_on(sandbox.plain());
        plain = plain.min(began.elapsed());
        assert_eq!(people, PEOPLE);
        bytes = read;
    }
    let times = ours.as_secs_f64() / plain.as_secs_f64();
    let size = format!("{} MB", bytes >> 20);
    row("size of the answer", &size, "", None);
    row("a plain download, parsed person by person", &format!("{} ms", plain.as_millis()), "", None);
    row("the roster", &format!("{} ms", ours.as_millis()), "", None);
    row("the roster in times of the plain way", &format!("{times:.2}"), "1.5", Some(times < 1.5));
}

/// The first and the second sync by the real program, the sandbox not counted.
fn syncs(sandbox: &Sandbox) {
    let company = Company::new(1, Names::Repeated);
    let recipe = company.folder().join("recipes/demo-live.yaml");
    let text = fs::read_to_string(&recipe).expect("the live demo can be read");
    fs::write(&recipe, text.replace("http://127.0.0.1:8472", &sandbox.base_url)).expect("it can be written");
    let sync = || {
        let mut command = Command::new(PROGRAM);
        command.current_dir(company.folder()).arg("sync").arg(&recipe).args(["--today", TODAY]);
        command.env("HIBOB_SERVICE_ID", ID).env("HIBOB_TOKEN", TOKEN);
        run(&mut command)
    };
    for name in ["first sync", "second sync"] {
        let Run { wall, cpu, memory } = sync();
        row(name, &format!("{} ms (cpu {} ms)", wall.as_millis(), cpu.as_millis()), "", None);
        row(&format!("{name}, peak memory"), &format!("{} MB", memory >> 20), "400 MB", Some(memory < 400 << 20));
    }
}

fn row(what: &str, figure: &str, limit: &str, holds: Option<bool>) {
    let verdict = holds.map_or("", |holds| if holds { "ok" } else { "**missed**" });
    println!("| {what} | {figure} | {limit} | {verdict} |");
}

fn layout() -> RecordLayout {
    let mut layout = RecordLayout::new();
    for field in FIELDS {
        layout.slot(Column { path: field.into(), form: Form::Label }).expect("there is room for it");
    }
    assert_eq!(layout.columns().len(), FIELDS.len());
    layout
}

/// The sandbox as a process, which ends with this one.
struct Sandbox {
    child: Child,
    base_url: String,
}

impl Sandbox {
    fn start() -> Self {
        let people = PEOPLE.to_string();
        let args = ["sandbox", "--port=0", "--everybody", "--requests-per-minute=0", "--token-env=BENCH_TOKEN"];
        let mut command = Command::new(PROGRAM);
        command.args(args).args(["--people", &people, "--today", TODAY]).env("BENCH_TOKEN", TOKEN);
        let mut child = command.stdout(Stdio::piped()).spawn().expect("the sandbox starts");
        let mut lines = BufReader::new(child.stdout.take().expect("it prints")).lines().map_while(Result::ok);
        let base_url = lines.find_map(|line| line.trim().strip_prefix("base_url: ").map(str::to_owned));
        Self { child, base_url: base_url.expect("it says where it is") }
    }

    /// The connector, opened afresh: its own limit of calls a minute does not count over several reads.
    fn source(&self) -> Box<dyn Source> {
        let folder = tempfile::tempdir().expect("a folder can be made");
        fs::write(folder.path().join("BENCH_ID"), ID).expect("the id can be written");
        fs::write(folder.path().join("BENCH_SECRET"), TOKEN).expect("the token can be written");
        let settings =
            json!({ "credentials": { "id": "BENCH_ID", "token": "BENCH_SECRET" }, "base_url": self.base_url });
        let settings = ConnectorSettings { name: "hibob".into(), settings, base: folder.path().to_owned() };
        open_source(&settings, &Secrets::new(Some(folder.path().to_owned()))).expect("the source opens")
    }

    /// People and bytes of the same answer, by nothing but a client and a parser.
    async fn plain(&self) -> (usize, u64) {
        let client = Client::builder().no_proxy().build().expect("a client can be made");
        let call = client.post(format!("{}/people/search", self.base_url)).basic_auth(ID, Some(TOKEN));
        let answer = call.json(&json!({ "fields": FIELDS, "showInactive": true })).send().await.expect("it answers");
        let stream = answer.bytes_stream().map_err(std::io::Error::other);
        let reader = SyncIoBridge::new(StreamReader::new(Box::pin(stream)));
        tokio::task::spawn_blocking(move || parse(reader)).await.expect("it is parsed")
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Every employee as a JSON value, one after the other.
fn parse(reader: impl Read) -> (usize, u64) {
    let mut counted = Counted { reader, bytes: 0 };
    let mut json = serde_json::Deserializer::from_reader(BufReader::with_capacity(64 << 10, &mut counted));
    let people = Employees.deserialize(&mut json).expect("the answer is JSON");
    drop(json);
    (people, counted.bytes)
}

struct Counted<R> {
    reader: R,
    bytes: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.bytes += read as u64;
        Ok(read)
    }
}

/// Counts the employees of an answer.
struct Employees;

impl<'de> DeserializeSeed<'de> for Employees {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<usize, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Employees {
    type Value = usize;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("people")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<usize, A::Error> {
        let mut people = 0;
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "employees" => people = map.next_value_seed(Self)?,
                _ => _ = map.next_value::<IgnoredAny>()?,
            }
        }
        Ok(people)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut employees: A) -> Result<usize, A::Error> {
        let mut people = 0;
        while employees.next_element::<Json>()?.is_some() {
            people += 1;
        }
        Ok(people)
    }
}
