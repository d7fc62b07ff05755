//! What a large report costs: text, page, CSV, workbook and the mail as it travels, in a process of its own whose memory
//! Linux counts: `cargo bench --bench report`.
//!
//! The report is that of a second sync of 100,000 people of whom 20,000 were changed in the source, as the state database
//! remembers it. It is there before anything is measured; its size is told beside what rendering adds.

#![allow(clippy::print_stdout, reason = "the table is what this program is for")]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use rollbook::report::Forms;
use rollbook::report::mail::Mail;
use rollbook::run::report::recall;
use tokio::runtime::Runtime;

use crate::company::{Company, Names};

mod company;

const PEOPLE: usize = 100_000;

/// One in so many is changed before the second sync.
const ONE_IN: usize = 5;

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The process that is measured is this one, started with the folder of a company and what to attach.
const FOLDER: &str = "ROLLBOOK_REPORT_OF";
const ATTACHED: &str = "ROLLBOOK_REPORT_WITH";

fn main() {
    if let Ok(folder) = std::env::var(FOLDER) {
        return measure(Path::new(&folder), &std::env::var(ATTACHED).unwrap_or_default());
    }
    let company = Company::new(PEOPLE, Names::Repeated);
    let runtime = Runtime::new().expect("a runtime can be made");
    runtime.block_on(async {
        let (recipe, store) = (company.load(), company.store().await);
        company.sync(&recipe, &store).await;
        change(&company.people());
        company.sync(&recipe, &store).await;
    });
    println!(
        "| attached | time (processor time), best of 5 | memory: report, added, at the peak | mail |\n| --- | --- | --- | --- |"
    );
    for attached in ["", "csv", "xlsx", "csv xlsx"] {
        let own = std::env::current_exe().expect("this program has a path");
        let mut command = Command::new(own);
        let status = command.env(FOLDER, company.folder()).env(ATTACHED, attached).status();
        assert!(status.is_ok_and(|status| status.success()), "the measured process ends well");
    }
}

/// Gives every fifth person another first name.
fn change(people: &Path) {
    let text = fs::read_to_string(people).expect("the people can be read");
    let mut changed = String::with_capacity(text.len());
    let (mut person, mut is_name) = (0, false);
    for line in text.lines() {
        person += usize::from(line == "  {");
        match line.split_once("\"value\": \"").filter(|_| is_name && person % ONE_IN == 0) {
            Some((before, name)) => changed.extend([before, "\"value\": \"Neu ", name, "\n"]),
            None => changed.extend([line, "\n"]),
        }
        is_name = line.contains("/root/firstName\"");
    }
    fs::write(people, changed).expect("the people can be written");
}

/// Measures the latest run's report of a company, and prints one line.
fn measure(folder: &Path, attached: &str) {
    let runtime = Runtime::new().expect("a runtime can be made");
    let report = || {
        runtime.block_on(async {
            let url = format!("sqlite://{}", folder.join("state.db").display());
            let store = rollbook::store::Store::open(&url).await.expect("the database opens");
            let run = store.run("latest").await.expect("there is a run");
            recall(&store, run).await.expect("the run is remembered")
        })
    };
    let forms = Forms { csv: attached.contains("csv"), xlsx: attached.contains("xlsx") };
    let mut best = Duration::MAX;
    let mut line = String::new();
    for _ in 0..5 {
        let report = report();
        let changed = rollbook::report::Totals::of(&report).count(rollbook::model::OutcomeKind::Updated);
        // The kernel counts the peak anew from here.
        let _ = fs::write("/proc/self/clear_refs", "5");
        let before = memory("VmRSS:");
        let (began, cpu) = (Instant::now(), processor_time());
        let mail = Mail::of(report, "rollbook@acme.example", &["hr@acme.example".to_owned()], forms).expect("a mail");
        let whole = mail.to_eml().expect("a mail as it travels");
        let (took, cpu) = (began.elapsed(), processor_time().saturating_sub(cpu));
        let peak = memory("VmHWM:");
        if took < best {
            best = took;
            let added = peak.saturating_sub(before);
            let names: Vec<&str> = mail.attachments.iter().map(|file| &*file.name).collect();
            line = format!(
                "| {} ({changed} changed) | {} ms ({} ms) | {before}, {added}, {peak} MB | {:.1} MB |",
                names.join(" "),
                took.as_millis(),
                cpu.as_millis(),
                whole.len() as f64 / 1e6
            );
        }
    }
    println!("{line}");
}

/// The processor time of this process (proc(5): `utime` and `stime`, in hundredths of a second).
fn processor_time() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: u64 = fields.skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

/// A line of `/proc/self/status` in megabytes.
fn memory(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    line.trim().trim_end_matches("kB").trim().parse::<u64>().unwrap_or_default() >> 10
}
