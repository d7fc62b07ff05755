//! When files, databases, folders or servers are not as they should be: said in plain words, and nothing is harmed.

use rusqlite::Connection;

use super::{change_people, many_leave};
use crate::program::{Program, Ran, TODAY};

const PEOPLE: &str = "recipes/demo/people.json";

/// Expects that nobody's access has ended.
fn nobody_was_deactivated(program: &Program) {
    let users = program.run(&["users", "recipes/demo.yaml", "--format", "csv"]).expect_code(0).stdout;
    assert!(users.contains("invited") && !users.contains("inactive"), "{users}");
}

#[test]
fn an_empty_source_is_refused_and_nobody_loses_access() {
    let program = Program::synced();
    change_people(&program, |_| false);
    program.plan(&[]).expect_code(4).shows("refused: the source gave no people at all");
    let ran = program.sync(&["--approve", "deactivate=1000", "--approve", "source_shrink=1000"]).expect_code(3);
    ran.shows("The run was refused and nothing was changed").says("an empty source is always refused");
    nobody_was_deactivated(&program);
    program.run(&["runs"]).expect_code(0).shows("refused");
    assert_eq!(std::fs::read_dir(program.path("outbox")).unwrap().count(), 6, "the refusal is reported too");
}

#[test]
fn half_a_source_deactivates_nobody() {
    let program = Program::synced();
    let mut number = 0;
    change_people(&program, |_| {
        number += 1;
        number % 2 == 0
    });
    program.sync(&["--approve", "deactivate=1000"]).expect_code(4).shows("held");
    nobody_was_deactivated(&program);
}

#[test]
fn a_truncated_source_is_refused_and_the_run_is_remembered_as_failed() {
    let program = Program::synced();
    let people = program.read(PEOPLE);
    for part in [1, people.len() / 3, people.len() - 3] {
        let end = (0..=part).rev().find(|end| people.is_char_boundary(*end)).unwrap();
        program.write(PEOPLE, &people[..end]);
        let ran = program.sync(&[]);
        // A file that does not even begin like people is a problem of the recipe.
        assert!(matches!(ran.code, Some(2 | 3)), "{:?} {}", ran.code, ran.stderr);
        assert!(ran.stdout.is_empty() && ran.stderr.contains("people.json"), "{}", ran.stderr);
    }
    nobody_was_deactivated(&program);
    program.run(&["runs"]).expect_code(0).shows("failed").shows("`recipes/demo/people.json` is cut off at line");
    program.run(&["runs", "latest"]).expect_code(0).shows("is cut off at line");
    program.write(PEOPLE, people);
    program.sync(&[]).expect_code(0).shows("Nothing was changed");
}

#[test]
fn a_source_in_another_encoding_is_refused() {
    let program = Program::demo();
    let latin1: Vec<u8> = program.read(PEOPLE).chars().map(|letter| u8::try_from(letter).unwrap_or(b'?')).collect();
    program.write(PEOPLE, latin1);
    program.sync(&[]).expect_code(3).says("is not UTF-8").says("save it as UTF-8");
}

#[test]
fn a_file_that_is_missing_is_named_with_the_line_that_asks_for_it() {
    for file in [PEOPLE, "recipes/demo/fields.json", "lookup_tables/demo/status.csv", "recipes/scripts/names.rhai"] {
        let program = Program::demo();
        std::fs::remove_file(program.path(file)).unwrap();
        let ran = program.sync(&[]).expect_code(2).says("recipes/demo.yaml:");
        let name = file.rsplit('/').next().unwrap().trim_end_matches(".csv");
        assert!(ran.stderr.contains(name), "{file}: {}", ran.stderr);
    }
}

/// Keeps a database locked until it is dropped.
fn locked(program: &Program, name: &str) -> Connection {
    let connection = Connection::open(program.path(name)).unwrap();
    connection.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE").unwrap();
    connection
}

#[test]
fn a_state_database_that_is_locked_is_said_to_be() {
    let program = Program::synced();
    let lock = locked(&program, ".rollbook/state.db");
    let ran =
        program.sync(&[]).expect_code(3).says("the state database `.rollbook/state.db` is locked by another program");
    assert!(ran.stdout.is_empty() && ran.stderr.contains("close the program that has it open"));
    drop(lock);
    program.sync(&[]).expect_code(0);
}

#[test]
fn a_directory_that_is_locked_is_said_to_be() {
    let program = Program::synced();
    let lock = locked(&program, ".rollbook/directory.db");
    let ran = program.sync(&[]).expect_code(3).says("is being written by another program");
    assert_eq!(ran.stdout, "");
    drop(lock);
    program.run(&["runs"]).expect_code(0).shows("failed").shows("is being written by another program");
    program.sync(&[]).expect_code(0);
}

