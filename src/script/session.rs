//! Running expressions over people.

use std::sync::Arc;

use jiff::civil::Date;
use rhai::{Dynamic, Engine, EvalAltResult, Scope};

use crate::model::{Cell, Value};

pub use super::lookups::Misses;

use super::ScriptFailure;
use super::compile::Scripts;
use super::convert::{kind, to_cell, to_dynamic};
use super::employee::Employee;
use super::engine::{Marks, Shared, State, engine};
use super::expression::Expression;
use super::failure::{Lines, failure, lines};
use super::memo::{Given, Known, Memo, Read};
use super::plain::Reads;

/// Runs expressions over people, one person after the other. One for each planning pass.
pub struct Session {
    engine: Engine,
    pub(super) shared: Arc<Shared>,
    /// `employee` and `today` stay; `value` and whatever the script adds come off after each run.
    scope: Scope<'static>,
    today: Date,
    lines: Lines,
    /// By the number of the expression.
    places: Vec<Place>,
}

/// `employee` and `today`.
const KEPT: usize = 2;

/// What an expression is run for.
#[derive(Clone, Copy)]
enum Asked {
    Value,
    Truth,
}

/// What a session keeps of one expression.
#[derive(Default)]
struct Place {
    /// Where its fields stand among those of the session.
    fields: Box<[usize]>,
    /// Results as a transform and as a condition.
    memos: [Memo; 2],
}

impl Session {
    /// A session for expressions that read these fields.
    #[must_use]
    pub fn new(scripts: &Scripts, fields: &[Arc<str>]) -> Self {
        let shared = Shared::new(&scripts.tables, fields);
        let mut session = Self {
            engine: engine(&shared),
            shared,
            scope: Scope::new(),
            today: Date::default(),
            lines: lines(scripts),
            places: Vec::new(),
        };
        session.begin(Date::default());
        session
    }

