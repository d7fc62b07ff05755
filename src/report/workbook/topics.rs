//! What the workbook says of the run as a whole: summary, what needs attention, groups, and values that no row knows.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::super::attention::{Affected, Attention, Group};
use super::super::language::Words;
use super::super::subject::headline_with;
use super::super::view::{phase, update, word};
use super::super::words::between;
use super::super::{RunReport, Totals};
use super::cell::Cell;
use super::page::Column;
use super::rows::{Moves, place};
use crate::model::plan::{GroupChange, GroupUpdate, NewGroup, TableMiss};
use crate::model::{GroupKind, Number, OutcomeKind, SheetColumn};

/// The columns of the summary.
pub(super) const SUMMARY: [Column; 4] = [
    Column::of("book-topic", 16.0),
    Column::of("book-what", 36.0),
    Column::of("book-value", 48.0),
    Column::of("book-last-run", 14.0),
];

/// The columns of what needs attention.
pub(super) const ATTENTION: [Column; 9] = [
    Column::of("book-cause", 30.0),
    Column::telling("attention-whose", 26.0, SheetColumn::Whose),
    Column::telling("book-happened", 60.0, SheetColumn::Attention),
    Column::telling("attention-todo", 60.0, SheetColumn::Hint),
    Column::telling("attention-where", 40.0, SheetColumn::Where),
    Column::telling("book-whom", 28.0, SheetColumn::Name),
    Column::telling("book-id", 22.0, SheetColumn::EmployeeId),
    Column::telling("book-email", 32.0, SheetColumn::Email),
    Column::telling("book-detail", 48.0, SheetColumn::Held),
];

/// The columns of groups.
pub(super) const GROUPS: [Column; 8] = [
    Column::of("book-kind", 12.0),
    Column::of("book-group", 40.0),
    Column::of("book-happened", 36.0),
    Column::of("book-joined", 10.0),
    Column::of("book-left", 10.0),
    Column::telling("book-rule", 40.0, SheetColumn::Reason),
    Column::telling("book-file", 24.0, SheetColumn::Where),
    Column::telling("book-line", 8.0, SheetColumn::Where),
];

/// The columns of values without a row.
pub(super) const MISSES: [Column; 6] = [
    Column::of("book-table", 28.0),
    Column::of("book-unknown", 36.0),
    Column::of("book-has", 10.0),
    Column::of("book-nearest", 36.0),
    Column::of("book-line", 8.0),
    Column::of("book-paste", 48.0),
];

/// The run: who, from where to where, when; counts beside those of the last run; calls; how long it took.
pub(super) fn summary(report: &RunReport, attention: &Attention) -> Vec<[Cell; SUMMARY.len()]> {
    let words = Words::of(report.language);
    let mut rows = about(report, attention, words);
    rows.extend(counts(report, words));
    rows.extend(calls(report, words));
    rows.extend(timing(report, words));
    rows
}

fn about(report: &RunReport, attention: &Attention, words: Words) -> Vec<[Cell; SUMMARY.len()]> {
    let zone = TimeZone::get(&report.timezone).unwrap_or(TimeZone::UTC);
    let time = |at: Timestamp| Cell::DateTime(at.to_zoned(zone.clone()).datetime());
    let in_zone = |what: &str| format!("{} ({})", words.say(what), zone.iana_name().unwrap_or("UTC"));
    let mut facts = vec![
        (words.say("book-headline"), headline_with(report, words, attention.count()).into()),
        (words.say("book-recipe"), report.recipe.as_str().into()),
        (words.say("book-source"), report.source.as_str().into()),
        (words.say("book-target"), report.target.as_str().into()),
        (words.say("book-day"), Cell::Date(report.today)),
        (in_zone("book-started"), time(report.started)),
        (in_zone("book-finished"), time(report.finished)),
        (words.say("book-run"), report.run.as_str().into()),
    ];
    facts.extend(report.description.iter().map(|text| (words.say("book-description"), text.as_str().into())));
    facts.extend(report.interrupted.iter().map(|run| (words.say("book-interrupted"), run.as_str().into())));
    let approved = report.tripped.iter().filter(|tripped| tripped.approved);
    facts.extend(approved.map(|tripped| (words.say("book-approved"), tripped.approval().into())));
    let topic = words.say("book-run");
    facts.into_iter().map(|(what, value)| [topic.as_str().into(), what.into(), value, Cell::Empty]).collect()
}

fn counts(report: &RunReport, words: Words) -> Vec<[Cell; SUMMARY.len()]> {
    let totals = Totals::of(report);
    let last = |kind| report.previous.as_ref().map(|counts| counts.get(&kind).copied().unwrap_or_default());
    let topic = words.say("totals");
    let row = |what: String, count, last: Option<usize>| {
        [topic.as_str().into(), what.into(), Cell::count(count), last.map_or(Cell::Empty, Cell::count)]
    };
    let some = |kind: &OutcomeKind| totals.count(*kind) > 0 || last(*kind).is_some_and(|count| count > 0);
    let kinds = OutcomeKind::ALL.into_iter().filter(some);
    let mut rows: Vec<_> = kinds.map(|kind| row(word(kind, words), totals.count(kind), last(kind))).collect();
    let others = [
        ("totals-unreadable", totals.unreadable),
        ("totals-not-reached", totals.not_reached),
        ("book-gone", totals.gone()),
    ];
    let others = others.into_iter().filter(|(_, count)| *count > 0);
    rows.extend(others.map(|(what, count)| row(words.say(what), count, None)));
    rows.push(row(words.say("book-read"), totals.read() + totals.not_reached, None));
    rows
}

