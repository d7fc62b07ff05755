//! Printing: results to stdout, everything else to stderr, colour only on a terminal that wants it.

use std::borrow::Cow;
use std::io::{self, BufWriter, IsTerminal as _, Stdout, Write as _};
use std::path::Path;

use super::{Settings, Stop};
use crate::problem::{Problem, Problems, Severity, Style, render};
use crate::recipe::Recipe;
use crate::report::turns_direction;
use crate::run::load;

/// Prints a result for people, in which nothing that came from elsewhere steers their terminal.
pub(super) fn print(text: &str) {
    print_as_is(&visible(text));
}

/// The text with signs that steer a terminal, or turn around what is read, written out: a name may hold them.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(steers) {
        return text.into();
    }
    let mut shown = String::with_capacity(text.len());
    for sign in text.chars() {
        if steers(sign) { shown.extend(sign.escape_unicode()) } else { shown.push(sign) }
    }
    shown.into()
}

/// Control characters but for those that lay out our own text, and what turns the direction of the text.
fn steers(sign: char) -> bool {
    turns_direction(sign) || (sign.is_control() && !matches!(sign, '\n' | '\t'))
}

/// Prints a result for programs, or one that was made visible before it was coloured. A reader that has gone away
/// (`rollbook plan … | head`) is no error.
pub(super) fn print_as_is(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Whether what is printed is seen by somebody at once.
pub(super) fn is_a_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// Prints a file that is no text.
///
/// # Errors
/// When it cannot be written; a reader that has gone away is no error.
pub(super) fn print_file(write: impl FnOnce(&mut BufWriter<Stdout>) -> io::Result<()>) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout());
    match write(&mut out).and_then(|()| out.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

/// Prints a result as JSON.
pub(super) fn print_json(value: &impl serde::Serialize) {
    let text = serde_json::to_string_pretty(value).unwrap_or_else(|error| format!("{{\"error\": \"{error}\"}}"));
    print_as_is(&format!("{text}\n"));
}

/// Says something that is no result.
pub(super) fn say(text: &str) {
    let mut out = std::io::stderr().lock();
    let _ = writeln!(out, "{text}");
}

/// Colour for what is printed to stdout.
pub(super) fn stdout_style() -> Style {
    style(std::io::stdout().is_terminal())
}

/// Colour for what is said on stderr.
pub(super) fn stderr_style() -> Style {
    style(std::io::stderr().is_terminal())
}

/// Whether logs may be coloured.
pub(super) fn stderr_has_colour() -> bool {
    matches!(stderr_style(), Style::Colour)
}

fn style(terminal: bool) -> Style {
    let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if terminal && !unwanted { Style::Colour } else { Style::Plain }
}

/// Problems as text.
pub(super) fn problems_text(problems: &[Problem], style: Style) -> String {
    problems.iter().map(|problem| render(problem, style) + "\n").collect()
}

/// "2 problems, 1 warning".
pub(super) fn count(problems: &[Problem]) -> String {
    let fatal = problems.iter().filter(|problem| problem.severity == Severity::Problem).count();
    let warnings = problems.len() - fatal;
    let some = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    match (fatal, warnings) {
        (0, 0) => "no problems".to_owned(),
        (0, _) => format!("no problems, {}", some(warnings, "warning")),
        (_, 0) => some(fatal, "problem"),
        _ => format!("{}, {}", some(fatal, "problem"), some(warnings, "warning")),
    }
}

/// Loads a recipe for a command that needs nothing but its files. Problems are shown on stderr; warnings do not stop.
pub(super) fn load_recipe(path: &Path) -> Result<Recipe, Stop> {
    let mut problems = Problems::new();
    let recipe = load::load(path, &mut problems);
    loaded(path, recipe, problems)
}

/// The same for a command that runs it: its target may have to be asked which fields it has.
pub(super) async fn load_to_run(path: &Path, settings: &Settings) -> Result<Recipe, Stop> {
    let mut problems = Problems::new();
    let recipe = load::load_to_run(path, &settings.secrets(), &mut problems).await?;
    loaded(path, recipe, problems)
}

fn loaded(path: &Path, recipe: Option<Recipe>, problems: Problems) -> Result<Recipe, Stop> {
    let problems = problems.into_sorted();
    match recipe {
        Some(recipe) => {
            if !problems.is_empty() {
                say(&format!("{}: {}; `rollbook check` shows them", path.display(), count(&problems)));
            }
            Ok(recipe)
        }
        None => {
            say(&format!("{}{}: {}", problems_text(&problems, stderr_style()), path.display(), count(&problems)));
            Err(Stop::Problems)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_steer_a_terminal_is_written_out_and_letters_are_left_alone() {
        assert_eq!(visible("a\u{1b}[2Jb\rc\u{202e}d\u{9b}e"), "a\\u{1b}[2Jb\\u{d}c\\u{202e}d\\u{9b}e");
        let plain = "Zoë → 日本\tשלום\n";
        assert!(matches!(visible(plain), Cow::Borrowed(text) if text == plain));
    }
}
