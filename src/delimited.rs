//! Delimited text as spreadsheets write it: the only module that names the csv crate.
//!
//! Takes `,`, `;` and tabs, with or without a byte-order mark, and gives each row with the line it starts on.
//! Knows nothing of what the columns mean, and does not repair: a row with too few cells is given as it stands.

use std::io::{self, BufReader, Chain, Cursor, Read};

use csv::{ReaderBuilder, StringRecord, Terminator};

mod writer;

pub use writer::DelimitedWriter;

/// Whether lines that start with `#` are comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comments {
    /// They are skipped.
    Skipped,
    /// They are rows like any other.
    Kept,
}

/// Why delimited text cannot be read on. No variant carries anything of the content.
#[derive(Debug, thiserror::Error)]
pub enum DelimitedError {
    /// There is no header row.
    #[error("is empty")]
    Empty,
    /// Two bytes a character.
    #[error("is UTF-16, not UTF-8")]
    Utf16,
    /// The workbook itself, not an export of it.
    #[error("is an Excel workbook, not CSV")]
    Workbook,
    /// Latin-1, most likely.
    #[error("is not UTF-8 (line {0})")]
    NotUtf8(u64),
    /// The rest of the text was swallowed by one cell.
    #[error("has a quote that is opened and never closed (row at line {0})")]
    OpenQuote(u64),
    /// The reader failed.
    #[error("cannot be read to its end")]
    Read(#[source] io::Error),
}

/// One row.
#[derive(Debug)]
pub struct Row<'a> {
    /// The line it starts on, from 1.
    pub line: u64,
    /// Its cells, as they stand.
    pub cells: Vec<&'a str>,
}

/// A header row, and the rows below it one at a time.
#[derive(Debug)]
pub struct Delimited<R> {
    reader: csv::Reader<Watched<R>>,
    record: StringRecord,
    headers: Vec<String>,
}

type Watched<R> = Watch<Chain<Cursor<Vec<u8>>, BufReader<R>>>;

impl<R: Read> Delimited<R> {
    const HEAD: u64 = 16 * 1024;

    /// Finds the encoding and the separator, and reads the header row. Headers lose their outer spaces.
    ///
    /// # Errors
    /// When there is no header row, or the text is not text.
    pub fn open(reader: R, comments: Comments) -> Result<Self, DelimitedError> {
        let mut reader = BufReader::new(reader);
        let mut head = Vec::new();
        reader.by_ref().take(Self::HEAD).read_to_end(&mut head).map_err(DelimitedError::Read)?;
        if head.starts_with(b"PK\x03\x04") {
            return Err(DelimitedError::Workbook);
        }
        if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") || head.iter().take(64).any(|byte| *byte == 0)
        {
            return Err(DelimitedError::Utf16);
        }
        if head.starts_with(b"\xEF\xBB\xBF") {
            head.drain(..3);
        }
        let separator = separator(&head, comments);
        let watch = Watch { inner: Cursor::new(head).chain(reader), bytes: 0, last: b'\n', quotes: 0 };
        // Rows end at line feeds only: the csv crate miscounts the lines of other ends.
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .terminator(Terminator::Any(b'\n'))
            .comment((comments == Comments::Skipped).then_some(b'#'))
            .from_reader(watch);
        let mut delimited = Self { reader, record: StringRecord::new(), headers: Vec::new() };
        let Some(row) = delimited.next_row()? else { return Err(DelimitedError::Empty) };
        delimited.headers = row.cells.iter().map(|cell| cell.trim().to_owned()).collect();
        Ok(delimited)
    }

    /// The header row.
    #[must_use]
    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    /// The next row that has anything in it; spreadsheets leave blank ones.
    ///
    /// # Errors
    /// When the text is not UTF-8, a quote is never closed, or reading fails.
    pub fn next_row(&mut self) -> Result<Option<Row<'_>>, DelimitedError> {
        loop {
            let before = self.reader.position().line();
            let more = self.reader.read_record(&mut self.record).map_err(|error| match error.into_kind() {
                csv::ErrorKind::Io(error) => DelimitedError::Read(error),
                _ => DelimitedError::NotUtf8(before),
            })?;
            if !more {
                return Ok(None);
            }
            if self.record.iter().any(|cell| !cell.trim().is_empty()) {
                break;
            }
        }
        // Counted back from the record's end, because the csv crate counts the blank lines before it in.
        let (position, watch) = (self.reader.position(), self.reader.get_ref());
        let inside: usize = self.record.iter().map(|cell| cell.matches('\n').count()).sum();
        let at_end = position.byte() == watch.bytes;
        let open = at_end && inside > 0 && watch.quotes % 2 == 1;
        let unfinished = open || at_end && watch.last != b'\n';
        let line = (position.line() + u64::from(unfinished)).saturating_sub(inside as u64 + 1);
        if open {
            return Err(DelimitedError::OpenQuote(line));
        }
        let cells = self.record.iter().map(|cell| cell.strip_suffix('\r').unwrap_or(cell)).collect();
        Ok(Some(Row { line, cells }))
    }
}

