//! Results that were found before. An expression has no clock and no chance: the same value, fields and day give the
//! same result, and of most fields a company has few different ones.

use foldhash::HashMap;

use crate::model::{Cell, Number, Value};

use super::ScriptFailure;

/// What an expression gave.
pub(super) type Given = Result<Cell, ScriptFailure>;

/// Everything that an expression reads: the day, the value, and the fields in the expression's order.
pub(super) type Read = Vec<Cell>;

/// The results of one expression.
#[derive(Default)]
pub(super) struct Memo {
    known: HashMap<Box<[Cell]>, Known>,
    asked: usize,
    found: usize,
    retired: bool,
}

/// A result, and what it took of the person's budget for patterns.
#[derive(Clone)]
pub(super) struct Known {
    pub(super) given: Given,
    pub(super) spent: usize,
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
    pub(super) fn find(&mut self, read: &[Cell]) -> Option<&Known> {
        self.asked += 1;
        let known = self.known.get(read);
        self.found += usize::from(known.is_some());
        known
    }

    /// Keeps a result, as long as that pays.
    pub(super) fn keep(&mut self, read: &[Cell], known: Known) {
        if self.asked >= Self::TRIAL && self.found * 2 < self.asked {
            *self = Self { retired: true, ..Self::default() };
        } else if self.known.len() < Self::MOST {
            self.known.insert(read.into(), known);
        }
    }
}

/// Whether two cells that are equal are also the same to a script. Numbers that are equal may be whole or decimal.
pub(super) fn can_be_told_apart(cell: &Cell) -> bool {
    !matches!(cell, Cell::Value(Value::Number(Number::Decimal(_))))
}
