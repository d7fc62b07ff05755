//! One condition of a rule: a field, an operator, a value. Compiled against the field's type, so that a comparison that
//! makes no sense is a problem when the recipe is loaded and not a surprise at night.

use std::cmp::Ordering;
use std::sync::Arc;

use regex::Regex;

use self::comparison::Comparison;
use self::text::{any_text, same_text, starts_with};
use crate::model::{Cell, Number, Value};
use crate::problem::{Place, Problem, did_you_mean};
use crate::script::{Expression, Session};
use crate::stage::Compile;
use crate::stage::date_expression::{DateExpression, Day, as_day};
use crate::stage::field::Field;
use crate::stage::person::Person;

mod comparison;
mod text;

/// Yes, no, or not to be known because something was not delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    Yes,
    /// It does not hold.
    No,
    /// It cannot be decided.
    Unknown,
}

impl From<bool> for Truth {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

/// An operator as authors write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    /// The same.
    Equals,
    /// Not the same; an empty field is not the same as anything.
    NotEquals,
    /// One of several, separated by `|`.
    In,
    /// None of several.
    NotIn,
    /// Holds this text, or for a list this item.
    Contains,
    /// Begins with.
    StartsWith,
    /// Ends with.
    EndsWith,
    /// Fits a regular expression.
    Matches,
    /// Delivered, without a value.
    IsEmpty,
    /// Delivered, with a value.
    IsPresent,
    /// The source said something, be it that there is no value.
    IsDelivered,
    /// Before or below.
    Less,
    /// Not after or above.
    AtMost,
    /// After or above.
    More,
    /// Not before or below.
    AtLeast,
    /// A Rhai expression that gives true or false.
    Script,
}

/// The words of the recipe language, with whether they are for days only.
const OPERATORS: [(&str, Operator, bool); 20] = [
    ("equals", Operator::Equals, false),
    ("not_equals", Operator::NotEquals, false),
    ("in", Operator::In, false),
    ("not_in", Operator::NotIn, false),
    ("contains", Operator::Contains, false),
    ("starts_with", Operator::StartsWith, false),
    ("ends_with", Operator::EndsWith, false),
    ("matches", Operator::Matches, false),
    ("is_empty", Operator::IsEmpty, false),
    ("is_present", Operator::IsPresent, false),
    ("is_delivered", Operator::IsDelivered, false),
    ("less_than", Operator::Less, false),
    ("at_most", Operator::AtMost, false),
    ("more_than", Operator::More, false),
    ("at_least", Operator::AtLeast, false),
    ("before", Operator::Less, true),
    ("on_or_before", Operator::AtMost, true),
    ("after", Operator::More, true),
    ("on_or_after", Operator::AtLeast, true),
    ("script", Operator::Script, false),
];

impl Operator {
    /// Every word that authors may write.
    pub fn words() -> impl Iterator<Item = &'static str> {
        OPERATORS.iter().map(|(word, ..)| *word)
    }
}

/// A condition that can be tested.
#[derive(Debug)]
pub struct Condition {
    /// As written: "`work.site` equals `Berlin`".
    pub written: Arc<str>,
    pub(crate) field: Option<Field>,
    pub(crate) test: Test,
}

/// What is compared.
#[derive(Debug)]
pub(crate) enum Test {
    /// One of these texts (folded), or none of them.
    OneOf {
        words: Vec<String>,
        negated: bool,
    },
    Contains(String),
    StartsWith(String),
    EndsWith(String),
    Matches(Regex),
    Empty,
    Present,
    Delivered,
    Number {
        ordering: Order,
        than: Number,
    },
    NumberOneOf {
        numbers: Vec<Number>,
        negated: bool,
    },
    Day {
        ordering: Order,
        than: DateExpression,
    },
    DayEquals {
        days: Vec<DateExpression>,
        negated: bool,
    },
    YesNo {
        is: bool,
        negated: bool,
    },
    Script(Expression),
}

/// Which side of a bound is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Less,
    AtMost,
    More,
    AtLeast,
}

impl Order {
    fn holds(self, ordering: Ordering) -> bool {
        match self {
            Self::Less => ordering.is_lt(),
            Self::AtMost => ordering.is_le(),
            Self::More => ordering.is_gt(),
            Self::AtLeast => ordering.is_ge(),
        }
    }
}

