//! Values that no row of a value table knows: one group for each table, with the rows ready to paste.

use std::collections::BTreeMap;

use super::super::language::Words;
use super::{Affected, Cause, Group, RunReport};
use crate::model::Whose;
use crate::model::plan::TableMiss;

/// How many rows are made ready to paste.
const ROWS: usize = 200;

/// One group for each table, the most frequent value first.
pub(super) fn groups(report: &RunReport, words: Words) -> Vec<Group> {
    let mut tables: BTreeMap<&str, Vec<&TableMiss>> = BTreeMap::new();
    for miss in &report.table_misses {
        tables.entry(&miss.file).or_default().push(miss);
    }
    tables.into_iter().map(|(file, misses)| group(file, misses, words)).collect()
}

fn group(file: &str, mut misses: Vec<&TableMiss>, words: Words) -> Group {
    misses.sort_by_key(|miss| std::cmp::Reverse(miss.people));
    let rows: Vec<&str> = misses.iter().take(ROWS).map(|miss| &*miss.row).collect();
    Group {
        cause: Cause::TableMiss,
        whose: Some(Whose::Recipe),
        what: words.with("miss-what", [("n", misses.len().into()), ("file", file.into())]),
        todo: words.say("miss-todo"),
        place: Some(file.to_owned()),
        paste: Some(rows.join("\n")),
        affected: misses.into_iter().map(|miss| affected(file, miss, words)).collect(),
    }
}

fn affected(file: &str, miss: &TableMiss, words: Words) -> Affected {
    let people = words.counted("people", miss.people);
    let detail = match &miss.nearest {
        Some((line, key)) => words.with(
            "miss-nearest",
            [
                ("people", people.into()),
                ("key", (&**key).into()),
                ("file", file.into()),
                ("line", line.to_string().into()),
            ],
        ),
        None => words.with("miss-none-near", [("people", people.into())]),
    };
    Affected { name: format!("`{}`", miss.key), detail, ..Affected::default() }
}
