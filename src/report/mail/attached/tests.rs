//! What goes with a mail: how large it may be, and what is said of what does not fit.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value as Json;

use super::super::super::python::python;
use super::super::super::sample::{about, full, outcome};
use super::super::Mail;
use super::*;
use crate::model::{Outcome, OutcomeKind};
use crate::report::write_sheet;

const BOTH: Forms = Forms { csv: true, xlsx: true };

fn attached(report: RunReport, room: usize) -> Attached {
    let attention = Attention::of(&report);
    attach(report, &attention, BOTH, room).unwrap()
}

fn names(attached: &Attached) -> Vec<&str> {
    attached.files.iter().map(|file| &*file.name).collect()
}

/// Texts that cannot be packed well, each another one.
fn noise(length: usize, seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(b'0' + u8::try_from(state % 75).unwrap_or_default())
    };
    std::iter::repeat_with(&mut next).take(length).collect()
}

fn noisy(people: usize, length: usize) -> RunReport {
    let person = |id: usize| -> Outcome { outcome(OutcomeKind::Unchanged, id, &noise(length, id as u64 + 1)) };
    about((0..people).map(person).collect())
}

/// A file as Python's `csv` and `zipfile` read it; nothing where there is no Python.
fn read(file: &Attachment) -> Option<Json> {
    let python: PathBuf = python(&["openpyxl==3.1.5"], "ROLLBOOK_INSIST_ON_OPENPYXL")?;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(&file.name);
    std::fs::write(&path, file.content.blocks().collect::<Vec<_>>().concat()).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/python/table.py");
    let read = Command::new(python).arg(script).arg(&path).output().unwrap();
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    Some(serde_json::from_slice(&read.stdout).unwrap())
}

#[test]
fn a_small_report_has_its_csv_as_it_is_and_its_workbook() {
    let attached = attached(full(), 1_000_000);
    assert_eq!(names(&attached), ["01JNB4Y6V7.csv", "01JNB4Y6V7.xlsx"]);
    assert!(attached.notes.is_empty());
    let mut alone = Vec::new();
    write_sheet(&full(), &mut alone).unwrap();
    assert_eq!(attached.files[0].content.blocks().collect::<Vec<_>>().concat(), alone);
    let Some(read) = read(&attached.files[0]) else { return };
    assert_eq!(read["rows"].as_array().unwrap().len(), 1 + full().outcomes.len() + full().unreadable.len());
}

#[test]
fn a_large_csv_is_packed_and_has_everybody() {
    let attached = attached(noisy(2_000, 700), 15_000_000);
    assert_eq!(names(&attached), ["01JNB4Y6V7.csv.zip", "01JNB4Y6V7.xlsx"]);
    assert!(attached.notes.is_empty());
    let Some(read) = read(&attached.files[0]) else { return };
    assert_eq!(read["name"], "01JNB4Y6V7.csv");
    let rows = read["rows"].as_array().unwrap();
    assert_eq!(rows.len(), 2_001);
    assert_eq!(rows[2_000][0], "1999");
}

#[test]
fn where_there_is_no_room_the_workbook_goes_first_and_then_the_end_of_the_csv() {
    let packed = attached(noisy(2_000, 700), 15_000_000).files[0].content.length();
    let csv_alone = attached(noisy(2_000, 700), packed + packed / 2);
    assert_eq!(names(&csv_alone), ["01JNB4Y6V7.csv.zip"]);
    let command = "`rollbook runs 01JNB4Y6V7 --format xlsx` makes it.";
    let said = format!("The workbook is not attached, as it is too large for a mail; {command}");
    assert_eq!(csv_alone.notes, [&*said]);

    let cut = attached(noisy(2_000, 700), packed - packed / 4);
    assert_eq!(names(&cut), ["01JNB4Y6V7.part.csv.zip"]);
    assert!(cut.files[0].content.length() <= packed - packed / 4);
    assert!(cut.notes[0].contains("`rollbook runs 01JNB4Y6V7 --format csv` has everybody"), "{}", cut.notes[0]);
    assert_eq!(cut.notes[1], said);
    let Some(read) = read(&cut.files[0]) else { return };
    let people = read["rows"].as_array().unwrap().len() - 1;
    assert!((500..2_000).contains(&people), "{people}");
    let told = format!("ends after {} people", Words::of(crate::model::Language::English).number(people));
    assert!(cut.notes[0].contains(&told), "{}", cut.notes[0]);
}

#[test]
fn without_any_room_a_mail_still_leaves() {
    let attached = attached(full(), 0);
    assert_eq!((attached.files.len(), attached.notes.len()), (1, 2));
    let Some(read) = read(&attached.files[0]) else { return };
    assert_eq!(read["rows"], serde_json::json!([]));
}

#[test]
fn a_mail_is_never_larger_than_servers_take_and_says_what_is_missing() {
    let to = ["hr@acme.example".to_owned()];
    let mail = Mail::of(noisy(400, 30_000), "rollbook@acme.example", &to, BOTH).unwrap();
    let whole = mail.to_eml().unwrap();
    assert!((LARGEST / 2..=LARGEST).contains(&whole.len()), "{}", whole.len());
    assert_eq!(mail.attachments.iter().map(|file| &*file.name).collect::<Vec<_>>(), ["01JNB4Y6V7.part.csv.zip"]);
    for form in ["csv", "xlsx"] {
        let command = format!("rollbook runs 01JNB4Y6V7 --format {form}");
        assert!(
            mail.text.contains(&command) && mail.html.as_ref().is_some_and(|page| page.contains(&command)),
            "{form}"
        );
    }
}
