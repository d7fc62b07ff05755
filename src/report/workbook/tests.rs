//! Workbooks read back: by openpyxl, which shares no code with us, and by calamine, which is fast enough for properties.

use std::collections::{BTreeMap, HashSet};
use std::io::Cursor;
use std::process::Command;

use calamine::{Data, DataType as _, Range, Reader as _, Xlsx};
use proptest::prelude::*;
use serde_json::Value as Json;

use super::super::python::python;
use super::super::sample::{about, full, outcome, reason};
use super::*;
use crate::model::plan::{Changes, FieldChange, Mapping};
use crate::model::{
    Cell as Field, EmployeeId, FieldName, Language, Number, Outcome, OutcomeKind, UnreadableRecord, Value,
};
use crate::report::{RunReport, Totals};

fn written(report: &RunReport) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_workbook(report, &mut bytes).unwrap();
    bytes
}

/// The sheets of a workbook as openpyxl reads them, by name; nothing where there is no Python for it.
fn read(report: &RunReport) -> Option<Vec<Json>> {
    let python = python(&["openpyxl==3.1.5"], "ROLLBOOK_INSIST_ON_OPENPYXL")?;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.xlsx");
    std::fs::write(&path, written(report)).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/python/workbook.py");
    let read = Command::new(python).arg(script).arg(&path).output().unwrap();
    assert!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    Some(serde_json::from_slice(&read.stdout).unwrap())
}

fn sheet<'j>(sheets: &'j [Json], name: &str) -> &'j Json {
    sheets.iter().find(|sheet| sheet["name"] == name).unwrap_or_else(|| panic!("there is a sheet `{name}`"))
}

fn rows(sheet: &Json) -> &[Json] {
    sheet["rows"].as_array().unwrap()
}

fn headings(sheet: &Json) -> Vec<&str> {
    rows(sheet)[0].as_array().unwrap().iter().map(|cell| cell["value"].as_str().unwrap()).collect()
}

fn column(sheet: &Json, heading: &str) -> Vec<Json> {
    let at = headings(sheet).iter().position(|known| *known == heading).unwrap();
    rows(sheet)[1..].iter().map(|row| row[at].clone()).collect()
}

/// Somebody of whom fields of every type were changed.
fn changed(fields: &[(&str, Field, Option<Value>)]) -> Outcome {
    let mut person = outcome(OutcomeKind::Updated, 1, "Ann");
    person.person.employee = EmployeeId::new("3000000000000000101");
    let fields = fields.iter().map(|(name, before, after)| {
        let mapping =
            Mapping { field: FieldName::new(*name), login: false, reason: reason("field row", "fields.csv", 7) };
        FieldChange::new(&mapping.into(), before.clone(), after.clone())
    });
    person.person.changes = Some(Box::new(Changes { fields: fields.collect(), ..Changes::default() }));
    person
}

#[test]
fn every_topic_has_a_sheet_with_headers_that_stay_in_sight_and_filters() {
    let Some(sheets) = read(&full()) else { return };
    let names: Vec<_> = sheets.iter().map(|sheet| sheet["name"].as_str().unwrap()).collect();
    let all = ["Summary", "Needs attention", "People", "Changes", "Groups", "Left out", "Values without a row"];
    assert_eq!(names, all);
    for sheet in &sheets {
        assert_eq!(sheet["frozen"], "A2");
        let (rows, columns) = (rows(sheet).len(), headings(sheet).len());
        let last = char::from(b'A' + u8::try_from(columns - 1).unwrap());
        assert_eq!(sheet["filter"], format!("A1:{last}{rows}"), "{}", sheet["name"]);
        assert!(sheet["rows"][0].as_array().unwrap().iter().all(|cell| cell["bold"] == true));
        assert!(sheet["widths"].as_array().unwrap().iter().all(|width| width.as_f64().unwrap() >= 8.0));
    }
    let people = sheet(&sheets, "People");
    assert_eq!(
        headings(people),
        [
            "Employee id",
            "Name",
            "Address",
            "Outcome",
            "Rule",
            "Where",
            "User id",
            "Changes",
            "Groups joined",
            "Groups left",
            "Held",
            "Needs attention",
            "What to do",
            "Whose move"
        ]
    );
    assert_eq!(rows(people).len() - 1, full().outcomes.len() + full().unreadable.len());
}