/// The cells of a row that make a condition.
pub struct ConditionCells<'r> {
    /// `field`
    pub field: Option<(&'r str, Place)>,
    /// `operator`
    pub operator: Option<(&'r str, Place)>,
    /// `value`
    pub value: Option<(&'r str, Place)>,
    /// The places of the three, also where they are empty; the row's where there is no such column.
    pub places: [Place; 3],
}

impl Condition {
    /// Compiles the cells of one row; mistakes become problems.
    pub fn compile(cells: &ConditionCells<'_>, cx: &mut Compile<'_>) -> Option<Self> {
        let Some((word, operator_place)) = &cells.operator else {
            let [_, place, _] = &cells.places;
            cx.problems.push_if_first(Problem::new("missing-operator", place, "this condition has no operator"));
            return None;
        };
        let Some((_, operator, days_only)) = OPERATORS.iter().find(|(known, ..)| known == word) else {
            let help = did_you_mean(word, OPERATORS.iter().map(|(known, ..)| *known));
            let message = format!("there is no operator `{word}`");
            cx.problems.push_if_first(Problem::new("unknown-operator", operator_place, message).maybe_help(help));
            return None;
        };
        if *operator == Operator::Script {
            return Self::script(cells, cx);
        }
        let Some((name, field_place)) = &cells.field else {
            let message = format!("`{word}` needs a field to look at");
            cx.problems.push_if_first(Problem::new("missing-field", &cells.places[0], message));
            return None;
        };
        let field = cx.field(name, field_place)?;
        let test =
            Comparison { operator: *operator, days_only: *days_only, word, place: operator_place, field: &field };
        let test = test.compile(cells, cx)?;
        let value = cells.value.as_ref().map(|(text, _)| format!(" `{text}`")).unwrap_or_default();
        let written = format!("`{}` {word}{value}", field.written).into();
        Some(Self { written, field: Some(field), test })
    }

    fn script(cells: &ConditionCells<'_>, cx: &mut Compile<'_>) -> Option<Self> {
        let Some((text, place)) = &cells.value else {
            let message = "`script` needs an expression as its value";
            cx.problems.push_if_first(Problem::new("missing-value", &cells.places[2], message));
            return None;
        };
        let field = match &cells.field {
            Some((name, place)) => Some(cx.field(name, place)?),
            None => None,
        };
        let expression = cx.expression(text, place)?;
        if expression.reads_value() && field.is_none() {
            let message = "the script reads `value`, but the row names no field";
            cx.problems.push_if_first(Problem::new("missing-field", place, message).help("fill the field column"));
            return None;
        }
        Some(Self { written: format!("script `{text}`").into(), field, test: Test::Script(expression) })
    }

    /// Whether the condition holds for a person.
    ///
    /// # Errors
    /// When a script fails.
    pub fn test(&self, person: &Person<'_>, session: &mut Session) -> Result<Truth, crate::script::ScriptFailure> {
        let cell = self.field.as_ref().map_or(&Cell::Empty, |field| person.read(&field.at));
        match (&self.test, cell) {
            (Test::Script(expression), _) => Ok(session.test(expression, cell)?.map_or(Truth::Unknown, Truth::from)),
            (Test::Delivered, _) => Ok(cell.is_delivered().into()),
            (_, Cell::NotDelivered) => Ok(Truth::Unknown),
            (Test::Empty, _) => Ok((*cell == Cell::Empty).into()),
            (Test::Present, _) => Ok((*cell != Cell::Empty).into()),
            (test, Cell::Empty) => Ok(test.holds_for_empty()),
            (test, Cell::Value(value)) => Ok(test.holds(value, person)),
        }
    }

    /// Whether a script decides, which may read more than the row's field.
    #[must_use]
    pub fn is_script(&self) -> bool {
        matches!(self.test, Test::Script(_))
    }

    /// Whether it asks if a field was delivered, which it was not.
    #[must_use]
    pub fn misses_a_delivery(&self, person: &Person<'_>) -> bool {
        matches!(self.test, Test::Delivered) && self.found(person).is_some_and(|cell| !cell.is_delivered())
    }

    /// What the person has where the condition looks, for explanations.
    #[must_use]
    pub fn found<'p>(&self, person: &Person<'p>) -> Option<&'p Cell> {
        self.field.as_ref().map(|field| person.read(&field.at))
    }
}

