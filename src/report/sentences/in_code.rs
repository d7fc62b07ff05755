//! The sources, read: whatever stands there in words and may reach a report is known here.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::*;

/// Where sentences arise.
const SOURCES: [&str; 12] = [
    "engine",
    "stage",
    "script",
    "script.rs",
    "recipe/compile.rs",
    "problem/suggest.rs",
    "model",
    "connector",
    "delimited.rs",
    "store/error.rs",
    "run",
    "report/attention",
];

/// What comes before words that are for authors, operators or engineers, by the folder: mistakes in files, logs, what cannot
/// happen.
const OTHERS: [(&str, &str); 13] = [
    ("", "tracing::"),
    ("", "Problem::"),
    ("", ".expect("),
    ("", "reason ="),
    ("connector", "f.write_str("),
    ("recipe", "let message ="),
    ("recipe", "let help ="),
    ("script", "problem."),
    ("stage", "let message ="),
    ("stage", "let help ="),
    ("script", "let message ="),
    ("script", "let help ="),
    ("stage", "nonsense("),
];

/// Words that reach no report: the file or folder, how they begin, and where they go instead.
const ELSEWHERE: &[(&str, &str, &str)] = &[
    ("engine/explain.rs", "", "shown by `rollbook explain`"),
    ("engine/references.rs", " with access", "stands within a sentence that is known"),
    ("stage/cadence.rs", "", "mistakes in a recipe"),
    ("stage/condition", "", "mistakes in a table"),
    ("stage/field.rs", "", "mistakes in a table"),
    ("stage/fields.rs", "write ", "mistakes in a table"),
    ("stage/fields/lookup_values.rs", "", "mistakes in a table"),
    ("stage/groups.rs", "", "mistakes in a table"),
    ("script/resolve.rs", "", "found when a script is compiled, before any run"),
    ("script/syntax.rs", "", "found when a script is compiled, before any run"),
    ("run/mail_trial.rs", "", "the mail of `mail-test`, for whoever sets it up"),
    ("model/outcome.rs", "", "titles that reports have texts of their own for"),
    ("model/plan.rs", "", "changes that reports have texts of their own for"),
    ("connector/directory/", "SELECT", "for the database"),
    ("connector/directory/", "INSERT", "for the database"),
    ("connector/directory/", "UPDATE", "for the database"),
    ("connector/directory/", "DELETE", "for the database"),
    ("connector/file/mod.rs", "`{}` is delivered for nobody", "shown by `check --live`"),
    ("connector/file/mod.rs", "export the people again with this field", "shown by `check --live`"),
    ("connector/hibob/examine.rs", "", "shown by `check --live`"),
    ("connector/hibob/parts.rs", "the program is ending", "becomes an answer that was cut off"),
    ("connector/hibob/wire/fault.rs", "line {}, column {}", "stands within sentences that are known"),
    ("connector/http/body.rs", "", "becomes an answer that was cut off or is too large"),
    ("connector/http/chat.rs", "", "logged: it is why people could not be told"),
    ("connector/leapsome/examine.rs", "", "shown by `check --live`"),
    ("connector/leapsome/fields.rs", "", "shown by `rollbook fields` and `check`"),
    ("connector/leapsome/settings.rs", "Settings > ", "a place on Leapsome's screens"),
    ("connector/learnamp/examine.rs", "", "shown by `check --live`"),
    ("connector/learnamp/fields.rs", "", "shown by `rollbook fields`"),
    ("connector/learnamp/seen.rs", "invite ", "words of Learn Amp's that are read"),
    ("connector/learnamp/settings.rs", "to ", "shown by `check --live`"),
    ("connector/learnupon/examine.rs", "{custom} fields", "shown by `check --live`"),
    ("connector/learnupon/examine.rs", "custom user data is", "shown by `check --live`"),
    ("connector/learnupon/examine.rs", "single sign-on", "shown by `check --live`"),
    ("connector/learnupon/examine.rs", "whether an account", "shown by `check --live`"),
    ("connector/learnupon/examine.rs", "{} invitations", "shown by `check --live`"),
    ("connector/learnupon/examine.rs", "{minute} calls", "shown by `check --live`"),
    ("connector/learnupon/examine.rs", "the custom field", "shown by `check --live`"),
    ("connector/learnupon/examine.rs", "give it another label", "shown by `check --live`"),
    ("connector/learnupon/refusal.rs", "another portal", "words of LearnUpon's that are looked for"),
    ("connector/learnupon/refusal.rs", "can't be blank", "words of LearnUpon's that are looked for"),
    ("connector/learnupon/refusal.rs", "cannot be blank", "words of LearnUpon's that are looked for"),
    ("connector/learnupon/refusal.rs", "in use", "words of LearnUpon's that are looked for"),
    ("connector/learnupon/refusal.rs", "email is invalid", "words of LearnUpon's that are looked for"),
    ("connector/learnupon/refusal.rs", "invalid email", "words of LearnUpon's that are looked for"),
    ("connector/learnupon/refusal.rs", "not included", "words of LearnUpon's that are looked for"),
    ("connector/three_sixty/examine.rs", "", "shown by `check --live`"),
    ("connector/three_sixty/fields.rs", "", "shown by `rollbook fields`"),
    ("delimited.rs", "cannot be read to its end", "said again with the cause where a file of people is read"),
    ("store/error.rs", "column `{0}`", "a cause that is logged"),
    ("run/alerts.rs", "full sync", "a mark that notices have a text of their own for"),
    ("run/alerts.rs", "real time", "a mark that notices have a text of their own for"),
    ("run/alerts.rs", "; what to do: ", "a mark that notices have a text of their own for"),
    ("run/alerts.rs", "see the report", "a mark that notices have a text of their own for"),
    ("run/apply.rs", "making groups", "a phase of a run, in logs and on the screen"),
    ("run/apply.rs", "creating users", "a phase of a run, in logs and on the screen"),
    ("run/apply.rs", "updating users", "a phase of a run, in logs and on the screen"),
    ("run/apply.rs", "setting managers", "a phase of a run, in logs and on the screen"),
    ("run/apply.rs", "setting groups", "a phase of a run, in logs and on the screen"),
    ("run/apply.rs", "deactivating users", "a phase of a run, in logs and on the screen"),
    ("run/sync.rs", "reading people and users", "a phase of a run, in logs and on the screen"),
    ("run/sync.rs", "read people and users", "a phase of a run, in logs and on the screen"),
    ("run/ending.rs", "", "shown by `rollbook status`"),
    ("run/examples.rs", "", "shown by `rollbook test`"),
    ("run/live.rs", "", "shown by `check --live`"),
    ("run/load.rs", "", "mistakes in a recipe"),
    ("run/outlook.rs", "", "shown by `check --live`"),
];

