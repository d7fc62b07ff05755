//! What a run did and what somebody should do about it, as data; and that data as a mail, a page, a sheet, a workbook and a
//! few lines.
//!
//! Rendering is pure: [`RunReport`] in, text out; a workbook has its rows in files without names meanwhile. Sending is
//! [`mail`]. Nothing here decides anything about people.
//!
//! Reading order: this file, [`totals`], [`attention`] (what needs attention, by cause), `language` and `sentences` (the
//! texts in `texts/`, and what the engine and the connectors say, in the reader's language), `view` (the report in the order
//! people read it), then one file or folder for each form: `subject`, `text`, `html`, `sheet` and `workbook` (both filled by
//! `tables`), `summary`, [`mail`]; and `notices`, the words of messages that are no reports.
//!
//! # To add a sentence
//!
//! What is said of people (a finding, a hint, a reason, the message of an error) is written where it arises, in English, and
//! kept like that. Write the same words to `texts/sentences.en.ftl` with a name for each thing that differs, and what they
//! mean to `sentences.fr.ftl` and `sentences.de.ftl`, with the same names. `sentences` says what places may hold. A test
//! reads the sources and names every sentence that is missing; words that reach no report are listed there, with where
//! they go.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::model::plan::{GroupChange, NewGroup, TableMiss};
use crate::model::{EmployeeId, Finding, Language, Outcome, OutcomeKind, Privacy, Tripped, UnreadableRecord};

pub mod attention;
mod changes;
mod html;
mod language;
pub mod mail;
mod notices;
mod privacy;
mod sentences;
mod sheet;
mod subject;
mod summary;
mod tables;
mod text;
pub mod totals;
mod view;
mod words;
mod workbook;

#[cfg(test)]
#[path = "../../tests/it/python/mod.rs"]
mod python;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod tests;

pub use attention::{Affected, Attention, Cause, Group};
pub use html::html;
pub use notices::NoticeWords;
pub use sheet::{harmless, write_sheet};
pub use subject::{headline, subject};
pub use summary::summary;
pub use tables::Forms;
pub use text::text;
pub use totals::Totals;
pub use words::{capital, turns_direction};
pub use workbook::write_workbook;

/// Everything there is to say about one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunReport {
    /// The run's id; also the name of the report's files.
    pub run: String,
    /// The recipe's name.
    pub recipe: String,
    /// What stands between the brackets of the subject ("Acme → 360Learning").
    pub title: String,
    /// The language it is written in.
    pub language: Language,
    /// What of people it keeps to itself.
    pub privacy: Privacy,
    /// The recipe's own description, if it has one.
    pub description: Option<String>,
    /// The source as its users call it ("HiBob").
    pub source: String,
    /// The target as its users call it ("360Learning").
    pub target: String,
    /// The day the run was for, in the recipe's time zone.
    pub today: Date,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub finished: Timestamp,
    /// The time zone that times are printed in (`Europe/Paris`); UTC where there is no such zone.
    pub timezone: String,
    /// Records read from the source, the unreadable ones among them.
    pub employees: usize,
    /// Records that could not be read as an employee.
    pub unreadable: Vec<UnreadableRecord>,
    /// Every employee read, exactly once; then the linked users whose employee is gone (`person.in_roster == false`).
    pub outcomes: Vec<Outcome>,
    /// The limits that were broken, the approved ones among them.
    pub tripped: Vec<Tripped>,
    /// What needs attention and belongs to no single person.
    pub findings: Vec<Finding>,
    /// Values that no row of a value table knows.
    pub table_misses: Vec<TableMiss>,
    /// Groups and teams that were made.
    pub new_groups: Vec<NewGroup>,
    /// Groups and teams that were renamed, or given a key.
    pub group_changes: Vec<GroupChange>,
    /// How long each phase took, in order.
    pub phases: Vec<(String, Duration)>,
    /// Why the run was refused or ended early, in words.
    pub refused: Option<String>,
    /// Earlier runs that were interrupted and that this one finished.
    pub interrupted: Vec<String>,
    /// The counts of the run before this one.
    pub previous: Option<BTreeMap<OutcomeKind, usize>>,
    /// The last runs that were carried out, the oldest first, this one not among them; fewer than [`TREND`].
    pub trend: Vec<RunCounts>,
    /// Who needed attention in the run before this one, where that is known.
    pub needed_attention: Option<BTreeSet<EmployeeId>>,
    /// What was asked of source and target.
    pub calls: Vec<Calls>,
}

/// How many runs a trend shows, the one that is reported among them.
pub const TREND: usize = 30;

/// One run of a trend.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunCounts {
    /// When it began.
    pub started: Timestamp,
    /// How many people ended how.
    pub counts: BTreeMap<OutcomeKind, usize>,
}

/// What was asked of one service, each try counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calls {
    /// The service, as its users call it.
    pub service: String,
    /// Calls that read.
    pub reads: u64,
    /// Calls that write.
    pub writes: u64,
}

impl RunReport {
    /// Whether the run got so far that there is something to say of each person; a refused one did not.
    fn was_begun(&self) -> bool {
        self.changed_anything() || !self.outcomes.is_empty()
    }

    /// Whether anything at all was written to the target.
    #[must_use]
    pub fn changed_anything(&self) -> bool {
        !self.new_groups.is_empty() || !self.group_changes.is_empty() || self.outcomes.iter().any(wrote)
    }
}

/// Whether something was written for this person, if only in part.
fn wrote(outcome: &Outcome) -> bool {
    match outcome.kind {
        OutcomeKind::Created | OutcomeKind::Updated | OutcomeKind::Reactivated | OutcomeKind::Deactivated => true,
        _ => wrote_before_failing(outcome),
    }
}

/// Whether a person's changes were begun and then failed.
fn wrote_before_failing(outcome: &Outcome) -> bool {
    outcome.kind == OutcomeKind::Failed && outcome.person.changes.as_ref().is_some_and(|changes| !changes.is_empty())
}
