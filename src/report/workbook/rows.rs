//! What the workbook says of people, one by one: their row, what was changed of them, and by which rule they were left out.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::super::changes::{Line, Names, access, linked, membership, references};
use super::super::language::Words;
use super::super::sheet::Row;
use super::super::view::{is_left_alone, word};
use super::cell::Cell;
use super::page::Column;
use crate::model::plan::{Changes, FieldChange, MembershipChange};
use crate::model::{self, Outcome, OutcomeKind, Privacy, Reason, SheetColumn};

/// Rows of some people.
pub(in crate::report) struct Rows {
    pub(super) people: Vec<Row>,
    pub(super) changes: Vec<[Cell; CHANGES.len()]>,
    pub(super) left_out: Vec<[Cell; LEFT_OUT.len()]>,
    pub(super) moves: BTreeMap<Arc<str>, Moves>,
}

/// How many joined a group, and how many left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Moves {
    pub(super) joined: usize,
    pub(super) left: usize,
}

/// The columns of what was changed.
pub(super) const CHANGES: [Column; 10] = [
    Column::telling("book-name", 28.0, SheetColumn::Name),
    Column::telling("book-id", 22.0, SheetColumn::EmployeeId),
    Column::telling("book-email", 32.0, SheetColumn::Email),
    Column::telling("book-outcome", 14.0, SheetColumn::Outcome),
    Column::of("book-what", 22.0),
    Column::of("book-before", 28.0),
    Column::of("book-after", 28.0),
    Column::telling("book-rule", 40.0, SheetColumn::Reason),
    Column::telling("book-file", 24.0, SheetColumn::Where),
    Column::telling("book-line", 8.0, SheetColumn::Where),
];

/// The columns of who was left out.
pub(super) const LEFT_OUT: [Column; 7] = [
    Column::telling("book-name", 28.0, SheetColumn::Name),
    Column::telling("book-id", 22.0, SheetColumn::EmployeeId),
    Column::telling("book-email", 32.0, SheetColumn::Email),
    Column::telling("book-outcome", 14.0, SheetColumn::Outcome),
    Column::telling("book-rule", 48.0, SheetColumn::Reason),
    Column::telling("book-file", 24.0, SheetColumn::Where),
    Column::telling("book-line", 8.0, SheetColumn::Where),
];

impl Rows {
    /// The rows of these people, of whom the first row is made already.
    pub(in crate::report) fn of(people: &[&Outcome], mut rows: Vec<Row>, names: &Names, telling: &Telling) -> Self {
        let mut changes = Vec::new();
        let mut left_out = Vec::new();
        let mut moves: BTreeMap<Arc<str>, Moves> = BTreeMap::new();
        for (outcome, row) in people.iter().zip(&mut rows) {
            row[SheetColumn::Outcome as usize] = telling.kind(outcome.kind).to_string();
            changes.extend(telling.changes_of(outcome, names));
            left_out.extend(is_left_alone(outcome.kind).then(|| telling.left_alone(outcome)));
            if let Some(done) = &outcome.person.changes {
                count(&mut moves, done);
            }
        }
        Self { people: rows, changes, left_out, moves }
    }

    /// The rows of records that are no people.
    pub(in crate::report) fn of_records(rows: Vec<Row>) -> Self {
        Self { people: rows, changes: Vec::new(), left_out: Vec::new(), moves: BTreeMap::new() }
    }
}

fn count(moves: &mut BTreeMap<Arc<str>, Moves>, changes: &Changes) {
    let mut add = |changes: &[Arc<MembershipChange>], joined, left| {
        for change in changes {
            let moves = moves.entry(Arc::clone(&change.name)).or_default();
            moves.joined += joined;
            moves.left += left;
        }
    };
    add(&changes.join, 1, 0);
    add(&changes.leave, 0, 1);
}

/// How people are told of: how it ended in words that are looked up once, and what is left out.
pub(in crate::report) struct Telling {
    words: Words,
    left_out: BTreeSet<SheetColumn>,
    kinds: BTreeMap<OutcomeKind, Arc<str>>,
}

