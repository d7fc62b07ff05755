//! What Rhai's parser says, in our words.

use rhai::{LexError, ParseError, ParseErrorType};

use crate::problem::Problem;

use super::engine::MAX_TEXT;
use super::source::Source;

/// A mistake that keeps a text from compiling.
pub(super) fn problem(error: &ParseError, source: &Source) -> Problem {
    let place = source.place(error.position());
    if let ParseErrorType::Reserved(word) = &*error.0 {
        return not_allowed(word, place);
    }
    let (code, message) = words(&error.0);
    Problem::new(code, &place, message).maybe_help(help(&error.0).map(str::to_owned))
}

fn not_allowed(word: &str, place: crate::problem::Place) -> Problem {
    let problem = Problem::new("not-allowed", &place, format!("`{word}` is not available in scripts"));
    match word {
        "import" | "export" | "module" => {
            problem.help("list every script file in the recipe; their functions see each other")
        }
        _ => problem.help("scripts have no clock, files, network, imports, `eval` or printing"),
    }
}

fn words(error: &ParseErrorType) -> (&'static str, String) {
    match error {
        ParseErrorType::UnexpectedEOF => ("script-syntax", "the script ends in the middle of something".to_owned()),
        ParseErrorType::BadInput(LexError::UnterminatedString) => {
            ("script-syntax", "this text has no closing quote".to_owned())
        }
        ParseErrorType::BadInput(LexError::UnexpectedInput(found)) => {
            ("script-syntax", format!("`{found}` does not belong here"))
        }
        ParseErrorType::MissingToken(token, why) => ("script-syntax", format!("`{token}` is missing here {why}")),
        ParseErrorType::FnDuplicatedDefinition(name, count) => {
            ("duplicate-function", format!("the function `{name}` with {} is here twice", parameters(*count)))
        }
        ParseErrorType::ExprTooDeep => {
            ("script-limit", "the expression is nested too deeply (64 levels in a cell, 32 in a function)".to_owned())
        }
        ParseErrorType::TooManyFunctions => ("script-limit", "a recipe may have 500 functions".to_owned()),
        ParseErrorType::LiteralTooLarge(..) => (
            "script-limit",
            format!("this is too large: a text may have {MAX_TEXT} bytes, a list 1000 items, a map 200"),
        ),
        other => ("script-syntax", in_our_style(&other.to_string())),
    }
}

fn help(error: &ParseErrorType) -> Option<&'static str> {
    match error {
        ParseErrorType::BadInput(LexError::MalformedChar(_)) => Some("texts go in double quotes"),
        ParseErrorType::ExprTooDeep => Some("split it into functions"),
        _ => None,
    }
}

/// `1 parameter`, `2 parameters`.
pub(super) fn parameters(count: usize) -> String {
    match count {
        0 => "no parameters".to_owned(),
        1 => "1 parameter".to_owned(),
        _ => format!("{count} parameters"),
    }
}

/// Rhai begins with a capital and quotes with `'`.
fn in_our_style(message: &str) -> String {
    let mut letters = message.chars();
    let first = letters.next().into_iter().flat_map(char::to_lowercase);
    first.chain(letters).collect::<String>().replace('\'', "`")
}
