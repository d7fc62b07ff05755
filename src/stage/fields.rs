//! What a user's fields should hold: one row per target field, with its source, transform, default, and what to do when empty.

use std::sync::Arc;

use crate::model::plan::Mapping;
use crate::model::{Cell, FieldName, Reason, Section, TargetField, TargetType, Value};
use crate::problem::{Place, Problem, nearest};
use crate::script::{Expression, ScriptFailure, Session};
use crate::stage::Compile;
use crate::stage::field::{Field, FieldRef};
use crate::stage::identify::IdentifyRule;
use crate::stage::person::Person;
use crate::table::{Row, Table};

mod convert;
mod lookup_values;

pub use convert::Mismatch;

/// One mapped field.
#[derive(Debug)]
pub struct FieldRule {
    /// The target field.
    pub target: TargetField,
    /// Its place in [`crate::model::User::cells`].
    pub place: usize,
    /// Where the value comes from; a row without one is a constant or what its transform gives.
    pub source: Option<Field>,
    transform: Option<Expression>,
    default: Option<Value>,
    /// What to do with an empty result.
    pub when_empty: WhenEmpty,
    /// Whether the field is only given to new users.
    pub on_create_only: bool,
    /// What its changes have in common; the reason is "`job_title` from `work.title`".
    pub mapping: Arc<Mapping>,
}

/// What an empty result does to the target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum WhenEmpty {
    /// Empties the field there.
    Clear,
    /// Leaves it as it is. The default.
    Keep,
    /// Leaves the whole person alone, and reports it.
    Error,
}

/// What a field of the user should hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Wanted {
    /// This.
    Value(Value),
    /// Nothing.
    Nothing,
    /// Whatever is there: the source said nothing, or the rule keeps it.
    AsIs,
    /// The source did not deliver what the rule reads.
    NotDelivered,
    /// The rules give something that the target cannot take; it is not sent.
    Mismatch(Mismatch),
    /// The rules refuse the person: `fail`, a script error, or an empty value with `when_empty: error`.
    Refused {
        /// Why, in words.
        why: String,
        /// Whether the author asked for it (`fail`, `when_empty: error`) rather than a script going wrong.
        own: bool,
    },
}

/// Every mapped field of a recipe, standard fields first.
#[derive(Debug, Default)]
pub struct Fields {
    /// In the order of the tables.
    pub rules: Vec<FieldRule>,
}

impl Fields {
    /// Where the people are named whom users refer to.
    pub fn references(&self) -> impl Iterator<Item = &FieldRef> {
        let rules = self.rules.iter().filter(|rule| rule.target.target_type.refers_to_users());
        rules.filter_map(|rule| rule.source.as_ref().map(|source| &source.at))
    }

    /// Compiles one of the two field tables and adds its rules.
    pub fn compile(&mut self, section: Section, table: &Table, cx: &mut Compile<'_>) {
        for row in table.rows() {
            let Some(rule) = FieldRule::compile(section, &row, cx) else { continue };
            if let Some(earlier) = self.rules.iter().find(|known| known.target.name == rule.target.name) {
                let place = row.given("target_field").map_or_else(|| row.place(), |cell| cell.place.clone());
                let message = format!("`{}` is mapped already: {}", rule.target.name, earlier.reason());
                let help = "keep one row for each target field";
                cx.problems.push(Problem::new("mapped-twice", &place, message).help(help));
                continue;
            }
            self.rules.push(rule);
        }
    }

    /// Adds the rule that fills the target's own place for an employee's id, where people are identified by it and no row
    /// fills it.
    pub fn keep_key(&mut self, identify: &[IdentifyRule], cx: &Compile<'_>) {
        let Some(rule) = identify.iter().find(|rule| cx.target.key_field.as_ref() == Some(&rule.user)) else { return };
        let Some(target) = cx.target.field(rule.user.as_str()) else { return };
        if self.rule(&rule.user).is_some() {
            return;
        }
        let text = format!("`{}` from `{}`, as people are identified by it", target.name, rule.employee.written);
        let reason = Reason { text: text.into(), origin: rule.reason.origin.clone() };
        self.rules.push(FieldRule {
            target: target.clone(),
            place: rule.place,
            source: Some(rule.employee.clone()),
            transform: None,
            default: None,
            when_empty: WhenEmpty::Keep,
            on_create_only: false,
            mapping: Arc::new(Mapping { field: target.name.clone(), login: false, reason }),
        });
    }

    /// The rule for a target field.
    #[must_use]
    pub fn rule(&self, name: &FieldName) -> Option<&FieldRule> {
        self.rules.iter().find(|rule| rule.target.name == *name)
    }
}

