//! One sheet of the workbook while it grows: headers, rows, and what keeps both within what the format allows.

use std::borrow::Cow;
use std::io;

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::super::RunReport;
use super::super::language::Words;
use super::super::sheet::looks_like_formula;
use super::cell::{Cell, fitting, plain};
use crate::model::SheetColumn;

/// A column: its heading by its id, how wide it is in characters, and which column of the people's table it tells of, with
/// which it is left out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    heading: &'static str,
    width: f64,
    tells: Option<SheetColumn>,
}

impl Column {
    /// A column that tells nothing of a person.
    pub(super) const fn of(heading: &'static str, width: f64) -> Self {
        Self { heading, width, tells: None }
    }

    /// A column that tells of people what this one of their table tells.
    pub(super) const fn telling(heading: &'static str, width: f64, column: SheetColumn) -> Self {
        Self { heading, width, tells: Some(column) }
    }
}

/// A sheet. Its rows are in a file without a name until the workbook is saved, not in memory.
pub(super) struct Page {
    sheet: Worksheet,
    /// Where each column stands; nothing where it is left out.
    places: Vec<Option<u16>>,
    /// The row that is written next.
    next: u32,
    /// The row of the pointer to what found no room.
    last: u32,
    /// Rows that found no room.
    unwritten: usize,
    /// About how many bytes were written.
    bytes: usize,
    styles: Styles,
    words: Words,
    run: String,
    /// At the end of a text that was cut.
    more: String,
}

/// Rows of a sheet, the one of the headers among them.
const ROWS: u32 = 1_048_576;

/// What the format writes around a cell, in bytes.
const AROUND: usize = 40;

/// How cells look.
#[derive(Clone)]
struct Styles {
    header: Format,
    date: Format,
    date_time: Format,
    /// Text that would be a formula once somebody types Enter in it.
    quoted: Format,
}

impl Page {
    /// A sheet with these headers.
    pub(super) fn new(
        workbook: &mut Workbook,
        (name, columns): (&'static str, &[Column]),
        report: &RunReport,
    ) -> io::Result<Self> {
        let words = Words::of(report.language);
        let mut sheet = workbook.new_worksheet_with_constant_memory().map_err(failed)?;
        let styles = Styles::new();
        let run = report.run.clone();
        let more = words.with("book-more-of-cell", [("run", (&*run).into())]);
        let mut places = Vec::with_capacity(columns.len());
        let mut place = 0;
        sheet.set_name(words.say(name)).and_then(|sheet| sheet.set_freeze_panes(1, 0)).map_err(failed)?;
        for column in columns {
            if column.tells.is_some_and(|told| report.privacy.left_out.contains(&told)) {
                places.push(None);
                continue;
            }
            sheet.set_column_width(place, column.width).map_err(failed)?;
            sheet.write_string_with_format(0, place, words.say(column.heading), &styles.header).map_err(failed)?;
            places.push(Some(place));
            place += 1;
        }
        Ok(Self { sheet, places, next: 1, last: ROWS - 1, unwritten: 0, bytes: 0, styles, words, run, more })
    }

    /// Writes a row; counts it where there is no room left.
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) -> io::Result<()> {
        if self.next >= self.last {
            self.unwritten += 1;
            return Ok(());
        }
        let row = self.next;
        for (column, cell) in cells.into_iter().enumerate() {
            if let Some(place) = self.places[column] {
                self.cell(row, place, cell).map_err(failed)?;
            }
        }
        self.next += 1;
        Ok(())
    }

    /// About how many bytes its rows take before they are packed.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// The sheet, and whether it has any row.
    pub(super) fn finish(mut self) -> io::Result<(Worksheet, bool)> {
        let (columns, last_row) = (self.places.iter().flatten().count(), self.next - 1);
        if let Some(last_column) = u16::try_from(columns).ok().and_then(|columns| columns.checked_sub(1)) {
            self.sheet.autofilter(0, 0, last_row, last_column).map_err(failed)?;
        }
        if self.unwritten > 0 {
            let places = [("n", self.unwritten.into()), ("run", (&*self.run).into())];
            self.sheet.write_string(self.next, 0, self.words.with("book-more-rows", places)).map_err(failed)?;
        }
        Ok((self.sheet, last_row > 0))
    }

    fn cell(&mut self, row: u32, column: u16, cell: Cell) -> Result<(), XlsxError> {
        self.bytes += AROUND;
        match cell {
            Cell::Empty => return Ok(()),
            Cell::Text(text) => return self.text(row, column, text),
            Cell::Shared(text) => return self.text(row, column, text.as_ref().to_owned()),
            Cell::Number(number) => self.sheet.write_number(row, column, number)?,
            Cell::YesNo(yes) => self.sheet.write_boolean(row, column, yes)?,
            Cell::Date(date) => self.sheet.write_datetime_with_format(row, column, date, &self.styles.date)?,
            Cell::DateTime(at) => self.sheet.write_datetime_with_format(row, column, at, &self.styles.date_time)?,
        };
        Ok(())
    }

    fn text(&mut self, row: u32, column: u16, text: String) -> Result<(), XlsxError> {
        let text = plain(text);
        let text = match fitting(&text, &self.more) {
            Cow::Borrowed(_) => text,
            Cow::Owned(cut) => cut,
        };
        self.bytes += text.len();
        if looks_like_formula(&text) {
            self.sheet.write_string_with_format(row, column, text, &self.styles.quoted)?;
        } else {
            self.sheet.write_string(row, column, text)?;
        }
        Ok(())
    }
}

impl Styles {
    fn new() -> Self {
        let header = Format::new().set_bold().set_font_color(Color::White).set_background_color(Color::RGB(0x1F_3A_5F));
        Self {
            header: header.set_border_bottom(FormatBorder::Thin).set_align(FormatAlign::Top).set_text_wrap(),
            date: Format::new().set_num_format("yyyy-mm-dd"),
            date_time: Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            quoted: Format::new().set_quote_prefix(),
        }
    }
}

/// Why the library could not go on, without a path or a value.
pub(super) fn failed(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        XlsxError::ZipError(error) => error.into(),
        other => io::Error::other(other),
    }
}

#[cfg(test)]
mod tests {
    use calamine::{Reader as _, Xlsx};

    use super::super::super::sample::empty;
    use super::*;

    #[test]
    fn rows_that_a_sheet_has_no_room_for_are_counted_below_the_last_one() {
        let mut workbook = Workbook::new();
        let mut page = Page::new(&mut workbook, ("book-people", &[Column::of("book-name", 20.0)]), &empty()).unwrap();
        page.last = 4;
        (0..10).try_for_each(|number| page.row([Cell::count(number)])).unwrap();
        workbook.push_worksheet(page.finish().unwrap().0);
        let bytes = workbook.save_to_buffer().unwrap();
        let mut read: Xlsx<_> = Xlsx::new(io::Cursor::new(bytes)).unwrap();
        let rows: Vec<String> = read.worksheets()[0].1.rows().map(|row| row[0].to_string()).collect();
        let more = "and 7 more rows, for which a sheet has no room: rollbook runs 01JNB4Y6V7 --format csv";
        assert_eq!(rows, ["Name", "0", "1", "2", more]);
    }
}
