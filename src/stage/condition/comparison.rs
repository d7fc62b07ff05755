//! Compiling a comparison against the type of its field.

use super::{ConditionCells, Operator, Order, Test, parse_yes_no};
use crate::model::{Form, Number, ValueType};
use crate::problem::{Place, Problem, nearest};
use crate::stage::Compile;
use crate::stage::date_expression::DateExpression;
use crate::stage::field::Field;
use crate::stage::next_day::Turn;

/// What is needed to compile a comparison with one field.
pub(super) struct Comparison<'c> {
    pub(super) operator: Operator,
    pub(super) days_only: bool,
    pub(super) word: &'c str,
    pub(super) place: &'c Place,
    pub(super) field: &'c Field,
}

impl Comparison<'_> {
    pub(super) fn compile(&self, cells: &ConditionCells<'_>, cx: &mut Compile<'_>) -> Option<Test> {
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
                let days = days.into_iter().collect::<Option<Vec<_>>>()?;
                days.iter().for_each(|day| self.turns_with(day, cx));
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
            let than = DateExpression::compile(value, place, cx)?;
            self.turns_with(&than, cx);
            return Some(Test::Day { ordering, than });
        }
        Some(Test::Number { ordering, than: self.number(value, place, cx)? })
    }

    /// What is compared with today turns when its day comes.
    fn turns_with(&self, day: &DateExpression, cx: &mut Compile<'_>) {
        if let Some(offset) = day.from_today() {
            cx.turns.insert(Turn::at(&self.field.at, offset));
        }
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