fn calls(report: &RunReport, words: Words) -> impl Iterator<Item = [Cell; SUMMARY.len()]> {
    report.calls.iter().flat_map(move |calls| {
        let topic = words.with("calls", [("service", (&*calls.service).into())]);
        [("book-reads", calls.reads), ("book-writes", calls.writes)].map(|(what, count)| {
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            [topic.as_str().into(), words.say(what).into(), Cell::count(count), Cell::Empty]
        })
    })
}

/// In seconds.
fn timing(report: &RunReport, words: Words) -> impl Iterator<Item = [Cell; SUMMARY.len()]> {
    let phases = report.phases.iter().map(move |(name, took)| (phase(name, words), *took));
    let whole = (words.say("timing-altogether"), between(report.started, report.finished));
    phases.chain([whole]).map(move |(what, took)| {
        let seconds = Cell::Number((took.as_secs_f64() * 1_000.0).round() / 1_000.0);
        [words.say("book-seconds").into(), what.into(), seconds, Cell::Empty]
    })
}

/// One row for each person, record or value and cause, and for each cause that concerns none.
pub(super) fn attention(attention: &Attention, words: Words) -> impl Iterator<Item = [Cell; ATTENTION.len()]> {
    attention.groups.iter().flat_map(move |group| {
        let (cause, whose) = (Arc::from(group.cause.title(words)), Arc::from(group.move_of(words)));
        let nobody = group.affected.is_empty().then(|| of_cause((&cause, &whose), group, &Affected::default()));
        let people = group.affected.iter().map(|affected| of_cause((&cause, &whose), group, affected));
        people.chain(nobody).collect::<Vec<_>>()
    })
}

fn of_cause((cause, whose): (&Arc<str>, &Arc<str>), group: &Group, affected: &Affected) -> [Cell; ATTENTION.len()] {
    let own = |own: &str, of_all: &str| if own.is_empty() { of_all.into() } else { own.into() };
    let text = |text: &str| if text.is_empty() { Cell::Empty } else { text.into() };
    [
        cause.into(),
        whose.into(),
        own(&affected.text, &group.what),
        own(&affected.hint, &group.todo),
        Cell::optional(group.place.as_deref()),
        text(&affected.name),
        Cell::optional(affected.employee.as_ref().map(|id| id.as_str())),
        Cell::optional(affected.email.as_deref()),
        text(&affected.detail),
    ]
}

/// Groups that were made, those that were changed, then those that somebody joined or left.
pub(super) fn groups(
    made: &[NewGroup],
    changed: &[GroupChange],
    mut moves: BTreeMap<Arc<str>, Moves>,
    words: Words,
) -> Vec<[Cell; GROUPS.len()]> {
    let row = |kind: Cell, name: &Arc<str>, happened: Cell, moves: Option<Moves>, why: Option<&_>| {
        let Moves { joined, left } = moves.unwrap_or_default();
        let [rule, file, line] = place(why, words);
        [kind, name.into(), happened, Cell::count(joined), Cell::count(left), rule, file, line]
    };
    let mut rows = Vec::with_capacity(made.len() + changed.len() + moves.len());
    for group in made {
        let (kind, happened) = (kind_of(group.kind, words), words.say("book-made").into());
        rows.push(row(kind, &group.name, happened, moves.remove(&group.name), Some(&group.reason)));
    }
    for change in changed {
        let now = match &change.change {
            GroupUpdate::Rename(name) => name,
            GroupUpdate::GiveKey(_) => &change.before,
        };
        let (kind, happened) = (kind_of(change.kind, words), update(&change.change, words).into());
        rows.push(row(kind, &change.before, happened, moves.remove(now), Some(&change.reason)));
    }
    rows.extend(moves.iter().map(|(name, moves)| row(Cell::Empty, name, Cell::Empty, Some(*moves), None)));
    rows
}

fn kind_of(kind: GroupKind, words: Words) -> Cell {
    match kind {
        GroupKind::Group => words.say("group").into(),
        GroupKind::Team => words.say("team").into(),
    }
}

/// Values that no row of a value table knows.
pub(super) fn misses(misses: &[TableMiss]) -> impl Iterator<Item = [Cell; MISSES.len()]> {
    misses.iter().map(|miss| {
        let nearest = miss.nearest.as_ref();
        [
            Cell::from(&miss.file),
            Cell::from(&miss.key),
            Cell::count(miss.people),
            Cell::optional(nearest.map(|(_, key)| key)),
            Cell::optional(nearest.map(|(line, _)| Number::Whole((*line).into()))),
            Cell::from(&miss.row),
        ]
    })
}
