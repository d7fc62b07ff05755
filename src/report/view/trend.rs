//! The last runs as columns of cells: a picture that needs no picture file, and whose numbers stand in words too.

use std::collections::BTreeMap;

use super::super::{RunReport, Totals};
use super::Words;
use crate::model::OutcomeKind;

/// How high the highest column is, in pixels.
const HEIGHT: usize = 56;
/// How many runs the text lists, the newest.
const LISTED: usize = 10;

/// The runs, the oldest first.
pub(in super::super) struct Trend {
    pub(in super::super) title: String,
    pub(in super::super) note: String,
    pub(in super::super) columns: Vec<Column>,
}

/// One run.
pub(in super::super) struct Column {
    /// The run in words.
    pub(in super::super) words: String,
    /// Heights in pixels and colours, from the top: failed, deactivated, changed.
    pub(in super::super) blocks: Vec<(usize, &'static str)>,
}

struct Counts {
    changed: usize,
    ended: usize,
    failed: usize,
}

impl Trend {
    /// Nothing where there is only one run, or where no run did anything.
    pub(super) fn of(report: &RunReport, words: Words) -> Option<Self> {
        let this = Totals::of(report).by_kind();
        let runs: Vec<_> = report.trend.iter().map(|run| (run.started, &run.counts)).collect();
        let runs: Vec<_> = runs.into_iter().chain([(report.started, &this)]).collect();
        let highest = runs.iter().map(|(_, counts)| Counts::of(counts).all()).max().filter(|highest| *highest > 0)?;
        let [(first, _), .., (last, _)] = &runs[..] else { return None };
        let day = |at: &jiff::Timestamp| words.time(*at, &report.timezone);
        let note = words.with("trend-note", [("first", day(first).into()), ("last", day(last).into())]);
        let column = |(at, counts): &(jiff::Timestamp, &BTreeMap<_, _>)| {
            let counts = Counts::of(counts);
            Column { words: counts.told(day(at), words), blocks: counts.blocks(highest) }
        };
        Some(Self { title: words.say("trend"), note, columns: runs.iter().map(column).collect() })
    }

    /// What each colour means.
    pub(in super::super) fn legend(&self, words: &Words) -> [(&'static str, String); 3] {
        [(CHANGED, words.say("trend-changed")), (ENDED, words.say("trend-ended")), (FAILED, words.say("trend-failed"))]
    }

    /// The newest runs in words, the newest first.
    pub(in super::super) fn listed(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().rev().take(LISTED).map(|column| &*column.words)
    }
}

/// Colours that can be told apart on light and dark pages, and without red and green.
pub(super) const CHANGED: &str = "#2e90fa";
pub(super) const ENDED: &str = "#98a2b3";
pub(super) const FAILED: &str = "#f04438";

impl Counts {
    fn of(counts: &BTreeMap<OutcomeKind, usize>) -> Self {
        let sum = |kinds: &[OutcomeKind]| kinds.iter().filter_map(|kind| counts.get(kind)).sum();
        Self {
            changed: sum(&[OutcomeKind::Created, OutcomeKind::Updated, OutcomeKind::Reactivated]),
            ended: sum(&[OutcomeKind::Deactivated]),
            failed: sum(&[OutcomeKind::Failed]),
        }
    }

    fn all(&self) -> usize {
        self.changed + self.ended + self.failed
    }

    fn told(&self, time: String, words: Words) -> String {
        let Self { changed, ended, failed } = *self;
        let counts = [("changed", changed.into()), ("ended", ended.into()), ("failed", failed.into())];
        let [changed, ended, failed] = counts;
        words.with("trend-run", [("time", time.into()), changed, ended, failed])
    }

    /// The root of the count is what grows: beside a first sync of thousands, the ten of a usual night can be seen too.
    fn blocks(&self, highest: usize) -> Vec<(usize, &'static str)> {
        let all = self.all();
        let column = (all * HEIGHT * HEIGHT / highest).isqrt();
        let height = |count: usize| if count == 0 { 0 } else { (count * column / all).max(2) };
        let blocks = [(height(self.failed), FAILED), (height(self.ended), ENDED), (height(self.changed), CHANGED)];
        blocks.into_iter().filter(|(height, _)| *height > 0).collect()
    }
}
