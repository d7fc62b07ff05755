//! Results that were found before. An expression has no clock and no chance: the same value, fields and day give the
//! same result, and of most fields a company has few different ones.

use std::hash::{BuildHasher as _, Hash as _, Hasher as _};

use foldhash::fast::RandomState;
use hashbrown::HashTable;
use jiff::civil::Date;

use crate::model::{Cell, Number, Value};

use super::ScriptFailure;

/// What an expression gave.
pub(super) type Given = Result<Cell, ScriptFailure>;

/// Everything that an expression reads, where it stands: the day, the value, and the fields in the expression's order.
#[derive(Clone, Copy)]
pub(super) struct Read<'a> {
    pub(super) today: Date,
    pub(super) value: &'a Cell,
    /// The fields of the person, and where among them those of the expression stand.
    pub(super) cells: &'a [Cell],
    pub(super) places: &'a [usize],
}

impl<'a> Read<'a> {
    fn fields(self) -> impl Iterator<Item = &'a Cell> {
        self.places.iter().map(move |place| self.cells.get(*place).unwrap_or(&Cell::NotDelivered))
    }

    fn all(self) -> impl Iterator<Item = &'a Cell> {
        std::iter::once(self.value).chain(self.fields())
    }

    /// Whether cells that are equal to these are also the same to a script. Numbers that are equal may be whole or
    /// decimal.
    pub(super) fn can_be_told_apart(self) -> bool {
        self.all().all(|cell| !matches!(cell, Cell::Value(Value::Number(Number::Decimal(_)))))
    }

    fn hash(self, state: &RandomState) -> u64 {
        hash(state, self.today, self.all())
    }
}

fn hash<'c>(state: &RandomState, today: Date, cells: impl Iterator<Item = &'c Cell>) -> u64 {
    let mut hasher = state.build_hasher();
    today.hash(&mut hasher);
    cells.for_each(|cell| cell.hash(&mut hasher));
    hasher.finish()
}

/// The results of one expression.
#[derive(Default)]
pub(super) struct Memo {
    known: HashTable<Kept>,
    state: RandomState,
    asked: usize,
    found: usize,
    retired: bool,
}

/// A result, with what was read for it.
struct Kept {
    today: Date,
    cells: Box<[Cell]>,
    known: Known,
}

/// A result, and what it took of the person's budget for patterns.
pub(super) struct Known {
    pub(super) given: Given,
    pub(super) spent: usize,
}

impl Kept {
    fn is(&self, read: Read<'_>) -> bool {
        self.today == read.today && self.cells.iter().eq(read.all())
    }

    fn hash(&self, state: &RandomState) -> u64 {
        hash(state, self.today, self.cells.iter())
    }
}

impl Memo {
    /// The most results of one expression that are kept.
    const MOST: usize = 8_192;
    /// How often one is looked for before it is judged whether that pays: names are different for nearly everybody.
    const TRIAL: usize = 1_024;

    /// Whether looking here is worth the while.
    pub(super) fn pays(&self) -> bool {
        !self.retired
    }

    /// The result for what was read.
    pub(super) fn find(&mut self, read: Read<'_>) -> Option<&Known> {
        self.asked += 1;
        let kept = self.known.find(read.hash(&self.state), |kept| kept.is(read))?;
        self.found += 1;
        Some(&kept.known)
    }

    /// Keeps a result, as long as that pays.
    pub(super) fn keep(&mut self, read: Read<'_>, known: Known) {
        if self.asked >= Self::TRIAL && self.found * 2 < self.asked {
            *self = Self { retired: true, ..Self::default() };
        } else {
            // Who is asked about next is more often like the last ones than like the first.
            if self.known.len() == Self::MOST {
                self.known.clear();
            }
            let kept = Kept { today: read.today, cells: read.all().cloned().collect(), known };
            let state = &self.state;
            self.known.insert_unique(read.hash(state), kept, |kept| kept.hash(state));
        }
    }
}
