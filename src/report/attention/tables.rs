//! Values that no row of a value table knows: one group for each table, with the rows ready to paste.

use std::collections::BTreeMap;

use super::super::words::{PEOPLE_SHOWN, counted, people};
use super::{Affected, Cause, Group, RunReport};
use crate::model::Whose;
use crate::model::plan::TableMiss;

/// One group for each table, the most frequent value first.
pub(super) fn groups(report: &RunReport) -> Vec<Group> {
    let mut tables: BTreeMap<&str, Vec<&TableMiss>> = BTreeMap::new();
    for miss in &report.table_misses {
        tables.entry(&miss.file).or_default().push(miss);
    }
    tables.into_iter().map(|(file, misses)| group(file, misses)).collect()
}

fn group(file: &str, mut misses: Vec<&TableMiss>) -> Group {
    misses.sort_by_key(|miss| std::cmp::Reverse(miss.people));
    let rows: Vec<&str> = misses.iter().take(PEOPLE_SHOWN).map(|miss| &*miss.row).collect();
    Group {
        cause: Cause::TableMiss,
        whose: Some(Whose::Recipe),
        what: format!("{} in HiBob without a row in `{file}`", counted(misses.len(), "value", "values")),
        todo: "Correct the value in HiBob if it is the nearest row misspelt. \
               If not, add a row: paste what stands below and fill in the empty cells."
            .to_owned(),
        place: Some(file.to_owned()),
        paste: Some(rows.join("\n")),
        affected: misses.into_iter().map(|miss| affected(file, miss)).collect(),
    }
}

fn affected(file: &str, miss: &TableMiss) -> Affected {
    let nearest = match &miss.nearest {
        Some((line, key)) => format!("nearest is `{key}` ({file}:{line})"),
        None => "no row is near".to_owned(),
    };
    Affected {
        name: format!("`{}`", miss.key),
        detail: format!("{}; {nearest}", people(miss.people)),
        ..Affected::default()
    }
}
