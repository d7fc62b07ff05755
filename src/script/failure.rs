//! Rhai's run-time errors in words. Rhai quotes values in its messages; those are people's data and are left out.

use rhai::{EvalAltResult as E, Position};

use super::ScriptFailure;
use super::compile::Scripts;
use super::convert::{Trouble, kind_of_type};
use super::engine::{MAX_CALL_DEPTH, MAX_LIST, MAX_MAP, MAX_OPERATIONS, MAX_TEXT};

/// Where the functions of script files stand, for naming the line of a failure: name, file, first line.
pub(super) type Lines = Vec<(String, crate::problem::Place)>;

pub(super) fn lines(scripts: &Scripts) -> Lines {
    scripts.functions.iter().map(|((name, _), function)| (name.clone(), function.place.clone())).collect()
}

/// What became of a script that did not end well.
pub(super) fn failure(error: &E, lines: &Lines) -> ScriptFailure {
    let mut function = None;
    let mut inner = error;
    while let E::ErrorInFunctionCall(name, _, cause, _) = inner {
        function = Some(name.as_str());
        inner = cause;
    }
    let origin = function.and_then(|name| origin(name, inner.position(), lines));
    let (message, own) = words(inner);
    ScriptFailure { message, origin, own }
}

/// The line inside a function: of those with its name, the one that starts last before it.
fn origin(name: &str, at: Position, lines: &Lines) -> Option<std::sync::Arc<crate::model::Origin>> {
    let line = u32::try_from(at.line()?).ok()?;
    let candidates = lines.iter().filter(|(known, _)| known == name);
    let (_, place) =
        candidates.filter(|(_, place)| place.line_column().0 <= line).max_by_key(|(_, place)| place.line_column().0)?;
    Some(std::sync::Arc::new(crate::model::Origin { file: place.file.name(), line }))
}

fn words(error: &E) -> (String, bool) {
    let message = match error {
        E::ErrorRuntime(value, _) => {
            if let Some(trouble) = value.read_lock::<Trouble>() {
                return (trouble.0.clone(), false);
            }
            let why = super::convert::text(value).filter(|why| !why.trim().is_empty());
            return (why.map_or_else(|| "the script failed without saying why".to_owned(), Into::into), true);
        }
        E::ErrorTooManyOperations(_) => {
            format!("the script took more than {MAX_OPERATIONS} steps; is there a loop that never ends?")
        }
        E::ErrorStackOverflow(_) => format!("functions call each other more than {MAX_CALL_DEPTH} deep"),
        E::ErrorTooManyVariables(_) => "the script has more than 100 variables".to_owned(),
        E::ErrorDataTooLarge(kind, _) => too_large(kind),
        E::ErrorFunctionNotFound(signature, _) => not_found(signature),
        E::ErrorMismatchDataType(wanted, found, _) | E::ErrorMismatchOutputType(wanted, found, _) => {
            format!("{} is needed here, not {}", kind_of_type(wanted), kind_of_type(found))
        }
        E::ErrorArrayBounds(count, ..) => format!("the list has {count} items, and another one was asked for"),
        E::ErrorStringBounds(count, ..) => format!("the text has {count} letters, and another one was asked for"),
        E::ErrorIndexingType(..) => "this value has no parts to read with `[…]`".to_owned(),
        E::ErrorIndexNotFound(..) => "what stands in `[…]` is no index of this value".to_owned(),
        E::ErrorPropertyNotFound(name, _) => format!("the value has no property `{}`", word(name)),
        E::ErrorDotExpr(..) => "this value has no such property".to_owned(),
        E::ErrorFor(_) => "`for` goes through a list, a map or a range".to_owned(),
        E::ErrorVariableNotFound(name, _) => format!("there is no variable `{}`", word(name)),
        E::ErrorArithmetic(message, _) => arithmetic(message),
        E::ErrorAssignmentToConstant(name, _) => format!("`{}` cannot be changed", word(name)),
        E::ErrorNonPureMethodCallOnConstant(name, _) => format!("`{}` would change a constant", word(name)),
        E::ErrorUnboundThis(_) => "`this` has no value here".to_owned(),
        _ => "the script could not be run".to_owned(),
    };
    (message, false)
}

fn too_large(kind: &str) -> String {
    let kind = kind.to_ascii_lowercase();
    if kind.contains("array") {
        format!("a list has more than {MAX_LIST} items")
    } else if kind.contains("map") {
        format!("a map has more than {MAX_MAP} entries")
    } else {
        format!("a text has more than {MAX_TEXT} bytes")
    }
}

/// `trim (array, i64)` → words; only names of types are in it.
fn not_found(signature: &str) -> String {
    let (name, types) = signature.split_once('(').unwrap_or((signature, ""));
    let types = types.strip_suffix(')').unwrap_or(types);
    let given: Vec<&str> = types.split(',').map(str::trim).filter(|name| !name.is_empty()).map(kind_of_type).collect();
    let name = name.trim();
    match (rhai::is_valid_identifier(name), given.as_slice()) {
        (_, []) => format!("`{}` cannot be called like this", word(name)),
        (true, given) => format!("`{name}` does not work with {}", given.join(" and ")),
        (false, given) if name.len() <= 3 => format!("`{name}` does not work with {}", given.join(" and ")),
        (false, _) => "this value cannot be read or changed like this".to_owned(),
    }
}

/// Rhai quotes the numbers and texts after a colon or in quotes.
fn arithmetic(message: &str) -> String {
    let plain = message.split([':', '\'', '"']).next().unwrap_or_default().trim();
    let plain: String = plain.chars().filter(|letter| !letter.is_ascii_digit()).collect();
    if plain.is_empty() { "the calculation has no result".to_owned() } else { plain.to_lowercase() }
}

/// Names in scripts are the author's, but a computed one could be anything.
fn word(name: &str) -> &str {
    let name = name.trim();
    if rhai::is_valid_identifier(name) { name } else { "…" }
}
