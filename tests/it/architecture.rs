//! The walls of `src/lib.rs`: which module may name which, and which may touch the world. Read from the sources.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::author::repository;

/// What each module may name of the crate, beside itself.
const MAY_NAME: [(&str, &[&str]); 18] = [
    ("model", &[]),
    ("private", &[]),
    ("problem", &["model"]),
    ("delimited", &["model", "problem"]),
    ("table", &["model", "problem", "delimited"]),
    ("script", &["model", "problem", "delimited", "table"]),
    ("stage", &["model", "problem", "table", "script"]),
    ("recipe", &["model", "problem", "table", "script", "stage"]),
    ("engine", &["model", "problem", "table", "script", "stage", "recipe"]),
    ("connector", &["model", "private", "delimited"]),
    ("store", &["model", "private"]),
    ("report", &["model", "private", "delimited"]),
    ("metrics", &["model", "connector", "store"]),
    ("run", BELOW_RUN),
    ("server", BELOW_SERVER),
    ("sandbox", &[]),
    ("cli", BELOW_CLI),
    ("main", &["cli"]),
];

/// What the commands bring together.
const BELOW_CLI: &[&str] = &[
    "model",
    "private",
    "problem",
    "delimited",
    "table",
    "script",
    "stage",
    "recipe",
    "engine",
    "connector",
    "store",
    "report",
    "metrics",
    "run",
    "server",
    "sandbox",
];

/// The same without itself and what stands beside it.
const BELOW_SERVER: &[&str] = match BELOW_CLI {
    [below @ .., _server, _sandbox] => below,
    _ => &[],
};

/// The same one step further down.
const BELOW_RUN: &[&str] = match BELOW_SERVER {
    [below @ .., _run] => below,
    _ => &[],
};

/// Modules without `async`, clock, environment and files.
const PURE: [&str; 8] = ["model", "problem", "delimited", "table", "script", "stage", "recipe", "engine"];

/// The one file of them that opens the author's files.
const OPENS_FILES: &str = "recipe/load.rs";

/// Names that reach into the world.
const WORLD: [&str; 16] = [
    "async",
    "await",
    "tokio",
    "Timestamp::now",
    "Zoned::now",
    "SystemTime",
    "Instant",
    "std::env",
    "env::var",
    "std::fs",
    "fs::read",
    "File::open",
    "std::net",
    "std::process",
    "std::thread",
    "TimeZone::system",
];

/// Libraries that one place names: the name in code, and the paths that may hold it.
const LIBRARIES: [(&str, &[&str]); 25] = [
    ("rhai", &["script"]),
    ("serde_yaml", &["recipe/yaml.rs"]),
    ("csv", &["delimited"]),
    ("jsonschema", &["recipe/schema.rs"]),
    ("lettre", &["report/mail"]),
    ("sqlx", &["store"]),
    ("rusqlite", &["connector/directory"]),
    ("askama", &["report"]),
    ("rust_xlsxwriter", &["report/workbook"]),
    ("zip", &["report/mail/attached"]),
    ("clap", &["cli", "main.rs"]),
    ("annotate_snippets", &["problem"]),
    ("indicatif", &["cli/progress.rs"]),
    // A service that answers as a test needs it.
    ("axum", &["sandbox", "server", "connector/http/tests"]),
    ("hyper", &["server/connections.rs"]),
    ("hyper_util", &["server/connections.rs"]),
    ("prometheus_client", &["metrics.rs"]),
    ("uuid", &["store/deliveries.rs", "store/replica.rs"]),
    ("cronexpr", &["stage/cadence.rs"]),
    // The sandbox calls webhooks, and knows nothing of connectors.
    ("reqwest", &["connector/http", "sandbox/hibob/webhook"]),
    ("rustls", &["connector/http", "sandbox/hibob/webhook"]),
    ("governor", &["connector/http"]),
    ("fluent_bundle", &["report/language.rs"]),
    ("fluent_syntax", &["report/language.rs", "report/sentences.rs"]),
    ("backon", &["connector/http", "run/ending.rs", "run/redelivery.rs", "server/pause.rs"]),
];

