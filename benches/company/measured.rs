//! A program that is run and measured: time, processor time, and peak memory as Linux says of it (`VmHWM`).

#![allow(dead_code, reason = "not every bench measures a program")]

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// What a run of the program took.
pub(crate) struct Run {
    pub(crate) wall: Duration,
    pub(crate) cpu: Duration,
    /// Bytes.
    pub(crate) memory: u64,
}

/// Runs a program to its end, and measures it.
pub(crate) fn run(command: &mut Command) -> Run {
    let cpu_before = cpu_of_children();
    let began = Instant::now();
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program starts");
    let watched = child.id();
    let watch = std::thread::spawn(move || peak_memory(watched));
    child.wait().expect("the program ends");
    let wall = began.elapsed();
    let memory = watch.join().unwrap_or_default();
    Run { wall, cpu: cpu_of_children().saturating_sub(cpu_before), memory }
}

/// The most memory that a process had, looked up until it is gone.
fn peak_memory(process: u32) -> u64 {
    let path = format!("/proc/{process}/status");
    let mut peak = 0;
    while let Some(now) = fs::read_to_string(&path).ok().as_deref().and_then(high_water_mark) {
        peak = now;
        std::thread::sleep(Duration::from_millis(2));
    }
    peak
}

/// `VmHWM:    123456 kB` in bytes; nothing once the process has ended.
fn high_water_mark(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()? << 10)
}

/// The processor time of all children that ended (proc(5): `cutime` and `cstime`, in hundredths of a second).
fn cpu_of_children() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: u64 = fields.skip(13).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}
