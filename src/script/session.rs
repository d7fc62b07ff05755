//! Running expressions over people.

use std::sync::Arc;

use jiff::civil::Date;
use rhai::{Dynamic, Engine, EvalAltResult, Scope};

use crate::model::Cell;

pub use super::lookups::Misses;

use super::ScriptFailure;
use super::compile::Scripts;
use super::convert::{kind, to_cell, to_dynamic};
use super::employee::{Employee, FieldIndex, Fields};
use super::engine::{Shared, engine};
use super::expression::Expression;
use super::failure::{Lines, failure, lines};

/// Runs expressions over people, one person after the other. One for each planning pass.
pub struct Session {
    engine: Engine,
    shared: Arc<Shared>,
    index: Arc<FieldIndex>,
    /// `employee` and `today` stay; `value` and whatever the script adds come off after each run.
    scope: Scope<'static>,
    lines: Lines,
}

/// `employee` and `today`.
const KEPT: usize = 2;

impl Session {
    /// A session for expressions that read these fields.
    #[must_use]
    pub fn new(scripts: &Scripts, fields: &[Arc<str>]) -> Self {
        let shared = Shared::new(&scripts.tables);
        let index = fields.iter().enumerate().map(|(index, field)| (Arc::clone(field), index)).collect();
        let mut session = Self {
            engine: engine(&shared),
            shared,
            index: Arc::new(index),
            scope: Scope::new(),
            lines: lines(scripts),
        };
        session.person(Date::default(), std::iter::empty());
        session
    }

    /// The next person: what is today for them, and their cells in the order of the session's fields. Missing cells
    /// were not delivered.
    pub fn person<'c>(&mut self, today: Date, cells: impl IntoIterator<Item = &'c Cell>) {
        let mut state = self.shared.state();
        state.today = today;
        state.misses.next_person();
        state.patterns.next_person();
        drop(state);
        let mut values: Vec<Option<Dynamic>> = Vec::with_capacity(self.index.len());
        values.extend(cells.into_iter().map(to_dynamic));
        values.resize(self.index.len(), None);
        let fields = Fields { index: Arc::clone(&self.index), values };
        self.scope.clear();
        self.scope.push_constant("employee", Employee(Arc::new(fields)));
        self.scope.push_constant("today", today);
    }

    /// The result of a transform. What it reads and was not delivered makes the result not delivered.
    ///
    /// # Errors
    /// When the script fails for this person, by the author's `fail` or by a mistake.
    pub fn eval(&mut self, expression: &Expression, value: &Cell) -> Result<Cell, ScriptFailure> {
        match self.run(expression, value)? {
            Some(result) => to_cell(result).map_err(|message| ScriptFailure { message, origin: None, own: false }),
            None => Ok(Cell::NotDelivered),
        }
    }

    /// The result of a condition; `None` if something it reads was not delivered.
    ///
    /// # Errors
    /// When the script fails for this person, or gives anything but true or false.
    pub fn test(&mut self, expression: &Expression, value: &Cell) -> Result<Option<bool>, ScriptFailure> {
        let Some(result) = self.run(expression, value)? else { return Ok(None) };
        let result = result.flatten();
        result.as_bool().map(Some).map_err(|_| ScriptFailure {
            message: format!("the condition gave {}, not true or false", kind(&result)),
            origin: None,
            own: false,
        })
    }

    /// For how many people since the last call no row of a table knew a key.
    pub fn take_misses(&mut self) -> Misses {
        self.shared.state().misses.take()
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
