//! Help, completions and command lines that make no sense.

use crate::program::Program;

#[test]
fn help_teaches_the_program() {
    insta::assert_snapshot!(Program::empty().run(&["--help"]).expect_code(0).stdout);
}

#[test]
fn help_teaches_every_command() {
    let program = Program::empty();
    for command in [
        "init",
        "check",
        "test",
        "fields",
        "plan",
        "explain",
        "sync",
        "status",
        "resume",
        "mail-test",
        "runs",
        "users",
        "completions",
    ] {
        let help = program.run(&[command, "--help"]).expect_code(0).stdout;
        let (own, settings) = help.split_once("\nSettings:\n").unwrap();
        let (_, today) = settings.split_once("--today").unwrap();
        let after = today.split_once("\n\n").map_or("", |(_, after)| after);
        insta::assert_snapshot!(format!("help_{command}"), format!("{own}\n[settings]\n{after}"));
        assert!(help.lines().all(|line| line.chars().count() <= 100), "{command} is too wide");
    }
}

#[test]
fn every_command_says_how_it_may_end() {
    let program = Program::empty();
    for command in
        ["init", "check", "test", "fields", "plan", "explain", "sync", "status", "resume", "mail-test", "runs", "users"]
    {
        program.run(&[command, "--help"]).expect_code(0).shows("Exit codes: 0 ");
    }
}

#[test]
fn each_shell_gets_its_completions() {
    let program = Program::empty();
    for (shell, sign) in
        [("bash", "complete -F _rollbook"), ("zsh", "#compdef rollbook"), ("fish", "complete -c rollbook")]
    {
        let ran = program.run(&["completions", shell]).expect_code(0).shows(sign).shows("explain");
        assert_eq!(ran.stderr, "");
    }
}

#[test]
fn a_command_line_that_makes_no_sense_could_not_run() {
    let program = Program::empty();
    let ends = |args: &[&str], text: &str| {
        let ran = program.run(args).expect_code(3).says(text);
        assert_eq!(ran.stdout, "");
    };
    ends(&[], "Usage: rollbook");
    ends(&["snyc"], "a similar subcommand exists: 'sync'");
    ends(&["plan"], "<RECIPE>");
    ends(&["plan", "a.yaml", "--format", "jsn"], "a similar value exists: 'json'");
    ends(&["plan", "a.yaml", "--only", "a", "--out", "b"], "cannot be used with");
    ends(&["sync", "a.yaml", "--approve", "everything"], "write it as KIND=N");
    ends(&["sync", "a.yaml", "--approve", "fire=2"], "there is no kind `fire`; kinds are deactivate, change_login");
    ends(&["sync", "a.yaml", "--approve", "deactivate=all"], "`all` is not a number of changes");
    ends(&["sync", "a.yaml", "--today", "tomorrow"], "--today");
    ends(&["init", "payroll"], "possible values: directory");
}

#[test]
fn version_is_a_result() {
    assert!(Program::empty().run(&["--version"]).expect_code(0).stdout.starts_with("rollbook "));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let program = Program::synced();
    for args in
        [&["plan", "recipes/demo.yaml", "--format", "json"][..], &["runs", "latest", "--format", "html"], &["--help"]]
    {
        let mut command = program.command(args);
        let mut child =
            command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped()).spawn().unwrap();
        drop(child.stdout.take());
        let ran = crate::program::Ran::of(child.wait_with_output().unwrap());
        assert!(matches!(ran.code, Some(0 | 5)), "{:?}", ran.code);
        assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
    }
}

#[test]
fn without_a_terminal_there_is_no_colour_anywhere() {
    let program = Program::demo();
    program.replace("recipes/demo.yaml", "version: 1", "version: 1\nversoin: 1");
    let plain = |program: &Program, args: &[&str]| {
        let mut command = program.command(args);
        let ran = crate::program::Ran::of(command.env("ROLLBOOK_LOG", "debug").output().unwrap());
        assert!(!ran.stdout.contains('\u{1b}') && !ran.stderr.contains('\u{1b}'), "{args:?}");
    };
    plain(&program, &["check"]);
    plain(&program, &["sync", "recipes/demo.yaml"]);
    plain(&Program::demo(), &["sync", "recipes/demo.yaml"]);
}