impl FieldRule {
    fn compile(section: Section, row: &Row<'_>, cx: &mut Compile<'_>) -> Option<Self> {
        let name = row.given("target_field")?;
        let target = cx.target_field(name.text, Some(section), &name.place);
        let source = match row.given("source_field") {
            Some(cell) => cx.field(cell.text, &cell.place).map(Some),
            None => Some(None),
        };
        let transform = match row.given("transform") {
            Some(cell) => cx.expression(cell.text, &cell.place).map(Some),
            None => Some(None),
        };
        let (target, source, transform) = (target?, source?, transform?);
        check_target(&target, section, &name.place, cx)?;
        if let (None, Some(expression), Some(cell)) = (&source, &transform, row.given("transform"))
            && expression.reads_value()
        {
            let message = "the transform reads `value`, but the row has no source_field";
            let help = "fill the source_field column, or read a field as employee[\"root.email\"]";
            cx.problems.push(Problem::new("missing-field", &cell.place, message).help(help));
            return None;
        }
        let default = match row.given("default") {
            Some(cell) => Some(default_value(&target, cell.text, &cell.place, cx)?),
            None => None,
        };
        if let (Some(expression), Some(cell)) = (&transform, row.given("transform")) {
            lookup_values::check(expression, cell.text, &target, source.as_ref(), cx);
        } else if let Some(field) = &source {
            lookup_values::check_source_choices(field, &target, &name.place, cx);
        }
        let reason = Reason::at(describe(&target, source.as_ref(), transform.is_some()), &row.origin());
        let place = cx.user_layout.place(&target.name);
        let login = cx.target.logins().any(|login| *login == target.name);
        let when_empty = match row.given("when_empty").map(|cell| cell.text) {
            Some("clear") => WhenEmpty::Clear,
            Some("error") => WhenEmpty::Error,
            _ => WhenEmpty::Keep,
        };
        let on_create_only = row.given("write").is_some_and(|cell| cell.text == "on_create");
        let mapping = Arc::new(Mapping { field: target.name.clone(), login, reason });
        Some(Self { target, place, source, transform, default, when_empty, on_create_only, mapping })
    }

    /// The row, and what it does.
    #[must_use]
    pub fn reason(&self) -> &Reason {
        &self.mapping.reason
    }

    /// Whether people log in with the field.
    #[must_use]
    pub fn login(&self) -> bool {
        self.mapping.login
    }

    /// What the user should hold for one person.
    #[must_use]
    pub fn wanted(&self, person: &Person<'_>, session: &mut Session) -> Wanted {
        match self.result(person, session) {
            Err(failure) => Wanted::Refused { why: failure.to_string(), own: failure.own },
            Ok(Cell::NotDelivered) => Wanted::NotDelivered,
            Ok(Cell::Value(value)) => self.converted(&value),
            Ok(Cell::Empty) => match (&self.default, self.when_empty) {
                (Some(value), _) => Wanted::Value(value.clone()),
                (None, WhenEmpty::Keep) => Wanted::AsIs,
                (None, WhenEmpty::Clear) => Wanted::Nothing,
                (None, WhenEmpty::Error) => {
                    Wanted::Refused { why: format!("`{}` is empty, and must not be", self.target.name), own: true }
                }
            },
        }
    }

    /// The value on its way: what the source has, and what the transform makes of it. For explanations.
    ///
    /// # Errors
    /// When the transform fails.
    pub fn result(&self, person: &Person<'_>, session: &mut Session) -> Result<Cell, ScriptFailure> {
        let cell = self.source.as_ref().map_or(&Cell::Empty, |field| person.read(&field.at));
        match &self.transform {
            Some(expression) => session.eval(expression, cell),
            None => Ok(cell.clone()),
        }
    }

    /// What replaces an empty result.
    #[must_use]
    pub fn default_value(&self) -> Option<&Value> {
        self.default.as_ref()
    }

    /// Whether a script makes the value.
    #[must_use]
    pub fn has_transform(&self) -> bool {
        self.transform.is_some()
    }

    fn converted(&self, value: &Value) -> Wanted {
        match convert::convert(value, &self.target) {
            Ok(value) => Wanted::Value(value),
            Err(mismatch) => Wanted::Mismatch(mismatch),
        }
    }
}

fn check_target(target: &TargetField, section: Section, place: &Place, cx: &mut Compile<'_>) -> Option<()> {
    if !target.writable {
        let message = format!("`{}` is set by the target itself and can't be written", target.name);
        cx.problems.push(Problem::new("read-only-field", place, message));
        return None;
    }
    let known = cx.target.complete || cx.target.field(target.name.as_str()).is_some();
    if known && target.section != section {
        let message = format!("`{}` is a {} field of the target", target.name, target.section);
        let help = format!("move the row to the table of {} fields", target.section);
        cx.problems.push(Problem::new("wrong-table", place, message).help(help));
        return None;
    }
    Some(())
}

/// A default is checked like any other value, but when the recipe is loaded.
fn default_value(target: &TargetField, text: &str, place: &Place, cx: &mut Compile<'_>) -> Option<Value> {
    match convert::convert(&Value::Text(text.into()), target) {
        Ok(value) => Some(value),
        Err(mismatch) => {
            let near = nearest(text, target.choices.iter().map(|choice| &**choice));
            let help = near
                .map(|word| format!("did you mean `{word}`?"))
                .unwrap_or_else(|| default_help(target, mismatch.hint));
            cx.problems.push(Problem::new("bad-default", place, mismatch.text).help(help));
            None
        }
    }
}

/// How a default is written; for a field with choices, the `hint` lists them.
fn default_help(target: &TargetField, hint: String) -> String {
    match target.target_type {
        TargetType::Number => "write a number, such as 37.5".to_owned(),
        TargetType::YesNo => "write yes or no".to_owned(),
        TargetType::Date => "write a day, such as 2026-03-02".to_owned(),
        _ => hint,
    }
}

fn describe(target: &TargetField, source: Option<&Field>, transformed: bool) -> Arc<str> {
    let made = if transformed { ", transformed" } else { "" };
    match source {
        Some(field) => format!("`{}` from `{}`{made}", target.name, field.written).into(),
        None if transformed => format!("`{}` from its transform", target.name).into(),
        None => format!("`{}` is the same for everybody", target.name).into(),
    }
}

/// Whether a field takes several values.
fn takes_several(target_type: TargetType) -> bool {
    matches!(target_type, TargetType::List | TargetType::People)
}