#[test]
fn values_have_their_types_and_ids_every_digit() {
    let fields = [
        ("hired", Field::Value(Value::Date("2026-03-02".parse().unwrap())), None),
        ("seen", Field::Empty, Some(Value::DateTime("2026-03-02T14:05:06".parse().unwrap()))),
        ("level", Field::NotDelivered, Some(Value::Number(Number::Whole(7)))),
        ("share", Field::NotDelivered, Some(Value::Number(Number::Decimal(0.25)))),
        ("remote", Field::Value(Value::YesNo(false)), Some(Value::YesNo(true))),
        ("number", Field::NotDelivered, Some(Value::Text("0012".into()))),
        ("card", Field::NotDelivered, Some(Value::Number(Number::Whole(9_007_199_254_740_993)))),
        ("old", Field::NotDelivered, Some(Value::Date("1066-10-14".parse().unwrap()))),
        ("boss", Field::NotDelivered, Some(Value::Person("3000000000000000102".into()))),
    ];
    let Some(sheets) = read(&about(vec![changed(&fields)])) else { return };
    let changes = sheet(&sheets, "Changes");
    let told = |heading| -> Vec<(String, String)> {
        let cells = column(changes, heading).into_iter().filter(|cell| !cell.is_null());
        cells.map(|cell| (cell["type"].as_str().unwrap().to_owned(), cell["value"].to_string())).collect()
    };
    let expected = |cells: &[(&str, &str)]| -> Vec<(String, String)> {
        cells.iter().map(|(kind, value)| ((*kind).to_owned(), (*value).to_owned())).collect()
    };
    let before = [("datetime", "\"2026-03-02T00:00:00\""), ("str", "\"(empty)\""), ("bool", "false")];
    assert_eq!(told("Before"), expected(&before));
    let after = [
        ("str", "\"(empty)\""),
        ("datetime", "\"2026-03-02T14:05:06\""),
        ("int", "7"),
        ("float", "0.25"),
        ("bool", "true"),
        ("str", "\"0012\""),
        ("str", "\"9007199254740993\""),
        ("str", "\"1066-10-14\""),
        ("str", "\"3000000000000000102\""),
    ];
    assert_eq!(told("After"), expected(&after));
    assert_eq!(column(changes, "Before")[0]["format"], "yyyy-mm-dd");
    assert_eq!(column(changes, "After")[1]["format"], "yyyy-mm-dd hh:mm:ss");
    assert!(column(changes, "Line").iter().all(|cell| cell["type"] == "int" && cell["value"] == 7));
    for (name, heading) in [("Changes", "Employee id"), ("People", "Employee id")] {
        let ids = column(sheet(&sheets, name), heading);
        assert!(ids.iter().all(|id| id["type"] == "str" && id["value"] == "3000000000000000101"), "{name}");
    }
    assert!(column(sheet(&sheets, "People"), "User id").iter().all(|id| id["type"] == "str"));
    let summary = sheet(&sheets, "Summary");
    let values: BTreeMap<_, _> = column(summary, "What")
        .iter()
        .zip(column(summary, "Value"))
        .map(|(what, value)| (what["value"].as_str().unwrap().to_owned(), value))
        .collect();
    assert_eq!(values["Started (Europe/Paris)"]["value"], "2026-03-02T02:00:00");
    assert_eq!(values["records read"]["value"], 1);
    assert_eq!(values["altogether"]["value"], 64);
}

