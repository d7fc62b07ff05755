//! Text → table: the header, the shape of the rows, the bounds, and which rows are enabled.

use std::collections::HashMap;
use std::sync::Arc;

use crate::problem::{Place, Problem, Problems, SourceFile, did_you_mean};

use super::scan::{Mistake, RawCell, RawRow, Scanner, separator_of};
use super::{CellSpan, Column, MAX_CELL_CHARS, MAX_COLUMNS, MAX_ROWS, RowSpan, Table};

/// So many misshapen rows are named one by one; a file with more has one mistake many times.
const MOST_NAMED: usize = 100;

const YES: [&str; 5] = ["yes", "true", "1", "x", ""];
const NO: [&str; 3] = ["no", "false", "0"];

/// Reads the header and every row.
pub(super) fn read(file: &Arc<SourceFile>, problems: &mut Problems) -> Option<Table> {
    let text = file.text.as_str();
    let header = Scanner::new(text, 0).next_row();
    let Some(first_line) = header.map(|row| &text[row.start..row.end]) else {
        let problem = Problem::new("empty-table", &Place::start(file), "the table is empty");
        problems.push(problem.help("the first line names the columns"));
        return None;
    };
    let separator = separator_of(first_line.lines().next().unwrap_or_default());
    let mut scanner = Scanner::new(text, separator);
    let mut reader = Reader { table: empty(file, separator), problems, named: 0 };
    let header = scanner.next_row()?;
    reader.mistakes(&header);
    reader.header(&header)?;
    let enabled = reader.table.column("enabled");
    while reader.named < MOST_NAMED
        && let Some(row) = scanner.next_row()
    {
        if reader.table.rows.len() == MAX_ROWS {
            let place = Place::new(file, row.start..row.end);
            let message = format!("a table may have {MAX_ROWS} rows, and this is one more");
            reader.problems.push(Problem::new("too-many-rows", &place, message).help("split the table"));
            break;
        }
        reader.row(row, enabled);
    }
    Some(reader.table)
}

fn empty(file: &Arc<SourceFile>, separator: u8) -> Table {
    Table {
        file: Arc::clone(file),
        file_name: file.name(),
        separator,
        columns: Vec::new(),
        rows: Vec::new(),
        cells: Vec::new(),
        unescaped: HashMap::new(),
        has_whole_header: true,
    }
}

struct Reader<'p> {
    table: Table,
    problems: &'p mut Problems,
    named: usize,
}

