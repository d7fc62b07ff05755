//! What one function or cell does, as far as it can be told without knowing who calls it.

use std::collections::BTreeSet;

use crate::problem::{Place, Problem};

use super::resolve::Lookup;

/// A function by name and number of parameters.
pub(super) type FunctionKey = (String, usize);

/// What one function or cell does.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// Calls of functions in script files, and closures.
    pub(super) calls: BTreeSet<FunctionKey>,
    /// A parameter handed on: (own parameter, function, its parameter).
    pub(super) passes: Vec<(usize, FunctionKey, usize)>,
    /// `parameter["field"]`.
    pub(super) reads: Vec<(usize, Box<str>, Place)>,
    /// Any other use of a parameter, with what to say if it is the employee.
    pub(super) misuses: Vec<(usize, Problem)>,
    pub(super) lookups: BTreeSet<Lookup>,
    pub(super) reads_value: bool,
    pub(super) tail: Option<Tail>,
}

/// What the result comes from, where that is a single call.
#[derive(Debug)]
pub(super) enum Tail {
    Lookup(Lookup),
    Call(FunctionKey),
}