#[test]
fn what_looks_like_a_formula_stays_text_even_when_somebody_edits_it() {
    let names =
        ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=HYPERLINK(\"http://x\",\"y\")", "http://acme.example", "{=1}"];
    let people = names.iter().enumerate().map(|(id, name)| outcome(OutcomeKind::Conflict, id, name));
    let Some(sheets) = read(&about(people.collect())) else { return };
    for sheet in &sheets {
        for cell in rows(sheet).iter().flat_map(|row| row.as_array().unwrap()).filter(|cell| !cell.is_null()) {
            assert!(cell["kind"] != "f" && cell["link"] == false, "{cell}");
        }
    }
    let cells = column(sheet(&sheets, "People"), "Name");
    let read: Vec<_> = cells.iter().map(|cell| cell["value"].as_str().unwrap()).collect();
    assert_eq!(read, names);
    let quoted: Vec<_> = cells.iter().map(|cell| cell["quoted"].as_bool().unwrap()).collect();
    assert_eq!(quoted, [true, true, true, true, true, true, false, false]);
}

#[test]
fn the_worst_of_texts_is_a_workbook_that_opens() {
    let names = [
        "x".repeat(10_000),
        "\u{0}\u{1}\u{8}\u{b}\u{1f}\u{7f}\u{85}\u{fffe}\u{ffff}".to_owned(),
        "_x0041_ <b>&amp;</b> ]]> \"'".to_owned(),
        "محمد علي \u{202e}gnp.exe".to_owned(),
        "👩🏽‍💻 é e\u{301}".to_owned(),
        " two  spaces\r\nand a line ".to_owned(),
        "é".repeat(40_000),
        "\u{10ffff}\u{fffd}".to_owned(),
    ];
    let mut people: Vec<_> =
        names.iter().enumerate().map(|(id, name)| outcome(OutcomeKind::Unchanged, id, name)).collect();
    people.push(changed(&[("note", Field::NotDelivered, Some(Value::Text("😀".repeat(40_000).into())))]));
    let Some(sheets) = read(&about(people)) else { return };
    let cells = column(sheet(&sheets, "People"), "Name");
    let read: Vec<_> = cells.iter().map(|cell| cell["value"].as_str().unwrap()).collect();
    assert_eq!(read[0], names[0]);
    assert_eq!(read[1], "\u{fffd}".repeat(9));
    // openpyxl shows an underscore that could begin a code as the file has it; spreadsheets show `_x0041_`.
    assert_eq!(read[2], names[2].replace("_x0041_", "_x005F_x0041_"));
    assert_eq!([read[3], read[4]], [&*names[3], &*names[4]]);
    assert_eq!(read[5], " two  spaces\nand a line ");
    assert!(read[6].starts_with("éé") && read[6].ends_with("rollbook runs 01JNB4Y6V7 --format csv)"));
    assert_eq!(read[6].encode_utf16().count(), 32_767);
    assert_eq!(read[7], names[7]);
    let note = &column(sheet(&sheets, "Changes"), "After")[0];
    assert!(note["value"].as_str().unwrap().encode_utf16().count() <= 32_767);
}

#[test]
fn columns_that_are_left_out_are_in_no_sheet() {
    use SheetColumn::{Changes, Email, EmployeeId, Name, Where};
    let mut report = full();
    report.privacy.left_out = [Name, Email, EmployeeId, Where, Changes].into();
    let book = sheets_of(&written(&report));
    let headings: HashSet<String> =
        book.values().flat_map(|range| range.rows().next().unwrap().iter().map(ToString::to_string)).collect();
    for gone in ["Name", "Address", "Employee id", "Where", "File", "Person, record or value"] {
        assert!(!headings.contains(gone), "{gone}");
    }
    let changes = &book["Changes"];
    let what: HashSet<String> = changes.rows().skip(1).map(|row| row[1].to_string()).collect();
    assert_eq!(what, HashSet::from(["joined".to_owned(), "left".to_owned()]));
    assert_eq!(book["People"].height() - 1, report.outcomes.len() + report.unreadable.len());
    report.privacy.left_out = SheetColumn::ALL.into();
    assert!(sheets_of(&written(&report)).contains_key("Summary"));
}