    /// The next person: what is today for them, and their cells in the order of the session's fields. Missing cells
    /// were not delivered.
    pub fn person<'c>(&mut self, today: Date, cells: impl IntoIterator<Item = &'c Cell>) {
        self.shared.state().next_person(today, cells);
        if self.today != today {
            self.begin(today);
        }
    }

    /// The result of a transform. What it reads and was not delivered makes the result not delivered.
    ///
    /// # Errors
    /// When the script fails for this person, by the author's `fail` or by a mistake.
    pub fn eval(&mut self, expression: &Expression, value: &Cell) -> Result<Cell, ScriptFailure> {
        self.ask(Asked::Value, expression, value)
    }

    /// The result of a condition; `None` if something it reads was not delivered.
    ///
    /// # Errors
    /// When the script fails for this person, or gives anything but true or false.
    pub fn test(&mut self, expression: &Expression, value: &Cell) -> Result<Option<bool>, ScriptFailure> {
        Ok(match self.ask(Asked::Truth, expression, value)? {
            Cell::Value(Value::YesNo(yes)) => Some(yes),
            _ => None,
        })
    }

    /// For how many people since the last call no row of a table knew a key.
    pub fn take_misses(&mut self) -> Misses {
        self.shared.state().misses.take()
    }

    fn begin(&mut self, today: Date) {
        self.today = today;
        self.scope.clear();
        self.scope.push_constant("employee", Employee);
        self.scope.push_constant("today", today);
    }

    /// From memory, where the same was asked before. What takes no longer than remembering is found anew.
    fn ask(&mut self, asked: Asked, expression: &Expression, value: &Cell) -> Given {
        let quick = expression.plain.as_ref().is_some_and(|plain| !plain.makes_text);
        if quick || !self.place(expression).memos[asked as usize].pays() {
            return self.give(asked, expression, value);
        }
        let Place { fields, memos } = &mut self.places[expression.number];
        let mut state = self.shared.state();
        let State { cells, patterns, .. } = &mut *state;
        let read = Read { today: self.today, value, cells, places: fields };
        if !read.can_be_told_apart() {
            drop(state);
            return self.give(asked, expression, value);
        }
        if let Some(known) = memos[asked as usize].find(read)
            && patterns.spend_again(known.spent)
        {
            return known.given.clone();
        }
        let before = state.marks();
        drop(state);
        self.give_and_keep(asked, expression, value, &before)
    }

    fn give_and_keep(&mut self, asked: Asked, expression: &Expression, value: &Cell, before: &Marks) -> Given {
        let given = self.give(asked, expression, value);
        let state = self.shared.state();
        let after = state.marks();
        // A miss is counted for each person, and a spent budget is this person's own.
        if before.misses == after.misses && !after.overspent {
            let known = Known { given: given.clone(), spent: after.spent - before.spent };
            let Place { fields, memos } = &mut self.places[expression.number];
            let read = Read { today: self.today, value, cells: &state.cells, places: fields };
            memos[asked as usize].keep(read, known);
        }
        given
    }

    /// What is kept of an expression, made when it is first asked.
    fn place(&mut self, expression: &Expression) -> &mut Place {
        if self.places.len() <= expression.number {
            self.places.resize_with(expression.number + 1, Place::default);
        }
        let place = &mut self.places[expression.number];
        if place.fields.len() != expression.fields().len() {
            // A field that the session was not made for stands nowhere, and was not delivered.
            let at = |field: &str| self.shared.index.get(field).copied().unwrap_or(usize::MAX);
            place.fields = expression.fields().iter().map(|(field, _)| at(field)).collect();
        }
        place
    }

    fn give(&mut self, asked: Asked, expression: &Expression, value: &Cell) -> Given {
        if let Some(cell) = self.follow(asked, expression, value) {
            return Ok(cell);
        }
        let Some(result) = self.run(expression, value)? else { return Ok(Cell::NotDelivered) };
        match asked {
            Asked::Value => to_cell(result).map_err(|message| ScriptFailure { message, origin: None, own: false }),
            Asked::Truth => truth(result),
        }
    }

    /// The result without Rhai, where that can be had.
    fn follow(&mut self, asked: Asked, expression: &Expression, value: &Cell) -> Option<Cell> {
        let plain = expression.plain.as_ref()?;
        if expression.reads_value() && !value.is_delivered() {
            return Some(Cell::NotDelivered);
        }
        self.place(expression);
        let mut state = self.shared.state();
        let State { cells, patterns, .. } = &mut *state;
        let places = &self.places[expression.number].fields;
        let (today, tables, budget) = (self.today, &self.shared.tables, patterns.left());
        let (cell, spent) = plain.follow(&Reads { value, cells, places, today, tables, budget })?;
        let fits = match asked {
            Asked::Value => true,
            Asked::Truth => matches!(cell, Cell::NotDelivered | Cell::Value(Value::YesNo(_))),
        };
        (fits && patterns.spend_again(spent)).then_some(cell)
    }

    /// `None` if something was not delivered.
    fn run(&mut self, expression: &Expression, value: &Cell) -> Result<Option<Dynamic>, ScriptFailure> {
        let value = match to_dynamic(value) {
            Some(value) => value,
            None if expression.reads_value() => return Ok(None),
            None => Dynamic::UNIT,
        };
        self.scope.push_dynamic("value", value);
        let result: Result<Dynamic, Box<EvalAltResult>> =
            self.engine.eval_ast_with_scope(&mut self.scope, &expression.ast);
        self.scope.rewind(KEPT);
        if self.shared.take_not_delivered() {
            return Ok(None);
        }
        result.map(Some).map_err(|error| failure(&error, &self.lines))
    }
}

fn truth(result: Dynamic) -> Given {
    let result = result.flatten();
    result.as_bool().map(|yes| Cell::Value(Value::YesNo(yes))).map_err(|_| ScriptFailure {
        message: format!("the condition gave {}, not true or false", kind(&result)),
        origin: None,
        own: false,
    })
}
