//! Lookup tables: an author's CSV file as rows with places, before anybody says what its columns mean.
//!
//! Reads what spreadsheets write (a byte-order mark, `;` or tabs, Windows line ends) and says at line and column what
//! it cannot read. What a row means is decided by the stages, and by [`ValueTable`] for tables read with `lookup`.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::Arc;

use crate::model::Origin;
use crate::problem::{Place, Problem, Problems, SourceFile, did_you_mean, nearest};

mod read;
mod scan;
#[cfg(test)]
mod tests;
mod values;

pub use values::{Found, ValueRow, ValueTable, ValueTables};

/// The largest file.
pub const MAX_BYTES: usize = 20 * 1024 * 1024;
/// The most rows in a table, the header not counted.
pub const MAX_ROWS: usize = 200_000;
/// The most columns in a table.
pub const MAX_COLUMNS: usize = 64;
/// The most characters in a cell.
pub const MAX_CELL_CHARS: usize = 10_000;

/// Columns that every table may have: `enabled` leaves rows out, `comment` is for people.
const COMMON_COLUMNS: [&str; 2] = ["enabled", "comment"];

/// A lookup table as it was read: a header and the rows that are enabled.
#[derive(Debug, Clone)]
pub struct Table {
    /// The file.
    pub file: Arc<SourceFile>,
    file_name: Arc<str>,
    separator: u8,
    columns: Vec<Column>,
    rows: Vec<RowSpan>,
    cells: Vec<CellSpan>,
    /// The text of cells that hold doubled quotes, by their index in `cells`.
    unescaped: HashMap<usize, Box<str>>,
    has_whole_header: bool,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its header, trimmed.
    pub name: Arc<str>,
    /// Where the header stands.
    pub place: Place,
}

#[derive(Debug, Clone, Copy)]
struct RowSpan {
    /// The line it starts on, from 1.
    line: u32,
    /// Where the row starts in the text.
    start: u32,
    /// Index of its first cell in `cells`.
    first_cell: u32,
}

/// The bytes of a cell's trimmed text, inside the quotes if it has any. A file has fewer than 2³² bytes.
#[derive(Debug, Clone, Copy)]
struct CellSpan {
    start: u32,
    end: u32,
}

/// One enabled row.
#[derive(Debug, Clone, Copy)]
pub struct Row<'t> {
    table: &'t Table,
    span: RowSpan,
}

/// One cell of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell<'t> {
    /// Its text, trimmed and without the doubling of quotes.
    pub text: &'t str,
    /// The bytes of the text in the file, inside the quotes if the cell has any.
    pub place: Place,
}

impl Table {
    /// Reads a table from a file's bytes. Everything wrong with it is added to `problems`; a table comes back wherever
    /// there is a header to go on with, so that its cells can be checked too.
    pub fn read(path_shown: &Path, bytes: &[u8], problems: &mut Problems) -> Option<Self> {
        if bytes.len() > MAX_BYTES {
            let message = format!("this file is larger than {} MiB, which is the most for a table", MAX_BYTES >> 20);
            problems.push(Problem::file("table-too-large", path_shown, message).help("split the table"));
            return None;
        }
        let file = SourceFile::decode(path_shown, bytes, "save the file as CSV UTF-8", problems)?;
        read::read(&file, problems)
    }