/// The reader below the csv crate, counting what the crate does not tell.
#[derive(Debug)]
struct Watch<R> {
    inner: R,
    bytes: u64,
    last: u8,
    quotes: usize,
}

impl<R: Read> Read for Watch<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.bytes += read as u64;
        self.quotes += buffer[..read].iter().filter(|byte| **byte == b'"').count();
        self.last = buffer[..read].last().copied().unwrap_or(self.last);
        Ok(read)
    }
}

/// The separator that the header row has most of outside quotes; a comma where there is none.
fn separator(head: &[u8], comments: Comments) -> u8 {
    let skipped = |line: &[u8]| line.trim_ascii().is_empty() || comments == Comments::Skipped && line.starts_with(b"#");
    let header = head.split(|byte| *byte == b'\n').find(|line| !skipped(line)).unwrap_or_default();
    let outside: Vec<u8> = header.split(|byte| *byte == b'"').step_by(2).flatten().copied().collect();
    let count = |separator: &u8| outside.iter().filter(|byte| *byte == separator).count();
    // The last of equals wins.
    [b'\t', b';', b','].into_iter().max_by_key(count).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<(u64, Vec<String>)> {
        let mut delimited = Delimited::open(text.as_bytes(), Comments::Skipped).expect("a header row");
        let mut rows = vec![(1, delimited.headers().to_vec())];
        while let Some(row) = delimited.next_row().expect("a row") {
            rows.push((row.line, row.cells.into_iter().map(str::to_owned).collect()));
        }
        rows
    }

    #[test]
    fn a_row_names_the_line_it_starts_on_whatever_the_line_ends_are() {
        for end in ["\n", "\r\n"] {
            let text = ["a,b", "", "# note", "1,\"x\ny\"", "", "2,\"z\""].join(end);
            let found = rows(&text);
            assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 4, 7], "{end:?}");
            assert_eq!(found[2].1, ["2", "z"]);
            assert_eq!(rows(&format!("{text}{end}")), found);
        }
    }

    #[test]
    fn the_separator_is_found_and_the_byte_order_mark_taken_off() {
        assert_eq!(rows("\u{feff}a;\"b,c,d\"\n1;2\n")[0].1, ["a", "b,c,d"]);
        assert_eq!(rows("a\tb\n1\t2")[1].1, ["1", "2"]);
        assert_eq!(rows("a\n1;2")[1].1, ["1;2"]);
    }

    #[test]
    fn what_is_not_text_is_said_to_be_so() {
        let open = |bytes: &'static [u8]| Delimited::open(bytes, Comments::Kept).map(|_| ()).map_err(|e| e.to_string());
        assert_eq!(open(b"PK\x03\x04..").expect_err("zip"), "is an Excel workbook, not CSV");
        assert_eq!(open(b"\xFF\xFEa\0").expect_err("utf-16"), "is UTF-16, not UTF-8");
        assert_eq!(open(b" \n \n").expect_err("blank"), "is empty");
        let mut latin = Delimited::open(&b"a\nb\n\xE9\n"[..], Comments::Kept).expect("a header row");
        latin.next_row().expect("the first row is fine");
        assert_eq!(latin.next_row().expect_err("latin-1").to_string(), "is not UTF-8 (line 3)");
    }

    #[test]
    fn an_open_quote_does_not_swallow_the_rest_in_silence() {
        let mut delimited = Delimited::open(&b"a,b\n1,\"x\n2,y\n3,z\n"[..], Comments::Kept).expect("a header row");
        let message = delimited.next_row().expect_err("swallowed").to_string();
        assert_eq!(message, "has a quote that is opened and never closed (row at line 2)");
    }
}