#[test]
fn a_state_database_that_may_not_be_written_is_still_read() {
    let program = Program::synced();
    // The file format's own mark for "read only", which holds for administrators too.
    let path = program.path(".rollbook/state.db");
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[18] = 3;
    std::fs::write(&path, bytes).unwrap();
    program.sync(&[]).expect_code(3).says("may not be written").says("let the user that runs rollbook write the file");
    program.run(&["runs"]).expect_code(0).shows("finished");
}

#[test]
fn a_state_database_that_is_none_is_said_to_be_and_left_alone() {
    let program = Program::demo();
    std::fs::create_dir(program.path(".rollbook")).unwrap();
    program.write(".rollbook/state.db", "dear diary, ".repeat(1000));
    program.sync(&[]).expect_code(3).says("is damaged, or is no state database");
    assert!(program.read(".rollbook/state.db").starts_with("dear diary"));
    program.write("file", "");
    program.sync(&["--database", "sqlite://file/state.db"]).expect_code(3).says("cause: ").says("help: ");
    program.sync(&["--database", "mysql://u:secret@host/db"]).expect_code(3).says("is not an address");
}

#[cfg(unix)]
#[test]
fn the_password_of_a_state_database_is_never_shown() {
    let program = Program::demo();
    program.write("passwords", "not a line of passwords: hunter2\n");
    // Others are not read.
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(program.path("passwords"), private).unwrap();
    let addresses = [
        "postgres://rollbook:hunter2@127.0.0.1:1/rollbook",
        "postgres://rollbook@127.0.0.1:1/rollbook?password=hunter2",
        "postgres://rollbook@127.0.0.1:1/rollbook?pasword=hunter2",
        "postgres://rollbook:hunter2@127.0.0.1:port/rollbook",
        "postgres://rollbook@127.0.0.1:1/rollbook",
    ];
    for address in addresses {
        for args in
            [&["runs"][..], &["sync", "recipes/demo.yaml"], &["sync", "--help"], &["--database", address, "runs"]]
        {
            let mut command = program.command(args);
            command.env("ROLLBOOK_DATABASE_URL", address).env("ROLLBOOK_LOG", "trace");
            command.env("PGPASSFILE", program.path("passwords"));
            let ran = Ran::of(command.output().unwrap());
            assert!(!format!("{}{}", ran.stdout, ran.stderr).contains("hunter2"), "{args:?}: {}", ran.stderr);
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_disk_without_room_is_said_to_be_full() {
    Program::demo().sync(&["--database", "sqlite:///dev/full"]).expect_code(3).says("there is no space left");
}

#[test]
fn an_outbox_that_cannot_be_written_does_not_undo_the_run() {
    let program = Program::demo();
    program.write("outbox", "a file where the folder should be");
    let ran = program.sync(&[]).expect_code(3).shows("82 people were created");
    let ran = ran.says("error: the run is over, but its report was not sent: cannot write the report to `outbox`");
    assert!(ran.stderr.contains("rollbook runs 20"), "{}", ran.stderr);
    program.run(&["runs"]).expect_code(0).shows("finished");
    program.plan(&[]).expect_code(0);
}

/// Runs a sync with a mail server that is not as it should be.
fn sync_with_smtp(program: &Program, url: &str) -> Ran {
    let mut command = program.command(&["sync", "recipes/demo.yaml", "--today", TODAY]);
    Ran::of(command.env("ROLLBOOK_SMTP_URL", url).output().unwrap())
}

#[test]
fn without_its_mail_server_the_report_is_kept_and_the_exit_code_is_the_run_s() {
    let program = Program::synced();
    // Nobody listens on a port that was given up a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("smtp://user:hunter2@127.0.0.1:{port}");
    for (number, url) in [&*url, "gopher://user:hunter2@mail"].into_iter().enumerate() {
        let ran = sync_with_smtp(&program, url).expect_code(0).says("the report is kept and tried again");
        assert!(!ran.stderr.contains("hunter2"), "{}", ran.stderr);
        assert!(ran.stderr.contains(&format!("{} waiting", number + 1)), "{}", ran.stderr);
    }
    assert_eq!(std::fs::read_dir(program.path("outbox")).unwrap().count(), 3, "of the sync without a mail server");
    many_leave(&program);
    sync_with_smtp(&program, &url).expect_code(4).says("there is no connection to it");
}

#[test]
fn a_sender_that_is_no_address_does_not_undo_the_run() {
    let program = Program::demo();
    let ran = program.sync(&["--mail-from", "nobody"]).expect_code(3).shows("82 people were created");
    ran.says("the sender is not a mail address").says("to read it: rollbook runs ");
}