/// Every source file by its path below `src`, without comments and without what stands in quotes.
fn sources() -> BTreeMap<String, String> {
    let top = repository().join("src");
    let mut found = BTreeMap::new();
    let mut folders = vec![top.clone()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.insert(below(&top, &path), code(&fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(found.len() > 100, "the sources are where they were");
    found
}

fn below(top: &Path, path: &Path) -> String {
    path.strip_prefix(top).unwrap().to_str().unwrap().to_owned()
}

/// The code alone. Character literals and lifetimes are left in: no rule is about them.
fn code(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(sign) = rest.chars().next() {
        let skipped = match sign {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '\'' if rest.starts_with("'\"'") => 3,
            '"' => string_end(rest),
            'r' if rest.starts_with("r#\"") => rest.find("\"#").map_or(rest.len(), |end| end + 2),
            _ => 0,
        };
        if skipped == 0 {
            code.push(sign);
            rest = &rest[sign.len_utf8()..];
        } else {
            rest = &rest[skipped..];
        }
    }
    code
}

/// The length of the string literal at the start.
fn string_end(text: &str) -> usize {
    let mut escaped = false;
    for (at, sign) in text.char_indices().skip(1) {
        match sign {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The module that a file belongs to: the first part of its path.
fn module(file: &str) -> &str {
    file.split('/').next().unwrap().trim_end_matches(".rs")
}

/// The modules of the crate that a text names, in paths (`crate::model`) and in groups (`use crate::{model, problem}`).
fn named(code: &str) -> Vec<&str> {
    let is_word = |sign: char| sign.is_alphanumeric() || sign == '_';
    let word = |text: &'_ str| text.find(|sign| !is_word(sign)).unwrap_or(text.len());
    let mut found = Vec::new();
    for (at, path) in code.match_indices("crate::") {
        let rest = &code[at + path.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            found.push(&rest[..word(rest)]);
            continue;
        };
        let mut depth = 0;
        let mut start = true;
        for (at, sign) in group.char_indices() {
            match sign {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => start = true,
                _ if start && is_word(sign) => {
                    found.push(&group[at..at + word(&group[at..])]);
                    start = false;
                }
                _ => {}
            }
        }
    }
    found
}

/// Whether a name stands in the code as a word of its own, not as a part of another.
fn names(code: &str, name: &str) -> bool {
    let is_word = |sign: char| sign.is_alphanumeric() || sign == '_';
    code.match_indices(name)
        .any(|(at, _)| !code[..at].ends_with(is_word) && !code[at + name.len()..].starts_with(is_word))
}

/// Whether a library is named: as the start of a path, or in a `use`. A file may have a module of that name.
fn names_library(code: &str, library: &str) -> bool {
    if names(code, &format!("mod {library}")) {
        return false;
    }
    code.match_indices(&format!("{library}::")).any(|(at, _)| {
        let before = &code[..at];
        !before.ends_with(|sign: char| sign.is_alphanumeric() || sign == '_' || sign == ':')
    }) || ["use ", "extern crate "].iter().any(|word| names(code, &format!("{word}{library}")))
}

#[test]
fn arrows_between_modules_point_down_only() {
    let rules: BTreeMap<&str, &[&str]> = MAY_NAME.into_iter().collect();
    let mut wrong = Vec::new();
    for (file, code) in sources() {
        let own = module(&file);
        if own == "lib" {
            continue;
        }
        let Some(allowed) = rules.get(own) else {
            wrong.push(format!("{file}: the module `{own}` has no place in the layers"));
            continue;
        };
        for name in named(&code) {
            if name != own && rules.contains_key(name) && !allowed.contains(&name) {
                wrong.push(format!("{file} names `{name}`, which is not below `{own}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_layers_and_the_map_have_the_same_modules() {
    let map = fs::read_to_string(repository().join("src/lib.rs")).unwrap();
    for (name, _) in MAY_NAME.iter().filter(|(name, _)| *name != "main") {
        assert!(map.contains(&format!("pub mod {name};")), "`{name}` is a module");
        assert!(map.contains(&format!("//! | [`{name}`] |")), "`{name}` is in the map");
    }
    let modules = map.lines().filter(|line| line.starts_with("pub mod ")).count();
    assert_eq!(modules, MAY_NAME.len() - 1, "every module has its layer");
}

#[test]
fn from_the_engine_down_nothing_touches_the_world() {
    let mut wrong = Vec::new();
    for (file, code) in sources().iter().filter(|(file, _)| PURE.contains(&module(file)) && *file != OPENS_FILES) {
        wrong.extend(WORLD.iter().filter(|name| names(code, name)).map(|name| format!("{file} has `{name}`")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_library_is_named_in_one_place() {
    let mut wrong = Vec::new();
    let sources = sources();
    for (library, places) in LIBRARIES {
        let within = |file: &str| {
            let fits = |place: &&str| {
                file == *place || file == format!("{place}.rs") || file.starts_with(&format!("{place}/"))
            };
            places.iter().any(fits)
        };
        let naming: Vec<&String> =
            sources.iter().filter(|(_, code)| names_library(code, library)).map(|(file, _)| file).collect();
        assert!(!naming.is_empty(), "something names `{library}`");
        wrong.extend(naming.iter().filter(|file| !within(file)).map(|file| format!("{file} names `{library}`")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_reader_of_sources_sees_what_is_code_and_nothing_else() {
    let text = "// crate::cli\nuse crate::{model, problem::{Place, cli}};\nlet a = \"crate::run \\\" //\"; let b = '\"'; crate::table::X; \"x\"";
    assert_eq!(named(&code(text)), ["model", "problem", "table"]);
    assert!(names("std::fs::read()", "std::fs") && !names("std::fsx", "std::fs") && !names("asynchronous", "async"));
    assert!(names_library("a(csv::Reader)", "csv") && !names_library("super::csv::read", "csv"));
    assert!(names_library("use csv::X;", "csv") && !names_library("mod csv; csv_x::y", "csv"));
}