impl Telling {
    /// In the words of a language, without these columns.
    pub(in crate::report) fn of(words: Words, privacy: &Privacy) -> Self {
        Self {
            words,
            left_out: privacy.left_out.clone(),
            kinds: OutcomeKind::ALL.into_iter().map(|kind| (kind, word(kind, words).into())).collect(),
        }
    }

    fn kind(&self, kind: OutcomeKind) -> &Arc<str> {
        &self.kinds[&kind]
    }

    /// What was done for one person, one row each; not what a column that is left out would tell.
    fn changes_of(&self, outcome: &Outcome, names: &Names) -> Vec<[Cell; CHANGES.len()]> {
        let mut rows = Vec::new();
        if self.shows(SheetColumn::Changes) {
            let lines = access(outcome, names).into_iter().chain(linked(outcome, names));
            rows.extend(lines.map(|line| self.of_line(outcome, line)));
        }
        let Some(done) = outcome.person.changes.as_deref() else { return rows };
        if self.shows(SheetColumn::Changes) {
            rows.extend(done.fields.iter().map(|change| self.of_field(outcome, change, &names.labels.empty)));
            rows.extend(references(done, names).into_iter().map(|line| self.of_line(outcome, line)));
        }
        if self.shows(SheetColumn::GroupsJoined) {
            rows.extend(done.join.iter().map(|change| self.of_membership(outcome, &names.labels.joined, change)));
        }
        if self.shows(SheetColumn::GroupsLeft) {
            rows.extend(done.leave.iter().map(|change| self.of_membership(outcome, &names.labels.left, change)));
        }
        rows
    }

    fn shows(&self, column: SheetColumn) -> bool {
        !self.left_out.contains(&column)
    }

    fn of_membership(&self, outcome: &Outcome, what: &Arc<str>, change: &MembershipChange) -> [Cell; CHANGES.len()] {
        self.row(outcome, [what.into(), Cell::Empty, membership(change).into()], Some(&change.reason))
    }

    fn of_field(&self, outcome: &Outcome, change: &FieldChange, empty: &Arc<str>) -> [Cell; CHANGES.len()] {
        let before = match change.before() {
            model::Cell::NotDelivered => Cell::Empty,
            model::Cell::Empty => Cell::from(empty),
            model::Cell::Value(value) => value.into(),
        };
        let after = change.after.as_ref().map_or_else(|| Cell::from(empty), Cell::from);
        self.row(outcome, [change.field().shared().into(), before, after], Some(change.reason()))
    }

    fn of_line(&self, outcome: &Outcome, line: Line) -> [Cell; CHANGES.len()] {
        let cells = [Cell::from(&line.label), Cell::optional(line.before), line.after.into()];
        self.row(outcome, cells, line.why.as_ref())
    }

    fn row(&self, outcome: &Outcome, [what, before, after]: [Cell; 3], why: Option<&Reason>) -> [Cell; CHANGES.len()] {
        let [name, id, email, kind] = self.person(outcome);
        let [rule, file, line] = place(why, self.words);
        [name, id, email, kind, what, before, after, rule, file, line]
    }

    fn left_alone(&self, outcome: &Outcome) -> [Cell; LEFT_OUT.len()] {
        let [name, id, email, kind] = self.person(outcome);
        let [rule, file, line] = place(Some(&outcome.person.reason), self.words);
        [name, id, email, kind, rule, file, line]
    }

    fn person(&self, outcome: &Outcome) -> [Cell; 4] {
        let person = &outcome.person;
        let id = person.employee.as_str().into();
        [Cell::from(&person.name), id, Cell::optional(person.email.as_ref()), self.kind(outcome.kind).into()]
    }
}

/// The rule, its file and its line.
pub(super) fn place(why: Option<&Reason>, words: Words) -> [Cell; 3] {
    let origin = why.and_then(|why| why.origin.as_ref());
    let rule = why.map(|why| match words.sentence(&why.text) {
        Cow::Borrowed(_) => Cell::from(&why.text),
        Cow::Owned(told) => told.into(),
    });
    [
        Cell::optional(rule),
        Cell::optional(origin.map(|origin| &origin.file)),
        Cell::optional(origin.map(|origin| model::Number::Whole(origin.line.into()))),
    ]
}