impl Reader<'_> {
    /// The columns. Nameless ones at the end are what spreadsheets leave behind.
    fn header(&mut self, row: &RawRow) -> Option<()> {
        let named = row.cells.iter().rposition(|cell| cell.start < cell.end).map_or(0, |last| last + 1);
        let place = |cell: &RawCell| Place::new(&self.table.file, cell.start..cell.end);
        if named == 0 {
            let place = Place::new(&self.table.file, row.start..row.end);
            self.problems.push(Problem::new("empty-header", &place, "the header names no column"));
            return None;
        }
        if named > MAX_COLUMNS {
            let message = format!("a table may have {MAX_COLUMNS} columns, and this one has {}", row.count);
            self.problems.push(Problem::new("too-many-columns", &place(&row.cells[MAX_COLUMNS]), message));
            return None;
        }
        let mut whole = true;
        for cell in &row.cells[..named] {
            let column = Column { name: self.cell_text(cell).into(), place: place(cell) };
            if let Some(problem) = self.header_problem(&column) {
                self.problems.push(problem);
                whole = false;
            }
            self.table.columns.push(column);
        }
        self.table.has_whole_header = whole;
        Some(())
    }

    fn header_problem(&self, column: &Column) -> Option<Problem> {
        if column.name.is_empty() {
            let message = format!("column {} has no name", self.table.columns.len() + 1);
            let problem = Problem::new("empty-header", &column.place, message);
            return Some(problem.help("name the column, or take it out of every line"));
        }
        let earlier = self.table.columns.iter().find(|earlier| earlier.name == column.name)?;
        let (_, at) = earlier.place.line_column();
        let message = format!("the column `{}` is here twice, the first time at column {at}", column.name);
        Some(Problem::new("duplicate-column", &column.place, message).help("rename one of them"))
    }

    fn row(&mut self, row: RawRow, enabled: Option<usize>) {
        self.mistakes(&row);
        if row.count == row.cells.len() && row.cells.iter().all(|cell| cell.start == cell.end) {
            return;
        }
        if !self.has_the_right_shape(&row) || !self.is_enabled(&row, enabled) {
            return;
        }
        // Behind an open quote nobody knows where a cell ends, and what it holds is no value to complain about.
        if row.mistakes.iter().any(|mistake| matches!(mistake, Mistake::Unclosed(_))) {
            return;
        }
        let first_cell = to_u32(self.table.cells.len());
        self.table.rows.push(RowSpan { line: row.line, start: to_u32(row.start), first_cell });
        for cell in row.cells.iter().take(self.table.columns.len()) {
            self.bound(cell);
            if cell.doubled {
                self.table.unescaped.insert(self.table.cells.len(), self.cell_text(cell).into());
            }
            self.table.cells.push(CellSpan { start: to_u32(cell.start), end: to_u32(cell.end) });
        }
    }

    /// Empty cells beyond the header are what spreadsheets leave behind; anything else must fit.
    fn has_the_right_shape(&mut self, row: &RawRow) -> bool {
        let wanted = self.table.columns.len();
        let found = row.count;
        let separator = shown(self.table.separator);
        let cells = |count: usize| if count == 1 { "1 cell".to_owned() } else { format!("{count} cells") };
        let problem = if found < wanted {
            let place = Place::new(&self.table.file, row.end..row.end);
            let message = format!("the row has {}, and the header has {wanted}", cells(found));
            let missing = cells(wanted - found);
            Problem::new("too-few-cells", &place, message).help(format!("{missing} more, separated by {separator}"))
        } else if let Some(extra) = first_extra(row, wanted) {
            let place = Place::new(&self.table.file, extra.start..extra.end);
            let message = format!("the row has {}, and the header has {wanted}", cells(found));
            Problem::new("too-many-cells", &place, message)
                .help(format!("a cell with {separator} in it goes in double quotes"))
        } else {
            return true;
        };
        // A quote that is not closed has been named already, and nearly always breaks the shape too.
        if row.mistakes.is_empty() {
            self.name(problem);
        }
        false
    }

    fn is_enabled(&mut self, row: &RawRow, enabled: Option<usize>) -> bool {
        let Some(cell) = enabled.and_then(|column| row.cells.get(column)) else { return true };
        let word = self.cell_text(cell).to_lowercase();
        if NO.contains(&word.as_str()) {
            return false;
        }
        if !YES.contains(&word.as_str()) {
            let place = Place::new(&self.table.file, cell.start..cell.end);
            let known = YES.into_iter().chain(NO).filter(|word| !word.is_empty());
            self.name(
                Problem::new("unknown-word", &place, format!("`enabled` is yes or no, not `{word}`"))
                    .maybe_help(did_you_mean(&word, known)),
            );
        }
        true
    }

    fn mistakes(&mut self, row: &RawRow) {
        for mistake in &row.mistakes {
            let (code, at, message, help) = match mistake {
                Mistake::Unclosed(at) => (
                    "unclosed-quote",
                    *at,
                    "this quote is never closed",
                    "close it at the end of the cell; a quote inside a quoted cell is doubled",
                ),
                Mistake::TextAfterQuote(at) => (
                    "text-after-quote",
                    *at,
                    "the cell goes on after its closing quote",
                    "put the whole cell in quotes, and double the quotes inside it",
                ),
            };
            let place = Place::new(&self.table.file, at..at + 1);
            self.name(Problem::new(code, &place, message).help(help));
        }
    }

    fn bound(&mut self, cell: &RawCell) {
        let text = &self.table.file.text[cell.start..cell.end];
        if text.len() > MAX_CELL_CHARS && text.chars().count() > MAX_CELL_CHARS {
            let place = Place::new(&self.table.file, cell.start..cell.start);
            let message = format!("a cell may have {MAX_CELL_CHARS} characters, and this one has more");
            self.name(Problem::new("cell-too-long", &place, message));
        }
    }

    /// Adds a problem with a row; after very many, says that there are more and is done with the file.
    fn name(&mut self, problem: Problem) {
        if self.named == MOST_NAMED {
            return;
        }
        self.named += 1;
        let place = problem.place.clone();
        self.problems.push(problem);
        if let (MOST_NAMED, crate::problem::Where::Text(place)) = (self.named, place) {
            let message = format!("{MOST_NAMED} rows are wrong so far; the rest of the file was not read");
            self.problems.push(Problem::new("too-many-problems", &place, message));
        }
    }

    fn cell_text(&self, cell: &RawCell) -> String {
        let text = &self.table.file.text[cell.start..cell.end];
        if cell.doubled { text.replace("\"\"", "\"") } else { text.to_owned() }
    }
}

/// The first cell beyond the header that is not empty.
fn first_extra(row: &RawRow, wanted: usize) -> Option<&RawCell> {
    let extra = &row.cells[wanted..];
    extra.iter().find(|cell| cell.start < cell.end).or_else(|| extra.last().filter(|_| row.count > row.cells.len()))
}

fn shown(separator: u8) -> &'static str {
    match separator {
        b';' => "`;`",
        b'\t' => "a tab",
        _ => "`,`",
    }
}

fn to_u32(offset: usize) -> u32 {
    u32::try_from(offset).unwrap_or(u32::MAX)
}
