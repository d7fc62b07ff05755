//! What many sentences have in common: "`…` is no choice of `department`", and the value of each.
//!
//! A value is what stands between quotes or backticks, and every word with a digit or an `@` in it.

/// Part of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece<'a> {
    Words(&'a str),
    Value(&'a str),
}

/// What a text is grouped by: its words without its values.
pub(super) fn shape(text: &str) -> String {
    pieces(text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Words(words) => words,
            Piece::Value(_) => "\0",
        })
        .collect()
}

/// A text with something in place of its values, but for those that may be shown.
pub(in super::super) fn with_values_hidden(text: &str, hidden: &str, is_shown: impl Fn(&str) -> bool) -> String {
    let pieces = pieces(text).into_iter().map(|piece| match piece {
        Piece::Value(value) if !is_shown(value) => hidden,
        Piece::Words(text) | Piece::Value(text) => text,
    });
    pieces.collect()
}

/// Texts of one shape, brought together.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Merged {
    /// The text, with `…` where they differ.
    pub(super) text: String,
    /// For each text, the values that are its own; empty where all texts are the same.
    pub(super) own: Vec<String>,
}

/// Brings together texts that have one [`shape`].
pub(super) fn merge(texts: &[&str]) -> Merged {
    if let Some(first) = texts.first().filter(|first| texts.iter().all(|text| text == *first)) {
        return Merged { text: (*first).to_owned(), own: vec![String::new(); texts.len()] };
    }
    let parsed: Vec<Vec<Piece<'_>>> = texts.iter().map(|text| pieces(text)).collect();
    let Some(first) = parsed.first() else { return Merged { text: String::new(), own: Vec::new() } };
    let differs: Vec<bool> =
        (0..first.len()).map(|at| parsed.iter().any(|text| text.get(at) != first.get(at))).collect();
    let text =
        first.iter().zip(&differs).map(|(piece, differs)| if *differs { piece.left_open() } else { piece.text() });
    let own = |text: &Vec<Piece<'_>>| {
        let values = text.iter().zip(&differs).filter(|(_, differs)| **differs).map(|(piece, _)| piece.text());
        values.collect::<Vec<_>>().join(", ")
    };
    Merged { text: text.collect(), own: parsed.iter().map(own).collect() }
}

impl<'a> Piece<'a> {
    fn text(self) -> &'a str {
        match self {
            Self::Words(text) | Self::Value(text) => text,
        }
    }

    fn left_open(self) -> &'static str {
        if self.text().starts_with('`') { "`…`" } else { "…" }
    }
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, length) = next(rest);
        pieces.push(piece);
        rest = &rest[length..];
    }
    pieces
}

fn next(rest: &str) -> (Piece<'_>, usize) {
    if let Some(length) = quoted(rest) {
        return (Piece::Value(&rest[..length]), length);
    }
    let space = rest.len() - rest.trim_start().len();
    if space > 0 {
        return (Piece::Words(&rest[..space]), space);
    }
    let first = rest.chars().next().map_or(1, char::len_utf8);
    let ends = |c: char| c.is_whitespace() || matches!(c, '`' | '"' | '“');
    let word = &rest[..rest[first..].find(ends).map_or(rest.len(), |at| first + at)];
    let bare = word.trim_end_matches(['.', ',', ';', ':', ')', '!', '?']);
    if !bare.is_empty() && bare.contains(|c: char| c.is_ascii_digit() || c == '@') {
        return (Piece::Value(bare), bare.len());
    }
    (Piece::Words(word), word.len())
}

/// The length of the quoted text that `rest` starts with.
fn quoted(rest: &str) -> Option<usize> {
    let open = rest.chars().next()?;
    let close = match open {
        '`' => '`',
        '"' => '"',
        '“' => '”',
        _ => return None,
    };
    let inner = &rest[open.len_utf8()..];
    Some(open.len_utf8() + inner.find(close)? + close.len_utf8())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sentences_that_differ_in_a_value_have_one_shape() {
        let texts = ["`Fin` is no choice of `team` (row 12)", "`Sales EMEA` is no choice of `team` (row 7)"];
        assert_eq!(shape(texts[0]), shape(texts[1]));
        let merged = merge(&texts);
        assert_eq!(merged.text, "`…` is no choice of `team` (row …)");
        assert_eq!(merged.own, ["`Fin`, 12", "`Sales EMEA`, 7"]);
    }

    #[test]
    fn equal_sentences_are_shown_as_they_are() {
        let merged = merge(&["no user for a@b.example", "no user for a@b.example"]);
        assert_eq!(merged, Merged { text: "no user for a@b.example".to_owned(), own: vec![String::new(); 2] });
    }

    proptest! {
        #[test]
        fn every_text_is_taken_apart_without_loss(text in "\\PC{0,40}|[`\"“” a1@.]{0,20}") {
            prop_assert_eq!(pieces(&text).into_iter().map(Piece::text).collect::<String>(), text);
        }
    }
}
