//! Rules that can never decide anything: they contradict themselves, repeat an earlier rule, or come after one that
//! always matches first.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::model::{Number, ValueType};
use crate::problem::Problem;
use crate::stage::Compile;
use crate::stage::condition::{Order, Test};
use crate::stage::field::FieldRef;
use crate::stage::rule::{Rule, RuleCondition};

/// Warns when no value can satisfy all conditions of a rule at once.
pub fn check_contradiction(rule: &Rule, cx: &mut Compile<'_>) {
    let mut seen: Vec<(&FieldRef, Allowed)> = Vec::new();
    for RuleCondition { condition, .. } in &rule.conditions {
        let (Some(field), Some(allows)) = (&condition.field, Allowed::by(&condition.test)) else { continue };
        if field.value_type == Some(ValueType::List) {
            continue;
        }
        let place = seen.iter().position(|(known, _)| **known == field.at);
        match place {
            None => seen.push((&field.at, allows)),
            Some(place) => seen[place].1 = std::mem::take(&mut seen[place].1).and(allows),
        }
        if seen.iter().any(|(known, allowed)| **known == field.at && allowed.is_nothing()) {
            let message = format!("this rule can never match: no value of `{}` fits all its rows", field.written);
            let help = "rows with the same rule name must all match; give alternatives with `in`, or make them rules of their own";
            cx.problems.push(Problem::warning("dead-rule", &rule.place, message).help(help));
            return;
        }
    }
}

/// Warns of rules with the very conditions of an earlier one.
pub fn check_repeated(rules: &[Rule], cx: &mut Compile<'_>) {
    for (index, rule) in rules.iter().enumerate() {
        let written = conditions(rule);
        if let Some(earlier) = rules[..index].iter().find(|earlier| conditions(earlier) == written) {
            let message = format!("this rule says the same as the {}", earlier.reason);
            cx.problems.push(Problem::warning("dead-rule", &rule.place, message).help("delete one of the two"));
        }
    }
}

/// Warns of rules that come after one which matches whenever they would. For tables in which the first match decides.
pub fn check_shadowed<'r>(rules: impl Iterator<Item = &'r Rule>, cx: &mut Compile<'_>) {
    let mut earlier: Vec<(&Rule, BTreeSet<&str>)> = Vec::new();
    for rule in rules {
        let written = conditions(rule);
        let shadow = earlier.iter().find(|(first, all)| all.is_subset(&written) || covers(first, rule));
        if let Some((first, _)) = shadow {
            let message = format!("this rule can never decide: the {} matches first", first.reason);
            let help = "the first matching rule wins; move the special case above the general one";
            cx.problems.push(Problem::warning("dead-rule", &rule.place, message).help(help));
        }
        earlier.push((rule, written));
    }
}

fn conditions(rule: &Rule) -> BTreeSet<&str> {
    rule.conditions.iter().map(|row| &*row.condition.written).collect()
}

/// Whether every person that `later` matches is matched by `first` too, as far as lists of words show it.
fn covers(first: &Rule, later: &Rule) -> bool {
    first.conditions.iter().all(|wide| {
        later.conditions.iter().any(|narrow| {
            let same_field = match (&wide.condition.field, &narrow.condition.field) {
                (Some(a), Some(b)) => a.at == b.at,
                _ => false,
            };
            same_field && words_within(&narrow.condition.test, &wide.condition.test)
        })
    })
}

fn words_within(narrow: &Test, wide: &Test) -> bool {
    match (narrow, wide) {
        (Test::OneOf { words: narrow, negated: false }, Test::OneOf { words: wide, negated: false }) => {
            narrow.iter().all(|word| wide.contains(word))
        }
        (Test::OneOf { negated: false, .. }, Test::Present | Test::Delivered) => true,
        _ => false,
    }
}

/// What the conditions of one rule leave possible for one field.
#[derive(Debug, Default)]
struct Allowed {
    words: Option<BTreeSet<String>>,
    not_words: BTreeSet<String>,
    empty: Option<bool>,
    numbers: Bounds<Number>,
    days: Bounds<Date>,
}

impl Allowed {
    fn by(test: &Test) -> Option<Self> {
        let mut allowed = Self { empty: Some(false), ..Self::default() };
        match test {
            Test::OneOf { words, negated: false } => allowed.words = Some(words.iter().cloned().collect()),
            Test::OneOf { words, negated: true } => {
                allowed.not_words = words.iter().cloned().collect();
                allowed.empty = None;
            }
            Test::Empty => allowed.empty = Some(true),
            Test::Present | Test::Contains(_) | Test::StartsWith(_) | Test::EndsWith(_) | Test::Matches(_) => {}
            Test::YesNo { is, negated: false } => allowed.words = Some(BTreeSet::from([is.to_string()])),
            Test::YesNo { is, negated: true } => {
                allowed.not_words = BTreeSet::from([is.to_string()]);
                allowed.empty = None;
            }
            Test::Number { ordering, than } => allowed.numbers = Bounds::of(*ordering, *than),
            Test::Day { ordering, than } => {
                allowed.days = than.fixed().map(|day| Bounds::of(*ordering, day)).unwrap_or_default()
            }
            Test::NumberOneOf { .. } | Test::DayEquals { .. } | Test::Delivered | Test::Script(_) => return None,
        }
        Some(allowed)
    }

    fn and(self, other: Self) -> Self {
        let words = match (self.words, other.words) {
            (Some(a), Some(b)) => Some(a.intersection(&b).cloned().collect()),
            (a, b) => a.or(b),
        };
        let not_words = self.not_words.union(&other.not_words).cloned().collect();
        let empty = match (self.empty, other.empty) {
            (Some(a), Some(b)) if a != b => return Self { words: Some(BTreeSet::new()), ..Self::default() },
            (a, b) => a.or(b),
        };
        let (numbers, days) = (self.numbers.and(other.numbers), self.days.and(other.days));
        Self { words, not_words, empty, numbers, days }
    }

    fn is_nothing(&self) -> bool {
        let no_word = self.words.as_ref().is_some_and(|words| words.is_subset(&self.not_words));
        no_word || self.numbers.is_nothing() || self.days.is_nothing()
    }
}

/// A range; each end with whether it belongs to it.
#[derive(Debug, Clone, Copy)]
struct Bounds<T> {
    low: Option<(T, bool)>,
    high: Option<(T, bool)>,
}

impl<T> Default for Bounds<T> {
    fn default() -> Self {
        Self { low: None, high: None }
    }
}

impl<T: Ord + Copy> Bounds<T> {
    fn of(ordering: Order, than: T) -> Self {
        match ordering {
            Order::Less => Self { low: None, high: Some((than, false)) },
            Order::AtMost => Self { low: None, high: Some((than, true)) },
            Order::More => Self { low: Some((than, false)), high: None },
            Order::AtLeast => Self { low: Some((than, true)), high: None },
        }
    }

    fn and(self, other: Self) -> Self {
        let low = match (self.low, other.low) {
            (Some(a), Some(b)) => Some(if (a.0, !a.1) >= (b.0, !b.1) { a } else { b }),
            (a, b) => a.or(b),
        };
        let high = match (self.high, other.high) {
            (Some(a), Some(b)) => Some(if (a.0, a.1) <= (b.0, b.1) { a } else { b }),
            (a, b) => a.or(b),
        };
        Self { low, high }
    }

    fn is_nothing(&self) -> bool {
        match (self.low, self.high) {
            (Some((low, low_in)), Some((high, high_in))) => low > high || (low == high && !(low_in && high_in)),
            _ => false,
        }
    }
}
