//! One condition of a rule: a field, an operator, a value. Compiled against the field's type, so that a comparison that
//! makes no sense is a problem when the recipe is loaded and not a surprise at night.

use std::cmp::Ordering;
use std::sync::Arc;

use regex::Regex;

use crate::model::{Cell, Form, Number, Value, ValueType};
use crate::problem::{Place, Problem, did_you_mean, nearest};
use crate::script::{Expression, Session};
use crate::stage::Compile;
use crate::stage::date_expression::{DateExpression, Day, as_day};
use crate::stage::field::Field;
use crate::stage::person::Person;

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

/// Applies a test to the text of a value, or to each item of a list.
fn any_text(value: &Value, test: impl Fn(&str) -> bool) -> bool {
    match value {
        Value::Text(text) | Value::Person(text) => test(text),
        Value::List(items) => items.iter().any(|item| test(item)),
        other => test(&other.to_string()),
    }
}

/// Whether a text is the same as a folded word, without case and outer spaces, and without an allocation for plain text.
fn same_text(text: &str, folded: &str) -> bool {
    if starts_otherwise(text, folded) {
        return false;
    }
    let text = text.trim();
    if text.is_ascii() {
        return text.eq_ignore_ascii_case(folded);
    }
    text.chars().flat_map(char::to_lowercase).eq(folded.chars())
}

/// Whether the first letters alone show that two texts differ, which is so of most words that a text is compared with.
fn starts_otherwise(text: &str, folded: &str) -> bool {
    match (text.as_bytes().first(), folded.as_bytes().first()) {
        (Some(letter), Some(other)) => letter.is_ascii_graphic() && letter.to_ascii_lowercase() != *other,
        _ => false,
    }
}

/// Whether a text starts with a folded part, without case, and without an allocation for plain text.
fn starts_with(text: &str, folded: &str) -> bool {
    if starts_otherwise(text, folded) {
        return false;
    }
    if text.is_ascii() {
        return text.get(..folded.len()).is_some_and(|start| start.eq_ignore_ascii_case(folded));
    }
    text.to_lowercase().starts_with(folded)
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

/// What is needed to compile a comparison with one field.
struct Comparison<'c> {
    operator: Operator,
    days_only: bool,
    word: &'c str,
    place: &'c Place,
    field: &'c Field,
}

