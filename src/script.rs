//! Scripts: the expressions in `transform` and `script` cells, and the functions they call. The only place that names Rhai.
//!
//! # What authors write
//!
//! A cell is one Rhai expression. It sees `value` (the source field), `employee` (read with `employee["work.site"]`, or
//! handed on to a function that does so) and `today`. It gives a value, `()` for empty, or calls `fail("why")`. A field
//! that was not delivered makes the whole result "not delivered", whatever the script does with it. Functions stand in
//! the recipe's script files and see only their parameters.
//!
//! | helper | gives |
//! | --- | --- |
//! | `lookup(table, key)` `lookup(table, key, column)` | the value in `to`, or in another column; `()` where no row answers |
//! | `lookup_or(table, key, default)` | the same, or the default |
//! | `first_of(a, b, …)` | the first of up to eight that is neither `()` nor blank |
//! | `trim(text)` `title_case(text)` `slug(text)` | text without outer spaces; `O'Neil Smith-Jones`; `cote-d-ivoire` |
//! | `split(text, separator)` `join(list, separator)` | a list of trimmed pieces; text, leaving out what is empty |
//! | `replace_regex(text, pattern, replacement)` | every match replaced; `$1` and `${name}` stand for groups |
//! | `capture(text, pattern)` `capture(text, pattern, group)` | group 1, or the match if there is none, or a group by number or name; `()` without a match |
//! | `parse_date(text, format)` `format_date(date, format)` | see below |
//! | `add_days(date, n)` `days_until(date)` | a date; days from today, negative for the past |
//! | `fail(why)` | nothing: this person fails with these words |
//!
//! Text helpers give `()` for `()`. Formats are either friendly, made of `YYYY YY MMMM MMM MM M DD D` and anything that
//! is not a letter (`DD/MM/YYYY`, `YYYY-MM-DD`, in either case), or have `%` signs and are strftime's (`%d %B %Y`).
//! Dates compare with `<`, `==` and the others, with each other and with text like `"2026-03-02"`; `date + n` counts
//! days, and a date has `year`, `month`, `day` and `weekday` (1 is Monday).
//!
//! Of Rhai itself there are operators, `if`, `switch`, loops, closures for list functions, and the functions on text,
//! lists, maps and numbers. There is no clock, file, network, import, `eval`, printing or calling by name.
//!
//! # What the program does with it
//!
//! [`Scripts::compile`] reads the script files, [`Scripts::expression`] a cell; both resolve every call, variable,
//! table and column, and say where one is wrong. A [`Session`] runs expressions over people.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use crate::model::Origin;

mod chain;
mod compile;
mod convert;
mod dates;
mod employee;
mod engine;
mod expression;
mod facts;
mod failure;
mod helpers;
mod lookups;
mod memo;
mod patterns;
mod plain;
mod resolve;
mod session;
mod source;
mod syntax;
#[cfg(test)]
mod tests;
mod walk;

pub use compile::Scripts;
pub use expression::Expression;
pub use session::{Misses, Session};

/// What of a recipe's files could not be read. That has been reported, so a name that may be in them is not called unknown.
#[derive(Debug, Clone, Default)]
pub struct Unread {
    /// Some tables, by name.
    pub tables: BTreeSet<String>,
    /// The whole folder of tables.
    pub all_tables: bool,
    /// A script file.
    pub scripts: bool,
}

impl Unread {
    /// Whether a table of this name may be there.
    #[must_use]
    pub fn has_table(&self, name: &str) -> bool {
        self.all_tables || self.tables.contains(name)
    }
}

/// Why a script gave no value for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptFailure {
    /// The author's own words (`own`), or what happened, without the person's data.
    pub message: String,
    /// The line in a script file; `None` when it happened in the cell itself.
    pub origin: Option<Arc<Origin>>,
    /// The author let it fail, with `fail("why")` or `throw`.
    pub own: bool,
}

impl fmt::Display for ScriptFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.origin {
            Some(origin) => write!(f, "{} ({origin})", self.message),
            None => f.write_str(&self.message),
        }
    }
}
