//! The report as a sheet: one row for every person and every record that could not be read, as CSV.
//!
//! Its headers are read by programs, and are the same in every language.

use std::io::{self, Write};

mod formula;
mod row;

pub use formula::harmless;
pub(super) use formula::looks_like_formula;
pub(super) use row::{Row, of_person, of_record};

use super::tables::{About, Forms, fill};
use super::{Attention, RunReport};
use crate::delimited::DelimitedWriter;
use crate::model::{Privacy, SheetColumn};

/// Excel reads a file as UTF-8 only when it starts with this.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Writes the sheet row by row. No cell is one that a spreadsheet would run as a formula.
///
/// # Errors
/// When `out` fails.
pub fn write_sheet(report: &RunReport, mut out: impl Write + Send) -> io::Result<()> {
    let attention = Attention::of(report);
    let about = About::of(&report.outcomes, report, &attention, Forms { csv: true, xlsx: false });
    fill(&report.outcomes, &about, |part| out.write_all(&part.csv))?;
    out.flush()
}

/// The columns that a sheet has.
pub(super) struct Sheet {
    columns: Vec<SheetColumn>,
}

impl Sheet {
    /// All but those that are left out.
    pub(super) fn of(privacy: &Privacy) -> Self {
        Self { columns: SheetColumn::ALL.into_iter().filter(|column| !privacy.left_out.contains(column)).collect() }
    }

    /// What comes before the first row.
    pub(super) fn head(&self) -> io::Result<Vec<u8>> {
        let mut text = BYTE_ORDER_MARK.as_bytes().to_vec();
        let headers: Vec<&str> = self.columns.iter().map(|column| column.word()).collect();
        let mut sheet = DelimitedWriter::new(&mut text);
        sheet.row(&headers)?;
        sheet.flush()?;
        drop(sheet);
        Ok(text)
    }

    /// Rows as they stand in the sheet.
    pub(super) fn rows(&self, rows: &[Row]) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        let mut sheet = DelimitedWriter::new(&mut text);
        for row in rows {
            let cells: Vec<_> = self.columns.iter().map(|column| harmless(&row[*column as usize])).collect();
            sheet.row(&cells.iter().map(|cell| &**cell).collect::<Vec<_>>())?;
        }
        sheet.flush()?;
        drop(sheet);
        Ok(text)
    }
}