#[test]
fn sheets_without_rows_are_left_out_in_every_language() {
    for language in Language::ALL {
        let mut report = about(Vec::new());
        report.language = language;
        assert_eq!(sheets_of(&written(&report)).len(), 2, "{language:?}");
        let all = RunReport { language, ..full() };
        assert_eq!(sheets_of(&written(&all)).len(), 7, "{language:?}");
    }
}

#[test]
fn the_same_report_is_the_same_file() {
    assert_eq!(written(&full()), written(&full()));
}

#[test]
fn a_disk_without_room_is_an_error_and_no_panic() {
    let error = unless_full(|| panic!("the library's way of saying so")).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::StorageFull);
}

/// The sheets as calamine reads them, by name.
fn sheets_of(bytes: &[u8]) -> BTreeMap<String, Range<Data>> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    book.worksheets().into_iter().collect()
}

fn any_kind() -> impl Strategy<Value = OutcomeKind> {
    prop::sample::select(OutcomeKind::ALL.to_vec())
}

/// Names of every script, and such as look like something else.
fn any_name() -> impl Strategy<Value = String> {
    "\\PC{0,12}|[=+@\t\r\n\"<&_x0]{0,9}"
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn totals_add_up_and_everybody_is_in_the_people_once(
        people in prop::collection::vec((any_kind(), any::<bool>(), any_name()), 0..60),
        unreadable in 0_usize..5,
        not_reached in 0_usize..3,
        language in prop::sample::select(Language::ALL.to_vec()),
    ) {
        let outcomes = people.iter().enumerate().map(|(id, (kind, in_roster, name))| {
            let mut outcome = outcome(*kind, id, name);
            outcome.person.employee = EmployeeId::new(format!("{}", 3_000_000_000_000_000_000_u64 + id as u64));
            outcome.person.in_roster = *in_roster;
            outcome
        });
        let mut report = RunReport { language, ..about(outcomes.collect()) };
        report.employees += unreadable + not_reached;
        let record = |position| UnreadableRecord { position, reason: "no id".to_owned() };
        report.unreadable = (1..=unreadable).map(record).collect();
        let words = Words::of(language);
        let sheets = sheets_of(&written(&report));

        let table = &sheets[&words.say("book-people")];
        prop_assert_eq!(table.height() - 1, people.len() + unreadable);
        let ids = table.rows().skip(1).map(|row| row[0].to_string()).filter(|id| !id.is_empty());
        let ids: HashSet<String> = ids.collect();
        let expected = report.outcomes.iter().map(|outcome| outcome.person.employee.to_string());
        let expected: HashSet<String> = expected.collect();
        prop_assert_eq!(ids, expected);

        let totals = Totals::of(&report);
        let summary = &sheets[&words.say("book-summary")];
        let row = |what: &str| summary.rows().find(|row| row[1] == what);
        let count = |what: &str| row(what).map_or(0.0, |row| row[2].as_f64().unwrap());
        #[expect(clippy::cast_precision_loss, reason = "counts are small")]
        let as_read = |count: usize| count as f64;
        prop_assert_eq!(count(&words.say("book-read")), as_read(report.employees));
        let mut told: BTreeMap<String, usize> = BTreeMap::new();
        for row in table.rows().skip(1) {
            *told.entry(row[3].to_string()).or_default() += 1;
        }
        for kind in OutcomeKind::ALL {
            let word = super::super::view::word(kind, words);
            prop_assert_eq!(count(&word), as_read(totals.count(kind)));
            prop_assert_eq!(told.get(&word).copied().unwrap_or_default(), totals.count(kind));
        }
        let sum: usize = OutcomeKind::ALL.into_iter().map(|kind| totals.count(kind)).sum();
        prop_assert_eq!(sum + unreadable + not_reached, report.employees + totals.gone());
    }
}
