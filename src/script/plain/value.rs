//! The values that steps hand on: borrowed from the person and the tables wherever they can be.

use std::cmp::Ordering;
use std::sync::Arc;

use jiff::civil::{Date, DateTime};

use super::Operator;
use crate::model::{Cell, Number, Value};

use super::super::engine::{MAX_LIST, MAX_TEXT};

#[derive(Debug, Clone)]
pub(super) enum Held<'a> {
    Nothing,
    Text(Text<'a>),
    YesNo(bool),
    Whole(i64),
    Date(Date),
    DateTime(DateTime),
    List(&'a Arc<[Arc<str>]>),
}

#[derive(Debug, Clone)]
pub(super) enum Text<'a> {
    Shared(&'a Arc<str>),
    Part(&'a str),
    Made(Arc<str>),
}

impl Text<'_> {
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Shared(text) => text,
            Self::Part(text) => text,
            Self::Made(text) => text,
        }
    }

    fn into_shared(self) -> Arc<str> {
        match self {
            Self::Shared(text) => Arc::clone(text),
            Self::Part(text) => text.into(),
            Self::Made(text) => text,
        }
    }

    /// A part of this text.
    pub(super) fn part(self, part: impl FnOnce(&str) -> &str) -> Self {
        match self {
            Self::Shared(text) => {
                let part = part(text);
                if part.len() == text.len() { Self::Shared(text) } else { Self::Part(part) }
            }
            Self::Part(text) => Self::Part(part(text)),
            Self::Made(text) => {
                let part = part(&text);
                if part.len() == text.len() { Self::Made(text) } else { Self::Made(part.into()) }
            }
        }
    }
}

impl<'a> Held<'a> {
    /// What a delivered cell holds; `None` for what is not usual.
    pub(super) fn of(cell: &'a Cell) -> Option<Self> {
        Some(match cell {
            Cell::NotDelivered => return None,
            Cell::Empty => Self::Nothing,
            Cell::Value(Value::Text(text) | Value::Person(text)) if text.len() <= MAX_TEXT => {
                Self::Text(Text::Shared(text))
            }
            Cell::Value(Value::Number(Number::Whole(number))) => Self::Whole(*number),
            Cell::Value(Value::YesNo(yes)) => Self::YesNo(*yes),
            Cell::Value(Value::Date(date)) => Self::Date(*date),
            Cell::Value(Value::DateTime(date_time)) => Self::DateTime(*date_time),
            Cell::Value(Value::List(items)) if is_usual(items) => Self::List(items),
            Cell::Value(_) => return None,
        })
    }

    pub(super) fn made(text: String) -> Option<Self> {
        (text.len() <= MAX_TEXT).then(|| Self::Text(Text::Made(text.into())))
    }

    pub(super) fn is_blank(&self) -> bool {
        match self {
            Self::Nothing => true,
            Self::Text(text) => text.as_str().trim().is_empty(),
            Self::List(items) => items.is_empty(),
            _ => false,
        }
    }

    pub(super) fn into_cell(self) -> Cell {
        Cell::Value(match self {
            Self::Nothing => return Cell::Empty,
            Self::Text(text) if text.as_str().trim().is_empty() => return Cell::Empty,
            Self::Text(text) => Value::Text(text.into_shared()),
            Self::YesNo(yes) => Value::YesNo(yes),
            Self::Whole(number) => Value::Number(Number::Whole(number)),
            Self::Date(date) => Value::Date(date),
            Self::DateTime(date_time) => Value::DateTime(date_time),
            Self::List(items) => Value::List(Arc::clone(items)),
        })
    }

    pub(super) fn operate(self, operator: Operator, other: Self) -> Option<Self> {
        let order = |holds: fn(Ordering) -> bool| self.order(&other).map(holds).map(Self::YesNo);
        match operator {
            Operator::Equal => self.same(&other).map(Self::YesNo),
            Operator::NotEqual => self.same(&other).map(|same| Self::YesNo(!same)),
            Operator::Less => order(Ordering::is_lt),
            Operator::AtMost => order(Ordering::is_le),
            Operator::More => order(Ordering::is_gt),
            Operator::AtLeast => order(Ordering::is_ge),
            Operator::Plus => self.plus(other),
            Operator::Minus => self.numbers(&other, i64::checked_sub),
            Operator::Times => self.numbers(&other, i64::checked_mul),
        }
    }

    fn same(&self, other: &Self) -> Option<bool> {
        Some(match (self, other) {
            (Self::Nothing, Self::Nothing) => true,
            (Self::Nothing, _) | (_, Self::Nothing) => false,
            (Self::Text(a), Self::Text(b)) => a.as_str() == b.as_str(),
            (Self::YesNo(a), Self::YesNo(b)) => a == b,
            _ => return self.order(other).map(Ordering::is_eq),
        })
    }

    fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => Some(a.cmp(b)),
            (Self::Date(a), Self::Date(b)) => Some(a.cmp(b)),
            (Self::DateTime(a), Self::DateTime(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }

    fn plus(self, other: Self) -> Option<Self> {
        match (&self, &other) {
            (Self::Text(a), Self::Text(b)) => Self::made([a.as_str(), b.as_str()].concat()),
            _ => self.numbers(&other, i64::checked_add),
        }
    }

    fn numbers(&self, other: &Self, count: impl FnOnce(i64, i64) -> Option<i64>) -> Option<Self> {
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => count(*a, *b).map(Self::Whole),
            _ => None,
        }
    }
}

/// Whether a list is far from Rhai's limits, and no item of it would be left out of a result.
fn is_usual(items: &[Arc<str>]) -> bool {
    let bytes: usize = items.iter().map(|item| item.len()).sum();
    items.len() < MAX_LIST / 2 && bytes < MAX_TEXT / 2 && items.iter().all(|item| !item.trim().is_empty())
}