/// What a place in a file's sentences is made of, where that is words as well.
const SPELT_OUT: [(&str, &str, &str); 2] = [
    ("connector/hibob/wire/fault.rs", "{0}", "line {}, column {}"),
    ("connector/hibob/wire/fault.rs", "{at}", "line {}, column {}"),
];

/// Stands for whatever is filled in.
const FILLED_IN: char = '\u{1}';

/// Words in a source file.
struct Words {
    text: String,
    line: usize,
    /// The code before them, as far as the statement goes.
    before: String,
}

#[test]
fn whatever_is_said_of_people_is_known() {
    let (mut unknown, mut used) = (Vec::new(), BTreeSet::new());
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in SOURCES.iter().flat_map(|place| files(&sources.join(place))) {
        let path = file.strip_prefix(&sources).unwrap().to_str().unwrap().to_owned();
        for Words { text, line, before } in words(&fs::read_to_string(&file).unwrap()) {
            let of_others = OTHERS.iter().any(|(folder, other)| path.starts_with(folder) && before.contains(other));
            if of_others || !is_prose(&text) || is_known(&spelt_out(&path, &text)) {
                continue;
            }
            let listed =
                ELSEWHERE.iter().position(|(file, start, _)| path.starts_with(file) && text.starts_with(start));
            match listed {
                Some(entry) => _ = used.insert(entry),
                None => unknown.push(format!("{path}:{line}: {text}")),
            }
        }
    }
    assert!(
        unknown.is_empty(),
        "give these a name in texts/sentences.en.ftl and say them in the other languages too, or, if they reach no \
         report, tell in `ELSEWHERE` where they go:\n{}",
        unknown.join("\n")
    );
    let idle: Vec<_> = (0..ELSEWHERE.len()).filter(|entry| !used.contains(entry)).map(|at| ELSEWHERE[at]).collect();
    assert!(idle.is_empty(), "not needed in `ELSEWHERE`: {idle:?}");
}

