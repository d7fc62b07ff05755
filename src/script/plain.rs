//! Expressions that need no interpreter: texts, days and whole numbers through helpers, comparisons, and functions made
//! of these, which is what nearly every cell says.
//!
//! Rhai looks for every function anew, by the types of its arguments, and that takes many times as long as what most of
//! them do. So a cell is [read](reading) once into steps, which are then [followed](following) for each person. Steps know
//! only what is usual. Whatever else comes (another type, a key that no row knows, a text too long, anything that would
//! be an error) ends the way, and Rhai runs the expression from its beginning. An answer from here is therefore
//! always the one that Rhai would give, and errors are made in one place.

use std::sync::Arc;

use regex::Regex;

mod following;
mod reading;
mod value;

pub(super) use following::Reads;
pub(super) use reading::read;

/// An expression as steps.
#[derive(Debug)]
pub(super) struct Plain {
    root: Step,
    /// Whether it makes texts of its own, which are worth sharing between people.
    pub(super) makes_text: bool,
}

/// One step; it gives a value.
#[derive(Debug)]
enum Step {
    Nothing,
    Text(Arc<str>),
    YesNo(bool),
    Whole(i64),
    Value,
    Today,
    /// A field of the employee, by its place among the fields of the expression.
    Field(usize),
    /// What a `let` or a parameter holds.
    Local(usize),
    Helper(Helper, Box<[Self]>),
    Operator(Operator, Box<[Self; 2]>),
    /// `a == ()`
    IsNothing(Box<Self>),
    Not(Box<Self>),
    Negative(Box<Self>),
    /// `a && b`
    All(Box<[Self]>),
    /// `a || b`
    Any(Box<[Self]>),
    /// `a ?? b`
    FirstGiven(Box<[Self]>),
    /// Condition, then, else.
    If(Box<[Self; 3]>),
    Let(Box<Self>),
    Block(Box<[Self]>),
    /// A function of a script file: its arguments and its body.
    Function(Box<[Self]>, Box<Self>),
    Return(Box<Self>),
}

/// What is known beforehand of a helper's call.
#[derive(Debug)]
enum Helper {
    Lookup {
        table: Arc<str>,
        column: Option<usize>,
    },
    LookupOr {
        table: Arc<str>,
    },
    FirstOf,
    Trim,
    TitleCase,
    Slug,
    Upper,
    Lower,
    Join {
        separator: Arc<str>,
    },
    Capture {
        pattern: Regex,
        group: usize,
    },
    ReplaceRegex {
        pattern: Regex,
        by: Arc<str>,
    },
    /// With strftime's signs.
    FormatDate {
        format: String,
    },
    DaysUntil,
}

impl Helper {
    fn makes_text(&self) -> bool {
        !matches!(self, Self::Lookup { .. } | Self::LookupOr { .. } | Self::FirstOf | Self::DaysUntil)
    }
}

#[derive(Debug, Clone, Copy)]
enum Operator {
    Equal,
    NotEqual,
    Less,
    AtMost,
    More,
    AtLeast,
    Plus,
    Minus,
    Times,
}
