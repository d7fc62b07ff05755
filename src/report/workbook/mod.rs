//! The report as a workbook: one sheet a topic, with typed cells, headers that stay in sight, and filters. The only module
//! that names the library.
//!
//! While people are gone through, rows are in files without names that vanish with the process, not in memory. Nothing in it
//! is a formula or a link. What the format cannot hold is cut, with a pointer to where the rest is.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use jiff::tz::TimeZone;
use rust_xlsxwriter::{DocProperties, Workbook};

mod cell;
mod page;
mod rows;
mod topics;

#[cfg(test)]
mod tests;

use cell::Cell;
use page::{Column, Page, failed};
use rows::{CHANGES, LEFT_OUT, Moves};
pub(super) use rows::{Rows, Telling};
use topics::{ATTENTION, GROUPS, MISSES, SUMMARY};

use super::language::Words;
use super::tables::{About, Forms, fill};
use super::{Attention, RunReport};
use crate::model::SheetColumn;
use crate::model::plan::{GroupChange, NewGroup};

/// Writes the workbook of a report.
///
/// # Errors
/// When `out` fails, or there is no room for the files that rows are kept in meanwhile.
pub fn write_workbook(report: &RunReport, out: impl Write + Send) -> io::Result<()> {
    let attention = Attention::of(report);
    let about = About::of(&report.outcomes, report, &attention, Forms { csv: false, xlsx: true });
    let mut book = Book::of(report, &attention)?;
    fill(&report.outcomes, &about, |part| part.book.map_or(Ok(()), |rows| book.add(rows)))?;
    book.finish(out)
}

/// A workbook while it grows.
pub(super) struct Book {
    workbook: Workbook,
    summary: Page,
    attention: Page,
    people: Page,
    changes: Page,
    groups: Page,
    left_out: Page,
    misses: Page,
    made: Vec<NewGroup>,
    changed: Vec<GroupChange>,
    moves: BTreeMap<Arc<str>, Moves>,
    words: Words,
}

/// How hard the library packs, of 1 to 9: harder than this takes twice the time and saves a tenth.
const PACKED: u8 = 3;

/// The columns of the table of people.
const PEOPLE: [Column; SheetColumn::ALL.len()] = {
    use SheetColumn::*;
    [
        Column::telling("book-id", 22.0, EmployeeId),
        Column::telling("book-name", 28.0, Name),
        Column::telling("book-email", 32.0, Email),
        Column::telling("book-outcome", 14.0, Outcome),
        Column::telling("book-rule", 40.0, Reason),
        Column::telling("attention-where", 24.0, Where),
        Column::telling("book-user-id", 26.0, UserId),
        Column::telling("book-changed", 60.0, Changes),
        Column::telling("book-groups-joined", 36.0, GroupsJoined),
        Column::telling("book-groups-left", 36.0, GroupsLeft),
        Column::telling("book-held", 36.0, Held),
        Column::telling("book-attention", 48.0, Attention),
        Column::telling("attention-todo", 48.0, Hint),
        Column::telling("attention-whose", 26.0, Whose),
    ]
};

impl Book {
    /// A workbook that says of a report what is known before its people are gone through.
    ///
    /// # Errors
    /// When there is no room for the files that rows are kept in.
    pub(super) fn of(report: &RunReport, attention: &Attention) -> io::Result<Self> {
        let mut workbook = Workbook::new();
        workbook.set_zip_compression_level(PACKED);
        let made = report.finished.to_zoned(TimeZone::UTC).datetime();
        workbook.set_properties(&DocProperties::new().set_author("Rollbook").set_creation_datetime(&made));
        let mut page = |name, columns: &[Column]| Page::new(&mut workbook, (name, columns), report);
        let mut book = Self {
            summary: page("book-summary", &SUMMARY)?,
            attention: page("book-attention", &ATTENTION)?,
            people: page("book-people", &PEOPLE)?,
            changes: page("book-changes", &CHANGES)?,
            groups: page("book-groups", &GROUPS)?,
            left_out: page("book-left-out", &LEFT_OUT)?,
            misses: page("book-misses", &MISSES)?,
            made: report.new_groups.clone(),
            changed: report.group_changes.clone(),
            moves: BTreeMap::new(),
            words: Words::of(report.language),
            workbook,
        };
        unless_full(|| {
            topics::summary(report, attention).into_iter().try_for_each(|row| book.summary.row(row))?;
            topics::attention(attention, book.words).try_for_each(|row| book.attention.row(row))?;
            topics::misses(&report.table_misses).try_for_each(|row| book.misses.row(row))
        })?;
        Ok(book)
    }

    /// Adds what there is to say of some people.
    ///
    /// # Errors
    /// When there is no room left for the files that rows are kept in.
    pub(super) fn add(&mut self, rows: Rows) -> io::Result<()> {
        for (group, Moves { joined, left }) in rows.moves {
            let moves = self.moves.entry(group).or_default();
            moves.joined += joined;
            moves.left += left;
        }
        unless_full(|| {
            rows.people.into_iter().try_for_each(|row| self.people.row(row.map(Cell::Text)))?;
            rows.changes.into_iter().try_for_each(|row| self.changes.row(row))?;
            rows.left_out.into_iter().try_for_each(|row| self.left_out.row(row))
        })
    }

    /// About how many bytes it has before it is packed.
    pub(super) fn bytes(&self) -> usize {
        [&self.attention, &self.people, &self.changes, &self.left_out].map(Page::bytes).iter().sum()
    }

    /// Packs it.
    ///
    /// # Errors
    /// When `out` fails.
    pub(super) fn finish(mut self, out: impl Write + Send) -> io::Result<()> {
        unless_full(|| {
            let rows = topics::groups(&self.made, &self.changed, std::mem::take(&mut self.moves), self.words);
            rows.into_iter().try_for_each(|row| self.groups.row(row))?;
            // In the order of the workbook. Those in which nothing stands are left out, but for what everybody looks for.
            let pages = [
                (self.summary, true),
                (self.attention, false),
                (self.people, true),
                (self.changes, false),
                (self.groups, false),
                (self.left_out, false),
                (self.misses, false),
            ];
            for (page, always) in pages {
                let (sheet, has_rows) = page.finish()?;
                if always || has_rows {
                    self.workbook.push_worksheet(sheet);
                }
            }
            self.workbook.save_to_writer(out).map_err(failed)
        })
    }
}

/// The library panics when its files cannot grow; a full disk must not end more than the workbook.
fn unless_full(work: impl FnOnce() -> io::Result<()>) -> io::Result<()> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err(io::ErrorKind::StorageFull.into()))
}
