//! A sync from the outside: what it prints, how it ends, and what it never says.

use serde_json::{Value as Json, json};

use super::{SOMEBODY, change_people, many_leave, placeholders, set};
use crate::kept::{Kept, on_both};
use crate::program::{Program, Ran, TODAY};

#[test]
fn sync_reports_on_stdout_and_says_where_the_report_is_on_stderr() {
    let _placeholders = placeholders();
    let program = Program::demo();
    let ran = program.sync(&[]).expect_code(0);
    insta::assert_snapshot!(ran.stdout);
    insta::assert_snapshot!(ran.stderr, @"report: outbox/[run].eml (and the same as .html and .csv)");
    let kept = std::fs::read_dir(program.path("outbox")).unwrap().count();
    assert_eq!(kept, 3);
}

#[cfg(unix)]
#[test]
fn what_a_sync_leaves_behind_is_for_its_user_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let program = Program::synced();
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    for folder in [".rollbook", "outbox"].map(|folder| program.path(folder)) {
        assert_eq!(mode(&folder), 0o700, "{folder:?}");
        for file in std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()) {
            assert_eq!(mode(&file), 0o600, "{file:?}");
        }
    }
}

#[test]
fn a_recipe_that_attaches_nothing_gets_its_report_without_the_table() {
    let program = Program::demo();
    program.replace("recipes/demo.yaml", "attach: [ csv ]", "attach: []");
    let ran = program.sync(&[]).expect_code(0);
    assert!(ran.stderr.contains("(and the same as .html)"), "{}", ran.stderr);
    let kept: Vec<_> = std::fs::read_dir(program.path("outbox")).unwrap().flatten().map(|file| file.path()).collect();
    assert_eq!(kept.len(), 2, "{kept:?}");
    assert!(!kept.iter().any(|path| path.extension().is_some_and(|ending| ending == "csv")), "{kept:?}");
    let mail = kept.iter().find(|path| path.extension().is_some_and(|ending| ending == "eml")).unwrap();
    assert!(!std::fs::read_to_string(mail).unwrap().contains("text/csv"));
}

#[test]
fn the_second_sync_changes_nothing_and_says_so() {
    let program = Program::synced();
    let ran = program.sync(&[]).expect_code(0).shows("Nothing was changed.");
    assert!(!ran.stdout.contains("created"), "{}", ran.stdout);
}

#[test]
fn one_person_who_fails_does_not_stop_the_others() {
    let program = Program::demo();
    let codes = "department_code,work.department,slug(value)";
    let failing = format!(
        "department_code,work.department,\"if employee[\"\"root.email\"\"] == \"\"{SOMEBODY}\"\" {{ fail(\"\"no code\"\") }} else {{ slug(value) }}\""
    );
    program.replace("lookup_tables/demo/custom_fields.csv", codes, &failing);
    program.sync(&[]).expect_code(1).shows("81 created").shows("1 failed");
    program.run(&["runs", "latest"]).expect_code(0).shows("1. Failed: No code").shows(SOMEBODY);
}

#[test]
fn what_is_held_is_named_and_passes_once_it_is_approved() {
    let program = Program::synced();
    many_leave(&program);
    set(&program, "siobhn.smith-jones.1@acme.example", "work", "title", &json!("250000018"));
    program
        .sync(&[])
        .expect_code(4)
        .shows("20 held")
        .shows("1 updated")
        .shows("Held by the brake: 20 people would lose access");
    program.run(&["runs", "latest"]).expect_code(0).shows("--approve deactivate=20");
    program.sync(&["--approve", "deactivate=19"]).expect_code(4).shows("20 held");
    program.sync(&["--approve", "deactivate=20"]).expect_code(0).shows("20 deactivated");
    program
        .run(&["runs", "latest"])
        .expect_code(0)
        .shows("Approved for this run and let through: --approve deactivate=20");
    program.plan(&[]).expect_code(0);
}

