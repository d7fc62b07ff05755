//! What a call may name: functions with their numbers of arguments, tables, columns, patterns, formats.

use std::collections::BTreeSet;

use rhai::{Expr, Position};

use crate::problem::{Problem, did_you_mean, nearest};
use crate::table::ValueTables;

use super::Unread;
use super::engine::Arities;
use super::source::Source;
use super::{dates, patterns};

/// Functions that Rhai has and scripts must not use.
const FORBIDDEN: [&str; 9] = ["eval", "print", "debug", "Fn", "curry", "call", "is_def_fn", "is_def_var", "is_shared"];
/// Functions on lists that also accept the name of a function as text, which nobody could check.
const TAKE_CLOSURES: [&str; 13] = [
    "map",
    "filter",
    "for_each",
    "reduce",
    "reduce_rev",
    "some",
    "all",
    "find",
    "find_map",
    "sort",
    "dedup",
    "retain",
    "drain",
];

/// Everything that can be named.
pub(super) struct Known<'a> {
    pub(super) natives: &'a Arities,
    pub(super) functions: &'a Arities,
    /// Functions of files that do not compile: they exist, and nothing else is known about them.
    pub(super) broken: &'a BTreeSet<String>,
    pub(super) unread: &'a Unread,
    pub(super) tables: &'a ValueTables,
}

/// A table read by a call; the column is `None` for `to`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Lookup {
    pub(super) table: Box<str>,
    pub(super) column: Option<Box<str>>,
}

/// How a call is written, which decides what it may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `f(a, b)`
    Function,
    /// `a.f(b)`: the helpers count `a`, functions of script files have it as `this`.
    Method,
}

