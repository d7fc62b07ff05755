//! The small table that adds up.

use super::super::Totals;
use super::super::words::{counted, number};
use super::RunReport;
use crate::model::OutcomeKind;

/// Counts by how it ended, with their sum.
pub(in super::super) struct TotalsTable {
    /// The headings of the columns after the first.
    pub(in super::super) columns: Vec<&'static str>,
    pub(in super::super) rows: Vec<Row>,
    /// The sum.
    pub(in super::super) sum: Row,
    /// What the sum says.
    pub(in super::super) note: String,
}

/// One line of the table.
pub(in super::super) struct Row {
    pub(in super::super) label: &'static str,
    pub(in super::super) counts: Vec<String>,
}

impl TotalsTable {
    pub(super) fn of(report: &RunReport) -> Self {
        let totals = Totals::of(report);
        let table = Columns { gone: totals.gone() > 0, previous: report.previous.as_ref(), totals: &totals };
        let kinds = OutcomeKind::ALL.into_iter().filter(|kind| table.has(*kind));
        let mut rows: Vec<Row> = kinds.map(|kind| table.row(kind)).collect();
        rows.extend(table.extra("unreadable", totals.unreadable));
        rows.extend(table.extra("not reached", totals.not_reached));
        Self { columns: table.titles(), rows, sum: table.sum(), note: note(&totals) }
    }
}

/// What the columns are made of.
struct Columns<'a> {
    gone: bool,
    previous: Option<&'a std::collections::BTreeMap<OutcomeKind, usize>>,
    totals: &'a Totals,
}

impl Columns<'_> {
    fn titles(&self) -> Vec<&'static str> {
        self.pick("read", Some("gone"), Some("last run"))
    }

    fn has(&self, kind: OutcomeKind) -> bool {
        self.totals.count(kind) > 0 || self.before(kind) > 0
    }

    fn before(&self, kind: OutcomeKind) -> usize {
        self.previous.and_then(|counts| counts.get(&kind)).copied().unwrap_or_default()
    }

    fn row(&self, kind: OutcomeKind) -> Row {
        let of = |counts: &std::collections::BTreeMap<_, usize>| number(counts.get(&kind).copied().unwrap_or_default());
        let counts =
            self.pick(of(&self.totals.employees), Some(of(&self.totals.gone)), Some(number(self.before(kind))));
        Row { label: kind.word(), counts }
    }

    /// A row that only employees read can be in.
    fn extra(&self, label: &'static str, count: usize) -> Option<Row> {
        (count > 0).then(|| Row { label, counts: self.pick(number(count), None, None) })
    }

    fn sum(&self) -> Row {
        let read = self.totals.read() + self.totals.not_reached;
        Row { label: "altogether", counts: self.pick(number(read), Some(number(self.totals.gone())), None) }
    }

    /// One cell for each column that is there.
    fn pick<T: Default>(&self, read: T, gone: Option<T>, last: Option<T>) -> Vec<T> {
        let mut cells = vec![read];
        cells.extend(self.gone.then(|| gone.unwrap_or_default()));
        cells.extend(self.previous.map(|_| last.unwrap_or_default()));
        cells
    }
}

fn note(totals: &Totals) -> String {
    let read = totals.read() + totals.not_reached;
    let mut note = match totals.not_reached {
        0 if read == 0 => "No records were read.".to_owned(),
        0 => format!("{} read, and each is in exactly one row.", counted(read, "record was", "records were")),
        missed => format!(
            "{} read; the run ended before {} of them.",
            counted(read, "record was", "records were"),
            number(missed)
        ),
    };
    if totals.gone() > 0 {
        note.push_str(" “Gone” counts linked users whose employee is no longer delivered.");
    }
    note
}