async fn a_second_sync_at_the_same_time_is_told_who_holds_the_recipe_since_when(kept: Kept) {
    let program = Program::demo_with(kept);
    let lease = program.store().await.lease("demo", "process 4711 (sync)").await.unwrap();
    let ran = program.sync(&[]).expect_code(3);
    let mut settings = insta::Settings::clone_current();
    settings.add_filter(r"since \d{4}-\d\d-\d\dT[0-9:]+Z", "since [moment]");
    settings.bind(|| {
        insta::allow_duplicates! {
            insta::assert_snapshot!(ran.stderr, @r"
            error: recipe `demo` is being run by process 4711 (sync), since [moment]
              help: wait until that run has ended; a run that was killed blocks nobody
            ");
        }
    });
    assert_eq!(ran.stdout, "");
    program.plan(&[]).expect_code(5);
    drop(lease);
    program.sync(&[]).expect_code(0);
}

#[test]
fn a_rehearsal_decides_as_if_it_were_that_day() {
    let program = Program::demo();
    program.run(&["sync", "recipes/demo.yaml", "--today", "2030-01-01"]).expect_code(0);
    let runs: Json = serde_json::from_str(&program.run(&["runs", "--format", "json"]).stdout).unwrap();
    assert_eq!(runs[0]["today"], "2030-01-01");
}

#[test]
fn the_settings_may_come_from_the_environment() {
    let program = Program::demo();
    let mut command = program.command(&["sync", "recipes/demo.yaml", "--today", TODAY]);
    command.env("ROLLBOOK_DATABASE_URL", "sqlite://here/state.db").env("ROLLBOOK_OUTBOX", "mails");
    Ran::of(command.output().unwrap()).expect_code(0).says("report: mails/");
    assert!(program.path("here/state.db").exists() && !program.path("outbox").exists());
}

/// Personal data of one person, marked so that it is found wherever it turns up.
fn marked(program: &Program) {
    change_people(program, |person| {
        let Some(number) = person["id"].as_str().map(|id| id[16..].to_owned()) else { return true };
        for (field, value) in [
            ("email", format!("zqmark{number}@acme.example")),
            ("firstName", format!("Zqmarkfirst{number}")),
            ("surname", format!("Zqmarklast{number}")),
            ("displayName", format!("Zqmark Display{number}")),
        ] {
            person[field] = json!(value);
            person[format!("/root/{field}")] = json!({ "value": value });
        }
        person["personal"] = json!({ "birthDate": "1961-01-23", "legalGender": "Zqmarkgender" });
        true
    });
}

#[test]
fn no_log_holds_personal_data_whatever_happens() {
    let program = Program::demo();
    marked(&program);
    let traced = |more: &[&str], format: &str| {
        let mut command = program.command(&[&["sync", "recipes/demo.yaml", "--today", TODAY], more].concat());
        let ran = Ran::of(command.env("ROLLBOOK_LOG", "trace").env("ROLLBOOK_LOG_FORMAT", format).output().unwrap());
        let stderr = ran.stderr.to_lowercase();
        assert!(stderr.contains("run ended"), "{stderr}");
        for personal in ["zqmark", "acme.example", "1961-01", "01-1961", "1961/01", "01/1961", "01.1961"] {
            let line = stderr.lines().find(|line| line.contains(personal));
            assert_eq!(line, None, "`{personal}` is in the logs");
        }
        ran.code
    };
    assert_eq!(traced(&[], ""), Some(0));
    // A field that the target refuses, a rule that fails, deactivations that are held, a mail server that is not there.
    program.replace("lookup_tables/demo/custom_fields.csv", "slug(value)", "fail(value)");
    many_leave(&program);
    assert_eq!(traced(&[], "json"), Some(1));
    change_people(&program, |_| false);
    assert_eq!(traced(&[], ""), Some(3));
}

#[test]
fn the_log_has_a_line_for_the_run_and_for_each_phase_with_counts_and_times() {
    let program = Program::demo();
    let mut command = program.command(&["sync", "recipes/demo.yaml", "--today", TODAY]);
    let ran = Ran::of(command.env("ROLLBOOK_LOG", "info").env("ROLLBOOK_LOG_FORMAT", "json").output().unwrap());
    let lines: Vec<Json> = ran
        .stderr
        .lines()
        .filter(|line| line.starts_with('{'))
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let of = |message: &str| lines.iter().filter(|line| line["message"] == message).collect::<Vec<_>>();
    let phases: Vec<&str> = of("phase done").iter().map(|line| line["phase"].as_str().unwrap()).collect();
    assert_eq!(
        phases,
        [
            "read people and users",
            "plan",
            "making groups",
            "creating users",
            "setting managers",
            "setting groups",
            "write"
        ]
    );
    assert!(of("phase done").iter().all(|line| line["duration_ms"].is_u64()));
    assert_eq!(of("run begins")[0]["changes"], 82);
    let end = of("run ended")[0];
    assert_eq!((&end["created"], &end["failed"], &end["run.status"]), (&json!(82), &json!(0), &json!("finished")));
    let run = end["spans"][0]["run.id"].as_str().unwrap();
    program.run(&["runs", run]).expect_code(0);
}

#[test]
fn without_asking_for_logs_there_are_none() {
    let ran = Program::demo().sync(&[]).expect_code(0);
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    let program = Program::synced();
    let mut command = program.command(&["runs"]);
    let ran = Ran::of(command.env("ROLLBOOK_LOG", "[[[").output().unwrap()).expect_code(0);
    ran.says("warning: `ROLLBOOK_LOG` is not understood").says("help: try `info` or `debug`");
}

on_both!(a_second_sync_at_the_same_time_is_told_who_holds_the_recipe_since_when);
