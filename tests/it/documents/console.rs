//! Commands and what they print.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use regex::Regex;

/// Runs the commands of a block in a folder, and compares what they print. `cd` lasts for the rest of the document.
pub(super) fn run(block: &str, here: &mut PathBuf, place: &str) {
    for one in commands(block, place) {
        if let Some(folder) = one.command.strip_prefix("cd ") {
            here.push(folder);
            assert!(here.is_dir(), "{place}: there is no folder `{folder}`");
            continue;
        }
        // What a user does with cargo, this test does with the program that cargo has built already.
        let command = one.command.replace("cargo run --release --", "rollbook");
        if command.starts_with("cargo ") {
            continue;
        }
        let (output, code) = shell(&command, here);
        assert_eq!(code, one.exit, "{place}: exit code of `{command}`, which printed:\n{output}");
        let (wanted, found) = (by_form(&one.output), by_form(&output));
        let same = matches(&wanted.lines().collect::<Vec<_>>(), &found.lines().collect::<Vec<_>>());
        assert!(same, "{place}: `{command}` should print\n{}\nand prints\n{output}", one.output);
    }
}

/// Runs the program.
pub(super) fn rollbook(arguments: &[&str], here: &Path) -> (String, i32) {
    let output = clean(&mut Command::new(env!("CARGO_BIN_EXE_rollbook"))).args(arguments).current_dir(here).output();
    let output = output.unwrap();
    let text = [output.stdout, output.stderr].concat();
    (String::from_utf8(text).unwrap(), output.status.code().unwrap())
}

/// Sees that every command of ours in a block exists.
pub(super) fn commands_exist(block: &str, place: &str) {
    let mut words = block.split_whitespace().skip_while(|word| !word.ends_with("rollbook"));
    let mut found = 0;
    while let Some(word) = words.next() {
        if !word.ends_with("rollbook") {
            continue;
        }
        let Some(command) = words.next().filter(|word| word.chars().all(|letter| letter.is_ascii_lowercase())) else {
            continue;
        };
        let (output, code) = rollbook(&[command, "--help"], Path::new("."));
        assert_eq!(code, 0, "{place}: `rollbook {command}`: {output}");
        found += 1;
    }
    assert!(found > 0, "{place}: there is no command of ours in this block");
}

struct Shown {
    command: String,
    output: String,
    exit: i32,
}

fn commands(block: &str, place: &str) -> Vec<Shown> {
    let mut commands: Vec<Shown> = Vec::new();
    for line in block.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            commands.push(Shown { command: command.to_owned(), output: String::new(), exit: 0 });
            continue;
        }
        let Some(last) = commands.last_mut() else { panic!("{place}: the block does not begin with a command") };
        match line.strip_prefix("# exit ") {
            Some(code) => last.exit = code.parse().unwrap(),
            None => last.output.push_str(&format!("{line}\n")),
        }
    }
    commands
}

fn shell(command: &str, here: &Path) -> (String, i32) {
    let program = Path::new(env!("CARGO_BIN_EXE_rollbook"));
    let path = std::env::var("PATH").unwrap_or_default();
    let path = format!("{}:{path}", program.parent().unwrap().display());
    let file = tempfile::NamedTempFile::new().unwrap();
    // One file for both, so that results and messages stand in the order in which they were printed.
    let both = || Stdio::from(File::options().append(true).open(file.path()).unwrap());
    let mut shell = Command::new("sh");
    clean(&mut shell).args(["-c", command]).current_dir(here).env("PATH", path);
    let status = shell.stdin(Stdio::null()).stdout(both()).stderr(both()).status().unwrap();
    (std::fs::read_to_string(file.path()).unwrap(), status.code().unwrap())
}

/// Without what whoever runs the tests has set.
fn clean(command: &mut Command) -> &mut Command {
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("ROLLBOOK_") {
            command.env_remove(name);
        }
    }
    command.env("COLUMNS", "110").env("LC_ALL", "C.UTF-8")
}

/// Run ids, times and durations, by their form alone.
fn by_form(text: &str) -> String {
    const FORMS: [(&str, &str); 4] = [
        (r"\b\d{8}-\d{6}-[0-9a-f]{4}\b", "RUN"),
        (r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d( UTC|Z)?", "TIME"),
        (r"\b\d+(\.\d+)? (ms|s)\b", "DURATION"),
        (r"[ \t]+\n", "\n"),
    ];
    FORMS.iter().fold(text.to_owned(), |text, (form, name)| Regex::new(form).unwrap().replace_all(&text, *name).into())
}

/// Whether lines are as shown.
fn matches(shown: &[&str], found: &[&str]) -> bool {
    match shown {
        [] => found.iter().all(|line| line.is_empty()),
        ["…", rest @ ..] => (0..=found.len()).any(|skipped| matches(rest, &found[skipped..])),
        [line, rest @ ..] => found.first().is_some_and(|other| line_matches(line, other)) && matches(rest, &found[1..]),
    }
}

fn line_matches(shown: &str, found: &str) -> bool {
    if !shown.contains('…') {
        return shown == found;
    }
    let pattern: Vec<String> = shown.split('…').map(regex::escape).collect();
    Regex::new(&format!("^{}$", pattern.join(".*"))).unwrap().is_match(found)
}

#[test]
fn dots_stand_for_any_lines_or_any_text_and_nothing_else_does() {
    assert!(matches(&["a", "…", "d"], &["a", "b", "c", "d"]));
    assert!(matches(&["a … c"], &["a b c"]));
    assert!(!matches(&["a", "d"], &["a", "b", "d"]));
    assert!(!matches(&["a"], &["a", "b"]));
    assert_eq!(by_form("run 20260302-061502-3fa1 took 538 ms"), by_form("run 20261121-044147-9d59 took 1.2 s"));
}
