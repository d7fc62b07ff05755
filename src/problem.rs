//! A mistake in the author's files: where, what, and what to do. Collected, never thrown: an author sees all of them at once.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::model::Origin;

mod decode;
mod render;
mod suggest;

pub use render::{Style, render};
pub use suggest::{did_you_mean, nearest};

/// One of the author's files, kept so that a problem can show the line it is about.
#[derive(Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// As it is shown to people: relative to where the author works.
    pub path: PathBuf,
    /// The whole text, without a byte-order mark.
    pub text: String,
}

impl SourceFile {
    /// Keeps a text under its path.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { path: path.into(), text: text.into() })
    }

    /// The last part of the path, which is how reasons name a file.
    #[must_use]
    pub fn name(&self) -> Arc<str> {
        self.path.file_name().map_or_else(|| "".into(), |name| name.to_string_lossy().into())
    }

    /// Line and column, both from 1, of a byte offset; the column counts characters.
    #[must_use]
    pub fn line_column(&self, offset: usize) -> (u32, u32) {
        let offset = self.floor(offset);
        let before = &self.text[..offset];
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let column = self.text[start..offset].chars().count() + 1;
        (to_u32(line), to_u32(column))
    }

    /// The byte offset of a line and column, both from 1; the end of the text where there is no such place.
    #[must_use]
    pub fn offset(&self, line: u32, column: u32) -> usize {
        let start = self.line_start(line);
        let rest = &self.text[start..];
        let line_end = rest.find('\n').unwrap_or(rest.len());
        let wanted = column.saturating_sub(1) as usize;
        start + rest[..line_end].char_indices().nth(wanted).map_or(line_end, |(at, _)| at)
    }

    fn line_start(&self, line: u32) -> usize {
        match line.saturating_sub(2) as usize {
            _ if line <= 1 => 0,
            skipped => self.text.match_indices('\n').nth(skipped).map_or(self.text.len(), |(at, _)| at + 1),
        }
    }

    fn floor(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }
}

fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// A place in one of the author's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: Arc<SourceFile>,
    /// The bytes meant; may be empty.
    pub span: Range<usize>,
}

impl Place {
    /// A span of bytes.
    #[must_use]
    pub fn new(file: &Arc<SourceFile>, span: Range<usize>) -> Self {
        let start = file.floor(span.start);
        let end = file.floor(span.end).max(start);
        Self { file: Arc::clone(file), span: start..end }
    }

    /// The start of a file.
    #[must_use]
    pub fn start(file: &Arc<SourceFile>) -> Self {
        Self::new(file, 0..0)
    }

    /// Line and column, from 1.
    #[must_use]
    pub fn line_column(&self) -> (u32, u32) {
        self.file.line_column(self.span.start)
    }

    /// The file's name and the line, for reasons.
    #[must_use]
    pub fn origin(&self) -> Arc<Origin> {
        Arc::new(Origin { file: self.file.name(), line: self.line_column().0 })
    }

    /// The place of a part of the text that stands here. The whole, where it stands in the file in other bytes: a cell
    /// with quotes in it has them doubled.
    #[must_use]
    pub fn of(&self, text: &str, part: &str) -> Self {
        let start = (part.as_ptr() as usize).wrapping_sub(text.as_ptr() as usize);
        let is_part = text.get(start..).is_some_and(|rest| rest.starts_with(part));
        match is_part && self.file.text.get(self.span.clone()) == Some(text) {
            true => self.part(start..start + part.len()),
            false => self.clone(),
        }
    }

    /// A part of this place: `span` counts bytes from its start.
    fn part(&self, span: Range<usize>) -> Self {
        Self::new(&self.file, self.span.start + span.start..self.span.start + span.end)
    }
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The recipe cannot be run.
    Problem,
    /// The recipe runs, but something in it has no effect or will surprise.
    Warning,
}

/// A mistake in the author's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Problem or warning.
    pub severity: Severity,
    /// A stable name in kebab case (`unknown-field`), for programs and for searching.
    pub code: &'static str,
    /// What is wrong, in the author's words; backticks around what they typed, no full stop.
    pub message: String,
    /// Where; a file that could not be read has only its path.
    pub place: Where,
    /// What to do.
    pub help: Option<String>,
}

/// Where a problem is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Where {
    /// At a place in a text.
    Text(Place),
    /// In a file whose text there is not.
    File(PathBuf),
}

impl Problem {
    /// A problem at a place.
    #[must_use]
    pub fn new(code: &'static str, place: &Place, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Problem,
            code,
            message: message.into(),
            place: Where::Text(place.clone()),
            help: None,
        }
    }

    /// A warning at a place.
    #[must_use]
    pub fn warning(code: &'static str, place: &Place, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::new(code, place, message) }
    }

    /// A problem with a file as a whole.
    #[must_use]
    pub fn file(code: &'static str, path: &Path, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Problem,
            code,
            message: message.into(),
            place: Where::File(path.to_owned()),
            help: None,
        }
    }

    /// The same with what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with help if there is any.
    #[must_use]
    pub fn maybe_help(mut self, help: Option<String>) -> Self {
        self.help = help.or(self.help);
        self
    }

    /// The file the problem is in.
    #[must_use]
    pub fn path(&self) -> &Path {
        match &self.place {
            Where::Text(place) => &place.file.path,
            Where::File(path) => path,
        }
    }

    /// Line and column, from 1, where there is a text.
    #[must_use]
    pub fn line_column(&self) -> Option<(u32, u32)> {
        match &self.place {
            Where::Text(place) => Some(place.line_column()),
            Where::File(_) => None,
        }
    }
}

/// Every problem found so far.
#[derive(Debug, Default)]
pub struct Problems {
    found: Vec<Problem>,
}

impl Problems {
    /// No problems yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one, unless the very same is there.
    pub fn push(&mut self, problem: Problem) {
        if !self.found.contains(&problem) {
            self.found.push(problem);
        }
    }

    /// Adds one unless something was already said about the very same place. For checks that go further than the schema's,
    /// and would otherwise say the same again in other words.
    pub fn push_if_first(&mut self, problem: Problem) {
        let known = self.found.iter().any(|known| known.place == problem.place && known.severity == Severity::Problem);
        if !known {
            self.push(problem);
        }
    }

    /// Whether anything keeps the recipe from running.
    #[must_use]
    pub fn any_fatal(&self) -> bool {
        self.found.iter().any(|problem| problem.severity == Severity::Problem)
    }

    /// All of them, by file, line and column.
    #[must_use]
    pub fn into_sorted(mut self) -> Vec<Problem> {
        self.found.sort_by(|a, b| {
            (a.path(), a.line_column(), a.severity, a.code).cmp(&(b.path(), b.line_column(), b.severity, b.code))
        });
        self.found
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.found.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Problem => "problem",
            Self::Warning => "warning",
        })
    }
}