impl Comparison<'_> {
    fn compile(&self, cells: &ConditionCells<'_>, cx: &mut Compile<'_>) -> Option<Test> {
        let without_value = match self.operator {
            Operator::IsEmpty => Some(Test::Empty),
            Operator::IsPresent => Some(Test::Present),
            Operator::IsDelivered => Some(Test::Delivered),
            _ => None,
        };
        if without_value.is_some() {
            return without_value;
        }
        let Some((value, place)) = &cells.value else {
            let message = format!("`{}` needs a value to compare with", self.word);
            let help = "fill the value column, or use is_empty or is_present";
            cx.problems.push_if_first(Problem::new("missing-value", &cells.places[2], message).help(help));
            return None;
        };
        self.compile_value(value, place, cx)
    }

    fn compile_value(&self, value: &str, place: &Place, cx: &mut Compile<'_>) -> Option<Test> {
        use Operator as O;
        let list = self.field.value_type == Some(ValueType::List);
        match self.operator {
            O::Equals | O::NotEquals if list => self.nonsense("use contains, in or not_in", cx),
            O::Equals => self.one_of(value, &[value], false, place, cx),
            O::NotEquals => self.one_of(value, &[value], true, place, cx),
            O::In | O::NotIn => {
                let words: Vec<&str> = value.split('|').map(str::trim).filter(|word| !word.is_empty()).collect();
                self.one_of(value, &words, self.operator == O::NotIn, place, cx)
            }
            O::Less => self.ordered(Order::Less, value, place, cx),
            O::AtMost => self.ordered(Order::AtMost, value, place, cx),
            O::More => self.ordered(Order::More, value, place, cx),
            O::AtLeast => self.ordered(Order::AtLeast, value, place, cx),
            _ => self.textual(value, place, cx),
        }
    }

    fn textual(&self, value: &str, place: &Place, cx: &mut Compile<'_>) -> Option<Test> {
        match self.field.value_type {
            None | Some(ValueType::Text) => {}
            Some(ValueType::List) if matches!(self.operator, Operator::Contains | Operator::Matches) => {}
            Some(ValueType::List) => return self.nonsense("use contains, in, not_in or matches", cx),
            Some(_) => return self.nonsense(&format!("`{}` is for text", self.word), cx),
        }
        let folded = value.trim().to_lowercase();
        match self.operator {
            Operator::Contains => {
                if self.field.value_type == Some(ValueType::List) {
                    self.check_choice(value, false, place, cx);
                }
                Some(Test::Contains(folded))
            }
            Operator::StartsWith => Some(Test::StartsWith(folded)),
            Operator::EndsWith => Some(Test::EndsWith(folded)),
            _ => self.regex(value, place, cx),
        }
    }

    fn regex(&self, value: &str, place: &Place, cx: &mut Compile<'_>) -> Option<Test> {
        const LARGEST: usize = 1 << 20;
        match regex::RegexBuilder::new(value).case_insensitive(true).size_limit(LARGEST).build() {
            Ok(regex) => Some(Test::Matches(regex)),
            Err(error) => {
                let text = error.to_string();
                let (cause, help) = match text.lines().last().unwrap_or_default().trim_start_matches("error: ") {
                    _ if matches!(error, regex::Error::CompiledTooBig(_)) => {
                        ("it is too large", "repeat less, or say it with several conditions")
                    }
                    cause if cause.starts_with("look-around") => {
                        ("it looks ahead or back", "say it with a second condition, such as not_equals or a script")
                    }
                    cause => {
                        (cause, "put a backslash before signs that are meant as they are, such as . ( ) [ ] + * ?")
                    }
                };
                let message = format!("`{value}` is not a regular expression that can be used: {cause}");
                cx.problems.push(Problem::new("bad-regex", place, message).help(help));
                None
            }
        }
    }

    /// Compares with each of the words, which are parts of the text in the cell.
    fn one_of(&self, text: &str, words: &[&str], negated: bool, place: &Place, cx: &mut Compile<'_>) -> Option<Test> {
        let of = |word: &str| place.of(text, word);
        match self.field.value_type {
            Some(ValueType::Number) => {
                let numbers: Vec<Option<Number>> = words.iter().map(|word| self.number(word, &of(word), cx)).collect();
                let numbers = numbers.into_iter().collect::<Option<_>>()?;
                Some(Test::NumberOneOf { numbers, negated })
            }
            Some(ValueType::Date | ValueType::DateTime) => {
                let days: Vec<Option<DateExpression>> =
                    words.iter().map(|word| DateExpression::compile(word, &of(word), cx)).collect();
                let days = days.into_iter().collect::<Option<_>>()?;
                Some(Test::DayEquals { days, negated })
            }
            Some(ValueType::YesNo) => self.yes_no(words, negated, place, cx),
            _ => {
                words.iter().for_each(|word| self.check_choice(word, negated, &of(word), cx));
                Some(Test::OneOf { words: words.iter().map(|word| word.trim().to_lowercase()).collect(), negated })
            }
        }
    }

    fn yes_no(&self, words: &[&str], negated: bool, place: &Place, cx: &mut Compile<'_>) -> Option<Test> {
        let [word] = words else {
            return self.nonsense("a yes/no field is compared with equals `yes` or `no`", cx);
        };
        match parse_yes_no(word) {
            Some(is) => Some(Test::YesNo { is, negated }),
            None => {
                let message = format!("`{}` is yes or no, and can't be `{word}`", self.field.written);
                cx.problems.push(Problem::new("bad-value", place, message).help("write yes or no"));
                None
            }
        }
    }

    fn ordered(&self, ordering: Order, value: &str, place: &Place, cx: &mut Compile<'_>) -> Option<Test> {
        let day = match self.field.value_type {
            Some(ValueType::Date | ValueType::DateTime) => true,
            Some(ValueType::Number) if !self.days_only => false,
            None => self.days_only || value.starts_with('{') || DateExpression::looks_like_one(value),
            Some(_) if self.days_only => return self.nonsense(&format!("`{}` is for days", self.word), cx),
            Some(_) => return self.nonsense(&format!("`{}` is for numbers and days", self.word), cx),
        };
        if day {
            return Some(Test::Day { ordering, than: DateExpression::compile(value, place, cx)? });
        }
        Some(Test::Number { ordering, than: self.number(value, place, cx)? })
    }

    fn number(&self, word: &str, place: &Place, cx: &mut Compile<'_>) -> Option<Number> {
        let number = Number::parse(word);
        if number.is_none() {
            let message = format!("`{word}` is not a number, and `{}` holds numbers", self.field.written);
            cx.problems.push(Problem::new("bad-number", place, message).help("write it as 12 or 3.5"));
        }
        number
    }

    fn nonsense(&self, help: &str, cx: &mut Compile<'_>) -> Option<Test> {
        let holds = self.field.value_type.map(|known| format!(" ({known})")).unwrap_or_default();
        let message = format!("`{}` makes no sense for `{}`{holds}", self.word, self.field.written);
        cx.problems.push(Problem::new("operator-type", self.place, message).help(help));
        None
    }

    /// A label that the source's list does not have can never match.
    fn check_choice(&self, word: &str, negated: bool, place: &Place, cx: &mut Compile<'_>) {
        if self.field.has_choice(word) != Some(false) {
            return;
        }
        let so = if negated { "always so" } else { "never matches" };
        let message = format!("this {so}: `{}` has no value `{word}` in the source", self.field.written);
        let other_form = self.field.other_form(word).map(|other| match self.field.form {
            Form::Id => format!("`{word}` is a label: take `@id` away, or write `{other}`"),
            Form::Label => format!("`{word}` is a machine id: write `{other}`, or put `@id` behind the field"),
        });
        let near = || nearest(word, self.field.choice_words()).map(|near| format!("did you mean `{near}`?"));
        let help = other_form.or_else(near);
        cx.problems.push(
            Problem::warning("never-matches", place, message)
                .help(help.unwrap_or_else(|| "`rollbook fields RECIPE` lists the values".to_owned())),
        );
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
