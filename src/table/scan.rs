//! CSV text → one row of cells at a time, each with its exact bytes.
//!
//! Written here and not taken from a library because problems are shown at a cell's place inside the file, and because
//! a quote that is never closed must be told from one that is: libraries give neither.

/// Goes through the text row by row.
pub(super) struct Scanner<'t> {
    text: &'t str,
    separator: u8,
    at: usize,
    line: u32,
}

/// One row as it stands in the file.
#[derive(Default)]
pub(super) struct RawRow {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) line: u32,
    /// How many cells there are.
    pub(super) count: usize,
    /// The cells, up to four times as many as a table may have columns.
    pub(super) cells: Vec<RawCell>,
    pub(super) mistakes: Vec<Mistake>,
}

/// One cell: the bytes of its text inside the quotes, trimmed.
pub(super) struct RawCell {
    pub(super) start: usize,
    pub(super) end: usize,
    /// The text holds doubled quotes.
    pub(super) doubled: bool,
}

/// What can be wrong with quotes; the number is a byte offset.
pub(super) enum Mistake {
    Unclosed(usize),
    TextAfterQuote(usize),
}

/// How far a quoted cell is followed before its quote counts as unclosed, in bytes: more than any cell may have.
const LONGEST_QUOTED: usize = super::MAX_CELL_CHARS * 8;
/// A line of twenty million commas must not become twenty million cells.
const MOST_KEPT: usize = super::MAX_COLUMNS * 4;

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str, separator: u8) -> Self {
        Self { text, separator, at: 0, line: 1 }
    }

    /// The next row that is neither blank nor a comment.
    pub(super) fn next_row(&mut self) -> Option<RawRow> {
        loop {
            let rest = &self.text[self.at..];
            if rest.is_empty() {
                return None;
            }
            let line_end = rest.find('\n').map_or(rest.len(), |at| at + 1);
            if rest.starts_with('#') || rest[..line_end].trim().is_empty() {
                self.at += line_end;
                self.line += 1;
                continue;
            }
            return Some(self.row());
        }
    }

    fn row(&mut self) -> RawRow {
        let mut row = RawRow { start: self.at, line: self.line, ..RawRow::default() };
        loop {
            self.cell(&mut row);
            match self.peek() {
                Some(byte) if byte == self.separator => self.at += 1,
                _ => break,
            }
        }
        row.end = self.at;
        if self.peek() == Some(b'\r') {
            self.at += 1;
        }
        if self.peek() == Some(b'\n') {
            self.at += 1;
            self.line += 1;
        }
        row
    }

    fn cell(&mut self, row: &mut RawRow) {
        let start = self.at;
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
        if self.peek() == Some(b'"') && self.quoted(row) {
            return;
        }
        self.at = start;
        self.skip_to_end_of_cell();
        self.push(row, start, self.at, false);
    }

    fn push(&self, row: &mut RawRow, start: usize, end: usize, doubled: bool) {
        row.count += 1;
        if row.cells.len() < MOST_KEPT {
            row.cells.push(self.trimmed(start, end, doubled));
        }
    }

    /// A quoted cell; `false` if its quote is not closed, and then the cell is read as if it had none.
    fn quoted(&mut self, row: &mut RawRow) -> bool {
        let open = self.at;
        let Some((close, doubled)) = self.closing_quote(open) else {
            row.mistakes.push(Mistake::Unclosed(open));
            return false;
        };
        let lines = count_lines(&self.text[open..close]);
        self.at = close + 1;
        while self.peek() == Some(b' ') {
            self.at += 1;
        }
        let ends_here = self.peek().is_none_or(|byte| byte == self.separator || matches!(byte, b'\n' | b'\r'));
        if !ends_here && lines > 0 {
            // What closes it is the opening quote of a later row: the mistake is here, and the rows between are fine.
            row.mistakes.push(Mistake::Unclosed(open));
            return false;
        }
        if !ends_here {
            row.mistakes.push(Mistake::TextAfterQuote(self.at));
            self.skip_to_end_of_cell();
        }
        self.line += lines;
        self.push(row, open + 1, close, doubled);
        true
    }

    /// Where the quote that opens at `open` is closed, and whether there are doubled ones between.
    fn closing_quote(&self, open: usize) -> Option<(usize, bool)> {
        let bytes = self.text.as_bytes();
        let limit = bytes.len().min(open + LONGEST_QUOTED);
        let mut at = open + 1;
        let mut doubled = false;
        while at < limit {
            if bytes[at] != b'"' {
                at += 1;
            } else if bytes.get(at + 1) == Some(&b'"') {
                doubled = true;
                at += 2;
            } else {
                return Some((at, doubled));
            }
        }
        None
    }

    fn skip_to_end_of_cell(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == self.separator || byte == b'\n' || (byte == b'\r' && self.byte(self.at + 1) == Some(b'\n')) {
                break;
            }
            self.at += 1;
        }
    }

    fn trimmed(&self, start: usize, end: usize, doubled: bool) -> RawCell {
        let text = &self.text[start..end];
        let start = start + (text.len() - text.trim_start().len());
        RawCell { start, end: start + text.trim().len(), doubled }
    }

    fn peek(&self) -> Option<u8> {
        self.byte(self.at)
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }
}

/// The separator of a header line: whichever of `,`, `;` and tab stands there most often outside quotes.
pub(super) fn separator_of(header: &str) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in header.bytes() {
        quoted ^= byte == b'"';
        if let Some((_, count)) = counts.iter_mut().find(|(separator, _)| !quoted && *separator == byte) {
            *count += 1;
        }
    }
    // The first of equals wins, so a header of one column is read with commas.
    counts.into_iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(separator, _)| separator)
}

fn count_lines(text: &str) -> u32 {
    u32::try_from(text.bytes().filter(|byte| *byte == b'\n').count()).unwrap_or(u32::MAX)
}