    /// The name that recipes and scripts use: the file's name without its extension.
    #[must_use]
    pub fn name(&self) -> Cow<'_, str> {
        self.file.path.file_stem().map_or(Cow::Borrowed(""), |stem| stem.to_string_lossy())
    }

    /// Whether every column has a name of its own; if not, nobody knows which cell is which.
    #[must_use]
    pub fn has_whole_header(&self) -> bool {
        self.has_whole_header
    }

    /// The columns, in the order of the file.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The rows that are enabled, in the order of the file.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = Row<'_>> {
        self.rows.iter().map(|span| Row { table: self, span: *span })
    }

    /// Whether there is a column with this name.
    #[must_use]
    pub fn has_column(&self, name: &str) -> bool {
        self.column(name).is_some()
    }

    /// Reports columns that mean nothing here, and required ones that are not there. A column that is nearly right then
    /// counts as the one that was meant, so that its cells are checked too.
    pub fn check_columns(&mut self, known: &[&str], required: &[&str], problems: &mut Problems) {
        let words: BTreeSet<&str> = known.iter().chain(required).chain(&COMMON_COLUMNS).copied().collect();
        for index in 0..self.columns.len() {
            let column = &self.columns[index];
            if column.name.is_empty() || words.contains(&*column.name) {
                continue;
            }
            let message = format!("this table has no column `{}`", column.name);
            let help = did_you_mean(&column.name, words.iter().copied());
            problems.push(Problem::new("unknown-column", &column.place, message).maybe_help(help));
            let meant = nearest(&column.name, words.iter().copied()).filter(|meant| !self.has_column(meant));
            if let Some(meant) = meant {
                self.columns[index].name = meant.into();
            }
        }
        let missing: Vec<String> =
            required.iter().filter(|name| !self.has_column(name)).map(|name| format!("`{name}`")).collect();
        if !missing.is_empty() {
            let word = if missing.len() == 1 { "the column" } else { "the columns" };
            let message = format!("{word} {} must be there", missing.join(", "));
            problems.push(
                Problem::new("missing-column", &self.header_place(), message)
                    .help(format!("add {} to the header", missing.join(", "))),
            );
        }
    }

    /// Reports a column that is not there although something of every rule stands in it.
    pub fn check_has(&self, column: &str, problems: &mut Problems) {
        if !self.has_column(column) {
            let message = format!("the column `{column}` must be there");
            let problem = Problem::new("missing-column", &self.header_place(), message);
            problems.push(problem.help(format!("add `{column}` to the header")));
        }
    }

    /// The whole header line.
    #[must_use]
    pub fn header_place(&self) -> Place {
        match (self.columns.first(), self.columns.last()) {
            (Some(first), Some(last)) => Place::new(&self.file, first.place.span.start..last.place.span.end),
            _ => Place::start(&self.file),
        }
    }

    fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| &*column.name == name)
    }

    fn row(&self, index: usize) -> Row<'_> {
        Row { table: self, span: self.rows[index] }
    }
}

impl<'t> Row<'t> {
    /// The cell in a column, unless it is empty: what an author left out and what they left empty are the same.
    #[must_use]
    pub fn given(&self, name: &str) -> Option<Cell<'t>> {
        self.cell(name).filter(|cell| !cell.text.is_empty())
    }

    /// The cell in the column with this name; `None` if the table has no such column.
    #[must_use]
    pub fn cell(&self, name: &str) -> Option<Cell<'t>> {
        self.table.column(name).map(|column| self.at(column))
    }

    /// The place of a cell that may be empty; the row's where there is no such column.
    #[must_use]
    pub fn hole(&self, name: &str) -> Place {
        self.cell(name).map_or_else(|| self.place(), |cell| cell.place)
    }

    /// The line the row starts on, from 1.
    #[must_use]
    pub fn line(&self) -> u32 {
        self.span.line
    }

    /// The file's name and the row's line, for reasons.
    #[must_use]
    pub fn origin(&self) -> Arc<Origin> {
        Arc::new(Origin { file: Arc::clone(&self.table.file_name), line: self.span.line })
    }

    /// The row from its first to its last cell, for problems with the row as a whole.
    #[must_use]
    pub fn place(&self) -> Place {
        let last = self.cell_span(self.table.columns.len().saturating_sub(1));
        Place::new(&self.table.file, self.span.start as usize..last.end as usize)
    }

    fn at(&self, column: usize) -> Cell<'t> {
        let place = self.cell_place(column);
        Cell { text: self.text(column), place }
    }

    fn cell_place(&self, column: usize) -> Place {
        let span = self.cell_span(column);
        Place::new(&self.table.file, span.start as usize..span.end as usize)
    }

    fn text(&self, column: usize) -> &'t str {
        let index = self.span.first_cell as usize + column;
        if let Some(text) = self.table.unescaped.get(&index) {
            return text;
        }
        let span = self.cell_span(column);
        &self.table.file.text[span.start as usize..span.end as usize]
    }

    fn cell_span(&self, column: usize) -> CellSpan {
        self.table.cells[self.span.first_cell as usize + column]
    }
}
