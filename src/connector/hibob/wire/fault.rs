//! What can be wrong with the text of a file, in words that carry nothing of its content.

use std::fmt;
use std::io;

/// A place in a file, from 1. The column counts bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::connector) struct Place {
    pub(in crate::connector) line: usize,
    pub(in crate::connector) column: usize,
}

impl Place {
    pub(in crate::connector) const START: Self = Self { line: 1, column: 1 };

    /// The place that lies `within` a text that starts here.
    pub(in crate::connector) fn plus(self, within: Self) -> Self {
        match within.line {
            0 | 1 => Self { line: self.line, column: self.column + within.column.saturating_sub(1) },
            lines => Self { line: self.line + lines - 1, column: within.column },
        }
    }

    /// The place behind a text that starts here.
    pub(in crate::connector) fn after(self, text: &[u8]) -> Self {
        let Some(last) = text.iter().rposition(|byte| *byte == b'\n') else {
            return Self { line: self.line, column: self.column + text.len() };
        };
        // In runs that a byte can count, which compiles to vector instructions: whole exports pass through here.
        let runs = text[..=last].chunks(255).map(|run| run.iter().map(|byte| u8::from(*byte == b'\n')).sum::<u8>());
        Self { line: self.line + runs.map(usize::from).sum::<usize>(), column: text.len() - last }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// Why a file cannot be used. Reads on from the file's path: "`people.json` is empty".
#[derive(Debug, thiserror::Error)]
pub(in crate::connector) enum Fault {
    #[error("is empty")]
    Empty,
    #[error("is cut off at {0}")]
    CutOff(Place),
    #[error("is not JSON from {0} on")]
    NotJson(Place),
    #[error("holds a web page, not JSON")]
    WebPage,
    #[error("is UTF-16, not UTF-8")]
    Utf16,
    #[error("is not UTF-8 ({0})")]
    NotUtf8(Place),
    #[error("holds an entry of more than {most} MiB at {at}")]
    TooLarge { most: usize, at: Place },
    #[error("does not hold {wanted} ({at})")]
    Shape { wanted: &'static str, at: Place },
    #[error("cannot be read to its end: {}", .0.kind())]
    Read(io::Error),
    #[error("{what}")]
    Table { what: String, help: &'static str },
}

impl Fault {
    /// What to do about it.
    pub(in crate::connector) fn help(&self) -> &'static str {
        match self {
            Self::Empty | Self::CutOff(_) => "export it again, and wait until the export has finished",
            Self::NotJson(_) => "export it again as JSON; a file edited by hand often has a comma or a quote too many",
            Self::WebPage => {
                "the address it was saved from answered with a page for people; save the answer of HiBob's API"
            }
            Self::Utf16 | Self::NotUtf8(_) => "save it as UTF-8; in Excel choose `CSV UTF-8`",
            Self::TooLarge { .. } => "see whether a bracket is missing there; no entry of HiBob's is nearly as large",
            Self::Shape { .. } => "save the answer of HiBob's API as it is; the README shows the forms that are read",
            Self::Read(_) => "see whether the disk or share is still there",
            Self::Table { help, .. } => help,
        }
    }

    /// The words for what a JSON parser objected to in `text`, which starts at `start`. The parser's own message may
    /// quote values, so only its place is kept.
    pub(in crate::connector) fn of_json(
        error: &serde_json::Error,
        text: &[u8],
        start: Place,
        wanted: &'static str,
    ) -> Self {
        let at = start.plus(Place { line: error.line(), column: error.column() });
        match error.classify() {
            serde_json::error::Category::Eof => Self::CutOff(at),
            serde_json::error::Category::Data => Self::Shape { wanted, at },
            serde_json::error::Category::Syntax | serde_json::error::Category::Io => match invalid(text) {
                Some(offset) => Self::NotUtf8(start.after(&text[..offset])),
                None => Self::NotJson(at),
            },
        }
    }
}

/// Looks at the first bytes of what should be JSON, and gives the length of its byte-order mark.
pub(in crate::connector) fn sniff(head: &[u8]) -> Result<usize, Fault> {
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") || head.iter().take(4).any(|byte| *byte == 0) {
        return Err(Fault::Utf16);
    }
    let mark = if head.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    match head[mark..].trim_ascii_start().first() {
        None => Err(Fault::Empty),
        Some(b'<') => Err(Fault::WebPage),
        Some(_) => Ok(mark),
    }
}

/// Where bytes stop being UTF-8; a character that the end cuts in two is no mistake.
fn invalid(text: &[u8]) -> Option<usize> {
    let error = std::str::from_utf8(text).err()?;
    error.error_len().map(|_| error.valid_up_to())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_add_up_over_lines() {
        let start = Place { line: 3, column: 5 };
        assert_eq!(start.after(b"ab"), Place { line: 3, column: 7 });
        assert_eq!(start.after(b"a\nb\ncd"), Place { line: 5, column: 3 });
        assert_eq!(start.after(b"a\n"), Place { line: 4, column: 1 });
        assert_eq!(start.plus(Place { line: 1, column: 2 }), Place { line: 3, column: 6 });
        assert_eq!(start.plus(Place { line: 2, column: 2 }), Place { line: 4, column: 2 });
    }
}