fn files(path: &Path) -> Vec<std::path::PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let mut inner: Vec<_> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
    inner.retain(|path| path.is_dir() || path.extension().is_some_and(|ending| ending == "rs"));
    inner.retain(|path| path.file_stem().is_none_or(|name| name != "tests"));
    inner.sort();
    inner.iter().flat_map(|path| files(path)).collect()
}

/// The words between quotes in a source, without its tests and comments.
fn words(source: &str) -> Vec<Words> {
    let source = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let (mut found, mut code, mut rest) = (Vec::new(), String::new(), source);
    while let Some(sign) = rest.chars().next() {
        let length = match sign {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '\'' if rest.starts_with("'\"'") => 3,
            '\'' if rest.starts_with("'\\") => 3,
            '\'' if rest.starts_with("'{'") || rest.starts_with("'}'") || rest.starts_with("';'") => 3,
            '"' => {
                let (text, length) = quoted(rest);
                let before = code.rsplit([';', '{', '}']).next().unwrap_or_default().trim().to_owned();
                let line = source[..source.len() - rest.len()].lines().count().max(1);
                found.push(Words { text, line, before });
                length
            }
            _ => {
                code.push(sign);
                sign.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    found
}

/// The words of a literal that a text begins with, and how long it is.
fn quoted(literal: &str) -> (String, usize) {
    let (mut text, mut signs) = (String::new(), literal.char_indices().skip(1).peekable());
    while let Some((at, sign)) = signs.next() {
        match sign {
            '"' => return (text, at + 1),
            '\\' => match signs.next() {
                Some((_, '\n')) => while signs.next_if(|(_, sign)| sign.is_whitespace()).is_some() {},
                Some((_, sign)) => text.push(sign),
                None => break,
            },
            sign => text.push(sign),
        }
    }
    (text, literal.len())
}

fn spelt_out(file: &str, text: &str) -> String {
    let places = SPELT_OUT.iter().filter(|(of, ..)| *of == file);
    places.fold(text.to_owned(), |text, (_, place, words)| text.replace(place, words))
}

/// Whether there are two words in it, not counting code, names and what is filled in.
fn is_prose(text: &str) -> bool {
    text.split_whitespace().filter(|word| is_word(word)).count() > 1
}

fn is_word(word: &str) -> bool {
    word.len() > 1 && word.chars().all(|sign| sign.is_lowercase() || "',;:.?".contains(sign))
}

/// Whether a sentence is made of these words: whole, or followed by what somebody says in brackets.
fn is_known(text: &str) -> bool {
    let forms = || FORMS.whole.iter().chain(FORMS.within.values().flatten());
    let fits = |text: &str, form: &Form| {
        let held = form.taken_apart(text);
        held.is_some_and(|held| held.iter().all(|(_, held)| matches!(held, Held::Text(held) if is_filled_in(held))))
    };
    filled_in(text).iter().any(|text| {
        let with_brackets = format!("{text} ({FILLED_IN})");
        forms().any(|form| fits(text, form) || fits(&with_brackets, form))
    })
}

/// A place may hold what the code fills in, or a name, and none of its sentences.
fn is_filled_in(held: &str) -> bool {
    !held.trim().contains(char::is_whitespace) || !held.split_whitespace().any(is_word)
}

/// The words with every place filled in, and with any of them left empty.
fn filled_in(text: &str) -> Vec<String> {
    let mut texts = vec![String::new()];
    let mut rest = text;
    while let Some(sign) = rest.chars().next() {
        // Braces that somebody is to write have spaces in them.
        let end = rest.find('}').map(|end| end + 1).filter(|end| sign == '{' && !rest[..*end].contains(' '));
        let place = end.filter(|_| !rest.starts_with("{{"));
        let sign_length = if rest.starts_with("{{") || rest.starts_with("}}") { 2 } else { sign.len_utf8() };
        if place.is_some() {
            let empty = texts.clone();
            texts.iter_mut().for_each(|text| text.push(FILLED_IN));
            texts.extend(empty);
        } else {
            texts.iter_mut().for_each(|text| text.push(sign));
        }
        rest = &rest[place.unwrap_or(sign_length)..];
    }
    texts
}
