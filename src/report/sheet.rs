//! The report as a sheet: one row for every person and every record that could not be read.

use std::borrow::{Borrow, Cow};
use std::io::{self, Write};
use std::sync::Arc;

use rayon::iter::ParallelIterator as _;
use rayon::slice::ParallelSlice as _;

use super::RunReport;
use super::attention::{Affected, Attention, Cause, Group, UNREADABLE_HINT, record_name};
use super::changes::{Names, apart_from_groups, in_one_cell, membership, written};
use super::language::Words;
use crate::delimited::DelimitedWriter;
use crate::model::plan::MembershipChange;
use crate::model::{Outcome, UnreadableRecord};

/// The headers, in order.
const COLUMNS: [&str; 14] = [
    "employee_id",
    "name",
    "email",
    "outcome",
    "reason",
    "where",
    "user_id",
    "changes",
    "groups_joined",
    "groups_left",
    "held",
    "attention",
    "hint",
    "whose",
];

/// Excel reads a file as UTF-8 only when it starts with this.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// People whose rows are made at the same time and who are let go together, and how many of them one core takes.
const AT_ONCE: usize = 2_000;
const ON_ONE_CORE: usize = 125;

/// Writes the sheet row by row. No cell is one that a spreadsheet would run as a formula.
///
/// # Errors
/// When `out` fails.
pub fn write_sheet(report: &RunReport, out: impl Write) -> io::Result<()> {
    let names = Names::of(&report.outcomes, Words::of(report.language));
    write_rows(&report.outcomes, &report.unreadable, &names, &Attention::of(report), out)
}

/// The same, where it is known what needs attention. Each person is let go once their row is written: a large report
/// and its sheet would else be there at the same time.
pub(super) fn write_sheet_of(report: RunReport, attention: &Attention, out: impl Write) -> io::Result<()> {
    let names = Names::of(&report.outcomes, Words::of(report.language));
    write_rows(report.outcomes, &report.unreadable, &names, attention, out)
}

fn write_rows<O: Borrow<Outcome> + Sync>(
    outcomes: impl IntoIterator<Item = O>,
    unreadable: &[UnreadableRecord],
    names: &Names,
    attention: &Attention,
    mut out: impl Write,
) -> io::Result<()> {
    let by_employee = attention.by_employee();
    let of_people = |people: &[O]| {
        rows(people.iter().map(Borrow::borrow).map(|outcome| {
            let concerns = by_employee.get(&outcome.person.employee).map_or(&[][..], Vec::as_slice);
            of_person(outcome, concerns, names)
        }))
    };
    out.write_all(BYTE_ORDER_MARK.as_bytes())?;
    out.write_all(&rows(std::iter::once(COLUMNS.map(str::to_owned)))?)?;
    let mut outcomes = outcomes.into_iter();
    loop {
        let people: Vec<O> = outcomes.by_ref().take(AT_ONCE).collect();
        if people.is_empty() {
            break;
        }
        let parts: io::Result<Vec<_>> = people.par_chunks(ON_ONE_CORE).map(of_people).collect();
        parts?.iter().try_for_each(|part| out.write_all(part))?;
    }
    out.write_all(&rows(unreadable.iter().map(|record| of_record(record, names.words)))?)?;
    out.flush()
}

/// Rows as they stand in the sheet.
fn rows(all: impl Iterator<Item = [String; COLUMNS.len()]>) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    let mut sheet = DelimitedWriter::new(&mut text);
    for cells in all {
        let cells = cells.each_ref().map(|cell| harmless(cell));
        sheet.row(&cells.each_ref().map(|cell| &**cell))?;
    }
    sheet.flush()?;
    drop(sheet);
    Ok(text)
}

fn of_person(outcome: &Outcome, concerns: &[(&Group, &Affected)], names: &Names) -> [String; COLUMNS.len()] {
    let person = &outcome.person;
    let done = person.changes.as_deref();
    let held = outcome.held.as_deref();
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    [
        person.employee.to_string(),
        person.name.to_string(),
        text(person.email.as_deref()),
        outcome.kind.to_string(),
        names.words.sentence(&person.reason.text).into_owned(),
        person.reason.origin.as_ref().map(ToString::to_string).unwrap_or_default(),
        text(person.user.as_ref().map(|user| user.as_str())),
        in_one_cell(&apart_from_groups(outcome, names)),
        done.map(|changes| memberships(&changes.join)).unwrap_or_default(),
        done.map(|changes| memberships(&changes.leave)).unwrap_or_default(),
        held_cell(held.map(|changes| in_one_cell(&written(changes, names))), concerns, names.words),
        distinct(concerns.iter().map(|(group, affected)| with_place(&affected.text, group.place.as_deref()))),
        distinct(concerns.iter().map(|(_, affected)| affected.hint.clone())),
        distinct(concerns.iter().map(|(group, _)| group.move_of(names.words))),
    ]
}

