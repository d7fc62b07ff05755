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
use super::engine::{Shared, engine};
use super::expression::Expression;
use super::failure::{Lines, failure, lines};
use super::memo::{Given, Known, Memo, Read, can_be_told_apart};

/// Runs expressions over people, one person after the other. One for each planning pass.
pub struct Session {
    engine: Engine,
    shared: Arc<Shared>,
    /// `employee` and `today` stay; `value` and whatever the script adds come off after each run.
    scope: Scope<'static>,
    today: Date,
    lines: Lines,
    /// Results of transforms and of conditions, each by the number of the expression.
    memos: [Vec<Memo>; 2],
    read: Read,
}

/// `employee` and `today`.
const KEPT: usize = 2;

/// What an expression is run for.
#[derive(Clone, Copy)]
enum Asked {
    Value,
    Truth,
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
            memos: Default::default(),
            read: Read::new(),
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

    /// From memory, where the same was asked before.
    fn ask(&mut self, asked: Asked, expression: &Expression, value: &Cell) -> Given {
        if !self.memo(asked, expression).pays() {
            return self.give(asked, expression, value);
        }
        let mut read = std::mem::take(&mut self.read);
        self.collect(expression, value, &mut read);
        let given = match read.iter().all(can_be_told_apart) {
            true => self.find_or_give(asked, expression, &read),
            false => self.give(asked, expression, value),
        };
        read.clear();
        self.read = read;
        given
    }

    fn memo(&mut self, asked: Asked, expression: &Expression) -> &mut Memo {
        let memos = &mut self.memos[asked as usize];
        if memos.len() <= expression.number {
            memos.resize_with(expression.number + 1, Memo::default);
        }
        &mut memos[expression.number]
    }

    /// The day, the value, and the fields that the expression reads.
    fn collect(&self, expression: &Expression, value: &Cell, read: &mut Read) {
        read.push(Cell::Value(Value::Date(self.today)));
        read.push(value.clone());
        if !expression.fields().is_empty() {
            let state = self.shared.state();
            let cell = |field: &str| self.shared.index.get(field).and_then(|at| state.cells.get(*at)).cloned();
            read.extend(expression.fields().iter().map(|(field, _)| cell(field).unwrap_or_default()));
        }
    }

    fn find_or_give(&mut self, asked: Asked, expression: &Expression, read: &[Cell]) -> Given {
        if let Some(known) = self.memo(asked, expression).find(read).cloned()
            && self.shared.state().patterns.spend_again(known.spent)
        {
            return known.given;
        }
        let before = self.shared.state().marks();
        let given = self.give(asked, expression, &read[1]);
        let after = self.shared.state().marks();
        // A miss is counted for each person, and a spent budget is this person's own.
        if before.misses == after.misses && !after.overspent {
            let known = Known { given: given.clone(), spent: after.spent - before.spent };
            self.memo(asked, expression).keep(read, known);
        }
        given
    }

    fn give(&mut self, asked: Asked, expression: &Expression, value: &Cell) -> Given {
        let Some(result) = self.run(expression, value)? else { return Ok(Cell::NotDelivered) };
        match asked {
            Asked::Value => to_cell(result).map_err(|message| ScriptFailure { message, origin: None, own: false }),
            Asked::Truth => truth(result),
        }
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
