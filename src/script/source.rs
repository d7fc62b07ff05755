//! From Rhai's lines and columns to places in the author's file, also through the doubled quotes of a CSV cell.

use std::sync::Arc;

use rhai::Position;

use crate::problem::{Place, SourceFile};

/// A text that Rhai compiled, and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Source {
    file: Arc<SourceFile>,
    /// Where the text starts in the file.
    start: usize,
    /// The cell's text; a script file is its own text.
    cell: Option<Box<str>>,
    /// Each quote of the text is two in the file.
    doubled: bool,
}

impl Source {
    /// A whole script file.
    pub(super) fn file(file: &Arc<SourceFile>) -> Self {
        Self { file: Arc::clone(file), start: 0, cell: None, doubled: false }
    }

    /// A cell of a table.
    pub(super) fn cell(text: &str, place: &Place) -> Self {
        let doubled = place.file.text.get(place.span.clone()) != Some(text);
        Self { file: Arc::clone(&place.file), start: place.span.start, cell: Some(text.into()), doubled }
    }

    pub(super) fn text(&self) -> &str {
        self.cell.as_deref().unwrap_or(&self.file.text)
    }

    /// The word, text or sign at a position; the end of the text where Rhai gives none.
    pub(super) fn place(&self, position: Position) -> Place {
        let text = self.text();
        let at = self.offset(position);
        self.span(at, at + token(&text[at..]))
    }

    /// Some bytes of the text.
    pub(super) fn span(&self, start: usize, end: usize) -> Place {
        Place::new(&self.file, self.start + self.raw(start)..self.start + self.raw(end))
    }

    /// The byte of the text at a position.
    pub(super) fn offset(&self, position: Position) -> usize {
        let text = self.text();
        let Some(line) = position.line() else { return text.trim_end().len() };
        let start = match line {
            1 => 0,
            _ => text.match_indices('\n').nth(line - 2).map_or(text.len(), |(at, _)| at + 1),
        };
        let column = position.position().unwrap_or(1).saturating_sub(1);
        start + text[start..].char_indices().nth(column).map_or(text.len() - start, |(at, _)| at)
    }

    fn raw(&self, offset: usize) -> usize {
        if !self.doubled {
            return offset;
        }
        offset + self.text()[..offset].matches('"').count()
    }
}

fn token(text: &str) -> usize {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    match text.chars().next() {
        None => 0,
        Some('"') => {
            let line = text.lines().next().unwrap_or_default();
            line[1..].find('"').map_or(line.len(), |end| end + 2)
        }
        Some(first) if is_word(first) => text.find(|letter| !is_word(letter)).unwrap_or(text.len()),
        Some(first) => first.len_utf8(),
    }
}