fn of_record(record: &UnreadableRecord, words: Words) -> [String; COLUMNS.len()] {
    let mut cells = [const { String::new() }; COLUMNS.len()];
    cells[1] = record_name(record.position, words);
    cells[3] = "unreadable".to_owned();
    cells[4] = words.sentence(&record.reason).into_owned();
    cells[11].clone_from(&cells[4].clone());
    cells[12] = words.say(UNREADABLE_HINT);
    cells[13] = words.say("whose-source");
    cells
}

/// What is held; where that is the end of access, there is no field to show.
fn held_cell(fields: Option<String>, concerns: &[(&Group, &Affected)], words: Words) -> String {
    let held = concerns.iter().any(|(group, _)| group.cause == Cause::Held);
    match fields {
        Some(fields) if !fields.is_empty() => fields,
        Some(_) => words.say("held-end-of-access"),
        None if held => words.say("value-yes"),
        None => String::new(),
    }
}

fn memberships(changes: &[Arc<MembershipChange>]) -> String {
    changes.iter().map(|change| membership(change)).collect::<Vec<_>>().join("; ")
}

fn with_place(text: &str, place: Option<&str>) -> String {
    place.map_or_else(|| text.to_owned(), |place| format!("{text} [{place}]"))
}

fn distinct(texts: impl Iterator<Item = String>) -> String {
    let mut kept: Vec<String> = Vec::new();
    for text in texts {
        if !text.is_empty() && !kept.contains(&text) {
            kept.push(text);
        }
    }
    kept.join("; ")
}

/// The cell with an apostrophe wherever a spreadsheet could start to read a formula: at its beginning and, because
/// spreadsheets of many countries separate cells by semicolons, after each of these and after tabs and line ends.
#[must_use]
pub fn harmless(cell: &str) -> Cow<'_, str> {
    if !cell.contains(|c: char| starts_formula(c) || matches!(c, '\t' | '\r')) {
        return Cow::Borrowed(cell);
    }
    let mut safe = String::with_capacity(cell.len() + 1);
    for piece in cell.split_inclusive([';', '\t', '\r', '\n']) {
        let first = piece.trim_start_matches(is_skipped).chars().next();
        if first.is_some_and(|c| starts_formula(c) || matches!(c, '\t' | '\r')) {
            safe.push('\'');
        }
        safe.push_str(piece);
    }
    Cow::Owned(safe)
}

/// What spreadsheets look past before they look for a formula.
fn is_skipped(character: char) -> bool {
    let stays = matches!(character, '\t' | '\r');
    !stays && (character.is_whitespace() || matches!(character, '"' | '\0' | '\u{200b}'..='\u{200f}' | '\u{feff}'))
}

/// `=`, `+`, `-` and `@`, in their usual, small and full-width forms.
fn starts_formula(character: char) -> bool {
    matches!(character, '=' | '+' | '-' | '@')
        || matches!(character, '＝' | '＋' | '－' | '＠' | '﹢' | '﹣' | '﹦' | '﹫' | '−')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cells_that_a_spreadsheet_would_run_are_made_harmless() {
        let bad =
            ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\u{a0}=1", "＝1", " ＋1", "－1", "＠x", "\"=1"];
        for cell in bad {
            assert!(harmless(cell).starts_with('\''), "{cell:?}");
        }
        for cell in ["", "Ann", "a@b.example", "1-2", "'=1", "Jean-Luc; Ann"] {
            assert_eq!(harmless(cell), cell);
        }
        assert_eq!(harmless("title: A; =cmd()"), "title: A;' =cmd()");
    }

    proptest! {
        #[test]
        fn no_part_of_a_cell_starts_a_formula(cell in "[ ;=+@\t\r\n'\"a＝-]{0,12}") {
            for part in harmless(&cell).split([';', '\t', '\r', '\n']) {
                let first = part.trim_start_matches(is_skipped).chars().next();
                prop_assert!(!first.is_some_and(starts_formula));
            }
        }
    }
}
