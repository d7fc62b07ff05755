//! Cells that a spreadsheet would run as a formula.

use std::borrow::Cow;

/// The cell with an apostrophe wherever a spreadsheet could start to read a formula: at its beginning and, because
/// spreadsheets of many countries separate cells by semicolons, after each of these and after tabs and line ends.
#[must_use]
pub fn harmless(cell: &str) -> Cow<'_, str> {
    if !pieces(cell).any(is_dangerous) {
        return Cow::Borrowed(cell);
    }
    let mut safe = String::with_capacity(cell.len() + 1);
    for piece in pieces(cell) {
        if is_dangerous(piece) {
            safe.push('\'');
        }
        safe.push_str(piece);
    }
    Cow::Owned(safe)
}

/// What a spreadsheet may take for cells of their own, each with what ends it.
fn pieces(cell: &str) -> impl Iterator<Item = &str> {
    cell.split_inclusive([';', '\t', '\r', '\n'])
}

fn is_dangerous(piece: &str) -> bool {
    // Nearly all cells begin with a letter or a digit, and need no second look.
    if piece.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric) {
        return false;
    }
    let first = piece.trim_start_matches(is_skipped).chars().next();
    first.is_some_and(|c| starts_formula(c) || matches!(c, '\t' | '\r'))
}

/// What spreadsheets look past before they look for a formula.
fn is_skipped(character: char) -> bool {
    let stays = matches!(character, '\t' | '\r');
    !stays && (character.is_whitespace() || matches!(character, '"' | '\0' | '\u{200b}'..='\u{200f}' | '\u{feff}'))
}

/// Whether a spreadsheet could take the whole cell for a formula, once somebody edits it.
pub(in crate::report) fn looks_like_formula(cell: &str) -> bool {
    let skipped = |character: char| character.is_whitespace() || is_skipped(character);
    cell.trim_start_matches(skipped).chars().next().is_some_and(starts_formula)
}

/// `=`, `+`, `-` and `@`, in their usual, small and full-width forms.
fn starts_formula(character: char) -> bool {
    matches!(character, '=' | '+' | '-' | '@')
        || matches!(character, '＝' | '＋' | '－' | '＠' | '﹢' | '﹣' | '﹦' | '﹫' | '−')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cells_that_a_spreadsheet_would_run_are_made_harmless() {
        let bad =
            ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\u{a0}=1", "＝1", " ＋1", "－1", "＠x", "\"=1"];
        for cell in bad {
            assert!(harmless(cell).starts_with('\''), "{cell:?}");
        }
        for cell in ["", "Ann", "a@b.example", "1-2", "'=1", "Jean-Luc; Ann"] {
            assert_eq!(harmless(cell), cell);
        }
        assert_eq!(harmless("title: A; =cmd()"), "title: A;' =cmd()");
    }

    proptest! {
        #[test]
        fn no_part_of_a_cell_starts_a_formula(cell in "[ ;=+@\t\r\n'\"a＝-]{0,12}") {
            for part in harmless(&cell).split([';', '\t', '\r', '\n']) {
                let first = part.trim_start_matches(is_skipped).chars().next();
                prop_assert!(!first.is_some_and(starts_formula));
            }
        }
    }
}
