//! One pass over everybody, for every table of a report: rows are made on every core, and written while the next ones are
//! made. People who are handed over are let go with their rows: a large report and its tables would else be there at the
//! same time.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::io;

use rayon::iter::ParallelIterator as _;
use rayon::slice::ParallelSlice as _;

use super::attention::{Affected, Group};
use super::changes::Names;
use super::language::Words;
use super::sheet::{Row, Sheet, of_person, of_record};
use super::workbook::{Rows, Telling};
use super::{Attention, RunReport};
use crate::model::{EmployeeId, Outcome, UnreadableRecord};

/// People whose rows are made at the same time and who are let go together, and how many of them one core takes.
const AT_ONCE: usize = 2_000;
const ON_ONE_CORE: usize = 125;

/// Which tables are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Forms {
    /// The CSV.
    pub csv: bool,
    /// The workbook.
    pub xlsx: bool,
}

/// What the rows of a report are made from, apart from its people.
pub(super) struct About<'a> {
    forms: Forms,
    unreadable: &'a [UnreadableRecord],
    concerns: HashMap<&'a EmployeeId, Vec<(&'a Group, &'a Affected)>>,
    names: Names,
    sheet: Sheet,
    telling: Telling,
}

/// The rows of some people, in their order.
#[derive(Default)]
pub(super) struct Part {
    /// How many people, or records that are none.
    pub(super) people: usize,
    /// Rows of the CSV as they stand in it.
    pub(super) csv: Vec<u8>,
    /// Rows of the workbook.
    pub(super) book: Option<Rows>,
}

impl<'a> About<'a> {
    /// About these people of a report, who may have been taken out of it.
    pub(super) fn of(outcomes: &[Outcome], report: &'a RunReport, attention: &'a Attention, forms: Forms) -> Self {
        let words = Words::of(report.language);
        Self {
            forms,
            unreadable: &report.unreadable,
            telling: Telling::of(words, &report.privacy),
            concerns: attention.by_employee(),
            names: Names::of(outcomes, words),
            sheet: Sheet::of(&report.privacy),
        }
    }

    fn part<O: Borrow<Outcome>>(&self, people: &[O]) -> io::Result<Part> {
        let row = |outcome: &Outcome| {
            let concerns = self.concerns.get(&outcome.person.employee).map_or(&[][..], Vec::as_slice);
            of_person(outcome, concerns, &self.names)
        };
        let rows: Vec<Row> = people.iter().map(|outcome| row(outcome.borrow())).collect();
        let csv = if self.forms.csv { self.sheet.rows(&rows)? } else { Vec::new() };
        let people: Vec<&Outcome> = people.iter().map(Borrow::borrow).collect();
        let book = self.forms.xlsx.then(|| Rows::of(&people, rows, &self.names, &self.telling));
        Ok(Part { people: people.len(), csv, book })
    }

    fn first(&self) -> io::Result<Part> {
        let csv = if self.forms.csv { self.sheet.head()? } else { Vec::new() };
        Ok(Part { csv, ..Part::default() })
    }

    fn last(&self) -> io::Result<Part> {
        let rows: Vec<Row> = self.unreadable.iter().map(|record| of_record(record, self.names.words)).collect();
        let csv = if self.forms.csv { self.sheet.rows(&rows)? } else { Vec::new() };
        Ok(Part { people: rows.len(), csv, book: self.forms.xlsx.then(|| Rows::of_records(rows)) })
    }
}

/// Hands on the rows of everybody, part by part: the headers first, the records that are no people last.
///
/// # Errors
/// When `take` fails.
pub(super) fn fill<O: Borrow<Outcome> + Send + Sync>(
    outcomes: impl IntoIterator<Item = O>,
    about: &About<'_>,
    mut take: impl FnMut(Part) -> io::Result<()> + Send,
) -> io::Result<()> {
    let mut outcomes = outcomes.into_iter();
    let mut made = vec![about.first()?];
    loop {
        let people: Vec<O> = outcomes.by_ref().take(AT_ONCE).collect();
        if people.is_empty() {
            break;
        }
        let parts = || people.par_chunks(ON_ONE_CORE).map(|people| about.part(people)).collect::<io::Result<Vec<_>>>();
        let before = std::mem::take(&mut made);
        let (next, taken) = rayon::join(parts, || before.into_iter().try_for_each(&mut take));
        taken?;
        made = next?;
    }
    made.into_iter().chain([about.last()?]).try_for_each(take)
}