impl Test {
    fn holds_for_empty(&self) -> Truth {
        let negated = match self {
            Self::OneOf { negated, .. }
            | Self::NumberOneOf { negated, .. }
            | Self::DayEquals { negated, .. }
            | Self::YesNo { negated, .. } => *negated,
            _ => false,
        };
        negated.into()
    }

    fn holds(&self, value: &Value, person: &Person<'_>) -> Truth {
        match self {
            Self::OneOf { words, negated } => {
                (any_text(value, |text| words.iter().any(|word| same_text(text, word))) != *negated).into()
            }
            Self::Contains(part) => match value {
                Value::List(items) => items.iter().any(|item| same_text(item, part)).into(),
                _ => any_text(value, |text| text.to_lowercase().contains(part.as_str())).into(),
            },
            Self::StartsWith(part) => any_text(value, |text| starts_with(text.trim(), part)).into(),
            Self::EndsWith(part) => any_text(value, |text| text.trim().to_lowercase().ends_with(part.as_str())).into(),
            Self::Matches(regex) => any_text(value, |text| regex.is_match(text)).into(),
            Self::Number { ordering, than } => {
                as_number(value).map_or(Truth::Unknown, |number| ordering.holds(number.cmp(than)).into())
            }
            Self::NumberOneOf { numbers, negated } => {
                as_number(value).map_or(Truth::Unknown, |number| (numbers.contains(&number) != *negated).into())
            }
            Self::Day { ordering, than } => {
                compare_days(value, than, person, |day, other| ordering.holds(day.cmp(other)))
            }
            Self::DayEquals { days, negated } => {
                let found = days.iter().map(|day| compare_days(value, day, person, PartialEq::eq));
                match found.fold(Truth::No, or) {
                    Truth::Unknown => Truth::Unknown,
                    truth => ((truth == Truth::Yes) != *negated).into(),
                }
            }
            Self::YesNo { is, negated } => {
                as_yes_no(value).map_or(Truth::Unknown, |yes| ((yes == *is) != *negated).into())
            }
            Self::Empty | Self::Present | Self::Delivered | Self::Script(_) => Truth::Unknown,
        }
    }
}

fn or(a: Truth, b: Truth) -> Truth {
    match (a, b) {
        (Truth::Yes, _) | (_, Truth::Yes) => Truth::Yes,
        (Truth::Unknown, _) | (_, Truth::Unknown) => Truth::Unknown,
        (Truth::No, Truth::No) => Truth::No,
    }
}

fn compare_days(
    value: &Value,
    than: &DateExpression,
    person: &Person<'_>,
    holds: impl Fn(&jiff::civil::Date, &jiff::civil::Date) -> bool,
) -> Truth {
    match (as_day(value), than.day(person)) {
        (None, _) | (_, Day::Unknown) => Truth::Unknown,
        (_, Day::Empty) => Truth::No,
        (Some(day), Day::Known(other)) => holds(&day, &other).into(),
    }
}

/// The number in a value: a number, or text that is one.
pub(super) fn as_number(value: &Value) -> Option<Number> {
    match value {
        Value::Number(number) => Some(*number),
        Value::Text(text) => Number::parse(text),
        _ => None,
    }
}

/// The yes or no in a value: itself, or one of the words for it.
pub(super) fn as_yes_no(value: &Value) -> Option<bool> {
    match value {
        Value::YesNo(yes) => Some(*yes),
        Value::Text(text) => parse_yes_no(text),
        _ => None,
    }
}

/// The words for yes and no.
#[must_use]
pub fn parse_yes_no(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "yes" | "true" => Some(true),
        "no" | "false" => Some(false),
        _ => None,
    }
}

impl Compile<'_> {
    /// Compiles an expression in a cell, and notes the fields and tables that it reads.
    pub fn expression(&mut self, text: &str, place: &Place) -> Option<Expression> {
        let scripts = self.scripts;
        let expression = scripts.expression(text, place, self.problems)?;
        for (name, place) in expression.fields() {
            if !self.script_fields.iter().any(|(known, _)| known == name) {
                let field = self.field(name, place)?;
                self.script_fields.push((Arc::clone(name), field.at));
            }
        }
        self.tables_read.extend(expression.lookups().iter().cloned());
        Some(expression)
    }
}