impl Known<'_> {
    /// Whether a call reaches one of the author's functions, and so with how many parameters.
    pub(super) fn script_function(&self, name: &str, written: usize) -> bool {
        self.functions.get(name).is_some_and(|counts| counts.contains(&written))
    }

    /// What is wrong with the name or the number of arguments of a call.
    pub(super) fn check_call(
        &self,
        name: &str,
        written: usize,
        form: Form,
        at: Position,
        source: &Source,
    ) -> Option<Problem> {
        let place = source.place(at);
        if FORBIDDEN.contains(&name) {
            let problem = Problem::new("not-allowed", &place, format!("`{name}` is not available in scripts"));
            return Some(match name {
                "call" | "curry" | "Fn" => problem.help("call a function by its name, so that it can be checked"),
                _ => problem.help("scripts have no clock, files, network, imports, `eval` or printing"),
            });
        }
        let given = written + usize::from(form == Form::Method);
        let native = self.natives.get(name);
        if self.script_function(name, written) || native.is_some_and(|counts| counts.contains(&given)) {
            return None;
        }
        let takes: BTreeSet<usize> = native.into_iter().chain(self.functions.get(name)).flatten().copied().collect();
        if self.broken.contains(name) || takes.is_empty() && self.unread.scripts {
            return None;
        }
        if takes.is_empty() {
            let problem = Problem::new("unknown-function", &place, format!("there is no function `{name}`"));
            let help = nearest(name, self.names()).map(|near| format!("did you mean `{near}`?"));
            let general = "functions of your own stand in a file that the recipe lists under `scripts`";
            return Some(problem.help(help.unwrap_or_else(|| general.to_owned())));
        }
        if form == Form::Method && self.script_function(name, given) {
            let message = format!("`{name}` is a function of a script file, and is called with all its arguments");
            let problem = Problem::new("wrong-arguments", &place, message);
            return Some(
                problem.help(format!("write `{name}(…)` with what stands before the dot as its first argument")),
            );
        }
        let message = format!("`{name}` takes {}, not {given}", arguments(&takes));
        Some(Problem::new("wrong-arguments", &place, message))
    }

    /// Checks what a call names in its literal arguments; gives the table it reads, if it reads one.
    pub(super) fn check_arguments(
        &self,
        name: &str,
        arguments: &[Option<&Expr>],
        at: Position,
        source: &Source,
        problems: &mut Vec<Problem>,
    ) -> Option<Lookup> {
        let text = |index: usize| arguments.get(index).copied().flatten().and_then(literal);
        match name {
            "lookup" | "lookup_or" => {
                let column = (name == "lookup" && arguments.len() == 3).then(|| text(2));
                return self.check_lookup(name, text(0), column, at, source, problems);
            }
            "replace_regex" | "capture" => {
                if let Some((pattern, at)) = text(1)
                    && let Err(message) = patterns::compile(pattern)
                {
                    problems.push(Problem::new("pattern", &source.place(at), message));
                }
            }
            "parse_date" | "format_date" => {
                if let Some((format, at)) = text(1)
                    && let Err(message) = dates::check_format(format, name == "parse_date")
                {
                    problems.push(Problem::new("date-format", &source.place(at), message));
                }
            }
            _ if TAKE_CLOSURES.contains(&name) => {
                if let Some((_, at)) = text(1) {
                    let message = format!("`{name}` is given the name of a function as text");
                    let problem = Problem::new("not-allowed", &source.place(at), message);
                    problems.push(problem.help("write `|item| f(item)`, so that the call can be checked"));
                }
            }
            _ => {}
        }
        None
    }

    fn check_lookup(
        &self,
        name: &str,
        table: Option<(&str, Position)>,
        column: Option<Option<(&str, Position)>>,
        at: Position,
        source: &Source,
        problems: &mut Vec<Problem>,
    ) -> Option<Lookup> {
        let not_literal = |what: &str| {
            let message = format!("the {what} that `{name}` reads must stand here as text");
            Problem::new("not-literal", &source.place(at), message).help("only then can it be checked before a run")
        };
        let Some((table_name, at_table)) = table else {
            problems.push(not_literal("table"));
            return None;
        };
        let Some(table) = self.tables.get(table_name) else {
            if self.unread.has_table(table_name) {
                return None;
            }
            let message = format!("there is no value table `{table_name}`");
            let help = did_you_mean(table_name, self.tables.keys().map(|name| &**name))
                .unwrap_or_else(|| "a value table has the columns `from` and `to`".to_owned());
            problems.push(Problem::new("unknown-table", &source.place(at_table), message).help(help));
            return None;
        };
        let column = match column {
            None => None,
            Some(None) => {
                problems.push(not_literal("column"));
                None
            }
            Some(Some((column, at))) => {
                if table.column(column).is_none() {
                    let message = format!("the table `{table_name}` has no column `{column}`");
                    problems.push(
                        Problem::new("unknown-column", &source.place(at), message)
                            .maybe_help(did_you_mean(column, table.column_names())),
                    );
                }
                (column != "to").then(|| column.into())
            }
        };
        Some(Lookup { table: table_name.into(), column })
    }

    fn names(&self) -> impl Iterator<Item = &str> + Clone {
        let own = self.functions.keys().filter(|name| rhai::is_valid_identifier(name));
        let allowed = self.natives.keys().filter(|name| !FORBIDDEN.contains(&name.as_str()));
        own.chain(allowed).map(String::as_str)
    }
}

/// A literal text and where it stands.
pub(super) fn literal(expr: &Expr) -> Option<(&str, Position)> {
    match expr {
        Expr::StringConstant(text, at) => Some((text, *at)),
        _ => None,
    }
}

fn arguments(takes: &BTreeSet<usize>) -> String {
    let counts: Vec<String> = takes.iter().map(usize::to_string).collect();
    match (takes.first(), takes.last()) {
        (Some(0), Some(0)) => "no arguments".to_owned(),
        (Some(1), Some(1)) => "1 argument".to_owned(),
        (Some(first), Some(last)) if takes.len() > 2 && last - first + 1 == takes.len() => {
            format!("{first} to {last} arguments")
        }
        _ => format!("{} arguments", counts.join(" or ")),
    }
}
