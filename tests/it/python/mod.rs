//! Python with the packages that a test needs, in an environment of its own below the target folder. It is made once, and
//! nothing of the machine's Python is changed.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The interpreter of an environment with these packages (`openpyxl==3.1.5`). Where there is none and none can be made, `None`
/// and a line that says what was left out.
///
/// # Panics
/// Where there is none, and the variable `insist` is set.
#[expect(clippy::print_stderr, reason = "a test that was left out must not look like one that passed")]
pub(crate) fn python(packages: &[&str], insist: &str) -> Option<PathBuf> {
    match environment(packages) {
        Ok(interpreter) => Some(interpreter),
        Err(why) => {
            assert!(std::env::var_os(insist).is_none(), "{insist} is set: {why}");
            eprintln!("LEFT OUT: what needs Python's {}: {why}", packages.join(", "));
            None
        }
    }
}

/// The interpreter of an environment with these packages, which is made where it is not there yet.
///
/// # Errors
/// When it cannot be made: in words.
fn environment(packages: &[&str]) -> Result<PathBuf, String> {
    let folder = folder(packages).ok_or("there is no target folder")?;
    let interpreter = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let ready = folder.join("ready");
    fs::create_dir_all(folder.parent().ok_or("there is no target folder")?).map_err(|error| error.to_string())?;
    // Tests run at the same time, in several processes.
    let lock = File::create(folder.with_extension("lock")).map_err(|error| error.to_string())?;
    lock.lock().map_err(|error| error.to_string())?;
    if !ready.exists() {
        let _ = fs::remove_dir_all(&folder);
        run(Command::new("python3").args(["-m", "venv"]).arg(&folder), "`python3 -m venv`")?;
        let mut pip = Command::new(&interpreter);
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1"]).args(packages);
        run(&mut pip, "`pip install`")?;
        fs::write(&ready, "").map_err(|error| error.to_string())?;
    }
    Ok(interpreter)
}

/// Below `target/debug` or `target/release`, where this test lies in `deps`.
fn folder(packages: &[&str]) -> Option<PathBuf> {
    let test = std::env::current_exe().ok()?;
    let name: String = packages.join("-").chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    Some(test.ancestors().nth(2).unwrap_or(Path::new(".")).join("python").join(name))
}

fn run(command: &mut Command, what: &str) -> Result<(), String> {
    let done = command.stdin(Stdio::null()).output().map_err(|error| format!("{what}: {error}"))?;
    let said = String::from_utf8_lossy(&done.stderr);
    if done.status.success() { Ok(()) } else { Err(format!("{what} failed: {}", said.trim())) }
}
