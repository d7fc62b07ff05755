//! Configuration that has no effect: tables nobody reads, script functions nobody calls.

use super::draft::Draft;
use crate::problem::{Place, Problem};
use crate::stage::Compile;

/// Warns of what nothing uses. Runs last, when everything that reads anything is compiled.
pub(super) fn check(draft: &Draft, cx: &Compile<'_>) -> Vec<Problem> {
    let mut found = Vec::new();
    let stages = draft.stage_tables();
    for (name, table) in &draft.tables {
        if !stages.contains(name) {
            found.push(unread(name, &Place::start(&table.file)));
        }
    }
    for (name, table) in cx.tables.iter() {
        if !cx.tables_read.iter().any(|read| read == name) {
            found.push(unread(name, &Place::start(&table.table().file)));
        }
    }
    found.extend(cx.scripts.unused_functions());
    found
}

fn unread(name: &str, place: &Place) -> Problem {
    Problem::warning("unread-table", place, format!("nothing reads the table `{name}`"))
        .help("name it in the recipe or in a `lookup`, or move the file out of the folder")
}
