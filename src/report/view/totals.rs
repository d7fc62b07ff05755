//! The small table that adds up.

use super::super::Totals;
use super::trend::{CHANGED, ENDED, FAILED};
use super::{RunReport, Words};
use crate::model::OutcomeKind;

/// Counts by how it ended, with their sum.
pub(in super::super) struct TotalsTable {
    /// The headings of the columns after the first.
    pub(in super::super) columns: Vec<String>,
    pub(in super::super) rows: Vec<Row>,
    /// The sum.
    pub(in super::super) sum: Row,
    /// What the sum says.
    pub(in super::super) note: String,
}

/// One line of the table.
pub(in super::super) struct Row {
    pub(in super::super) label: String,
    pub(in super::super) counts: Vec<String>,
    /// How long its bar is, in hundredths of the longest, and its colour.
    pub(in super::super) bar: Option<(usize, &'static str)>,
}

impl TotalsTable {
    pub(super) fn of(report: &RunReport, words: Words) -> Self {
        let totals = Totals::of(report);
        let table = Columns { gone: totals.gone() > 0, previous: report.previous.as_ref(), totals: &totals, words };
        let kinds = OutcomeKind::ALL.into_iter().filter(|kind| table.has(*kind));
        let mut rows: Vec<Row> = kinds.map(|kind| table.row(kind)).collect();
        rows.extend(table.extra("totals-unreadable", totals.unreadable));
        rows.extend(table.extra("totals-not-reached", totals.not_reached));
        Self { columns: table.titles(), rows, sum: table.sum(), note: note(&totals, words) }
    }
}

/// What the columns are made of.
struct Columns<'a> {
    gone: bool,
    previous: Option<&'a std::collections::BTreeMap<OutcomeKind, usize>>,
    totals: &'a Totals,
    words: Words,
}

impl Columns<'_> {
    fn titles(&self) -> Vec<String> {
        let say = |text| self.words.say(text);
        self.pick(say("totals-read"), Some(say("totals-gone")), Some(say("totals-last")))
    }

    fn has(&self, kind: OutcomeKind) -> bool {
        self.totals.count(kind) > 0 || self.before(kind) > 0
    }

    fn before(&self, kind: OutcomeKind) -> usize {
        self.previous.and_then(|counts| counts.get(&kind)).copied().unwrap_or_default()
    }

    fn row(&self, kind: OutcomeKind) -> Row {
        let number = |count| self.words.number(count);
        let of = |counts: &std::collections::BTreeMap<_, usize>| number(counts.get(&kind).copied().unwrap_or_default());
        let counts =
            self.pick(of(&self.totals.employees), Some(of(&self.totals.gone)), Some(number(self.before(kind))));
        Row { label: word(kind, self.words), counts, bar: self.bar(kind) }
    }

    /// The bar of what was done or went wrong; most people are simply left alone, which says nothing.
    fn bar(&self, kind: OutcomeKind) -> Option<(usize, &'static str)> {
        let longest = OutcomeKind::ALL.into_iter().filter(|kind| colour(*kind).is_some());
        let longest = longest.map(|kind| self.totals.count(kind)).max().filter(|longest| *longest > 0)?;
        let count = self.totals.count(kind);
        (count > 0).then_some((count * 100).div_ceil(longest)).zip(colour(kind))
    }

    /// A row that only employees read can be in.
    fn extra(&self, label: &str, count: usize) -> Option<Row> {
        let row =
            || Row { label: self.words.say(label), counts: self.pick(self.words.number(count), None, None), bar: None };
        (count > 0).then(row)
    }

    fn sum(&self) -> Row {
        let read = self.words.number(self.totals.read() + self.totals.not_reached);
        let gone = self.words.number(self.totals.gone());
        Row { label: self.words.say("totals-sum"), counts: self.pick(read, Some(gone), None), bar: None }
    }

    /// One cell for each column that is there.
    fn pick<T: Default>(&self, read: T, gone: Option<T>, last: Option<T>) -> Vec<T> {
        let mut cells = vec![read];
        cells.extend(self.gone.then(|| gone.unwrap_or_default()));
        cells.extend(self.previous.map(|_| last.unwrap_or_default()));
        cells
    }
}

fn colour(kind: OutcomeKind) -> Option<&'static str> {
    match kind {
        OutcomeKind::Created | OutcomeKind::Updated | OutcomeKind::Reactivated => Some(CHANGED),
        OutcomeKind::Deactivated => Some(ENDED),
        OutcomeKind::Held | OutcomeKind::Undecided | OutcomeKind::Conflict | OutcomeKind::Failed => Some(FAILED),
        _ => None,
    }
}

/// How it ended, in words.
pub(in super::super) fn word(kind: OutcomeKind, words: Words) -> String {
    words.say(match kind {
        OutcomeKind::Created => "kind-created",
        OutcomeKind::Updated => "kind-updated",
        OutcomeKind::Reactivated => "kind-reactivated",
        OutcomeKind::Deactivated => "kind-deactivated",
        OutcomeKind::Unchanged => "kind-unchanged",
        OutcomeKind::Held => "kind-held",
        OutcomeKind::Ignored => "kind-ignored",
        OutcomeKind::OutOfScope => "kind-out-of-scope",
        OutcomeKind::Waiting => "kind-waiting",
        OutcomeKind::Undecided => "kind-undecided",
        OutcomeKind::Conflict => "kind-conflict",
        OutcomeKind::Protected => "kind-protected",
        OutcomeKind::Failed => "kind-failed",
    })
}

fn note(totals: &Totals, words: Words) -> String {
    let read = totals.read() + totals.not_reached;
    let mut note = match totals.not_reached {
        0 if read == 0 => words.say("totals-nothing-read"),
        0 => words.counted("totals-note", read),
        missed => words.with("totals-note-missed", [("n", read.into()), ("missed", missed.into())]),
    };
    if totals.gone() > 0 {
        note.push(' ');
        note.push_str(&words.say("totals-note-gone"));
    }
    note
}
