//! A rule: rows that belong together, all of whose conditions must hold. Shared by filters, status and groups.

use std::sync::Arc;

use crate::model::{Origin, Reason};
use crate::problem::{Place, Problem};
use crate::script::{ScriptFailure, Session};
use crate::stage::Compile;
use crate::stage::condition::{Condition, ConditionCells, Truth};
use crate::stage::person::Person;
use crate::table::{Row, Table};

/// The conditions of one rule and the reason it gives when it decides.
#[derive(Debug)]
pub struct Rule {
    /// As the report names it: "status rule `leavers`", with the first row's line.
    pub reason: Reason,
    /// The first row.
    pub place: Place,
    /// All must hold; none means that the rule always matches.
    pub conditions: Vec<RuleCondition>,
}

/// A condition and the row it stands on.
#[derive(Debug)]
pub struct RuleCondition {
    /// The condition.
    pub condition: Condition,
    /// Its row.
    pub origin: Arc<Origin>,
}

impl Rule {
    /// Whether every condition holds. One that does not settles it, whatever was not delivered elsewhere.
    ///
    /// # Errors
    /// When a script fails.
    pub fn test(&self, person: &Person<'_>, session: &mut Session) -> Result<Truth, ScriptFailure> {
        let mut all = Truth::Yes;
        for RuleCondition { condition, .. } in &self.conditions {
            match condition.test(person, session)? {
                Truth::Yes => {}
                Truth::No => return Ok(Truth::No),
                Truth::Unknown => all = Truth::Unknown,
            }
        }
        Ok(all)
    }

    /// The first condition that keeps the rule from matching.
    ///
    /// # Errors
    /// When a script fails.
    pub fn first_not_held(
        &self,
        person: &Person<'_>,
        session: &mut Session,
    ) -> Result<Option<(&RuleCondition, Truth)>, ScriptFailure> {
        for condition in &self.conditions {
            match condition.condition.test(person, session)? {
                Truth::Yes => {}
                truth => return Ok(Some((condition, truth))),
            }
        }
        Ok(None)
    }

    /// Whether one of the conditions asks if a field was delivered, which it was not.
    #[must_use]
    pub fn misses_a_delivery(&self, person: &Person<'_>) -> bool {
        self.conditions.iter().any(|row| row.condition.misses_a_delivery(person))
    }

    /// The source fields that the conditions look at.
    pub fn fields(&self) -> impl Iterator<Item = &crate::stage::field::Field> {
        self.conditions.iter().filter_map(|rule| rule.condition.field.as_ref())
    }
}

/// The rows of a table that share a `rule`, in the order of their first rows.
pub struct RuleRows<'t> {
    /// The rule's name, or `None` for a row of its own.
    pub name: Option<&'t str>,
    /// Its rows.
    pub rows: Vec<Row<'t>>,
}

impl<'t> RuleRows<'t> {
    /// Groups the rows of a table into rules.
    #[must_use]
    pub fn of(table: &'t Table) -> Vec<Self> {
        let mut rules: Vec<Self> = Vec::new();
        for row in table.rows() {
            let name = row.given("rule").map(|cell| cell.text);
            let known = name.and_then(|name| rules.iter_mut().find(|rule| rule.name == Some(name)));
            match known {
                Some(rule) => rule.rows.push(row),
                None => rules.push(Self { name, rows: vec![row] }),
            }
        }
        rules
    }

    /// What the rule is called in reasons: "status rule `leavers`", or by its line where it has no name.
    #[must_use]
    pub fn title(&self, stage: &str) -> String {
        match self.name {
            Some(name) => format!("{stage} rule `{name}`"),
            None => format!("{stage} rule in line {}", self.first().line()),
        }
    }

    /// The first row.
    #[must_use]
    pub fn first(&self) -> &Row<'t> {
        &self.rows[0]
    }

    /// The one value that the rule's rows give in a column: the first row's, or any later one's that does not contradict it.
    pub fn only(&self, column: &str, cx: &mut Compile<'_>) -> Option<(&'t str, Place)> {
        let mut found: Option<(&'t str, Place)> = None;
        for cell in self.rows.iter().filter_map(|row| row.given(column)) {
            match &found {
                Some((text, _)) if *text != cell.text => {
                    let message =
                        format!("this rule says `{column}` is `{text}` in an earlier row and `{}` here", cell.text);
                    let help =
                        "rows with the same rule name are one rule; leave the cell empty or give the rule another name";
                    cx.problems.push(Problem::new("rule-contradiction", &cell.place, message).help(help));
                }
                Some(_) => {}
                None => found = Some((cell.text, cell.place.clone())),
            }
        }
        found
    }

    /// Compiles every row's condition. `None` when one of them is wrong, so that a broken rule never half applies.
    pub fn compile(&self, stage: &str, cx: &mut Compile<'_>) -> Option<Rule> {
        let mut conditions = Vec::new();
        let mut whole = true;
        for row in &self.rows {
            let cells = condition_cells(row);
            if cells.field.is_none() && cells.operator.is_none() && cells.value.is_none() {
                continue;
            }
            match Condition::compile(&cells, cx) {
                Some(condition) => conditions.push(RuleCondition { condition, origin: row.origin() }),
                None => whole = false,
            }
        }
        let reason = Reason::at(self.title(stage), &self.first().origin());
        whole.then(|| Rule { reason, place: self.first().place(), conditions })
    }
}

fn condition_cells<'t>(row: &Row<'t>) -> ConditionCells<'t> {
    let cell = |column: &str| row.given(column).map(|cell| (cell.text, cell.place.clone()));
    ConditionCells {
        field: cell("field"),
        operator: cell("operator"),
        value: cell("value"),
        places: ["field", "operator", "value"].map(|column| row.hole(column)),
    }
}
