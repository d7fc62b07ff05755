//! Writing delimited text.

use std::io::{self, Write};

/// Writes rows of comma-separated cells, quoted where a cell needs it, each row as it comes.
pub struct DelimitedWriter<W: Write> {
    inner: csv::Writer<W>,
}

impl<W: Write> DelimitedWriter<W> {
    /// Writes to `out`; nothing is written yet.
    #[must_use]
    pub fn new(out: W) -> Self {
        Self { inner: csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out) }
    }

    /// Writes one row. Every row must have as many cells as the first.
    ///
    /// # Errors
    /// When the underlying writer fails, or a row is longer or shorter than the first.
    pub fn row(&mut self, cells: &[&str]) -> io::Result<()> {
        self.inner.write_record(cells).map_err(io::Error::from)
    }

    /// Hands on what is still in memory.
    ///
    /// # Errors
    /// When the underlying writer fails.
    pub fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
